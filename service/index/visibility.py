"""Shows and hides articles: rows, terms with their counts, and full text change together."""

import sqlite3
from collections import Counter

import msgspec

from service.index.article_row import IndexEntry, SearchText, Term, index_entry
from service.index.connection import decoder
from service.index.schema import UNDATED, WHOLE
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
