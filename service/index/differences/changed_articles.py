"""Collects, within one write transaction, the articles whose etag may differ at its end."""

# ruff: noqa: S608 (a constant is inserted)

import sqlite3
from collections.abc import Iterable, Sequence

import msgspec

from service.index.article_row import place_of, terms_of
from service.index.differences.link_names import link_name
from service.index.instants import seconds
from service.index.schema import UNDATED
from service.model import Article

_TABLES = (
    "CREATE TEMP TABLE changed_articles (doc INTEGER PRIMARY KEY)",
    # As they were before the transaction, or perhaps within it.
    """CREATE TEMP TABLE hidden_articles (
        id TEXT PRIMARY KEY, slug TEXT, terms BLOB, place BLOB, published INTEGER, changed INTEGER
    )""",
    "CREATE TEMP TABLE changed_names (name INTEGER PRIMARY KEY)",
    "CREATE TEMP TABLE changed_translations (translation TEXT PRIMARY KEY) WITHOUT ROWID",
    # The removals that feeds announce now and did not before, or the reverse, each with its terms.
    "CREATE TEMP TABLE changed_removals (id TEXT, kind TEXT, slug TEXT, PRIMARY KEY (id, kind, slug))",
)
_HIDE = "INSERT OR IGNORE INTO hidden_articles VALUES (?, ?, ?, ?, ?, ?)"
_HIDE_EVERYTHING = f"""
INSERT INTO hidden_articles
SELECT documents.id, slug, coalesce(terms, '[]'), NULL, published, nullif(changed, {UNDATED})
FROM documents JOIN visible USING (row) LEFT JOIN (
    SELECT row, json_group_array(json_array(kind, slug)) AS terms
    FROM article_terms JOIN terms USING (term) GROUP BY row
) USING (row)
"""
_ADD_REMOVALS = """
INSERT OR IGNORE INTO changed_removals
SELECT documents.id, kind, removals.slug FROM json_each(?) CROSS JOIN removals ON removals.doc = value
CROSS JOIN documents USING (doc) WHERE removed_at <= ?
"""
MOST_REFERENCES = 10_000
"""With more references than these, any file may be concerned."""

_encode = msgspec.json.Encoder().encode


class ChangedArticles:
    """The articles that a transaction shows, hides, or changes the links or translations of.

    `has_other_changes` is whether a page, a redirect or a fact of the site may have changed. `references` are
    the files to which references were added or deleted; None for any file.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        for statement in _TABLES:
            connection.execute(statement)
        (is_empty,) = connection.execute("SELECT NOT EXISTS (SELECT 1 FROM visible)").fetchone()
        self._shows_everything = bool(is_empty)
        self.has_other_changes = False
        self.references: set[str] | None = set()

    def note_shown(self, docs: Iterable[int]) -> None:
        """Note that these articles were shown."""
        rows = [(doc,) for doc in docs]
        self._connection.executemany("INSERT OR IGNORE INTO changed_articles (doc) VALUES (?)", rows)
        for (doc,) in rows:
            self.note_names_of(doc)

    def note_hidden(self, doc: int, article: Article, article_id: str) -> None:
        """Note that `article`, as readers see it, is about to be hidden."""
        execute = self._connection.execute
        slug, translation = execute(
            "SELECT slug, translation FROM documents WHERE doc = ?", (doc,)
        ).fetchone()
        terms = [(term.kind, term.slug) for term in terms_of(article)]
        instants = seconds(article.published), seconds(article.changed)
        execute(_HIDE, (article_id, slug, _encode(terms), place_of(article), *instants))
        execute("DELETE FROM article_links WHERE doc = ?", (doc,))
        if translation is not None:
            execute("INSERT OR IGNORE INTO changed_translations (translation) VALUES (?)", (translation,))
        self.note_names_of(doc)

    def note_everything_hidden(self) -> None:
        """Note that every article is about to be hidden, and that all others will be shown."""
        self._connection.execute(_HIDE_EVERYTHING)
        self._connection.execute("DELETE FROM article_links")
        self._shows_everything = True
        self.has_other_changes = True
        self.references = None

    def note_names_of(self, doc: int) -> None:
        """Note that what leads to the article `doc` may change: its slug, its file or a former address."""
        if self._shows_everything:
            return
        row = self._connection.execute("SELECT slug, path FROM documents WHERE doc = ?", (doc,)).fetchone()
        former = self._connection.execute("SELECT slug FROM aliases WHERE doc = ?", (doc,))
        self.note_names([*(name for name in row if name is not None), *(alias for (alias,) in former)])

    def note_removals(self, docs: Sequence[int], now: int) -> None:
        """Note that feeds announce the removals of the articles `docs` up to `now`, or will not any more."""
        self._connection.execute(_ADD_REMOVALS, (msgspec.json.encode(docs).decode(), now))

    def note_redirect(self, former: str) -> None:
        """Note that the address `former` may be redirected elsewhere."""
        self.has_other_changes = True
        self.note_names([former])

    def note_page(self, names: Iterable[str]) -> None:
        """Note that a page of the site may have changed; `names` are its file and addresses."""
        self.has_other_changes = True
        self.note_names(names)

    def note_references(self, files: Iterable[str]) -> None:
        """Note that references to these files are about to be added or deleted."""
        if self.references is None:
            return
        self.references.update(files)
        if len(self.references) > MOST_REFERENCES:
            self.references = None

    def note_names(self, names: Iterable[str]) -> None:
        """Note that these slugs, addresses or paths may lead elsewhere than before."""
        if self._shows_everything:
            return
        self._connection.executemany(
            "INSERT OR IGNORE INTO changed_names (name) VALUES (?)", [(link_name(name),) for name in names]
        )
