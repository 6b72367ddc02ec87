"""Runs equal work once when several callers request it at the same time."""

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class _Flight(Generic[T]):
    def __init__(self, work: asyncio.Task[T]) -> None:
        self.work = work
        self.callers = 0


class SingleFlight:
    """Shares the result, or the error, of work in progress among all callers with the same key."""

    def __init__(self) -> None:
        self._flights: dict[Hashable, _Flight[Any]] = {}

    async def share(self, key: Hashable, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """The result of `work`, started by the first caller with this `key` and awaited by the others.

        Cancelling one caller does not affect the others; when all are cancelled, so is the work.
        """
        flight: _Flight[T] | None = self._flights.get(key)
        if flight is None:
            flight = self._flights[key] = _Flight(asyncio.create_task(work()))
            flight.work.add_done_callback(lambda work: self._finish(key, flight, work))
        flight.callers += 1
        try:
            return await asyncio.shield(flight.work)
        finally:
            flight.callers -= 1
            if not flight.callers and not flight.work.done():
                self._remove(key, flight)
                flight.work.cancel()

    def clear(self) -> None:
        """Let no further caller join the work in progress; those that wait still get its result."""
        self._flights.clear()

    def _finish(self, key: Hashable, flight: _Flight[Any], work: asyncio.Task[Any]) -> None:
        self._remove(key, flight)
        if not work.cancelled():
            work.exception()  # asyncio logs it unless retrieved, and every caller may have been cancelled

    def _remove(self, key: Hashable, flight: _Flight[Any]) -> None:
        if self._flights.get(key) is flight:
            del self._flights[key]
