"""Relevance: the newest matches of a search, ranked by BM25. A cursor holds as long as the ranking does."""

import hashlib
import sqlite3

from service.errors import StaleCursor
from service.index.where import Selection, bounds, statement
from service.query import Cursor, Query, bind

MOST_RANKED = 1000
_WEIGHTS = "5.0, 1.0, 2.0, 1.0"
"""Of title, text, names and stems."""

Ranked = tuple[float, str, int]
"""(rank, id, doc): the better the smaller the rank."""


def page(
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
