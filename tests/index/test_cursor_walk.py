"""Walks while articles come and go: what stays is visited exactly once, in order, both ways.

Histories are generated: a few instants and ids, so that most articles share theirs with others, and rows have
to be put between, before and after each other.
"""

import asyncio
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.index import Index
from service.index.instants import assign_rows, bucket, spread_rows
from service.model import Article
from service.query import Cursor, Query, bind
from tests.support.index_folder import Folder, collect, in_order, with_cursor

DAYS = (None, "2019-01-01", "2019-01-02", "1931-05-05")
FILTERS: tuple[dict[str, Any], ...] = (
    {},
    {"tags": ("t",)},
    {"q": "text"},
    {"exclude_tags": ("u",)},
    {"tags": ("t",), "languages": ("en",)},
)

Row = tuple[int, str | None]
rows = st.tuples(st.integers(0, 40), st.sampled_from(DAYS))
moves = st.lists(
    st.one_of(
        st.just(("page", None)),
        st.tuples(st.just("add"), rows),
        st.tuples(st.just("remove"), st.integers(0, 40)),
        st.just(("remove the last one seen", None)),
    ),
    max_size=12,
)


class Walk:
    """One walk through a folder that changes under it."""

    def __init__(self, path: Path, start: list[Row], query: Query, backwards: bool) -> None:
        self.folder = Folder(path)
        self.query = query
        self.backwards = backwards
        self.held: set[int] = set()
        self.moved: set[str] = set()
        self.seen: list[Article] = []
        for row in start:
            self.add(row, moved=False)
        self.folder.refresh()

    def add(self, row: Row, *, moved: bool = True) -> None:
        number, day = row
        if number not in self.held:
            self.held.add(number)
            self.folder.write(f"a{number:02}", date=day, tags=["t"])
            if moved:
                self.moved.add(f"id:a{number:02}")

    def remove(self, number: int) -> None:
        if number in self.held:
            self.held.discard(number)
            self.folder.remove(f"a{number:02}")
            self.moved.add(f"id:a{number:02}")

    def remove_last_seen(self) -> None:
        if self.seen:
            self.remove(int(self.seen[-1].slug[1:]))

    async def page(self, index: Index, cursor: Cursor | None) -> Cursor | None:
        page = await index.find(with_cursor(self.query, cursor), 2)
        self.seen += page.articles[:: -1 if self.backwards else 1]
        return page.previous_cursor if self.backwards else page.next_cursor

    async def run(self, history: list[tuple[str, Any]]) -> None:
        index = Index(self.folder.url)
        try:
            there = await collect(index, self.query, 100)
            cursor: Cursor | None = None
            if self.backwards:
                last = await index.find(self.query, 100)
                assert last.next_cursor is None
                if not there:
                    return
                cursor = Cursor(True, *self._place(there[-1]), bind(self.query))
                self.seen.append(there[-1])
            else:
                cursor = await self.page(index, None)
            for move, detail in [*history, *[("page", None)] * 50]:
                if move == "page":
                    if cursor is None:
                        break
                    cursor = await self.page(index, cursor)
                    continue
                if move == "add":
                    self.add(detail)
                elif move == "remove":
                    self.remove(detail)
                else:
                    self.remove_last_seen()
                self.folder.refresh()
        finally:
            await index.close()
        ids = [article.id for article in self.seen]
        visited = [item for item in ids if item not in self.moved]
        assert len(visited) == len(set(visited))
        stayed = [article.id for article in there if article.id not in self.moved]
        assert visited == (stayed[::-1] if self.backwards else stayed)
        expected = in_order(self.seen, self.query.sort)
        assert self.seen == (expected[::-1] if self.backwards else expected)

    def _place(self, article: Article) -> tuple[int | None, str]:
        instant = article.changed if self.query.sort == "updated" else article.published
        return None if instant is None else int(instant.timestamp()), article.id


@pytest.mark.parametrize("sort", ["newest", "oldest", "updated"])
@pytest.mark.parametrize("backwards", [False, True])
@settings(max_examples=settings().max_examples // 5, suppress_health_check=[HealthCheck.too_slow])
@given(start=st.lists(rows, max_size=14), history=moves, facts=st.sampled_from(FILTERS))
def test_walk_visits_every_unchanged_article_once(
    sort: Any, backwards: bool, start: list[Row], history: list[tuple[str, Any]], facts: dict[str, Any]
) -> None:
    with tempfile.TemporaryDirectory() as path:
        walk = Walk(Path(path), start, Query(sort=sort, **facts), backwards)
        asyncio.run(walk.run(history))


IDS = st.lists(st.text("abcdef", min_size=1, max_size=3), unique=True, max_size=12)


@given(IDS, st.integers(1, 40))
def test_rows_are_given_in_order_within_their_room(ids: list[str], width: int) -> None:
    room = range(-7, -7 + width)
    rows = spread_rows(sorted(ids), room)
    if rows is None:
        assert len(ids) > width
        return
    given_rows = [rows[item] for item in sorted(ids)]
    assert given_rows == sorted(set(given_rows))
    assert all(row in room for row in given_rows)


@given(IDS, st.integers(1, 60))
def test_new_article_gets_a_key_or_keys_are_spread(ids: list[str], width: int) -> None:
    room = range(100, 100 + width)
    rows: dict[str, int] = {}
    for item in ids:
        assigned = assign_rows(sorted(rows.items()), [item], room)
        if assigned is None:
            assigned = spread_rows(sorted([*rows, item]), room)
            if assigned is None:
                assert len(rows) == width
                return
            rows = {}
        rows.update(assigned)
        assert sorted(rows, key=rows.__getitem__) == sorted(rows)
        assert len(set(rows.values())) == len(rows)
        assert set(rows.values()) <= set(room)


def test_undated_rows_lie_before_every_dated_one() -> None:
    assert bucket(None).stop <= bucket(-62_135_596_800).start
    assert bucket(-1).stop == bucket(0).start == 0
