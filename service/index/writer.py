"""Writes and deletes articles, and gives them their slugs and ids once all are known."""

# ruff: noqa: S608 (statements are joined from constants, values are always bound)

import sqlite3
from collections.abc import Iterable

import msgspec

from service.content.files.access import file_references
from service.content.records import Redirect
from service.index.article_row import ArticleRow, decode_article
from service.index.changelog import delete_removal, record_removals
from service.index.compression import make_packer
from service.index.differences.changed_articles import ChangedArticles
from service.index.state import count_up_to
from service.index.tables import identities, lines, rename_notices
from service.index.tables.content_tree import ContentTree
from service.index.tables.rename_notices import text_digest
from service.index.visibility import VisibilityWriter
from service.model import Article, Site

_STORE = """
INSERT INTO documents (doc, path, number, published, expires, changed_at, published_at, rest_bytes,
    text_bytes, withdrawn, language, claim, names, digest, line_hash, has_links)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_STORED_IN = """
SELECT doc, unpack(article) FROM json_each(?) CROSS JOIN documents ON documents.path = value
CROSS JOIN articles USING (doc)
"""
_STORED = "SELECT doc, number, unpack(article) FROM documents CROSS JOIN articles USING (doc) WHERE path = ?"

# Only an article that was visible leaves a deleted slug: the address of a scheduled one is unknown.
_RECORD_FORMER = """
INSERT INTO former_articles SELECT path, number, slug, id, ? FROM documents
WHERE slug IS NOT NULL
    AND (published IS NULL OR (published <= ? AND (expires IS NULL OR published < expires)))
"""
_RECORD_FORMER_ALIASES = """
INSERT INTO former_aliases SELECT path, number, aliases.slug FROM documents JOIN aliases USING (doc)
WHERE documents.slug IS NOT NULL
    AND (published IS NULL OR (published <= ? AND (expires IS NULL OR published < expires)))
"""
_REMEMBER_DELETED = """
WITH deleted AS (
    SELECT DISTINCT path, number, slug FROM former_articles AS former WHERE NOT EXISTS (
        SELECT 1 FROM documents WHERE documents.path = former.path AND documents.number = former.number
            -- Another line of JSON Lines may have moved to the place of one that was deleted.
            AND (former.text IS NULL OR doc >= ?)
    )
)
INSERT OR IGNORE INTO deleted_slugs
SELECT slug FROM (
    SELECT slug FROM deleted
    UNION ALL SELECT former_aliases.slug FROM deleted JOIN former_aliases USING (path, number)
) AS former
WHERE NOT EXISTS (SELECT 1 FROM documents WHERE documents.slug = former.slug)
    AND NOT EXISTS (SELECT 1 FROM aliases WHERE aliases.slug = former.slug)
"""

BATCH_BYTES = 2_000_000
"""The bytes of articles that are gathered before they are written."""


class ArticleWriter:
    """Writes the articles of a build within one transaction, the new ones together (see `flush`)."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        visibility_writer: VisibilityWriter,
        changed: ChangedArticles,
        now: int,
    ) -> None:
        self._connection = connection
        self._visibility_writer = visibility_writer
        self._changed = changed
        self._now = now
        self.tree = ContentTree(connection)
        self._released: set[int] = set()  # the names of deleted articles, which others may get now
        count_up_to(connection, now)
        connection.execute(
            "CREATE TEMP TABLE former_articles (path TEXT, number INTEGER, slug TEXT, id TEXT, text TEXT)"
        )
        connection.execute("CREATE TEMP TABLE former_aliases (path TEXT, number INTEGER, slug TEXT)")
        (last,) = connection.execute("SELECT coalesce(max(doc), 0) FROM documents").fetchone()
        self._first_new = self._next_doc = int(last) + 1
        self._new: list[tuple[int, str, ArticleRow]] = []
        self._new_bytes = 0
        lines.create_tables(connection)
        (self._is_empty,) = connection.execute("SELECT NOT EXISTS (SELECT 1 FROM source_files)").fetchone()

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
        self._replace_facts(path, redirects, is_private=is_private)

    def move_lines(self, path: str) -> None:
        """Give the kept lines of the file at `path` their new numbers, and delete those that are gone."""
        for doc in lines.find_deleted(self._connection, path):
            self._remove(doc)
        self._changed.note_names([path])
        moved = lines.move_kept(self._connection, path)
        # The number decides between articles that claim the same slug or id.
        self._released.update(identities.shared_names(self._connection, moved))

    def write_lines(self, path: str, rows: Iterable[ArticleRow]) -> None:
        """Write the articles of lines that were parsed in the file at `path`; unchanged ones are kept."""
        for row in rows:
            stored = None if self._is_empty else self._stored_line(path, row.number)
            if stored and row.article == stored[1]:
                lines.keep(self._connection, path, row.number, stored[0])
                continue
            if stored:
                self._remove(stored[0])
            self._insert(path, row)

    def end_lines(
        self, path: str, redirects: Iterable[Redirect], *, is_private: bool, has_known: bool
    ) -> None:
        """Delete the articles of the file at `path` that were neither kept nor written.

        `redirects` and `is_private` are as in `replace`; `has_known` is whether its lines were moved before.
        """
        if has_known:
            left_over = lines.find_left_over(self._connection, path)
        else:
            left_over = [] if self._is_empty else lines.find_others(self._connection, path, self._first_new)
        for doc in left_over:
            self._remove(doc)
        self._replace_facts(path, redirects, is_private=is_private)

    def _stored_line(self, path: str, number: int) -> tuple[int, bytes] | None:
        row = self._connection.execute(f"{_STORED} AND number = ?", (path, number)).fetchone()
        return (row[0], row[2]) if row else None

    def _replace_facts(self, path: str, redirects: Iterable[Redirect], *, is_private: bool) -> None:
        """Replace what is known of the file at `path` besides its articles."""
        execute = self._connection.execute
        was_private = False
        if not self._is_empty:
            was_private = bool(execute("DELETE FROM private_files WHERE path = ?", (path,)).rowcount)
            for (former,) in execute("DELETE FROM redirects WHERE path = ? RETURNING former", (path,)):
                self.tree.remove(f"redirect {former} {path}")
                self._changed.note_redirect(former)
        if is_private:
            execute("INSERT INTO private_files (path) VALUES (?)", (path,))
        if is_private != was_private:  # a link to it is shown as its words, or is not any more
            self._changed.note_names([path])
            if is_private:
                self.tree.put(f"private {path}", b"")
            else:
                self.tree.remove(f"private {path}")
        targets = {
            former: redirect.target for redirect in reversed([*redirects]) for former in redirect.addresses
        }
        for former, target in targets.items():
            execute("INSERT INTO redirects (former, target, path) VALUES (?, ?, ?)", (former, target, path))
            self.tree.put(f"redirect {former} {path}", target.encode())
            self._changed.note_redirect(former)

    def delete_everything(self, changed: Iterable[str]) -> None:
        """Delete every article, but remember the slugs of those that were visible.

        `changed` are the files that differ from the last build or are gone: only the text of an article in
        one of these may be found elsewhere.
        """
        execute = self._connection.execute
        paths = msgspec.json.encode([] if self._is_empty else sorted(changed)).decode()
        for doc, blob in execute(_STORED_IN, (paths,)):
            self._record_former(doc, decode_article(blob))
        execute(
            f"{_RECORD_FORMER} AND path NOT IN (SELECT value FROM json_each(?))", (None, self._now, paths)
        )
        execute(_RECORD_FORMER_ALIASES, (self._now,))
        self._changed.note_everything_hidden()
        self._first_new = self._next_doc = 1
        self._is_empty = True
        for table in (
            *("source_files", "documents", "articles", "visible", "terms", "spellings", "article_terms"),
            *("changelog", "aliases", "redirects", "removals", "file_references", "private_files"),
            *("claimed_names", "lookups", "sitemap_parts", "line_parts"),
        ):
            execute(f"DELETE FROM {table}")
        execute("UPDATE counts SET visible = 0")
        execute("INSERT INTO articles_fts (articles_fts) VALUES ('delete-all')")
        self._released.clear()
        self.tree.clear()

    def assign_identities(self, site: Site) -> None:
        """Give every article that the changes can reach its slug and id; a renamed one is shown again."""
        self.flush()
        identities.register_new(self._connection)
        for changes in identities.assign(self._connection, site, self._released):
            changed = [item for item in changes if item.has_changed]
            known = [item for item in changed if item.before.slug is not None]
            self._changed.note_removals([item.before.doc for item in known], self._now)
            for item in known:
                self._changed.note_names_of(item.before.doc)
                self._visibility_writer.hide(item.before.doc)
                delete_removal(self._connection, item.before.doc)
            self._connection.executemany(
                f"{_RECORD_FORMER} AND doc = ?",
                [(None, self._now, item.before.doc) for item in known if item.is_renamed],
            )
            for item in known:
                self.tree.remove(f"article {item.before.id}")
            for item in changed:
                self.tree.put(f"article {item.after.id}", item.served_facts, item.before.doc)
            identities.save(self._connection, changes, site)
            docs = [item.before.doc for item in changed]
            record_removals(self._connection, docs)
            self._changed.note_removals(docs, self._now)
            for doc in docs:
                self._changed.note_names_of(doc)
        self._released.clear()

    def remember_former_articles(self) -> None:
        """Record articles that were renamed, and the slugs and aliases of those that were deleted.

        A slug is not deleted when its article only took another.
        """
        rename_notices.record(self._connection, self._first_new)
        self._connection.execute(_REMEMBER_DELETED, (self._first_new,))
        for table in ("former_articles", "former_aliases"):
            self._connection.execute(f"DROP TABLE {table}")

    def _insert(self, path: str, row: ArticleRow) -> None:
        self._new.append((self._next_doc, path, row))
        self._next_doc += 1
        self._new_bytes += len(row.article)
        if self._new_bytes >= BATCH_BYTES:
            self.flush(is_full_batch=True)

    def flush(self, *, is_full_batch: bool = False) -> None:
        """Write the new articles that are not written yet; they are a full batch if more may follow."""
        new, self._new, self._new_bytes = self._new, [], 0
        if not new:
            return
        if is_full_batch and self._is_empty and new[0][0] == self._first_new:  # the first articles of many
            self._visibility_writer.build_full_text()
        pack = make_packer(self._connection, [row.article for _, _, row in new] if is_full_batch else ())
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
        self._changed.note_references(file for _, _, row in new for file in row.files)
        self._visibility_writer.keep((doc, row.entry) for doc, _, row in new)

    def _remove(self, doc: int) -> None:
        execute = self._connection.execute
        self._changed.note_names_of(doc)
        self._visibility_writer.hide(doc)
        (blob,) = execute("SELECT unpack(article) FROM articles WHERE doc = ?", (doc,)).fetchone()
        article = decode_article(blob)
        self._record_former(doc, article)
        execute(f"{_RECORD_FORMER_ALIASES} AND doc = ?", (self._now, doc))
        self._changed.note_removals([doc], self._now)
        delete_removal(self._connection, doc)
        article_id, names = execute("SELECT id, names FROM documents WHERE doc = ?", (doc,)).fetchone()
        self.tree.remove(f"article {article_id}")
        self._released.update(identities.unpack_names(names))
        identities.delete_names(self._connection, doc, names)
        execute("DELETE FROM aliases WHERE doc = ?", (doc,))
        files = file_references(article)
        self._changed.note_references(files)
        references = [(file, doc) for file in files]
        self._connection.executemany("DELETE FROM file_references WHERE file = ? AND doc = ?", references)
        execute("DELETE FROM documents WHERE doc = ?", (doc,))
        execute("DELETE FROM articles WHERE doc = ?", (doc,))

    def _record_former(self, doc: int, article: Article) -> None:
        text = text_digest(article.content_text)
        self._connection.execute(f"{_RECORD_FORMER} AND doc = ?", (text, self._now, doc))


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
        row.names,
        row.digest,
        row.line_hash,
        row.has_links,
    )
