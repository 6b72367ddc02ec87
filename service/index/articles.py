"""Articles as readers see them: found by their address or their file, with links to each other.

A link of an article to another one by its file or former address leads to its present address. One to an
article that readers cannot see is shown as its words, in the HTML of the article and in its Markdown.
"""

# ruff: noqa: S608 (statements are joined from constants, values are always bound)

import posixpath
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from html import unescape
from urllib.parse import quote, unquote, urljoin

import msgspec

from service.content.files.access import is_article_source
from service.content.files.kinds import HTML_SUFFIXES, MARKDOWN_SUFFIXES, SUFFIXES
from service.content.identity.assign_slugs import is_alternative_slug
from service.content.identity.page_addresses import RESERVED_SEGMENTS, page_address
from service.content.identity.permalinks import site_path
from service.content.identity.slugs import alias_slug, make_slug
from service.errors import Gone, NotFound
from service.index.article_row import before_update, decode_article, may_link_articles
from service.index.changelog import EXPIRED
from service.index.database import IncompatibleIndex
from service.index.instants import instant, seconds
from service.index.state import read_site
from service.index.tables import site_pages
from service.index.where import replace_surrogates
from service.markup import FILES, SITE
from service.markup.served_text.body_references import write_references
from service.markup.served_text.hidden_links import hide_links, hide_links_of_body
from service.model import Article, Site, Translation, slugify
from service.query import TermName

DELETED = "It was deleted."

# An article that has expired by the newest transition was visible before; the clock is not read.
_COLUMNS = (
    "documents.slug, row, expires, withdrawn, unpack(article),"
    " expires IS NOT NULL AND expires <= (SELECT transition FROM state)"
    " AND (published IS NULL OR published < expires) AS has_expired,"
    " (SELECT transition FROM state)"
)
# Translations may share a former address: it leads to the one that kept the slug, the others are `slug-LANG`.
_SHORTEST_SLUG = "length(documents.slug), documents.slug"
_BY_SLUG = f"SELECT {_COLUMNS} FROM documents CROSS JOIN articles USING (doc) WHERE slug = ?"
_BY_ALIAS = (
    f"SELECT {_COLUMNS} FROM aliases JOIN documents USING (doc) JOIN articles USING (doc)"
    f" WHERE aliases.slug = ? AND documents.slug IS NOT NULL ORDER BY row IS NULL, {_SHORTEST_SLUG}"
)
_VISIBLE_BY_ALIAS = (
    "SELECT documents.slug FROM aliases JOIN documents USING (doc)"
    f" WHERE aliases.slug = ? AND row IS NOT NULL ORDER BY {_SHORTEST_SLUG} LIMIT 1"
)
_VISIBLE_BY_PATH = """
SELECT slug FROM (
    SELECT slug, number FROM documents WHERE path = ?1 AND row IS NOT NULL
    UNION ALL SELECT address, number FROM visible_site_pages WHERE path = ?1
) ORDER BY number LIMIT 1
"""
_VISIBLE_BY_SLUG = "SELECT doc FROM documents WHERE slug = ? AND row IS NOT NULL"
_VISIBLE_PATH_BY_SLUG = "SELECT path FROM documents WHERE slug = ? AND row IS NOT NULL"
_ROW_BY_ID = "SELECT row FROM documents WHERE id = ? AND row IS NOT NULL"
_NEIGHBOURS = (
    "SELECT doc FROM visible WHERE row > ? ORDER BY row LIMIT 1",
    "SELECT doc FROM visible WHERE row < ? ORDER BY row DESC LIMIT 1",
)
_SLUGS_BEFORE = "SELECT slug FROM documents WHERE slug < ? AND row IS NOT NULL ORDER BY slug DESC LIMIT ?"
_SLUGS_AFTER = "SELECT slug FROM documents WHERE slug > ? AND row IS NOT NULL ORDER BY slug LIMIT ?"
_MOST_NEAR = 20
# Such an address answers 404; that of a withdrawn or expired article says what became of it (410).
_HIDDEN_BY_ALIAS = (
    "SELECT documents.path FROM aliases JOIN documents USING (doc)"
    " WHERE aliases.slug = ? AND row IS NULL AND withdrawn = 0 AND published IS NOT NULL"
    " AND published > (SELECT transition FROM state)"
)
_HIDDEN_BY_SLUG = "SELECT path FROM documents WHERE slug = ? AND row IS NULL"
# A file with an article that readers cannot see; a visible one is looked up before.
_HIDDEN_BY_PATH = """
SELECT path FROM private_files WHERE path = ?1
UNION ALL SELECT path FROM documents WHERE path = ?1 AND row IS NULL
UNION ALL SELECT path FROM site_pages WHERE path = ?1
"""
# What has no slug in the index, such as a draft, by the name of its file: `posts/2020-01-02-vote.md`.
_PRIVATE_BY_NAME = """
SELECT path FROM private_files WHERE path LIKE ?1 || '.%' OR path LIKE '%/' || ?1 || '.%'
OR path LIKE '%/' || ?1 || '/index.%' OR path LIKE ?1 || '/index.%' OR path LIKE '%____-__-__-' || ?1 || '.%'
ORDER BY path LIMIT 1
"""
_REDIRECT = "SELECT former FROM redirects WHERE former = ?"
# What answers at a slug because of the folder: an article or what became of it, its former slug, a redirect.
# Not what was deleted: a rebuilt index does not know that, and must have the same bytes.
_ANSWERS = (
    (
        "SELECT slug FROM documents WHERE slug = ?"
        " AND (row IS NOT NULL OR withdrawn = 1 OR expires <= (SELECT transition FROM state))"
    ),
    (
        "SELECT aliases.slug FROM aliases JOIN documents USING (doc) WHERE aliases.slug = ?"
        " AND (row IS NOT NULL OR withdrawn = 1 OR expires <= (SELECT transition FROM state))"
    ),
    _REDIRECT,
)
_REDIRECTS = "SELECT target FROM redirects WHERE former = ? ORDER BY path"
_MAX_REDIRECTS = 10
_MOST_HYPHENS = 3
"""In what is added to a slug: a date, a language such as `zh-hant-tw`."""

_ARTICLE = """
SELECT slug, id, number, unpack(article), translation, pending_update_at
FROM documents CROSS JOIN articles USING (doc) WHERE doc = ?
"""

_TRANSLATIONS = """
SELECT slug, language FROM documents
WHERE translation = ? AND slug != ? AND row IS NOT NULL ORDER BY language, slug
"""

_LINK = re.compile(rf'(?<=href="){SITE}(/[^"?#]*)')
_ARTICLES = "/articles/"
_TEXT_SUFFIXES = (*MARKDOWN_SUFFIXES, *HTML_SUFFIXES)
# Folders of content below that of a site, which its links leave out.
_CONTENT_FOLDERS = ("", "content/", "source/", "src/", "docs/")
_SUFFIX = re.compile(r"\.\w+$")
FORMAT_SUFFIX = re.compile(r"\.(?:json|html|md)$")
_MAX_PATH = 500

ArticleFinder = Callable[[str, str], str | None]
"""Called with a statement and its value: the slug or the file of an article, or None."""


_StoredArticle = tuple[str, str, int, bytes, str | None, int | None]


class Moved(msgspec.Struct, frozen=True):
    """The answer to a former slug: where the article is now."""

    slug: str


class DocumentRow(msgspec.Struct, frozen=True):
    """An article as it is stored, visible or not; `transition` is the newest that was applied."""

    slug: str
    row: int | None
    expires: int | None
    withdrawn: int
    article: bytes
    has_expired: int
    transition: int


def find_article(connection: sqlite3.Connection, slug: str, *, with_body: bool = False) -> Article | Moved:
    """The visible article at `slug`, or where it moved to; another spelling of a slug leads to it.

    A path is the address of a page (`/about`), or looked up among the addresses that pages and articles had
    elsewhere (`/2019/01/vote.html`). `with_body` is that of `link_articles`.

    Raises NotFound, Gone.
    """
    name = replace_surrogates(slug)
    is_path = slug.startswith("/")
    if is_path and (page := site_pages.find_page(connection, name)):
        return link_articles(page, article_finder(connection), with_body=with_body)
    spellings = () if is_path else filter(None, (make_slug(name), slugify(name)))
    for spelling in dict.fromkeys((name, *spellings)):
        row = connection.execute(_VISIBLE_BY_SLUG, (spelling,)).fetchone()
        if row and spelling == name:
            return read_article(connection, *row, with_body=with_body)
        if moved := Moved(spelling) if row else _find_moved(connection, spelling):
            return moved
    if is_path:
        raise NotFound(f"There is no page {slug!r}.")
    raise NotFound(f"There is no article {slug!r}.")


def find_neighbours(connection: sqlite3.Connection, article_id: str) -> tuple[Article | None, Article | None]:
    """The articles published next after a visible article, and next before it."""
    row = connection.execute(_ROW_BY_ID, (replace_surrogates(article_id),)).fetchone()
    docs = [connection.execute(statement, row).fetchone() for statement in _NEIGHBOURS] if row else [None] * 2
    newer, older = (read_article(connection, *doc) if doc else None for doc in docs)
    return newer, older


def locate(connection: sqlite3.Connection, path: str) -> str | None:
    """The slug of the first visible article or page from the file `path`."""
    row = connection.execute(_VISIBLE_BY_PATH, (replace_surrogates(path),)).fetchone()
    return None if row is None else str(row[0])


def _find_moved(connection: sqlite3.Connection, slug: str) -> Moved | None:
    """Where the article or page moved to that was at exactly this slug. Raises Gone."""
    if slug.startswith("/"):
        if address := site_pages.find_present_address(connection, slug):
            return Moved(address)
        site_pages.require_not_gone(connection, slug)
    elif columns := connection.execute(_BY_SLUG, (slug,)).fetchone():
        _require_not_gone(slug, DocumentRow(*columns))
    for columns in connection.execute(_BY_ALIAS, (slug,)):
        document = DocumentRow(*columns)
        if document.row is not None:
            return Moved(document.slug)
        _require_not_gone(slug, document)
    for (target,) in connection.execute(_REDIRECTS, (slug,)):
        if moved := follow_redirect(connection, target):
            return moved
    if not slug.startswith("/") and (address := site_pages.find_present_address(connection, f"/{slug}")):
        return Moved(address)  # it was an article
    return _find_deleted(connection, slug) or _find_by_alternative(connection, slug)


def _find_by_alternative(connection: sqlite3.Connection, slug: str) -> Moved | None:
    """The article that had this slug while another had the one it asks for: `vote-2019-01-28`, `vote-fr`."""
    for hyphens in range(1, min(slug.count("-"), _MOST_HYPHENS) + 1):
        wanted = slug.rsplit("-", hyphens)[0]
        if row := connection.execute(_VISIBLE_BY_SLUG, (wanted,)).fetchone():
            article = read_article(connection, *row)
            if is_alternative_slug(slug, article, read_site(connection) or Site()):
                return Moved(wanted)
    return None


def _find_deleted(connection: sqlite3.Connection, slug: str) -> Moved | None:
    """The article that was the page at `slug`, or the page that was the article.

    Raises Gone if what was there was deleted.
    """
    if connection.execute("SELECT 1 FROM deleted_slugs WHERE slug = ?", (slug,)).fetchone() is None:
        return None
    if slug.startswith("/"):
        name = slug.rpartition("/")[2]
        row = connection.execute(_VISIBLE_PATH_BY_SLUG, (name,)).fetchone()
        if row and (slug == f"/{name}" or _address_of_file(row[0]).endswith(slug)):
            return Moved(name)
    elif address := site_pages.find_only_address_ending(connection, f"/{slug}"):
        return Moved(address)
    raise Gone(slug, DELETED, None)


def _address_of_file(path: str) -> str:
    """The address that a page has by the place of its file: `a/b.md`, `a/b/index.md` → `/a/b`."""
    return page_address(f"{posixpath.splitext(path)[0]}.html")


def follow_redirect(connection: sqlite3.Connection, target: str) -> Moved | None:
    """The article or page that a redirect leads to, perhaps by further ones; None for others, or a circle."""
    for _ in range(_MAX_REDIRECTS):
        names = [name for name in (site_path(target), alias_slug(target)) if name]
        for name in names:
            if name.startswith("/") and (address := site_pages.find_present_address(connection, name)):
                return Moved(address)
            if connection.execute(_VISIBLE_BY_SLUG, (name,)).fetchone():
                return Moved(name)
            if row := connection.execute(_VISIBLE_BY_ALIAS, (name,)).fetchone():
                return Moved(row[0])
        rows = (connection.execute(_REDIRECTS, (name,)).fetchone() for name in names)
        (target,) = next((row for row in rows if row), ("",))
    return None


def _require_not_gone(slug: str, document: DocumentRow) -> None:
    """Raise Gone if the article was withdrawn or has expired."""
    article = decode_article(document.article) if document.withdrawn else None
    if article and article.withdrawn:
        withdrawn_at = seconds(article.withdrawn_at)
        is_past = withdrawn_at is not None and withdrawn_at <= document.transition
        raise Gone(slug, article.withdrawn.reason, article.withdrawn_at if is_past else None)
    if document.has_expired:
        raise Gone(slug, EXPIRED, instant(document.expires))


def name_articles(connection: sqlite3.Connection, slugs: Iterable[str]) -> list[TermName]:
    """The title of each visible article among `slugs`."""
    names = []
    for slug in slugs:
        row = connection.execute(_VISIBLE_BY_SLUG, (replace_surrogates(slug),)).fetchone()
        if row is not None:
            names.append(TermName("article", slug, read_article(connection, *row).title))
    return names


def slugs_near(connection: sqlite3.Connection, slug: str) -> list[str]:
    """The slugs of visible articles before and after `slug` in alphabetical order, which it may stand for."""
    return [
        str(near)
        for select in (_SLUGS_BEFORE, _SLUGS_AFTER)
        for (near,) in connection.execute(select, (replace_surrogates(slug), _MOST_NEAR))
    ]


def read_article(
    connection: sqlite3.Connection, doc: int, find: ArticleFinder | None = None, *, with_body: bool = False
) -> Article:
    """The article `doc`, which is visible, with its slug and id, its translations and its links to others.

    `find` and `with_body` are those of `link_articles`.
    """
    row: _StoredArticle | None = connection.execute(_ARTICLE, (doc,)).fetchone()
    if row is None:
        raise IncompatibleIndex("it is damaged (a visible article is missing)")
    slug, article_id, number, blob, translation, pending_update_at = row
    article = decode_article(blob) if pending_update_at is None else before_update(decode_article(blob))
    return msgspec.structs.replace(
        link_articles(article, find or article_finder(connection), with_body=with_body),
        slug=slug,
        id=article_id,
        number=number,
        translations=read_translations(connection, translation, slug),
    )


def read_translations(
    connection: sqlite3.Connection, translation: str | None, slug: str
) -> tuple[Translation, ...]:
    """The visible articles besides the one at `slug` that share the key `translation`; none without a key."""
    if translation is None:
        return ()
    rows = connection.execute(_TRANSLATIONS, (translation, slug))
    return tuple(Translation(language, other_slug) for other_slug, language in rows)


def link_articles(article: Article, find: ArticleFinder, *, with_body: bool) -> Article:
    """`article` with HTML whose links to files and former addresses lead to the visible article or page.

    Fragments and queries stay. A link that only leads to an article that is not visible, or to a file that
    articles are read from, is replaced by its words; a link to anything else stays. `with_body`, its body
    leads to the same addresses as its HTML, which takes longer.
    """
    html, hidden = article.content_html, set[str]()
    if may_link_articles(article):
        html, hidden = _link_html(article, find)
    if not with_body:
        return msgspec.structs.replace(article, content_html=html)
    body = hide_links_of_body(article.body, hidden) if hidden else article.body
    return msgspec.structs.replace(article, content_html=html, body=write_references(body, html))


def _link_html(article: Article, find: ArticleFinder) -> tuple[str, set[str]]:
    """The HTML of `link_articles`, and the addresses of links that were replaced by their words."""
    hidden: set[str] = set()

    def replace(link: re.Match[str]) -> str:
        address = unquote(unescape(link[1]))
        if slug := find_linked(article, address, find):
            return f"{SITE}{quote(slug)}" if slug.startswith("/") else f"{SITE}{_ARTICLES}{quote(slug)}"
        if is_dead_link(article, address, find):
            hidden.add(unescape(link[1]))
        return link[0]

    html = _LINK.sub(replace, article.content_html)
    return hide_links(html, hidden) if hidden else html, hidden


def article_finder(connection: sqlite3.Connection) -> ArticleFinder:
    """Finds slugs and files by the statements that `find_linked` and `is_dead_link` call it with."""

    def find(statement: str, value: str) -> str | None:
        row = connection.execute(statement, (value,)).fetchone()
        return None if row is None else str(row[0])

    return find


def is_dead_link(article: Article, address: str, find: ArticleFinder) -> bool:
    """Whether nothing answers at `address`, which leads to no visible article but means one."""
    if len(address) > _MAX_PATH or not address.isprintable():
        return False
    if address.startswith(FILES) and _SUFFIX.search(address):
        return is_article_source(address)
    if address.startswith(_ARTICLES):
        names = _slugs_in(address)
        if not names[0] or find(site_pages.PRESENT_ADDRESS, f"/{names[0]}"):
            return False
        return not any(find(statement, name) for name in names for statement in _ANSWERS)
    return find_hidden_file(article, address, find) is not None


def find_hidden_file(article: Article, address: str, find: ArticleFinder) -> str | None:
    """The file of the article that a dead link in `article` to `address` means; None if there is none."""
    if address.startswith(_ARTICLES):
        slugs = tuple(filter(None, _slugs_in(address)))
        by_name = (
            _find_first(find, (way,), slugs) for way in (_HIDDEN_BY_SLUG, _HIDDEN_BY_ALIAS, _PRIVATE_BY_NAME)
        )
        return next(filter(None, by_name), None)
    by_address = (_HIDDEN_BY_ALIAS, site_pages.SCHEDULED_ADDRESS)
    if scheduled := _find_first(find, by_address, _former_addresses(article, address)):
        return scheduled
    path = address.removeprefix(FILES).strip("/")
    if path == address.strip("/") and (
        path.split("/")[0] in RESERVED_SEGMENTS or find(_REDIRECT, f"/{path}")
    ):
        return None
    return _find_first(find, (_HIDDEN_BY_PATH,), _source_files(article, address)) if path else None


def _slugs_in(address: str) -> tuple[str, ...]:
    """The slug in an address of an article, as written and as slugs are spelled."""
    slug = FORMAT_SUFFIX.sub("", address.removeprefix(_ARTICLES).rstrip("/"))
    return tuple(dict.fromkeys((slug, make_slug(slug))))


def _find_first(find: ArticleFinder, statements: Iterable[str], values: Iterable[str]) -> str | None:
    found = (find(statement, value) for value in values for statement in statements)
    return next(filter(None, found), None)


def find_linked(article: Article, address: str, find: ArticleFinder) -> str | None:
    """The slug of the article or page that a link in `article` to the decoded `address` means."""
    if address.startswith(_ARTICLES) or len(address) > _MAX_PATH or not address.isprintable():
        return None
    suffix = _SUFFIX.search(address)
    if suffix and not suffix[0].lower().endswith(SUFFIXES):
        return None
    for former in _former_addresses(article, address):
        for spelling in dict.fromkeys((former, former.removesuffix(".html"))):
            if slug := find(site_pages.PRESENT_ADDRESS, spelling):
                return slug
        if slug := find(_VISIBLE_BY_ALIAS, former):
            return slug
    return next(
        (slug for path in _source_files(article, address) if (slug := find(_VISIBLE_BY_PATH, path))), None
    )


def _former_addresses(article: Article, address: str) -> Iterator[str]:
    """The addresses on the site the article comes from that a link may mean."""
    if not address.startswith(FILES):
        yield address.rstrip("/")
        return
    if address.lower().endswith(MARKDOWN_SUFFIXES):
        return
    # A reference from the address of the article, `../b/` in `/posts/a/`, was resolved from its file.
    relative = _relative(article, address)
    for base in article.addresses:
        yield urljoin(f"{base}/" if not _SUFFIX.search(base) else base, relative).rstrip("/")


def _source_files(article: Article, address: str) -> Iterator[str]:
    """The files that a link may mean: named with or without suffix, or by their folder."""
    if address.startswith(FILES):
        own_folder = posixpath.splitext(article.path)[0]
        places = [
            address.removeprefix(FILES),
            posixpath.normpath(f"{own_folder}/{_relative(article, address)}"),
        ]
    else:
        folders = [""]
        for name in article.path.split("/")[:-1]:
            folders.append(f"{folders[-1]}{name}/")
        places = [f"{folder}{inner}{address[1:]}" for folder in folders for inner in _CONTENT_FOLDERS]
    for place in dict.fromkeys(places):
        if place.rstrip("/").lower().endswith(SUFFIXES):
            yield place.rstrip("/")
        stem = place.removesuffix(".html").rstrip("/")
        if stem == place.rstrip("/") and _SUFFIX.search(place):
            continue
        yield from (f"{stem}{suffix}" for suffix in _TEXT_SUFFIXES)
        yield from (f"{stem}/index{suffix}" for suffix in (".md", ".mdx", ".html"))


def _relative(article: Article, address: str) -> str:
    """The reference to a file from the folder of the article's own file."""
    folder = posixpath.dirname(article.path)
    return posixpath.relpath(f"/{address.removeprefix(FILES)}", f"/{folder}")
