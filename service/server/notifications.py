"""Runs what notifies others of changes, in a process of its own: hubs, receivers of webhooks, and caches."""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Callable, Coroutine
from typing import Any

from service.index import Revision
from service.purging.notifier import PurgeNotifier
from service.settings import Settings
from service.web.metrics.counters import Counters
from service.web.revision_poller import POLL_SECONDS
from service.webhooks.notifier import WebhookNotifier
from service.websub.notifier import WebSubNotifier

NICENESS = 10
HUBS_POLL_SECONDS = 2.0
FOLLOWING_POLL_SECONDS = 0.25
LONGEST_WAIT_SECONDS = 30.0
"""So long a worker may lag behind; longer, it has ended, or answers nothing anyway."""


def run_notifiers(
    websub: WebSubNotifier, webhooks: WebhookNotifier, purges: PurgeNotifier, is_following: Callable[[], bool]
) -> None:
    """Notify hubs, receivers of webhooks and caches until SIGTERM, until there are none, or `is_following`.

    The priority is low, so that no response waits for a feed that is rendered for the comparison.
    """
    os.nice(NICENESS)
    asyncio.run(_until_terminated(_notify(websub, webhooks, purges), is_following))


class ServedRevisions:
    """Which content all workers and replicas serve; a worker is waited for `longest_seconds` at the most."""

    def __init__(
        self, settings: Settings, counters: Counters, longest_seconds: float = LONGEST_WAIT_SECONDS
    ) -> None:
        self._settings = settings
        self._counters = counters
        self._longest_seconds = longest_seconds
        self._content: str | None = None

    async def wait(self, generation: int, revision: Revision) -> None:
        """Return when every worker serves the index with this generation, and every replica does.

        Replicas switch to a published index at an instant that is at most `publish_delay_seconds` later.
        While nothing can be published, they serve what they have, so this waits on. Scheduled changes of
        content that they serve need no publication.
        """
        if self._settings.publish is not None:
            if revision.content != self._content:
                began = time.monotonic()
                await _poll_until(lambda: self._counters.get("published_as_of") >= began)
                await asyncio.sleep(self._settings.publish_delay_seconds)
                self._content = revision.content
            await asyncio.sleep(2 * POLL_SECONDS)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._longest_seconds):
                await _poll_until(lambda: self._counters.served_generation() >= generation)


async def _poll_until(is_done: Callable[[], bool]) -> None:
    """Wait for what another process does."""
    while not is_done():  # noqa: ASYNC110 - another process sets it
        await asyncio.sleep(POLL_SECONDS)


async def _until_terminated(notifying: Coroutine[Any, Any, None], is_following: Callable[[], bool]) -> None:
    work = asyncio.create_task(notifying)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, work.cancel)
    while not work.done():
        await asyncio.wait((work,), timeout=FOLLOWING_POLL_SECONDS)
        if is_following():
            work.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await work


async def _notify(websub: WebSubNotifier, webhooks: WebhookNotifier, purges: PurgeNotifier) -> None:
    async with asyncio.TaskGroup() as tasks:
        others = [tasks.create_task(notifier.run()) for notifier in (webhooks, purges)]
        await websub.run()
        while not all(other.done() for other in others):
            await asyncio.sleep(HUBS_POLL_SECONDS)
            await websub.run()  # the site may name hubs by now
