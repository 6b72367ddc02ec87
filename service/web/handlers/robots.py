"""What search engines and browsers request of a site: robots.txt, sitemaps, search and its suggestions."""

from datetime import timedelta
from typing import Annotated, Any
from urllib.parse import parse_qs

import msgspec
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.spec import Example
from litestar.params import PathParameter, SkipValidation
from litestar.response import Response

from service.errors import InvalidParameter, NotFound
from service.formats.robots import opensearch, sitemap
from service.formats.robots.robots_txt import robots_txt
from service.index import Index, now
from service.index.search import is_long_enough, runs
from service.model import Article, fold, slugify
from service.publisher import Publisher, Rendered
from service.query import MAX_LIMIT, Query
from service.urls import (
    NEWS_PATH,
    OPENSEARCH_PATH,
    PATHS_TAG,
    SITEMAP_PATH,
    SUGGEST_PATH,
    Urls,
    facet_query,
)
from service.web.addresses.base_url import base_url
from service.web.application_state import ApplicationState, InjectedState
from service.web.handlers.dependencies import HTTPRequest, ListingQuery, get_or_head
from service.web.openapi.declarations import ParameterProvider, headers, statuses
from service.web.openapi.schemas import Suggestions
from service.web.query_string.parsing import parse_query
from service.web.responses import RepresentationResponse

MAX_IN_ONE = 1000
"""The sitemap of more articles is an index of months."""

PAGES_PART = "pages"
NEWS_AGE = timedelta(days=2)
LONGEST_PART = 50
MAX_SUGGESTIONS = 10
SEARCHED_TITLES = 30
LEAST_LETTERS = 3
"""How many letters must be typed before titles are searched; fewer begin half of all words."""

SITEMAP_SUFFIX = ".xml"
SitemapDocument = Annotated[
    str,
    PathParameter(
        description="A part that the index of a large sitemap names, followed by `.xml`.",
        examples=[Example(value="2019-01.xml")],
        schema_extra={"minLength": 1, "maxLength": LONGEST_PART},
    ),
]


def read_search(request: HTTPRequest, app_state: InjectedState) -> Query:
    """Only the search of a query. Raises InvalidParameter."""
    pairs = request.scope["query_string"].split(b"&")
    return parse_query(b"&".join(pair for pair in pairs if pair.startswith(b"q=")), "html", app_state.site)


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
    return _respond(app_state, "text/plain; charset=utf-8", body)


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
    return _respond(app_state, sitemap.MEDIA_TYPE, body)


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


@get_or_head(
    NEWS_PATH,
    name="mapNews",
    tags=["Robots"],
    media_type="application/xml",
)
async def get_news_sitemap(request: HTTPRequest, app_state: InjectedState) -> Response[str]:
    """The articles of the last two days, as a news sitemap."""
    # It changes with time alone, so it is rendered for every request; the bytes are equal while the news are.
    query = Query(since=now().replace(second=0, microsecond=0) - NEWS_AGE)
    urls = app_state.publisher.urls(base_url(request.scope))
    body = await app_state.publisher.in_progress.share(
        (NEWS_PATH, query, urls.base), lambda: _render_news(app_state, query, urls)
    )
    return _respond(app_state, sitemap.MEDIA_TYPE, body, stored=False)


async def _render_news(app_state: ApplicationState, query: Query, urls: Urls) -> bytes:
    articles: list[Article] = []
    while len(articles) < sitemap.MOST_NEWS:
        page = await app_state.index.find(query, MAX_LIMIT)
        articles += page.articles
        if page.next_cursor is None:
            break
        query = msgspec.structs.replace(query, cursor=page.next_cursor)
    return sitemap.news(articles, app_state.site, urls)


@get_or_head(
    OPENSEARCH_PATH,
    name="describeSearch",
    tags=["Search"],
    media_type=opensearch.DESCRIPTION_TYPE,
)
async def get_search_description(request: HTTPRequest, app_state: InjectedState) -> Response[str]:
    """How a browser searches the site (OpenSearch 1.1)."""
    body = opensearch.description(app_state.site, app_state.publisher.urls(base_url(request.scope)))
    return _respond(app_state, opensearch.DESCRIPTION_TYPE, body)


@get_or_head(
    SUGGEST_PATH,
    name="suggest",
    tags=["Search"],
    media_type=opensearch.SUGGESTIONS_TYPE,
    dependencies={"listing_query": ParameterProvider(read_search, ("q",))},
)
async def get_suggestions(
    request: HTTPRequest, app_state: InjectedState, listing_query: ListingQuery
) -> Response[Suggestions]:
    """What `q` may be completed to: `[q, words, what they are, addresses]`."""
    typed = listing_query.q
    urls = app_state.publisher.urls(base_url(request.scope))
    body = await app_state.publisher.in_progress.share(
        (SUGGEST_PATH, typed, urls.base), lambda: _render_suggestions(app_state.index, typed, urls)
    )
    return _respond(app_state, opensearch.SUGGESTIONS_TYPE, body)


async def _render_suggestions(index: Index, typed: str, urls: Urls) -> bytes:
    """Tags, authors and sources that begin with `typed`, then titles of pages and articles likewise."""
    slug = slugify(typed)
    facets = await index.prefix_search(slug, MAX_SUGGESTIONS) if slug else ()
    suggestions = [
        opensearch.Suggestion(
            facet.name,
            f"{kind}, {facet.count} article{'s' * (facet.count != 1)}",
            urls.listing("html", facet_query(kind, facet.slug)),
        )
        for kind, facet in facets
    ]
    missing = MAX_SUGGESTIONS - len(suggestions)
    if missing and (search := _title_search(typed)):
        site_pages = await index.search_site_pages(Query(title=search), SEARCHED_TITLES)
        articles = await index.find_first(Query(title=search), SEARCHED_TITLES)
        matching = [article for article in (*site_pages, *articles) if _begins_words_of(typed, article.title)]
        suggestions += [
            opensearch.Suggestion(
                article.title, "page" if article.is_page else "article", urls.article(article.slug)
            )
            for article in matching[:missing]
        ]
    return opensearch.suggestions(typed, suggestions)


def _title_search(typed: str) -> str:
    """A search that finds articles whose titles may complete `typed`; "" before there are enough letters.

    The last word may be incomplete; where it is too short for a prefix, the other words are searched for.
    """
    if len(typed) < LEAST_LETTERS or not typed[-1].isalnum() or "*" in typed:
        return ""
    before, _, last = typed.rpartition(" ")
    prefix = next(reversed([*runs(last)]), None)
    return f"{typed}*" if prefix and is_long_enough(prefix) else before


def _begins_words_of(typed: str, title: str) -> bool:
    words = fold(title).split()
    return all(any(word.startswith(prefix) for word in words) for prefix in fold(typed).split())


def _respond(
    app_state: ApplicationState, media_type: str, body: bytes, *, stored: bool = True
) -> RepresentationResponse[Any]:
    cache_control = app_state.cache_control(app_state.settings.list_max_age_seconds)
    return RepresentationResponse(Rendered.of(media_type, body), cache_control, stored=stored)


ROUTE_HANDLERS: list[HTTPRouteHandler] = [
    get_robots_txt,
    get_sitemap,
    get_sitemap_part,
    get_news_sitemap,
    get_search_description,
    get_suggestions,
]
