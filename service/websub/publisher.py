"""Notices what changes and has the hubs told of it (WebSub), from one process beside the workers."""

import asyncio
import contextlib
import logging
import os
import signal
from collections.abc import Mapping

import httpx

from service import __version__
from service.errors import BroadsheetError
from service.index import Index, beside, open_index
from service.log_on_change import LogOnChange
from service.publisher import Publisher
from service.settings import Settings
from service.web import NOTICE_SECONDS
from service.web.figures import Figures
from service.websub.feed_snapshot import Feed, FeedSnapshot
from service.websub.notifier import HubNotifier, not_news
from service.websub.ping_log import PingLog

WAIT_SECONDS = 4 * NOTICE_SECONDS
"""Every worker looks for new content four times as often."""

PARENT_SECONDS = 1.0
TRY_AGAIN_SECONDS = 5.0
SEND_SECONDS = 10.0
NICENESS = 10

log = logging.getLogger("broadsheet")


class WebSubPublisher:
    """Looks for new content as the workers do, and sends a notifier to each hub; `base` is the public URL.

    Nothing waits for it: feeds are rendered once more to be compared, at a lower priority, and a hub that is
    down, slow or senseless keeps nobody but its own notifier.
    """

    def __init__(self, settings: Settings, base: str, figures: Figures) -> None:
        self._settings = settings
        self._base = base
        self._figures = figures
        self._trouble = LogOnChange(
            logging.ERROR, "hubs are not told of changes", "hubs are told of changes again"
        )

    def run(self) -> None:
        """Tell hubs until SIGTERM, or until the parent has ended."""
        os.nice(NICENESS)
        asyncio.run(self._until_ended(os.getppid()))

    async def _until_ended(self, parent: int) -> None:
        end = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, end.set)
        work = asyncio.create_task(self._work())
        while not end.is_set() and os.getppid() == parent:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(end.wait(), PARENT_SECONDS)
        work.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await work

    async def _work(self) -> None:
        """Tell hubs for ever; what goes wrong on our side is logged and tried again after a while."""
        while True:
            try:
                index = open_index(self._settings.index)
                try:
                    await self._watch(index)
                finally:
                    await index.close()
            except* BroadsheetError as group:
                self._trouble.tell(str(group.exceptions[0]))
            except* Exception:
                log.exception("hubs were not told of changes")
            await asyncio.sleep(TRY_AGAIN_SECONDS)

    async def _watch(self, index: Index) -> None:
        settings, hubs = self._settings, self._settings.site.hubs
        publisher = Publisher(
            index,
            settings.site,
            max_age_seconds=settings.feed_max_age_seconds,
            cache_bytes=0,
            feed_bytes=settings.feed_bytes,
        )
        snapshot = FeedSnapshot(publisher, self._base)
        ping_log = PingLog(beside(settings.index, "hubs"), f"{self._base}/")
        notifiers: dict[str, HubNotifier] = {}
        try:
            async with self._client() as client, asyncio.TaskGroup() as tasks:
                while True:
                    if await snapshot.moved():
                        feeds = await snapshot.look(ping_log.addresses(hubs))
                        self._trouble.tell("")
                        for hub in hubs:
                            if hub not in notifiers:
                                notifiers[hub] = self._notifier(hub, client, ping_log, feeds)
                                tasks.create_task(notifiers[hub].run())
                            notifiers[hub].want(feeds)
                    await asyncio.sleep(NOTICE_SECONDS)
        finally:
            ping_log.save()

    def _notifier(
        self, hub: str, client: httpx.AsyncClient, ping_log: PingLog, feeds: Mapping[str, Feed]
    ) -> HubNotifier:
        addresses = ping_log.of(hub)
        if addresses is None:
            addresses = ping_log.begin(hub, not_news(feeds))
        return HubNotifier(
            hub, client, addresses, self._figures, save=ping_log.save, wait_seconds=WAIT_SECONDS
        )

    def _client(self) -> httpx.AsyncClient:
        headers = {"User-Agent": f"broadsheet/{__version__} (+{self._base}/)"}
        return httpx.AsyncClient(headers=headers, timeout=SEND_SECONDS)
