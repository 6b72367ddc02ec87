"""Every article of an index as its readers know it, visible or not, so that two states can be compared.

Also what commands read from an index directly, by its URL.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal, Protocol, get_args

import msgspec

from service.content.records import Claim
from service.errors import Fault, IndexUnavailable
from service.index import served_files
from service.index.article_row import before_update, decode_article
from service.index.articles import follow_redirect
from service.index.changelog import removed_at
from service.index.database import decoder, file_of, reading
from service.index.directories import facets
from service.index.instants import instant
from service.index.state import IndexState, folder_identity, read_site
from service.index.tables import page_rename_notices, rename_notices, site_pages
from service.index.tables.rename_notices import digest, text_digest
from service.model import Article, Site
from service.query import FacetKind

_claim = decoder(Claim)

_UNREADABLE = (
    "there is no index of this version of Broadsheet; give one it has built, or the address of a running site"
)

_EVERY = """
SELECT slug, id, number, row IS NOT NULL, withdrawn, coalesce(expires <= (SELECT transition FROM state), 0),
    row IS NOT NULL AND pending_update_at IS NOT NULL, changed_at, claim, unpack(article)
FROM documents CROSS JOIN articles USING (doc) WHERE slug IS NOT NULL ORDER BY path, number
"""

_EVERY_PAGE = """
SELECT address, id, withdrawn, coalesce(published > transition, 0), coalesce(expires <= transition, 0),
    claim, article FROM site_pages, state WHERE address IS NOT NULL ORDER BY path, number
"""

Standing = Literal["visible", "scheduled", "expired", "withdrawn"]


_FILES = """
SELECT path FROM file_hashes UNION SELECT file FROM file_references JOIN documents USING (doc)
    WHERE row IS NOT NULL
UNION SELECT file FROM site_page_files JOIN visible_site_pages USING (page) ORDER BY 1
"""
_FORMER = """
SELECT former, group_concat(target, char(0)), iif(count(*) = 1, max(id), NULL) FROM (
    SELECT aliases.slug AS former, documents.slug AS target, id FROM aliases JOIN documents USING (doc)
    UNION ALL SELECT former, target, NULL FROM redirects
    UNION ALL SELECT former, '', NULL FROM site_page_aliases ORDER BY 1, 2
) GROUP BY former ORDER BY former
"""


class ArticleSnapshot(msgspec.Struct, frozen=True, kw_only=True):
    """The identity, state and content of an article at one time.

    `text` is a digest of its plain text, "" without any; `words` a digest of all that readers are shown.
    `changed` is the instant that feeds give its last change: for a withdrawn or expired one, its removal.
    `former` are the slugs and paths that redirect to it, `aliases` the slugs among them that its file
    declares; `declares_id` is whether it declares the id. `path` and `number` are those of Article; of a
    running site they are not known, so `path` is "" and `address` the permalink.
    """

    id: str
    slug: str
    title: str
    language: str
    published: datetime | None
    changed: datetime | None
    text: str
    words: str
    tags: tuple[str, ...] = ()
    standing: Standing = "visible"
    aliases: tuple[str, ...] = ()
    former: tuple[str, ...] = ()
    declares_id: bool = False
    path: str = ""
    number: int = 0
    address: str = ""

    @property
    def where(self) -> str:
        """`path:line` of its file (a line of JSON Lines is an article), else its address."""
        return f"{self.path}:{self.number + 1}" if self.path else self.address


class HasName(Protocol):
    @property
    def name(self) -> str: ...


class ArticleWords(Protocol):
    """The words that readers are shown: of an Article, or of an ARTICLE of the API."""

    @property
    def title(self) -> str: ...
    @property
    def subtitle(self) -> str | None: ...
    @property
    def summary(self) -> str | None: ...
    @property
    def content_text(self) -> str | None: ...
    @property
    def correction(self) -> str | None: ...
    @property
    def authors(self) -> Sequence[HasName]: ...


def take_snapshot(
    article: Article,
    standing: Standing,
    *,
    changed: datetime | None,
    declares_id: bool,
    former: Iterable[str],
) -> ArticleSnapshot:
    """The snapshot of `article`; `former` are addresses that redirect to it and that it does not declare."""
    return ArticleSnapshot(
        id=article.id,
        slug=article.slug,
        title=article.title,
        language=article.language,
        published=article.published,
        changed=changed,
        text=text_digest(article.content_text),
        words=words_digest(article),
        tags=tuple(sorted(tag.slug for tag in article.tags)),
        standing=standing,
        aliases=article.aliases,
        former=tuple(dict.fromkeys((*article.aliases, *article.addresses, *former))),
        declares_id=declares_id,
        path=article.path,
        number=article.number,
    )


def words_digest(article: ArticleWords) -> str:
    """A digest of the words that readers are shown, which ignores white space."""
    names = (author.name for author in article.authors)
    return digest(
        article.title, article.subtitle, article.summary, article.content_text, article.correction, *names
    )


def read_inventory(url: str) -> Iterator[ArticleSnapshot]:
    """Every article in the index at `url`, by path. Raises SettingsError, IndexUnavailable."""
    with reading(file_of(url), _UNREADABLE) as connection:
        yield from _read_inventory(connection)


def read_page_inventory(url: str) -> Iterator[ArticleSnapshot]:
    """Every page that is not an article in the index at `url`, by path; its slug is its address.

    Raises SettingsError, IndexUnavailable.
    """
    with reading(file_of(url), _UNREADABLE) as connection:
        rows = connection.execute(_EVERY_PAGE).fetchall()
        for address, page_id, is_withdrawn, is_scheduled, is_expired, claim, blob in rows:
            standing: Standing = "withdrawn" if is_withdrawn else "scheduled" if is_scheduled else "visible"
            standing = "expired" if is_expired and standing == "visible" else standing
            page = msgspec.structs.replace(decode_article(blob), slug=address, id=page_id)
            declares_id = bool(_claim(claim).id)
            yield take_snapshot(page, standing, changed=page.changed, declares_id=declares_id, former=())


def read_page_paths(url: str) -> list[str]:
    """The files of the pages that are not articles, by the index at `url`.

    Raises SettingsError, IndexUnavailable.
    """
    with reading(file_of(url), _UNREADABLE) as connection:
        return site_pages.page_paths(connection)


def read_private_paths(url: str) -> list[str]:
    """The files that hold drafts or are not public for another reason, by the index at `url`.

    Raises SettingsError, IndexUnavailable.
    """
    with reading(file_of(url), _UNREADABLE) as connection:
        return [path for (path,) in connection.execute("SELECT path FROM private_files ORDER BY path")]


def made_from(url: str, root: Path) -> bool:
    """Whether there is an index at `url` that can be read, made from the folder `root`."""
    try:
        with reading(file_of(url), _UNREADABLE) as connection:
            return IndexState.read(connection).folder == folder_identity(root)
    except IndexUnavailable:
        return False


def stored_site(url: str, root: Path) -> Site | None:
    """The site in the index at `url`; None where there is no index made from the folder `root`."""
    try:
        with reading(file_of(url), _UNREADABLE) as connection:
            return (
                read_site(connection) if IndexState.read(connection).folder == folder_identity(root) else None
            )
    except IndexUnavailable:
        return None


def read_rename_notices(url: str, site: Site) -> tuple[Fault, ...]:
    """The renames recorded at `url`, each with advice. Raises SettingsError, IndexUnavailable."""
    with reading(file_of(url), _UNREADABLE) as connection:
        notices = rename_notices.read_notices(connection, site), page_rename_notices.read_notices(connection)
        return tuple(sorted(fault for read in notices for fault in read.faults))


def refused_references(url: str, root: Path, site: Site) -> tuple[served_files.DeadReference, ...]:
    """Where visible articles refer to files below `root` that are not served, by the index at `url`.

    Raises SettingsError, IndexUnavailable.
    """
    with reading(file_of(url), _UNREADABLE) as connection:
        return tuple(served_files.refused_references(connection, root, site.public_url))


def read_terms(url: str) -> frozenset[tuple[FacetKind, str]]:
    """The terms in the directories of the index at `url`. Raises SettingsError, IndexUnavailable."""
    with reading(file_of(url), _UNREADABLE) as connection:
        kinds: tuple[FacetKind, ...] = get_args(FacetKind)
        return frozenset((kind, facet.slug) for kind in kinds for facet in facets(connection, kind))


class FormerAddress(msgspec.Struct, frozen=True):
    """A slug or path that articles or pages had; `target` says where it may lead.

    `article_id` is that of the article it leads to, None if that is not known.
    """

    address: str
    target: str
    article_id: str | None


class SiteAddresses(msgspec.Struct, frozen=True):
    """The content that may have addresses of its own, each kind in order.

    `articles` are the slugs of visible articles, `pages` the addresses of visible pages, `files` the paths of
    static files, and what articles and pages refer to, which may be a path through a symbolic link.
    Some are not public, or lead nowhere.
    """

    articles: tuple[str, ...]
    pages: tuple[str, ...]
    former: tuple[FormerAddress, ...]
    files: tuple[str, ...]


def read_addresses(url: str) -> SiteAddresses:
    """The content that may have addresses in the index at `url`. Raises SettingsError, IndexUnavailable."""

    with reading(file_of(url), _UNREADABLE) as connection:

        def read_column(statement: str) -> tuple[str, ...]:
            return tuple(value for (value,) in connection.execute(statement))

        return SiteAddresses(
            read_column("SELECT slug FROM documents WHERE row IS NOT NULL ORDER BY slug"),
            read_column("SELECT address FROM visible_site_pages ORDER BY address"),
            tuple(
                FormerAddress(former, target or "", article_id)
                for former, target, article_id in connection.execute(_FORMER)
            ),
            read_column(_FILES),
        )


def count_text_bytes(url: str) -> int:
    """About how many bytes the texts of visible articles have in the index at `url`.

    Raises SettingsError, IndexUnavailable.
    """
    with reading(file_of(url), _UNREADABLE) as connection:
        (length,) = connection.execute(
            "SELECT total(text_bytes) FROM documents WHERE row IS NOT NULL"
        ).fetchone()
        return int(length)


def dead_references(
    url: str, root: Path, site_links: Iterable[str] = ()
) -> tuple[served_files.DeadReference, ...]:
    """Where visible articles, or `site_links`, lead to files and pages that are not there.

    It is found out by the index at `url`. Links of the site are site-relative.

    Raises SettingsError, IndexUnavailable.
    """
    with reading(file_of(url), _UNREADABLE) as connection:
        return tuple(served_files.dead_references(connection, root, site_links))


def _read_inventory(connection: sqlite3.Connection) -> Iterator[ArticleSnapshot]:
    connection.execute("BEGIN")
    redirects = _redirects(connection)
    for (
        slug,
        article_id,
        number,
        visible,
        withdrawn,
        expired,
        pending_update_at,
        changed_at,
        claim,
        blob,
    ) in connection.execute(_EVERY):
        standing: Standing = "scheduled"
        if visible:
            standing = "visible"
        elif withdrawn:
            standing = "withdrawn"
        elif expired:
            standing = "expired"
        article = before_update(decode_article(blob)) if pending_update_at else decode_article(blob)
        article = msgspec.structs.replace(article, slug=slug, id=article_id, number=number)
        is_removed = standing in {"withdrawn", "expired"}
        changed = instant(removed_at(article, changed_at)) if is_removed else article.changed
        yield take_snapshot(
            article, standing, changed=changed, declares_id=bool(_claim(claim).id), former=redirects[slug]
        )


def _redirects(connection: sqlite3.Connection) -> defaultdict[str, list[str]]:
    """The addresses of pages that only redirect, by the slug of the visible article they lead to."""
    redirects: defaultdict[str, list[str]] = defaultdict(list)
    for former, target in connection.execute("SELECT former, target FROM redirects ORDER BY former, path"):
        moved = follow_redirect(connection, target)
        if moved:
            redirects[moved.slug].append(former)
    return redirects
