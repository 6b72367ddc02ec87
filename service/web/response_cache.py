"""The outermost ASGI layer: stores encoded responses, and answers HEAD and conditional requests from them.

Litestar has a response cache and compression too, but both work inside of its routing, store one coding each
and answer no conditional request (RFC 9110 §13), so this service has its own.
"""

import asyncio
import gzip
import sys
from collections.abc import Awaitable, Callable, Hashable, Mapping
from contextlib import nullcontext

import brotli  # type: ignore[import-untyped]
import msgspec
from litestar.enums import ScopeType
from litestar.types import (
    ASGIApp,
    HTTPResponseBodyEvent,
    HTTPResponseStartEvent,
    HTTPScope,
    Message,
    Receive,
    Scope,
    Send,
)

from service.formats import MEDIA_TYPES
from service.publisher import ByteBoundedLRU
from service.publisher.single_flight import SingleFlight
from service.urls import LISTING_PATHS
from service.web.addresses.base_url import Hosts, join_headers
from service.web.disconnect import until_disconnect
from service.web.http.conditional import not_modified
from service.web.http.edge_headers import NO_EDGE_HEADERS, EdgeHeaders
from service.web.http.negotiation import Coding, choose_coding
from service.web.metrics.counters import Counters
from service.web.responses import (
    CACHE_FIELD,
    CHANGES_WITH_TIME_FIELD,
    INTERNAL_FIELDS,
    NO_BODY,
    RawHeaders,
    decode_keys,
    headers_of_not_modified,
    response_start,
)

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LONGEST_KEY = 1000
MAX_HOSTS = 16
INLINE_COMPRESSED_BYTES = 100_000
MOST_ATTEMPTS = 3
"""How often a response is made while the content changes each time before it is whole."""

WINDOW_BITS = range(10, 23)
"""The windows of Brotli (RFC 7932 §9.1) that are used."""

_ZSTD = zstd.ZstdCompressor(3)
"""Kept, because to make one takes as long as to compress a short body. It does one body at a time."""

_MESSAGE_BYTES = 2000
_VARIANTS_BYTES = 300

_CACHE_FIELD = CACHE_FIELD.encode()
_CHANGES_WITH_TIME_FIELD = CHANGES_WITH_TIME_FIELD.encode()
_INTERNAL_FIELDS = {field.encode() for field in INTERNAL_FIELDS}
_FORMATS = {media_type: name for name, media_type in MEDIA_TYPES.items()}
_FEED_FORMATS = {path: name for name, path in LISTING_PATHS.items() if path.startswith("/feed.")}


class EncodedResponse(msgspec.Struct, frozen=True):
    """A whole response in one content coding, as ASGI messages.

    `etag` and `last_modified` are b"" where there is none. `format` is the name it is counted under.
    """

    start: HTTPResponseStartEvent
    body: HTTPResponseBodyEvent
    not_modified: HTTPResponseStartEvent
    etag: bytes
    last_modified: bytes
    format: str

    @property
    def size(self) -> int:
        """About how many bytes it takes in memory."""
        return len(self.body["body"]) + _MESSAGE_BYTES

    def is_known(self, headers: Mapping[bytes, bytes]) -> bool:
        """Whether the client that sent `headers` has this response already."""
        if not self.etag or (b"if-none-match" not in headers and b"if-modified-since" not in headers):
            return False
        return not_modified(
            headers.get(b"if-none-match"), headers.get(b"if-modified-since"), self.etag, self.last_modified
        )


class Variants(msgspec.Struct, frozen=True):
    """Stored for an address whose response depends on the request headers `names` (RFC 9111 §4.1)."""

    names: tuple[bytes, ...]

    def key(self, key: Hashable, headers: Mapping[bytes, bytes]) -> Hashable:
        """The key of the response to a request with `headers`."""
        return (key, *(_selecting_value(name, headers) for name in self.names))


class ResponseCache:
    """An ASGI application that answers from memory where it can, and else from `inner`.

    The key of a stored response contains everything of a request that it depends on: path and query string as
    sent, what the base URL is made from, the content coding, and the headers that Vary names. So no header of
    one client can change what another gets. A response is stored if it is whole, has status 200 and an ETag,
    and neither Cache-Control nor the targeted field says no-store. `inner` must answer HEAD, If-None-Match
    and If-Modified-Since like any GET; only streams, which pass through unchanged, answer them themselves.
    `inner` also evaluates If-Match and If-Unmodified-Since; requests with these are rare.

    No request is answered from an older revision than one that has been answered before, by whatever worker:
    when `counters` say that the index may have changed, `catch_up` discards what has; it is False if it
    cannot tell.
    """

    def __init__(
        self,
        inner: ASGIApp,
        hosts: Hosts,
        counters: Counters,
        max_bytes: int,
        catch_up: Callable[[], Awaitable[bool]],
        edge: EdgeHeaders = NO_EDGE_HEADERS,
    ) -> None:
        self._inner = inner
        self._catch_up = catch_up
        self._known_changes: tuple[float, ...] = ()
        self._hosts = hosts
        self._counters = counters
        self._edge = edge
        self._responses: ByteBoundedLRU[EncodedResponse | Variants] = ByteBoundedLRU(max_bytes)
        self._compressing = SingleFlight()
        self._known_hosts: set[object] = set()
        self._generation = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await self._inner(scope, receive, send)
            return
        if self._counters.index_changes() != self._known_changes:
            await self._follow_index()
        pairs = list(scope["headers"])
        headers: Mapping[bytes, bytes] = dict(pairs)
        method = scope["method"]
        client = scope.get("client")
        host_key = self._hosts.key(scope["scheme"], client[0] if client else "", headers)
        coding = choose_coding(headers.get(b"accept-encoding"))
        key = (scope["raw_path"], scope["query_string"], host_key, coding)
        is_read = method == "GET" or method == "HEAD"
        has_no_list = len(headers) == len(pairs)
        response: EncodedResponse | None = None
        has_precondition = b"if-match" in headers or b"if-unmodified-since" in headers
        if is_read and has_no_list and headers.get(b"host") and not has_precondition:
            stored = self._responses.get(key)
            if isinstance(stored, Variants):
                stored = self._responses.get(stored.key(key, headers))
            response = stored if isinstance(stored, EncodedResponse) else None
        if response is None:
            may_store = has_no_list and self._may_store(scope, host_key, headers)
            headers = join_headers(pairs)
            # Other methods may have a body, which belongs to their handler.
            async with until_disconnect(receive) if is_read else nullcontext():
                response = await self._make_response(
                    scope, receive, send, headers, key if may_store else None
                )
            if response is None:  # it was streamed, or the client has disconnected
                return
        is_known = response.is_known(headers)
        start = response.not_modified if is_known else response.start
        await send(start)
        await send(NO_BODY if is_known or method == "HEAD" else response.body)
        self._counters.responded(response.format, start["status"])

    async def _follow_index(self) -> None:
        """Discard what the index has changed since `_known_changes`."""
        changes = self._counters.index_changes()
        is_following = await self._catch_up()
        if is_following and not any(number % 2 for number in changes):
            self._known_changes = changes

    def discard(self, touched: frozenset[str]) -> None:
        """Discard the responses with a key that a change has `touched`; those being made are not stored."""
        self._generation += 1
        self._responses.discard(touched)

    def forget_hosts(self) -> None:
        """Let responses be stored for other Hosts than the first ones; called now and then."""
        self._known_hosts.clear()

    def _may_store(self, scope: HTTPScope, host_key: object, headers: Mapping[bytes, bytes]) -> bool:
        """Whether the response may be stored: unknown Hosts and endless addresses would fill the memory."""
        longest = max(len(scope["raw_path"]), len(scope["query_string"]), len(headers.get(b"accept", b"")))
        if longest > LONGEST_KEY:
            return False
        if host_key not in self._known_hosts and len(self._known_hosts) >= MAX_HOSTS:
            return False
        self._known_hosts.add(host_key)
        return True

    async def _make_response(
        self, scope: HTTPScope, receive: Receive, send: Send, headers: Mapping[bytes, bytes], key: Hashable
    ) -> EncodedResponse | None:
        """The response of `inner`, stored under `key` if there is one; None if it was streamed to `send`."""
        for _ in range(MOST_ATTEMPTS if scope["method"] in {"GET", "HEAD"} else 1):
            generation = self._generation
            capture = _Capture(send, self._edge)
            await self._inner(scope, receive, capture)
            if self._counters.index_changes() != self._known_changes:
                await self._follow_index()
            # Of several queries for one response, the last may have found what the first did not.
            if generation == self._generation or capture.body is None:
                break
        start = capture.start
        if start is None:
            raise LookupError(f"no response was sent for {scope['path']}")
        response_headers = dict(start["headers"])
        counted_format = _counted_format(scope["path"], response_headers)
        if capture.body is None:
            self._counters.responded(counted_format, start["status"])
            return None
        vary = tuple(name.strip().lower() for name in response_headers.get(b"vary", b"").split(b",") if name)
        coding: Coding = "identity"
        if b"accept-encoding" in vary:
            coding = choose_coding(headers.get(b"accept-encoding"))
        body = await self._compress(capture.body, response_headers.get(b"etag"), coding)
        # What was made before the content changed is sent, but not stored.
        is_outdated = generation != self._generation
        response = _encode(start, body, coding, counted_format, self._edge, is_outdated=is_outdated)
        if key is not None and not is_outdated and _is_storable(start["status"], response_headers):
            keys = decode_keys(response_headers).exact
            selecting = tuple(name for name in vary if name != b"accept-encoding")
            self._store(key, response, selecting, headers, keys)
        return response

    def _store(
        self,
        key: Hashable,
        encoded: EncodedResponse,
        vary: tuple[bytes, ...],
        headers: Mapping[bytes, bytes],
        keys: frozenset[str],
    ) -> None:
        if vary:
            variants = Variants(vary)
            self._responses.put(key, variants, _VARIANTS_BYTES, keys)
            key = variants.key(key, headers)
        self._responses.put(key, encoded, encoded.size, keys)

    async def _compress(self, body: bytes, etag: bytes | None, coding: Coding) -> bytes:
        if coding == "identity" or len(body) <= INLINE_COMPRESSED_BYTES:
            return compress(body, coding)
        return await self._compressing.share(
            (etag or body, coding), lambda: asyncio.to_thread(compress, body, coding)
        )


class _Capture:
    """The `send` of an inner application: holds a whole response, passes a streamed one on to `send`."""

    def __init__(self, send: Send, edge: EdgeHeaders) -> None:
        self._send = send
        self._edge = edge
        self._is_streaming = False
        self.start: HTTPResponseStartEvent | None = None
        self.body: bytes | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.start = message
            return
        if message["type"] == "http.response.body" and self.start is not None:
            if not self._is_streaming and not message.get("more_body"):
                self.body = message["body"]
                return
            if not self._is_streaming:
                self._is_streaming = True
                raw_headers = [*self.start["headers"]]
                await self._send(response_start(self.start["status"], _public(raw_headers, self._edge)))
        await self._send(message)


def compress(body: bytes, coding: Coding) -> bytes:
    """`body` in a content coding; equal bytes give equal bytes."""
    if coding == "br":
        return bytes(brotli.compress(body, quality=5, lgwin=_window_bits(len(body))))
    if coding == "zstd":
        return bytes(_ZSTD.compress(body, _ZSTD.FLUSH_FRAME))
    if coding == "gzip":
        return gzip.compress(body, 6, mtime=0)
    return body


def _window_bits(length: int) -> int:
    """The smallest window of Brotli that holds `length` bytes: a larger one takes longer."""
    return max(WINDOW_BITS[0], min((length + 16).bit_length(), WINDOW_BITS[-1]))


def _encode(
    start: HTTPResponseStartEvent,
    body: bytes,
    coding: Coding,
    counted_format: str,
    edge: EdgeHeaders,
    *,
    is_outdated: bool,
) -> EncodedResponse:
    """The response that begins with `start`, whose body in `coding` is `body`."""
    status = start["status"]
    headers: RawHeaders = []
    for name, value in _public([*start["headers"]], edge, is_outdated=is_outdated):
        if name == b"content-length" and coding != "identity":
            headers += [(name, str(len(body)).encode()), (b"content-encoding", coding.encode())]
        else:
            headers.append((name, value))
    values = dict(headers)
    return EncodedResponse(
        start=response_start(status, headers),
        body={"type": "http.response.body", "body": body, "more_body": False},
        not_modified=response_start(304, headers_of_not_modified(headers)),
        etag=values.get(b"etag", b"") if status in {200, 206} else b"",
        last_modified=values.get(b"last-modified", b""),
        format=counted_format,
    )


def _is_storable(status: int, headers: Mapping[bytes, bytes]) -> bool:
    directives = headers.get(b"cache-control", b"") + headers.get(_CACHE_FIELD, b"")
    return status == 200 and b"etag" in headers and b"no-store" not in directives


def _public(headers: RawHeaders, edge: EdgeHeaders, *, is_outdated: bool = False) -> RawHeaders:
    """The headers without those that are for this cache alone, and with those for caches in front of it."""
    values = dict(headers)
    public = [(name, value) for name, value in headers if name not in _INTERNAL_FIELDS]
    if edge != NO_EDGE_HEADERS and b"no-store" not in values.get(b"cache-control", b"no-store"):
        # Not every cache compares the headers that Vary names, and no purge follows what changes with time.
        is_negotiated = b"accept," in values.get(b"vary", b"").lower() + b","
        keeps_lifetime = is_negotiated or _CHANGES_WITH_TIME_FIELD in values
        keys = decode_keys(values).surrogate
        public += edge.of_outdated() if is_outdated else edge.of(keys, keeps_lifetime=keeps_lifetime)
    return public


def _selecting_value(name: bytes, headers: Mapping[bytes, bytes]) -> object:
    value = headers.get(name)
    return value == b"document" if name == b"sec-fetch-dest" else value


def _counted_format(path: str, headers: Mapping[bytes, bytes]) -> str:
    """The name of the response's format, or `other`; a feed that a browser opens has another media type."""
    media_type = headers.get(b"content-type", b"").decode("latin-1")
    if b"sec-fetch-dest" in headers.get(b"vary", b"").lower():
        return next((name for feed, name in _FEED_FORMATS.items() if path.endswith(feed)), "other")
    return _FORMATS.get(media_type, "other")
