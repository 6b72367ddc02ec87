"""Exact synchronisation: what changed since a revision or on a day, and the manifest of all articles."""

import asyncio
from typing import Annotated, Any

from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import SkipValidation
from litestar.response import Response

from service.errors import NotFound
from service.formats.changes import ChangeDaysOut, ManifestOut, has_changes
from service.model import FORMAT_DESCRIPTIONS
from service.publisher import Rendered
from service.query import ChangePosition
from service.urls import CHANGE_DAYS_PATH, CHANGES_PATH, CHANGES_SUFFIX, MANIFEST_PATH
from service.web.addresses.base_url import base_url
from service.web.application_state import ApplicationState, InjectedState
from service.web.handlers.dependencies import NOINDEX, HTTPRequest, get_or_head
from service.web.handlers.listings import reject_mistakes
from service.web.http.preferences import preferred_wait
from service.web.openapi.declarations import ParameterProvider, headers, path_parameter, statuses
from service.web.query_string.changes import ChangesRequest, parse_changes, parse_manifest_query
from service.web.query_string.parameters import BUCKET_PARAMETER, CHANGES_COMPONENTS
from service.web.query_string.parsing import reject_parameters
from service.web.query_string.values import parse_change_position
from service.web.responses import RepresentationResponse

LONGEST_WAIT_SECONDS = 60

ChangesDocument = Annotated[
    str,
    path_parameter(
        "A day, and the position of a page of its changes, followed by `.ndjson`: taken from"
        " `/changes.json` or `next`.",
        "2026-11-30.ndjson",
    ),
]


def changes_request(request: HTTPRequest, app_state: InjectedState) -> ChangesRequest:
    """The query, and the revision or cursor to begin at. Raises UnknownParameter, InvalidParameter."""
    return parse_changes(request.scope["query_string"], app_state.site)


def requested_bucket(request: HTTPRequest, app_state: InjectedState) -> int | None:
    """The requested bucket, None for all. Raises UnknownParameter, InvalidParameter."""
    return parse_manifest_query(request.scope["query_string"], app_state.site)


@get_or_head(
    CHANGES_PATH,
    name="listChanges",
    tags=["Synchronisation"],
    media_type=FORMAT_DESCRIPTIONS["ndjson"].bare_type,
    response_headers=headers("ETag", "Cache-Control", "Vary", "Preference-Applied"),
    responses=statuses(304, 410),
    dependencies={"changes_request": ParameterProvider(changes_request, CHANGES_COMPONENTS)},
)
async def get_changes(
    request: HTTPRequest,
    app_state: InjectedState,
    changes_request: NamedDependency[SkipValidation[ChangesRequest]],
) -> Response[str]:
    """What changed since a revision: articles to put, and articles to drop.

    One object a line: `{"op":"put","article":ARTICLE}` or `{"op":"drop","id","slug","reason"}`, at most 1,000
    and about 1 MB, then `{"op":"page","revision","next"}`. Follow `next` until it is null: then `revision` is
    what to give as `since` next time. Without `since` everything is put. An article that changed and that the
    filters do not find is dropped, whether or not they found it before. `Prefer: wait=30` delays a page
    without changes until there is one, for so many seconds (at most 60). A revision that is not known (any
    more) is answered with 410, and a link to the manifest.
    """
    base = base_url(request.scope)
    if changes_request.is_of_everything:
        await reject_mistakes(request, app_state, changes_request.query)
    prefer = request.headers.get("prefer", "")
    seconds = min(preferred_wait(prefer), LONGEST_WAIT_SECONDS) if request.method == "GET" else 0
    rendered = await _render(app_state, changes_request, base)
    if seconds and not app_state.waiters.is_full:
        rendered = await _wait_for_changes(app_state, changes_request, base, rendered, seconds)
        applied = {"preference-applied": f"wait={seconds}"}
        return RepresentationResponse(
            rendered, "no-store", headers=NOINDEX | applied, stored=False, chosen_by=("Prefer",)
        )
    return RepresentationResponse(
        rendered, app_state.list_cache_control, headers=NOINDEX, stored=not prefer, chosen_by=("Prefer",)
    )


async def _wait_for_changes(
    app_state: ApplicationState, changes: ChangesRequest, base: str, rendered: Rendered, seconds: int
) -> Rendered:
    """The page once it has changes, or as it is after so many seconds."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    while not has_changes(rendered.body) and await app_state.waiters.wait(deadline - loop.time()):
        rendered = await _render(app_state, changes, base)
    return rendered


async def _render(app_state: ApplicationState, changes: ChangesRequest, base: str) -> Rendered:
    return await app_state.publisher.changes(changes.query, changes.since, changes.cursor, base)


def change_position(request: HTTPRequest, document: ChangesDocument) -> ChangePosition:
    """The position that the name of a page gives. Raises NotFound, UnknownParameter."""
    position = parse_change_position(document.removesuffix(CHANGES_SUFFIX))
    if position is None or not document.endswith(CHANGES_SUFFIX):
        raise NotFound("There is nothing at this address.")
    reject_parameters(request.scope["query_string"], "ndjson")
    return position


@get_or_head(
    f"{CHANGES_PATH}/{{document:str}}",
    name="listChangesOfDay",
    tags=["Synchronisation"],
    media_type=FORMAT_DESCRIPTIONS["ndjson"].bare_type,
    response_headers=headers("ETag", "Cache-Control", "Link", "Vary"),
    responses=statuses(304, 404),
    dependencies={"position": ParameterProvider(change_position, ())},
)
async def get_changes_of_day(
    request: HTTPRequest, app_state: InjectedState, position: NamedDependency[SkipValidation[ChangePosition]]
) -> Response[str]:
    """What changed on one day (UTC): articles to put or drop, each on the day of its last change.

    Lines are as in `/changes`; `next` leads to the next page, then to the next day. A client that reads all
    days from the last one it knows on has everything. 404 once the journal does not go back so far: then
    begin again with all articles.
    """
    return _respond(app_state, await app_state.publisher.changes_of(position, base_url(request.scope)))


@get_or_head(
    CHANGE_DAYS_PATH,
    name="listChangeDays",
    tags=["Synchronisation"],
    response_headers=headers("ETag", "Cache-Control", "Vary"),
    responses=statuses(304),
)
async def get_change_days(request: HTTPRequest, app_state: InjectedState) -> Response[ChangeDaysOut]:
    """The days of which changes are known, each with the address of its first page, the oldest first."""
    reject_parameters(request.scope["query_string"], "json")
    return _respond(app_state, await app_state.publisher.change_days(base_url(request.scope)))


@get_or_head(
    MANIFEST_PATH,
    name="getManifest",
    tags=["Synchronisation"],
    responses=statuses(304),
    dependencies={"bucket": ParameterProvider(requested_bucket, (BUCKET_PARAMETER.component,))},
)
async def get_manifest(
    app_state: InjectedState, bucket: NamedDependency[SkipValidation[int | None]]
) -> Response[ManifestOut]:
    """Digests of all articles in 256 buckets, or with `bucket` the id, etag and slug of those in one.

    A client that compares them with those of its copy finds every difference, deletions included. They are
    equal on every replica that serves the same content.
    """
    return _respond(app_state, await app_state.publisher.manifest(bucket))


def _respond(app_state: ApplicationState, rendered: Rendered) -> RepresentationResponse[Any]:
    """A response that caches keep as long as a list, and that no search engine shows."""
    return RepresentationResponse(rendered, app_state.list_cache_control, headers=NOINDEX)


ROUTE_HANDLERS: list[HTTPRouteHandler] = [get_changes, get_changes_of_day, get_change_days, get_manifest]
