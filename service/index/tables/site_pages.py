"""Pages that are not articles: their rows, their addresses, the navigation, and a search in them.

They are few, so nothing about them is counted or sorted in advance: whether one is visible follows from its
instants and the newest transition (the view `visible_site_pages`).
"""

# ruff: noqa: S608 (statements are joined from constants, values are always bound)

import sqlite3
from collections.abc import Iterator, Sequence

import msgspec

from service.content import assign_slugs
from service.content.records import Claim
from service.errors import Fault, Gone
from service.index.article_row import SearchText, before_update, decode_article
from service.index.changelog import EXPIRED
from service.index.database import decoder
from service.index.differences.changed_articles import ChangedArticles
from service.index.instants import instant, seconds
from service.index.state import IndexState, read_site
from service.index.tables import page_rename_notices
from service.index.tables.content_tree import ContentTree
from service.index.tables.full_text import delete_texts, insert_texts, read_text
from service.index.tables.page_rename_notices import FormerPage
from service.index.tables.rename_notices import text_digest
from service.index.where import match_words
from service.model import Article, Site, Translation, fold
from service.query import MenuLink, Query

_decode_claim = decoder(Claim)
_decode_fault = decoder(Fault)

_COLUMNS = "address, id, translation, article"
_STORE = """
INSERT INTO site_pages (path, number, language, published, updated, expires, withdrawn, menu_label,
    menu_weight, claim, article)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
PRESENT_ADDRESS = """
SELECT address FROM visible_site_pages WHERE address = ?1
UNION ALL SELECT address FROM site_page_aliases JOIN visible_site_pages USING (page) WHERE former = ?1
LIMIT 1
"""
SCHEDULED_ADDRESS = """
SELECT path FROM site_pages
WHERE address = ? AND withdrawn = 0 AND published > (SELECT transition FROM state)
"""
_WAS_PUBLISHED = "(published IS NULL OR published <= (SELECT transition FROM state))"
_ONCE_PUBLISHED = f"""
SELECT article, expires FROM site_pages WHERE address = ?1 AND {_WAS_PUBLISHED}
UNION ALL SELECT article, expires FROM site_page_aliases JOIN site_pages USING (page)
WHERE former = ?1 AND {_WAS_PUBLISHED}
LIMIT 1
"""
_NAMES = """
SELECT path FROM site_pages WHERE page = ?1 UNION ALL SELECT address FROM site_pages WHERE page = ?1
UNION ALL SELECT former FROM site_page_aliases WHERE page = ?1
"""
# Former addresses of articles, and pages that only redirect, at which a page is served.
_COVERED = """
SELECT documents.path, documents.number, address, site_pages.path FROM site_pages
JOIN aliases ON aliases.slug IN (address, address || '.html') JOIN documents USING (doc)
UNION ALL SELECT redirects.path, 0, address, site_pages.path FROM site_pages
JOIN redirects ON former IN (address, address || '.html')
"""


class SitePageRow(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One row of the table of pages: instants in seconds since 1970, `claim` and `article` msgpack.

    `former` are its former addresses, `files` the files it refers to. `menu_label` is None for a page that is
    not in the navigation.
    """

    number: int
    language: str
    published: int | None
    updated: int | None
    expires: int | None
    withdrawn: bool
    menu_label: str | None
    menu_weight: float | None
    claim: bytes
    article: bytes
    former: tuple[str, ...]
    files: tuple[str, ...]
    search_text: SearchText


class PageCounts(msgspec.Struct, frozen=True):
    """How many pages there are by their standing at one instant."""

    visible: int
    scheduled: int
    expired: int
    withdrawn: int


class SitePageWriter:
    """Writes the pages of a build within one transaction, and into the tree of all content."""

    def __init__(self, connection: sqlite3.Connection, tree: ContentTree, changed: ChangedArticles) -> None:
        self._connection = connection
        self._tree = tree
        self._changed_articles = changed
        self._former: list[FormerPage] = []
        (self._has_pages,) = connection.execute("SELECT EXISTS (SELECT 1 FROM site_pages)").fetchone()
        self.changed = False

    def replace(self, path: str, rows: Sequence[SitePageRow]) -> None:
        """Replace the pages of the file at `path` by these rows; unchanged ones are not written."""
        if not (rows or self._has_pages):  # so it is with nearly every file
            return
        stored_rows = self._connection.execute(
            "SELECT page, number, article FROM site_pages WHERE path = ?", (path,)
        ).fetchall()
        stored = {number: (page, blob) for page, number, blob in stored_rows}
        for row in rows:
            page, blob = stored.pop(row.number, (None, b""))
            if row.article == blob:
                continue
            if page is not None:
                self._remove(page)
            self._insert(path, row)
        for page, _ in stored.values():
            self._remove(page)

    def delete_everything(self) -> None:
        """Delete every page, but remember the addresses of those that were visible."""
        for (page,) in self._connection.execute("SELECT page FROM site_pages").fetchall():
            self._remove(page)

    def assign_addresses(self, site: Site) -> None:
        """Assign every page its address and id."""
        execute = self._connection.execute
        pages = execute("SELECT page, address, id, translation, claim FROM site_pages").fetchall()
        claims = {page: _decode_claim(blob) for page, *_, blob in pages}
        identities = assign_slugs(claims.values(), site)
        faults = [fault for identity in identities for fault in identity.faults]
        assigned = {(identity.path, identity.number): identity for identity in identities}
        changes = []
        for page, address, page_id, translation, _ in pages:
            new = assigned[claims[page].path, claims[page].number]
            if (new.slug, new.id, new.translation) != (address, page_id, translation):
                changes.append((new.slug, new.id, new.translation, page))
                self._remember(page)
                self._changed_articles.note_page([name for name in (address, new.slug) if name])
        # Two pages may swap addresses: all are released before any is assigned.
        many = self._connection.executemany
        many("UPDATE site_pages SET address = NULL WHERE page = ?", [(page,) for *_, page in changes])
        many("UPDATE site_pages SET address = ?, id = ?, translation = ? WHERE page = ?", changes)
        execute("DELETE FROM site_page_faults")
        many(
            "INSERT INTO site_page_faults (fault) VALUES (?)",
            [(msgspec.msgpack.encode(fault),) for fault in faults],
        )

    def record_former_addresses(self) -> None:
        """Record the pages that were renamed, and remember all addresses of those that were deleted.

        One that is now an article of the same name counts as deleted.
        """
        page_rename_notices.record(self._connection, self._former)
        self._connection.executemany(
            "INSERT OR IGNORE INTO deleted_slugs SELECT ?3 WHERE NOT EXISTS"
            " (SELECT 1 FROM site_pages WHERE address = ?3 OR (path = ?1 AND number = ?2))"
            " AND NOT EXISTS (SELECT 1 FROM site_page_aliases WHERE former = ?3)"
            " AND NOT EXISTS (SELECT 1 FROM documents WHERE path = ?1 AND number = ?2"
            " AND substr(?3, -length(slug) - 1) IS NOT '/' || slug)",
            [
                (former.path, former.number, address)
                for former in self._former
                for address in (former.address, *former.aliases)
            ],
        )

    def _insert(self, path: str, row: SitePageRow) -> None:
        facts = (path, *msgspec.structs.astuple(row)[:10])
        execute = self._connection.execute
        page = execute(_STORE, facts).lastrowid or 0
        self._tree.put(f"page {row.number} {path}", row.article)
        self._changed_articles.note_page([path, *row.former])
        many = self._connection.executemany
        many(
            "INSERT INTO site_page_aliases (former, page) VALUES (?, ?)",
            [(former, page) for former in row.former],
        )
        self._changed_articles.note_references(row.files)
        many("INSERT INTO site_page_files (file, page) VALUES (?, ?)", [(file, page) for file in row.files])
        insert_texts(self._connection, "site_pages_fts", [(page, msgspec.structs.astuple(row.search_text))])
        self.changed = True

    def _remove(self, page: int) -> None:
        execute = self._connection.execute
        self._remember(page)
        path, number = execute("SELECT path, number FROM site_pages WHERE page = ?", (page,)).fetchone()
        self._tree.remove(f"page {number} {path}")
        self._changed_articles.note_page(page_names(self._connection, page))
        if text := read_text(self._connection, "site_pages_fts", page):
            delete_texts(self._connection, "site_pages_fts", [(page, text)])
        files = execute("SELECT file FROM site_page_files WHERE page = ?", (page,))
        self._changed_articles.note_references(file for (file,) in files)
        for table in ("site_page_aliases", "site_page_files", "site_pages"):
            execute(f"DELETE FROM {table} WHERE page = ?", (page,))
        self.changed = True

    def _remember(self, page: int) -> None:
        """Note the present and former addresses of a page that was published, before it loses them."""
        row = self._connection.execute(
            "SELECT path, number, address, article FROM site_pages WHERE page = ? AND address IS NOT NULL"
            f" AND {_WAS_PUBLISHED}",
            (page,),
        ).fetchone()
        if row is None:
            return
        aliases = self._connection.execute("SELECT former FROM site_page_aliases WHERE page = ?", (page,))
        path, number, address, blob = row
        text = text_digest(decode_article(blob).content_text)
        self._former.append(FormerPage(path, number, address, tuple(alias for (alias,) in aliases), text))


def page_names(connection: sqlite3.Connection, page: int) -> list[str]:
    """The names that lead to a page: its file, its address and its former addresses."""
    names = connection.execute(_NAMES, (page,))
    return [name for (name,) in names if name is not None]


def find_page(connection: sqlite3.Connection, address: str) -> Article | None:
    """The visible page at `address`. Raises Gone if it was withdrawn or has expired."""
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM visible_site_pages WHERE address = ?", (address,)
    ).fetchone()
    return _page(connection, *row) if row else None


def find_present_address(connection: sqlite3.Connection, former: str) -> str | None:
    """The address of the visible page that has or had the address `former`."""
    row = connection.execute(PRESENT_ADDRESS, (former,)).fetchone()
    return None if row is None else str(row[0])


def find_only_address_ending(connection: sqlite3.Connection, ending: str) -> str | None:
    """The address of the visible page that ends in `ending`; None if there is none or several."""
    rows = connection.execute(
        "SELECT address FROM visible_site_pages WHERE substr(address, -length(?1)) = ?1 LIMIT 2", (ending,)
    ).fetchall()
    return str(rows[0][0]) if len(rows) == 1 else None


def require_not_gone(connection: sqlite3.Connection, address: str) -> None:
    """Raise Gone if the page that has or had `address` was withdrawn or has expired."""
    transition = IndexState.read(connection).transition
    row = connection.execute(_ONCE_PUBLISHED, (address,)).fetchone()
    if row is None:
        return
    page, expires = decode_article(row[0]), row[1]
    if page.withdrawn:
        at = seconds(page.withdrawn_at)
        is_past = at is not None and at <= transition
        raise Gone(address, page.withdrawn.reason, page.withdrawn_at if is_past else None)
    if expires is not None and expires <= transition:
        raise Gone(address, EXPIRED, instant(expires))


def visible_pages(connection: sqlite3.Connection) -> tuple[Article, ...]:
    """Every visible page, by its address."""
    rows = connection.execute(f"SELECT {_COLUMNS} FROM visible_site_pages ORDER BY address").fetchall()
    return tuple(_page(connection, *row) for row in rows)


def search_pages(connection: sqlite3.Connection, query: Query, limit: int) -> tuple[Article, ...]:
    """At most `limit` visible pages with the words of `query`, the best matches first."""
    match = match_words(connection, query)
    if not match:
        return ()
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM site_pages_fts CROSS JOIN visible_site_pages ON page = site_pages_fts.rowid"
        " WHERE site_pages_fts MATCH ? ORDER BY rank, address LIMIT ?",
        (match, limit),
    ).fetchall()
    return tuple(_page(connection, *row) for row in rows)


def read_menu_links(connection: sqlite3.Connection) -> tuple[MenuLink, ...]:
    """The pages in the navigation: by weight, then by label; of translations one, in the site's language."""
    site = read_site(connection) or Site()
    rows = connection.execute(
        "SELECT menu_weight, menu_label, address, language, translation FROM visible_site_pages"
        " WHERE menu_label IS NOT NULL"
    ).fetchall()
    chosen: dict[str, tuple[tuple[bool, float, str, str], MenuLink]] = {}
    for weight, label, address, language, translation in sorted(
        rows, key=lambda row: (row[3] != site.language, row[3], row[2])
    ):
        link = (weight is None, weight or 0.0, fold(label), address), MenuLink(label, address, language)
        chosen.setdefault(translation or address, link)
    return tuple(link for _, link in sorted(chosen.values(), key=lambda item: item[0]))


def count_pages(connection: sqlite3.Connection, now: int) -> PageCounts:
    """The pages by their standing at `now`, in seconds since 1970."""
    scheduled, expired, withdrawn = connection.execute(
        "SELECT coalesce(sum(withdrawn = 0 AND coalesce(published > ?1, 0)), 0),"
        " coalesce(sum(withdrawn = 0 AND coalesce(expires <= ?1, 0)), 0),"
        " coalesce(sum(withdrawn), 0) FROM site_pages",
        (now,),
    ).fetchone()
    (visible,) = connection.execute(
        "SELECT count(*) FROM site_pages WHERE withdrawn = 0 AND (published IS NULL OR published <= ?1)"
        " AND (expires IS NULL OR expires > ?1)",
        (now,),
    ).fetchone()
    return PageCounts(visible, scheduled, expired, withdrawn)


def read_faults(connection: sqlite3.Connection) -> Iterator[Fault]:
    """The conflicts between pages, and a note on each former address of an article that a page covers."""
    for (blob,) in connection.execute("SELECT fault FROM site_page_faults"):
        yield _decode_fault(blob)
    for path, number, address, page_path in connection.execute(_COVERED):
        message = (
            f"its former address {address!r} does not redirect: the page {page_path} is served there;"
            " remove it, or give the page another address"
        )
        yield Fault(path, number + 1, message, harmless=True)


def page_paths(connection: sqlite3.Connection) -> list[str]:
    """The files of all pages, in order."""
    return [path for (path,) in connection.execute("SELECT DISTINCT path FROM site_pages ORDER BY path")]


def _page(
    connection: sqlite3.Connection, address: str, page_id: str, translation: str | None, blob: bytes
) -> Article:
    """A visible page with its assigned address and id, and its visible translations."""
    page = decode_article(blob)
    updated = seconds(page.updated)
    if updated is not None and updated > IndexState.read(connection).transition:
        page = before_update(page)
    translations: tuple[Translation, ...] = ()
    if translation is not None:
        rows = connection.execute(
            "SELECT language, address FROM visible_site_pages WHERE translation = ? AND address != ?"
            " ORDER BY language, address",
            (translation, address),
        ).fetchall()
        translations = tuple(Translation(language, other) for language, other in rows)
    return msgspec.structs.replace(page, slug=address, id=page_id, translations=translations)
