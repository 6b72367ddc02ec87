"""`/changes` and `/manifest.json`: what changed since a revision, in pages, for any filters."""

import asyncio
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from service.index.differences import change_pages, journal
from tests.support.published_folder import PublishedFolder

Lines = list[dict[str, Any]]


@pytest.fixture
def folder(tmp_path: Path) -> PublishedFolder:
    made = PublishedFolder(tmp_path)
    made.write("red", tags=["warm", "red"], date="2019-01-01")
    made.write("green", tags=["green"], date="2019-01-02", language="de")
    made.write("blue", tags=["cold"], date="2020-01-03", author="Ann")
    made.write("hidden", date="2031-01-01")
    made.refresh()
    return made


def read(folder: PublishedFolder, address: str) -> Lines:
    response = folder.get(address)
    assert response.status_code == httpx.codes.OK, response.text
    return [json.loads(line) for line in response.content.splitlines()]


def read_pages(folder: PublishedFolder, address: str, between: Callable[[], object] = list) -> Lines:
    """The lines of all pages; `between` is called after the first."""
    lines: Lines = []
    following: str | None = address
    while following:
        page = read(folder, following)
        lines += page
        if following == address:
            between()
        following = page[-1]["next"]
    return lines


def revision_of(folder: PublishedFolder) -> str:
    revision: str = folder.get("/manifest.json").json()["revision"]
    return revision


def summary(lines: Lines) -> list[tuple[str, ...]]:
    """The operation and slug of each change, and why it was dropped, in order of slugs."""
    return sorted(
        ("put", line["article"]["slug"]) if line["op"] == "put" else ("drop", line["slug"], line["reason"])
        for line in lines
        if line["op"] != "page"
    )


def test_without_a_revision_every_article_is_put_as_in_lists(folder: PublishedFolder) -> None:
    lines = read(folder, "/changes")
    listed = [json.loads(line) for line in folder.get("/articles.ndjson").content.splitlines()]
    articles = [line["article"] for line in lines[:-1]]
    assert sorted(articles, key=lambda article: article["id"]) == sorted(
        listed, key=lambda article: article["id"]
    )
    assert lines[-1] == {"op": "page", "revision": revision_of(folder), "next": None}
    hashes = [hashlib.sha256(article["id"].encode()).digest() for article in articles]
    assert hashes == sorted(hashes)


@pytest.mark.parametrize("most_matches", [0, 9, 50_000])
def test_filters_that_find_few_and_many_articles_are_read_in_the_same_order(
    folder: PublishedFolder, monkeypatch: pytest.MonkeyPatch, most_matches: int
) -> None:
    """With at most 20 changes on a page, nine of 43 articles are few."""
    monkeypatch.setattr(change_pages, "MOST_CHANGES", 20)
    monkeypatch.setattr(change_pages, "LOOKED_UP_AT_ONCE", 3)
    monkeypatch.setattr(change_pages, "MOST_MATCHES", most_matches)
    for number in range(1, 41):
        tag = "few" if number % 8 == 0 else "many"
        folder.write(f"a{number}", tags=[tag], date=f"2019-01-{1 + number % 28:02}")
    folder.refresh()
    for query in (
        "tag=few",
        "exclude_tag=few",
        "exclude_tag=many",
        "tag=many&language=en",
        "tag=few&language=en",
        "q=text",
        "q=a1",
        "q=text -few",
        "q=text&updated_since=2019-01-10",
        "until=2019-01-20",
    ):
        lines = read_pages(folder, f"/changes?{query}")
        ids = [line["article"]["id"] for line in lines if line["op"] != "page"]
        listed = folder.get(f"/articles.ndjson?{query}").content.splitlines()

        assert sorted(ids) == sorted(json.loads(line)["id"] for line in listed), query
        assert ids == sorted(ids, key=lambda article_id: hashlib.sha256(article_id.encode()).digest())


@pytest.mark.parametrize("read_as_one", [0, 1 << 40], ids=["looked up", "read along"])
def test_a_search_in_many_and_in_few_articles_has_the_same_pages(
    folder: PublishedFolder, monkeypatch: pytest.MonkeyPatch, read_as_one: int
) -> None:
    monkeypatch.setattr(change_pages, "LOOKED_UP_AT_ONCE", 3)
    monkeypatch.setattr(change_pages, "READ_AS_ONE_IS_LOOKED_UP", read_as_one)
    monkeypatch.setattr(change_pages, "MOST_CHANGES", 7)
    since = revision_of(folder)
    for number in range(20):
        word = ("fish", "bird")[number % 2]
        folder.write(f"a{number}", tags=[f"t{number % 3}"], text=f"One {word}.", date="2019-01-01")
    folder.remove("red")
    folder.refresh()
    for query in ("q=fish", "q=fish -bird&tag=t1", "title=a7", "q=one&until=2019-01-01", "q=nothing"):
        lines = read_pages(folder, f"/changes?since={since}&{query}")
        listed = folder.get(f"/articles.ndjson?{query}").content.splitlines()
        put = sorted(line["article"]["slug"] for line in lines if line["op"] == "put")

        assert put == sorted(json.loads(line)["slug"] for line in listed if b"One" in line), query
        assert [line["op"] for line in lines].count("drop") == 21 - len(put), query


@pytest.mark.parametrize("filter_name", ["q", "title"])
def test_a_search_is_read_anew_when_it_is_in_other_languages(
    folder: PublishedFolder, filter_name: str
) -> None:
    """`walk` has not changed, but with English texts in the folder, "walking" finds it by its stem."""
    folder.remove("red")
    folder.remove("blue")
    folder.remove("hidden")
    folder.write("walk", title="walk", text="walk", language="de")
    folder.refresh()
    search = f"{filter_name}=walking"
    assert summary(read(folder, f"/changes?{search}")) == []
    before = revision_of(folder)
    folder.write("red", language="en", date="2019-01-01")
    folder.refresh()

    assert summary(read(folder, f"/changes?{search}")) == [("put", "walk")]
    for address in (f"/changes?{search}&since={before}", f"/changes?{search}&language=en&since={before}"):
        status_code = folder.get(address).status_code
        assert status_code == (httpx.codes.OK if "language" in address else httpx.codes.GONE)
    present = revision_of(folder)
    assert summary(read(folder, f"/changes?{search}&since={present}")) == []
    folder.write("more", language="en-GB", date="2019-01-01")
    folder.refresh()
    assert summary(read(folder, f"/changes?{search}&since={present}")) == [("drop", "more", "unmatched")]
    folder.remove("red")
    folder.remove("more")
    folder.refresh()
    assert folder.get(f"/changes?{search}&since={present}").status_code == httpx.codes.GONE
    assert read(folder, f"/changes?since={present}")[-1]["next"] is None


EDITS: tuple[tuple[str, Callable[[PublishedFolder], object], dict[str, list[tuple[str, ...]]]], ...] = (
    (
        "an article gains a tag",
        lambda folder: folder.write("red", tags=["red", "new"], date="2019-01-01"),
        {
            "": [("put", "red")],
            "tag=new": [("put", "red")],
            "tag=red&exclude_tag=cold": [("put", "red")],
            "tag=warm": [("drop", "red", "unmatched")],
            "tag=green": [("drop", "red", "unmatched")],
            "year=2019": [("put", "red")],
            "year=2020": [("drop", "red", "unmatched")],
            "q=text": [("put", "red")],
            "q=red -new": [("drop", "red", "unmatched")],
            "id=id%3Ared": [("put", "red")],
            "until=2019-01-01": [("drop", "red", "unmatched")],
        },
    ),
    (
        "an article is withdrawn",
        lambda folder: folder.write("green", withdrawn="Wrong."),
        {"": [("drop", "green", "withdrawn")], "tag=red": [("drop", "green", "withdrawn")]},
    ),
    (
        "one comes and one goes",
        lambda folder: (folder.remove("blue"), folder.write("new", language="de")),  # type: ignore[func-returns-value]
        {
            "": [("drop", "blue", "deleted"), ("put", "new")],
            "language=de": [("drop", "blue", "deleted"), ("put", "new")],
            "author=ann": [("drop", "blue", "deleted"), ("drop", "new", "unmatched")],
        },
    ),
    ("a hidden article changes", lambda folder: folder.write("hidden", date="2032-01-01"), {"": []}),
)


@pytest.mark.parametrize(("edit", "expected"), [row[1:] for row in EDITS], ids=[row[0] for row in EDITS])
def test_changes_since_a_revision_are_those_that_the_filters_find_or_do_not_find_any_more(
    folder: PublishedFolder,
    edit: Callable[[PublishedFolder], object],
    expected: dict[str, list[tuple[str, ...]]],
) -> None:
    since = revision_of(folder)
    edit(folder)
    folder.refresh()
    assert {
        filters: summary(read(folder, f"/changes?since={since}&{filters}")) for filters in expected
    } == expected


def test_fields_and_content_select_as_in_lists(folder: PublishedFolder) -> None:
    (line, _) = read(folder, "/changes?slug=red&fields=title,slug")
    assert line == {"op": "put", "article": {"slug": "red", "title": "red"}}
    (line, _) = read(folder, "/changes?slug=red&content=none")
    assert line["article"]["content_html"] is None


@pytest.mark.parametrize("filters", ["", "language=en", "tag=t0"])
def test_pages_hold_every_change_once(
    folder: PublishedFolder, monkeypatch: pytest.MonkeyPatch, filters: str
) -> None:
    monkeypatch.setattr(change_pages, "MOST_CHANGES", 3)
    since = revision_of(folder)
    for number in range(8):
        folder.write(f"n{number}", tags=[f"t{number % 2}"])
    folder.refresh()
    found = [article["slug"] for article in folder.get(f"/articles.json?{filters}").json()["articles"]]
    assert summary(read_pages(folder, f"/changes?{filters}")) == sorted(("put", slug) for slug in found)
    changed = {line["op"] for line in read_pages(folder, f"/changes?since={since}&{filters}")}
    assert changed == ({"put", "drop", "page"} if filters == "tag=t0" else {"put", "page"})


def test_a_page_ends_at_about_a_megabyte(folder: PublishedFolder) -> None:
    for number in range(8):
        folder.write(f"n{number}", text="word " * 40_000)
    folder.refresh()
    pages = [line for line in read_pages(folder, "/changes") if line["op"] == "page"]
    assert len(pages) >= 2


def test_changes_between_two_pages_are_in_those_that_follow(
    folder: PublishedFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(change_pages, "MOST_CHANGES", 1)

    def edit() -> None:
        for name in ("red", "green", "blue"):
            folder.write(name, text="New.")
        folder.remove("green")
        folder.refresh()

    lines = read_pages(folder, "/changes", edit)
    copy: dict[str, Any] = {}
    for line in lines:
        if line["op"] == "put":
            copy[line["article"]["slug"]] = line["article"]["content_text"]
        elif line["op"] == "drop":
            copy.pop(line["slug"], None)
    assert copy == {"red": "New.", "blue": "New."}
    assert lines[-1]["revision"] == revision_of(folder)


def test_a_walk_that_sees_another_state_in_between_ends_with_the_present_one(
    folder: PublishedFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(change_pages, "MOST_CHANGES", 1)
    begun = revision_of(folder)
    first = read(folder, "/changes")
    for name in ("red", "green", "blue"):
        folder.write(name, text="Other.")
    folder.refresh()
    second = read(folder, first[-1]["next"])
    assert second[0]["article"]["content_text"] == "Other."
    folder.write("red", tags=["warm", "red"], date="2019-01-01")
    folder.write("green", tags=["green"], date="2019-01-02", language="de")
    folder.write("blue", tags=["cold"], date="2020-01-03", author="Ann")
    folder.refresh()
    assert revision_of(folder) == begun
    rest = read_pages(folder, second[-1]["next"])
    texts = {
        line["article"]["slug"]: line["article"]["content_text"]
        for line in (*first, *second, *rest)
        if line["op"] == "put"
    }
    assert texts == {name: f"Text of {name}." for name in ("red", "green", "blue")}


def test_a_revision_that_repeats_is_known_by_its_newest_occurrence(folder: PublishedFolder) -> None:
    first = revision_of(folder)
    folder.write("new")
    folder.refresh()
    with_new = revision_of(folder)
    folder.remove("new")
    folder.refresh()
    assert summary(read(folder, f"/changes?since={first}")) == []
    assert summary(read(folder, f"/changes?since={with_new}")) == [("drop", "new", "deleted")]


def test_the_present_revision_is_known_when_the_journal_has_been_deleted(folder: PublishedFolder) -> None:
    since = revision_of(folder)
    folder.file.unlink()
    folder.refresh()
    assert summary(read(folder, f"/changes?since={since}")) == []


@pytest.mark.parametrize("address", ["/changes?since=0123456789abcdef0123456789abcdef", "cursor"])
def test_a_revision_that_is_not_known_is_answered_with_the_manifest(
    folder: PublishedFolder, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setattr(change_pages, "MOST_CHANGES", 1)
    monkeypatch.setattr(journal, "MOST_CHANGES", 1)
    if address == "cursor":
        address = read(folder, "/changes")[-1]["next"]
        for text in ("One.", "Two."):
            folder.write("red", text=text)
            folder.refresh()
    response = folder.get(address)
    assert response.status_code == httpx.codes.GONE
    assert response.json()["title"] == "Unknown revision"
    assert response.headers["link"] == '<http://localhost/manifest.json>; rel="manifest"'


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("since=2019", "since"),
        ("since=0123456789abcdef0123456789abcdeF", "since"),
        ("sort=oldest", "sort"),
        ("related=red", "related"),
        ("limit=5", "limit"),
        ("cursor=x", "cursor"),
        ("cursor=lcLOXEQ2gKExqDAxMjM0NTY3oA", "cursor"),
        ("sinc=x", "sinc"),
    ],
)
def test_a_parameter_that_changes_do_not_take_is_refused(
    folder: PublishedFolder, query: str, parameter: str
) -> None:
    response = folder.get(f"/changes?{query}")
    assert response.status_code == httpx.codes.BAD_REQUEST
    assert response.json()["parameter"] == parameter


def test_a_cursor_belongs_to_its_filters(folder: PublishedFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(change_pages, "MOST_CHANGES", 1)
    following = read(folder, "/changes")[-1]["next"]
    assert folder.get(f"{following}&tag=red").status_code == httpx.codes.BAD_REQUEST
    assert folder.get(f"{following}&since={'0' * 32}").status_code == httpx.codes.BAD_REQUEST


def test_changes_are_revalidated(folder: PublishedFolder) -> None:
    address = f"/changes?since={revision_of(folder)}"
    etag = folder.get(address).headers["etag"]
    assert folder.get(address, {"if-none-match": etag}).status_code == httpx.codes.NOT_MODIFIED
    folder.write("red", text="New.")
    folder.refresh()
    assert folder.get(address, {"if-none-match": etag}).status_code == httpx.codes.OK


def test_a_request_that_waits_is_answered_when_there_is_a_change_that_matches(
    folder: PublishedFolder,
) -> None:
    address = f"/changes?tag=red&since={revision_of(folder)}"

    def publish(name: str, tag: str) -> None:
        folder.write(name, tags=[tag])
        folder.refresh()

    async def wait() -> httpx.Response:
        async with folder.serving() as client:
            # A stored answer to the same address is not for those who wait.
            await client.get(address)
            waiting = asyncio.create_task(client.get(address, headers={"prefer": "wait=30"}, timeout=30))
            await asyncio.to_thread(publish, "other", "red")
            return await waiting

    response = asyncio.run(wait())
    assert response.headers["preference-applied"] == "wait=30"
    assert response.headers["cache-control"] == "no-store"
    assert summary([json.loads(line) for line in response.content.splitlines()]) == [("put", "other")]


def test_a_request_that_waits_in_vain_gets_the_revision(folder: PublishedFolder) -> None:
    revision = revision_of(folder)
    response = folder.get(f"/changes?since={revision}", {"prefer": "wait=1"})
    assert response.json() == {"op": "page", "revision": revision, "next": None}
    assert response.headers["preference-applied"] == "wait=1"


def test_the_manifest_finds_every_difference(folder: PublishedFolder) -> None:
    before = folder.get("/manifest.json").json()
    assert before["total"] == 3
    assert len(before["buckets"]) == 256
    entries = {
        bucket: folder.get(f"/manifest.json?bucket={bucket}").json()
        for bucket, digest in before["buckets"].items()
        if digest.strip("0")
    }
    assert {slug for bucket in entries.values() for _, _, slug in bucket} == {"red", "green", "blue"}
    for bucket, rows in entries.items():
        assert all(hashlib.sha256(row[0].encode()).hexdigest()[:2] == bucket for row in rows)
    folder.write("red", text="New.")
    folder.refresh()
    after = folder.get("/manifest.json").json()
    changed = [name for name in before["buckets"] if before["buckets"][name] != after["buckets"][name]]
    assert changed == [hashlib.sha256(b"id:red").hexdigest()[:2]]
    assert after["revision"] != before["revision"]


@pytest.mark.parametrize("query", ["bucket=zz", "bucket=a", "bucket=A7", "bucket=a7&bucket=a8", "tag=red"])
def test_the_manifest_takes_one_bucket_and_no_filter(folder: PublishedFolder, query: str) -> None:
    response = folder.get(f"/manifest.json?{query}")
    assert response.status_code == httpx.codes.BAD_REQUEST


def test_an_empty_site_has_a_revision(tmp_path: Path) -> None:
    folder = PublishedFolder(tmp_path)
    folder.refresh()
    (page,) = read(folder, "/changes")
    assert page == {"op": "page", "revision": revision_of(folder), "next": None}
    assert summary(read(folder, f"/changes?since={page['revision']}")) == []
