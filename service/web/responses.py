"""Responses of the handlers: Litestar responses that know their validators, cache class and links.

A `RepresentationResponse` always sends the whole response to GET; `ResponseCache` compresses it and answers
HEAD and conditional requests from it. A `StreamResponse` answers both itself, because its body is never held.
"""

import asyncio
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import aclosing
from email.utils import format_datetime
from typing import Any, TypeVar, cast

from litestar.connection import Request
from litestar.response import Response
from litestar.response.base import ASGIResponse
from litestar.types import HTTPResponseBodyEvent, HTTPResponseStartEvent, Method, Receive, Scope, Send

from service.index import now
from service.publisher import ANY_CHANGE, CacheKeys, Rendered
from service.urls import FormatName, Link, Urls
from service.web.addresses.base_url import base_url
from service.web.addresses.encoding import as_ascii, with_query
from service.web.http.conditional import not_modified, precondition_failed
from service.web.http.security_headers import file_security_headers, security_headers
from service.web.problems.types import PreconditionFailed

METHODS: tuple[Method, ...] = ("GET", "HEAD", "OPTIONS")
"""The methods of every address that is read."""

COMMAND_METHODS: tuple[Method, ...] = ("POST", "OPTIONS")
"""The methods of an address that does something."""

LEAST_COMPRESSED_BYTES = 1000
LONGEST_LINK_HEADER = 3500
LONGEST_CONTENT_LOCATION = 2000

CACHE_FIELD = "broadsheet-cache-control"
"""Cache-Control for `ResponseCache` alone, which removes it: a targeted field (RFC 9213 §2.1)."""

CHANGES_WITH_TIME_FIELD = "broadsheet-changes-with-time"
"""Marks a response that changes without the content, so that no purge follows; for `ResponseCache` alone."""

EXACT_KEYS_FIELD = "broadsheet-exact-keys"
SURROGATE_KEYS_FIELD = "broadsheet-surrogate-keys"
"""The cache keys of a response, for `ResponseCache` alone, which removes them; see `decode_keys`."""

INTERNAL_FIELDS = frozenset((CACHE_FIELD, CHANGES_WITH_TIME_FIELD, EXACT_KEYS_FIELD, SURROGATE_KEYS_FIELD))
"""Headers that no client gets."""

_KEY_SEPARATOR = "\0"

NO_BODY: HTTPResponseBodyEvent = {"type": "http.response.body", "body": b"", "more_body": False}

CORS: tuple[tuple[str, str], ...] = (
    ("access-control-allow-origin", "*"),
    (
        "access-control-expose-headers",
        "ETag, Link, Last-Modified, Retry-After, Content-Location, Preference-Applied",
    ),
)

_PREFLIGHT = {
    # `*` stands for every header but Authorization (Fetch standard, CORS protocol and credentials).
    "access-control-allow-headers": "*, Authorization",
    "access-control-max-age": "86400",
}
_COMPRESSIBLE = ("text/", "application/json", "application/xml", "application/x-ndjson")
_COMPRESSIBLE_SUFFIXES = ("+json", "+xml")
_ENTITY_HEADERS = frozenset(
    (b"content-type", b"content-length", b"content-encoding", b"content-range", b"content-security-policy")
)

RawHeaders = list[tuple[bytes, bytes]]
T = TypeVar("T")


class ASGIRepresentation(ASGIResponse):
    """The messages of a whole response. Unlike its base class it adds no header of its own."""

    def __init__(self, status_code: int, raw_headers: RawHeaders, body: bytes) -> None:
        self.status_code = status_code
        self.raw_headers = raw_headers
        self.body = body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI's names
        await send(response_start(self.status_code, self.raw_headers))
        await send({"type": "http.response.body", "body": self.body, "more_body": False})


class ASGIStream(ASGIRepresentation):
    """The messages of a response whose body is made or read while it is sent."""

    def __init__(
        self, status_code: int, raw_headers: RawHeaders, chunks: AsyncGenerator[bytes, None]
    ) -> None:
        super().__init__(status_code, raw_headers, b"")
        self.chunks = chunks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI's names
        """Send the body chunk by chunk; a slow client has at most one chunk ahead of it.

        An error before the first chunk becomes a response of its own. A later one breaks the connection, so
        that no client takes the part for the whole.
        """
        async with aclosing(self.chunks):
            chunk = await anext(self.chunks, None)
            await send(response_start(self.status_code, self.raw_headers))
            while chunk is not None:
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
                # The server may take it without suspending: let other tasks run, and a disconnect arrive.
                await asyncio.sleep(0)
                chunk = await anext(self.chunks, None)
            await send(NO_BODY)


class RepresentationResponse(Response[T]):
    """`rendered`, which encodes a T, with its validators, cache class and links.

    `chosen_by` are the headers of the request that it depends on, for Vary; if Accept chose it,
    `content_location` is its own address. `stored` when ResponseCache may keep it until the content changes,
    which one that `changes_with_time` does not permit. A browser that opens the address (Sec-Fetch-Dest:
    document) gets the same bytes as `document_type`, where there is one. The policy of a page that
    `compiles_webassembly` allows this.
    """

    def __init__(
        self,
        rendered: Rendered,
        cache_control: str,
        *,
        status_code: int = 200,
        headers: Mapping[str, str] | None = None,
        content_location: str = "",
        stored: bool = True,
        changes_with_time: bool = False,
        document_type: str | None = None,
        chosen_by: tuple[str, ...] = (),
        compiles_webassembly: bool = False,
    ) -> None:
        super().__init__(
            cast("T", rendered.body), media_type=rendered.media_type, status_code=status_code, headers=headers
        )
        self.rendered = rendered
        self.cache_control = cache_control
        self.content_location = content_location
        self.stored = stored and not changes_with_time
        self.changes_with_time = changes_with_time
        self.document_type = document_type
        self.chosen_by = chosen_by
        self.compiles_webassembly = compiles_webassembly

    def to_asgi_response(self, app: Any, request: Request[Any, Any, Any], **_: Any) -> ASGIResponse:  # noqa: ARG002
        """The messages of the response to `request`. Raises PreconditionFailed."""
        rendered = self.rendered
        if self.document_type and request.headers.get("sec-fetch-dest") == "document":
            rendered = rendered.under(self.document_type)
        status_code = self.status_code or 200
        headers = [
            *self._headers(rendered, status_code),
            *security_headers(
                rendered, base_url(request.scope), compiles_webassembly=self.compiles_webassembly
            ),
        ]
        headers += [*CORS, *self.headers.items()]
        if 200 <= status_code < 300:
            last_modified = dict(headers).get("last-modified", "")
            require_preconditions(request, rendered.etag, last_modified)
        return ASGIRepresentation(status_code, encode_headers(headers), rendered.body)

    def _headers(self, rendered: Rendered, status_code: int) -> Iterator[tuple[str, str]]:
        if rendered.media_type:
            yield "content-type", rendered.media_type
        if status_code != 204:
            yield "content-length", str(len(rendered.body))
        if rendered.etag:
            yield "etag", rendered.etag
        # Last-Modified must not be later than Date (RFC 9110 §8.8.2.1); the index may be, by another clock.
        if rendered.last_modified and rendered.last_modified <= now():
            yield "last-modified", format_datetime(rendered.last_modified, usegmt=True)
        yield "cache-control", self.cache_control
        yield EXACT_KEYS_FIELD, encode_keys(rendered.keys.exact)
        yield SURROGATE_KEYS_FIELD, encode_keys(rendered.keys.surrogate)
        if not self.stored:
            yield CACHE_FIELD, "no-store"
        if self.changes_with_time:
            yield CHANGES_WITH_TIME_FIELD, "1"
        chosen_by = [*self.chosen_by]
        chosen_by += ["Accept-Encoding"] if is_compressible(rendered) else []
        chosen_by += ["Sec-Fetch-Dest"] if self.document_type else []
        if chosen_by:
            yield "vary", ", ".join(chosen_by)
        if links := link_header(rendered.links):
            yield "link", links
        if 0 < len(self.content_location) <= LONGEST_CONTENT_LOCATION:
            yield "content-location", as_ascii(self.content_location)


class StreamResponse(Response[Any]):
    """A body in `chunks`, of `length` bytes if that is known; it is never compressed or stored.

    `etag` is "" where there is none. `content_security_policy` is that of a file, None for what is no file.
    """

    def __init__(
        self,
        chunks: AsyncGenerator[bytes, None],
        cache_control: str,
        *,
        media_type: str,
        etag: str = "",
        length: int | None = None,
        status_code: int = 200,
        headers: Mapping[str, str] | None = None,
        content_security_policy: str | None = None,
    ) -> None:
        super().__init__(None, media_type=media_type, status_code=status_code, headers=headers)
        self.chunks = chunks
        self.cache_control = cache_control
        self.etag = etag
        self.length = length
        self.content_security_policy = content_security_policy

    def to_asgi_response(self, app: Any, request: Request[Any, Any, Any], **_: Any) -> ASGIResponse:  # noqa: ARG002
        """The messages of the response to `request`: without the body for HEAD, 304 if the client has it.

        Raises PreconditionFailed.
        """
        status_code = self.status_code or 200
        require_preconditions(request, self.etag)
        raw_headers = encode_headers(self._headers(base_url(request.scope)))
        if_none_match = request.headers.get("if-none-match")
        if (
            self.etag
            and if_none_match
            and not_modified(if_none_match.encode("latin-1"), None, self.etag.encode(), b"")
        ):
            return ASGIRepresentation(304, headers_of_not_modified(raw_headers), b"")
        if request.method == "HEAD":
            return ASGIRepresentation(status_code, raw_headers, b"")
        return ASGIStream(status_code, raw_headers, self.chunks)

    def _headers(self, base: str) -> Iterator[tuple[str, str]]:
        if self.media_type:
            yield "content-type", self.media_type
        if self.length is not None:
            yield "content-length", str(self.length)
        if self.etag:
            yield "etag", self.etag
        yield "cache-control", self.cache_control
        yield CACHE_FIELD, "no-store"
        if self.content_security_policy is None:
            yield from security_headers(Rendered(b"", self.media_type or "", ""), base)
        else:
            yield from file_security_headers(self.content_security_policy)
        yield from CORS
        yield from self.headers.items()


def redirect(location: str, cache_control: str, status_code: int = 301) -> RepresentationResponse[Any]:
    """A redirect to `location`, an absolute URL."""
    return RepresentationResponse(
        Rendered(b"", "", ""),
        cache_control,
        status_code=status_code,
        headers={"location": as_ascii(location)},
    )


def redirect_to_article(
    scope: Scope, slug: str, cache_control: str, format_name: FormatName | None
) -> RepresentationResponse[Any]:
    """A redirect to the article or page at `slug`, or to one format of it; the query string is kept."""
    urls = Urls(base_url(scope))
    location = urls.article_as(format_name, slug) if format_name else urls.article(slug)
    return redirect(with_query(location, as_ascii(scope["query_string"])), cache_control)


def preflight_response(methods: tuple[Method, ...]) -> RepresentationResponse[None]:
    """The response to OPTIONS, including the preflight of a browser (Fetch standard, CORS protocol)."""
    allowed = ", ".join(methods)
    headers = _PREFLIGHT | {"allow": allowed, "access-control-allow-methods": allowed}
    return RepresentationResponse(Rendered(b"", "", ""), "no-store", status_code=204, headers=headers)


def is_compressible(rendered: Rendered) -> bool:
    """Whether the body is worth compressing, so that the response depends on Accept-Encoding."""
    media_type = rendered.media_type.partition(";")[0]
    is_text = media_type.startswith(_COMPRESSIBLE) or media_type.endswith(_COMPRESSIBLE_SUFFIXES)
    return is_text and len(rendered.body) >= LEAST_COMPRESSED_BYTES


def link_header(links: tuple[Link, ...]) -> str:
    """`links` as a Link header (RFC 8288 §3); links that would make it too long for a proxy are left out."""
    written: list[str] = []
    length = 0
    for link in links:
        parts = [f"<{as_ascii(link.href)}>", f'rel="{link.rel}"']
        parts += [
            f'{name}="{value}"'
            for name, value in (("type", link.type), ("hreflang", link.hreflang), ("title", link.title))
            if value and value.isascii() and value.isprintable() and not set(value) & {'"', "\\"}
        ]
        text = "; ".join(parts)
        length += len(text) + 2
        if length > LONGEST_LINK_HEADER:
            break
        written.append(text)
    return ", ".join(written)


def encode_headers(headers: Iterator[tuple[str, str]] | list[tuple[str, str]]) -> RawHeaders:
    return [(name.encode("ascii"), value.encode("latin-1")) for name, value in headers]


def encode_keys(keys: frozenset[str]) -> str:
    """Cache keys as the value of a header. They contain what authors wrote, but no control characters."""
    return _KEY_SEPARATOR.join(keys).encode().decode("latin-1")


def decode_keys(headers: Mapping[bytes, bytes]) -> CacheKeys:
    """The cache keys in the headers of a response; without them, any change may touch it."""
    exact, surrogate = (headers.get(field.encode()) for field in (EXACT_KEYS_FIELD, SURROGATE_KEYS_FIELD))
    if exact is None or surrogate is None:
        return ANY_CHANGE
    return CacheKeys(*(frozenset(value.decode().split(_KEY_SEPARATOR)) for value in (exact, surrogate)))


def require_preconditions(request: Request[Any, Any, Any], etag: str, last_modified: str = "") -> None:
    """Raise PreconditionFailed if the request wants another response than the one with these validators.

    Methods other than GET and HEAD select no representation, so they have none (RFC 9110 §13.2.1).
    """
    if request.method not in ("GET", "HEAD"):
        return
    if_match, if_unmodified_since = (
        value if value is None else value.encode("latin-1")
        for value in map(request.headers.get, ("if-match", "if-unmodified-since"))
    )
    if precondition_failed(if_match, if_unmodified_since, etag.encode(), last_modified.encode()):
        raise PreconditionFailed


def headers_of_not_modified(raw_headers: RawHeaders) -> RawHeaders:
    """The headers of a 304 response: all but those that describe the body (RFC 9110 §15.4.5)."""
    return [(name, value) for name, value in raw_headers if name not in _ENTITY_HEADERS]


def response_start(status: int, raw_headers: RawHeaders) -> HTTPResponseStartEvent:
    return {"type": "http.response.start", "status": status, "headers": raw_headers}
