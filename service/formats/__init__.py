"""Representations: one file each, one registry. A format is pure: same listing, same bytes.

No format knows HTTP, the clock or another format; addresses come from the `Urls` it is given.
"""

from collections.abc import Callable
from typing import Literal

import msgspec

from service.model import Article, Site
from service.query import Facet, FacetKind, Page, Query
from service.urls import FormatName, Urls


class Listing(msgspec.Struct, frozen=True):
    """A query and its answer: what every format of a list is made from. `limit` is the one in force."""

    site: Site
    query: Query
    page: Page
    limit: int


class Single(msgspec.Struct, frozen=True):
    """One article on its own."""

    site: Site
    article: Article


class Directory(msgspec.Struct, frozen=True):
    """All tags, authors, sources or languages."""

    site: Site
    kind: FacetKind
    facets: tuple[Facet, ...]


class Format(msgspec.Struct, frozen=True, kw_only=True):
    """One representation: its name, media type, default page size, and how to write what it can carry."""

    name: FormatName
    media_type: str
    kind: Literal["list", "feed"]
    limit: int
    listing: Callable[[Listing, Urls], bytes]
    single: Callable[[Single, Urls], bytes] | None = None
    directory: Callable[[Directory, Urls], bytes] | None = None
