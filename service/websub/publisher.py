"""Watches the index for changes and has the hubs notified of them (WebSub), in a process of its own."""

import asyncio
import contextlib
import logging
import os
import signal
from collections.abc import Mapping

import httpx

from service import __version__
from service.errors import BroadsheetError
from service.index import Index, sibling_path
from service.log_on_change import LogOnChange
from service.model import Site
from service.publisher import Publisher
from service.settings import Settings
from service.web import NOTICE_SECONDS
from service.web.counters import Figures
from service.websub.feed_snapshot import Feed, FeedSnapshot
from service.websub.notifier import HubNotifier, not_news
from service.websub.ping_log import PingLog

WAIT_SECONDS = 4 * NOTICE_SECONDS
"""Every worker looks for new content four times as often."""

TRY_AGAIN_SECONDS = 5.0
SEND_SECONDS = 10.0
NICENESS = 10

log = logging.getLogger("broadsheet")


class WebSubPublisher:
    """Watches the index as the workers do, and runs one notifier for each hub of the site.

    No answer waits for it: feeds are rendered once more to be compared, at a lower priority, and a hub that
    is down, slow or answers nonsense delays only its own notifier.
    """

    def __init__(self, settings: Settings, figures: Figures) -> None:
        self._settings = settings
        self._figures = figures
        self._trouble = LogOnChange(
            logging.ERROR, "hubs are not notified of changes", "hubs are notified of changes again"
        )

    def run(self) -> None:
        """Notify hubs until SIGTERM, or until the site names none."""
        os.nice(NICENESS)
        asyncio.run(self._until_terminated())

    async def _until_terminated(self) -> None:
        work = asyncio.create_task(self._work())
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, work.cancel)
        with contextlib.suppress(asyncio.CancelledError):
            await work

    async def _work(self) -> None:
        """Notify hubs while there are any; an error of the service is logged, and tried again later."""
        wanted = True
        while wanted:
            pause_seconds = TRY_AGAIN_SECONDS
            try:
                index = Index(self._settings.index)
                try:
                    wanted = await self._watch(index)
                    pause_seconds = 0.0
                finally:
                    await index.close()
            except* BroadsheetError as group:
                self._trouble.report(str(group.exceptions[0]))
            except* Exception as group:
                error = group.exceptions[0]
                self._trouble.report(f"{type(error).__name__}: {error}", error)
            await asyncio.sleep(pause_seconds)

    async def _watch(self, index: Index) -> bool:
        """Notify the hubs of the site until its hubs or its address change; whether there were any."""
        settings = self._settings
        publisher = Publisher(
            index,
            settings.site,
            max_age_seconds=settings.feed_max_age_seconds,
            cache_bytes=0,
            feed_bytes=settings.feed_bytes,
        )
        await publisher.poll_revision()
        base, hubs = _addresses(publisher.site)
        if not (base and hubs):
            return False
        snapshot = FeedSnapshot(publisher, base)
        ping_log = PingLog(sibling_path(settings.index, "hubs"), f"{base}/")
        notifiers: dict[str, HubNotifier] = {}
        running: list[asyncio.Task[None]] = []
        has_moved = True
        try:
            async with _client(base) as client, asyncio.TaskGroup() as tasks:
                while _addresses(publisher.site) == (base, hubs):
                    if has_moved:
                        feeds = await snapshot.look(ping_log.addresses(hubs))
                        self._trouble.report("")
                        for hub in hubs:
                            if hub not in notifiers:
                                notifiers[hub] = self._notifier(hub, client, ping_log, feeds)
                                running.append(tasks.create_task(notifiers[hub].run()))
                            notifiers[hub].want(feeds)
                    await asyncio.sleep(NOTICE_SECONDS)
                    has_moved = await snapshot.moved()
                for task in running:
                    task.cancel()
        finally:
            ping_log.save()
        return True

    def _notifier(
        self, hub: str, client: httpx.AsyncClient, ping_log: PingLog, feeds: Mapping[str, Feed]
    ) -> HubNotifier:
        addresses = ping_log.of(hub)
        if addresses is None:
            addresses = ping_log.begin(hub, not_news(feeds))
        return HubNotifier(
            hub, client, addresses, self._figures, save=ping_log.save, wait_seconds=WAIT_SECONDS
        )


def _client(base: str) -> httpx.AsyncClient:
    headers = {"User-Agent": f"broadsheet/{__version__} (+{base}/)"}
    return httpx.AsyncClient(headers=headers, timeout=SEND_SECONDS)


def _addresses(site: Site) -> tuple[str | None, tuple[str, ...]]:
    """What a change of which means other hubs or other feeds to notify them of."""
    return site.public_url, site.hubs
