"""Answers made into HTTP: headers, codings, links."""

import gzip
from datetime import timedelta

import brotli  # type: ignore[import-untyped]
import pytest

from service.index import now
from service.publisher import Rendered
from service.urls import Link
from service.web.finished import compress, compressible, finish, link_header
from service.web.negotiation import Coding
from service.web.visit import Answer
from tests.support.builders import at

BASE = "http://localhost"
BODY = b"All the news that fits. " * 200


def rendered(body: bytes = BODY, media_type: str = "application/json", **facts: object) -> Rendered:
    return Rendered(body, media_type, 'W/"a"', **facts)  # type: ignore[arg-type]


def headers(answer: Answer, coding: Coding = "identity") -> dict[str, str]:
    finished = finish(answer, coding, compress(answer.rendered.body, coding), BASE)
    return {name.decode(): value.decode() for name, value in finished.start["headers"]}


def test_headers_of_an_answer() -> None:
    answer = Answer(
        rendered=rendered(last_modified=at("2019-01-28")),
        cache_control="no-cache",
        negotiated=True,
        content_location="http://localhost/articles.json",
    )
    assert headers(answer) == {
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
        "access-control-expose-headers": "ETag, Link, Last-Modified, Retry-After, Content-Location",
    }


def test_an_unmodified_answer_repeats_all_but_the_body() -> None:
    answer = Answer(rendered=rendered(last_modified=at("2019-01-28")), cache_control="public")
    whole = headers(answer, "gzip")
    finished = finish(answer, "gzip", b"", BASE)
    repeated = {name.decode() for name, _ in finished.not_modified["headers"]}
    assert set(whole) - repeated == {
        "content-type",
        "content-length",
        "content-encoding",
        "content-security-policy",
    }
    assert finished.not_modified["status"] == 304


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip"])
def test_compression_is_the_same_every_time(coding: Coding) -> None:
    assert compress(BODY, coding) == compress(BODY, coding)
    assert len(compress(BODY, coding)) < len(BODY) // 10


def test_what_was_compressed_comes_back() -> None:
    assert gzip.decompress(compress(BODY, "gzip")) == BODY
    assert brotli.decompress(compress(BODY, "br")) == BODY


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
def test_what_is_compressed(media_type: str, size: int, expected: bool) -> None:
    assert compressible(rendered(b"a" * size, media_type)) is expected


def test_last_modified_never_lies_ahead() -> None:
    ahead = Answer(rendered=rendered(last_modified=now() + timedelta(days=1)), cache_control="public")
    assert "last-modified" not in headers(ahead)


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
