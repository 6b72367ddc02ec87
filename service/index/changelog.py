"""The changelog of a query: what it finds, and what has left it, by when each last changed, newest first.

An archive page is a range of it: at any depth two keyset reads of at most 101 rows, cut by their keys.

A removal is stored under no term, for the whole index, and under each term of the article; it counts once a
transition at or after its instant has been applied. Filters other than terms (words, dates) are not applied:
more tombstones may be given than the query has lost articles, never fewer.
"""

# ruff: noqa: S608 (statements are joined from constants, values are always bound)

import hashlib
import sqlite3
from collections.abc import Iterable, Sequence

import msgspec

from service.index.article_row import TOMBSTONE_BYTES, decode_article, escaped_bytes, terms_of
from service.index.instants import instant, seconds
from service.index.schema import WHOLE
from service.index.where import Value, find_term, placeholders
from service.model import Article
from service.query import (
    ArchiveCursor,
    Query,
    Tombstone,
    alternative_terms,
    excluded_terms,
    hash_id,
    required_terms,
)

UNSETTLED_SECONDS = 7 * 86400
"""How long after the newest row a file may still arrive late."""

EXPIRED = "It has expired."

Key = tuple[int, str]
NEWEST: Key = (1 << 40, "")
"""A key above that of every row."""

_AFTER_ALL_HASHES = "g"
_WHOLE = ("", "")
_CARRIES = (
    "EXISTS (SELECT 1 FROM article_terms AS t WHERE t.term IN ({placeholders}) AND t.row = changelog.row)"
)
_REMOVED_WITH = (
    "EXISTS (SELECT 1 FROM removals AS other WHERE other.doc = r.doc AND (other.kind, other.slug) IN"
    " (VALUES {placeholders}))"
)
_RECORD = "INSERT INTO removals (kind, slug, removed_at, id_hash, doc) VALUES (?, ?, ?, ?, ?)"
_UNRECORDED = (
    "SELECT doc, documents.id, changed_at, unpack(article) FROM json_each(?)"
    " CROSS JOIN documents ON doc = value CROSS JOIN articles USING (doc)"
    " WHERE (withdrawn = 1 OR expires IS NOT NULL)"
    " AND NOT EXISTS (SELECT 1 FROM removals WHERE removals.doc = documents.doc)"
)


class ChangelogRow(msgspec.Struct, frozen=True):
    """One row: a visible article, or the tombstone of one that was removed; `size` in bytes."""

    key: Key
    doc: int
    size: int
    tombstone: Tombstone | None = None

    @property
    def position(self) -> ArchiveCursor:
        return ArchiveCursor(*self.key)


class NewestEnd(msgspec.Struct, frozen=True):
    """The newest end of a changelog: its first key, None if it is empty, and the name of its window."""

    newest: Key | None
    window: str

    def with_window(self, position: ArchiveCursor) -> ArchiveCursor:
        """`position` with the window it has now: none where nothing may arrive around it any more."""
        settled = self.newest is not None and is_settled(position.changed, self.newest[0])
        return ArchiveCursor(position.changed, position.id_hash, "" if settled else self.window)


class Changelog:
    """The changelog of `query`, in which removals up to `transition` count."""

    def __init__(self, connection: sqlite3.Connection, query: Query, transition: int) -> None:
        self._connection = connection
        self._with_text = query.content == "full"
        self._due: Key = (transition, _AFTER_ALL_HASHES)
        self._removals = _removal_filter(query)
        required = [find_term(connection, term) for term in required_terms(query)]
        required.sort(key=lambda term: (term.articles, term.number))
        first, *others = [term.number for term in required] or [WHOLE]
        groups = [[number] for number in others]
        groups += [
            [find_term(connection, term).number for term in terms] for terms in alternative_terms(query)
        ]
        excluded = [find_term(connection, term).number for term in excluded_terms(query)]
        conditions = [
            "changelog.term = ?",
            *(_CARRIES.format(placeholders=placeholders(len(group))) for group in groups),
        ]
        conditions += [f"NOT {_CARRIES.format(placeholders='?')}" for _ in excluded]
        self._condition = " AND ".join(conditions)
        self._values: tuple[Value, ...] = (
            first,
            *(number for group in groups for number in group),
            *excluded,
        )

    def rows(self, position: Key, limit: int) -> list[ChangelogRow]:
        """At most `limit` rows from the key `position` on."""
        visible = self._connection.execute(
            "SELECT changed, id_hash, doc, rest_bytes, text_bytes FROM ("
            "SELECT changelog.changed, changelog.id_hash, visible.doc"
            " FROM changelog CROSS JOIN visible USING (row)"
            f" WHERE {self._condition} AND (changelog.changed, changelog.id_hash) <= (?, ?)"
            " ORDER BY changelog.changed DESC, changelog.id_hash DESC LIMIT ?)"
            " CROSS JOIN documents USING (doc)",
            (*self._values, *position, limit),
        )
        rows = [
            ChangelogRow((changed, id_hash), doc, rest + (text if self._with_text else 0))
            for changed, id_hash, doc, rest, text in visible
        ]
        rows += self.removals(position, limit)
        return sorted(rows, key=lambda row: row.key, reverse=True)[:limit]

    def removals(self, position: Key, limit: int) -> list[ChangelogRow]:
        """At most `limit` tombstones from the key `position` on."""
        removed = self._connection.execute(
            "SELECT r.removed_at, r.id_hash, r.doc, documents.id, withdrawn, unpack(article)"
            " FROM removals AS r CROSS JOIN documents USING (doc) CROSS JOIN articles USING (doc)"
            f" WHERE {self._removals.condition} AND (r.removed_at, r.id_hash) <= (?, ?)"
            " ORDER BY r.removed_at DESC, r.id_hash DESC LIMIT ?",
            (*self._removals.values, *min(position, self._due), limit),
        )
        return [_make_tombstone(*columns) for columns in removed]

    def newest_end(self) -> NewestEnd:
        """The newest end; every key in its window is read."""
        newest = self.rows(NEWEST, 1)
        if not newest:
            return NewestEnd(None, window(()))
        oldest = newest[0].key[0] - UNSETTLED_SECONDS
        keys = self._connection.execute(
            f"SELECT changelog.changed, changelog.id_hash FROM changelog WHERE {self._condition} "
            "AND changelog.changed >= ?"
            f" UNION ALL SELECT r.removed_at, r.id_hash FROM removals AS r WHERE {self._removals.condition}"
            " AND r.removed_at >= ? AND r.removed_at <= ?",
            (*self._values, oldest, *self._removals.values, oldest, self._due[0]),
        )
        return NewestEnd(newest[0].key, window(sorted(keys, reverse=True)))


class RemovalFilter(msgspec.Struct, frozen=True):
    """Which removals may concern a query: `SELECT … FROM removals AS r WHERE {condition}`."""

    condition: str
    values: tuple[Value, ...]


def tombstones(rows: Iterable[ChangelogRow]) -> tuple[Tombstone, ...]:
    return tuple(row.tombstone for row in rows if row.tombstone)


def _make_tombstone(
    removed_at: int, id_hash: str, doc: int, article_id: str, withdrawn: int, blob: bytes
) -> ChangelogRow:
    withdrawal = decode_article(blob).withdrawn if withdrawn else None
    reason = withdrawal.reason if withdrawal else EXPIRED
    moment = instant(removed_at)
    if moment is None:
        raise LookupError(f"the removal of {article_id!r} has no date")
    size = TOMBSTONE_BYTES + 2 * escaped_bytes(reason)
    return ChangelogRow((removed_at, id_hash), doc, size, Tombstone(article_id, reason, moment))


def is_settled(changed: int, newest: int) -> bool:
    """Whether no row may arrive any more around `changed`, in a changelog whose newest row is at `newest`."""
    return newest - changed > UNSETTLED_SECONDS


def window(keys: Iterable[Key]) -> str:
    """The name of the rows in the unsettled end of a changelog: a hash of their keys."""
    lines = "".join(f"{changed}-{id_hash}\n" for changed, id_hash in keys)
    return hashlib.sha256(lines.encode()).hexdigest()[:8]


def removed_at(article: Article, changed_at: int) -> int | None:
    """The instant an article is removed, None if it stays; an undated withdrawn one at its last change."""
    if article.withdrawn:
        moment = seconds(article.withdrawn_at)
        return changed_at if moment is None else moment
    return seconds(article.expires)


def record_removals(connection: sqlite3.Connection, docs: Sequence[int]) -> None:
    """Record when each of the articles `docs` will be removed, if that is not recorded yet."""
    unrecorded = connection.execute(_UNRECORDED, (msgspec.json.encode(docs).decode(),)).fetchall()
    for doc, article_id, changed_at, blob in unrecorded:
        article = decode_article(blob)
        moment = removed_at(article, changed_at)
        if moment is None:
            continue
        terms = [_WHOLE, *((term.kind, term.slug) for term in terms_of(article))]
        id_hash = hash_id(article_id)
        connection.executemany(_RECORD, [(*term, moment, id_hash, doc) for term in terms])


def delete_removal(connection: sqlite3.Connection, doc: int) -> None:
    connection.execute("DELETE FROM removals WHERE doc = ?", (doc,))


def newest_removal(connection: sqlite3.Connection, query: Query, transition: int) -> int | None:
    """The instant of the last removal up to `transition` that `query` may have lost an article by."""
    removals = _removal_filter(query)
    rows = f"SELECT r.removed_at FROM removals AS r WHERE {removals.condition} AND r.removed_at <= ?"
    values = (*removals.values, transition)
    row = connection.execute(f"{rows} ORDER BY r.removed_at DESC LIMIT 1", values).fetchone()
    return None if row is None else int(row[0])


def _removal_filter(query: Query) -> RemovalFilter:
    """The removals of articles that `query` found, or would have found."""
    first, *others = [(str(kind), slug) for kind, slug in required_terms(query)] or [_WHOLE]
    groups = [[term] for term in others]
    groups += [[(str(kind), slug) for kind, slug in terms] for terms in alternative_terms(query)]
    excluded = [(str(kind), slug) for kind, slug in excluded_terms(query)]
    pairs = [_REMOVED_WITH.format(placeholders=", ".join(["(?, ?)"] * len(group))) for group in groups]
    conditions = ["r.kind = ? AND r.slug = ?", *pairs]
    conditions += [f"NOT {_REMOVED_WITH.format(placeholders='(?, ?)')}" for _ in excluded]
    terms = [first, *(term for group in groups for term in group), *excluded]
    return RemovalFilter(" AND ".join(conditions), tuple(part for term in terms for part in term))
