"""The address table: every address there is, and what handles it."""

from typing import Any

from litestar.connection import Request
from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp, Receive, Scope, Send

from service.model import FORMAT_DESCRIPTIONS
from service.urls import (
    DIRECTORY_PATHS,
    DOCS_PATH,
    NEWS_PATH,
    OPENSEARCH_PATH,
    OPML_PATH,
    SITEMAP_PATH,
    SUGGEST_PATH,
)
from service.web import description, pages, robots, upkeep
from service.web.desk import Desk
from service.web.front import VISIT
from service.web.metrics import metrics
from service.web.pages import Handler
from service.web.visit import METHODS, Visit

ROUTES: tuple[tuple[str, Handler], ...] = (
    ("/", pages.listing("html")),
    ("/articles", pages.negotiated_listing),
    *(
        (row.path, pages.stream if row.name == "ndjson" else pages.listing(row.name))
        for row in FORMAT_DESCRIPTIONS.values()
    ),
    ("/articles/{slug:str}", pages.article),
    ("/subscribe", pages.subscribe),
    *((path, pages.directory(kind, None)) for kind, path in DIRECTORY_PATHS.items()),
    *((f"{path}.json", pages.directory(kind, "json")) for kind, path in DIRECTORY_PATHS.items()),
    *((f"{path}.html", pages.directory(kind, "html")) for kind, path in DIRECTORY_PATHS.items()),
    (OPML_PATH, pages.catalogue),
    ("/files/{path:path}", upkeep.file),
    ("/assets/{asset:str}", upkeep.asset),
    ("/robots.txt", robots.robots),
    (SITEMAP_PATH, robots.site_map),
    (NEWS_PATH, robots.news),
    (OPENSEARCH_PATH, robots.search_description),
    (SUGGEST_PATH, robots.suggest),
    ("/favicon.ico", upkeep.icon),
    ("/openapi.json", description.handle),
    (DOCS_PATH, description.docs),
    ("/healthz", upkeep.healthz),
    ("/readyz", upkeep.readyz),
    ("/metrics", metrics),
)


def route_handlers(desk: Desk) -> list[HTTPRouteHandler]:
    """The table as Litestar takes it: each handler leaves its answer in the visit, which the front sends."""
    return [_route(path, handler, desk) for path, handler in ROUTES]


def _route(path: str, handler: Handler, desk: Desk) -> HTTPRouteHandler:
    async def answer(request: Request[Any, Any, Any]) -> ASGIApp:
        visit: Visit = request.scope["state"][VISIT]
        visit.answer = await handler(desk, visit)
        return _nothing_more

    return HTTPRouteHandler(path, http_method=list(METHODS))(answer)


async def _nothing_more(scope: Scope, receive: Receive, send: Send) -> None:
    """What Litestar is given to send: nothing, for the front sends the answer."""
