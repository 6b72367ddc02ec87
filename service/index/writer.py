"""Writes and deletes articles, and gives them their slugs and ids once all are known."""

# ruff: noqa: S608 (statements are joined from constants, values are always bound)

import sqlite3
from collections.abc import Iterable, Sequence

from service.content import assign_slugs
from service.content.discovery.served_files import file_references
from service.content.records import Claim, Redirect
from service.errors import Fault
from service.index import renames
from service.index.article_row import ArticleRow
from service.index.changelog import delete_removal, record_removals
from service.index.compression import make_packer
from service.index.database import decoder
from service.index.renames import text_digest
from service.index.visibility import Visible, decode
from service.model import Site

_claim = decoder(Claim)

_STORE = """
INSERT INTO documents (doc, path, number, published, expires, changed_at, published_at, rest_bytes,
    text_bytes, withdrawn, language, claim)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_STORED = "SELECT doc, number, unpack(article) FROM documents CROSS JOIN articles USING (doc) WHERE path = ?"

# Only an article that was visible leaves a deleted slug: nobody knows the address of a scheduled one.
_RECORD_FORMER = """
INSERT INTO former_articles SELECT path, number, slug, id, ? FROM documents
WHERE slug IS NOT NULL
    AND (published IS NULL OR (published <= ? AND (expires IS NULL OR published < expires)))
"""


BATCH_BYTES = 2_000_000
"""How much of articles is gathered before it is written: the first batch of a large build is what the
dictionary of the index is trained from."""


class ArticleWriter:
    """Writes the articles of a build within one transaction, the new ones together (see `flush`)."""

    def __init__(self, connection: sqlite3.Connection, visible: Visible, now: int) -> None:
        self._connection = connection
        self._visible = visible
        self._now = now
        self.changed = False
        connection.execute(
            "CREATE TEMP TABLE former_articles (path TEXT, number INTEGER, slug TEXT, id TEXT, text TEXT)"
        )
        (last,) = connection.execute("SELECT coalesce(max(doc), 0) FROM documents").fetchone()
        self._first_new = self._next_doc = int(last) + 1
        self._new: list[tuple[int, str, ArticleRow]] = []
        self._new_bytes = 0
        (self._is_empty,) = connection.execute("SELECT NOT EXISTS (SELECT 1 FROM files)").fetchone()

    def replace(
        self,
        path: str,
        rows: Iterable[ArticleRow],
        redirects: Iterable[Redirect] = (),
        *,
        is_private: bool = False,
    ) -> None:
        """Replace the articles of the file at `path` by these rows; unchanged ones are not written.

        `is_private` is whether the file also holds an article kept from the public.
        """
        execute = self._connection.execute
        # A file comes once in a build: an index built from nothing holds none of its articles.
        stored_rows = [] if self._is_empty else execute(_STORED, (path,)).fetchall()
        stored = {number: (doc, blob) for doc, number, blob in stored_rows}
        for row in rows:
            doc, blob = stored.pop(row.number, (None, b""))
            if row.article == blob:
                continue
            if doc is not None:
                self._remove(doc)
            self._insert(path, row)
        for doc, _ in stored.values():
            self._remove(doc)
        if not self._is_empty:
            execute("DELETE FROM redirects WHERE path = ?", (path,))
            execute("DELETE FROM private_files WHERE path = ?", (path,))
        if is_private:
            execute("INSERT INTO private_files (path) VALUES (?)", (path,))
        targets = [(former, redirect.target, path) for redirect in redirects for former in redirect.addresses]
        self._connection.executemany(
            "INSERT OR IGNORE INTO redirects (former, target, path) VALUES (?, ?, ?)", targets
        )

    def delete_everything(self) -> None:
        """Delete every article, but remember the slugs of those that were visible."""
        execute = self._connection.execute
        execute(_RECORD_FORMER, (None, self._now))
        self._first_new = self._next_doc = 1
        self._is_empty = True
        for table in (
            *("files", "documents", "articles", "visible", "terms", "spellings", "article_terms"),
            *("changelog", "aliases", "redirects", "removals", "file_references", "private_files"),
        ):
            execute(f"DELETE FROM {table}")
        execute("INSERT INTO articles_fts (articles_fts) VALUES ('delete-all')")
        self.changed = True

    def assign_identities(self, site: Site) -> tuple[Fault, ...]:
        """Assign every article its slug and id; one whose slug or id changes is shown again."""
        self.flush()
        execute = self._connection.execute
        claims = (_claim(blob) for (blob,) in execute("SELECT claim FROM documents"))
        identities, faults = assign_slugs(claims, site)
        assigned = {
            (identity.path, identity.number): (identity.slug, identity.id, identity.translation)
            for identity in identities
        }
        changes, reassigned, renamed = [], [], []
        for doc, path, number, *current in execute(
            "SELECT doc, path, number, slug, id, translation FROM documents"
        ):
            new = assigned.get((path, number), (None, None, None))
            if new != tuple(current):
                changes.append((*new, doc))
                if current[0] is not None:
                    reassigned.append((doc,))
            if current[0] is not None and new[:2] != tuple(current[:2]):
                renamed.append((None, self._now, doc))
        for (doc,) in reassigned:
            self._visible.hide(doc)
            delete_removal(self._connection, doc)
        # Two articles may swap slugs: all are released before any is assigned.
        many = self._connection.executemany
        many(f"{_RECORD_FORMER} AND doc = ?", renamed)
        many("UPDATE documents SET slug = NULL, id = NULL WHERE doc = ?", reassigned)
        many("UPDATE documents SET slug = ?, id = ?, translation = ? WHERE doc = ?", changes)
        record_removals(self._connection)
        return faults

    def remember_former_articles(self) -> None:
        """Record articles that were renamed, and the slugs of those that were deleted.

        A slug is not deleted when its article only took another.
        """
        renames.record(self._connection, self._first_new)
        self._connection.execute(
            "INSERT OR IGNORE INTO deleted_slugs SELECT slug FROM former_articles WHERE NOT EXISTS"
            " (SELECT 1 FROM documents WHERE documents.slug = former_articles.slug) AND NOT EXISTS"
            " (SELECT 1 FROM documents WHERE documents.path = former_articles.path "
            " AND documents.number = former_articles.number)"
        )
        self._connection.execute("DROP TABLE former_articles")

    def flush(self) -> None:
        """Write the new articles that are not written yet."""
        self._write(samples=())

    def _insert(self, path: str, row: ArticleRow) -> None:
        self._new.append((self._next_doc, path, row))
        self._next_doc += 1
        self._new_bytes += len(row.article)
        self.changed = True
        if self._new_bytes >= BATCH_BYTES:
            self._write(samples=[row.article for _, _, row in self._new])

    def _write(self, samples: Sequence[bytes]) -> None:
        new, self._new, self._new_bytes = self._new, [], 0
        if not new:
            return
        pack = make_packer(self._connection, samples)
        many = self._connection.executemany
        many(_STORE, [_document(*article) for article in new])
        many(
            "INSERT INTO articles (doc, article) VALUES (?, ?)",
            [(doc, pack(row.article)) for doc, _, row in new],
        )
        many(
            "INSERT INTO aliases (slug, doc) VALUES (?, ?)",
            [(alias, doc) for doc, _, row in new for alias in row.aliases],
        )
        many(
            "INSERT INTO file_references (file, doc) VALUES (?, ?)",
            [(file, doc) for doc, _, row in new for file in row.files],
        )
        for doc, _, row in new:
            self._visible.keep(doc, row.entry)

    def _remove(self, doc: int) -> None:
        execute = self._connection.execute
        self._visible.hide(doc)
        (blob,) = execute("SELECT unpack(article) FROM articles WHERE doc = ?", (doc,)).fetchone()
        article = decode(blob)
        execute(f"{_RECORD_FORMER} AND doc = ?", (text_digest(article.content_text), self._now, doc))
        delete_removal(self._connection, doc)
        execute("DELETE FROM aliases WHERE doc = ?", (doc,))
        references = [(file, doc) for file in file_references(article)]
        self._connection.executemany("DELETE FROM file_references WHERE file = ? AND doc = ?", references)
        execute("DELETE FROM documents WHERE doc = ?", (doc,))
        execute("DELETE FROM articles WHERE doc = ?", (doc,))
        self.changed = True


def _document(doc: int, path: str, row: ArticleRow) -> tuple[int | str | bytes | None, ...]:
    """The columns of _STORE."""
    return (
        doc,
        path,
        row.number,
        row.published,
        row.expires,
        row.changed_at,
        row.published_at,
        row.rest_bytes,
        row.text_bytes,
        row.withdrawn,
        row.language,
        row.claim,
    )
