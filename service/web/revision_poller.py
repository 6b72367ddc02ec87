"""Watches for changes of the content while a worker runs."""

import asyncio
import logging
from collections.abc import Callable

from service.log_on_change import LogOnChange
from service.publisher import Publisher

POLL_SECONDS = 0.25


class RevisionPoller:
    """Asks the publisher four times a second whether the content has changed.

    If so, it calls `on_change` with the cache keys that the change touches. After each time it calls
    `on_served` with the generation of the index that is served from then on.

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
            logging.WARNING,
            "changes of the content cannot be seen",
            "changes of the content are seen again",
        )
        self.can_read_content = False

    async def run(self) -> None:
        """Poll until cancelled."""
        while True:
            await asyncio.sleep(POLL_SECONDS)
            await self.poll()

    async def poll(self) -> None:
        """Look once whether the content has changed. Errors are logged when they begin and when they end."""
        try:
            touched = await self._publisher.poll_revision()
        except Exception as error:
            self.can_read_content = False
            self._condition.report_error(error)
            return
        self.can_read_content = True
        self._condition.report("")
        if touched:
            self._on_change(touched)
        self._on_served(self._publisher.generation)
