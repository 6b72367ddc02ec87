"""The changelog of a query: what it finds, and what has left it, by when each last changed, newest first.

An archive page is a range of it: at any depth two keyset reads of at most 101 rows, cut by their keys.

A removal is stored under no term, for the whole index, and under each term of the article; it counts once a
transition at or after its instant has been applied. Filters other than terms (words, dates) are not applied:
more tombstones may be given than the query has lost articles, never fewer.
"""

# ruff: noqa: S608 (statements are joined from constants, values are always bound)

import hashlib
import sqlite3
from collections.abc import Iterable

import msgspec

from service.index.article_row import TOMBSTONE_BYTES, escaped_bytes, terms_of
from service.index.instants import instant, seconds
from service.index.schema import WHOLE
from service.index.visibility import decode
from service.index.where import Value, known_term
from service.model import Article
from service.query import ArchiveCursor, Query, Tombstone, excluded_terms, hash_id, required_terms

UNSETTLED_SECONDS = 7 * 86400
"""How far behind the newest row files may still arrive late."""


EXPIRED = "It has expired."


Key = tuple[int, str]


NEWEST: Key = (1 << 40, "")
"""A key above that of every row."""


_AFTER_ALL_HASHES = "g"


_CARRIES = "EXISTS (SELECT 1 FROM article_terms AS t WHERE t.term = ? AND t.row = changelog.row)"


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


class Row(msgspec.Struct, frozen=True):
    """One row: a visible article, or the tombstone of one that has left; `weight` in bytes."""

    key: Key
    doc: int
    weight: int
    tombstone: Tombstone | None = None

    @property
    def position(self) -> ArchiveCursor:
        return ArchiveCursor(*self.key)


class End(msgspec.Struct, frozen=True):
    """The newest end of a log: its first key, None where the log is empty, and the name of its window."""

    newest: Key | None
    window: str

    def address(self, position: ArchiveCursor) -> ArchiveCursor:
        """`position` with the window it has now: none where nothing may arrive around it any more."""
        settled = self.newest is not None and is_settled(position.changed, self.newest[0])
        return ArchiveCursor(position.changed, position.h, "" if settled else self.window)


class Changelog:
    """The changelog of `query`, in which removals up to `transition` count."""

    def __init__(self, connection: sqlite3.Connection, query: Query, transition: int) -> None:
        self._connection = connection
        self._with_text = query.content == "full"
        self._due: Key = (transition, _AFTER_ALL_HASHES)
        self._left = _removal_filter(query)
        required = [known_term(connection, kind, slug) for kind, slug in required_terms(query)]
        required.sort(key=lambda term: (term.articles, term.number))
        first, *others = [term.number for term in required] or [WHOLE]
        excluded = [known_term(connection, kind, slug).number for kind, slug in excluded_terms(query)]
        conditions = [
            "changelog.term = ?",
            *(_CARRIES for _ in others),
            *(f"NOT {_CARRIES}" for _ in excluded),
        ]
        self._condition = " AND ".join(conditions)
        self._values: tuple[Value, ...] = (first, *others, *excluded)

    def rows(self, position: Key, limit: int) -> list[Row]:
        """At most `limit` rows from the key `position` on."""
        found = self._connection.execute(
            "SELECT changed, h, doc, rest_bytes, text_bytes FROM ("
            "SELECT changelog.changed, changelog.h, visible.doc FROM changelog CROSS JOIN visible USING (row)"
            f" WHERE {self._condition} AND (changelog.changed, changelog.h) <= (?, ?)"
            " ORDER BY changelog.changed DESC, changelog.h DESC LIMIT ?) CROSS JOIN documents USING (doc)",
            (*self._values, *position, limit),
        )
        rows = [
            Row((changed, h), doc, rest + (text if self._with_text else 0))
            for changed, h, doc, rest, text in found
        ]
        rows += self.removals(position, limit)
        return sorted(rows, key=lambda row: row.key, reverse=True)[:limit]

    def removals(self, position: Key, limit: int) -> list[Row]:
        """At most `limit` tombstones from the key `position` on."""
        found = self._connection.execute(
            "SELECT d.at, d.h, d.doc, documents.id, withdrawn, article FROM removals AS d"
            " CROSS JOIN documents USING (doc) CROSS JOIN articles USING (doc)"
            f" WHERE {self._left.condition} AND (d.at, d.h) <= (?, ?)"
            " ORDER BY d.at DESC, d.h DESC LIMIT ?",
            (*self._left.values, *min(position, self._due), limit),
        )
        return [_buried(*row) for row in found]

    def end(self) -> End:
        """The newest end; every key in its window is read."""
        newest = self.rows(NEWEST, 1)
        if not newest:
            return End(None, window(()))
        oldest = newest[0].key[0] - UNSETTLED_SECONDS
        keys = self._connection.execute(
            f"SELECT changelog.changed, changelog.h FROM changelog WHERE {self._condition} "
            "AND changelog.changed >= ?"
            f" UNION ALL SELECT d.at, d.h FROM removals AS d WHERE {self._left.condition}"
            " AND d.at >= ? AND d.at <= ?",
            (*self._values, oldest, *self._left.values, oldest, self._due[0]),
        )
        return End(newest[0].key, window(sorted(keys, reverse=True)))


def tombstones(rows: Iterable[Row]) -> tuple[Tombstone, ...]:
    return tuple(row.tombstone for row in rows if row.tombstone)


def _buried(at: int, h: str, doc: int, article_id: str, withdrawn: int, blob: bytes) -> Row:
    withdrawal = decode(blob).withdrawn if withdrawn else None
    reason = withdrawal.reason if withdrawal else EXPIRED
    since = instant(at)
    if since is None:
        raise LookupError(f"the removal of {article_id!r} has no date")
    return Row(
        (at, h), doc, TOMBSTONE_BYTES + 2 * escaped_bytes(reason), Tombstone(article_id, reason, since)
    )


def is_settled(changed: int, newest: int) -> bool:
    """Whether no row may arrive any more around `changed`, in a log whose newest row is at `newest`."""
    return newest - changed > UNSETTLED_SECONDS


def window(keys: Iterable[tuple[int, str]]) -> str:
    """The name of what stands in a log's unsettled end: it differs when a single one of its keys does."""
    lines = "".join(f"{changed}-{h}\n" for changed, h in keys)
    return hashlib.sha256(lines.encode()).hexdigest()[:8]


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


def count_removals(connection: sqlite3.Connection, transition: int) -> int:
    """How many articles have left, up to `transition`."""
    statement = "SELECT count(*) FROM removals WHERE kind = ? AND slug = ? AND at <= ?"
    return int(connection.execute(statement, (*_WHOLE, transition)).fetchone()[0])


def record_removals(connection: sqlite3.Connection) -> None:
    """Keep when each article leaves that has its id and is not noted yet."""
    for doc, article_id, changed_at, blob in connection.execute(_LEAVING).fetchall():
        article = decode(blob)
        at = leaves_at(article, changed_at)
        if at is None:
            continue
        terms = [_WHOLE, *((term.kind, term.slug) for term in terms_of(article))]
        h = hash_id(article_id)
        connection.executemany(_NOTE, [(*term, at, h, doc) for term in terms])


def delete_removal(connection: sqlite3.Connection, doc: int) -> None:
    """Delete the removal of the document `doc`."""
    connection.execute("DELETE FROM removals WHERE doc = ?", (doc,))


def _removal_filter(query: Query) -> RemovalFilter:
    """What has left `query`, or will."""
    required, excluded = required_terms(query), excluded_terms(query)
    first, *others = [(str(kind), slug) for kind, slug in required] or [_WHOLE]
    conditions = ["d.kind = ? AND d.slug = ?"]
    conditions += [_HAS for _ in others] + [f"NOT {_HAS}" for _ in excluded]
    values: list[Value] = [*first, *(part for term in (*others, *excluded) for part in term)]
    return RemovalFilter(" AND ".join(conditions), tuple(values))


def newest_removal(connection: sqlite3.Connection, query: Query, transition: int) -> int | None:
    """The instant of the last departure up to `transition` that `query` may have lost an article by."""
    found = _removal_filter(query)
    rows = f"SELECT d.at FROM removals AS d WHERE {found.condition} AND d.at <= ?"
    row = connection.execute(f"{rows} ORDER BY d.at DESC LIMIT 1", (*found.values, transition)).fetchone()
    return None if row is None else int(row[0])
