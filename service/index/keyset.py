"""Orders and cursors: which ranges of rows follow, or precede, a position in an order.

`newest` is rows backwards; `oldest` is dated rows forwards, then undated ones; `updated` is by (changed
descending, id); `title` and `series` are by (key, id). Each ends in the id, so that no two articles have the
same position.

`relevance` ranks the newest matches of a search by BM25; its cursor is valid as long as the ranking is.
"""

# ruff: noqa: S608 (statements are joined from constants, values are always bound)

import hashlib
import json
import sqlite3
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from service.errors import InvalidParameter, StaleCursor
from service.index.instants import FIRST_DATED, bucket, seconds_of
from service.index.schema import UNDATED
from service.index.where import EVERY_ROW, RowColumn, Selection, Value, replace_surrogates
from service.query import Cursor, Query, Sort, bind

# Before the first instant there is and after the last, still apart from undated rows.
_BEFORE_TIME = -(1 << 36)
_AFTER_TIME = 1 << 40
_AFTER_ALL_IDS = "\U0010ffff"
_SMALL_BUCKET = 64

DATED = range(FIRST_DATED, EVERY_ROW.stop)
UNDATED_ROWS = range(EVERY_ROW.start, FIRST_DATED)

TEXT_ORDERS: Mapping[Sort, str] = {"title": "v.title_key", "series": "v.series_key"}
"""The orders by a text, with its column."""

MOST_RANKED = 1000
COMMON_WORD = 50_000
"""A word of a search that more articles have does not rank them."""

_WEIGHTS = "1.0, 5.0, 2.0, 1.0, 1.0, 5.0, 0.0"
"""Of text, title, names, stems, stems of the title, what only titles have, and terms."""

Ranked = tuple[float, str, int]
"""(rank, id, doc): the better the smaller the rank."""


class SortKey(msgspec.Struct, frozen=True):
    """A position in an order: the key and id of an article that is there, or was, or might be.

    The key is a text in an order by text, else seconds since 1970; None is after every text, and undated.
    """

    key: int | str | None
    id: str


class Span(msgspec.Struct, frozen=True):
    """Neighbouring rows of an order: those in `rows` for which `condition` holds."""

    rows: range = EVERY_ROW
    condition: str = ""
    values: tuple[Value, ...] = ()


def decode_sort_key(cursor: Cursor, sort: Sort) -> SortKey:
    """The position of a cursor. Raises InvalidParameter for one that this order never gives."""
    key = cursor.key
    if isinstance(key, float) or (key is not None and isinstance(key, str) != (sort in TEXT_ORDERS)):
        raise InvalidParameter("cursor", "invalid cursor; restart without it.")
    if isinstance(key, int):
        key = min(max(key, _BEFORE_TIME), _AFTER_TIME)
    return SortKey(replace_surrogates(key) if isinstance(key, str) else key, replace_surrogates(cursor.id))


def first_sort_key(sort: Sort) -> SortKey:
    """A position before every article in the order `sort`."""
    if sort in TEXT_ORDERS:
        return SortKey("", "")
    return SortKey(_BEFORE_TIME if sort == "oldest" else _AFTER_TIME, "")


def last_sort_key(sort: Sort) -> SortKey:
    """A position after every article in the order `sort`."""
    return SortKey(None, "" if sort == "newest" else _AFTER_ALL_IDS)


def ordering(sort: Sort, backwards: bool, row: RowColumn, changed: str) -> str:
    """The ORDER BY of `sort`; `row` and `changed` are the columns."""
    if sort == "updated":
        return f"{changed} ASC, v.id DESC" if backwards else f"{changed} DESC, v.id ASC"
    if sort in TEXT_ORDERS:
        direction = "DESC" if backwards else "ASC"
        return f"{TEXT_ORDERS[sort]} {direction}, v.id {direction}"
    return row.order(descending=(sort == "newest") != backwards)


def spans(
    connection: sqlite3.Connection, sort: Sort, position: SortKey | None, backwards: bool, changed: str
) -> list[Span]:
    """What follows `position` in the order `sort`, or precedes it; everything if it is None."""
    if sort == "updated":
        return _spans_by_change(position, backwards, changed)
    if sort in TEXT_ORDERS:
        return _spans_by_text(position, backwards, TEXT_ORDERS[sort])
    if position is None:
        return [Span()] if sort == "newest" else [Span(DATED), Span(UNDATED_ROWS)]
    first, beyond = _rows_at(connection, position)
    below, above = range(EVERY_ROW.start, first), range(beyond, EVERY_ROW.stop)
    if sort == "newest":
        return [Span(above if backwards else below)]
    if position.key is None:
        if backwards:
            return [Span(below), Span(DATED)]
        return [Span(intersection(above, UNDATED_ROWS))]
    if backwards:
        return [Span(intersection(below, DATED))]
    return [Span(above), Span(UNDATED_ROWS)]


def intersection(rows: range, other_rows: range) -> range:
    """The rows in both."""
    return range(max(rows.start, other_rows.start), min(rows.stop, other_rows.stop))


def _spans_by_change(position: SortKey | None, backwards: bool, changed: str) -> list[Span]:
    if position is None:
        return [Span()]
    key = UNDATED if position.key is None else position.key
    if backwards:
        same = Span(condition=f"{changed} = ? AND v.id < ?", values=(key, position.id))
        return [same, Span(condition=f"{changed} > ?", values=(key,))]
    same = Span(condition=f"{changed} = ? AND v.id > ?", values=(key, position.id))
    return [same, Span(condition=f"{changed} < ?", values=(key,))]


def _spans_by_text(position: SortKey | None, backwards: bool, column: str) -> list[Span]:
    if position is None:
        return [Span()]
    if position.key is None:
        return [Span()] if backwards else []
    sign = "<" if backwards else ">"
    return [Span(condition=f"({column}, v.id) {sign} (?, ?)", values=(position.key, position.id))]


def _rows_at(connection: sqlite3.Connection, position: SortKey) -> tuple[int, int]:
    """The first row at or above a position by date, and the first beyond it; it may have no article."""
    room = bucket(position.key if isinstance(position.key, int) else None)
    few = connection.execute(
        "SELECT id, row FROM visible WHERE row >= ? AND row < ? ORDER BY row LIMIT ?",
        (room.start, room.stop, _SMALL_BUCKET),
    ).fetchall()
    if len(few) < _SMALL_BUCKET:
        ids = [article_id for article_id, _ in few]
        rows = [row for _, row in few] + [room.stop]
        return rows[bisect_left(ids, position.id)], rows[bisect_right(ids, position.id)]
    first = _search_row(connection, room, position.id)
    row_and_id = _first_row(connection, range(first, room.stop))
    if row_and_id is None:
        return room.stop, room.stop
    row, article_id = row_and_id
    return row, row + 1 if article_id == position.id else row


def _search_row(connection: sqlite3.Connection, room: range, sought: str) -> int:
    """The first row in `room` whose id is at least `sought`, by bisection: ids ascend with rows."""
    low, high = room.start, room.stop
    while low < high:
        middle = (low + high) // 2
        row_and_id = _first_row(connection, range(middle, high))
        if row_and_id is None or row_and_id[1] >= sought:
            high = middle
        else:
            low = row_and_id[0] + 1
    return low


def _first_row(connection: sqlite3.Connection, rows: range) -> tuple[int, str] | None:
    """The first visible row in `rows`, and the id of its article."""
    row = connection.execute(
        "SELECT row, id FROM visible WHERE row >= ? AND row < ? ORDER BY row LIMIT 1", (rows.start, rows.stop)
    ).fetchone()
    return None if row is None else (row[0], row[1])


def ranked_page(
    connection: sqlite3.Connection,
    selection: Selection,
    numbers: Sequence[int],
    count: int | None,
    query: Query,
    limit: int,
) -> tuple[list[int], Cursor | None, Cursor | None]:
    """The docs of a page, best first, and the cursors after and before it. Raises StaleCursor.

    `numbers` are of the newest that `selection` finds, newest first; `count` is how many it finds, if that is
    known.
    """
    cursor = query.cursor
    newest = numbers[:MOST_RANKED]
    if rare := _find_rare_words(connection, selection, numbers, count):
        ranked, published = _rank_by_words(connection, selection, rare, newest), []
    else:
        ranked = _rank_by_titles(connection, selection, newest)
        published = _read_published(connection, [number for _, number in ranked])
    ranks = [rank for rank, _ in ranked]
    revision = _hash_ranking(ranks, published)
    if cursor and (cursor.revision != revision or not isinstance(cursor.key, int | float)):
        raise StaleCursor
    low, high = 0, limit
    if cursor and isinstance(cursor.key, int | float):
        low, high = bisect_left(ranks, cursor.key), bisect_right(ranks, cursor.key)
        low, high = (max(0, low - limit), high) if cursor.backwards else (low, high + limit)
    if around := ranks[low:high]:
        low, high = bisect_left(ranks, around[0]), bisect_right(ranks, around[-1])
    # Ids, by which equal ranks are sorted, are read of no more than what may be on the page.
    entries = _identify(connection, ranked[low:high])
    start, stop = 0, limit
    if cursor and isinstance(cursor.key, int | float):
        key = (float(cursor.key), cursor.id)
        if cursor.backwards:
            stop = sum(entry[:2] < key for entry in entries)
            start = max(0, stop - limit)
        else:
            start = sum(entry[:2] <= key for entry in entries)
            stop = start + limit
    page = entries[start:stop]

    def cursor_at(entry: Ranked, backwards: bool) -> Cursor:
        rank, article_id, _ = entry
        return Cursor(backwards, rank, article_id, bind(query), revision)

    next_cursor = cursor_at(page[-1], False) if page and low + stop < len(ranked) else None
    previous_cursor = cursor_at(page[0], True) if page and low + start > 0 else None
    return [doc for _, _, doc in page], next_cursor, previous_cursor


def _identify(connection: sqlite3.Connection, ranked: Sequence[tuple[float, int]]) -> list[Ranked]:
    """The articles with these ranks and numbers, best first."""
    columns = "SELECT number, id, doc FROM visible WHERE number IN (SELECT value FROM json_each(?))"
    rank_of = {number: rank for rank, number in ranked}
    found = connection.execute(columns, (json.dumps([*rank_of]),))
    return sorted((rank_of[number], article_id, doc) for number, article_id, doc in found)


def _hash_ranking(ranks: Sequence[float], published: Sequence[int | None]) -> str:
    """A hash of all ranks, and of when their articles were published where ranks are only places.

    It is equal on every replica. A scheduled article is in no ranking, so its arrival does not show here.
    """
    return hashlib.sha256(msgspec.msgpack.encode((ranks, published))).hexdigest()[:16]


def _read_published(connection: sqlite3.Connection, numbers: Sequence[int]) -> list[int | None]:
    """When the articles with these numbers were published, in seconds since 1970."""
    # One array, as in `read_matches`.
    (found,) = connection.execute(
        "SELECT json_group_array(row) FROM"
        " (SELECT row FROM json_each(?) CROSS JOIN visible ON number = value ORDER BY key)",
        (json.dumps(numbers),),
    ).fetchone()
    return [seconds_of(row) for row in json.loads(found)]


def _find_rare_words(
    connection: sqlite3.Connection, selection: Selection, numbers: Sequence[int], count: int | None
) -> list[str]:
    """The words by which articles are ranked, given as for `ranked_page`.

    BM25 counts all matches of a word, so common words are left out.
    """
    is_bounded = selection.rows != EVERY_ROW or selection.changed_from is not None
    if selection.words == (selection.match,) and not is_bounded:
        # All that was asked for is this word, so `numbers` are of its newest articles.
        is_common = (
            count > COMMON_WORD if count is not None else _is_common(connection, selection.match, numbers)
        )
        return [] if is_common else [selection.match]
    return [clause for clause in selection.words if not _is_common(connection, clause)]


def _rank_by_words(
    connection: sqlite3.Connection, selection: Selection, words: Sequence[str], numbers: Sequence[int]
) -> list[tuple[float, int]]:
    """The articles with `numbers`, given newest first, with their ranks by BM25, best first."""
    columns, expression = f"round(bm25(articles_fts, {_WEIGHTS}), 12), -rowid", " AND ".join(words)
    is_all = expression == selection.match and selection.changed_from is None
    return sorted(_read_matches(connection, columns, expression, numbers, is_all=is_all))


def _rank_by_titles(
    connection: sqlite3.Connection, selection: Selection, numbers: Sequence[int]
) -> list[tuple[float, int]]:
    """The articles with `numbers`, given newest first, with ranks that are places, best first.

    Those with all words in the title come first, and then the newer ones.
    """
    if not selection.words:
        return sorted((0.0, number) for number in numbers)
    in_titles = " AND ".join(selection.title_words)
    titled = _read_matches(connection, "-rowid", in_titles, numbers, is_all=False)
    in_title = {number for (number,) in titled}
    return sorted(
        (float(place if number in in_title else MOST_RANKED + place), number)
        for place, number in enumerate(numbers)
    )


def _is_common(connection: sqlite3.Connection, clause: str, numbers: Sequence[int] = ()) -> bool:
    """Whether more than COMMON_WORD articles match `clause`.

    `numbers` are of the newest of them, newest first.
    """
    known = numbers[:COMMON_WORD]
    after = -known[-1] if known else -EVERY_ROW.stop
    matches = "SELECT 1 FROM articles_fts WHERE articles_fts MATCH ? AND rowid > ? LIMIT 1 OFFSET ?"
    return connection.execute(matches, (clause, after, COMMON_WORD - len(known))).fetchone() is not None


def _read_matches(
    connection: sqlite3.Connection, columns: str, expression: str, numbers: Sequence[int], *, is_all: bool
) -> list[tuple[Any, ...]]:
    """`columns` of those of `numbers`, given newest first, that match an FTS5 expression.

    If `is_all`, it matches no others between the first and the last of them.
    """
    if not numbers:
        return []
    matches = f"SELECT {columns} FROM articles_fts WHERE articles_fts MATCH ? AND rowid BETWEEN ? AND ?"
    values = (expression, -numbers[0], -numbers[-1])
    if is_all:
        return connection.execute(matches, values).fetchall()
    among = f"{matches} AND +rowid IN (SELECT -value FROM json_each(?))"
    return connection.execute(among, (*values, json.dumps(numbers))).fetchall()
