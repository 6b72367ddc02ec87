"""Orders and cursors: which spans of rows follow, or precede, a place.

`newest` is rows backwards; `oldest` is dated rows forwards, then undated ones; `updated` is by (changed
descending, id). Each ends in the id, so that no two articles share a place.

`relevance` ranks the newest matches of a search by BM25; its cursor holds as long as the ranking does.
"""

import hashlib
import sqlite3
from bisect import bisect_left, bisect_right

import msgspec

from service.errors import InvalidParameter, StaleCursor
from service.index.instants import FIRST_DATED, bucket
from service.index.schema import UNDATED
from service.index.where import EVERY_ROW, Selection, Value, bounds, statement
from service.query import Cursor, Query, Sort, bind

# Before the first instant there is and after the last, still apart from undated rows.
_BEFORE_TIME = -(1 << 36)


_AFTER_TIME = 1 << 40


_AFTER_ALL_IDS = "\U0010ffff"


_SMALL_BUCKET = 64


DATED = range(FIRST_DATED, EVERY_ROW.stop)


UNDATED_ROWS = range(EVERY_ROW.start, FIRST_DATED)


class SortKey(msgspec.Struct, frozen=True):
    """A place in an order: the sort key and id of an article that is, or was, or might be there."""

    key: int | None
    id: str


class Span(msgspec.Struct, frozen=True):
    """Neighbouring rows of an order: those in `rows` for which `condition` holds."""

    rows: range = EVERY_ROW
    condition: str = ""
    values: tuple[Value, ...] = ()


def place_of(cursor: Cursor) -> SortKey:
    """Where a cursor points. Raises InvalidParameter for one no walk of ours has given."""
    if isinstance(cursor.key, float):
        raise InvalidParameter("cursor", "invalid cursor; restart without it.")
    key = cursor.key if cursor.key is None else min(max(cursor.key, _BEFORE_TIME), _AFTER_TIME)
    return SortKey(key, cursor.id)


def beginning(sort: Sort) -> SortKey:
    """A place before every article in the order `sort`."""
    return SortKey(_BEFORE_TIME if sort == "oldest" else _AFTER_TIME, "")


def end(sort: Sort) -> SortKey:
    """A place after every article in the order `sort`."""
    return SortKey(None, "" if sort == "newest" else _AFTER_ALL_IDS)


def ordering(sort: Sort, backwards: bool, row: str, changed: str) -> str:
    """The ORDER BY that walks `sort`; `row` and `changed` are the columns."""
    if sort == "updated":
        return f"{changed} ASC, v.id DESC" if backwards else f"{changed} DESC, v.id ASC"
    return f"{row} {'DESC' if (sort == 'newest') != backwards else 'ASC'}"


def spans(
    connection: sqlite3.Connection, sort: Sort, place: SortKey | None, backwards: bool, changed: str
) -> list[Span]:
    """What follows `place` in the order `sort`, or precedes it; everything when there is no place."""
    if sort == "updated":
        return _by_change(place, backwards, changed)
    if place is None:
        return [Span()] if sort == "newest" else [Span(DATED), Span(UNDATED_ROWS)]
    first, beyond = _rows_at(connection, place)
    below, above = range(EVERY_ROW.start, first), range(beyond, EVERY_ROW.stop)
    if sort == "newest":
        return [Span(above if backwards else below)]
    if place.key is None:
        if backwards:
            return [Span(below), Span(DATED)]
        return [Span(common(above, UNDATED_ROWS))]
    if backwards:
        return [Span(common(below, DATED))]
    return [Span(above), Span(UNDATED_ROWS)]


def common(one: range, other: range) -> range:
    """The rows in both."""
    return range(max(one.start, other.start), min(one.stop, other.stop))


def _by_change(place: SortKey | None, backwards: bool, changed: str) -> list[Span]:
    if place is None:
        return [Span()]
    key = UNDATED if place.key is None else place.key
    if backwards:
        same = Span(condition=f"{changed} = ? AND v.id < ?", values=(key, place.id))
        return [same, Span(condition=f"{changed} > ?", values=(key,))]
    same = Span(condition=f"{changed} = ? AND v.id > ?", values=(key, place.id))
    return [same, Span(condition=f"{changed} < ?", values=(key,))]


def _rows_at(connection: sqlite3.Connection, place: SortKey) -> tuple[int, int]:
    """The first row at or above a place, and the first beyond it; its own article need not be there."""
    room = bucket(place.key)
    few = connection.execute(
        "SELECT id, row FROM visible WHERE row >= ? AND row < ? ORDER BY row LIMIT ?",
        (room.start, room.stop, _SMALL_BUCKET),
    ).fetchall()
    if len(few) < _SMALL_BUCKET:
        ids = [held for held, _ in few]
        rows = [row for _, row in few] + [room.stop]
        return rows[bisect_left(ids, place.id)], rows[bisect_right(ids, place.id)]
    first = _halve(connection, room, place.id)
    found = _first(connection, range(first, room.stop))
    if found is None:
        return room.stop, room.stop
    row, held = found
    return row, row + 1 if held == place.id else row


def _halve(connection: sqlite3.Connection, room: range, sought: str) -> int:
    """A row in `room` such that from there on ids are at least `sought`: ids ascend with rows."""
    low, high = room.start, room.stop
    while low < high:
        middle = (low + high) // 2
        found = _first(connection, range(middle, high))
        if found is None or found[1] >= sought:
            high = middle
        else:
            low = found[0] + 1
    return low


def _first(connection: sqlite3.Connection, rows: range) -> tuple[int, str] | None:
    found = connection.execute(
        "SELECT row, id FROM visible WHERE row >= ? AND row < ? ORDER BY row LIMIT 1", (rows.start, rows.stop)
    ).fetchone()
    return None if found is None else (found[0], found[1])


MOST_RANKED = 1000


_WEIGHTS = "5.0, 1.0, 2.0, 1.0"
"""Of title, text, names and stems."""


Ranked = tuple[float, str, int]
"""(rank, id, doc): the better the smaller the rank."""


def ranked_page(
    connection: sqlite3.Connection, selection: Selection, query: Query, limit: int
) -> tuple[list[int], Cursor | None, Cursor | None]:
    """The docs of a page, best first, and the cursors after and before it. Raises StaleCursor."""
    cursor, ranked = query.cursor, _ranked(connection, selection)
    name = _name(ranked)
    if cursor and (cursor.revision != name or cursor.key is None):
        raise StaleCursor

    def at(index: int, backwards: bool) -> Cursor:
        rank, article_id, _ = ranked[index]
        return Cursor(backwards, rank, article_id, bind(query), name)

    start, stop = 0, min(limit, len(ranked))
    if cursor and cursor.key is not None:
        key = (float(cursor.key), cursor.id)
        if cursor.backwards:
            stop = sum(one[:2] < key for one in ranked)
            start = max(0, stop - limit)
        else:
            start = sum(one[:2] <= key for one in ranked)
            stop = min(start + limit, len(ranked))
    docs = [doc for _, _, doc in ranked[start:stop]]
    following = at(stop - 1, False) if docs and stop < len(ranked) else None
    preceding = at(start, True) if docs and start > 0 else None
    return docs, following, preceding


def _name(ranked: list[Ranked]) -> str:
    """What differs when the ranking does. An article nobody sees yet is in none, so it cannot betray it."""
    lines = "\n".join(f"{rank!r} {article_id}" for rank, article_id, _ in ranked)
    return hashlib.sha256(lines.encode()).hexdigest()[:16]


def _ranked(connection: sqlite3.Connection, selection: Selection) -> list[Ranked]:
    """The newest matches, best first; those of equal rank by id."""
    rank = f"round(bm25(articles_fts, {_WEIGHTS}), 12)" if selection.searches else "0.0"
    conditions, values = bounds(selection, selection.rows, selection.row, selection.changed)
    newest = statement(selection, f"{rank} AS rank, v.id, v.doc", conditions)
    rows = connection.execute(f"{newest} ORDER BY {selection.row} DESC LIMIT ?", (*values, MOST_RANKED))
    return sorted(tuple(row) for row in rows)
