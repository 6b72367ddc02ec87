"""Which addresses an export begins with; those of further pages follow from the links of the responses."""

from collections.abc import Iterator
from urllib.parse import quote

from service.formats import FEEDS
from service.formats.assets import ASSETS
from service.formats.assets.theme import theme_assets
from service.index import Index, SiteAddresses
from service.model import Site
from service.query import FacetKind, Query
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
from service.web.addresses.legacy_redirects import LEGACY, LEGACY_FACETS

PAGES_PART = "pages"
_FIXED = (
    *("/", "/articles.html", "/articles.json", "/articles.md", "/feed.atom", "/feed.rss", "/feed.json"),
    *("/search", "/subscribe", OPML_PATH, SITEMAP_PATH, NEWS_PATH, "/robots.txt", OPENSEARCH_PATH),
    *(DOCS_PATH, "/openapi.json", "/favicon.ico", CHANGE_DAYS_PATH),
)
_URLS = Urls("", "paths")
"""Addresses below the public URL."""


async def seed_addresses(index: Index, site: Site, known: SiteAddresses) -> list[str]:
    """The addresses, below the public URL, of everything but files, further pages and archives."""
    addresses = [*_FIXED, *_assets(site)]
    for slug in (*known.articles, *known.pages):
        permalink = _URLS.article(slug)
        addresses += [permalink, *(permalink + suffix for suffix in ARTICLE_SUFFIXES.values())]
    for kind, path in DIRECTORY_PATHS.items():
        addresses += [path, f"{path}.html", f"{path}.json"]
        for facet in await index.facets(kind):
            addresses += _of_term(kind, facet.slug)
    addresses += [_URLS.changes(Query(), day.position) for day in await index.change_days()]
    parts = (PAGES_PART, *(month.name for month in await index.sitemap_months()))
    addresses += [_URLS.sitemap(part) for part in parts]
    return list(dict.fromkeys(addresses))


def _assets(site: Site) -> Iterator[str]:
    for asset in (*ASSETS.values(), *theme_assets(site).values()):
        yield _URLS.asset(asset.name)


def _of_term(kind: FacetKind, slug: str) -> Iterator[str]:
    query = facet_query(kind, slug)
    yield _URLS.term(kind, slug)
    yield from (_URLS.term(kind, slug, suffix) for suffix in ARTICLE_SUFFIXES.values())
    yield from (_URLS.listing(name, query) for name in FEEDS)
    yield _URLS.subscribe(query)


async def former_addresses(index: Index, known: SiteAddresses) -> list[str]:
    """Addresses that may redirect: former ones of articles and pages, and feeds of other systems."""
    addresses = list(LEGACY)
    for former in known.former:
        if former.startswith("/"):
            addresses.append(quote(former))
        else:
            permalink = _URLS.article(former)
            addresses += [permalink, *(permalink + suffix for suffix in ARTICLE_SUFFIXES.values())]
    for template in LEGACY_FACETS:
        kind: FacetKind = "author" if template.startswith("/author/") else "tag"
        addresses += [template.format(name=quote(facet.slug)) for facet in await index.facets(kind)]
    return list(dict.fromkeys(addresses))
