"""Responses as they are sent: headers, content codings, links."""

import asyncio
import gzip
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import brotli  # type: ignore[import-untyped]
import pytest
from litestar.connection import Request
from litestar.enums import ScopeType
from litestar.types import Message, Receive, Scope, Send

from service.index import now
from service.publisher import Rendered
from service.urls import Link
from service.web.addresses.base_url import Hosts
from service.web.http.negotiation import Coding
from service.web.metrics.counters import private_counters
from service.web.response_cache import ResponseCache, compress
from service.web.responses import RepresentationResponse, is_compressible, link_header
from tests.support.builders import at
from tests.support.in_memory_site import settings, unchanged

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

BODY = b"All the news that fits. " * 200


def rendered(body: bytes = BODY, media_type: str = "application/json", **facts: object) -> Rendered:
    return Rendered(body, media_type, 'W/"a"', **facts)  # type: ignore[arg-type]


def respond(
    response: RepresentationResponse[Any], **request_headers: str
) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body as ResponseCache sends them."""
    messages: list[Message] = []
    raw_headers = [
        (name.replace("_", "-").encode(), value.encode()) for name, value in request_headers.items()
    ]
    scope: Any = {
        "type": ScopeType.HTTP,
        "method": "GET",
        "scheme": "http",
        "path": "/articles.json",
        "raw_path": b"/articles.json",
        "root_path": "",
        "query_string": b"",
        "headers": [(b"host", b"localhost"), *raw_headers],
    }

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await response.to_asgi_response(None, Request(scope))(scope, receive, send)

    async def receive() -> Any:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        messages.append(message)

    set_up = settings(Path("content"))
    cache = ResponseCache(app, Hosts(set_up), private_counters(set_up), 1_000_000, unchanged)
    asyncio.run(cache(scope, receive, send))
    start, body = messages
    assert start["type"] == "http.response.start"
    assert body["type"] == "http.response.body"
    headers = {name.decode(): value.decode() for name, value in start["headers"]}
    return start["status"], headers, body["body"]


def test_headers_of_a_response() -> None:
    response: RepresentationResponse[Any] = RepresentationResponse(
        rendered(last_modified=at("2019-01-28")),
        "no-cache",
        chosen_by=("Accept",),
        content_location="http://localhost/articles.json",
    )
    assert respond(response)[1] == {
        "content-type": "application/json",
        "content-length": str(len(BODY)),
        "etag": 'W/"a"',
        "last-modified": "Mon, 28 Jan 2019 00:00:00 GMT",
        "cache-control": "no-cache",
        "vary": "Accept, Accept-Encoding",
        "content-location": "http://localhost/articles.json",
        "x-content-type-options": "nosniff",
        "referrer-policy": "strict-origin-when-cross-origin",
        "cross-origin-resource-policy": "cross-origin",
        "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
        "access-control-allow-origin": "*",
        "access-control-expose-headers": (
            "ETag, Link, Last-Modified, Retry-After, Content-Location, Preference-Applied"
        ),
    }


def test_not_modified_repeats_all_headers_but_those_of_the_body() -> None:
    response: RepresentationResponse[Any] = RepresentationResponse(
        rendered(last_modified=at("2019-01-28")), "public"
    )
    _, whole, _ = respond(response, accept_encoding="gzip")
    status, repeated, body = respond(response, accept_encoding="gzip", if_none_match='W/"a"')
    assert set(whole) - set(repeated) == {
        "content-type",
        "content-length",
        "content-encoding",
        "content-security-policy",
    }
    assert (status, body) == (304, b"")


def test_a_compressed_response() -> None:
    status, headers, body = respond(RepresentationResponse(rendered(), "public"), accept_encoding="gzip")
    assert (status, headers["content-encoding"], gzip.decompress(body)) == (200, "gzip", BODY)
    assert headers["content-length"] == str(len(body))


def test_the_field_for_the_cache_is_not_sent() -> None:
    response: RepresentationResponse[Any] = RepresentationResponse(rendered(), "public", stored=False)
    assert respond(response) == respond(RepresentationResponse(rendered(), "public"))


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip"])
def test_compression_is_the_same_every_time(coding: Coding) -> None:
    assert compress(BODY, coding) == compress(BODY, coding)
    assert len(compress(BODY, coding)) < len(BODY) // 10


@pytest.mark.parametrize("length", [0, 1, 1007, 1008, 1009, 65_519, 65_520, 65_521, 5_000_000])
def test_compressed_response_decompresses(length: int) -> None:
    body = (BODY * (length // len(BODY) + 1))[:length]
    assert gzip.decompress(compress(body, "gzip")) == body
    assert brotli.decompress(compress(body, "br")) == body
    assert zstd.decompress(compress(body, "zstd")) == body


@pytest.mark.parametrize(
    ("media_type", "size", "expected"),
    [
        ("application/json", 1000, True),
        ("application/json", 999, False),
        ("application/feed+json", 5000, True),
        ("application/problem+json", 5000, True),
        ("application/atom+xml; charset=utf-8", 5000, True),
        ("application/rss+xml; charset=utf-8", 5000, True),
        ("text/html; charset=utf-8", 5000, True),
        ("image/png", 5000, False),
        ("application/zip", 5000, False),
    ],
)
def test_compressed_media_types(media_type: str, size: int, expected: bool) -> None:
    assert is_compressible(rendered(b"a" * size, media_type)) is expected


def test_last_modified_is_never_in_the_future() -> None:
    ahead: RepresentationResponse[Any] = RepresentationResponse(
        rendered(last_modified=now() + timedelta(days=1)), "public"
    )
    assert "last-modified" not in respond(ahead)[1]


def test_links() -> None:
    links = (
        Link("next", "http://localhost/a?q=1&cursor=x"),
        Link("alternate", "http://localhost/é>", 'text/"html', title="Zürich", hreflang="en"),
        Link("alternate", "http://localhost/b", "application/json", title="All"),
    )
    assert link_header(links) == (
        '<http://localhost/a?q=1&cursor=x>; rel="next", '
        '<http://localhost/%C3%A9%3E>; rel="alternate"; hreflang="en", '
        '<http://localhost/b>; rel="alternate"; type="application/json"; title="All"'
    )


def test_links_stay_short_enough_for_proxies() -> None:
    written = link_header(tuple(Link("alternate", f"http://localhost/{'a' * 400}/{i}") for i in range(50)))
    assert 0 < len(written) <= 3500
    assert written.endswith('rel="alternate"')
