"""Watches for changes of the content while a worker runs."""

import asyncio
import logging
import time
from collections.abc import Callable

from service.log_on_change import LogOnChange
from service.publisher import Publisher

POLL_SECONDS = 0.25
"""How often the numbers of the processes that change the index are compared."""

INDEX_SECONDS = 1.0
"""How often the index is asked where these are equal: a program without such a number may have changed it."""


class RevisionPoller:
    """Asks the publisher whether the content has changed: every second, and when `read_changes` says so.

    That is called four times a second; its numbers are those of `Counters.index_changes`. None: the publisher
    is asked as often. A request that must not be answered from an older revision asks as well.

    If the content has changed, `on_change` is called with the cache keys that the change touches; after each
    time `on_served`, with the generation of the index that is served from then on.

    `can_read_content` is False after an attempt that failed, and before the first.
    """

    def __init__(
        self,
        publisher: Publisher,
        on_change: Callable[[frozenset[str]], None],
        on_served: Callable[[int], None],
        read_changes: Callable[[], tuple[float, ...]] | None = None,
    ) -> None:
        self._publisher = publisher
        self._on_change = on_change
        self._on_served = on_served
        self._condition = LogOnChange(
            logging.WARNING, "changes of the content cannot be seen", "changes of the content are seen again"
        )
        self._polling = asyncio.Lock()
        self._read_changes = read_changes
        self._changes: tuple[float, ...] = ()
        self._poll_at = 0.0
        self.can_read_content = False

    async def run(self) -> None:
        """Poll until cancelled."""
        while True:
            await asyncio.sleep(POLL_SECONDS)
            changes = self._read_changes() if self._read_changes else ()
            is_same = bool(changes) and changes == self._changes
            if is_same and time.monotonic() < self._poll_at:
                continue
            if await self.poll() and not any(number % 2 for number in changes):
                self._changes = changes
                self._poll_at = time.monotonic() + INDEX_SECONDS

    async def poll(self) -> bool:
        """Look once whether the content has changed; False if that cannot be seen.

        Errors are logged when they begin and when they end.
        """
        async with self._polling:
            return await self._poll()

    async def _poll(self) -> bool:
        try:
            touched = await self._publisher.poll_revision()
        except Exception as error:
            self.can_read_content = False
            self._condition.report_error(error)
            return False
        self.can_read_content = True
        self._condition.report("")
        if touched:
            self._on_change(touched)
        self._on_served(self._publisher.generation)
        return True
