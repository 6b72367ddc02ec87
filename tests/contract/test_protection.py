"""The security headers of every class of answer."""

import re

import httpx
import pytest

EVERYWHERE = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
    "cross-origin-resource-policy": "cross-origin",
}
NOTHING = "default-src 'none'; frame-ancestors 'none'"
STYLED = "default-src 'none'; style-src 'self'; frame-ancestors 'none'"
OPENED = {"Sec-Fetch-Dest": "document"}

PAGES = (
    "/",
    "/articles.html?q=iraq",
    "/articles/vote-on-us-troops.html",
    "/tags.html",
    "/subscribe",
    "/docs",
)
OTHERS = {
    "/articles.json": NOTHING,
    "/articles.md": NOTHING,
    "/articles.ndjson": NOTHING,
    "/feed.atom": NOTHING,
    "/feed.rss": NOTHING,
    "/feed.json": NOTHING,
    "/openapi.json": NOTHING,
    "/suggest?q=i": NOTHING,
    "/opensearch.xml": NOTHING,
    "/feeds.opml": NOTHING,
    "/sitemap.xml": STYLED,
    "/robots.txt": NOTHING,
    "/favicon.ico": NOTHING,
    "/assets/feed.css": NOTHING,
    "/healthz": NOTHING,
    "/rss": NOTHING,
    "/articles.json?limit=x": NOTHING,
    "/nothing": NOTHING,
}


@pytest.mark.parametrize("path", [*PAGES, *OTHERS])
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_headers_of_every_response(client: httpx.Client, path: str, method: str) -> None:
    answer = client.request(method, path)
    assert {name: answer.headers[name] for name in EVERYWHERE} == EVERYWHERE
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(("path", "policy"), OTHERS.items())
def test_other_media_types_load_nothing(client: httpx.Client, path: str, policy: str) -> None:
    answer = client.get(path)
    assert answer.headers["content-security-policy"] == policy
    assert "permissions-policy" not in answer.headers


@pytest.mark.parametrize("path", ["/feed.atom", "/feed.rss"])
def test_a_feed_that_is_opened_loads_its_style(client: httpx.Client, path: str) -> None:
    assert client.get(path, headers=OPENED).headers["content-security-policy"] == STYLED


@pytest.mark.parametrize("path", [*PAGES, "/nothing"])
def test_a_page_loads_its_own_style_and_scripts(client: httpx.Client, path: str) -> None:
    page = client.get(path, headers={"Accept": "text/html"})
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    policy = page.headers["content-security-policy"]
    base = str(client.base_url).rstrip("/")
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    style = rules.pop("style-src")
    assert re.fullmatch(rf"'self' {re.escape(base)}/assets/ 'sha256-[A-Za-z0-9+/]{{43}}='", style)
    assert rules == {
        "default-src": "'none'",
        "script-src": f"'self' {base}/assets/",
        "font-src": f"'self' {base}/assets/ {base}/files/",
        "connect-src": "'self'",
        "img-src": "* data:",
        "media-src": "*",
        "form-action": f"'self' {base}/",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    assert page.headers["cross-origin-opener-policy"] == "same-origin"
    assert page.headers["permissions-policy"].startswith("camera=()")


def test_the_style_of_all_pages_is_the_same(client: httpx.Client) -> None:
    policies = {client.get(path).headers["content-security-policy"] for path in PAGES}
    assert len(policies) == 1
