"""The service itself: health, metrics, and the description of the API."""

import hmac
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import parse_qsl

import msgspec
from litestar import post
from litestar.handlers import HTTPRouteHandler
from litestar.response import Response

from service.errors import NotFound, Unauthorized
from service.formats import bare_type
from service.formats.html.pages.docs import docs_page
from service.model import FORMAT_DESCRIPTIONS
from service.publisher import NO_ARTICLES, Rendered
from service.query import Query
from service.settings import Settings
from service.urls import DOCS_PATH, RELOAD_PATH, rfc3339
from service.web.addresses.base_url import base_url
from service.web.addresses.encoding import as_ascii
from service.web.application_state import InjectedState
from service.web.handlers.dependencies import HTTPRequest, accept_header, get_or_head
from service.web.metrics.common_numbers import PROCESSES
from service.web.metrics.counters import Counters
from service.web.metrics.exposition import OPEN, PLAIN, ServiceMetrics, expose
from service.web.openapi.declarations import MEDIA_TYPES, RELOAD_SCHEME, headers, statuses
from service.web.openapi.document import openapi_document
from service.web.openapi.schemas import Description, ReloadState, State
from service.web.problems.types import NotReady
from service.web.responses import RepresentationResponse

DESCRIPTION_SECONDS = 3600

OTHER_VERSION = (
    "Another version of Broadsheet publishes to the store, so it cannot be read;"
    " the log says what to upgrade."
)


@get_or_head(
    "/healthz", name="isAlive", tags=["Service"], response_headers=headers("Cache-Control"), responses={}
)
async def get_liveness() -> Response[State]:
    """The process answers."""
    return _respond(State("alive"))


@get_or_head(
    "/readyz", name="isReady", tags=["Service"], response_headers=headers("Cache-Control"), responses={}
)
async def get_readiness(app_state: InjectedState) -> Response[State]:
    """Content is loaded and the index answers; 503 before that."""
    if not app_state.poller.can_read_content:
        if app_state.counters.get("other_version"):
            raise NotReady(OTHER_VERSION)
        raise NotReady("The content cannot be read at the moment; the log has the reason.")
    return _respond(State("ready", list(_problems(app_state.counters, app_state.settings)) or msgspec.UNSET))


def _problems(counters: Counters, settings: Settings) -> Iterator[str]:
    """What keeps the service from working as it should, a sentence each."""
    overdue = counters.overdue_seconds()
    if counters.get("other_version"):
        yield OTHER_VERSION
    elif settings.from_store and overdue:
        yield f"The store has not been read since {_last_refresh(counters)}; the log has the reason."
    elif counters.get("content_unavailable"):
        yield (
            f"The content folder cannot be read; what was read until {_last_refresh(counters)} is served,"
            " and the log has the reason."
        )
    elif overdue >= settings.stale_after_seconds:
        yield f"A successful check of the folder is overdue by {overdue:.0f} seconds; the log has the reason."
    if counters.get("following"):
        yield "Another publisher has published other content, which is served; the log has more."
    elif counters.get("publishing_failed"):
        yield "The content is not being published to the store; the log has the reason."
    if counters.get("settings_refused"):
        yield "The settings cannot be used, so the previous ones stay in force; the log has the reason."
    if down := int(counters.get("down", "worker")):
        yield f"{down} of {settings.workers} workers ended unexpectedly and will be restarted."
    for process in PROCESSES:
        if process != "worker" and counters.get("down", process):
            yield f"The {process} ended unexpectedly and will be restarted."


def _last_refresh(counters: Counters) -> str:
    """When the index was last brought up to date, or was found to be: `2026-11-30T10:00:00Z`."""
    return rfc3339(datetime.fromtimestamp(counters.get("refreshed"), UTC))


def _respond(state: State) -> Response[State]:
    return RepresentationResponse(Rendered(msgspec.json.encode(state), "application/json", ""), "no-store")


@get_or_head(
    "/metrics",
    name="getMetrics",
    tags=["Service"],
    response_headers=headers("Cache-Control", "Vary"),
    responses={},
    opt={MEDIA_TYPES: [media_type.partition(";")[0] for media_type in (PLAIN, OPEN)]},
)
async def get_metrics(request: HTTPRequest, app_state: InjectedState) -> Response[str]:
    """The metrics of the service, for Prometheus or as OpenMetrics."""
    page = await app_state.index.find(Query(), 1)
    metrics = ServiceMetrics(
        app_state.counters, app_state.site.hubs, app_state.publisher.revision, page.total or 0
    )
    body, media_type = expose(metrics, accept_header(request))
    return RepresentationResponse(Rendered(body, media_type, ""), "no-store", chosen_by=("Accept",))


@post(
    RELOAD_PATH,
    name="reload",
    tags=["Service"],
    status_code=200,
    response_headers=headers("Cache-Control"),
    responses=statuses(401, 404),
    security=[{RELOAD_SCHEME: []}],
)
async def reload_content(request: HTTPRequest, app_state: InjectedState) -> Response[ReloadState]:
    """Look at the folder and its settings now; 404 unless `reload_token` is set.

    The token is sent as `Authorization: Bearer TOKEN` or as `?token=TOKEN`. Requests that come together cause
    one look. The answer does not wait for it; it is 200, which git-sync expects of a webhook.
    """
    token = app_state.settings.reload_token
    if token is None:
        raise NotFound("There is nothing at this address.")
    if not _has_token(request, token):
        raise Unauthorized
    if app_state.request_reload is None:
        raise NotReady("This process runs without the one that looks at the folder; use `broadsheet serve`.")
    app_state.request_reload()
    return RepresentationResponse(
        Rendered(msgspec.json.encode(ReloadState("reloading")), "application/json", ""), "no-store"
    )


def _has_token(request: HTTPRequest, token: str) -> bool:
    """Whether the request has the token, in the header or else in the query, compared in constant time."""
    scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        sent = [credentials.strip().encode("latin-1")]
    else:
        query = as_ascii(request.scope["query_string"])
        # A plus sign stands for a blank, or for itself: tokens in Base64 have some, which are seldom encoded.
        readings = (query, query.replace("+", "%2B"))
        sent = [dict(parse_qsl(reading)).get("token", "").encode() for reading in readings]
    return any(hmac.compare_digest(value, token.encode()) for value in sent)


@get_or_head("/openapi.json", name="getDescription", tags=["Service"])
async def get_openapi_document(request: HTTPRequest, app_state: InjectedState) -> Response[Description]:
    """This document."""
    document = openapi_document(request.app, app_state.site.title, base_url(request.scope))
    body = msgspec.json.encode(document)
    cache_control = app_state.cache_control(DESCRIPTION_SECONDS)
    return RepresentationResponse(Rendered.of("application/json", body, keys=NO_ARTICLES), cache_control)


@get_or_head(DOCS_PATH, name="getDocs", tags=["Service"], media_type=bare_type("html"))
async def get_docs_page(request: HTTPRequest, app_state: InjectedState) -> Response[str]:
    """This document as a page on which every operation can be tried, unless `addresses` is `paths`."""
    base = base_url(request.scope)
    document = openapi_document(request.app, app_state.site.title, base)
    page = docs_page(document, app_state.site, app_state.publisher.urls(base), app_state.publisher.navigation)
    cache_control = app_state.cache_control(DESCRIPTION_SECONDS)
    rendered = Rendered.of(FORMAT_DESCRIPTIONS["html"].media_type, page, keys=NO_ARTICLES)
    return RepresentationResponse(rendered, cache_control)


ROUTE_HANDLERS: list[HTTPRouteHandler] = [
    get_liveness,
    get_readiness,
    get_metrics,
    reload_content,
    get_openapi_document,
    get_docs_page,
]
