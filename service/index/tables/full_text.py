"""The full text of articles and pages, as it is written to FTS5.

The tables have no content of their own: to delete a row, FTS5 needs the tokens that it was written with.
"""

# ruff: noqa: S608 (statements are joined from constants, values are always bound)

import sqlite3
from collections.abc import Iterable
from typing import Literal

import msgspec

from service.index.article_row import SearchText, before_update, decode_article, index_entry, search_text
from service.index.search import term_token
from service.model import Article

FullTextTable = Literal["articles_fts", "site_pages_fts"]
Columns = tuple[str, ...]
"""The texts of a row, one for each of its columns."""

_PAGE_COLUMNS = "title, text, names, stems, title_stems"
_COLUMNS: dict[FullTextTable, str] = {
    "articles_fts": f"{_PAGE_COLUMNS}, terms",
    "site_pages_fts": _PAGE_COLUMNS,
}
_ARTICLE = (
    "SELECT pending_update_at, unpack(article) FROM visible CROSS JOIN documents USING (doc)"
    " CROSS JOIN articles USING (doc) WHERE visible.row = ?"
)
_TERM = "SELECT term FROM terms WHERE kind = ? AND slug = ?"


def insert_texts(
    connection: sqlite3.Connection, table: FullTextTable, rows: Iterable[tuple[int, Columns]]
) -> None:
    """Write rows; fastest in ascending order."""
    _write(connection, table, f"rowid, {_COLUMNS[table]}", [(row, *columns) for row, columns in rows])


def delete_texts(
    connection: sqlite3.Connection, table: FullTextTable, rows: Iterable[tuple[int, Columns]]
) -> None:
    """Delete rows, given the texts that they were written with."""
    names = f"{table}, rowid, {_COLUMNS[table]}"
    _write(connection, table, names, [("delete", row, *columns) for row, columns in rows])


def _write(
    connection: sqlite3.Connection, table: FullTextTable, names: str, rows: list[tuple[str | int, ...]]
) -> None:
    marks = ", ".join(["?"] * (names.count(",") + 1))
    connection.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)


def article_columns(text: SearchText, terms: Iterable[int]) -> Columns:
    """The full text of an article whose terms have these numbers, whatever their order."""
    return (*msgspec.structs.astuple(text), " ".join(map(term_token, sorted(terms))))


def page_search_text(page: Article) -> SearchText:
    """The tokens that find `page`: also before its update, so without a correction."""
    return search_text(msgspec.structs.replace(page, correction=None))


def read_text(connection: sqlite3.Connection, table: FullTextTable, row: int) -> Columns | None:
    """The full text that a row of `table` was written with, made anew; None if there is no such row."""
    execute = connection.execute
    if table == "site_pages_fts":
        found = execute("SELECT article FROM site_pages WHERE page = ?", (row,)).fetchone()
        return found and msgspec.structs.astuple(page_search_text(decode_article(found[0])))
    found = execute(_ARTICLE, (row,)).fetchone()
    if found is None:
        return None
    pending_update_at, blob = found
    article = decode_article(blob)
    entry = index_entry(article if pending_update_at is None else before_update(article))
    terms = [execute(_TERM, (term.kind, term.slug)).fetchone()[0] for term in entry.terms]
    return article_columns(entry.search_text, terms)
