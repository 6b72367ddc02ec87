"""Watches the journal for changes and delivers the events of them to every webhook."""

import asyncio
import logging
from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import timedelta

from service.index import Index, now, sibling_path
from service.log_on_change import LogOnChange
from service.outgoing.index_watch import WaitUntilServed, keep_following
from service.settings.webhooks import Webhook
from service.webhooks.delivery import Delivery, DeliveryCounters
from service.webhooks.delivery_state import FILE_NAME, DeliveryStateFile
from service.webhooks.sender import Sender


class WebhookNotifier:
    """Delivers the changes of the index at `index_url` to `webhooks`, whose `keys` sign by url.

    A new webhook is sent what changes after this was made. A receiver that is down, slow or answers nonsense
    delays only its own events. The index is looked at every `poll_seconds`.
    """

    def __init__(
        self,
        index_url: str,
        webhooks: tuple[Webhook, ...],
        keys: Mapping[str, tuple[bytes, ...]],
        counters: DeliveryCounters,
        wait_until_served: WaitUntilServed,
        *,
        poll_seconds: float,
    ) -> None:
        self._index_url = index_url
        self._webhooks = webhooks
        self._keys = keys
        self._counters = counters
        self._wait_until_served = wait_until_served
        self._poll_seconds = poll_seconds
        self._started_at = now()
        self._error_log = LogOnChange(logging.ERROR, "webhooks are not called", "webhooks are called again")

    async def run(self) -> None:
        """Deliver events until cancelled; after an error, log it and start again later."""
        if self._webhooks:
            await keep_following(self._index_url, self._start, self._error_log)

    async def _start(self, index: Index, stack: AsyncExitStack, tasks: asyncio.TaskGroup) -> None:
        """Start a task for each webhook, whose connections are closed with the `stack`.

        Raises IndexUnavailable.
        """
        state_file = DeliveryStateFile(sibling_path(self._index_url, FILE_NAME))
        # Revisions are recorded with whole seconds; the build before the start is no event.
        since = await index.generation_before(self._started_at + timedelta(seconds=1))
        for webhook in self._webhooks:
            sender = Sender(webhook, self._keys[webhook.url])
            stack.push_async_callback(sender.close)
            delivery = Delivery(
                webhook,
                index,
                sender,
                state_file,
                self._counters,
                self._wait_until_served,
                since=since,
                poll_seconds=self._poll_seconds,
            )
            tasks.create_task(delivery.run())
