"""Concurrent requests for the same document share one rendering."""

import asyncio
from pathlib import Path

import httpx
import pytest

from service.errors import TooManyQueries
from service.publisher.single_flight import SingleFlight
from service.query import Page, Query
from tests.support.builders import article
from tests.support.in_memory_site import InMemoryIndex, eventually, serving, settings
from tests.support.problems import problem

TURNS = 50
ADDRESSES = ("/feed.atom", "/articles.json?q=oil", "/articles.ndjson", "/suggest?q=oil", "/sitemap-news.xml")


async def turns() -> None:
    """Let everything run that can."""
    for _ in range(TURNS):
        await asyncio.sleep(0)


class GatedIndex(InMemoryIndex):
    """An index whose answers wait until `gate` is open; it counts those that were cancelled meanwhile."""

    def __init__(self) -> None:
        super().__init__(article())
        self.gate = asyncio.Event()
        self.cancelled = 0

    async def find(self, query: Query, limit: int) -> Page:
        page = await super().find(query, limit)
        try:
            await self.gate.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        return page


async def ask(client: httpx.AsyncClient, path: str, times: int) -> "list[asyncio.Task[httpx.Response]]":
    """Requests that have all come to wait for the index."""
    asked = [asyncio.create_task(client.get(path)) for _ in range(times)]
    await turns()
    return asked


@pytest.mark.parametrize("path", ADDRESSES)
def test_equal_requests_query_the_index_once(tmp_path: Path, path: str) -> None:
    async def play() -> None:
        memory_index = GatedIndex()
        async with serving(memory_index, settings(tmp_path)) as client:
            asked = await ask(client, path, 6)
            assert memory_index.asked == 1
            memory_index.gate.set()
            answers = await asyncio.gather(*asked)
            assert {answer.status_code for answer in answers} == {200}
            assert len({answer.content for answer in answers}) == 1
            assert memory_index.asked == 1

    asyncio.run(play())


def test_error_is_raised_to_all_callers_and_not_cached(tmp_path: Path) -> None:
    class Refusing(GatedIndex):
        async def find(self, query: Query, limit: int) -> Page:
            page = await super().find(query, limit)
            if self.asked == 1:
                raise TooManyQueries
            return page

    async def play() -> None:
        memory_index = Refusing()
        async with serving(memory_index, settings(tmp_path)) as client:
            asked = await ask(client, "/feed.atom", 3)
            memory_index.gate.set()
            for answer in await asyncio.gather(*asked):
                problem(answer, 503, "TooManyQueries")
            assert memory_index.asked == 1
            assert (await client.get("/feed.atom")).status_code == 200

    asyncio.run(play())


def test_work_is_cancelled_when_the_last_caller_has_left(tmp_path: Path) -> None:
    async def play() -> None:
        memory_index = GatedIndex()
        async with serving(memory_index, settings(tmp_path)) as client:
            first, *others, last = await ask(client, "/feed.atom", 4)
            for task in (first, *others):
                task.cancel()
            await turns()
            assert memory_index.cancelled == 0
            last.cancel()
            await turns()
            assert (memory_index.asked, memory_index.cancelled) == (1, 1)
            memory_index.gate.set()
            assert (await client.get("/feed.atom")).status_code == 200
            assert memory_index.asked == 2

    asyncio.run(play())


def test_request_after_a_new_revision_gets_the_new_content(tmp_path: Path) -> None:
    async def play() -> None:
        memory_index = GatedIndex()
        async with serving(memory_index, settings(tmp_path)) as client:
            before = await ask(client, "/feed.atom", 2)
            memory_index.articles, memory_index.content = (article("another"),), "two"
            # Until the worker has seen the new revision, requests join the old work.
            after: list[asyncio.Task[httpx.Response]] = []
            for _ in range(1000):
                after += await ask(client, "/feed.atom", 1)
                if memory_index.asked > 1:
                    break
                await asyncio.sleep(0.02)
            memory_index.gate.set()
            # What was asked for before is made again when it is found to be of an earlier revision.
            assert all(b"Another" in answer.content for answer in await asyncio.gather(*before))
            assert b"Another" in (await after[-1]).content
            await asyncio.gather(*after)
            await eventually(client, "/feed.atom", lambda answer: b"Another" in answer.content)

    asyncio.run(play())


def test_caller_during_cancellation_starts_new_work() -> None:
    async def play() -> None:
        flights, begun = SingleFlight(), 0

        async def work() -> int:
            nonlocal begun
            begun += 1
            number = begun
            try:
                await asyncio.sleep(0.01 if number > 1 else 600)
            finally:
                await asyncio.sleep(0)  # what ends takes a while
            return number

        first = asyncio.create_task(flights.share("key", work))
        await turns()
        first.cancel()
        await asyncio.sleep(0)
        assert await flights.share("key", work) == 2

    asyncio.run(play())


def test_errors_without_a_waiting_caller_are_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    async def play() -> None:
        async def work() -> None:
            try:
                await asyncio.sleep(600)
            finally:
                raise TooManyQueries

        task = asyncio.create_task(SingleFlight().share("key", work))
        await turns()
        task.cancel()
        await turns()

    asyncio.run(play())
    assert caplog.records == []
