"""Behind nginx: prefixes stripped and not, compression by the proxy, conditional requests, its cache."""

from collections.abc import Iterator

import httpx
import pytest

from tests.support.feed_links import FEEDS, self_address
from tests.support.http_client import open_client
from tests.support.proxies import nginx
from tests.support.server import CONTENT, free_port, serving
from tests.support.waiting import wait_until

LOCATIONS = """
location / {{ proxy_pass {plain}; proxy_set_header Host $http_host; }}
location /stripped/ {{
  proxy_pass {plain}/;
  proxy_set_header X-Forwarded-Host $http_host;
  proxy_set_header X-Forwarded-Proto https;
  proxy_set_header X-Forwarded-Prefix /stripped;
}}
location /port/ {{
  proxy_pass {plain}/;
  proxy_set_header Host example.org;
  proxy_set_header X-Forwarded-Port 8443;
  proxy_set_header X-Forwarded-Proto https;
}}
location /standard/ {{
  proxy_pass {plain}/;
  proxy_set_header Forwarded "for=$remote_addr;host=example.org;proto=https";
}}
location /blog {{ proxy_pass {public}; }}
location /away/ {{ proxy_pass {public}/; }}
location /gzip/ {{
  proxy_pass {plain}/;
  proxy_set_header Accept-Encoding "";
  gzip on; gzip_proxied any; gzip_types *; gzip_min_length 100; gzip_vary on;
}}
location /kept/ {{
  proxy_pass {plain}/;
  proxy_cache kept;
  proxy_cache_revalidate on;
  proxy_cache_background_update on;
  proxy_cache_use_stale updating;
  add_header X-Kept $upstream_cache_status;
}}
"""


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """nginx before two services, one that knows its public URL and one that trusts nginx to tell it."""
    port = free_port()
    public_url = f"http://127.0.0.1:{port}/blog"
    folders = [tmp_path_factory.mktemp(name) for name in ("plain", "public", "nginx")]
    with (
        serving(
            CONTENT,
            folders[0],
            BROADSHEET_TRUSTED_PROXIES="127.0.0.1",
            BROADSHEET_FEED_MAX_AGE_SECONDS="1",
        ) as plain,
        serving(CONTENT, folders[1], "--public-url", public_url) as public,
        nginx(folders[2], port, LOCATIONS.format(plain=plain.base, public=public.base)) as base,
        open_client(base) as client,
    ):
        yield client


@pytest.mark.parametrize("path", FEEDS)
@pytest.mark.parametrize(
    ("location", "seen"),
    [
        ("", "http://{proxy}"),
        ("/stripped", "https://{proxy}/stripped"),
        ("/port", "https://example.org:8443"),
        ("/standard", "https://example.org"),
        ("/blog", "http://{proxy}/blog"),
        ("/away", "http://{proxy}/blog"),
    ],
)
def test_self_link_is_the_public_address(proxy: httpx.Client, location: str, seen: str, path: str) -> None:
    base = seen.format(proxy=proxy.base_url.netloc.decode())
    answer = proxy.get(f"{location}{path}?utm_source=x&limit=50&tag=Russia")
    assert self_address(answer) == f"{base}{path}?tag=russia"
    assert answer.links["self"]["url"] == f"{base}{path}?tag=russia"
    assert f"{base}/articles/" in answer.text
    assert proxy.get(f"{location}/rss/").headers["location"] == f"{base}/feed.rss"


SAID = (*FEEDS, "/articles.json", "/articles.ndjson")


@pytest.mark.parametrize(
    ("location", "path"),
    [
        *((location, path) for location in ("", "/stripped", "/blog", "/gzip", "/kept") for path in SAID),
        # nginx itself takes the condition off a request whose answer it might keep, and may not keep this.
        *((location, "/articles") for location in ("", "/stripped", "/blog", "/gzip")),
    ],
)
def test_the_proxy_answers_not_modified(proxy: httpx.Client, location: str, path: str) -> None:
    for coding in ("identity", "gzip", "br"):
        first = proxy.get(f"{location}{path}", headers={"Accept-Encoding": coding})
        conditions = [{"If-None-Match": first.headers["etag"]}]
        if modified := first.headers.get("last-modified"):
            conditions.append({"If-Modified-Since": modified})
        for known in conditions:
            again = proxy.get(f"{location}{path}", headers={"Accept-Encoding": coding, **known})
            assert (again.status_code, again.content) == (304, b""), (coding, known)
            assert again.headers["etag"] == first.headers["etag"]


def test_a_proxy_may_compress(proxy: httpx.Client) -> None:
    plain = proxy.get("/gzip/feed.atom", headers={"Accept-Encoding": "identity"})
    coded = proxy.get("/gzip/feed.atom", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert coded.headers["content-encoding"] == "gzip"
    assert coded.content == plain.content
    for changed in (coded.headers["etag"], coded.headers["etag"][:-1] + '-gzip"'):  # as Apache writes it
        known = {"Accept-Encoding": "gzip", "If-None-Match": changed}
        assert proxy.get("/gzip/feed.atom", headers=known).status_code == 304


def test_the_proxy_stores_variants_separately(proxy: httpx.Client) -> None:
    asked = [
        {"Accept-Encoding": coding, "Accept": accept, **({"Sec-Fetch-Dest": "document"} if opened else {})}
        for coding in ("identity", "gzip", "br")
        for accept in ("text/html", "application/json")
        for opened in (True, False)
    ]
    for path in ("/feed.rss", "/articles.json", "/articles", "/tags"):
        for _ in range(2):
            for headers in asked:
                kept, direct = (proxy.get(f"{place}{path}", headers=headers) for place in ("/kept", ""))
                assert kept.headers["content-type"] == direct.headers["content-type"], (path, headers)
                assert kept.headers.get("content-encoding") == direct.headers.get("content-encoding")


def test_the_proxy_revalidates_with_the_etag(proxy: httpx.Client) -> None:
    path = "/kept/feed.json?tag=iraq"
    first = proxy.get(path)
    seen = set()

    def asked_again() -> bool:
        answer = proxy.get(path)
        seen.add(answer.headers["x-kept"])
        assert answer.content == first.content
        return bool(seen & {"STALE", "UPDATING", "REVALIDATED"}) and "HIT" in seen

    wait_until(asked_again, f"a second later it is stale, shown and asked for again: {seen}")
