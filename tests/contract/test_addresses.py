"""Every address of the running service: status, type, validators, caching, CORS, links."""

import json
import re

import httpx
import pytest

from service.formats.assets import PAGE_SCRIPT
from tests.support.addresses import (
    FIXED_TYPES,
    HEALTH_STATUS,
    LISTING_TYPES,
    NEGOTIATED_TYPES,
    stable_headers,
)
from tests.support.server import Server

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.fixture
def slug(client: httpx.Client) -> str:
    return str(client.get("/articles.json?limit=1").json()["articles"][0]["slug"])


def cors_is_open(response: httpx.Response) -> bool:
    exposed = response.headers["access-control-expose-headers"].split(", ")
    wanted = {"ETag", "Link", "Last-Modified", "Retry-After"}
    return response.headers["access-control-allow-origin"] == "*" and wanted <= set(exposed)


def test_an_asset_is_immutable(client: httpx.Client) -> None:
    response = client.get(f"/assets/{PAGE_SCRIPT.name}")
    assert response.content == PAGE_SCRIPT.body
    assert response.headers["content-type"] == "text/javascript; charset=utf-8"
    assert response.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert client.get("/assets/page-000000000000.js").status_code == 404
    assert client.get("/assets/__init__.py").status_code == 404


@pytest.mark.parametrize("path", [*FIXED_TYPES, *NEGOTIATED_TYPES])
def test_every_address(client: httpx.Client, slug: str, path: str) -> None:
    address = path.format(slug=slug)
    response = client.get(address)
    assert response.status_code == 200
    assert response.headers["content-type"] == {**FIXED_TYPES, **NEGOTIATED_TYPES}[path]
    assert cors_is_open(response)
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["etag"].startswith('W/"')
    vary = response.headers.get("vary", "").split(", ")
    if path in NEGOTIATED_TYPES:
        assert response.headers["cache-control"] == "no-cache"
        assert "Accept" in vary
        twin = client.get(response.headers["content-location"])
        assert twin.content == response.content
        assert twin.headers["etag"] == response.headers["etag"]
    else:
        assert response.headers["cache-control"].startswith("public, max-age=")
        assert "stale-while-revalidate=" in response.headers["cache-control"]
        assert "stale-if-error=" in response.headers["cache-control"]
        assert "Accept" not in vary
        assert "content-location" not in response.headers


@pytest.mark.parametrize("path", [*FIXED_TYPES, *NEGOTIATED_TYPES])
def test_head_answers_as_get_does(client: httpx.Client, slug: str, path: str) -> None:
    for coding in ("identity", "gzip", "br", "zstd"):
        headers = {"Accept-Encoding": coding}
        get = client.get(path.format(slug=slug), headers=headers)
        head = client.head(path.format(slug=slug), headers=headers)
        assert head.status_code == 200, coding
        assert head.content == b"", coding
        expected = stable_headers(get.headers)
        expected.pop("transfer-encoding", None)
        got = stable_headers(head.headers)
        got.pop("transfer-encoding", None)
        assert got == expected, coding


@pytest.mark.parametrize("path", [*FIXED_TYPES, *NEGOTIATED_TYPES])
def test_an_unchanged_response_is_not_sent_again(client: httpx.Client, slug: str, path: str) -> None:
    address = path.format(slug=slug)
    whole = client.get(address)
    etag = whole.headers["etag"]
    for value in (etag, etag.removeprefix("W/"), f'"other", {etag}', "*", f'{etag[:-1]}-gzip"'):
        known = client.get(address, headers={"If-None-Match": value})
        assert (known.status_code, known.content) == (304, b""), value
        for name in ("etag", "last-modified", "cache-control", "vary", "link", "content-location"):
            assert known.headers.get(name) == whole.headers.get(name), name
        assert cors_is_open(known)
        assert "content-type" not in known.headers
        assert client.head(address, headers={"If-None-Match": value}).status_code == 304
    assert client.get(address, headers={"If-None-Match": '"other"'}).status_code == 200
    if modified := whole.headers.get("last-modified"):
        assert client.get(address, headers={"If-Modified-Since": modified}).status_code == 304
        other = {"If-Modified-Since": modified, "If-None-Match": '"other"'}
        assert client.get(address, headers=other).status_code == 200
        later = {"If-Modified-Since": "Thu, 01 Jan 2099 00:00:00 GMT"}
        assert client.get(address, headers=later).status_code == 200


@pytest.mark.parametrize("path", [*LISTING_TYPES, "/articles/{slug}.json"])
def test_compression(client: httpx.Client, slug: str, path: str) -> None:
    address = path.format(slug=slug)
    plain = client.get(address, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    chosen_by = {"Accept-Encoding"} | ({"Sec-Fetch-Dest"} if path.startswith("/feed") else set())
    assert set(plain.headers["vary"].split(", ")) == chosen_by
    for coding in ("gzip", "br"):
        coded = client.get(address, headers={"Accept-Encoding": coding})
        assert coded.headers["content-encoding"] == coding
        assert int(coded.headers["content-length"]) < len(plain.content)
        assert coded.content == plain.content
        assert coded.headers["etag"] == plain.headers["etag"]


@pytest.mark.parametrize("path", LISTING_TYPES)
def test_links_of_a_listing(client: httpx.Client, service: Server, path: str) -> None:
    strict = path in {"/articles.json", "/articles.md"}
    first = client.get(path, params={"limit": 2} if strict else {"limit": 2, "utm_source": "x"})
    links = first.links
    assert links["next"]["url"].startswith(service.base)
    assert "prev" not in links
    assert "utm_source" not in first.headers["link"]
    second = client.get(links["next"]["url"])
    assert second.status_code == 200
    assert client.get(second.links["prev"]["url"]).status_code == 200
    assert 'rel="alternate"' in first.headers["link"]


@pytest.mark.parametrize("path", ["/", "/articles", "/articles.json", "/articles.md"])
def test_the_list_of_all_feeds_is_linked_where_everything_is_listed(client: httpx.Client, path: str) -> None:
    feeds = client.get(client.get(path).links["blogroll"]["url"])
    assert feeds.headers["content-type"] == "text/x-opml; charset=utf-8"
    assert "blogroll" not in client.get(path, params={"q": "water"}).links


@pytest.mark.parametrize("suffix", ["", ".html", ".json", ".md"])
def test_an_article_links_its_other_forms_and_the_feeds(client: httpx.Client, slug: str, suffix: str) -> None:
    links = re.findall(
        r'<([^>]+)>; rel="alternate"; type="([^"]+)"(?!; hreflang)',
        client.get(f"/articles/{slug}{suffix}").headers["link"],
    )
    forms = {"text/html": ".html", "application/json": ".json", "text/markdown": ".md"}
    shown = suffix or ".html"
    feeds = {"application/atom+xml", "application/rss+xml", "application/feed+json"}
    assert {kind for _, kind in links} == {kind for kind, end in forms.items() if end != shown} | feeds
    for address, kind in links:
        assert client.get(address).headers["content-type"].partition(";")[0] == kind


def test_one_query_in_json_and_ndjson(client: httpx.Client) -> None:
    listed = client.get("/articles.json?fields=id,title").json()["articles"]
    streamed = [json.loads(line) for line in client.get("/articles.ndjson?fields=id,title").text.splitlines()]
    assert streamed == listed


@pytest.mark.parametrize(("path", "status"), HEALTH_STATUS.items())
def test_health(client: httpx.Client, path: str, status: str) -> None:
    response = client.get(path)
    assert (response.status_code, response.json()) == (200, {"status": status})
    assert response.headers["cache-control"] == "no-store"


def test_browsers_get_pages(client: httpx.Client, slug: str) -> None:
    for path in ("/articles", f"/articles/{slug}", "/tags"):
        page = client.get(path, headers={"Accept": BROWSER})
        assert page.headers["content-type"] == "text/html; charset=utf-8"


def test_programs_get_the_format_they_accept(client: httpx.Client, slug: str) -> None:
    for accept in ("application/json", "text/markdown"):
        for path in ("/articles", f"/articles/{slug}"):
            response = client.get(path, headers={"Accept": accept})
            assert response.headers["content-type"].startswith(accept)


@pytest.mark.parametrize(
    "path", ["/", "/articles", "/articles/nothing", "/feed.atom", "/rss", "/healthz", "/files/nothing.png"]
)
def test_a_preflight_is_answered(client: httpx.Client, path: str) -> None:
    headers = {
        "Origin": "https://elsewhere.example",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "if-none-match",
    }
    response = client.options(path, headers=headers)
    assert (response.status_code, response.content) == (204, b"")
    assert response.headers["access-control-allow-origin"] == "*"
    assert "GET" in response.headers["access-control-allow-methods"]
    assert response.headers["access-control-allow-headers"] == "*, Authorization"
    assert "content-length" not in response.headers


def test_the_same_bytes_every_time(client: httpx.Client) -> None:
    for path in LISTING_TYPES:
        assert client.get(path).content == client.get(path).content


def test_some_fields_of_one_article(client: httpx.Client) -> None:
    slug, other = (article["slug"] for article in client.get("/articles.json?limit=2").json()["articles"])
    assert client.get(f"/articles/{slug}.json?fields=title,slug").json().keys() == {"slug", "title"}
    chosen = client.get(f"/articles/{slug}?fields=neighbours", headers={"Accept": "application/json"})
    assert chosen.json()["neighbours"]["newer"] is None
    assert chosen.json()["neighbours"]["older"]["slug"] == other
    assert client.get(chosen.headers["content-location"]).json() == chosen.json()
    linked = client.get(f"/articles/{slug}.json?fields=related").json()["related"]
    assert slug not in {link["slug"] for link in linked}
    assert all(client.get(link["url"]).status_code == 200 for link in linked)
    for address in (
        *(f"/articles/{slug}.json?fields=titel", f"/articles/{slug}.json?limit=3"),
        *(f"/articles/{slug}.json?fields=id&fields=url", f"/articles/{slug}.md?fields=id"),
        "/articles.json?fields=related",
    ):
        assert client.get(address).status_code == 400, address
    assert client.get(f"/articles/{slug}.html?fields=titel").status_code == 200


@pytest.mark.parametrize(
    ("query", "advice"),
    [
        ("fields=Titel", "did you mean 'title'?"),
        ("fields=reading-minutes", "did you mean 'reading_minutes'?"),
        ("Fields=title", "Did you mean 'fields'?"),
        ("field=title", "Did you mean 'fields'?"),
    ],
)
def test_a_misspelled_field_of_one_article_gets_the_near_name(
    client: httpx.Client, slug: str, query: str, advice: str
) -> None:
    assert advice in client.get(f"/articles/{slug}.json?{query}").json()["detail"]
