"""In: a page of articles and `Urls`. Out: its bytes, one module a format.

Formats are pure: equal input gives equal bytes. None uses HTTP, the clock or another format. Begin with
`registry`, then read one format, such as `feeds.atom`.
"""

from collections.abc import Callable, Mapping

import msgspec

from service.model import FORMAT_DESCRIPTIONS, Article, FormatDescription, FormatName, Site
from service.query import ArchivePage, Facet, FacetKind, MenuLink, Page, Query, RelatedArticles
from service.urls import MAIN_DIRECTORIES, Urls

MEDIA_TYPES: Mapping[FormatName, str] = {
    name: description.media_type for name, description in FORMAT_DESCRIPTIONS.items()
}
FEEDS: tuple[FormatName, ...] = tuple(
    name for name, description in FORMAT_DESCRIPTIONS.items() if description.kind == "feed"
)


def bare_type(format_name: FormatName) -> str:
    """The media type of a format without parameters, as links give it."""
    return FORMAT_DESCRIPTIONS[format_name].bare_type


class Navigation(msgspec.Struct, frozen=True):
    """What every page links to: the directories that have entries, and the pages with a place in the menu."""

    directories: tuple[FacetKind, ...] = MAIN_DIRECTORIES
    menu: tuple[MenuLink, ...] = ()


DEFAULT_NAVIGATION = Navigation()


class Listing(msgspec.Struct, frozen=True):
    """A query and its page of articles.

    `topics` are the most frequent tags, for the home page; `site_pages` are pages that are not articles,
    found by the same search.
    """

    site: Site
    query: Query
    page: Page
    topics: tuple[Facet, ...] = ()
    site_pages: tuple[Article, ...] = ()
    navigation: Navigation = DEFAULT_NAVIGATION


class SingleArticle(msgspec.Struct, frozen=True):
    """One article or page, the requested `fields` of JSON, and its neighbours and related articles."""

    site: Site
    article: Article
    related_articles: RelatedArticles = RelatedArticles()
    fields: tuple[str, ...] = ()
    navigation: Navigation = DEFAULT_NAVIGATION


class Archive(msgspec.Struct, frozen=True):
    """One archive page of a query (RFC 5005 §4)."""

    site: Site
    query: Query
    page: ArchivePage


class Directory(msgspec.Struct, frozen=True):
    """All tags, authors, sources, languages or series."""

    site: Site
    kind: FacetKind
    facets: tuple[Facet, ...]
    navigation: Navigation = DEFAULT_NAVIGATION


class Catalogue(msgspec.Struct, frozen=True):
    """All directories: every feed of the site except those of searches."""

    site: Site
    directories: tuple[Directory, ...]


class Format(msgspec.Struct, frozen=True, kw_only=True):
    """One format: its description, and a renderer for each kind of document it can represent.

    One `for_people` also gets the context of a page: the topics of the site, the neighbours of an article.
    """

    description: FormatDescription
    listing: Callable[[Listing, Urls], bytes]
    article: Callable[[SingleArticle, Urls], bytes] | None = None
    directory: Callable[[Directory, Urls], bytes] | None = None
    archive: Callable[[Archive, Urls], bytes] | None = None
    for_people: bool = False
