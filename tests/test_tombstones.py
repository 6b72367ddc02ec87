"""What was withdrawn or has expired, as feeds tell it (RFC 6721)."""

from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from tests.feed_rules import AT
from tests.press import Press


def told(body: bytes) -> dict[str, tuple[str, str]]:
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
def test_what_has_left_is_told(news: Press, filters: str, expected: dict[str, tuple[str, str]]) -> None:
    atom = news.get(f"/feed.atom?limit=100&{filters}").content
    assert told(atom) == expected
    assert atom.count(b"xmlns:at=") == len(expected)
    extension = news.get(f"/feed.json?limit=100&{filters}").json()["_broadsheet"]
    assert {one["id"]: (one["when"], one["reason"]) for one in extension.get("deleted", [])} == expected
    assert ("deleted" in extension) == bool(expected)
    assert b"deleted" not in news.get(f"/feed.rss?limit=100&{filters}").content
    if not filters.startswith("q="):
        archived: dict[str, tuple[str, str]] = {}
        for document in news.archive(f"/feed.atom?{filters}"):
            archived |= told(document.body)
        assert archived == expected


def test_only_what_is_newer_than_the_oldest_entry_is_told(news: Press) -> None:
    newest = news.read("/feed.atom?limit=5")
    assert min(updated for updated, _ in newest.entries.values()) > OVER["id:over"][0]
    assert newest.deleted == {}
    assert news.read(newest.links["next"]).deleted == {}


def small(path: Path, number: int) -> Press:
    made = Press(path)
    for one in range(number):
        made.write(f"a{one}", date=f"2024-01-{1 + one:02}")
    made.write("old", date="2020-01-01", withdrawn={"reason": "x", "at": "2021-01-01"})
    made.refresh()
    return made


def test_a_whole_feed_has_no_archive(tmp_path: Path) -> None:
    made = small(tmp_path, 20)
    for form in ("atom", "rss"):
        document = made.read(f"/feed.{form}")
        assert document.complete
        assert set(document.links) - {"alternate"} == {"self"}
    assert made.read("/feed.atom").deleted == {"id:old": "2021-01-01T00:00:00Z"}
    part = made.read("/feed.atom?limit=19")
    assert not part.complete
    assert "prev-archive" in part.links


def test_withdrawals_alone_fill_an_archive(tmp_path: Path) -> None:
    made = Press(tmp_path)
    gone = {"reason": "x", "at": "2021-01-01"}
    made.write_many(
        "all", [{"id": f"id:{n}", "slug": f"s{n}", "title": "T", "withdrawn": gone} for n in range(130)]
    )
    made.refresh()
    subscription = made.read("/feed.atom")
    assert (len(subscription.deleted), subscription.complete) == (100, False)
    documents = made.archive()
    assert len({one for document in documents for one in document.deleted}) == 130
    assert sum(len(document.deleted) for document in documents) == 130
    assert made.read("/feed.rss").entries == {}
