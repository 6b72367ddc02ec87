"""The service itself: health, metrics, and the description of the API."""

from collections.abc import Iterator
from typing import Any

import msgspec
from litestar import route
from litestar.handlers import HTTPRouteHandler
from litestar.response import Response

from service.formats import MEDIA_TYPES
from service.formats.html.docs import docs_page
from service.publisher import Rendered
from service.query import Query
from service.settings import Settings
from service.urls import DOCS_PATH, Urls
from service.web.base_url import base_url
from service.web.counters import PROCESSES, Counters
from service.web.handlers.dependencies import READ, HTTPRequest, accept_header
from service.web.metrics import ServiceMetrics, expose
from service.web.openapi.document import openapi_document
from service.web.problem_types import NotReady
from service.web.responses import RepresentationResponse
from service.web.services import InjectedServices

DESCRIPTION_SECONDS = 3600


@route("/healthz", http_method=READ)
async def get_liveness() -> Response[Any]:
    """The process answers."""
    return _state("alive")


@route("/readyz", http_method=READ)
async def get_readiness(services: InjectedServices) -> Response[Any]:
    """The content is loaded and the index answers; `problems` lists what is wrong nevertheless.

    Raises NotReady.
    """
    if not services.poller.can_read_content:
        raise NotReady("The content cannot be read just now; the log says why.")
    problems = list(_problems(services.counters, services.settings))
    return _state("ready", **({"problems": problems} if problems else {}))


def _problems(counters: Counters, settings: Settings) -> Iterator[str]:
    """What keeps the service from working as it should, a sentence each."""
    overdue = counters.overdue_seconds()
    if overdue >= settings.stale_after_seconds:
        yield f"A successful look at the folder is overdue by {overdue:.0f} seconds; the log says why."
    if counters.get("settings_refused"):
        yield "The settings cannot be used, so the previous ones stay in force; the log says why."
    if down := int(counters.get("down", "worker")):
        yield f"{down} of {settings.workers} workers ended unexpectedly and will be restarted."
    for process in PROCESSES:
        if process != "worker" and counters.get("down", process):
            yield f"The {process} ended unexpectedly and will be restarted."


def _state(status: str, **members: object) -> Response[Any]:
    body = msgspec.json.encode({"status": status, **members})
    return RepresentationResponse(Rendered(body, "application/json", ""), "no-store")


@route("/metrics", http_method=READ)
async def get_metrics(request: HTTPRequest, services: InjectedServices) -> Response[Any]:
    """The metrics of the service, for Prometheus. Raises IndexUnavailable."""
    page = await services.index.find(Query(), 1)
    metrics = ServiceMetrics(
        services.counters, services.site.hubs, services.publisher.revision, page.total or 0
    )
    body, media_type = expose(metrics, accept_header(request))
    return RepresentationResponse(Rendered(body, media_type, ""), "no-store", negotiated=True)


@route("/openapi.json", http_method=READ)
async def get_openapi_document(request: HTTPRequest, services: InjectedServices) -> Response[Any]:
    """The description of the API as OpenAPI 3.1."""
    body = msgspec.json.encode(openapi_document(services.site.title, base_url(request.scope)))
    cache_control = services.cache_control(DESCRIPTION_SECONDS)
    return RepresentationResponse(Rendered.of("application/json", body), cache_control)


@route(DOCS_PATH, http_method=READ)
async def get_docs_page(request: HTTPRequest, services: InjectedServices) -> Response[Any]:
    """The description of the API as a page on which every operation can be tried."""
    base = base_url(request.scope)
    page = docs_page(openapi_document(services.site.title, base), services.site, Urls(base))
    cache_control = services.cache_control(DESCRIPTION_SECONDS)
    return RepresentationResponse(Rendered.of(MEDIA_TYPES["html"], page), cache_control)


ROUTE_HANDLERS: list[HTTPRouteHandler] = [
    get_liveness,
    get_readiness,
    get_metrics,
    get_openapi_document,
    get_docs_page,
]
