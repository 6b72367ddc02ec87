"""What ResponseCache stores, for whom, and when it discards it."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest
from litestar.types import Receive, Scope, Send

from service.index import FileRecord
from service.publisher.cache_keys import EVERY_DOCUMENT
from service.web.addresses.base_url import Hosts
from service.web.http.edge_headers import EdgeHeaders
from service.web.metrics.counters import private_counters
from service.web.response_cache import MOST_ATTEMPTS, ResponseCache
from tests.support.builders import article
from tests.support.files import hash_file
from tests.support.in_memory_site import InMemoryIndex, eventually, serving, settings, unchanged


def test_a_response_is_rendered_once_and_discarded_when_the_content_changes(tmp_path: Path) -> None:
    memory_index = InMemoryIndex(article())

    async def send_requests() -> None:
        async with serving(memory_index, settings(tmp_path)) as client:
            first = await client.get("/feed.atom")
            again = await client.get("/feed.atom")
            head = await client.head("/feed.atom")
            assert (first.content, first.headers) == (again.content, again.headers)
            assert (head.content, head.headers) == (b"", first.headers)
            assert memory_index.asked == 1
            known = await client.get("/feed.atom", headers={"If-None-Match": first.headers["etag"]})
            assert (known.status_code, known.content, memory_index.asked) == (304, b"", 1)

            memory_index.articles = (article("another"),)
            memory_index.content = "two"
            moved = await eventually(client, "/feed.atom", lambda answer: answer.content != first.content)
            assert b"Another" in moved.content
            assert moved.headers["etag"] != first.headers["etag"]

    asyncio.run(send_requests())


def test_no_header_poisons_the_cache(tmp_path: Path) -> None:
    evil = {
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Prefix": "/evil",
        "Forwarded": "host=evil.example",
        "X-Original-URL": "/feed.rss",
        "X-HTTP-Method-Override": "POST",
        "Accept": "text/html",
        "Origin": "https://evil.example",
        "Range": "bytes=0-3",
    }

    async def send_requests() -> None:
        for path in ("/feed.atom", "/articles.json", "/articles", "/articles/a-title", "/tags"):
            async with serving(InMemoryIndex(article()), settings(tmp_path)) as client:
                await client.get(path, headers=evil)
                await client.get(path, headers={"Host": "evil.example"})
                poisoned = await client.get(path)
            async with serving(InMemoryIndex(article()), settings(tmp_path)) as client:
                clean = await client.get(path)
            assert (poisoned.content, poisoned.headers) == (clean.content, clean.headers)
            assert b"evil" not in poisoned.content

    asyncio.run(send_requests())


def test_negotiated_responses_are_stored_separately(tmp_path: Path) -> None:
    memory_index = InMemoryIndex(article())
    accepts = ("text/html", "application/json", "text/markdown", "*/*")

    async def send_requests() -> None:
        async with serving(memory_index, settings(tmp_path)) as client:
            first = [
                (await client.get("/articles", headers={"Accept": accept})).content for accept in accepts
            ]
            asked = memory_index.asked
            again = [
                (await client.get("/articles", headers={"Accept": accept})).content for accept in accepts
            ]
            assert first == again
            assert len(set(first)) == 3
            assert memory_index.asked == asked
            assert (await client.get("/articles", headers={"Accept": "image/png"})).status_code == 406

    asyncio.run(send_requests())


def test_codings_are_stored_separately(tmp_path: Path) -> None:
    async def send_requests() -> None:
        async with serving(InMemoryIndex(*map(article, "abcdefgh")), settings(tmp_path)) as client:
            plain = await client.get("/articles.json", headers={"Accept-Encoding": "identity"})
            for _ in range(2):
                for coding in ("br", "gzip"):
                    coded = await client.get("/articles.json", headers={"Accept-Encoding": coding})
                    assert coded.headers["content-encoding"] == coding
                    assert coded.headers["vary"] == "Accept-Encoding"
                    assert coded.headers["etag"] == plain.headers["etag"]
                    assert coded.content == plain.content
            zstd = await client.head("/articles.json", headers={"Accept-Encoding": "zstd"})
            assert zstd.headers["content-encoding"] == "zstd"
            assert "content-encoding" not in plain.headers

    asyncio.run(send_requests())


def test_long_addresses_and_unknown_hosts_are_answered_but_not_stored(tmp_path: Path) -> None:
    memory_index = InMemoryIndex(article())

    async def send_requests() -> None:
        async with serving(memory_index, settings(tmp_path, cache_megabytes=1)) as client:
            for number in range(40):
                host = {"Host": f"host{number}.example"}
                answer = await client.get("/articles.json", headers=host)
                assert f"http://host{number}.example/" in answer.text
                assert (await client.get("/feed.rss", params={"x": "y" * 3000})).status_code == 200

    asyncio.run(send_requests())


STORABLE = {"etag": 'W/"a"', "cache-control": "public, max-age=300"}


@pytest.mark.parametrize(
    ("status", "headers", "chunks", "is_stored"),
    [
        (200, STORABLE, [b"all"], True),
        (200, STORABLE | {"cache-control": "no-cache"}, [b"all"], True),
        (200, STORABLE | {"vary": "Accept, Sec-Fetch-Dest"}, [b"all"], True),
        (200, STORABLE | {"cache-control": "no-store"}, [b"all"], False),
        (200, STORABLE | {"broadsheet-cache-control": "no-store"}, [b"all"], False),
        (200, {"cache-control": "public, max-age=300"}, [b"all"], False),
        (200, STORABLE, [b"a", b"ll"], False),
        (206, STORABLE, [b"all"], False),
        (301, STORABLE, [b""], False),
        (404, STORABLE, [b"all"], False),
        (503, STORABLE, [b"all"], False),
    ],
)
def test_cacheable_responses_are_stored(
    status: int, headers: dict[str, str], chunks: list[bytes], is_stored: bool
) -> None:
    responses = 0

    async def inner(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal responses
        responses += 1
        raw_headers = [(name.encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": status, "headers": raw_headers})
        for place, chunk in enumerate(chunks, start=1):
            await send({"type": "http.response.body", "body": chunk, "more_body": place < len(chunks)})

    set_up = settings(Path("content"))
    cache: Any = ResponseCache(inner, Hosts(set_up), private_counters(set_up), 1_000_000, unchanged)
    transport = httpx.ASGITransport(app=cache)

    async def send_requests() -> None:
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            first = await client.get("/a")
            again = await client.get("/a")
            assert (first.content, first.headers) == (again.content, again.headers)
            assert "broadsheet-cache-control" not in first.headers
            assert responses == (1 if is_stored else 2)
            cache.discard(EVERY_DOCUMENT)
            await client.get("/a")
            assert responses == (2 if is_stored else 3)

    asyncio.run(send_requests())


def test_a_response_made_before_the_content_changed_is_not_stored() -> None:
    responses = 0

    async def inner(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal responses
        responses += 1
        cache.discard(EVERY_DOCUMENT)
        raw_headers = [(name.encode(), value.encode()) for name, value in STORABLE.items()]
        await send({"type": "http.response.start", "status": 200, "headers": raw_headers})
        await send({"type": "http.response.body", "body": b"all", "more_body": False})

    set_up = settings(Path("content"))
    edge = EdgeHeaders(("xkey",), 60)
    cache: Any = ResponseCache(inner, Hosts(set_up), private_counters(set_up), 1_000_000, unchanged, edge)
    transport = httpx.ASGITransport(app=cache)

    async def send_requests() -> None:
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            for expected in (MOST_ATTEMPTS, 2 * MOST_ATTEMPTS):
                response = await client.get("/a")
                assert response.content == b"all"
                assert responses == expected
                # Nor by a cache in front, which may have been purged of its keys before it arrives.
                assert response.headers["cdn-cache-control"] == "no-store"
                assert "xkey" not in response.headers

    asyncio.run(send_requests())


def test_a_file_asked_for_with_head_is_sent_whole_afterwards(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("body {}")
    memory_index = InMemoryIndex(article())
    memory_index.files["a.css"] = FileRecord(hash=hash_file(tmp_path / "a.css"))

    async def send_requests() -> None:
        async with serving(memory_index, settings(tmp_path)) as client:
            head = await client.head("/files/a.css")
            assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", "7")
            get = await client.get("/files/a.css")
            assert (get.text, get.headers) == ("body {}", head.headers)
            assert "etag" in get.headers

    asyncio.run(send_requests())


def test_a_browser_and_a_feed_reader_get_their_own_media_type(tmp_path: Path) -> None:
    async def send_requests() -> None:
        async with serving(InMemoryIndex(article()), settings(tmp_path)) as client:
            for path in ("/feed.atom", "/feed.rss", "/feed.json"):
                for _ in range(2):
                    opened = await client.get(path, headers={"Sec-Fetch-Dest": "document"})
                    read = await client.get(path, headers={"Sec-Fetch-Dest": "empty"})
                    assert opened.content == read.content
                    assert opened.headers["content-type"] != read.headers["content-type"]
                    assert opened.headers["etag"] != read.headers["etag"]
                    assert "Sec-Fetch-Dest" in opened.headers["vary"]

    asyncio.run(send_requests())
