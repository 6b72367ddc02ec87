"""A feed that a browser opens: the same bytes, under a type it shows, in a style that makes them readable."""

import defusedxml.ElementTree
import httpx
import pytest

from tests.support.server import Server

OPENED = {"Sec-Fetch-Dest": "document", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Site": "none"}
FEEDS = {
    "/feed.atom": ("application/atom+xml; charset=utf-8", "application/xml; charset=utf-8"),
    "/feed.rss": ("application/rss+xml; charset=utf-8", "application/xml; charset=utf-8"),
    "/feed.json": ("application/feed+json", "application/json"),
}
OTHERS: tuple[dict[str, str], ...] = (
    {},
    {"Sec-Fetch-Dest": "empty"},
    {"Sec-Fetch-Dest": "iframe"},
    {"Accept": "text/html"},
)


@pytest.mark.parametrize(("path", "types"), FEEDS.items())
def test_an_opened_feed_differs_only_in_its_media_type(
    client: httpx.Client, path: str, types: tuple[str, str]
) -> None:
    own, shown = types
    opened = client.get(path, headers=OPENED)
    for others in OTHERS:
        plain = client.get(path, headers=others)
        assert (plain.headers["content-type"], opened.headers["content-type"]) == (own, shown)
        assert plain.content == opened.content
        assert plain.headers["vary"] == opened.headers["vary"] == "Accept-Encoding, Sec-Fetch-Dest"
        assert plain.headers["cache-control"] == opened.headers["cache-control"]
        assert plain.headers["link"] == opened.headers["link"]


@pytest.mark.parametrize("path", FEEDS)
@pytest.mark.parametrize("coding", ["identity", "gzip", "br", "zstd"])
def test_each_type_has_a_validator_of_its_own(client: httpx.Client, path: str, coding: str) -> None:
    """So no 304 lets a cache that holds one serve it as the other (RFC 9111 §4.3.3)."""
    headers = {"Accept-Encoding": coding}
    plain = client.get(path, headers=headers).headers["etag"]
    opened = client.get(path, headers=headers | OPENED).headers["etag"]
    assert plain != opened
    for sent, etag, status in (
        (OPENED, opened, 304),
        (OPENED, plain, 200),
        ({}, plain, 304),
        ({}, opened, 200),
    ):
        answer = client.get(path, headers=headers | sent | {"If-None-Match": etag})
        assert answer.status_code == status
        assert answer.headers["etag"] == (opened if sent else plain)


@pytest.mark.parametrize("path", FEEDS)
def test_head_is_the_same(client: httpx.Client, path: str) -> None:
    get, head = client.get(path, headers=OPENED), client.head(path, headers=OPENED)
    assert head.content == b""
    assert {**get.headers, "date": ""} == {**head.headers, "date": ""}


@pytest.mark.parametrize("path", ["/", "/articles", "/articles.html", "/articles.json", "/tags"])
def test_other_addresses_ignore_sec_fetch_dest(client: httpx.Client, path: str) -> None:
    plain, opened = client.get(path), client.get(path, headers=OPENED)
    assert (plain.content, {**plain.headers, "date": ""}) == (opened.content, {**opened.headers, "date": ""})
    assert "Sec-Fetch-Dest" not in plain.headers.get("vary", "")


@pytest.mark.parametrize("path", ["/feed.atom", "/feed.rss", "/feed.atom?tag=iraq&limit=1"])
def test_style_sheet_of_an_opened_feed_exists(client: httpx.Client, service: Server, path: str) -> None:
    feed = client.get(path)
    instruction = b'<?xml-stylesheet type="text/css" href="assets/feed.css"?>\n'
    assert feed.content.split(b"\n", 1)[1].startswith(instruction)
    assert b"xslt" not in feed.content
    assert defusedxml.ElementTree.fromstring(feed.content) is not None
    style = client.get(str(httpx.URL(f"{service.base}{path}").join("assets/feed.css")))
    assert (style.status_code, style.headers["content-type"]) == (200, "text/css; charset=utf-8")
    assert "This is a feed" in style.text
    assert "url(" not in style.text
    assert "@import" not in style.text
    opened = client.get(path, headers=OPENED)
    assert "style-src 'self'" in opened.headers["content-security-policy"]
