"""Which articles are visible: those published and not expired, with their rows, terms, counts and full text.

Publications, updates and expiries are applied when they are due.
"""

# ruff: noqa: S608 (statements are joined from constants, values are always bound)

import sqlite3
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import datetime
from io import SEEK_END
from itertools import groupby
from pathlib import Path
from tempfile import SpooledTemporaryFile
from types import TracebackType
from typing import Any, Self

import msgspec

from service.errors import IndexUnavailable, IndexUnusable
from service.index.article_row import NO_TEXT, IndexEntry, Term, before_update, decode_article, index_entry
from service.index.database import (
    IncompatibleIndex,
    decoder,
    file_of,
    interruptible,
    reading,
    reported_damage,
    writing,
)
from service.index.differences.changed_articles import ChangedArticles
from service.index.differences.recording import record_difference
from service.index.instants import FIRST_DATED, assign_rows, bucket, instant, seconds, seconds_of, spread_rows
from service.index.instants import now as present
from service.index.schema import SHIFT, UNDATED, WHOLE
from service.index.state import TAKEN, Counts, IndexState, count_up_to, folder_identity
from service.index.tables.article_numbers import find_gap, find_numbers, make_room
from service.index.tables.full_text import (
    Columns,
    FullTextBuilder,
    article_columns,
    delete_texts,
    insert_texts,
)
from service.index.tables.sitemap_parts import SitemapPartWriter
from service.model import Article
from service.query import hash_id

KEPT_BYTES = 8_000_000
"""How much of the entries of new articles is kept in memory until they are shown; more is kept on disk."""

SHOWN_AT_ONCE = 500
"""How many articles are shown, or hidden, before their rows or full texts are written together."""

_decode_entry = decoder(IndexEntry)
_encode = msgspec.msgpack.Encoder().encode

# Partial indexes over few rows, named here because SQLite has no statistics to choose them by.
_INVISIBLE = "row IS NULL AND slug IS NOT NULL AND withdrawn = 0"
_WAITING = f"documents INDEXED BY documents_waiting WHERE {_INVISIBLE} AND expires IS NULL"
_WAITING_TO_EXPIRE = (
    f"documents INDEXED BY documents_waiting_to_expire WHERE {_INVISIBLE} AND expires IS NOT NULL"
)
_BY_EXPIRY = f"documents INDEXED BY documents_waiting_by_expiry WHERE {_INVISIBLE} AND expires IS NOT NULL"
_EXPIRING = "documents INDEXED BY documents_expiring WHERE row IS NOT NULL AND expires IS NOT NULL"
_PENDING = (
    "documents INDEXED BY documents_pending_update WHERE row IS NOT NULL AND pending_update_at IS NOT NULL"
)
_REMOVALS = "removals WHERE kind = '' AND slug = ''"


class VisibilityWriter:
    """Shows and hides articles within one write transaction, as they are to be seen at `now` (in seconds).

    Counts are written by `flush`, the full text of a large build when the block ends. `changed` notes which
    articles were shown and hidden.
    """

    def __init__(self, connection: sqlite3.Connection, now: int, changed: ChangedArticles) -> None:
        self._connection = connection
        self._now = now
        self._changed = changed
        self._numbers = _TermNumbers(connection)
        self._terms: Counter[Term] = Counter()  # how many articles more carry each
        self._entries = _EntryFile(_file(connection))
        self._full_text: FullTextBuilder | None = None
        self._shown: list[_ShownArticle] = []
        self._hidden_texts: list[tuple[int, Columns]] = []
        self._sitemap_parts = SitemapPartWriter(connection)
        self._difference = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, error: type[BaseException] | None, *_: BaseException | TracebackType | None) -> None:
        """Wait for the full text that is being built, unless there was an error; delete what was kept."""
        self._entries.close()
        if self._full_text is None:
            return
        with closing(self._full_text):
            if error is None:
                self._full_text.move(self._connection)

    def build_full_text(self) -> None:
        """Build the full text of many articles apart from the rest. None is visible, and none kept yet."""
        file = _file(self._connection)
        if file is not None:
            self._full_text = FullTextBuilder(file.with_name(f"{file.name}.text"))

    def keep(self, entries: Iterable[tuple[int, bytes]]) -> None:
        """Remember the IndexEntry of stored articles, encoded, by doc in ascending order."""
        if self._full_text:
            entries = self._gather_texts(entries, self._full_text)
        self._entries.add([*entries])

    def _gather_texts(
        self, entries: Iterable[tuple[int, bytes]], full_text: FullTextBuilder
    ) -> list[tuple[int, bytes]]:
        """Give the texts in `entries` to `full_text`; the entries without them."""
        texts, others = [], []
        for doc, encoded in entries:
            entry = _decode_entry(encoded) if encoded else None
            if entry:
                others.append((doc, _encode(msgspec.structs.replace(entry, search_text=NO_TEXT))))
                if entry.has_pending_update(self._now):
                    entry = index_entry(before_update(self._article(doc)))
                texts.append((doc, article_columns(entry.search_text, self._numbers.of(entry.terms))))
            else:
                others.append((doc, encoded))
        full_text.add(texts)
        return others

    def start_full_text(self, numbers: Iterable[tuple[int, int]]) -> None:
        """Begin to write the full text that was kept, of all (number, doc) that will be shown, in order."""
        if self._full_text:
            self._full_text.start(numbers)

    def make_room(self, below: int, count: int) -> Sequence[int]:
        """As `article_numbers.make_room`."""
        self._write_shown()
        self._write_hidden_texts()
        return make_room(self._connection, below, count)

    def show(self, doc: int, article_id: str, published_at: int, row: int, number: int) -> None:
        """Make the stored article `doc` visible at `row`; nothing is dated ahead of `now`.

        Its `number` is between those of its neighbours. Articles are shown fastest in ascending order of
        their rows.
        """
        kept = self._entries.read(doc)
        entry = _decode_entry(kept) if kept else index_entry(self._article(doc))
        pending_update_at = entry.updated if entry.has_pending_update(self._now) else None
        if pending_update_at is not None:
            entry = index_entry(before_update(self._article(doc)))
        changed = entry.changed(self._now)
        self._terms.update(entry.terms)
        self._shown.append(
            _ShownArticle(
                doc=doc,
                row=row,
                number=number,
                id=article_id,
                changed=UNDATED if changed is None else changed,
                changed_at=published_at if changed is None else changed,
                pending_update_at=pending_update_at,
                entry=entry,
                terms=tuple(self._numbers.of(entry.terms)),
            )
        )
        self._sitemap_parts.note(row)
        self._difference += 1
        if len(self._shown) >= SHOWN_AT_ONCE:
            self._write_shown()

    def _write_shown(self) -> None:
        """Write the rows of the articles that were shown last."""
        shown, self._shown = self._shown, []
        if not shown:
            return
        self._write_hidden_texts()
        many = self._connection.executemany
        many(
            "UPDATE documents SET row = ?, changed_at = ?, pending_update_at = ? WHERE doc = ?",
            [(article.row, article.changed_at, article.pending_update_at, article.doc) for article in shown],
        )
        many(
            "INSERT INTO visible (row, number, doc, id, changed, title_key, series_key)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    article.row,
                    article.number,
                    article.doc,
                    article.id,
                    article.changed,
                    article.entry.title_key,
                    article.entry.series_key,
                )
                for article in shown
            ],
        )
        many(
            "INSERT INTO article_terms (term, row, changed) VALUES (?, ?, ?)",
            [(term, article.row, article.changed) for article in shown for term in article.terms],
        )
        many(
            "INSERT INTO changelog (term, changed, id_hash, row) VALUES (?, ?, ?, ?)",
            [
                (term, article.changed_at, id_hash, article.row)
                for article in shown
                for id_hash in (hash_id(article.id),)
                for term in (WHOLE, *article.terms)
            ],
        )
        if self._full_text is None:
            texts = [
                (article.number, article_columns(article.entry.search_text, article.terms))
                for article in shown
            ]
            insert_texts(self._connection, "articles_fts", texts)
        self._changed.note_shown([article.doc for article in shown])

    def hide(self, doc: int) -> None:
        """Make the stored article `doc` invisible; nothing happens if it is."""
        self._write_shown()
        execute = self._connection.execute
        row, number, article_id, changed_at, pending_update_at = execute(
            "SELECT row, visible.number, documents.id, changed_at, pending_update_at"
            " FROM documents LEFT JOIN visible USING (row) WHERE documents.doc = ?",
            (doc,),
        ).fetchone()
        if row is None:
            return
        article = self._article(doc)
        article = article if pending_update_at is None else before_update(article)
        entry = index_entry(article)
        self._changed.note_hidden(doc, article, article_id)
        execute("UPDATE documents SET row = NULL WHERE doc = ?", (doc,))
        execute("DELETE FROM visible WHERE row = ?", (row,))
        self._terms.subtract(entry.terms)
        terms = [*self._numbers.of(entry.terms)]
        many = self._connection.executemany
        many("DELETE FROM article_terms WHERE term = ? AND row = ?", [(term, row) for term in terms])
        id_hash = hash_id(article_id)
        many(
            "DELETE FROM changelog WHERE term = ? AND changed = ? AND id_hash = ? AND row = ?",
            [(term, changed_at, id_hash, row) for term in (WHOLE, *terms)],
        )
        # A contentless FTS5 table needs the tokens of a row to delete it: those it was shown with.
        self._hidden_texts.append((number, article_columns(entry.search_text, terms)))
        self._sitemap_parts.note(row)
        self._difference -= 1
        if len(self._hidden_texts) >= SHOWN_AT_ONCE:
            self._write_hidden_texts()

    def _write_hidden_texts(self) -> None:
        """Delete the full text of the articles that were hidden last.

        Together: after a statement with a trigger FTS5 writes what it has gathered.
        """
        hidden_texts, self._hidden_texts = self._hidden_texts, []
        delete_texts(self._connection, "articles_fts", hidden_texts)

    def _article(self, doc: int) -> Article:
        (blob,) = self._connection.execute(
            "SELECT unpack(article) FROM articles WHERE doc = ?", (doc,)
        ).fetchone()
        return decode_article(blob)

    def flush(self) -> None:
        """Write what was shown, counts and sitemap parts; a term that no article carries is deleted."""
        self._write_shown()
        self._write_hidden_texts()
        self._sitemap_parts.flush()
        many = self._connection.executemany
        differences = [
            (self._numbers[term], term.name, difference) for term, difference in self._terms.items()
        ]
        spellings = [(term, name, difference) for term, name, difference in differences if name is not None]
        many(
            "UPDATE terms SET articles = articles + ? WHERE term = ?",
            [(difference, term) for term, _, difference in differences if difference],
        )
        many(
            "INSERT INTO spellings (term, name, articles) VALUES (?, ?, ?)"
            " ON CONFLICT DO UPDATE SET articles = articles + excluded.articles",
            [spelling for spelling in spellings if spelling[2]],
        )
        many(
            "DELETE FROM spellings WHERE term = ? AND name = ? AND articles = 0",
            [(term, name) for term, name, _ in spellings],
        )
        many(
            "DELETE FROM terms WHERE term = ? AND articles = 0", [(term,) for term in self._numbers.values()]
        )
        # Not by a trigger: the savepoint it needs would write what the full text gathers, for each article.
        self._connection.execute("UPDATE counts SET visible = visible + ?", (self._difference,))
        self._difference = 0
        self._terms.clear()
        self._numbers.clear()


class _TermNumbers(dict[Term, int]):
    """The numbers of terms, which perhaps no visible article carries yet; looked up when asked for."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__()
        self._connection = connection

    def of(self, terms: Iterable[Term]) -> Iterator[int]:
        return map(self.__getitem__, terms)

    def __missing__(self, term: Term) -> int:
        execute, key = self._connection.execute, (term.kind, term.slug)
        row = execute("SELECT term FROM terms WHERE kind = ? AND slug = ?", key).fetchone()
        if row:
            number = int(row[0])
        else:
            inserted = execute("INSERT INTO terms (kind, slug, articles) VALUES (?, ?, 0)", key)
            number = inserted.lastrowid or 0
        self[term] = number
        return number


class _ShownArticle(msgspec.Struct, frozen=True, gc=False):
    """An article whose rows are about to be written; `terms` are the numbers of its terms."""

    doc: int
    row: int
    number: int
    id: str
    changed: int
    changed_at: int
    pending_update_at: int | None
    entry: IndexEntry
    terms: tuple[int, ...]


class _EntryFile:
    """The encoded entries of new articles by doc: in memory, and beyond KEPT_BYTES in an unnamed file."""

    def __init__(self, index: Path | None) -> None:
        folder = str(index.parent) if index else None  # which has room for what a build keeps
        self._file = SpooledTemporaryFile(KEPT_BYTES, dir=folder)  # noqa: SIM115 - see `close`
        self._first_doc = 0
        self._ends = array("Q")

    def add(self, entries: Sequence[tuple[int, bytes]]) -> None:
        """Keep the entries of articles, whose docs follow each other and the last one before."""
        if not self._ends:
            self._first_doc = entries[0][0]
        end = self._file.seek(0, SEEK_END)
        self._file.write(b"".join([entry for _, entry in entries]))
        for _, entry in entries:
            end += len(entry)
            self._ends.append(end)

    def read(self, doc: int) -> bytes:
        """The entry of an article; empty if none was kept."""
        position = doc - self._first_doc
        if not 0 <= position < len(self._ends):
            return b""
        start = self._ends[position - 1] if position else 0
        self._file.seek(start)
        return self._file.read(self._ends[position] - start)

    def close(self) -> None:
        self._file.close()


def _file(connection: sqlite3.Connection) -> Path | None:
    """The file of the index; None for one in memory."""
    (_, _, file) = connection.execute("PRAGMA database_list").fetchone()
    return Path(file) if file else None


class CrowdedError(Exception):
    """More articles share one instant than there are rows for it."""


def apply_due_transitions(
    url: str, now: datetime | None = None, *, folder: Path | None = None
) -> datetime | None:
    """Apply what is due at `now` (default: the present) without reading files; the next instant to call this.

    Takes a millisecond when nothing is due. Raises SettingsError, IndexUnavailable; IndexUnusable also for an
    index that was not made from `folder`, if that is given.
    """
    path = file_of(url)
    moment = seconds(now or present()) or 0
    try:
        if (reason := reported_damage(path)) is not None:
            raise IncompatibleIndex(reason)
        with reading(path) as connection:
            state = IndexState.read(connection)
            if folder is not None and state.folder != folder_identity(folder):
                raise IndexUnusable(path, TAKEN.format(state.folder))
            if newest_transition(connection, moment) == state.transition:
                return instant(next_transition(connection, moment))
        with writing(path, build=False) as connection:
            return change_visibility(connection, path, moment)
    except IncompatibleIndex as error:
        raise IndexUnusable(path, f"{error}; run `broadsheet index`") from error


def change_visibility(connection: sqlite3.Connection, path: Path, now: int) -> datetime | None:
    """Apply what is due at `now` within a transaction on the index at `path`; the next instant to do so."""
    previous = IndexState.read(connection)
    changed = ChangedArticles(connection)
    with VisibilityWriter(connection, now, changed) as visibility_writer:
        update_visibility(connection, visibility_writer, now, path)
    state = with_counts(previous, connection, now)
    state.write(connection)  # first: where links lead depends on the newest transition
    record_difference(connection, changed, previous.revision, state.revision, now)
    return instant(next_transition(connection, now))


def update_visibility(
    connection: sqlite3.Connection, visibility_writer: VisibilityWriter, now: int, path: Path
) -> None:
    """Show and hide what is due at `now`. Raises IndexUnavailable when too many articles share an instant."""
    count_up_to(connection, now)
    try:
        _show_and_hide(connection, visibility_writer, now)
    except CrowdedError as error:
        raise IndexUnavailable(path, f"{error}; give some of them another time") from error
    visibility_writer.flush()


def with_counts(state: IndexState, connection: sqlite3.Connection, now: int) -> IndexState:
    """`state` with the number of visible articles and the newest transition."""
    transition = newest_transition(connection, now)
    return msgspec.structs.replace(state, articles=Counts.read(connection).visible, transition=transition)


def _show_and_hide(connection: sqlite3.Connection, visibility_writer: VisibilityWriter, now: int) -> None:
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
        visibility_writer.hide(doc)
    # A table, since what is read is about to be changed, and may be more than memory should hold.
    # In parts of which each is a range of an index: without what is published later or has expired.
    columns = "published, id, doc, published_at"
    with interruptible(connection):
        connection.execute(
            f"CREATE TEMP TABLE arriving AS SELECT {columns} FROM {_WAITING} AND published IS NULL"
            f" UNION ALL SELECT {columns} FROM {_WAITING} AND published <= ?1"
            f" UNION ALL SELECT {columns} FROM {_BY_EXPIRY} AND expires > ?1"
            " AND (published IS NULL OR published <= ?1)"
            " ORDER BY published, id",
            (now,),
        )
    (has_visible,) = connection.execute("SELECT EXISTS (SELECT 1 FROM visible)").fetchone()
    connection.execute(
        "CREATE TEMP TABLE places"
        " (row INTEGER PRIMARY KEY, doc INTEGER NOT NULL, id TEXT NOT NULL, published_at INTEGER NOT NULL)"
    )
    connection.executemany(
        "INSERT INTO places (row, doc, id, published_at) VALUES (?, ?, ?, ?)",
        _place_arriving(connection, visibility_writer, has_visible=has_visible),
    )
    connection.execute("DROP TABLE arriving")
    if not has_visible:
        numbered = _number_places(connection, visibility_writer)
        visibility_writer.start_full_text((number, doc) for number, _, doc, _, _ in numbered)
    for number, row, doc, article_id, published_at in _number_places(connection, visibility_writer):
        visibility_writer.show(doc, article_id, published_at, row, number)
    connection.execute("DROP TABLE places")


def _number_places(
    connection: sqlite3.Connection, visibility_writer: VisibilityWriter
) -> Iterator[tuple[int, int, int, str, int]]:
    """The articles in `places` as (number, row, doc, id, published_at), in order of their rows."""
    numbers: Iterator[int] = iter(())
    for row, *columns in connection.execute("SELECT row, doc, id, published_at FROM places ORDER BY row"):
        number = next(numbers, None)
        if number is None:  # the first between two visible articles: all that arrive there are numbered
            gap = find_gap(connection, row)
            between = "SELECT count(*) FROM places WHERE row >= ?1 AND (?2 IS NULL OR row < ?2)"
            (count,) = connection.execute(between, (row, gap.row_above)).fetchone()
            numbers = iter(find_numbers(gap, count, visibility_writer.make_room))
            number = next(numbers)
        yield number, row, *columns


def _place_arriving(
    connection: sqlite3.Connection, visibility_writer: VisibilityWriter, *, has_visible: bool
) -> Iterator[tuple[int, int, str, int]]:
    """The articles in `arriving` as (row, doc, id, published_at), in order of their rows."""
    arriving = connection.execute("SELECT published, id, doc, published_at FROM arriving ORDER BY rowid")
    for published, group in groupby(arriving, key=lambda row: row[0]):
        yield from _place_together(
            connection,
            visibility_writer,
            bucket(published),
            {article_id: (doc, published_at) for _, article_id, doc, published_at in group},
            has_neighbours=has_visible,
        )


def newest_transition(connection: sqlite3.Connection, now: int) -> int:
    """The newest instant up to `now` at which an article or page appeared, changed or left; 0 if none did.

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
                f"SELECT max(published) FROM {_WAITING_TO_EXPIRE} AND published <= ?",
                f"SELECT max(removed_at) FROM {_REMOVALS} AND removed_at <= ?",
                f"SELECT max(pending_update_at) FROM {_PENDING} AND pending_update_at <= ?",
                "SELECT max(changed) FROM visible WHERE changed <= ?",
                "SELECT max(published) FROM site_pages WHERE published <= ?",
                "SELECT max(updated) FROM site_pages WHERE updated <= ?",
                "SELECT max(expires) FROM site_pages WHERE expires <= ?",
            )
        ),
    ]
    return max((moment for moment in moments if moment is not None), default=0)


def next_transition(connection: sqlite3.Connection, now: int) -> int | None:
    """The first instant after `now` at which an article or page appears, is updated or leaves."""
    moments = [
        connection.execute(statement, (now,)).fetchone()[0]
        for statement in (
            f"SELECT min(published) FROM {_WAITING} AND published > ?",
            f"SELECT min(published) FROM {_WAITING_TO_EXPIRE} AND published > ?",
            f"SELECT min(removed_at) FROM {_REMOVALS} AND removed_at > ?",
            f"SELECT min(pending_update_at) FROM {_PENDING} AND pending_update_at > ?",
            "SELECT min(published) FROM site_pages WHERE published > ?",
            "SELECT min(updated) FROM site_pages WHERE updated > ?",
            "SELECT min(expires) FROM site_pages WHERE expires > ?",
        )
    ]
    return min((moment for moment in moments if moment is not None), default=None)


def _place_together(
    connection: sqlite3.Connection,
    visibility_writer: VisibilityWriter,
    room: range,
    docs: dict[str, tuple[int, int]],
    *,
    has_neighbours: bool,
) -> Iterator[tuple[int, int, str, int]]:
    """Rows for articles of one instant, given as id → (doc, published_at), among those that are there.

    They are sorted by id. Unless it `has_neighbours`, no article was visible before. Where there is no room
    between the others, these are hidden, and get new rows as well.
    """
    neighbours = (
        _read_rows(
            connection,
            "SELECT visible.id, visible.row, doc, published_at FROM visible CROSS JOIN documents USING (doc)"
            " WHERE visible.row >= ? AND visible.row < ? ORDER BY visible.row",
            room.start,
            room.stop,
        )
        if has_neighbours
        else []
    )
    rows = assign_rows([(article_id, row) for article_id, row, _, _ in neighbours], list(docs), room)
    if rows is None:
        for article_id, _, doc, published_at in neighbours:
            visibility_writer.hide(doc)
            docs[article_id] = doc, published_at
        rows = spread_rows(sorted(docs), room)
    if rows is None:
        raise CrowdedError(f"more than {len(room)} articles share one instant")
    for article_id, row in sorted(rows.items()):
        doc, published_at = docs[article_id]
        yield row, doc, article_id, published_at


def _read_rows(connection: sqlite3.Connection, statement: str, *values: int) -> list[tuple[Any, ...]]:
    """Every row at once: what is read here is about to be changed."""
    return connection.execute(statement, values).fetchall()
