"""Runs one `CachePurger` for each cache in front of the service."""

import asyncio
import logging
from collections.abc import Mapping
from contextlib import AsyncExitStack

from service.index import Index, sibling_path
from service.log_on_change import LogOnChange
from service.outgoing.index_watch import WaitUntilServed, keep_following
from service.outgoing.request_sender import RequestSender
from service.purging.purge_state import FILE_NAME, PurgeStateFile
from service.purging.purger import CachePurger, PurgeCounters
from service.settings.purges import Purge

BATCH_SECONDS = 0.25


class PurgeNotifier:
    """Purges the caches `purges` of the changes of the index at `index_url`; `tokens` are by their ids.

    A cache that is down, slow or answers nonsense delays only its own purges.
    """

    def __init__(
        self,
        index_url: str,
        purges: tuple[Purge, ...],
        tokens: Mapping[str, str],
        counters: PurgeCounters,
        wait_until_served: WaitUntilServed,
    ) -> None:
        self._index_url = index_url
        self._purges = purges
        self._tokens = tokens
        self._counters = counters
        self._wait_until_served = wait_until_served
        for purge in purges:  # it is not known yet
            counters.set_purge_state(purge.id, is_pending=True, failing_since=0.0)
        self._error_log = LogOnChange(logging.ERROR, "caches are not purged", "caches are purged again")

    async def run(self) -> None:
        """Purge until cancelled; after an error, log it and start again later."""
        if self._purges:
            await keep_following(self._index_url, self._start, self._error_log)

    async def _start(self, index: Index, stack: AsyncExitStack, tasks: asyncio.TaskGroup) -> None:
        """Start a task for each cache; their connections are closed with the `stack`."""
        state_file = PurgeStateFile(sibling_path(self._index_url, FILE_NAME))
        for purge in self._purges:
            sender = RequestSender(allow_private=purge.allow_private_addresses)
            stack.push_async_callback(sender.close)
            purger = CachePurger(
                purge,
                index,
                sender,
                self._tokens.get(purge.id, ""),
                state_file,
                self._counters,
                self._wait_until_served,
                batch_seconds=BATCH_SECONDS,
            )
            tasks.create_task(purger.run())
