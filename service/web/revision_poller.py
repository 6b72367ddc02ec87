"""Watches for changes of the content while a worker runs."""

import asyncio
import logging
from collections.abc import Callable

from service.log_on_change import LogOnChange
from service.publisher import Publisher

POLL_SECONDS = 0.25


class RevisionPoller:
    """Asks the publisher four times a second whether the content has changed.

    A request that must not be answered from an older revision does as well. If the content has changed, it
    calls `on_change` with the cache keys that the change touches. After each time it calls `on_served` with
    the generation of the index that is served from then on.

    `can_read_content` is False after an attempt that failed, and before the first.
    """

    def __init__(
        self,
        publisher: Publisher,
        on_change: Callable[[frozenset[str]], None],
        on_served: Callable[[int], None],
    ) -> None:
        self._publisher = publisher
        self._on_change = on_change
        self._on_served = on_served
        self._condition = LogOnChange(
            logging.WARNING, "changes of the content cannot be seen", "changes of the content are seen again"
        )
        self._polling = asyncio.Lock()
        self.can_read_content = False

    async def run(self) -> None:
        """Poll until cancelled."""
        while True:
            await asyncio.sleep(POLL_SECONDS)
            await self.poll()

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
