"""The dependencies of handlers, and the parts of responses that several of them share."""

from functools import partial
from typing import Any, TypeVar

from litestar import route
from litestar.connection import Request
from litestar.di import NamedDependency
from litestar.params import SkipValidation

from service.publisher import Rendered
from service.query import Query
from service.urls import FormatName
from service.web.application_state import ApplicationState, InjectedState
from service.web.http.negotiation import LISTING_ORDER, preferred_format
from service.web.openapi.declarations import ParameterProvider, headers, statuses
from service.web.query_string.parameters import component_names
from service.web.query_string.parsing import parse_query
from service.web.responses import RepresentationResponse

get_or_head = partial(
    route,
    http_method=("GET", "HEAD"),
    response_headers=headers("ETag", "Cache-Control", "Vary"),
    responses=statuses(304),
)
"""Decorates a handler of GET and HEAD, by default of a document that is compressed and has an ETag."""

HTTPRequest = Request[Any, Any, Any]
ListingQuery = NamedDependency[SkipValidation[Query]]
"""The type of a handler's `listing_query`: the validated Query of the request's parameters."""

NOINDEX = {"x-robots-tag": "noindex, follow"}
EVERYTHING = Query()

T = TypeVar("T")


def provide_query(format_name: FormatName) -> ParameterProvider:
    """Provides `listing_query` as `format_name` takes it. Raises UnknownParameter, InvalidParameter."""

    def listing_query(request: HTTPRequest, app_state: InjectedState) -> Query:
        return parse_query(request.scope["query_string"], format_name, app_state.site)

    return ParameterProvider(listing_query, component_names(format_name))


def provide_negotiated_query() -> ParameterProvider:
    """Provides `listing_query` as the format takes it that Accept prefers. Raises as both."""

    def listing_query(request: HTTPRequest, app_state: InjectedState) -> Query:
        return parse_query(
            request.scope["query_string"], choose_format(request, LISTING_ORDER), app_state.site
        )

    return ParameterProvider(listing_query, component_names(LISTING_ORDER[0]))


def accept_header(request: HTTPRequest) -> bytes:
    return request.headers.get("accept", "").encode("latin-1")


def choose_format(request: HTTPRequest, order: tuple[FormatName, ...]) -> FormatName:
    """The format of `order` that Accept prefers. Raises NotAcceptable."""
    return preferred_format(accept_header(request), order)


def negotiated_response(
    rendered: Rendered, location: str, headers: dict[str, str]
) -> RepresentationResponse[T]:
    """The response that Accept chose, to be revalidated each time; `location` is its own address."""
    return RepresentationResponse(
        rendered, "no-cache", headers=headers, chosen_by=("Accept",), content_location=location
    )


def document_response(
    app_state: ApplicationState, media_type: str, body: bytes, *, changes_with_time: bool = False
) -> RepresentationResponse[Any]:
    """The response with a document that stays fresh as long as a list."""
    return RepresentationResponse(
        Rendered.of(media_type, body), app_state.list_cache_control, changes_with_time=changes_with_time
    )


def robots_headers(format_name: FormatName, query: Query = EVERYTHING) -> dict[str, str]:
    """Keeps all but the HTML pages of articles, directories and the first listing out of search engines.

    Everything else repeats them, in another format or in part.
    """
    return {} if format_name == "html" and query == EVERYTHING else NOINDEX
