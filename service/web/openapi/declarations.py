"""Declarations of route handlers for the OpenAPI document, in addition to signature and docstring."""

from collections.abc import Callable
from typing import Any

from litestar.datastructures import ResponseHeader
from litestar.di import Provide
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Example
from litestar.params import PathParameter

MEDIA_TYPES = "media_types"
"""The key of a handler's `opt` that lists its media types, where Accept or the file decides."""

HEADERS: dict[str, tuple[str, str]] = {
    "ETag": (
        "The validator; weak, equal for every coding (RFC 9110 §8.8.3).",
        'W/"b1946ac92492d2347c6235b4d2611184"',
    ),
    "Last-Modified": ("The newest instant of all that the query finds.", "Mon, 28 Jan 2019 00:00:00 GMT"),
    "Cache-Control": ("How long the response stays fresh (RFC 9111, RFC 5861).", "public, max-age=300"),
    "Link": (
        "`first`, `prev`, `next`, `alternate`, `canonical` … (RFC 8288).",
        '</feed.atom>; rel="alternate"',
    ),
    "Vary": ("The request headers that chose the response.", "Accept, Accept-Encoding"),
    "Preference-Applied": ("The preference that was applied (RFC 7240 §3).", "wait=30"),
    "Content-Location": ("The address of exactly this representation.", "https://example.org/articles.json"),
    "Location": ("The present address.", "https://example.org/feed.rss"),
    "Retry-After": ("Seconds after which to try again.", "5"),
    "WWW-Authenticate": ("How to send the token (RFC 6750).", "Bearer"),
    "Allow": ("The methods of the address.", "GET, HEAD, OPTIONS"),
    "Accept-Ranges": ("Ranges of bytes can be requested.", "bytes"),
    "Content-Range": ("The range of bytes, and the length of the whole.", "bytes 0-499/8000"),
}
"""The description and an example of each response header."""


RELOAD_SCHEME = "reloadToken"
"""The name of the security scheme of addresses that ask for the token."""


class ParameterProvider(Provide):
    """Provides a dependency that is parsed from the query string; `parameters` are their components' names.

    Litestar's own query parameters are not used. It keeps the last 1,024 query strings in memory, whatever
    their length, accepts unknown parameters, and drops all but the last of a repeated one.
    """

    def __init__(self, dependency: Callable[..., Any], parameters: tuple[str, ...]) -> None:
        super().__init__(dependency, sync_to_thread=False)
        self.parameters = parameters


def path_parameter(description: str, example: str, **schema: Any) -> PathParameter:
    """The declaration of a text in the path, of 1 to 200 characters unless its `schema` says otherwise."""
    schema = {"minLength": 1, "maxLength": 200, **schema} if "enum" not in schema else schema
    return PathParameter(description=description, examples=[Example(value=example)], schema_extra=schema)


def headers(*names: str) -> list[ResponseHeader]:
    """The headers of a successful response."""
    return [
        ResponseHeader(name=name, description=HEADERS[name][0], documentation_only=True) for name in names
    ]


def statuses(*codes: int) -> dict[int, ResponseSpec]:
    """The responses other than 200 and those of every address: 400, 405, 500 and 503.

    The document describes each status once, in its components.
    """
    return {code: ResponseSpec(None, generate_examples=False) for code in codes}
