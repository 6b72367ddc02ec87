"""Listings, feeds and the archives of feeds: a query as each format."""

from typing import Any

import msgspec
from litestar.handlers import HTTPRouteHandler
from litestar.response import Response

from service.formats import FEEDS, bare_type
from service.formats.json_api import ArticlesOut
from service.model import FORMAT_DESCRIPTIONS, FormatDescription
from service.publisher import Rendered
from service.query import Query
from service.urls import LISTING_PATHS, OPML_PATH, SEARCH_PATH, SUBSCRIBE_PATH, FormatName
from service.web.addresses.base_url import base_url
from service.web.application_state import ApplicationState, InjectedState
from service.web.handlers.dependencies import (
    NOINDEX,
    HTTPRequest,
    ListingQuery,
    choose_format,
    get_or_head,
    negotiated_response,
    provide_negotiated_query,
    provide_query,
    robots_headers,
)
from service.web.http.negotiation import LISTING_ORDER
from service.web.openapi.declarations import MEDIA_TYPES, ParameterProvider, headers, statuses
from service.web.openapi.schemas import BODIES
from service.web.query_string.mistaken_values import reject_mistaken_values
from service.web.responses import RepresentationResponse, StreamResponse

SETTLED_ARCHIVE_CONTROL = "public, max-age=86400, stale-while-revalidate=604800, stale-if-error=604800"
"""Cache-Control of an archive document that is settled; a day, so that withdrawn articles leave caches."""

HOME = msgspec.structs.replace(
    FORMAT_DESCRIPTIONS["html"],
    path="/",
    operation="home",
    summary="The site's page: its newest articles; `feed=rss2` or `feed=atom` redirects to that feed",
)
NDJSON = FORMAT_DESCRIPTIONS["ndjson"]
LISTING_HEADERS = ("ETag", "Last-Modified", "Cache-Control", "Link", "Vary")


def listing_handler(
    row: FormatDescription,
    *codes: int,
    tag: str | None = None,
    listing_query: ParameterProvider | None = None,
) -> HTTPRouteHandler:
    """The handler of a query's listing, feed or archive document in one format.

    `codes` are the statuses of its responses besides 200, `tag` is the group of its operation. The query is
    that of `listing_query`, by default of all parameters.
    """
    format_name, body = row.name, BODIES[row.schema]
    is_feed = format_name in FEEDS

    @get_or_head(
        row.path,
        name=row.operation,
        description=row.summary,
        tags=[tag or ("Feeds" if is_feed else "Articles")],
        media_type=row.bare_type,
        response_headers=headers(*LISTING_HEADERS),
        responses=statuses(*codes),
        dependencies={"listing_query": listing_query or provide_query(format_name)},
    )
    async def get_listing(
        request: HTTPRequest, app_state: InjectedState, listing_query: ListingQuery
    ) -> Response[body]:  # type: ignore[valid-type]
        base = base_url(request.scope)
        if listing_query.archive:
            return await archive_response(app_state, format_name, listing_query, base)
        if not is_feed:
            await reject_mistakes(request, app_state, listing_query)
        feed_control = app_state.cache_control(app_state.site.feed_max_age_seconds)
        return RepresentationResponse(
            await app_state.publisher.listing(format_name, listing_query, base),
            feed_control if is_feed else app_state.list_cache_control,
            headers=robots_headers(format_name, listing_query),
            document_type=row.document_type,
        )

    return get_listing


async def reject_mistakes(request: HTTPRequest, app_state: ApplicationState, query: Query) -> None:
    """Raise InvalidParameter for values that find nothing. Feeds take them: their subscribers stay."""
    await reject_mistaken_values(app_state.index, query, request.scope["query_string"], app_state.site)


async def archive_response(
    app_state: ApplicationState, format_name: FormatName, query: Query, base: str
) -> RepresentationResponse[Any]:
    """The document of a feed's archive at `query.archive`. There are too many of them to store."""
    if query.archive is None:
        raise LookupError("the query has no position in an archive")
    rendered = await app_state.publisher.archive(format_name, query, query.archive, base)
    return RepresentationResponse(
        rendered,
        SETTLED_ARCHIVE_CONTROL
        if rendered.is_settled
        else app_state.cache_control(app_state.site.feed_max_age_seconds),
        headers=NOINDEX,
        stored=False,
        document_type=FORMAT_DESCRIPTIONS[format_name].document_type,
    )


@get_or_head(
    "/articles",
    name="listArticles",
    tags=["Articles"],
    response_headers=headers(*LISTING_HEADERS, "Content-Location"),
    responses=statuses(304, 406),
    opt={MEDIA_TYPES: [bare_type(name) for name in LISTING_ORDER]},
    dependencies={"listing_query": provide_negotiated_query()},
)
async def get_negotiated_listing(
    request: HTTPRequest, app_state: InjectedState, listing_query: ListingQuery
) -> Response[ArticlesOut]:
    """Articles in the format that Accept chooses: JSON by default, HTML for browsers, or Markdown."""
    format_name = choose_format(request, LISTING_ORDER)
    await reject_mistakes(request, app_state, listing_query)
    base = base_url(request.scope)
    rendered = await app_state.publisher.listing(format_name, listing_query, base)
    location = app_state.publisher.urls(base).listing(format_name, listing_query, listing_query.cursor)
    return negotiated_response(rendered, location, robots_headers(format_name, listing_query))


@get_or_head(
    LISTING_PATHS["ndjson"],
    name=NDJSON.operation,
    description=NDJSON.summary,
    tags=["Articles"],
    media_type=NDJSON.bare_type,
    response_headers=headers(*LISTING_HEADERS),
    responses=statuses(304),
    dependencies={"listing_query": provide_query("ndjson")},
)
async def stream_articles(
    request: HTTPRequest, app_state: InjectedState, listing_query: ListingQuery
) -> Response[str]:
    await reject_mistakes(request, app_state, listing_query)
    content = await app_state.publisher.stream(listing_query, base_url(request.scope))
    cache_control = app_state.list_cache_control
    if isinstance(content, Rendered):
        return RepresentationResponse(content, cache_control, headers=NOINDEX)
    return StreamResponse(content, cache_control, media_type=NDJSON.media_type, headers=NOINDEX)


@get_or_head(
    SUBSCRIBE_PATH,
    name="howToSubscribe",
    tags=["Feeds"],
    media_type=bare_type("html"),
    response_headers=headers(*LISTING_HEADERS),
    responses=statuses(304),
    dependencies={"listing_query": provide_query("html")},
)
async def get_subscription_page(
    request: HTTPRequest, app_state: InjectedState, listing_query: ListingQuery
) -> Response[str]:
    """How to follow the articles that a query finds, as a page: its feeds, and how readers subscribe."""
    return await subscription_response(request, app_state, listing_query)


async def subscription_response(
    request: HTTPRequest, app_state: ApplicationState, query: Query
) -> RepresentationResponse[str]:
    """The page that explains how to subscribe to `query`."""
    return RepresentationResponse(
        await app_state.publisher.subscription(query, base_url(request.scope)), app_state.list_cache_control
    )


@get_or_head(
    SEARCH_PATH,
    name="search",
    tags=["Articles"],
    media_type=bare_type("html"),
    response_headers=headers(*LISTING_HEADERS),
    responses=statuses(304),
    dependencies={"listing_query": provide_query("html")},
)
async def get_search_page(
    request: HTTPRequest, app_state: InjectedState, listing_query: ListingQuery
) -> Response[str]:
    """The page of a query, as `/articles.html`; without one, the page of the search in a static export."""
    base = base_url(request.scope)
    is_search = listing_query != Query()
    if is_search:
        await reject_mistakes(request, app_state, listing_query)
        rendered = await app_state.publisher.listing("html", listing_query, base)
    else:
        rendered = await app_state.publisher.search(base)
    return RepresentationResponse(
        rendered,
        app_state.list_cache_control,
        headers=NOINDEX,
        # Pagefind, which the script of the page loads, is WebAssembly.
        compiles_webassembly=not is_search,
    )


@get_or_head(OPML_PATH, name="listFeeds", tags=["Feeds"], media_type="text/x-opml")
async def get_catalogue(request: HTTPRequest, app_state: InjectedState) -> Response[str]:
    """Every feed as OPML 2.0: the main one, and those of tags, authors, sources and languages."""
    return RepresentationResponse(
        await app_state.publisher.catalogue(base_url(request.scope)), app_state.list_cache_control
    )


ROUTE_HANDLERS: list[HTTPRouteHandler] = [
    listing_handler(HOME, 301, 304),
    get_negotiated_listing,
    *(listing_handler(row, 304) for row in FORMAT_DESCRIPTIONS.values() if row is not NDJSON),
    stream_articles,
    get_subscription_page,
    get_search_page,
    get_catalogue,
]
