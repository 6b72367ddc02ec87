"""Accept and Accept-Encoding, as tables (RFC 9110 §12.5)."""

import pytest

from service.errors import NotAcceptable
from service.urls import FormatName
from service.web.http.negotiation import (
    DIRECTORY_ORDER,
    LISTING_ORDER,
    PERMALINK_ORDER,
    Coding,
    choose_coding,
    preferred_format,
    wants_page,
)

FIREFOX = b"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
CHROME = b"text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
AXIOS = b"application/json, text/plain, */*"


@pytest.mark.parametrize(
    ("accept", "listing", "permalink"),
    [
        (None, "json", "html"),
        (b"", "json", "html"),
        (b"*/*", "json", "html"),
        (FIREFOX, "html", "html"),
        (CHROME, "html", "html"),
        (AXIOS, "json", "json"),
        (b"application/json", "json", "json"),
        (b"text/html", "html", "html"),
        (b"text/markdown", "markdown", "markdown"),
        (b"text/markdown, text/html;q=0.9", "markdown", "markdown"),
        (b"text/*", "html", "html"),
        (b"application/*", "json", "json"),
        (b"text/html;q=0.5, application/json;q=0.4", "html", "html"),
        (b"text/html;q=0.4, application/json;q=0.5", "json", "json"),
        (b"text/html;q=0, */*", "json", "json"),
        (b"*/*;q=0.1, application/json;q=0", "html", "html"),
        (b"text/html, application/json", "json", "html"),
        (b"TEXT/HTML", "html", "html"),
        (b"text/html;charset=utf-8", "html", "html"),
        (b"text/html; q=0.000, application/json; q=0.001", "json", "json"),
        (b"text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", "html", "html"),
        (b"nonsense", "json", "html"),
        (b",;,q=1, /", "json", "html"),
        (b"application/json;q=high", "json", "json"),
        (b"text/html;q=0., application/json;q=0.1", "json", "json"),
        (b"application/json;q=1., text/html;q=0.9", "json", "json"),
        (b"\xff\xfe", "json", "html"),
    ],
)
def test_chosen_media_type(accept: bytes | None, listing: FormatName, permalink: FormatName) -> None:
    assert preferred_format(accept, LISTING_ORDER) == listing
    assert preferred_format(accept, PERMALINK_ORDER) == permalink


@pytest.mark.parametrize(
    "accept", [b"image/png", b"*/*;q=0", b"application/atom+xml", b"text/html;q=0, text/*;q=0"]
)
def test_nothing_is_acceptable(accept: bytes) -> None:
    with pytest.raises(NotAcceptable) as raised:
        preferred_format(accept, LISTING_ORDER)
    assert raised.value.available == ("application/json", "text/html", "text/markdown")


def test_directories_have_no_markdown() -> None:
    with pytest.raises(NotAcceptable):
        preferred_format(b"text/markdown", DIRECTORY_ORDER)


@pytest.mark.parametrize(
    ("accept", "page"),
    [
        (FIREFOX, True),
        (CHROME, True),
        (b"text/html", True),
        (None, False),
        (b"*/*", False),
        (b"text/*", False),
        (AXIOS, False),
        (b"application/json, text/html", False),
        (b"text/html;q=0", False),
        (b"application/problem+json, text/html;q=0.9", False),
    ],
)
def test_problems_as_pages(accept: bytes | None, page: bool) -> None:
    assert wants_page(accept) is page


@pytest.mark.parametrize(
    ("accept_encoding", "coding"),
    [
        (None, "identity"),
        (b"", "identity"),
        (b"identity", "identity"),
        (b"gzip", "gzip"),
        (b"x-gzip", "gzip"),
        (b"gzip, deflate", "gzip"),
        (b"gzip, deflate, br", "br"),
        (b"gzip, deflate, br, zstd", "br"),
        (b"zstd, gzip", "zstd"),
        (b"gzip;q=1.0, br;q=0.5", "gzip"),
        (b"br;q=0, gzip", "gzip"),
        (b"br;q=0, zstd;q=0, gzip;q=0", "identity"),
        (b"*", "br"),
        (b"*;q=0", "identity"),
        (b"br;q=0, *", "zstd"),
        (b"identity, gzip;q=0.5", "identity"),
        (b"identity;q=0.5, gzip;q=0.5", "gzip"),
        (b"deflate", "identity"),
        (b"GZIP", "gzip"),
        (b";;;,", "identity"),
    ],
)
def test_coding(accept_encoding: bytes | None, coding: Coding) -> None:
    assert choose_coding(accept_encoding) == coding
