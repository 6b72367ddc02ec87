"""Equal work that is asked for at the same time is done once."""

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class _Flight(Generic[T]):
    def __init__(self, work: asyncio.Task[T]) -> None:
        self.work = work
        self.callers = 0


class SingleFlight:
    """Shares the result, or the error, of work in progress among all who ask for it by the same key."""

    def __init__(self) -> None:
        self._flights: dict[Hashable, _Flight[Any]] = {}

    async def share(self, key: Hashable, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """The result of `work` under `key`, begun by the first caller and joined by the others.

        A caller that is cancelled leaves the others theirs; when the last one is, so is the work.
        """
        flight: _Flight[T] | None = self._flights.get(key)
        if flight is None:
            flight = self._flights[key] = _Flight(asyncio.create_task(work()))
            flight.work.add_done_callback(lambda work: self._end(key, flight, work))
        flight.callers += 1
        try:
            return await asyncio.shield(flight.work)
        finally:
            flight.callers -= 1
            if not flight.callers and not flight.work.done():
                self._forget(key, flight)
                flight.work.cancel()

    def clear(self) -> None:
        """Let nobody else join the work in progress; those who wait for it still get it."""
        self._flights.clear()

    def _end(self, key: Hashable, flight: _Flight[Any], work: asyncio.Task[Any]) -> None:
        self._forget(key, flight)
        if not work.cancelled():
            work.exception()  # which asyncio logs unless it is taken: all who waited may have left

    def _forget(self, key: Hashable, flight: _Flight[Any]) -> None:
        if self._flights.get(key) is flight:
            del self._flights[key]
