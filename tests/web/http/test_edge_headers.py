"""The headers for caches in front of the service."""

import asyncio
import re
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from service.model import Article
from service.publisher.cache_keys import LONGEST_PUBLIC_KEY, public_key
from service.settings.values import SurrogateKeyHeader
from service.web.http.edge_headers import EdgeHeaders
from tests.support.builders import article
from tests.support.in_memory_site import InMemoryIndex, serving, settings

HEADERS: tuple[SurrogateKeyHeader, ...] = get_args(SurrogateKeyHeader)


@pytest.mark.parametrize(
    "key",
    [
        "all",
        "tag:iraq",
        "tag:c-plus-plus",
        "tag:中文",
        "tag:" + "long" * 20,
        'id:a "b", c',
        "id:https://a/?b=c",
        "id:",
    ],
)
def test_a_key_suits_every_header(key: str) -> None:
    written = public_key(key)
    assert re.fullmatch(r"[A-Za-z0-9.:-]+", written)
    assert len(written) <= LONGEST_PUBLIC_KEY
    assert written == public_key(key)


def test_different_keys_stay_different() -> None:
    keys = [
        f"{kind}:{name}" for kind in ("tag", "author", "id") for name in ("中文", "日本", "x" * 40, "x" * 41)
    ]
    assert len({public_key(key) for key in keys}) == len(keys)


def test_each_header_has_its_own_syntax() -> None:
    written = dict(EdgeHeaders(HEADERS).of(["tag:b", "all"], keeps_lifetime=False))
    assert written == {
        b"cache-groups": b'"all", "tag:b"',
        b"surrogate-key": b"all tag:b",
        b"cache-tag": b"all,tag:b",
        b"xkey": b"all tag:b",
    }


def headers_of(*paths: str, shown: Article | None = None, **facts: object) -> list[dict[str, str]]:
    async def send_requests() -> list[dict[str, str]]:
        memory_index = InMemoryIndex(shown or article())
        chosen = msgspec.structs.replace(settings(Path("content")), **facts)
        found = []
        async with serving(memory_index, chosen) as client:
            for path in paths:
                response = await client.get(path)
                again = await client.get(path)
                assert response.headers == again.headers
                found.append(dict(response.headers))
        return found

    return asyncio.run(send_requests())


def test_a_response_names_its_keys() -> None:
    expected = {
        "/feed.atom": "articles site",
        "/feed.atom?tag=b&tag=a": "site tag:a tag:b",
        "/articles.json?any_tag=a&any_tag=b&exclude_tag=c": "site tag:a tag:b tag:c",
        "/articles.json?q=word": "all site",
        "/articles.json?" + "&".join(f"tag=t{number}" for number in range(15)): "all site",
        "/robots.txt": "all site",
        "/articles.xml": None,
        "/healthz": None,
    }
    found = headers_of(*expected, surrogate_key_headers=("Surrogate-Key",))
    keys = [headers.get("surrogate-key") for headers in found]
    assert dict(zip(expected, keys, strict=True)) == expected


def test_an_article_has_at_most_twelve_keys() -> None:
    many = article(tags=tuple(f"tag {number}" for number in range(30)))
    (headers,) = headers_of("/articles/a-title.html", shown=many, surrogate_key_headers=("xkey",))
    assert 3 <= len(headers["xkey"].split()) <= 12


def test_caches_at_the_edge_may_keep_a_response_longer() -> None:
    (usual,) = headers_of("/feed.atom")
    assert "cdn-cache-control" not in usual
    addresses = ("/feed.atom", "/articles", "/sitemap-news.xml")
    longer, negotiated, news = headers_of(*addresses, edge_max_age_seconds=86400)
    assert longer["cdn-cache-control"] == "public, max-age=86400"
    assert "cdn-cache-control" not in negotiated
    # It changes with time, which no purge follows.
    assert "cdn-cache-control" not in news
    assert news["cache-control"].startswith("public, max-age=60")


def test_fastly_reads_another_header() -> None:
    edge = EdgeHeaders(("Surrogate-Key",), 86400)
    assert dict(edge.of(["all"], keeps_lifetime=False))[b"surrogate-control"] == b"max-age=86400"
    assert b"surrogate-control" not in dict(edge.of(["all"], keeps_lifetime=True))
    assert dict(edge.of_outdated()) == {b"cdn-cache-control": b"no-store", b"surrogate-control": b"max-age=0"}
    assert b"surrogate-control" not in dict(EdgeHeaders(("xkey",), 86400).of(["all"], keeps_lifetime=False))
    assert EdgeHeaders((), 86400).of_outdated() == []
