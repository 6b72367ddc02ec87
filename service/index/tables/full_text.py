"""The full text of articles and pages, as it is written to FTS5.

The tables have no content of their own: to delete a row, FTS5 needs the tokens that it was written with.
"""

# ruff: noqa: S608 (statements are joined from constants, values are always bound)

import signal
import sqlite3
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Literal, get_args

import msgspec

from service.index.article_row import SearchText, before_update, decode_article, index_entry, search_text
from service.index.database import STOP_SIGNALS
from service.index.schema import ARTICLES_FTS, PAGE_BYTES
from service.index.search import term_token
from service.model import Article

FullTextTable = Literal["articles_fts", "site_pages_fts"]
FULL_TEXT_TABLES: tuple[FullTextTable, ...] = get_args(FullTextTable)
Columns = tuple[str, ...]
"""The texts of a row, one for each of its columns."""

_PAGE_COLUMNS = "text, title, names, stems, title_stems, title_tokens"
_COLUMNS: dict[FullTextTable, str] = {
    "articles_fts": f"{_PAGE_COLUMNS}, terms",
    "site_pages_fts": _PAGE_COLUMNS,
}
_ARTICLE = (
    "SELECT pending_update_at, unpack(article) FROM visible CROSS JOIN documents USING (doc)"
    " CROSS JOIN articles USING (doc) WHERE visible.number = ?"
)
_TERM = "SELECT term FROM terms WHERE kind = ? AND slug = ?"
_GATHERED = f"""
CREATE TABLE texts (doc INTEGER PRIMARY KEY, {_COLUMNS["articles_fts"]});
CREATE TABLE numbers (number INTEGER PRIMARY KEY, doc INTEGER NOT NULL);
{ARTICLES_FTS}INSERT INTO articles_fts (articles_fts, rank) VALUES ('automerge', 0);
INSERT INTO articles_fts (articles_fts, rank) VALUES ('crisismerge', 1999)"""
_WRITE_GATHERED = f"""
INSERT INTO articles_fts (rowid, {_COLUMNS["articles_fts"]})
SELECT -number, {_COLUMNS["articles_fts"]} FROM numbers CROSS JOIN texts USING (doc) ORDER BY number DESC
"""
# So a search reads one list of a word instead of one for each part that was written. Parts are merged once,
# at the end, instead of again and again (`automerge`); FTS5 has at most 2,000.
_MERGE = "INSERT INTO articles_fts (articles_fts) VALUES ('optimize')"
# The tables in which FTS5 keeps what was written, with the number of their columns.
_SHADOW_TABLES = {"articles_fts_data": 2, "articles_fts_idx": 3, "articles_fts_docsize": 2}
_BUILDER_CACHE_KIB = 16_384


def insert_texts(
    connection: sqlite3.Connection, table: FullTextTable, rows: Iterable[tuple[int, Columns]]
) -> None:
    """Write rows, each given with the number of its article, or its page."""
    _write(connection, table, f"rowid, {_COLUMNS[table]}", (), rows)


def delete_texts(
    connection: sqlite3.Connection, table: FullTextTable, rows: Iterable[tuple[int, Columns]]
) -> None:
    """Delete rows, given the texts that they were written with."""
    _write(connection, table, f"{table}, rowid, {_COLUMNS[table]}", ("delete",), rows)


def _write(
    connection: sqlite3.Connection,
    table: FullTextTable,
    names: str,
    command: tuple[str, ...],
    rows: Iterable[tuple[int, Columns]],
) -> None:
    """Write in order of rowids: before one that is not higher, FTS5 writes what it has gathered."""
    sign = -1 if table == "articles_fts" else 1
    marks = ", ".join(["?"] * (names.count(",") + 1))
    connection.executemany(
        f"INSERT INTO {table} ({names}) VALUES ({marks})",
        [
            (*command, rowid, *columns)
            for rowid, columns in sorted((sign * number, text) for number, text in rows)
        ],
    )


class FullTextBuilder:
    """Writes the full text of all articles of a new index, on another core than the rest of the build.

    SQLite writes a database in one thread at a time, so it is made in a database of its own, and its tables
    are copied at the end, which takes a hundredth of the time. The name of its `file` is removed at once, so
    that nothing is left of it when the builder is closed, or the process killed.
    """

    def __init__(self, file: Path) -> None:
        file.unlink(missing_ok=True)
        self._thread = ThreadPoolExecutor(1)
        self._written: Future[None] | None = None
        self._connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        try:
            execute = self._connection.execute
            execute(f"PRAGMA page_size = {PAGE_BYTES}")
            execute("PRAGMA journal_mode = OFF")
            execute("PRAGMA synchronous = OFF")
            execute("BEGIN EXCLUSIVE")
            for statement in _GATHERED.split(";\n"):
                execute(statement)
        finally:
            file.unlink(missing_ok=True)

    def add(self, texts: Iterable[tuple[int, Columns]]) -> None:
        """Gather the full texts of articles, each with its doc, before `start`."""
        self._connection.executemany(
            f"INSERT INTO texts (doc, {_COLUMNS['articles_fts']}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [(doc, *columns) for doc, columns in texts],
        )

    def start(self, numbers: Iterable[tuple[int, int]]) -> None:
        """Begin to write those articles that get a number, given as (number, doc) in ascending order."""
        self._connection.execute(f"PRAGMA cache_size = -{_BUILDER_CACHE_KIB}")
        self._connection.executemany("INSERT INTO numbers (number, doc) VALUES (?, ?)", numbers)
        self._written = self._thread.submit(self._write)

    def move(self, connection: sqlite3.Connection) -> None:
        """Wait until the full text is written, and copy it to `connection`, which has none."""
        if self._written is None:
            return
        self._written.result()
        for table, columns in _SHADOW_TABLES.items():
            connection.execute(f"DELETE FROM {table}")
            marks = ", ".join(["?"] * columns)
            rows = self._connection.execute(f"SELECT * FROM {table}")
            connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)

    def close(self) -> None:
        """End what is being written, and delete it."""
        self._connection.interrupt()
        self._thread.shutdown()
        self._connection.close()

    def _write(self) -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)  # the main thread handles them
        for statement in (_WRITE_GATHERED, "DROP TABLE texts", _MERGE, "COMMIT"):
            self._connection.execute(statement)


def article_columns(text: SearchText, terms: Iterable[int]) -> Columns:
    """The full text of an article whose terms have these numbers, whatever their order."""
    return (*msgspec.structs.astuple(text), " ".join(map(term_token, sorted(terms))))


def page_search_text(page: Article) -> SearchText:
    """The tokens that find `page`: also before its update, so without a correction."""
    return search_text(msgspec.structs.replace(page, correction=None))


def read_text(connection: sqlite3.Connection, table: FullTextTable, number: int) -> Columns | None:
    """The full text that an article, or a page, was written with, made again; None if there is none."""
    execute = connection.execute
    if table == "site_pages_fts":
        found = execute("SELECT article FROM site_pages WHERE page = ?", (number,)).fetchone()
        return found and msgspec.structs.astuple(page_search_text(decode_article(found[0])))
    found = execute(_ARTICLE, (number,)).fetchone()
    if found is None:
        return None
    pending_update_at, blob = found
    article = decode_article(blob)
    entry = index_entry(article if pending_update_at is None else before_update(article))
    terms = [execute(_TERM, (term.kind, term.slug)).fetchone()[0] for term in entry.terms]
    return article_columns(entry.search_text, terms)
