"""What search engines request of a site: robots.txt and sitemaps."""

from datetime import timedelta
from typing import Annotated, Any
from urllib.parse import parse_qs

import msgspec
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import SkipValidation
from litestar.response import Response

from service.errors import InvalidParameter, NotFound
from service.formats.robots import sitemap
from service.formats.robots.robots_txt import robots_txt
from service.index import now
from service.model import Article
from service.publisher import Publisher
from service.query import MAX_LIMIT, Query
from service.urls import NEWS_PATH, PATHS_TAG, SITEMAP_PATH, Urls
from service.web.addresses.base_url import base_url
from service.web.application_state import ApplicationState, InjectedState
from service.web.handlers.dependencies import HTTPRequest, document_response, get_or_head
from service.web.openapi.declarations import ParameterProvider, headers, path_parameter, statuses
from service.web.responses import RepresentationResponse

MAX_IN_ONE = 1000
"""The sitemap of more articles is an index of months."""

PAGES_PART = "pages"
NEWS_AGE = timedelta(days=2)
LONGEST_PART = 50
SITEMAP_SUFFIX = ".xml"
SitemapDocument = Annotated[
    str,
    path_parameter(
        "A part that the index of a large sitemap names, followed by `.xml`.",
        "2019-01.xml",
        maxLength=LONGEST_PART,
    ),
]


def read_part(request: HTTPRequest) -> str:
    """The one `part` of a query string, "" for none. Raises InvalidParameter."""
    parts = parse_qs(request.scope["query_string"].decode("latin-1")).get("part", [""])
    if len(parts) > 1:
        raise InvalidParameter("part", "repeated too often; give it once.")
    return parts[0]


@get_or_head(
    "/robots.txt",
    name="getRobots",
    tags=["Robots"],
    media_type="text/plain",
    response_headers=headers("ETag", "Cache-Control"),
)
async def get_robots_txt(request: HTTPRequest, app_state: InjectedState) -> Response[str]:
    """What robots may read, and where the sitemaps are (RFC 9309)."""
    body = robots_txt(app_state.publisher.urls(base_url(request.scope))).encode()
    return document_response(app_state, "text/plain; charset=utf-8", body)


@get_or_head(
    SITEMAP_PATH,
    name="mapSite",
    tags=["Robots"],
    media_type="application/xml",
    responses=statuses(304, 404),
    dependencies={"part": ParameterProvider(read_part, ("part",))},
)
async def get_sitemap(
    request: HTTPRequest, app_state: InjectedState, part: NamedDependency[SkipValidation[str]]
) -> Response[str]:
    """All pages for search engines: a sitemap, or of a large site an index of sitemaps by month."""
    return await _sitemap_response(request, app_state, part)


@get_or_head(
    "/sitemap/{document:str}",
    name="mapPartOfSite",
    tags=[PATHS_TAG],
    media_type="application/xml",
    responses=statuses(304, 404),
)
async def get_sitemap_part(
    request: HTTPRequest, app_state: InjectedState, document: SitemapDocument
) -> Response[str]:
    """A part of the sitemap of a large site, which its index names."""
    part = document.removesuffix(SITEMAP_SUFFIX)
    if part == document:
        raise NotFound("There is nothing at this address.")
    return await _sitemap_response(request, app_state, part)


async def _sitemap_response(
    request: HTTPRequest, app_state: ApplicationState, part: str
) -> RepresentationResponse[Any]:
    urls = app_state.publisher.urls(base_url(request.scope))
    body = await app_state.publisher.in_progress.share(
        (SITEMAP_PATH, part, urls.base), lambda: _render_sitemap(app_state.publisher, part, urls)
    )
    return document_response(app_state, sitemap.MEDIA_TYPE, body)


async def _render_sitemap(publisher: Publisher, part: str, urls: Urls) -> bytes:
    index = publisher.index
    lists = [urls.home(), *(urls.directory(kind) for kind in publisher.navigation.directories)]
    if part == PAGES_PART:
        return sitemap.sitemap(await index.site_pages(), urls, lists=lists)
    if part:
        articles = await index.sitemap_articles(part)
        if not articles:
            raise NotFound(f"The sitemap has no part {part[:LONGEST_PART]!r}.")
        return sitemap.sitemap(articles, urls)
    months = await index.sitemap_months()
    if sum(month.articles for month in months) > MAX_IN_ONE:
        parts = [(month.name, month.changed) for month in months]
        return sitemap.sitemap_index([(PAGES_PART, None), *parts], urls)
    site_pages = await index.site_pages()
    listed = [article for month in months for article in await index.sitemap_articles(month.name)]
    return sitemap.sitemap((*site_pages, *listed), urls, lists=lists)


@get_or_head(NEWS_PATH, name="mapNews", tags=["Robots"], media_type="application/xml")
async def get_news_sitemap(request: HTTPRequest, app_state: InjectedState) -> Response[str]:
    """The articles of the last two days, as a news sitemap."""
    # It changes with time alone, so it is rendered for every request; the bytes are equal while the news are.
    query = Query(since=now().replace(second=0, microsecond=0) - NEWS_AGE)
    urls = app_state.publisher.urls(base_url(request.scope))
    body = await app_state.publisher.in_progress.share(
        (NEWS_PATH, query, urls.base), lambda: _render_news(app_state, query, urls)
    )
    return document_response(app_state, sitemap.MEDIA_TYPE, body, changes_with_time=True)


async def _render_news(app_state: ApplicationState, query: Query, urls: Urls) -> bytes:
    articles: list[Article] = []
    while len(articles) < sitemap.MOST_NEWS:
        page = await app_state.index.find(query, MAX_LIMIT)
        articles += page.articles
        if page.next_cursor is None:
            break
        query = msgspec.structs.replace(query, cursor=page.next_cursor)
    return sitemap.news(articles, app_state.site, urls)


ROUTE_HANDLERS: list[HTTPRouteHandler] = [get_robots_txt, get_sitemap, get_sitemap_part, get_news_sitemap]
