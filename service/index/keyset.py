"""Orders and cursors: which spans of rows follow, or precede, a place.

`newest` is rows backwards; `oldest` is dated rows forwards, then undated ones; `updated` is by (changed
descending, id). Each ends in the id, so that no two articles share a place.
"""

import sqlite3
from bisect import bisect_left, bisect_right

import msgspec

from service.errors import InvalidParameter
from service.index.row_keys import FIRST_DATED, bucket
from service.index.schema import UNDATED
from service.index.where import EVERY_ROW, Value
from service.query import Cursor, Sort

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
