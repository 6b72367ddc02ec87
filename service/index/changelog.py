"""The log of a query: what it finds, and what has left it, by when each last changed, newest first.

An archive document is a stretch of it: at any depth two keyset reads of at most 101 rows, cut by their keys.
"""

# ruff: noqa: S608 (statements are joined from constants, values are always bound)

import sqlite3
from collections.abc import Iterable

import msgspec

from service.index.archive_pages import UNSETTLED_SECONDS, is_settled, window
from service.index.clock import instant
from service.index.removals import removals_of
from service.index.schema import WHOLE
from service.index.size_estimate import TOMBSTONE_BYTES, written
from service.index.visibility import decode
from service.index.where import Value, known_term
from service.query import ArchiveCursor, Query, Tombstone, excluded_terms, required_terms

EXPIRED = "It has expired."

Key = tuple[int, str]
NEWEST: Key = (1 << 40, "")
"""A key above that of every row."""

_AFTER_ALL_HASHES = "g"
_CARRIES = "EXISTS (SELECT 1 FROM article_terms AS t WHERE t.term = ? AND t.row = changelog.row)"


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
        self._left = removals_of(query)
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
        raise LookupError(f"the departure of {article_id!r} has no instant")
    return Row((at, h), doc, TOMBSTONE_BYTES + 2 * written(reason), Tombstone(article_id, reason, since))
