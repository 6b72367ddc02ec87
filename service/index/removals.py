"""What has left: every article that was withdrawn or has expired, in the order of the log.

A departure is kept under no term, for the whole index, and under each term the article carries; it counts
once a transition at or after its instant has been applied. What a query asks beyond terms (words, dates) is
not looked at: more tombstones may be given than the query has lost articles, never fewer.
"""

# ruff: noqa: S608 (statements are joined from constants, values are always bound)

import sqlite3

import msgspec

from service.index.clock import seconds
from service.index.terms import terms_of
from service.index.visibility import decode
from service.index.where import Value
from service.model import Article
from service.query import Query, excluded_terms, hash_id, required_terms

_WHOLE = ("", "")
_NOTE = "INSERT INTO removals (kind, slug, at, h, doc) VALUES (?, ?, ?, ?, ?)"
_LEAVING = (
    "SELECT doc, id, changed_at, article"
    " FROM documents INDEXED BY documents_leaving CROSS JOIN articles USING (doc)"
    " WHERE (withdrawn = 1 OR expires IS NOT NULL) AND id IS NOT NULL"
    " AND NOT EXISTS (SELECT 1 FROM removals WHERE removals.doc = documents.doc)"
)
_HAS = (
    "EXISTS (SELECT 1 FROM removals AS other WHERE other.doc = d.doc AND other.kind = ? AND other.slug = ?)"
)


class RemovalFilter(msgspec.Struct, frozen=True):
    """Which removals may concern a query: `SELECT … FROM removals AS d WHERE {condition}`."""

    condition: str
    values: tuple[Value, ...]


def leaves_at(article: Article, changed_at: int) -> int | None:
    """The instant an article leaves; None when it stays. One without any date is withdrawn at `told`."""
    if article.withdrawn:
        at = seconds(article.withdrawn_at)
        return changed_at if at is None else at
    return seconds(article.expires)


def count(connection: sqlite3.Connection, transition: int) -> int:
    """How many articles have left, up to `transition`."""
    statement = "SELECT count(*) FROM removals WHERE kind = ? AND slug = ? AND at <= ?"
    return int(connection.execute(statement, (*_WHOLE, transition)).fetchone()[0])


def note(connection: sqlite3.Connection) -> None:
    """Keep when each article leaves that has its id and is not noted yet."""
    for doc, article_id, changed_at, blob in connection.execute(_LEAVING).fetchall():
        article = decode(blob)
        at = leaves_at(article, changed_at)
        if at is None:
            continue
        terms = [_WHOLE, *((term.kind, term.slug) for term in terms_of(article))]
        h = hash_id(article_id)
        connection.executemany(_NOTE, [(*term, at, h, doc) for term in terms])


def forget(connection: sqlite3.Connection, doc: int) -> None:
    """Delete the removal of the document `doc`."""
    connection.execute("DELETE FROM removals WHERE doc = ?", (doc,))


def removals_of(query: Query) -> RemovalFilter:
    """What has left `query`, or will."""
    required, excluded = required_terms(query), excluded_terms(query)
    first, *others = [(str(kind), slug) for kind, slug in required] or [_WHOLE]
    conditions = ["d.kind = ? AND d.slug = ?"]
    conditions += [_HAS for _ in others] + [f"NOT {_HAS}" for _ in excluded]
    values: list[Value] = [*first, *(part for term in (*others, *excluded) for part in term)]
    return RemovalFilter(" AND ".join(conditions), tuple(values))


def newest(connection: sqlite3.Connection, query: Query, transition: int) -> int | None:
    """The instant of the last departure up to `transition` that `query` may have lost an article by."""
    found = removals_of(query)
    rows = f"SELECT d.at FROM removals AS d WHERE {found.condition} AND d.at <= ?"
    row = connection.execute(f"{rows} ORDER BY d.at DESC LIMIT 1", (*found.values, transition)).fetchone()
    return None if row is None else int(row[0])
