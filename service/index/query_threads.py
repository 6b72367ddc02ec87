"""Threads that run queries: each query within limits, and a bounded queue for those that have to wait."""

import asyncio
import os
import sqlite3
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from functools import partial
from typing import Any, Concatenate, ParamSpec, TypeVar

import msgspec

from service.errors import QueryTooExpensive, TooManyQueries

Arguments = ParamSpec("Arguments")
T = TypeVar("T")

OpenSnapshot = Callable[[], AbstractContextManager[sqlite3.Connection]]
"""Opens the index in the thread that calls it, at one state of it until the end of the block."""

STEPS_BETWEEN_CHECKS = 200
"""Steps of SQLite's virtual machine. One step may read many entries of a full-text index: with 1,000 steps a
budget of 10 ms ended after 127, with 200 after 20; checking costs less than can be measured."""

WALL_TIME_FACTOR = 4
"""How many times its processor time a query may take by the clock, on a busy machine."""


class QueryLimits(msgspec.Struct, frozen=True, kw_only=True):
    """The limits of one query, and how many may wait how long for a thread.

    `niceness` lowers the priority of the threads (Linux, nice(2)).
    """

    cpu_seconds: float
    most_waiting: int
    wait_seconds: float
    niceness: int = 0


def retrieve_error(done: "asyncio.Future[Any]") -> None:
    """Retrieve the error of work whose caller may have gone: asyncio logs errors that are never retrieved."""
    if not done.cancelled():
        done.exception()


def _lower_priority(niceness: int) -> None:
    # Elsewhere it is the process that becomes nicer, and with it the thread that answers every request.
    if sys.platform == "linux":
        os.nice(niceness)


class QueryThreads:
    """A number of threads, each of which runs one query at a time within `limits`."""

    def __init__(self, name: str, threads: int, limits: QueryLimits, open_snapshot: OpenSnapshot) -> None:
        self._executor = ThreadPoolExecutor(
            threads, f"index-{name}", initializer=_lower_priority, initargs=(limits.niceness,)
        )
        self._free = asyncio.Semaphore(threads)
        self.limits = limits
        self._open_snapshot = open_snapshot
        self._waiting = 0

    async def run(
        self,
        query: Callable[Concatenate[sqlite3.Connection, Arguments], T],
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> T:
        """The result of `query`, called in one of the threads. Cancelling stops it, and waits for its end.

        Raises TooManyQueries, QueryTooExpensive.
        """
        await self._wait_for_thread()
        try:
            loop = asyncio.get_running_loop()
            # An interrupt of the connection is lost between two statements, and while another one is open, it
            # fails the ROLLBACK and all that follows.
            stopped = threading.Event()
            execute = partial(self._execute, stopped, query, *args, **kwargs)
            result = loop.run_in_executor(self._executor, execute)
            result.add_done_callback(retrieve_error)
            timer = loop.call_later(WALL_TIME_FACTOR * self.limits.cpu_seconds, stopped.set)
            try:
                return await asyncio.shield(result)
            except asyncio.CancelledError:
                stopped.set()
                await asyncio.wait((result,))
                raise
            finally:
                timer.cancel()
        finally:
            self._free.release()

    def _execute(
        self,
        stopped: threading.Event,
        query: Callable[Concatenate[sqlite3.Connection, Arguments], T],
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> T:
        """The result of `query` on a snapshot. Raises QueryTooExpensive, also once it is `stopped`."""
        with self._open_snapshot() as connection:
            deadline = time.thread_time() + self.limits.cpu_seconds
            connection.set_progress_handler(
                lambda: stopped.is_set() or time.thread_time() > deadline, STEPS_BETWEEN_CHECKS
            )
            try:
                return query(connection, *args, **kwargs)
            except sqlite3.OperationalError as error:
                if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
                    raise QueryTooExpensive from None
                raise
            finally:
                connection.set_progress_handler(None, 0)

    async def close(self) -> None:
        """Wait for the queries that run, and end the threads."""
        await asyncio.to_thread(self._executor.shutdown)

    async def _wait_for_thread(self) -> None:
        """Take one of the threads, which must be released. Raises TooManyQueries."""
        if self._free.locked() and self._waiting >= self.limits.most_waiting:
            raise TooManyQueries
        self._waiting += 1
        try:
            async with asyncio.timeout(self.limits.wait_seconds):
                await self._free.acquire()
        except TimeoutError:
            raise TooManyQueries from None
        finally:
            self._waiting -= 1
