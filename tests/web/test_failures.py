"""The whole application when something fails: the index, a handler, a stream."""

import asyncio
import logging
import traceback
from pathlib import Path

import msgspec
import pytest
from litestar.exceptions import LitestarException

from service.errors import TooManyQueries
from service.publisher import publisher
from service.query import Page, Query
from tests.support.builders import article, site
from tests.support.in_memory_site import InMemoryIndex, eventually, serving, settings
from tests.support.problems import problem


def test_an_unavailable_index_is_503_but_cached_responses_are_served(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    memory_index = InMemoryIndex(article())
    ids: set[str] = set()

    async def send_requests() -> None:
        async with serving(memory_index, settings(tmp_path)) as client:
            assert (await client.get("/feed.atom")).status_code == 200
            memory_index.broken = True
            assert (await client.get("/feed.atom")).status_code == 200
            for path in ("/feed.rss?limit=3", "/articles.json?q=a", "/articles.ndjson"):
                answer = await client.get(path)
                document = problem(answer, 503, "Unavailable")
                assert answer.headers["retry-after"] == "5"
                assert "fire" not in answer.text
                ids.add(document["request_id"])
            assert (await client.get("/healthz")).status_code == 200

    with caplog.at_level(logging.ERROR):
        asyncio.run(send_requests())
    (request_id,) = ids
    assert [request_id in line for line in caplog.messages] == [True]


def test_an_internal_error_shows_only_a_request_id(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    memory_index = InMemoryIndex(article())
    memory_index.fault = ZeroDivisionError("the secret is 42")

    async def send_requests() -> None:
        async with serving(memory_index, settings(tmp_path)) as client:
            answer = await client.get("/feed.atom", headers={"Accept": "text/html"})
            document = problem(answer, 500, "InternalError")
            page = await client.get("/articles.html", headers={"Accept": "text/html"})
            assert page.headers["content-type"] == "text/html; charset=utf-8"
            assert "secret" not in answer.text + page.text
            assert document["request_id"] in caplog.text
            assert "the secret is 42" in caplog.text

    with caplog.at_level(logging.ERROR):
        asyncio.run(send_requests())


def test_a_stream_that_fails_breaks_the_connection(tmp_path: Path) -> None:
    memory_index = InMemoryIndex(
        *(article(f"article-{number}", text="Text. " * 1000) for number in range(250))
    )

    async def send_requests() -> None:
        async with serving(memory_index, settings(tmp_path)) as client:
            whole = await client.get("/articles.ndjson")
            assert len(whole.text.splitlines()) == 250
            assert "content-length" not in whole.headers
            assert "etag" not in whole.headers
            memory_index.broken_after = "100"
            with pytest.raises(LitestarException) as raised:
                await client.get("/articles.ndjson")
            assert "on fire" in "".join(traceback.format_exception(raised.value))

    asyncio.run(send_requests())


def test_a_stream_waits_while_the_queue_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Busy(InMemoryIndex):
        refused = 0

        async def find(self, query: Query, limit: int) -> Page:
            if query.cursor and query.cursor.id == "200" and self.refused < 3:
                self.refused += 1
                raise TooManyQueries
            return await super().find(query, limit)

    monkeypatch.setattr(publisher, "STREAM_RETRY_SECONDS", 0.0)
    memory_index = Busy(*(article(f"article-{number}", text="Text. " * 1000) for number in range(250)))

    async def send_requests() -> None:
        async with serving(memory_index, settings(tmp_path)) as client:
            lines = (await client.get("/articles.ndjson")).text.splitlines()
            assert len(set(lines)) == len(lines) == 250
            assert memory_index.refused == 3

    asyncio.run(send_requests())


def test_the_service_is_ready_only_while_it_can_read_the_content(tmp_path: Path) -> None:
    memory_index = InMemoryIndex(article())

    async def send_requests() -> None:
        async with serving(memory_index, settings(tmp_path)) as client:
            assert (await client.get("/readyz")).json() == {"status": "ready"}
            memory_index.broken = True
            lost = await eventually(client, "/readyz", lambda answer: answer.status_code == 503)
            problem(lost, 503, "NotReady")
            memory_index.broken = False
            await eventually(client, "/readyz", lambda answer: answer.status_code == 200)

    asyncio.run(send_requests())


def test_it_starts_on_a_broken_index_and_is_ready_later(tmp_path: Path) -> None:
    memory_index = InMemoryIndex(article())
    memory_index.broken = True

    async def send_requests() -> None:
        async with serving(memory_index, settings(tmp_path)) as client:
            problem(await client.get("/readyz"), 503, "NotReady")
            memory_index.broken = False
            await eventually(client, "/readyz", lambda answer: answer.status_code == 200)

    asyncio.run(send_requests())


def test_the_sites_own_icon(tmp_path: Path) -> None:
    set_up = msgspec.structs.replace(settings(tmp_path), site=site(icon="/files/icon.png"))

    async def send_requests() -> None:
        async with serving(InMemoryIndex(), set_up) as client:
            answer = await client.get("/favicon.ico")
            assert (answer.status_code, answer.headers["location"]) == (
                302,
                "http://localhost/files/icon.png",
            )

    asyncio.run(send_requests())
