"""Threads for queries: what a query may take, how many may wait, and what is left when one is stopped."""

import asyncio
import os
import sqlite3
import sys
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from service.errors import QueryTooExpensive, TooManyQueries
from service.index import query_threads
from service.index.query_threads import QueryLimits, QueryThreads
from service.index.reader import Index
from service.query import Query
from tests.support.builders import at
from tests.support.index_folder import PATIENT, Folder
from tests.support.waiting import TIMEOUT_SECONDS

ENDLESS = "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n"


class Queries:
    """Queries of one connection, and the processor time that each endless one took."""

    def __init__(self) -> None:
        self.connection = sqlite3.connect(":memory:", check_same_thread=False)
        self.begun = threading.Event()
        self.took: list[float] = []

    @contextmanager
    def snapshot(self) -> Iterator[sqlite3.Connection]:
        yield self.connection

    def endless(self, connection: sqlite3.Connection) -> None:
        began = time.thread_time()
        self.begun.set()
        try:
            connection.execute(ENDLESS).fetchone()
        finally:
            self.took.append(time.thread_time() - began)

    def short(self, connection: sqlite3.Connection, number: int = 42) -> int:
        return int(connection.execute("SELECT ?", (number,)).fetchone()[0])


def play(limits: QueryLimits, scene: Callable[[QueryThreads, Queries], Coroutine[Any, Any, None]]) -> Queries:
    """Run `scene` with one thread, which must be free again at its end."""
    queries = Queries()

    async def run() -> None:
        threads = QueryThreads("test", 1, limits, queries.snapshot)
        async with asyncio.timeout(TIMEOUT_SECONDS):
            await scene(threads, queries)
            assert await threads.run(queries.short) == 42
            assert await threads.run(queries.short, number=7) == 7
        await threads.close()

    asyncio.run(run())
    queries.connection.close()
    return queries


async def begin(threads: QueryThreads, queries: Queries) -> "asyncio.Task[None]":
    """An endless query that has begun."""
    queries.begun.clear()
    task = asyncio.create_task(threads.run(queries.endless))
    await asyncio.to_thread(queries.begun.wait, TIMEOUT_SECONDS)
    return task


async def cancel(task: "asyncio.Task[Any]") -> None:
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


def test_a_query_ends_when_its_processor_time_is_used_up(monkeypatch: pytest.MonkeyPatch) -> None:
    # On a busy machine the limit by the clock would be reached first.
    monkeypatch.setattr(query_threads, "WALL_TIME_FACTOR", 10_000)

    async def scene(threads: QueryThreads, queries: Queries) -> None:
        for _ in range(3):
            with pytest.raises(QueryTooExpensive):
                await threads.run(queries.endless)

    queries = play(QueryLimits(cpu_seconds=0.05, most_waiting=0, wait_seconds=600.0), scene)
    # The clock of a thread may tick every 10 ms.
    assert all(0.01 <= took < 0.5 for took in queries.took), queries.took


def test_a_query_ends_when_it_is_cancelled() -> None:
    async def scene(threads: QueryThreads, queries: Queries) -> None:
        for _ in range(3):
            await cancel(await begin(threads, queries))

    assert len(play(PATIENT, scene).took) == 3


def test_queue_is_limited() -> None:
    async def scene(threads: QueryThreads, queries: Queries) -> None:
        running = await begin(threads, queries)
        waiting = [asyncio.create_task(threads.run(queries.short)) for _ in range(2)]
        await asyncio.sleep(0)
        for _ in range(3):
            with pytest.raises(TooManyQueries):
                await threads.run(queries.short)
        # Who leaves the queue leaves room for another.
        await cancel(waiting.pop())
        waiting.append(asyncio.create_task(threads.run(queries.short)))
        await cancel(running)
        assert await asyncio.gather(*waiting) == [42, 42]

    play(QueryLimits(cpu_seconds=600.0, most_waiting=2, wait_seconds=600.0), scene)


def test_waiting_is_limited_in_time() -> None:
    async def scene(threads: QueryThreads, queries: Queries) -> None:
        running = await begin(threads, queries)
        with pytest.raises(TooManyQueries):
            await threads.run(queries.short)
        await cancel(running)

    play(QueryLimits(cpu_seconds=600.0, most_waiting=2, wait_seconds=0.01), scene)


def test_an_error_of_a_query_nobody_waits_for_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    async def scene(threads: QueryThreads, queries: Queries) -> None:
        await cancel(await begin(threads, queries))

    play(PATIENT, scene)
    assert caplog.records == []


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere threads have no priority of their own")
def test_threads_have_the_priority_of_their_limits() -> None:
    queries = Queries()

    def priority(*_: object) -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    async def priorities() -> list[int]:
        values = []
        for niceness in (0, 3):
            limits = QueryLimits(cpu_seconds=9.0, most_waiting=9, wait_seconds=9.0, niceness=niceness)
            threads = QueryThreads("test", 1, limits, queries.snapshot)
            values += [await threads.run(priority), await threads.run(priority)]
            await threads.close()
        return values

    own = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    assert asyncio.run(priorities()) == [own, own, min(own + 3, 19), min(own + 3, 19)]
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == own
    queries.connection.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    folder = Folder(tmp_path_factory.mktemp("lanes"))
    for number in range(20):
        folder.write(f"a-{number}", date="2024-01-01", tags=["t", f"t{number}"], text="Oil and ministries.")
    folder.refresh()
    return folder


FEED = Query(tags=("t",))
FILTERED = Query(tags=("t",), exclude_tags=("t3",))
SEARCH = Query(q="oil")
KINDS = [FEED, FILTERED, SEARCH]


@pytest.mark.parametrize("busy", ["ordered", "filters", "searches"])
def test_a_kind_of_query_waits_only_for_its_own(folder: Folder, busy: str) -> None:
    """With every thread of a group busy and its queue full, the others are answered."""

    async def scene() -> None:
        index = Index(folder.url)
        threads: QueryThreads = getattr(index, busy)
        release = threading.Event()
        waiting = [
            asyncio.create_task(threads.run(lambda *_: release.wait(TIMEOUT_SECONDS))) for _ in range(18)
        ]
        await asyncio.sleep(0)
        for name, query in zip(("ordered", "filters", "searches"), KINDS, strict=True):
            if name != busy:
                page = await index.find_feed_page(query, 10, 1_000_000)
                assert len(page.articles) == 10
            elif name != "ordered":
                with pytest.raises(TooManyQueries):
                    await index.find_feed_page(query, 10, 1_000_000)
        # What takes microseconds needs no thread.
        assert (await index.find(FEED, 10)).total == 20
        release.set()
        await asyncio.gather(*waiting, return_exceptions=True)
        await index.close()

    asyncio.run(scene())


@pytest.mark.parametrize(
    ("query", "group"),
    [
        (Query(), "ordered"),
        (Query(tags=("t",)), "ordered"),
        (Query(tags=("t", "t1")), "filters"),
        (Query(tags=("t",), languages=("en",)), "filters"),
        (Query(exclude_tags=("t1",)), "filters"),
        (Query(since=at("2020-01-01")), "filters"),
        (Query(until=at("2020-01-01")), "filters"),
        (Query(updated_since=at("2020-01-01")), "filters"),
        (Query(q="oil"), "searches"),
        (Query(q="-oil", tags=("t",)), "searches"),
        (Query(q="oil", sort="relevance"), "searches"),
        (Query(title="oil"), "searches"),
    ],
)
def test_every_query_has_its_group(folder: Folder, query: Query, group: str) -> None:
    async def scene() -> None:
        index = Index(folder.url)
        assert index.threads_for(query) is getattr(index, group)
        await index.close()

    asyncio.run(scene())


def test_a_stopped_query_leaves_the_index_as_it_was(folder: Folder) -> None:
    """The connection of the thread that ran it answers the next query: no transaction is left open."""

    async def scene() -> None:
        index = Index(folder.url)
        index.searches.limits = QueryLimits(cpu_seconds=-1.0, most_waiting=9, wait_seconds=9.0)
        # Too many words for the few steps after which the time is looked at.
        words = Query(q=" ".join(f"-word{number}" for number in range(60)))
        for _ in range(5):
            with pytest.raises(QueryTooExpensive):
                await index.find(words, 10)
        await index.close()

    asyncio.run(scene())


def test_a_stopped_query_that_had_another_statement_open_leaves_the_index_as_it_was(folder: Folder) -> None:
    begun = threading.Event()

    def read_while_another_is_open(connection: sqlite3.Connection) -> int:
        rows = connection.execute("SELECT row FROM visible")
        next(rows)
        begun.set()
        connection.execute(ENDLESS).fetchone()
        return len(rows.fetchall())

    async def scene() -> None:
        index = Index(folder.url)
        index.searches.limits = PATIENT
        for _ in range(3):
            begun.clear()
            task = asyncio.create_task(index.searches.run(read_while_another_is_open))
            await asyncio.to_thread(begun.wait, TIMEOUT_SECONDS)
            await cancel(task)
            assert (await index.find(SEARCH, 10)).total == 20
        await index.close()

    asyncio.run(scene())
