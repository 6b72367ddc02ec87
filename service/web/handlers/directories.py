"""Directories: all tags, authors, sources, languages or series, and the months with articles."""

from litestar.handlers import HTTPRouteHandler
from litestar.response import Response

from service.formats import bare_type
from service.formats.json_api import ArchiveMonthsOut
from service.formats.titles import DIRECTORY_TITLES
from service.model import FORMAT_DESCRIPTIONS
from service.query import FacetKind
from service.urls import ARCHIVE_PATH, ARTICLE_SUFFIXES, DIRECTORY_PATHS, FormatName
from service.web.addresses.base_url import base_url
from service.web.application_state import InjectedState
from service.web.handlers.dependencies import (
    HTTPRequest,
    choose_format,
    get_or_head,
    negotiated_response,
    robots_headers,
)
from service.web.http.negotiation import DIRECTORY_ORDER
from service.web.openapi.declarations import MEDIA_TYPES, headers, statuses
from service.web.openapi.schemas import DIRECTORIES
from service.web.query_string.parsing import reject_parameters
from service.web.responses import RepresentationResponse

_HEADERS = ("ETag", "Cache-Control", "Link", "Vary")


def directory_handler(kind: FacetKind, fixed_format: FormatName | None) -> HTTPRouteHandler:
    """The handler of the directory of `kind` in one format, or else in the format that Accept prefers."""
    plural = DIRECTORY_TITLES[kind]
    formats = (fixed_format,) if fixed_format else DIRECTORY_ORDER
    if fixed_format:
        name, suffix = f"list{plural}As{fixed_format.capitalize()}", ARTICLE_SUFFIXES[fixed_format]
        described = f"as {FORMAT_DESCRIPTIONS[fixed_format].label}"
    else:
        name, suffix, described = f"list{plural}", "", "in the format that Accept chooses, HTML by default"

    @get_or_head(
        DIRECTORY_PATHS[kind] + suffix,
        name=name,
        description=f"{plural}, with counts and feeds, {described}",
        tags=["Directories"],
        response_headers=headers(*_HEADERS, *(() if fixed_format else ("Content-Location",))),
        responses=statuses(304) if fixed_format else statuses(304, 406),
        opt={MEDIA_TYPES: [bare_type(format_name) for format_name in formats]},
    )
    async def get_directory(request: HTTPRequest, app_state: InjectedState) -> Response[DIRECTORIES[kind]]:  # type: ignore[valid-type]
        format_name = fixed_format or choose_format(request, DIRECTORY_ORDER)
        reject_parameters(request.scope["query_string"], format_name)
        base = base_url(request.scope)
        rendered = await app_state.publisher.directory(format_name, kind, base)
        robots = robots_headers(format_name)
        if fixed_format:
            return RepresentationResponse(rendered, app_state.list_cache_control, headers=robots)
        return negotiated_response(
            rendered, app_state.publisher.urls(base).directory(kind, ARTICLE_SUFFIXES[format_name]), robots
        )

    return get_directory


@get_or_head(
    ARCHIVE_PATH,
    name="listMonths",
    description="How many articles were published in each month of the site's time zone, newest first",
    tags=["Directories"],
    opt={MEDIA_TYPES: [bare_type("json")]},
)
async def get_months(request: HTTPRequest, app_state: InjectedState) -> Response[ArchiveMonthsOut]:
    reject_parameters(request.scope["query_string"], "json")
    rendered = await app_state.publisher.months(base_url(request.scope))
    return RepresentationResponse(rendered, app_state.list_cache_control, headers=robots_headers("json"))


ROUTE_HANDLERS: list[HTTPRouteHandler] = [
    *(directory_handler(kind, name) for kind in DIRECTORY_PATHS for name in (None, *DIRECTORY_ORDER)),
    get_months,
]
