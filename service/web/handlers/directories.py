"""Directories: all tags, authors, sources or languages."""

from typing import Any

from litestar import route
from litestar.handlers import HTTPRouteHandler
from litestar.response import Response

from service.query import FacetKind
from service.urls import ARTICLE_SUFFIXES, DIRECTORY_PATHS, FormatName, Urls
from service.web.base_url import base_url
from service.web.handlers.dependencies import (
    READ,
    HTTPRequest,
    choose_format,
    negotiated_response,
    robots_headers,
)
from service.web.negotiation import DIRECTORY_ORDER
from service.web.parse_query import read_nothing
from service.web.responses import RepresentationResponse
from service.web.services import InjectedServices


def directory_handler(path: str, kind: FacetKind, fixed_format: FormatName | None) -> HTTPRouteHandler:
    """The handler of the directory of `kind`, in `fixed_format` or else in the format that Accept prefers."""

    @route(path, http_method=READ)
    async def get_directory(request: HTTPRequest, services: InjectedServices) -> Response[Any]:
        """Every value with its count of articles and its feeds."""
        format_name = fixed_format or choose_format(request, DIRECTORY_ORDER)
        read_nothing(request.scope["query_string"], format_name)
        base = base_url(request.scope)
        rendered = await services.publisher.directory(format_name, kind, base)
        headers = robots_headers(format_name)
        if fixed_format:
            cache_control = services.cache_control(services.settings.list_max_age_seconds)
            return RepresentationResponse(rendered, cache_control, headers=headers)
        return negotiated_response(
            rendered, Urls(base).directory(kind, ARTICLE_SUFFIXES[format_name]), headers
        )

    return get_directory


_SUFFIXES: dict[str, FormatName | None] = {"": None, ".json": "json", ".html": "html"}

ROUTE_HANDLERS: list[HTTPRouteHandler] = [
    directory_handler(path + suffix, kind, fixed_format)
    for kind, path in DIRECTORY_PATHS.items()
    for suffix, fixed_format in _SUFFIXES.items()
]
