"""The addresses that an export requests first; the links of the responses lead to all others."""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote

import msgspec

from service.formats import FEEDS
from service.formats.assets import ASSETS
from service.formats.assets.theme import theme_assets
from service.index import FormerAddress, Index, SiteAddresses
from service.model import Site
from service.query import ChangeDay, Facet, FacetKind, Query
from service.urls import (
    ARTICLE_SUFFIXES,
    CHANGE_DAYS_PATH,
    DIRECTORY_PATHS,
    DOCS_PATH,
    NEWS_PATH,
    OPENSEARCH_PATH,
    OPML_PATH,
    SITEMAP_PATH,
    Urls,
    facet_query,
)
from service.web.addresses.legacy_redirects import LEGACY

PAGES_PART = "pages"
_FIXED = (
    *("/", "/articles.html", "/articles.json", "/articles.md", "/feed.atom", "/feed.rss", "/feed.json"),
    *("/search", "/subscribe", OPML_PATH, SITEMAP_PATH, NEWS_PATH, "/robots.txt", OPENSEARCH_PATH),
    *(DOCS_PATH, "/openapi.json", "/favicon.ico", CHANGE_DAYS_PATH),
)
_FORMER_FOLDERS: dict[str, FacetKind] = {"/tag": "tag", "/category": "tag", "/author": "author"}
"""Where other systems have the lists of each tag or author."""

_WEB_PAGE = re.compile(r"(?:/index)?\.html?$")

_URLS = Urls("", "paths")
"""Addresses below the public URL."""


class SiteContents(msgspec.Struct, frozen=True):
    """The content that has addresses: articles and pages, terms, parts of the sitemap, days of changes.

    `named_lists` are the lists of terms with the name in the address, decoded, and their addresses.
    """

    known: SiteAddresses
    terms: tuple[tuple[FacetKind, str], ...]
    months: tuple[str, ...]
    days: tuple[ChangeDay, ...]
    named_lists: dict[str, str]


async def read_contents(index: Index, known: SiteAddresses) -> SiteContents:
    """The contents of `index`, in which articles and pages have the `known` addresses."""
    facets = [(kind, facet) for kind in DIRECTORY_PATHS for facet in await index.facets(kind)]
    terms = tuple((kind, facet.slug) for kind, facet in facets)
    named_lists = {
        f"{DIRECTORY_PATHS[kind]}/{name}": _URLS.term(kind, facet.slug)
        for kind, facet in facets
        for name in _spellings(facet)
    }
    months = tuple(month.name for month in await index.sitemap_months())
    return SiteContents(known, terms, months, await index.change_days(), named_lists)


def _spellings(facet: Facet) -> Iterable[str]:
    """The slug and the name as readers may write them; nginx ignores the case of ASCII letters alone."""
    return dict.fromkeys(
        spelling for text in (facet.slug, facet.name) for spelling in (text.lower(), lower_ascii(text))
    )


def lower_ascii(text: str) -> str:
    return text.encode().lower().decode()


def seed_addresses(site: Site, contents: SiteContents) -> Iterator[str]:
    """The addresses, below the public URL, of everything but files, further pages and archives."""
    yield from _FIXED
    for asset in (*ASSETS.values(), *theme_assets(site).values()):
        yield _URLS.asset(asset.name)
    for slug in (*contents.known.articles, *contents.known.pages):
        permalink = _URLS.article(slug)
        yield permalink
        yield from (permalink + suffix for suffix in ARTICLE_SUFFIXES.values())
    for path in DIRECTORY_PATHS.values():
        yield from (path, f"{path}.html", f"{path}.json")
    for kind, slug in contents.terms:
        yield from _of_term(kind, slug)
    yield from (_URLS.sitemap(part) for part in (PAGES_PART, *contents.months))
    yield from (_URLS.changes(Query(), day.position) for day in contents.days)


def may_link_to_more(address: str) -> bool:
    """Whether the response may link to further pages. Pages with a suffix lead where those without do."""
    return "." in address.rpartition("/")[2] and not address.startswith(("/articles/", "/assets/"))


def _of_term(kind: FacetKind, slug: str) -> Iterator[str]:
    query = facet_query(kind, slug)
    yield _URLS.term(kind, slug)
    yield from (_URLS.term(kind, slug, suffix) for suffix in ARTICLE_SUFFIXES.values())
    yield from (_URLS.listing(name, query) for name in FEEDS)
    yield _URLS.subscribe(query)


def former_addresses(contents: SiteContents) -> Iterator[FormerAddress]:
    """Addresses that may redirect: former ones of articles and pages, and feeds of other systems."""
    for address in LEGACY:
        yield FormerAddress(address, "", None)
    for former in contents.known.former:
        path = former.address
        permalink = quote(path) if path.startswith("/") else _URLS.article(path)
        suffixes = () if path.startswith("/") else ARTICLE_SUFFIXES.values()
        for address in (permalink, *(permalink + suffix for suffix in suffixes)):
            yield msgspec.structs.replace(former, address=address)
    for address in former_lists(contents)[1]:
        yield FormerAddress(address, address, None)


def former_lists(contents: SiteContents) -> tuple[dict[str, str], list[str]]:
    """Where other systems have the lists of terms, with the addresses here.

    Next to them those that may be a former address of an article or a page, which comes first.
    """
    of_pages = {_without_suffix(former.address) for former in contents.known.former}
    lists: dict[str, str] = {}
    doubtful: list[str] = []
    for folder, kind in _FORMER_FOLDERS.items():
        for listed, slug in contents.terms:
            address = f"{folder}/{quote(slug)}"
            if listed != kind:
                continue
            if _without_suffix(f"{folder}/{slug}") in of_pages:
                doubtful.append(address)
            else:
                lists[address] = _URLS.term(kind, slug)
    return lists, doubtful


def _without_suffix(path: str) -> str:
    """The key of a former address of a page, the same with and without its suffix and in any case."""
    return _WEB_PAGE.sub("", path.lower())
