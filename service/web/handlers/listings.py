"""Listings, feeds and the archives of feeds: a query as each format."""

from typing import Any

from litestar import route
from litestar.handlers import HTTPRouteHandler
from litestar.response import Response

from service.formats import FEEDS, MEDIA_TYPES
from service.model import FORMAT_DESCRIPTIONS
from service.publisher import Rendered
from service.query import ArchiveCursor, Query
from service.urls import LISTING_PATHS, OPML_PATH, FormatName, Urls
from service.web.base_url import base_url
from service.web.handlers.dependencies import (
    NOINDEX,
    READ,
    HTTPRequest,
    ListingQuery,
    choose_format,
    negotiated_response,
    provide_query,
    robots_headers,
)
from service.web.negotiation import LISTING_ORDER
from service.web.parse_query import read_query
from service.web.responses import RepresentationResponse, StreamResponse
from service.web.services import InjectedServices, Services

ARCHIVE_CONTROL = "public, max-age=86400, stale-while-revalidate=604800, stale-if-error=604800"
"""Cache-Control of an archive document that is complete; a day, so that withdrawn articles leave caches."""


def listing_handler(format_name: FormatName, paths: list[str]) -> HTTPRouteHandler:
    """The handler of a query's listing, feed or archive document in one format."""
    is_feed = format_name in FEEDS

    @route(paths, http_method=READ, dependencies={"listing_query": provide_query(format_name)})
    async def get_listing(
        request: HTTPRequest, services: InjectedServices, listing_query: ListingQuery
    ) -> Response[Any]:
        """The articles that the query finds, in the format of the address."""
        base = base_url(request.scope)
        if listing_query.archive:
            return await _archive(services, format_name, listing_query, listing_query.archive, base)
        settings = services.settings
        max_age_seconds = settings.feed_max_age_seconds if is_feed else settings.list_max_age_seconds
        return RepresentationResponse(
            await services.publisher.listing(format_name, listing_query, base),
            services.cache_control(max_age_seconds),
            headers=robots_headers(format_name, listing_query),
            document_type=FORMAT_DESCRIPTIONS[format_name].document_type,
        )

    return get_listing


async def _archive(
    services: Services, format_name: FormatName, query: Query, position: ArchiveCursor, base: str
) -> RepresentationResponse:
    """A document of a feed's archive. There are too many of them to store."""
    rendered = await services.publisher.archive(format_name, query, position, base)
    return RepresentationResponse(
        rendered,
        ARCHIVE_CONTROL
        if rendered.immutable
        else services.cache_control(services.settings.feed_max_age_seconds),
        headers=NOINDEX,
        stored=False,
        document_type=FORMAT_DESCRIPTIONS[format_name].document_type,
    )


@route("/articles", http_method=READ)
async def get_negotiated_listing(request: HTTPRequest, services: InjectedServices) -> Response[Any]:
    """The articles that the query finds, in the format that Accept prefers."""
    format_name = choose_format(request, LISTING_ORDER)
    query = read_query(request.scope["query_string"], format_name, services.site)
    base = base_url(request.scope)
    rendered = await services.publisher.listing(format_name, query, base)
    location = Urls(base).listing(format_name, query, query.cursor)
    return negotiated_response(rendered, location, robots_headers(format_name, query))


@route(LISTING_PATHS["ndjson"], http_method=READ, dependencies={"listing_query": provide_query("ndjson")})
async def stream_articles(
    request: HTTPRequest, services: InjectedServices, listing_query: ListingQuery
) -> Response[Any]:
    """All articles that the query finds, one a line; a large answer is streamed."""
    content = await services.publisher.stream(listing_query, base_url(request.scope))
    cache_control = services.cache_control(services.settings.list_max_age_seconds)
    if isinstance(content, Rendered):
        return RepresentationResponse(content, cache_control, headers=NOINDEX)
    return StreamResponse(content, cache_control, media_type=MEDIA_TYPES["ndjson"], headers=NOINDEX)


@route("/subscribe", http_method=READ, dependencies={"listing_query": provide_query("html")})
async def get_subscription_page(
    request: HTTPRequest, services: InjectedServices, listing_query: ListingQuery
) -> Response[Any]:
    """The page that explains how to follow the articles that the query finds."""
    return RepresentationResponse(
        await services.publisher.subscription(listing_query, base_url(request.scope)),
        services.cache_control(services.settings.list_max_age_seconds),
    )


@route(OPML_PATH, http_method=READ)
async def get_catalogue(request: HTTPRequest, services: InjectedServices) -> Response[Any]:
    """All feeds as OPML, for feed readers to import."""
    return RepresentationResponse(
        await services.publisher.catalogue(base_url(request.scope)),
        services.cache_control(services.settings.list_max_age_seconds),
    )


ROUTE_HANDLERS: list[HTTPRouteHandler] = [
    *(
        listing_handler(format_name, ["/", path] if format_name == "html" else [path])
        for format_name, path in LISTING_PATHS.items()
        if format_name != "ndjson"
    ),
    get_negotiated_listing,
    stream_articles,
    get_subscription_page,
    get_catalogue,
]
