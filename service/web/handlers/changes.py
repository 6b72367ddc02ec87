"""Exact synchronisation: what changed since a revision, and the manifest of all articles."""

import asyncio

from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import SkipValidation
from litestar.response import Response

from service.formats.changes import ManifestOut, has_changes
from service.model import FORMAT_DESCRIPTIONS
from service.publisher import Rendered
from service.urls import CHANGES_PATH, MANIFEST_PATH
from service.web.addresses.base_url import base_url
from service.web.application_state import ApplicationState, InjectedState
from service.web.handlers.dependencies import NOINDEX, HTTPRequest, get_or_head
from service.web.http.preferences import preferred_wait
from service.web.openapi.declarations import ParameterProvider, headers, statuses
from service.web.query_string.changes import ChangesRequest, parse_bucket, parse_changes
from service.web.query_string.parameters import BUCKET_PARAMETER, CHANGES_COMPONENTS
from service.web.responses import RepresentationResponse

LONGEST_WAIT_SECONDS = 60


def changes_request(request: HTTPRequest, app_state: InjectedState) -> ChangesRequest:
    """The query, and the revision or cursor to begin at. Raises UnknownParameter, InvalidParameter."""
    return parse_changes(request.scope["query_string"], app_state.site)


def requested_bucket(request: HTTPRequest, app_state: InjectedState) -> int | None:
    """The bucket that is asked for, None for all. Raises UnknownParameter, InvalidParameter."""
    return parse_bucket(request.scope["query_string"], app_state.site)


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
    prefer = request.headers.get("prefer", "")
    seconds = min(preferred_wait(prefer), LONGEST_WAIT_SECONDS) if request.method == "GET" else 0
    rendered = await _render(app_state, changes_request, base)
    if seconds and not app_state.waiters.is_full:
        rendered = await _wait_for_changes(app_state, changes_request, base, rendered, seconds)
        applied = {"preference-applied": f"wait={seconds}"}
        return RepresentationResponse(
            rendered, "no-store", headers=NOINDEX | applied, stored=False, chosen_by=("Prefer",)
        )
    cache_control = app_state.cache_control(app_state.settings.list_max_age_seconds)
    return RepresentationResponse(
        rendered, cache_control, headers=NOINDEX, stored=not prefer, chosen_by=("Prefer",)
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
    rendered = await app_state.publisher.manifest(bucket)
    cache_control = app_state.cache_control(app_state.settings.list_max_age_seconds)
    return RepresentationResponse(rendered, cache_control, headers=NOINDEX)


ROUTE_HANDLERS: list[HTTPRouteHandler] = [get_changes, get_manifest]
