"""Numbers of the full text ascend as rows do; few articles get another one, and these are found as before."""

import random
import sqlite3
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.index.database import reading
from service.index.schema import LISTING_INDEXES, TABLES
from service.index.tables import article_numbers
from service.index.tables.article_numbers import find_gap, find_numbers, make_room
from service.ingest import refresh_index
from service.replication.index_copy import PublishedCopy, copy_index, finish_copy, log_changes
from service.replication.row_delta import apply_delta, make_delta
from tests.support.index_folder import NOW, Folder

SPACE = 1 << 40
"""Between the rows of neighbours at first."""


class NumberedList:
    """Articles with numbers, without any text, in an index in memory."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.rows: list[int] = []
        self.moved = 0
        for statement in (TABLES + LISTING_INDEXES).split(";\n"):
            connection.execute(statement)
        connection.create_function("unpack", 1, lambda article: article)

    def insert(self, place: int, count: int = 1) -> None:
        """Insert `count` articles before the one at `place`."""
        arriving = self._rows_before(place, count)
        if arriving is None:
            numbers = self._numbers()
            self.connection.execute("DELETE FROM visible")
            self.rows = [SPACE * number for number in range(len(numbers))]
            self._write(self.rows, numbers)
            arriving = self._rows_before(place, count) or []
        gap = find_gap(self.connection, arriving[0])
        self._write(arriving, find_numbers(gap, count, self._make_room))
        self.rows[place:place] = arriving

    def _rows_before(self, place: int, count: int) -> list[int] | None:
        below = self.rows[place - 1] if place else self.rows[0] - (count + 1) * SPACE if self.rows else 0
        above = self.rows[place] if place < len(self.rows) else below + (count + 1) * SPACE
        if above - below <= count:
            return None
        return [below + (above - below) * number // (count + 1) for number in range(1, count + 1)]

    def _write(self, rows: Sequence[int], numbers: Sequence[int]) -> None:
        values = [*zip(rows, numbers, strict=True)]
        self.connection.executemany("INSERT INTO visible VALUES (?, ?, 1, '', 0, '', '')", values)

    def _numbers(self) -> list[int]:
        return [number for (number,) in self.connection.execute("SELECT number FROM visible ORDER BY row")]

    def delete(self, place: int) -> None:
        self.connection.execute("DELETE FROM visible WHERE row = ?", (self.rows.pop(place),))

    def _make_room(self, below: int, count: int) -> Sequence[int]:
        before = self.connection.total_changes
        numbers = make_room(self.connection, below, count)
        self.moved += self.connection.total_changes - before
        return numbers

    def require_order(self) -> None:
        numbers = self._numbers()
        assert len(numbers) == len(self.rows)
        assert numbers == sorted(set(numbers))


@given(st.lists(st.tuples(st.integers(0, 100), st.sampled_from([0, 1, 1, 1, 2, 3, 17])), max_size=80))
def test_numbers_ascend_as_rows_do(steps: list[tuple[int, int]]) -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        articles = NumberedList(connection)
        for place, count in steps:
            if count:
                articles.insert(place % (len(articles.rows) + 1), count)
            elif articles.rows:
                articles.delete(place % len(articles.rows))
            articles.require_order()


KNOWN, ARRIVING = 1000, 2000
ORDERS: dict[str, tuple[Callable[[int, int], int], float]] = {
    "each the newest": (lambda _, length: length, 0),
    "each the oldest": (lambda *_: 0, 0),
    "each before the last": (lambda _, length: length - 1, 40),
    "each after the first": (lambda *_: 1, 40),
    "forwards in the middle": (lambda number, _: KNOWN // 2 + number, 40),
    "backwards in the middle": (lambda *_: KNOWN // 2, 40),
    "between the last two": (lambda number, _: KNOWN // 2 + number // 2, 40),
    "anywhere": (lambda number, length: hash((number, 7)) % length, 1),
}
"""Where each of ARRIVING articles comes, given how many did and how many there are; and how many others may
get another number for each, on the average."""


@pytest.mark.parametrize("order", ORDERS)
def test_few_articles_get_other_numbers(order: str) -> None:
    find_place, most = ORDERS[order]
    with closing(sqlite3.connect(":memory:")) as connection:
        articles = NumberedList(connection)
        articles.insert(0, KNOWN)
        for number in range(ARRIVING):
            articles.insert(find_place(number, len(articles.rows)))
        articles.require_order()
        assert articles.moved <= most * ARRIVING


@pytest.mark.parametrize("count", [1, 15, 16, 100, 5000])
def test_articles_that_arrive_together_move_half_as_many_at_the_most(count: int) -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        articles = NumberedList(connection)
        articles.insert(0, 20_000)
        articles.insert(10_000, count)
        articles.require_order()
        assert articles.moved <= (count // 2 if count >= article_numbers.GAP else 0)


def found_tokens(file: Path) -> dict[str, list[tuple[str, str, int]]]:
    """The tokens of each article in the full text by its id, after a check of the full text itself."""
    with closing(sqlite3.connect(file)) as connection:
        execute = connection.execute
        execute("INSERT INTO articles_fts (articles_fts) VALUES ('integrity-check')")
        numbered = execute("SELECT number, id FROM visible ORDER BY row").fetchall()
        assert numbered == sorted(numbered)
        execute("CREATE VIRTUAL TABLE temp.tokens USING fts5vocab (main, articles_fts, instance)")
        tokens: dict[str, list[tuple[str, str, int]]] = {article_id: [] for _, article_id in numbered}
        id_of = {-number: article_id for number, article_id in numbered}
        for doc, token, column, offset in execute('SELECT doc, term, col, "offset" FROM temp.tokens'):
            if column != "terms":  # in which they have other numbers in another index
                tokens[id_of[doc]].append((token, column, offset))
        return {article_id: sorted(found) for article_id, found in tokens.items()}


@pytest.fixture
def crowded(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Leaves no room between new articles; counts how often others were moved."""
    counted = Counter[str]()

    def count_moved(connection: sqlite3.Connection, below: int, count: int) -> Sequence[int]:
        before = connection.total_changes
        numbers = make_room(connection, below, count)
        counted["moved"] += connection.total_changes > before
        return numbers

    monkeypatch.setattr(article_numbers, "GAP", 1)
    monkeypatch.setattr("service.index.visibility.make_room", count_moved)
    return counted


def test_full_text_is_that_of_a_new_index_after_any_edits(tmp_path: Path, crowded: Counter[str]) -> None:
    folder = Folder(tmp_path)
    chance = random.Random(5)  # noqa: S311
    dates: dict[str, str] = {}
    for number in range(60):
        for name in chance.sample([f"a{number}" for number in range(40)], chance.choice([1, 1, 1, 2, 9])):
            if name in dates and chance.random() < 0.2:
                folder.remove(name)
                del dates[name]
                continue
            dates[name] = f"2020-01-{chance.choice([1, 2, 3]):02}"
            folder.write(
                name,
                date=dates[name],
                updated=chance.choice([None, "2021-01-01", "2026-01-02"]),
                correction=chance.choice([None, "A correction that is not shown before its update."]),
                tags=chance.sample(["Iraq", "Oil", "Iran"], 2),
                text=f"Oil. Text {number}.",
            )
        folder.refresh(NOW + timedelta(hours=number))
        newest_first = sorted(dates, key=lambda name: (dates[name], f"id:{name}"), reverse=True)
        assert folder.slugs(q="oil") == newest_first
        assert folder.slugs(q="oil", sort="oldest") == newest_first[::-1]
        if number % 10 == 9:
            new = tmp_path / f"new{number}.db"
            refresh_index(f"sqlite:///{new}", folder.root, folder.site, now=NOW + timedelta(hours=number))
            assert found_tokens(folder.file) == found_tokens(new)
    assert crowded["moved"] > 20


def test_a_replica_has_the_full_text_of_articles_that_were_moved(
    tmp_path: Path, crowded: Counter[str]
) -> None:
    folder = Folder(tmp_path)
    folder.write_many("known", [{"id": f"{number}", "date": "2020-01-01"} for number in range(0, 100, 10)])
    folder.refresh()
    log_changes(folder.file)
    replica = tmp_path / "replica.db"
    copy_index(folder.file, replica)
    finish_copy(replica, PublishedCopy(1, "first"))
    for number in (45, 44, 46, 43):
        folder.write(f"{number}", id=f"{number}", date="2020-01-01", text=f"Arrived {number}.")
        folder.refresh()
        with reading(replica) as before, reading(folder.file) as index:
            index.execute("BEGIN")
            delta = make_delta(before, index)
        assert delta is not None
        apply_delta(replica, delta)
        assert found_tokens(replica) == found_tokens(folder.file)
    assert crowded["moved"] >= 2
