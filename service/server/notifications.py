"""Runs what notifies others of changes, in a process of its own: the publishers of WebSub and of webhooks."""

import asyncio
import contextlib
import os
import signal

from service.webhooks.publisher import WebhookPublisher
from service.websub.publisher import WebSubPublisher

NICENESS = 10
HUBS_POLL_SECONDS = 2.0


def run_publishers(websub: WebSubPublisher, webhooks: WebhookPublisher) -> None:
    """Notify hubs and receivers of webhooks until SIGTERM, or until there are none.

    The priority is low, so that no response waits for a feed that is rendered for the comparison.
    """
    os.nice(NICENESS)
    asyncio.run(_until_terminated(websub, webhooks))


async def _until_terminated(websub: WebSubPublisher, webhooks: WebhookPublisher) -> None:
    work = asyncio.create_task(_notify(websub, webhooks))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, work.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await work


async def _notify(websub: WebSubPublisher, webhooks: WebhookPublisher) -> None:
    async with asyncio.TaskGroup() as tasks:
        calls = tasks.create_task(webhooks.run())
        await websub.run()
        while not calls.done():
            await asyncio.sleep(HUBS_POLL_SECONDS)
            await websub.run()  # the site may name hubs by now
