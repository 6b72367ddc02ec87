"""Articles into `stored` and out of it, and the slugs and ids they get once all are known."""

# ruff: noqa: S608 (statements are joined from constants, values are always bound)

import sqlite3
from collections.abc import Iterable

from service.content import assign_slugs
from service.content.discovery.served_files import file_references
from service.content.records import Claim, Redirect
from service.errors import Fault
from service.index import removals, renames
from service.index.connection import decoder
from service.index.inventory import text_digest
from service.index.rows import Row
from service.index.visibility import Visible, decode
from service.model import Site

_claim = decoder(Claim)

_STORE = """
INSERT INTO stored (path, number, published, expires, told, first_told, rest_bytes, text_bytes, withdrawn,
    language, claim)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_HELD = "SELECT doc, number, article FROM stored CROSS JOIN articles USING (doc) WHERE path = ?"

# Only what has been visible can be gone: an article that was scheduled has never been anywhere.
_DEPART = """
INSERT INTO departed SELECT path, number, slug, id, ? FROM stored
WHERE slug IS NOT NULL
    AND (published IS NULL OR (published <= ? AND (expires IS NULL OR published < expires)))
"""


class Storing:
    """Changes what is stored within one write transaction."""

    def __init__(self, connection: sqlite3.Connection, visible: Visible, now: int) -> None:
        self._connection = connection
        self._visible = visible
        self._now = now
        self.changed = False
        connection.execute(
            "CREATE TEMP TABLE departed (path TEXT, number INTEGER, slug TEXT, id TEXT, text TEXT)"
        )
        (last,) = connection.execute("SELECT coalesce(max(doc), 0) FROM stored").fetchone()
        self._first_new = int(last) + 1
        (self._anew,) = connection.execute("SELECT NOT EXISTS (SELECT 1 FROM files)").fetchone()

    def replace(
        self, path: str, rows: Iterable[Row], redirects: Iterable[Redirect] = (), *, is_private: bool = False
    ) -> None:
        """Let the file at `path` hold the articles of these rows; those as they were are not touched.

        `is_private` is whether it also holds one that is kept from the public.
        """
        execute = self._connection.execute
        # A file comes once in a build: of an index built from nothing, none has been here before.
        rows_held = [] if self._anew else execute(_HELD, (path,)).fetchall()
        held = {number: (doc, blob) for doc, number, blob in rows_held}
        for row in rows:
            doc, known = held.pop(row.number, (None, b""))
            if row.article == known:
                continue
            if doc is not None:
                self._remove(doc)
            self._insert(path, row)
        for doc, _ in held.values():
            self._remove(doc)
        if not self._anew:
            execute("DELETE FROM redirects WHERE path = ?", (path,))
            execute("DELETE FROM private_files WHERE path = ?", (path,))
        if is_private:
            execute("INSERT INTO private_files (path) VALUES (?)", (path,))
        led = [(former, one.target, path) for one in redirects for former in one.addresses]
        self._connection.executemany(
            "INSERT OR IGNORE INTO redirects (former, target, path) VALUES (?, ?, ?)", led
        )

    def forget_everything(self) -> None:
        """Empty the index, but remember which addresses there were."""
        execute = self._connection.execute
        execute(_DEPART, (None, self._now))
        self._first_new = 1
        self._anew = True
        for table in (
            *("files", "stored", "articles", "visible", "terms", "spellings", "carried"),
            *("log", "aliases", "redirects", "departures", "file_references", "private_files"),
        ):
            execute(f"DELETE FROM {table}")
        execute("INSERT INTO searched (searched) VALUES ('delete-all')")
        self.changed = True

    def settle(self, site: Site) -> tuple[Fault, ...]:
        """Give every article its slug and id; one whose slug or id changes is shown anew."""
        execute = self._connection.execute
        claims = (_claim(blob) for (blob,) in execute("SELECT claim FROM stored"))
        settled, faults = assign_slugs(claims, site)
        wanted = {(one.path, one.number): (one.slug, one.id, one.translation) for one in settled}
        changes, named, renamed = [], [], []
        for doc, path, number, *held in execute(
            "SELECT doc, path, number, slug, id, translation FROM stored"
        ):
            new = wanted.get((path, number), (None, None, None))
            if new != tuple(held):
                changes.append((*new, doc))
                if held[0] is not None:
                    named.append((doc,))
            if held[0] is not None and new[:2] != tuple(held[:2]):
                renamed.append((None, self._now, doc))
        for (doc,) in named:
            self._visible.hide(doc)
            removals.forget(self._connection, doc)
        # Two articles may trade slugs: all are let go before any is taken.
        many = self._connection.executemany
        many(f"{_DEPART} AND doc = ?", renamed)
        many("UPDATE stored SET slug = NULL, id = NULL WHERE doc = ?", named)
        many("UPDATE stored SET slug = ?, id = ?, translation = ? WHERE doc = ?", changes)
        removals.note(self._connection)
        return faults

    def remember_departed(self) -> None:
        """Note what goes by another name now, and the addresses that have lost their article.

        One that only took another slug is not gone.
        """
        renames.note(self._connection, self._first_new)
        self._connection.execute(
            "INSERT OR IGNORE INTO gone SELECT slug FROM departed WHERE NOT EXISTS"
            " (SELECT 1 FROM stored WHERE stored.slug = departed.slug) AND NOT EXISTS"
            " (SELECT 1 FROM stored WHERE stored.path = departed.path AND stored.number = departed.number)"
        )
        self._connection.execute("DROP TABLE departed")

    def _insert(self, path: str, row: Row) -> None:
        facts = (
            path,
            row.number,
            row.published,
            row.expires,
            row.told,
            row.first_told,
            row.rest_bytes,
            row.text_bytes,
            row.withdrawn,
            row.language,
            row.claim,
        )
        execute = self._connection.execute
        doc = execute(_STORE, facts).lastrowid or 0
        execute("INSERT INTO articles (doc, article) VALUES (?, ?)", (doc, row.article))
        aliases = [(alias, doc) for alias in row.aliases]
        self._connection.executemany("INSERT INTO aliases (slug, doc) VALUES (?, ?)", aliases)
        references = [(file, doc) for file in row.files]
        self._connection.executemany("INSERT INTO file_references (file, doc) VALUES (?, ?)", references)
        if row.showing:
            self._visible.keep(doc, row.showing)
        self.changed = True

    def _remove(self, doc: int) -> None:
        execute = self._connection.execute
        self._visible.hide(doc)
        (blob,) = execute("SELECT article FROM articles WHERE doc = ?", (doc,)).fetchone()
        article = decode(blob)
        execute(f"{_DEPART} AND doc = ?", (text_digest(article.content_text), self._now, doc))
        removals.forget(self._connection, doc)
        execute("DELETE FROM aliases WHERE doc = ?", (doc,))
        references = [(file, doc) for file in file_references(article)]
        self._connection.executemany("DELETE FROM file_references WHERE file = ? AND doc = ?", references)
        execute("DELETE FROM stored WHERE doc = ?", (doc,))
        execute("DELETE FROM articles WHERE doc = ?", (doc,))
        self.changed = True
