"""Examples of responses for the OpenAPI document: a small sample, rendered by the real formats."""

from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import msgspec

from service.formats import MEDIA_TYPES, Catalogue, Directory, Listing, SingleArticle, bare_type
from service.formats.changes import render_change_days, render_changes
from service.formats.opml import opml
from service.formats.registry import FORMATS
from service.formats.robots import opensearch, sitemap
from service.formats.robots.robots_txt import robots_txt
from service.formats.titles import DIRECTORY_TITLES
from service.model import Article, Author, Body, Site, Source, Tag
from service.query import ChangeDay, ChangePage, ChangePosition, DroppedArticle, Facet, FacetKind, Page, Query
from service.urls import (
    ARCHIVE_PATH,
    CHANGE_DAYS_PATH,
    CHANGES_PATH,
    DIRECTORY_PATHS,
    MANIFEST_PATH,
    NEWS_PATH,
    OPENSEARCH_PATH,
    OPML_PATH,
    RELOAD_PATH,
    SITEMAP_PATH,
    SUGGEST_PATH,
    FormatName,
    Urls,
)

_URLS = Urls("https://example.org")
_SITE = Site(title="Harbour News", id_authority="example.org", id_year=2026)
_OPENED = datetime(2019, 1, 28, tzinfo=UTC)
_ARTICLE = Article(
    id="tag:example.org,2026:en/harbour-opens",
    slug="harbour-opens",
    title="The harbour opens",
    content_html="<p>Ships return.</p>\n",
    content_text="Ships return.",
    summary="Ships return.",
    language="en",
    path="harbour-opens.md",
    body=Body("Ships return.\n", "markdown", "/files/"),
    authors=(Author("Ada Osei", "ada-osei"),),
    published=_OPENED,
    updated=_OPENED,
    tags=(Tag("Iraq", "iraq"),),
    source=Source("Rudaw", "rudaw", "https://rudaw.example/harbour"),
    word_count=2,
    reading_minutes=1,
)
_SITE_PAGE = Article(
    id="tag:example.org,2026:en//about",
    slug="/about",
    title="About us",
    content_html="<p>Who we are.</p>\n",
    content_text="Who we are.",
    summary="Who we are.",
    language="en",
    path="pages/about.md",
    body=Body("Who we are.\n", "markdown", "/files/pages/"),
    word_count=3,
    reading_minutes=1,
)
_REVISION = "5f0c6d0f2f8b6c0e9d2b1a4c7e8f9a0b"
_DROPPED = DroppedArticle("tag:example.org,2026:en/harbour-closes", "harbour-closes", "withdrawn")
_CHANGES = render_changes(Query(fields=("id", "title")), ChangePage((_ARTICLE, _DROPPED), _REVISION), _URLS)
_FACETS: dict[FacetKind, Facet] = {
    "tag": Facet("iraq", "Iraq", 1),
    "author": Facet("ada-osei", "Ada Osei", 1),
    "source": Facet("rudaw", "Rudaw", 1),
    "language": Facet("en", "English", 1),
    "series": Facet("harbours", "Harbours", 1),
}

# A real page is mostly its style sheet.
_PAGE = '<!doctype html>\n<html lang="en">\n<head>…</head>\n<body>…<h1>{}</h1>…</body>\n</html>'
_BY_HAND: dict[str, dict[str, Any]] = {
    "/files/{path}": {"summary": "The bytes of the file", "value": "Minutes of the council.\n"},
    "/robots.txt": {"value": robots_txt(_URLS)},
    OPENSEARCH_PATH: {"value": opensearch.description(_SITE, _URLS).decode()},
    SUGGEST_PATH: {
        "value": ["ira", ["Iraq"], ["tag, 1 article"], ["https://example.org/articles.html?tag=iraq"]]
    },
    SITEMAP_PATH: {"value": sitemap.sitemap([_ARTICLE], _URLS, lists=[_URLS.home()]).decode()},
    "/sitemap/{document}": {"value": sitemap.sitemap([_ARTICLE], _URLS).decode()},
    NEWS_PATH: {"value": sitemap.news([_ARTICLE], _SITE, _URLS).decode()},
    "/openapi.json": {"value": {"openapi": "3.1.1", "info": {"title": "Harbour News"}, "paths": {}}},
    ARCHIVE_PATH: {
        "value": {
            "months": [
                {"month": "2019-01", "count": 1, "url": "https://example.org/articles.html?month=2019-01"}
            ],
            "undated": 0,
        }
    },
    CHANGES_PATH: {"value": _CHANGES.decode()},
    f"{CHANGES_PATH}/{{document}}": {"value": _CHANGES.decode()},
    CHANGE_DAYS_PATH: {
        "value": msgspec.json.decode(
            render_change_days((ChangeDay(ChangePosition(date(2026, 11, 30)), _REVISION),), _URLS)
        )
    },
    MANIFEST_PATH: {
        "value": {"revision": _REVISION, "total": 1, "buckets": {"00": "0" * 32, "a7": _REVISION}}
    },
    RELOAD_PATH: {"value": {"status": "reloading"}},
    "/healthz": {"value": {"status": "alive"}},
    "/readyz": {"value": {"status": "ready"}},
    "/metrics": {"value": "# TYPE broadsheet_articles gauge\nbroadsheet_articles 123.0\n"},
}
_WITHOUT_EXAMPLE = ("/assets/{asset}", "/favicon.ico")


@cache
def example(path: str, media_type: str) -> dict[str, Any] | None:
    """The Example Object (OpenAPI 3.1 §4.8.19) of the response at `path` as `media_type`; None for files."""
    if path in _WITHOUT_EXAMPLE:
        return None
    if path in _BY_HAND:
        return _BY_HAND[path]
    if path == OPML_PATH:
        directories = tuple(Directory(_SITE, kind, (facet,)) for kind, facet in _FACETS.items())
        return {"value": opml(Catalogue(_SITE, directories), _URLS).decode()}
    format_name = next(name for name in MEDIA_TYPES if bare_type(name) == media_type)
    kind = next((kind for kind, start in DIRECTORY_PATHS.items() if path.partition(".")[0] == start), None)
    if format_name == "html":
        return {"value": _PAGE.format(DIRECTORY_TITLES[kind] if kind else _ARTICLE.title)}
    body = _body(path, format_name, kind)
    return {"value": msgspec.json.decode(body) if media_type.endswith(("/json", "+json")) else body.decode()}


def _body(path: str, format_name: FormatName, kind: FacetKind | None) -> bytes:
    chosen = FORMATS[format_name]
    if kind and chosen.directory:
        return chosen.directory(Directory(_SITE, kind, (_FACETS[kind],)), _URLS)
    if path.startswith("/articles/{slug}") and chosen.article:
        return chosen.article(SingleArticle(_SITE, _ARTICLE), _URLS)
    if "{page}" in path and chosen.article:
        return chosen.article(SingleArticle(_SITE, _SITE_PAGE), _URLS)
    page = Page(articles=(_ARTICLE,), total=1, modified=_OPENED)
    return chosen.listing(Listing(_SITE, Query(), page), _URLS)
