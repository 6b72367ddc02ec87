"""Requests that wait for a change of the content: each is a suspended task, and takes no thread."""

import asyncio
from collections.abc import Callable

MOST_WAITING = 1000
"""In one worker. A request beyond these is answered at once."""


class ChangeWaiters:
    """Lets requests wait until the content changes, a time has passed, or the service stops.

    At most so many at once; `count` is called with how many wait whenever that changes.
    """

    def __init__(self, count: Callable[[int], None], most: int = MOST_WAITING) -> None:
        self._most = most
        self._count = count
        self._waiting = 0
        count(0)
        self._event = asyncio.Event()
        self._is_any_waiting = asyncio.Event()
        self._is_closed = False

    @property
    def is_full(self) -> bool:
        """Whether no more requests may wait."""
        return self._is_closed or self._waiting >= self._most

    async def wait(self, seconds: float) -> bool:
        """Wait for the next change, for at most so many seconds; whether it came."""
        if self.is_full:
            return False
        self._add(1)
        try:
            async with asyncio.timeout(seconds):
                await self._event.wait()
        except TimeoutError:
            return False
        finally:
            self._add(-1)
        return not self._is_closed

    async def wait_for_request(self) -> None:
        """Return when a request waits."""
        await self._is_any_waiting.wait()

    def notify(self) -> None:
        """End every wait, because the content has changed."""
        self._event.set()
        self._event = asyncio.Event()

    def close(self) -> None:
        """End every wait, and allow no other, because the service stops."""
        self._is_closed = True
        self._event.set()

    def _add(self, requests: int) -> None:
        self._waiting += requests
        if self._waiting:
            self._is_any_waiting.set()
        else:
            self._is_any_waiting.clear()
        self._count(self._waiting)
