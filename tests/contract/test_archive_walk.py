"""Readers that come back now and then miss nothing: random histories of a site, and a client that walks.

The client does what RFC 5005 §4.2 says: it reads the subscription document, follows prev-archive until it
meets an address it has seen, keeps of each article the version updated last, and drops what it is told is
gone. After each walk it must hold the newest version of everything, and nothing else.
"""

import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from service.query import Query
from tests.support.builders import at
from tests.support.published_folder import BASE, Document, PublishedFolder

FIRST_DAY = at("2025-03-01")
DAY = timedelta(days=1)
START = 130
MOST_REREADS = 20


class History:
    """A site that lives through one day after another; each `do_…` is something its editors do."""

    def __init__(self, path: Path) -> None:
        self.folder = PublishedFolder(path)
        self.now = FIRST_DAY
        self.facts: list[dict[str, Any]] = []
        for number in range(START):
            self.do_new(number * 3, self.now - timedelta(days=3 * number + 1))
        self.publish()

    def publish(self) -> None:
        self.folder.refresh(self.now)

    def do_new(self, number: int, date: datetime | None = None) -> None:
        tags = [("t", "u", "v")[number % 3]]
        self.facts.append({"date": (date or self.now).isoformat(), "tags": tags, "language": "en"})
        self._write(len(self.facts) - 1)

    def do_late(self, number: int) -> None:
        """A file that says it is some days old arrives today."""
        self.do_new(number, self.now - DAY * (number % 8))

    def do_burst(self, number: int) -> None:
        """Many at once: more than one document of rows among which others may still arrive."""
        for late in range(40):
            self.do_new(number + late, self.now - timedelta(hours=late // 4))

    def do_correct(self, number: int) -> None:
        self._change(number, title=f"version of {self.now.isoformat()}", updated=self.now.isoformat())

    def do_redate(self, number: int) -> None:
        moved = self.now - DAY * number
        self._change(number, date=moved.isoformat(), updated=self.now.isoformat())

    def do_withdraw(self, number: int) -> None:
        self._change(number, withdrawn={"reason": "It was false.", "at": self.now.isoformat()})

    def do_restore(self, number: int) -> None:
        self._change(number, withdrawn=None, updated=self.now.isoformat())

    def do_expire(self, number: int) -> None:
        """An expiry a few days ahead is set, as a change of the article."""
        self._change(
            number, expires=(self.now + DAY * (1 + number % 5)).isoformat(), updated=self.now.isoformat()
        )

    def truth(self, query: Query) -> dict[str, str]:
        return {article.id: article.title for article in self.folder.collect(query)}

    def _change(self, number: int, **facts: Any) -> None:
        number %= len(self.facts)
        if self.facts[number].get("touched") == self.now:
            return  # two changes at one instant are one change: nothing tells them apart
        self.facts[number].update(facts, touched=self.now)
        self._write(number)

    def _write(self, number: int) -> None:
        facts = {key: value for key, value in self.facts[number].items() if key != "touched"}
        self.folder.write(f"a{number}", **facts)


class Client:
    """A reader subscribed to one feed, with what it holds: id → (updated, title), and what it saw go."""

    def __init__(self, get: Callable[[str], Document], address: str) -> None:
        self._get = get
        self._address = BASE + address
        self._entries: dict[str, tuple[str, str]] = {}
        self._gone: dict[str, str] = {}
        self._seen: set[str] = set()

    def walk(self) -> None:
        for _ in range(MOST_REREADS):
            first = self._take(self._address)
            document, fresh = first, []
            while (following := document.links.get("prev-archive")) and following not in self._seen:
                fresh.append(following)
                document = self._take(following)
            self._seen.update(fresh)
            if self._get(self._address).response.headers["etag"] == first.response.headers["etag"]:
                return
        raise AssertionError("the feed never stayed as it was")

    def holds(self) -> dict[str, str]:
        return {
            item: title
            for item, (updated, title) in self._entries.items()
            if self._gone.get(item, "") < updated
        }

    def _take(self, address: str) -> Document:
        document = self._get(address)
        if document.complete:
            self._entries = {}  # RFC 5005 §2: what is not in it is no part of the feed any more
        for item, entry in document.entries.items():
            self._entries[item] = max(entry, self._entries.get(item, entry), key=lambda known: known[0])
        for item, when in document.deleted.items():
            self._gone[item] = max(when, self._gone.get(item, when))
        return document


moves = st.tuples(
    st.sampled_from(
        ["new", "new", "late", "burst", "correct", "correct", "redate", "withdraw", "restore", "expire"]
    ),
    st.integers(0, 400),
)
days = st.lists(moves, max_size=4)
WALK = st.sampled_from(["none", "walk", "walk", "walk while it is published"])


FEEDS = {
    "everything": ("/feed.atom", Query()),
    "a tag": ("/feed.atom?tag=t", Query(tags=("t",))),
    "filters": ("/feed.atom?exclude_tag=u&language=en", Query(exclude_tags=("u",), languages=("en",))),
}
histories = st.lists(st.tuples(st.integers(1, 9), days, WALK, days), min_size=3, max_size=14)


@pytest.mark.parametrize("examples", [2, pytest.param(20, marks=pytest.mark.stress)])
@pytest.mark.parametrize("feed", FEEDS)
def test_client_that_stops_at_known_entries_misses_nothing(feed: str, examples: int) -> None:
    # A history takes a second, so shrinking one takes minutes.
    @settings(
        max_examples=examples,
        suppress_health_check=[HealthCheck.too_slow],
        phases=[Phase.explicit, Phase.reuse, Phase.generate],
    )
    @given(history=histories)
    def check(history: list[tuple[int, list[Any], str, list[Any]]]) -> None:
        follow_history(*FEEDS[feed], history)

    check()


def follow_history(address: str, query: Query, history: list[tuple[int, list[Any], str, list[Any]]]) -> None:
    """Play `history` and check after each walk that the client holds what the site serves."""
    with tempfile.TemporaryDirectory() as path:
        site = History(Path(path))
        pending: list[tuple[str, int]] = []

        def get(address: str) -> Document:
            if pending:  # the editors go on while the client walks
                move, number = pending.pop()
                site.now += timedelta(minutes=1)
                getattr(site, f"do_{move}")(number)
                site.publish()
            return site.folder.read(address)

        client = Client(get, address)
        client.walk()
        for pause, before, walk, during in history:
            site.now += DAY * pause
            for move, number in before:
                getattr(site, f"do_{move}")(number)
            site.publish()
            if walk == "none":
                continue
            pending[:] = during if "published" in walk else []
            client.walk()
            assert client.holds() == site.truth(query)
