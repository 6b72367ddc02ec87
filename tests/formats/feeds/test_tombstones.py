"""Tombstones of withdrawn and expired articles in feeds (RFC 6721)."""

import shutil
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from service.index import apply_due_transitions
from tests.support.builders import at
from tests.support.feed_rules import AT
from tests.support.published_folder import PublishedFolder


def deleted_entries(body: bytes) -> dict[str, tuple[str, str]]:
    root: Any = etree.fromstring(body)
    return {
        gone.get("ref"): (gone.get("when"), gone.findtext(f"{AT}comment"))
        for gone in root.findall(f"{AT}deleted-entry")
    }


FALSE = {"id:false": ("2024-10-01T00:00:00Z", "False & wrong.")}
OVER = {"id:over": ("2024-11-01T00:00:00Z", "It has expired.")}


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ("", FALSE | OVER),
        ("tag=t1", FALSE),
        ("tag=t2", OVER),
        ("exclude_tag=t1", OVER),
        ("tag=t1&tag=t2", {}),
        ("q=text", FALSE | OVER),
    ],
)
def test_removed_articles_are_announced(
    news: PublishedFolder, filters: str, expected: dict[str, tuple[str, str]]
) -> None:
    atom = news.get(f"/feed.atom?limit=100&{filters}").content
    assert deleted_entries(atom) == expected
    assert atom.count(b"xmlns:at=") == len(expected)
    extension = news.get(f"/feed.json?limit=100&{filters}").json()["_broadsheet"]
    assert {item["id"]: (item["when"], item["reason"]) for item in extension.get("deleted", [])} == expected
    assert ("deleted" in extension) == bool(expected)
    assert b"deleted" not in news.get(f"/feed.rss?limit=100&{filters}").content
    if not filters.startswith("q="):
        archived: dict[str, tuple[str, str]] = {}
        for document in news.archive(f"/feed.atom?{filters}"):
            archived |= deleted_entries(document.body)
        assert archived == expected


def test_only_removals_newer_than_the_oldest_entry_are_announced(news: PublishedFolder) -> None:
    newest = news.read("/feed.atom?limit=5")
    assert min(updated for updated, _ in newest.entries.values()) > OVER["id:over"][0]
    assert newest.deleted == {}
    assert news.read(newest.links["next"]).deleted == {}


def small(path: Path, number: int) -> PublishedFolder:
    made = PublishedFolder(path)
    for item in range(number):
        made.write(f"a{item}", date=f"2024-01-{1 + item:02}")
    made.write("old", date="2020-01-01", withdrawn={"reason": "x", "at": "2021-01-01"})
    made.refresh()
    return made


def test_complete_feed_has_no_archive(tmp_path: Path) -> None:
    made = small(tmp_path, 20)
    for form in ("atom", "rss"):
        document = made.read(f"/feed.{form}")
        assert document.complete
        assert set(document.links) - {"alternate"} == {"self"}
    assert made.read("/feed.atom").deleted == {"id:old": "2021-01-01T00:00:00Z"}
    part = made.read("/feed.atom?limit=19")
    assert not part.complete
    assert "prev-archive" in part.links


def test_withdrawals_alone_fill_an_archive_page(tmp_path: Path) -> None:
    made = PublishedFolder(tmp_path)
    gone = {"reason": "x", "at": "2021-01-01"}
    made.write_many(
        "all", [{"id": f"id:{n}", "slug": f"s{n}", "title": "T", "withdrawn": gone} for n in range(130)]
    )
    made.refresh()
    subscription = made.read("/feed.atom")
    assert (len(subscription.deleted), subscription.complete) == (100, False)
    documents = made.archive()
    assert len({item for document in documents for item in document.deleted}) == 130
    assert sum(len(document.deleted) for document in documents) == 130
    assert made.read("/feed.rss").entries == {}


def test_expiry_adds_a_tombstone_and_changes_the_validators(tmp_path: Path) -> None:
    made = PublishedFolder(tmp_path)
    made.write("stays", date="2024-01-01")
    made.write("ends", date="2024-01-02", expires="2024-06-01")
    made.write("taken", date="2024-01-03", withdrawn={"reason": "x", "at": "2024-07-01"}, aliases=["former"])
    made.refresh(at("2024-05-01"))
    observed = []
    for day in ("2024-05-01", "2024-06-01", "2024-07-01"):
        apply_due_transitions(made.url, at(day))
        document = made.read("/feed.atom")
        headers = document.response.headers
        observed.append((document.updated[:10], *sorted(document.deleted)))
        assert headers["last-modified"] == format_datetime(at(document.updated[:10]), usegmt=True)
        assert set(document.entries) == {"id:stays"} | ({"id:ends"} if day < "2024-06-01" else set())
    assert observed == [
        ("2024-01-02",),
        ("2024-06-01", "id:ends"),
        ("2024-07-01", "id:ends", "id:taken"),
    ]
    other = PublishedFolder(tmp_path / "replica")
    for path in made.root.iterdir():
        shutil.copy(path, other.root)
    other.refresh(at("2024-08-01"))
    for address in ("/feed.atom", "/feed.rss", "/feed.json"):
        assert other.get(address).content == made.get(address).content
        assert other.get(address).headers["etag"] == made.get(address).headers["etag"]


def test_address_of_a_withdrawn_article_states_reason_and_instant(news: PublishedFolder) -> None:
    for address in (
        "/articles/false",
        "/articles/false.json",
        "/articles/was-false",
        "/articles/was-false.md",
    ):
        problem = news.get(address, {"Accept": "application/json"})
        assert problem.status_code == 410
        assert problem.json()["reason"] == "False & wrong."
        assert problem.json()["at"] == "2024-10-01T00:00:00Z"
    for address in ("/articles.json?limit=100", "/articles.json?q=false", "/tags.json", "/sitemap.xml"):
        assert b"articles/false" not in news.get(address).content


# withdrawn at, updated → when
INSTANTS = [
    ("2024-10-01", None, "2024-10-01"),
    ("2024-10-01", "2024-10-05", "2024-10-05"),
    ("2023-10-01", None, "2024-01-01"),
    (None, "2024-10-05", "2024-10-05"),
    (None, None, "2024-01-01"),
]


@pytest.mark.parametrize(("at_day", "updated", "told_day"), INSTANTS)
def test_a_withdrawal_is_never_older_than_the_article(
    tmp_path: Path, at_day: str | None, updated: str | None, told_day: str
) -> None:
    made = PublishedFolder(tmp_path)
    made.write("a", date="2024-01-01", updated=updated, withdrawn={"reason": "x", "at": at_day})
    report = made.refresh()
    assert made.read("/feed.atom").deleted == {"id:a": f"{told_day}T00:00:00Z"}
    noted = {
        text: [fault.message for fault in (*report.faults, *report.notices) if text in fault.message]
        for text in ("feeds report the withdrawal at the time of the last change", "before the last change")
    }
    missing, raised = noted.values()
    assert bool(missing) == (at_day is None and updated is None)
    assert bool(raised) == (at_day is not None and at_day < told_day)
    assert all(f"whose time ({told_day}T00:00:00+00:00) is used instead" in message for message in raised)
