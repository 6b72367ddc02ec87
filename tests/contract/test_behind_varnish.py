"""Behind Varnish as Debian sets it up: it keeps what it may, asks again, and serves the stale meanwhile."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.feed_links import FEEDS
from tests.support.http_client import open_client
from tests.support.proxies import varnish
from tests.support.server import CONTENT, free_port, serving
from tests.support.waiting import wait_until


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("content") / "content"
    shutil.copytree(CONTENT, folder)
    return folder


@pytest.fixture(scope="module")
def cache(content: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    port = free_port()
    settings = {"BROADSHEET_FEED_MAX_AGE_SECONDS": "2", "BROADSHEET_REFRESH_SECONDS": "1"}
    public_url = f"http://127.0.0.1:{port}"
    with (
        serving(
            content, tmp_path_factory.mktemp("service"), "--public-url", public_url, **settings
        ) as server,
        varnish(tmp_path_factory.mktemp("varnish"), port, server.base) as base,
        open_client(base) as client,
    ):
        yield client


def came_from_the_cache(answer: httpx.Response) -> bool:
    """Varnish names the request that fetched an object beside the one it answers."""
    return len(answer.headers["x-varnish"].split()) == 2


@pytest.mark.parametrize(
    "path", ["/articles.json", "/articles.html", "/articles.ndjson", "/tags.json", "/feeds.opml"]
)
def test_cacheable_responses_are_cached(cache: httpx.Client, path: str) -> None:
    first, again = cache.get(path), cache.get(path)
    assert came_from_the_cache(again)
    assert again.content == first.content
    assert again.headers["etag"] == first.headers["etag"]


@pytest.mark.parametrize("path", ["/articles", "/tags", "/healthz", "/articles/nothing"])
def test_uncacheable_responses_are_not_cached(cache: httpx.Client, path: str) -> None:
    answers = [
        cache.get(path, headers={"Accept": accept}) for accept in ("text/html", "application/json") * 2
    ]
    assert answers[0].headers["content-type"] == answers[2].headers["content-type"]
    assert answers[1].headers["content-type"] == answers[3].headers["content-type"]
    if path != "/healthz":
        assert answers[0].headers["content-type"] != answers[1].headers["content-type"]
    if path.endswith(("nothing", "healthz")):
        assert not any(map(came_from_the_cache, answers))


@pytest.mark.parametrize("path", FEEDS)
@pytest.mark.parametrize("coding", ["identity", "gzip", "br"])
def test_conditional_requests_work_with_every_coding(cache: httpx.Client, path: str, coding: str) -> None:
    first = cache.get(path, headers={"Accept-Encoding": coding})
    assert first.content
    known = {"Accept-Encoding": coding, "If-None-Match": first.headers["etag"]}
    assert cache.get(path, headers=known).status_code == httpx.codes.NOT_MODIFIED
    # Varnish compresses by itself and takes it off again; both leave a weak tag weak.
    opened = cache.get(path, headers={"Accept-Encoding": coding, "Sec-Fetch-Dest": "document"})
    assert opened.headers["content-type"] != first.headers["content-type"]
    assert opened.content == first.content


def test_stale_response_is_served_while_revalidated(cache: httpx.Client, content: Path) -> None:
    path = "/feed.atom?tag=news-of-the-day"

    def is_stale() -> bool:
        answer = cache.get(path)
        return came_from_the_cache(answer) and int(answer.headers["age"]) >= 2

    def has_arrived() -> bool:
        return "<title>New</title>" in cache.get(path).text

    assert not has_arrived()
    wait_until(is_stale, "after its two seconds the feed is still given out, nobody waits for the service")
    (content / "new.md").write_text(
        "---\ntitle: New\ndate: 2020-01-01\ntags: [News of the day]\n---\n\nNew.\n"
    )
    wait_until(has_arrived, "the new article comes through the cache")
