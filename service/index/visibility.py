"""Which articles are visible: those published and not expired, with their rows, terms, counts and full text.

Publications, updates and expiries are applied when they are due.
"""

# ruff: noqa: S608 (statements are joined from constants, values are always bound)

import sqlite3
from collections import Counter
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import msgspec

from service.errors import IndexUnavailable, IndexUnusable
from service.index.article_row import IndexEntry, SearchText, Term, index_entry
from service.index.database import (
    NO_INDEX,
    IncompatibleIndex,
    decoder,
    file_of,
    open_reader,
    reported_damage,
    translate_errors,
    writing,
)
from service.index.instants import FIRST_DATED, assign_rows, bucket, instant, seconds, seconds_of, spread_rows
from service.index.instants import now as present
from service.index.schema import SHIFT, UNDATED, WHOLE
from service.index.state import IndexState
from service.model import Article
from service.query import hash_id

_SHOW_TEXT = """
INSERT INTO articles_fts (rowid, title, text, names, stems, title_stems) VALUES (?, ?, ?, ?, ?, ?)
"""

_HIDE_TEXT = """
INSERT INTO articles_fts (articles_fts, rowid, title, text, names, stems, title_stems)
VALUES ('delete', ?, ?, ?, ?, ?, ?)
"""

MAX_KEPT_CHARACTERS = 64_000_000
"""How much of the tokens of parsed articles is kept until they are shown; the rest is computed again."""

decode = decoder(Article)

# Partial indexes over few rows, named here because SQLite has no statistics to choose them by.
_WAITING = "documents INDEXED BY documents_waiting WHERE row IS NULL AND slug IS NOT NULL AND withdrawn = 0"
_EXPIRING = "documents INDEXED BY documents_expiring WHERE row IS NOT NULL AND expires IS NOT NULL"
_PENDING = (
    "documents INDEXED BY documents_pending_update WHERE row IS NOT NULL AND pending_update_at IS NOT NULL"
)
_REMOVALS = "removals WHERE kind = '' AND slug = ''"


def before_update(article: Article) -> Article:
    """The article as readers see it until the instant of its update: without its correction."""
    return msgspec.structs.replace(article, updated=article.published, correction=None)


class Visible:
    """Shows and hides articles within one write transaction, as they are to be seen at `now` (in seconds).

    Counts are written by `flush`.
    """

    def __init__(self, connection: sqlite3.Connection, now: int) -> None:
        self._connection = connection
        self._now = now
        self._terms: dict[tuple[str, str], int] = {}
        self._articles: Counter[int] = Counter()
        self._spellings: Counter[tuple[int, str]] = Counter()
        self._entries: dict[int, IndexEntry] = {}
        self._room = MAX_KEPT_CHARACTERS
        self.changes = 0
        """How many articles were shown or hidden."""

    def keep(self, doc: int, entry: IndexEntry) -> None:
        """Remember what the article `doc` is shown by, as it is about to be, if there is room."""
        self._room -= sum(map(len, _columns(entry.search_text)))
        if self._room >= 0:
            self._entries[doc] = entry

    def show(self, doc: int, row: int) -> None:
        """Make the stored article `doc` visible at `row`; nothing is dated ahead of `now`."""
        execute = self._connection.execute
        article_id, published_at = execute(
            "SELECT id, published_at FROM documents WHERE doc = ?", (doc,)
        ).fetchone()
        entry = self._entries.pop(doc, None) or index_entry(self._article(doc))
        pending_update_at = entry.updated if entry.has_pending_update(self._now) else None
        if pending_update_at is not None:
            entry = index_entry(before_update(self._article(doc)))
        changed = entry.changed(self._now)
        changed_at, changed = (published_at, UNDATED) if changed is None else (changed, changed)
        execute(
            "UPDATE documents SET row = ?, changed_at = ?, pending_update_at = ? WHERE doc = ?",
            (row, changed_at, pending_update_at, doc),
        )
        execute(
            "INSERT INTO visible (row, doc, id, changed, title_key, series_key) VALUES (?, ?, ?, ?, ?, ?)",
            (row, doc, article_id, changed, entry.title_key, entry.series_key),
        )
        terms = [self._count(term, 1) for term in entry.terms]
        many = self._connection.executemany
        many(
            "INSERT INTO article_terms (term, row, changed) VALUES (?, ?, ?)",
            [(term, row, changed) for term in terms],
        )
        id_hash = hash_id(article_id)
        many(
            "INSERT INTO changelog (term, changed, id_hash, row) VALUES (?, ?, ?, ?)",
            [(term, changed_at, id_hash, row) for term in (WHOLE, *terms)],
        )
        execute(_SHOW_TEXT, (row, *_columns(entry.search_text)))
        self.changes += 1

    def hide(self, doc: int) -> None:
        """Make the stored article `doc` invisible; nothing happens if it is."""
        execute = self._connection.execute
        row, article_id, changed_at, pending_update_at = execute(
            "SELECT row, id, changed_at, pending_update_at FROM documents WHERE doc = ?", (doc,)
        ).fetchone()
        if row is None:
            return
        article = self._article(doc)
        entry = index_entry(article if pending_update_at is None else before_update(article))
        execute("UPDATE documents SET row = NULL WHERE doc = ?", (doc,))
        execute("DELETE FROM visible WHERE row = ?", (row,))
        terms = [self._count(term, -1) for term in entry.terms]
        many = self._connection.executemany
        many("DELETE FROM article_terms WHERE term = ? AND row = ?", [(term, row) for term in terms])
        id_hash = hash_id(article_id)
        many(
            "DELETE FROM changelog WHERE term = ? AND changed = ? AND id_hash = ? AND row = ?",
            [(term, changed_at, id_hash, row) for term in (WHOLE, *terms)],
        )
        # A contentless FTS5 table needs the tokens of a row to delete it: those it was shown with.
        execute(_HIDE_TEXT, (row, *_columns(entry.search_text)))
        self.changes += 1

    def _article(self, doc: int) -> Article:
        (blob,) = self._connection.execute("SELECT article FROM articles WHERE doc = ?", (doc,)).fetchone()
        return decode(blob)

    def flush(self) -> None:
        """Write the counts; a term that no article carries any more is deleted."""
        many = self._connection.executemany
        many(
            "UPDATE terms SET articles = articles + ? WHERE term = ?",
            [(difference, term) for term, difference in self._articles.items() if difference],
        )
        many(
            "INSERT INTO spellings (term, name, articles) VALUES (?, ?, ?)"
            " ON CONFLICT DO UPDATE SET articles = articles + excluded.articles",
            [(term, name, difference) for (term, name), difference in self._spellings.items() if difference],
        )
        self._connection.execute("DELETE FROM spellings WHERE articles = 0")
        self._connection.execute("DELETE FROM terms WHERE articles = 0")
        self._articles.clear()
        self._spellings.clear()
        self._terms.clear()

    def _count(self, term: Term, difference: int) -> int:
        """The number of `term`, once `difference` articles more carry it."""
        key = (term.kind, term.slug)
        number = self._terms.get(key)
        if number is None:
            number = self._terms[key] = self._number(*key)
        self._articles[number] += difference
        if term.name is not None:
            self._spellings[number, term.name] += difference
        return number

    def _number(self, kind: str, slug: str) -> int:
        execute = self._connection.execute
        row = execute("SELECT term FROM terms WHERE kind = ? AND slug = ?", (kind, slug)).fetchone()
        if row:
            return int(row[0])
        inserted = execute("INSERT INTO terms (kind, slug, articles) VALUES (?, ?, 0)", (kind, slug))
        return inserted.lastrowid or 0


def _columns(text: SearchText) -> tuple[str, ...]:
    return text.title, text.text, text.names, text.stems, text.title_stems


class CrowdedError(Exception):
    """More articles share one instant than there are rows for it."""


def apply_due_transitions(url: str, now: datetime | None = None) -> datetime | None:
    """Apply what is due at `now` (default: the present) without reading files; the next instant to call this.

    Takes microseconds when nothing is due. Raises SettingsError, IndexUnavailable.
    """
    path = file_of(url)
    moment = seconds(now or present()) or 0
    try:
        if (reason := reported_damage(path)) is not None:
            raise IncompatibleIndex(reason)
        with translate_errors(path):
            connection = open_reader(path)
            if connection is None:
                raise IndexUnusable(path, NO_INDEX)
            try:
                if newest_transition(connection, moment) == IndexState.read(connection).transition:
                    return instant(next_transition(connection, moment))
            finally:
                connection.close()
        with writing(path, build=False) as connection:
            state = IndexState.read(connection)
            visible = Visible(connection, moment)
            arrange_visible(connection, visible, moment, path)
            with_counts(state, connection, moment).write(connection)
            return instant(next_transition(connection, moment))
    except IncompatibleIndex as error:
        raise IndexUnusable(path, f"{error}; run `broadsheet index`") from error


def arrange_visible(connection: sqlite3.Connection, visible: Visible, now: int, path: Path) -> None:
    """Show and hide what is due at `now`. Raises IndexUnavailable when too many articles share an instant."""
    try:
        arrange(connection, visible, now)
    except CrowdedError as error:
        raise IndexUnavailable(path, f"{error}; give some of them dates") from error
    visible.flush()


def with_counts(state: IndexState, connection: sqlite3.Connection, now: int) -> IndexState:
    """`state` with the number of visible articles and the newest transition."""
    (articles,) = connection.execute("SELECT count(*) FROM visible").fetchone()
    transition = newest_transition(connection, now)
    return msgspec.structs.replace(state, articles=articles, transition=transition)


def arrange(connection: sqlite3.Connection, visible: Visible, now: int) -> None:
    """Make exactly those articles visible that are published and not expired at `now` (seconds since 1970).

    An update is shown from its instant on. Raises CrowdedError.
    """
    leaving = [
        *_read_rows(connection, "SELECT doc FROM visible WHERE row >= ?", (now + 1) << SHIFT),
        *_read_rows(connection, f"SELECT doc FROM {_EXPIRING} AND expires <= ?", now),
        # These come back at once, with another date.
        *_read_rows(connection, "SELECT doc FROM visible WHERE changed > ?", now),
        *_read_rows(connection, f"SELECT doc FROM {_PENDING} AND pending_update_at <= ?", now),
    ]
    for (doc,) in leaving:
        visible.hide(doc)
    arriving = _read_rows(
        connection,
        f"SELECT published, id, doc FROM {_WAITING}"
        " AND (published IS NULL OR published <= ?) AND (expires IS NULL OR expires > ?)"
        " ORDER BY published, id",
        now,
        now,
    )
    for published, group in groupby(arriving, key=lambda row: row[0]):
        _show_together(
            connection, visible, bucket(published), {article_id: doc for _, article_id, doc in group}
        )


def newest_transition(connection: sqlite3.Connection, now: int) -> int:
    """The newest instant up to `now` at which an article appeared, was updated or left; 0 when there is none.

    It depends on the content and `now` alone, and tells which articles are visible, and how.
    """
    last = connection.execute(
        "SELECT max(row) FROM visible WHERE row >= ? AND row < ?", (FIRST_DATED, (now + 1) << SHIFT)
    ).fetchone()[0]
    moments = [
        None if last is None else seconds_of(last),
        *(
            connection.execute(statement, (now,)).fetchone()[0]
            for statement in (
                f"SELECT max(published) FROM {_WAITING} AND published <= ?",
                f"SELECT max(removed_at) FROM {_REMOVALS} AND removed_at <= ?",
                f"SELECT max(pending_update_at) FROM {_PENDING} AND pending_update_at <= ?",
                "SELECT max(changed) FROM visible WHERE changed <= ?",
            )
        ),
    ]
    return max((moment for moment in moments if moment is not None), default=0)


def next_transition(connection: sqlite3.Connection, now: int) -> int | None:
    """The first instant after `now` at which an article appears, is updated or leaves."""
    moments = [
        connection.execute(statement, (now,)).fetchone()[0]
        for statement in (
            f"SELECT min(published) FROM {_WAITING} AND published > ?",
            f"SELECT min(removed_at) FROM {_REMOVALS} AND removed_at > ?",
            f"SELECT min(pending_update_at) FROM {_PENDING} AND pending_update_at > ?",
        )
    ]
    return min((moment for moment in moments if moment is not None), default=None)


def scheduled(connection: sqlite3.Connection, now: int) -> int:
    """How many articles are waiting for their instant."""
    statement = f"SELECT count(*) FROM {_WAITING} AND published > ?"
    return int(connection.execute(statement, (now,)).fetchone()[0])


def count_departed(connection: sqlite3.Connection, now: int) -> tuple[int, int]:
    """How many articles have expired, and how many are withdrawn."""
    expired, withdrawn = connection.execute(
        "SELECT coalesce(sum(withdrawn = 0), 0), coalesce(sum(withdrawn), 0)"
        " FROM documents INDEXED BY documents_leaving"
        " WHERE (withdrawn = 1 OR expires IS NOT NULL) AND slug IS NOT NULL"
        " AND (withdrawn = 1 OR expires <= ?)",
        (now,),
    ).fetchone()
    return expired, withdrawn


def _show_together(
    connection: sqlite3.Connection, visible: Visible, room: range, docs: dict[str, int]
) -> None:
    """Show articles of one instant, given as id → doc, sorted by id, among those that are there."""
    neighbours = _read_rows(
        connection,
        "SELECT id, row, doc FROM visible WHERE row >= ? AND row < ? ORDER BY row",
        room.start,
        room.stop,
    )
    rows = assign_rows([(article_id, row) for article_id, row, _ in neighbours], list(docs), room)
    if rows is None:
        for article_id, _, doc in neighbours:
            visible.hide(doc)
            docs[article_id] = doc
        rows = spread_rows(sorted(docs), room)
    if rows is None:
        raise CrowdedError(f"more than {len(room)} articles share one instant")
    for article_id, row in sorted(rows.items()):
        visible.show(docs[article_id], row)


def _read_rows(connection: sqlite3.Connection, statement: str, *values: int) -> list[tuple[Any, ...]]:
    """Every row at once: what is read here is about to be changed."""
    return connection.execute(statement, values).fetchall()
