"""Files that are not articles, in the index: which articles refer to them, and in whose folders they are."""

import os
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import msgspec

from service.content.files import addresses
from service.content.files.access import (
    SITE_FILE,
    enclosing_folders,
    is_article_source,
    is_never_served,
    may_be_served,
    owner_prefixes,
    owns_folder,
)
from service.content.files.addresses import locate_file
from service.content.files.kinds import HTML_SUFFIXES
from service.content.identity.slugs import before_query
from service.errors import Gone, NotFound
from service.index.article_row import decode_article
from service.index.articles import (
    FORMAT_SUFFIX,
    article_finder,
    find_article,
    find_hidden_file,
    find_linked,
    is_dead_link,
    locate,
    read_article,
)
from service.index.tables.content_tree import ContentTree
from service.index.tables.site_pages import visible_pages
from service.index.where import replace_surrogates
from service.markup import FILES, SITE
from service.model import Article

_SAVE_HASH = """
INSERT INTO file_hashes (path, size, mtime_ns, ctime_ns, is_final, sha256) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET size = excluded.size, mtime_ns = excluded.mtime_ns, ctime_ns = excluded.ctime_ns,
    is_final = excluded.is_final, sha256 = excluded.sha256
"""


class FileHash(msgspec.Struct, frozen=True):
    """A file as it was when it was hashed: its size in bytes, when it changed, and the hash as hex digits."""

    size: int
    mtime_ns: int
    ctime_ns: int
    sha256: str

    def is_of(self, facts: os.stat_result) -> bool:
        """Whether a file with these facts still is what was hashed."""
        return (self.size, self.mtime_ns, self.ctime_ns) == (
            facts.st_size,
            facts.st_mtime_ns,
            facts.st_ctime_ns,
        )


class FileRecord(msgspec.Struct, frozen=True):
    """The facts in the index about a file that is not an article.

    `is_referenced` and `is_withheld` are arguments of `may_be_served` (`content.files.access`), without
    the references from pages of the site. `hash` is None for a file that has not been hashed yet.
    """

    is_referenced: bool = False
    is_withheld: bool = False
    hash: FileHash | None = None


class DeadReference(msgspec.Struct, frozen=True, order=True):
    """A reference in article `number` of the file `path` to something that readers do not get.

    `target` is the path of a file below the content folder, or an address with a leading slash; `is_page` is
    whether it may be the address of a page. `reason` says why it is not served; "" if it is not there.
    `is_hidden` is whether only the words of the link are shown.
    """

    path: str
    number: int
    target: str
    is_page: bool = False
    reason: str = ""
    is_hidden: bool = False


_REFERENCE = re.compile(rf'(href|src|poster)="{SITE}(/[^"]*)"')
_ARTICLES = "/articles/"
_SUFFIX = re.compile(r"\.\w+$")


_REFERRING = """
SELECT documents.path FROM file_references JOIN documents USING (doc)
WHERE file IN (?1, ?2) AND row IS NOT NULL
UNION ALL SELECT path FROM site_page_files JOIN visible_site_pages USING (page) WHERE file IN (?1, ?2)
"""

_OWNERS = """
SELECT path, row IS NOT NULL FROM documents WHERE path > ?1 AND path < ?2
UNION ALL SELECT path, page IN (SELECT page FROM visible_site_pages) FROM site_pages
    WHERE path > ?1 AND path < ?2
UNION ALL SELECT path, 0 FROM private_files WHERE path > ?1 AND path < ?2
"""

_HIDDEN = """
SELECT withdrawn, coalesce(published > transition, 0), coalesce(expires <= transition, 0) FROM (
    SELECT number, withdrawn, published, expires FROM documents WHERE path = ?1
    UNION ALL SELECT number, withdrawn, published, expires FROM site_pages WHERE path = ?1
), state ORDER BY number LIMIT 1
"""

_VISIBLE_IN_FOLDER = """
SELECT 1 FROM documents WHERE path > ?1 AND path < ?2 AND row IS NOT NULL
UNION ALL SELECT 1 FROM visible_site_pages WHERE path > ?1 AND path < ?2
"""

_REFERENCES = """
SELECT file, documents.path, number FROM file_references JOIN documents USING (doc) WHERE row IS NOT NULL
UNION ALL SELECT file, path, number FROM site_page_files JOIN visible_site_pages USING (page)
ORDER BY 2, 3, 1
"""

_REFERENCED = """
SELECT file FROM file_references WHERE file > ?1 UNION SELECT file FROM site_page_files WHERE file > ?1
ORDER BY file LIMIT ?2
"""


def read_file_record(
    connection: sqlite3.Connection, path: str, public_url: str | None, linked_folder: str
) -> FileRecord:
    """The facts about the file at `path`; an absolute reference to it begins with `public_url`, if given.

    It is withheld when it was reached through a `linked_folder` that no visible article comes from.
    """
    path = replace_surrogates(path)
    address = f"{public_url}/files/{path}" if public_url else path
    referring = [article for (article,) in connection.execute(_REFERRING, (path, address))]
    hashed = read_hash(connection, path)
    folder = _closed_folder(connection, path)
    is_closed = folder is not None and not any(article.startswith(f"{folder}/") for article in referring)
    is_published = not linked_folder or _has_visible_article(connection, replace_surrogates(linked_folder))
    return FileRecord(
        is_referenced=bool(referring),
        is_withheld=is_closed or not is_published,
        hash=hashed[0] if hashed else None,
    )


def refused_references(
    connection: sqlite3.Connection, root: Path, public_url: str | None
) -> Iterator[DeadReference]:
    """The references of visible articles to files below `root` that are not served, each with the reason."""
    for file, article, number in connection.execute(_REFERENCES).fetchall():
        path = file.removeprefix(f"{public_url}/files/") if public_url else file
        reason = None if "://" in path else _refusal(connection, root, path, public_url)
        if reason:
            yield DeadReference(article, number, path, reason=reason)


def dead_references(
    connection: sqlite3.Connection, root: Path, site_links: Iterable[str]
) -> Iterator[DeadReference]:
    """The links, pictures and lead images of visible articles, and `site_links`, that lead nowhere.

    Links of the site are in its settings. Attachments are reported when their file is read.
    """
    for address in site_links:
        path = unquote(before_query(address))
        if not (is_article_source(path) and locate(connection, path.removeprefix(FILES))):
            yield from _check_reference(connection, root, (SITE_FILE, 0), path, is_link=True, is_hidden=False)
    find = article_finder(connection)
    for article, html in _visible_articles(connection):
        references = {(unescape(match[2]), match[1] == "href") for match in _REFERENCE.finditer(html)}
        if article.image and article.image.url.startswith("/"):
            references.add((article.image.url, False))
        for address, is_link in sorted(references):
            path = unquote(before_query(address))
            place = (article.path, article.number)
            if is_link and find_linked(article, path, find):
                continue
            is_hidden = is_link and is_dead_link(article, path, find)
            if is_hidden and (file := find_hidden_file(article, path, find)):
                reason = _why_hidden(connection, file)
                yield DeadReference(*place, path.removeprefix(FILES), reason=reason, is_hidden=True)
            else:
                yield from _check_reference(
                    connection, root, place, path, is_link=is_link, is_hidden=is_hidden
                )


def _check_reference(
    connection: sqlite3.Connection,
    root: Path,
    place: tuple[str, int],
    path: str,
    *,
    is_link: bool,
    is_hidden: bool,
) -> Iterator[DeadReference]:
    """The reference at `place`, a file and the number of an article in it, if it leads nowhere.

    `path` is a decoded address on this site.
    """
    if path.startswith(FILES):
        target = path.removeprefix(FILES)
        if not _exists(root, target):
            yield DeadReference(*place, target, is_hidden=is_hidden)
        elif is_link and is_article_source(target):
            yield DeadReference(*place, target, reason=_why_hidden(connection, target), is_hidden=is_hidden)
        return
    is_article = path.startswith(_ARTICLES)
    is_page = is_article or (is_link and (not _SUFFIX.search(path) or path.lower().endswith(HTML_SUFFIXES)))
    name = path.removeprefix(_ARTICLES)
    reason = _why_unanswered(connection, name) if is_link or is_article else ""
    if reason is not None:
        yield DeadReference(*place, path, is_page=is_page, reason=reason, is_hidden=is_hidden)


def _why_hidden(connection: sqlite3.Connection, path: str) -> str:
    """Why readers see no article from the file `path`, which exists."""
    row = connection.execute(_HIDDEN, (replace_surrogates(path),)).fetchone()
    if row is not None:
        is_withdrawn, is_scheduled, is_expired = row
        if is_withdrawn:
            return "it is withdrawn"
        return "it is scheduled" if is_scheduled else "it has expired" if is_expired else "it is left out"
    is_private = connection.execute(
        "SELECT 1 FROM private_files WHERE path = ?", (replace_surrogates(path),)
    ).fetchone()
    return "it is a draft, private or faulty" if is_private else "it is not an article"


def _visible_articles(connection: sqlite3.Connection) -> Iterator[tuple[Article, str]]:
    """Every visible article and page, and its HTML as stored, whose links lead to files."""
    docs = "SELECT doc FROM documents WHERE row IS NOT NULL ORDER BY path, number"
    for (doc,) in connection.execute(docs).fetchall():
        (blob,) = connection.execute("SELECT unpack(article) FROM articles WHERE doc = ?", (doc,)).fetchone()
        yield read_article(connection, doc), decode_article(blob).content_html
    yield from ((page, page.content_html) for page in visible_pages(connection))


def read_hash(connection: sqlite3.Connection, path: str) -> tuple[FileHash, bool] | None:
    """The hash of a file, and whether it is final: it was not hashed just after a change."""
    row = connection.execute(
        "SELECT size, mtime_ns, ctime_ns, sha256, is_final FROM file_hashes WHERE path = ?", (path,)
    ).fetchone()
    return None if row is None else (FileHash(*row[:4]), bool(row[4]))


def is_referenced(connection: sqlite3.Connection, path: str, public_url: str | None) -> bool:
    """Whether an article or a page, visible or not, refers to the file at `path`.

    An absolute reference to it begins with `public_url`, if given.
    """
    statement = (
        "SELECT EXISTS (SELECT 1 FROM file_references WHERE file IN (?1, ?2))"
        " OR EXISTS (SELECT 1 FROM site_page_files WHERE file IN (?1, ?2))"
    )
    address = f"{public_url}/files/{path}" if public_url else path
    return bool(
        connection.execute(statement, (replace_surrogates(path), replace_surrogates(address))).fetchone()[0]
    )


def save_hashes(
    connection: sqlite3.Connection,
    tree: ContentTree,
    hashes: Iterable[tuple[str, FileHash, bool]],
    removed: Iterable[str],
    links: Mapping[str, str | None],
) -> None:
    """Store (path, hash, whether it is final), and delete the hashes of `removed` files, also in `tree`.

    `links` are the targets of symbolic links by their places; None for those that are no more.
    """
    for path, file, is_final in hashes:
        _note_change(connection, path)
        facts = (file.size, file.mtime_ns, file.ctime_ns, is_final, file.sha256)
        connection.execute(_SAVE_HASH, (path, *facts))
        tree.put(_entry(path), file.sha256.encode())
    for path in removed:
        _note_change(connection, path)
        connection.execute("DELETE FROM file_hashes WHERE path = ?", (path,))
        tree.remove(_entry(path))
    for path, target in links.items():
        connection.execute("DELETE FROM file_links WHERE path = ?", (path,))
        if target is None:
            tree.remove(_link_entry(path))
        else:
            connection.execute("INSERT INTO file_links (path, target) VALUES (?, ?)", (path, target))
            tree.put(_link_entry(path), target.encode())


def delete_hashes(connection: sqlite3.Connection, tree: ContentTree) -> None:
    """Delete the hashes of all files and the links to them, also in `tree`."""
    connection.execute("INSERT OR IGNORE INTO changed_files SELECT path, sha256 FROM file_hashes")
    for (path,) in connection.execute("DELETE FROM file_hashes RETURNING path").fetchall():
        tree.remove(_entry(path))
    for (path,) in connection.execute("DELETE FROM file_links RETURNING path").fetchall():
        tree.remove(_link_entry(path))


def put_hashes(connection: sqlite3.Connection, tree: ContentTree) -> None:
    """Put the stored hashes of all files, and the links to them, into `tree`, which was cleared."""
    for path, sha256 in connection.execute("SELECT path, sha256 FROM file_hashes"):
        tree.put(_entry(path), sha256.encode())
    for path, target in read_links(connection).items():
        tree.put(_link_entry(path), target.encode())


def read_links(connection: sqlite3.Connection) -> dict[str, str]:
    """Where all symbolic links lead, by their places."""
    return dict(connection.execute("SELECT path, target FROM file_links").fetchall())


def read_link(connection: sqlite3.Connection, place: str) -> str | None:
    """Where the symbolic link at `place` leads; None if there is none."""
    row = connection.execute("SELECT target FROM file_links WHERE path = ?", (place,)).fetchone()
    return None if row is None else row[0]


def follow_links(connection: sqlite3.Connection, path: str) -> tuple[str, str]:
    """The address and the linked folder of the file at `path`, as `locate_file` finds them in the folder.

    Raises FileNotFoundError.
    """
    return addresses.follow_links(replace_surrogates(path), lambda place: read_link(connection, place))


def _note_change(connection: sqlite3.Connection, path: str) -> None:
    """Remember the hash that the file at `path` had in the last revision, before it is replaced."""
    connection.execute(
        "INSERT OR IGNORE INTO changed_files SELECT ?1, (SELECT sha256 FROM file_hashes WHERE path = ?1)",
        (path,),
    )


def _entry(path: str) -> str:
    """The key of the file at `path` in the content tree."""
    return f"file {path}"


def _link_entry(path: str) -> str:
    """The key of the symbolic link at `path` in the content tree."""
    return f"link {path}"


def hashed_paths(connection: sqlite3.Connection, after: str, limit: int) -> list[str]:
    """At most `limit` paths of hashed files that follow `after`, in order."""
    return _paths(
        connection, "SELECT path FROM file_hashes WHERE path > ? ORDER BY path LIMIT ?", after, limit
    )


def referenced_files(connection: sqlite3.Connection, after: str, limit: int) -> list[str]:
    """At most `limit` files that articles refer to and that follow `after`, in order."""
    return _paths(connection, _REFERENCED, after, limit)


def _paths(connection: sqlite3.Connection, statement: str, after: str, limit: int) -> list[str]:
    return [path for (path,) in connection.execute(statement, (after, limit))]


def _refusal(connection: sqlite3.Connection, root: Path, path: str, public_url: str | None) -> str | None:
    """Why the file at `path`, to which a visible article refers, is not served; None if it is, or is none."""
    if not os.path.isfile(f"{root}/{path}"):  # noqa: PTH113 - a Path takes longer to make
        return None
    if is_article_source(path):
        return None  # see `dead_references`
    if is_never_served(path):
        return "its name is that of a hidden file, a backup or settings"
    try:
        located = locate_file(root, path)
    except (OSError, ValueError):
        return "it is outside the content folder, or is hidden"
    record = read_file_record(connection, located.address, public_url, located.linked_folder)
    if record.is_withheld:
        return "it lies in the folder of an article that is not visible"
    if may_be_served(located.address, is_referenced=record.is_referenced, is_withheld=False):
        return None
    return f"it is a symbolic link to {located.address!r}, which is not served; refer to the target itself"


def _exists(root: Path, path: str) -> bool:
    try:
        return os.path.isfile(f"{root}/{path}")  # noqa: PTH113 - a Path takes longer to make
    except ValueError:  # a null character
        return False


def _why_unanswered(connection: sqlite3.Connection, name: str) -> str | None:
    """The reason with which the address `name`, a slug or a path, answers 410; "" if it answers 404.

    None if an article or page answers, also in capitals, or in one format.
    """
    place = name.removesuffix("index.html").rstrip("/")
    page = FORMAT_SUFFIX.sub("", place)
    reason = ""
    for spelling in dict.fromkeys((place, page, place.lower(), page.lower())):
        try:
            find_article(connection, spelling)
        except NotFound:
            continue
        except Gone as gone:
            reason = reason or gone.reason
        else:
            return None
    return reason


def _closed_folder(connection: sqlite3.Connection, path: str) -> str | None:
    """The folder of an article that is not public (yet), if `path` is in one; the nearest decides."""
    for folder in enclosing_folders(path):
        is_owned = False
        for prefix in owner_prefixes(folder):
            for article, is_visible in _beginning_with(connection, prefix):
                if owns_folder(article, folder):
                    if is_visible:
                        return None
                    is_owned = True
        if is_owned:
            return folder
    return None


def _has_visible_article(connection: sqlite3.Connection, folder: str) -> bool:
    return connection.execute(_VISIBLE_IN_FOLDER, (f"{folder}/", f"{folder}0")).fetchone() is not None


def _beginning_with(connection: sqlite3.Connection, prefix: str) -> Iterator[tuple[str, bool]]:
    """The article files whose path begins with `prefix`, which ends in ASCII, and whether one is visible."""
    end = prefix[:-1] + chr(ord(prefix[-1]) + 1)
    return connection.execute(_OWNERS, (prefix, end))
