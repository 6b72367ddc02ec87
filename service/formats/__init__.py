"""Representations: one file each, one registry. A format is pure: same listing, same bytes.

No format knows HTTP, the clock or another format; addresses come from the `Urls` it is given.
"""

from collections.abc import Callable
from typing import Literal

import msgspec

from service.index import Companions
from service.model import Article, Site
from service.query import ArchivePage, Facet, FacetKind, Page, Query
from service.urls import FormatName, Urls

MEDIA_TYPES: dict[FormatName, str] = {
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "markdown": "text/markdown; charset=utf-8",
    "ndjson": "application/x-ndjson",
    "atom": "application/atom+xml; charset=utf-8",
    "rss": "application/rss+xml; charset=utf-8",
    "jsonfeed": "application/feed+json",
}
FEEDS: tuple[FormatName, ...] = ("atom", "rss", "jsonfeed")


def bare_type(form: FormatName) -> str:
    """The media type of a representation without parameters, as links give it."""
    return MEDIA_TYPES[form].partition(";")[0]


class Listing(msgspec.Struct, frozen=True):
    """A query and its answer: what every format of a list is made from.

    `limit` is the one in force; `max_age_seconds` is how long a reader may wait before it asks again;
    `topics` are the tags the site writes about most, on its home page.
    """

    site: Site
    query: Query
    page: Page
    limit: int
    max_age_seconds: int
    topics: tuple[Facet, ...] = ()


class SingleArticle(msgspec.Struct, frozen=True):
    """One article on its own, and for people what stands beside it."""

    site: Site
    article: Article
    companions: Companions = Companions()


class Archive(msgspec.Struct, frozen=True):
    """One archive document of a query (RFC 5005 §4): finished, so made of nothing but its query and rows."""

    site: Site
    query: Query
    stretch: ArchivePage


class Directory(msgspec.Struct, frozen=True):
    """All tags, authors, sources or languages."""

    site: Site
    kind: FacetKind
    facets: tuple[Facet, ...]


class Catalogue(msgspec.Struct, frozen=True):
    """All directories together: every feed there is besides those of searches."""

    site: Site
    directories: tuple[Directory, ...]


class Format(msgspec.Struct, frozen=True, kw_only=True):
    """One representation: its name, media type, default page size, and how to write what it can carry.

    One `for_people` is given what stands around: the topics of the site, the companions of an article.
    """

    name: FormatName
    media_type: str
    kind: Literal["list", "feed"]
    limit: int
    listing: Callable[[Listing, Urls], bytes]
    article: Callable[[SingleArticle, Urls], bytes] | None = None
    directory: Callable[[Directory, Urls], bytes] | None = None
    archive: Callable[[Archive, Urls], bytes] | None = None
    for_people: bool = False
