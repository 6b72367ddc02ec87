"""What handlers are injected with, and the parts of responses that several of them share."""

from collections.abc import Sequence
from typing import Any

from litestar.connection import Request
from litestar.di import NamedDependency, Provide
from litestar.params import SkipValidation
from litestar.types import Method

from service.publisher import Rendered
from service.query import Query
from service.urls import FormatName
from service.web.negotiation import choose_form
from service.web.parse_query import read_query
from service.web.responses import RepresentationResponse
from service.web.services import InjectedServices

READ: Sequence[Method] = ("GET", "HEAD")

HTTPRequest = Request[Any, Any, Any]
ListingQuery = NamedDependency[SkipValidation[Query]]
"""The type of a handler's `listing_query`: the validated Query of the request's parameters."""

NOINDEX = {"x-robots-tag": "noindex, follow"}
EVERYTHING = Query()


def provide_query(format_name: FormatName) -> Provide:
    """Provides `listing_query` as `format_name` takes it. Raises UnknownParameter, InvalidParameter."""

    def listing_query(request: HTTPRequest, services: InjectedServices) -> Query:
        return read_query(request.scope["query_string"], format_name, services.site)

    return Provide(listing_query, sync_to_thread=False)


def accept_header(request: HTTPRequest) -> bytes:
    return request.headers.get("accept", "").encode("latin-1")


def choose_format(request: HTTPRequest, order: tuple[FormatName, ...]) -> FormatName:
    """The format of `order` that Accept prefers. Raises NotAcceptable."""
    return choose_form(accept_header(request), order)


def negotiated_response(rendered: Rendered, location: str, headers: dict[str, str]) -> RepresentationResponse:
    """The response that Accept chose, to be revalidated each time; `location` is its own address."""
    return RepresentationResponse(
        rendered, "no-cache", headers=headers, negotiated=True, content_location=location
    )


def robots_headers(format_name: FormatName, query: Query = EVERYTHING) -> dict[str, str]:
    """Keeps all but the HTML pages of articles, directories and the first listing out of search engines.

    Everything else repeats them, in another format or in part.
    """
    return {} if format_name == "html" and query == EVERYTHING else NOINDEX
