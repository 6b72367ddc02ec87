"""Clients that leave, and clients that read slowly: nothing more is made for them than they can take."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from service.errors import QueryTooExpensive, TooManyQueries
from service.query import Page, Query
from service.web.app import create_app
from service.web.disconnect import until_disconnect
from tests.support.builders import article
from tests.support.in_memory_site import InMemoryIndex, serving, settings
from tests.support.problems import problem
from tests.support.waiting import TIMEOUT_SECONDS

BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8"


class Client:
    """An ASGI client that can leave, and that reads only while it is `reading`."""

    def __init__(self, path: str) -> None:
        path, _, query = path.partition("?")
        self.scope: dict[str, Any] = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [(b"host", b"localhost")],
            "client": ("10.0.0.7", 4000),
            "server": ("localhost", 80),
            "state": {},
        }
        self.left = asyncio.Event()
        self.reading = asyncio.Event()
        self.reading.set()
        self.pieces = 0
        self._requested = False

    async def receive(self) -> dict[str, Any]:
        if not self._requested:
            self._requested = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: dict[str, Any]) -> None:
        """As granian does: it suspends only when its buffer is full, and accepts unread bytes."""
        if message["type"] == "http.response.body" and message["body"]:
            self.pieces += 1
            if not self.left.is_set() and not self.reading.is_set():
                await self.reading.wait()

    async def send_request(self, app: Any) -> None:
        async with asyncio.timeout(TIMEOUT_SECONDS):
            await app(self.scope, self.receive, self.send)


@asynccontextmanager
async def application(memory_index: InMemoryIndex, folder: Path) -> AsyncIterator[Any]:
    set_up = settings(folder)
    app = create_app(set_up, memory_index)
    async with app.lifespan():
        yield app


def many_articles() -> InMemoryIndex:
    return InMemoryIndex(*(article(f"article-{number}", text="Text. " * 500) for number in range(3000)))


async def until(fact: Callable[[], bool]) -> None:
    async with asyncio.timeout(TIMEOUT_SECONDS):
        while not fact():  # noqa: ASYNC110 - facts of many kinds
            await asyncio.sleep(0.001)


def test_a_disconnect_ends_a_stream(tmp_path: Path) -> None:
    memory_index = many_articles()

    async def send_requests() -> None:
        async with application(memory_index, tmp_path) as app:
            client = Client("/articles.ndjson")
            client.reading.clear()
            asked = asyncio.create_task(client.send_request(app))
            await until(lambda: client.pieces == 1)
            before = memory_index.asked
            client.left.set()
            await asked
            assert memory_index.asked <= before + 2
            assert client.pieces <= 2

    asyncio.run(send_requests())


def test_a_slow_client_has_at_most_one_page_ahead(tmp_path: Path) -> None:
    memory_index = many_articles()

    async def send_requests() -> None:
        async with application(memory_index, tmp_path) as app:
            client = Client("/articles.ndjson")
            client.reading.clear()
            asked = asyncio.create_task(client.send_request(app))
            await until(lambda: client.pieces == 1)
            begun = memory_index.asked
            for _ in range(100):
                await asyncio.sleep(0)
            assert memory_index.asked == begun
            client.reading.set()
            await until(lambda: memory_index.asked > begun + 3)
            client.left.set()
            await asked

    asyncio.run(send_requests())


def test_streams_let_others_run_between_two_pages(tmp_path: Path) -> None:
    """However many streams there are, one page of one of them is rendered in a turn of the loop."""
    memory_index = many_articles()

    async def send_requests() -> None:
        async with application(memory_index, tmp_path) as app:
            clients = [Client("/articles.ndjson") for _ in range(5)]
            asked = [asyncio.create_task(client.send_request(app)) for client in clients]
            turns, done = 0, asyncio.gather(*asked)
            while not done.done():
                await asyncio.sleep(0)
                turns += 1
            await done
            # Pages of 50: 3,000 articles are 60. The first ones, up to a megabyte, are made once for all.
            assert all(client.pieces == 60 for client in clients)
            assert memory_index.asked > 4 * 40
            assert turns >= memory_index.asked

    asyncio.run(send_requests())


def test_a_disconnect_ends_a_query(tmp_path: Path) -> None:
    class Endless(InMemoryIndex):
        cancelled = 0

        async def find(self, query: Query, limit: int) -> Page:  # noqa: ARG002 - the protocol's
            self.asked += 1
            try:
                return await asyncio.Event().wait()  # type: ignore[return-value]
            finally:
                self.cancelled += 1

    memory_index = Endless(article())

    async def send_requests() -> None:
        async with application(memory_index, tmp_path) as app:
            clients = [Client("/articles.json?q=oil") for _ in range(2)]
            asked = [asyncio.create_task(client.send_request(app)) for client in clients]
            await until(lambda: memory_index.asked == 1)
            clients[0].left.set()
            await asked[0]
            assert memory_index.cancelled == 0
            clients[1].left.set()
            await asked[1]
            await until(lambda: memory_index.cancelled == 1)

    asyncio.run(send_requests())


def test_finished_request_is_not_watched() -> None:
    async def send_requests() -> None:
        async def receive() -> Any:
            raise AssertionError("watched")

        for _ in range(10):
            async with until_disconnect(receive):
                await asyncio.sleep(0)
        await asyncio.sleep(0.1)

    asyncio.run(send_requests())


def test_other_cancellations_pass_through() -> None:
    async def send_requests() -> None:
        left = asyncio.Event()

        async def receive() -> Any:
            await left.wait()
            return {"type": "http.disconnect"}

        async def block() -> None:
            async with until_disconnect(receive, 0.0):
                await asyncio.sleep(600)

        stopped = asyncio.create_task(block())
        await asyncio.sleep(0.01)
        stopped.cancel()
        with pytest.raises(asyncio.CancelledError):
            await stopped
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await block()
        left.set()
        async with asyncio.timeout(TIMEOUT_SECONDS):
            await block()

    asyncio.run(send_requests())


@pytest.mark.parametrize("fault", [QueryTooExpensive(), TooManyQueries()])
def test_a_refused_query_is_503_and_not_an_internal_error(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, fault: Exception
) -> None:
    memory_index = InMemoryIndex(article())
    memory_index.fault = fault

    async def send_requests() -> None:
        async with serving(memory_index, settings(tmp_path)) as client:
            for path in ("/articles.json?q=a", "/feed.atom?q=a", "/articles.ndjson?q=a", "/suggest?q=abc"):
                answer = await client.get(path)
                document = problem(answer, 503, type(fault).__name__)
                assert document["detail"] == str(fault)
                assert answer.headers["retry-after"] == "5"
            page = await client.get("/articles.html?q=a", headers={"Accept": BROWSER})
            assert page.status_code == 503
            assert str(fault) in page.text

    asyncio.run(send_requests())
    assert caplog.records == []
