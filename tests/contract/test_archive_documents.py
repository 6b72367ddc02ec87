"""The documents of an archive: which rows, links and heads they have, and how long they last."""

import itertools
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from lxml import etree

from tests.support.builders import at
from tests.support.feed_rules import AT, A, atom_faults, rss_faults
from tests.support.published_folder import BASE, PublishedFolder

SETTLED = "public, max-age=86400, stale-while-revalidate=604800, stale-if-error=604800"

FEEDS = [
    "/feed.atom",
    "/feed.atom?tag=t1",
    "/feed.atom?tag=t1&tag=u0",
    "/feed.atom?exclude_tag=t1",
    "/feed.atom?author=author-1&language=en",
    "/feed.atom?source=paper-2",
    "/feed.atom?content=summary",
    "/feed.rss",
    "/feed.rss?exclude_tag=u0&language=en",
]


@pytest.mark.parametrize("address", FEEDS)
def test_the_archive_holds_everything_once(news: PublishedFolder, address: str) -> None:
    listed = news.get(address.replace("feed.atom", "articles.ndjson").replace("feed.rss", "articles.ndjson"))
    wanted = sorted(msgspec.json.decode(line)["id"] for line in listed.text.splitlines())
    documents = news.archive(address)
    assert sorted(entry for document in documents for entry in document.entries) == wanted
    assert len(documents) > len(wanted) // 100
    assert max(len(document.entries) for document in documents) <= 100
    times = [updated for document in documents for updated, _ in document.entries.values()]
    assert times == sorted(times, reverse=True) or address.startswith("/feed.rss")


@pytest.mark.parametrize("address", FEEDS)
def test_the_rules_hold_in_every_document(news: PublishedFolder, address: str) -> None:
    faults: Callable[[bytes], list[str]] = rss_faults if ".rss" in address else atom_faults
    for document in [news.read(address), *news.archive(address)]:
        assert faults(document.body) == []


@pytest.mark.parametrize("address", FEEDS)
def test_the_links_of_the_documents(news: PublishedFolder, address: str) -> None:
    subscription = news.read(address)
    documents = news.archive(address)
    assert subscription.links["prev-archive"] == documents[0].address
    assert {"self", "first", "next", "last", "prev-archive"} <= set(subscription.links)
    for document, following in itertools.pairwise([*documents, None]):
        assert document is not None
        expected = {"self": document.address, "current": subscription.links["self"]}
        if following:
            expected["prev-archive"] = following.address
        assert list(document.links.items()) == list(expected.items())
        assert {rel: link["url"] for rel, link in document.response.links.items()} == expected
        assert document.archive
        assert not document.complete
    head = "archive=" if "?" not in address else f"{address.partition('?')[2]}&archive="
    assert documents[0].address.startswith(f"{BASE}{address.partition('?')[0]}?{head}")
    assert "prev-archive" in subscription.response.links


def test_a_complete_archive_document_is_cached_for_a_day(news: PublishedFolder) -> None:
    subscription = news.get("/feed.atom")
    newest, *others = news.archive()
    assert "." in newest.address.rpartition("-")[2]
    assert newest.response.headers["cache-control"] == subscription.headers["cache-control"]
    settled = [other for other in others if "." not in other.address.rpartition("-")[2]]
    assert len(settled) > 3
    for document in settled:
        assert document.response.headers["cache-control"] == SETTLED
        assert "last-modified" not in document.response.headers
        known = news.get(document.address, {"If-None-Match": document.response.headers["etag"]})
        assert (known.status_code, known.headers["cache-control"]) == (304, SETTLED)


def test_head_of_a_document_follows_from_its_address(news: PublishedFolder) -> None:
    subscription = etree.fromstring(news.get("/feed.atom?tag=t1").content)
    for document in news.archive("/feed.atom?tag=t1"):
        root: Any = etree.fromstring(document.body)
        changed = int(document.address.partition("archive=")[2].partition("-")[0])
        assert document.updated == (at("1970-01-01") + timedelta(seconds=changed)).strftime(
            "%Y-%m-%dT%H:%M:%SZ"
        )
        assert root.findtext(f"{A}id") == subscription.findtext(f"{A}id")
        assert [
            child.tag.rpartition("}")[2]
            for child in root
            if child.tag not in {f"{A}entry", f"{AT}deleted-entry"}
        ] == [
            *("id", "title", "updated", "author", "generator"),
            *(["link"] * len(document.links)),
            "archive",
        ]


@pytest.mark.parametrize("format_name", ["atom", "rss"])
def test_an_entry_has_the_same_bytes_everywhere(news: PublishedFolder, format_name: str) -> None:
    mark = ("<entry", "</entry>") if format_name == "atom" else ("<item>", "</item>")

    def entries(body: bytes) -> set[str]:
        return {part.partition(mark[1])[0] for part in body.decode().split(mark[0])[1:]}

    archived = set().union(*(entries(item.body) for item in news.archive(f"/feed.{format_name}")))
    subscribed = entries(news.get(f"/feed.{format_name}").content)
    assert len(subscribed) == 50
    assert subscribed <= archived


def test_every_archive_position_stays_valid(news: PublishedFolder) -> None:
    for position in (
        "1700000000-0000000000000000",
        "0-ffffffffffffffff",
        "-62135596800-0123456789abcdef.00000000",
        "-999999999999-0123456789abcdef",
    ):
        document = news.read(f"/feed.atom?archive={position}")
        assert document.archive
        assert document.links["self"] == f"{BASE}/feed.atom?archive={position.partition('.')[0]}"
    for position in ("4102444800-0000000000000000", "999999999999-ffffffffffffffff"):
        later = news.read(f"/feed.atom?archive={position}")
        assert later.links["self"].startswith(f"{BASE}/feed.atom?archive={position}.")
        assert later.entries == news.archive()[0].entries
    assert news.read("/feed.atom?tag=none&archive=1700000000-0000000000000000").entries == {}


def test_current_documents_are_not_read_for_archives(news: PublishedFolder) -> None:
    document = news.archive()[0]
    bare = document.address.partition(".atom")[2].partition(".")[0]
    for ending in ("", ".00000000", ".ffffffff"):
        assert news.get(f"/feed.atom{bare}{ending}").content == document.body
