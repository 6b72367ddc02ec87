"""Notices what changes and has the hubs told of it (WebSub), from one process beside the workers."""

import asyncio
import contextlib
import logging
import os
import signal
from collections.abc import Mapping

import httpx

from service import __version__
from service.app.beside import orphaned
from service.app.courier import Courier, not_news
from service.app.survey import Feed, Survey
from service.app.told import Told
from service.app.trouble import Trouble
from service.errors import BroadsheetError
from service.index import Index, beside, open_index
from service.publisher import Publisher
from service.settings import Settings
from service.web import NOTICE_SECONDS
from service.web.figures import Figures

WAIT_SECONDS = 4 * NOTICE_SECONDS
"""Every worker looks for new content four times as often."""

PARENT_SECONDS = 1.0
TRY_AGAIN_SECONDS = 5.0
SEND_SECONDS = 10.0
NICENESS = 10

log = logging.getLogger("broadsheet")


class Herald:
    """Looks for new content as the workers do, and sends a courier to each hub; `base` is the public URL.

    Nothing waits for it: feeds are rendered once more to be compared, at a lower priority, and a hub that is
    down, slow or senseless keeps nobody but its own courier.
    """

    def __init__(self, settings: Settings, base: str, figures: Figures) -> None:
        self._settings = settings
        self._base = base
        self._figures = figures
        self._trouble = Trouble(
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
        while not end.is_set() and not orphaned(parent):
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
        survey = Survey(publisher, self._base)
        told = Told(beside(settings.index, "hubs"), f"{self._base}/")
        couriers: dict[str, Courier] = {}
        try:
            async with self._client() as client, asyncio.TaskGroup() as tasks:
                while True:
                    if await survey.moved():
                        feeds = await survey.look(told.addresses(hubs))
                        self._trouble.tell("")
                        for hub in hubs:
                            if hub not in couriers:
                                couriers[hub] = self._courier(hub, client, told, feeds)
                                tasks.create_task(couriers[hub].run())
                            couriers[hub].want(feeds)
                    await asyncio.sleep(NOTICE_SECONDS)
        finally:
            told.save()

    def _courier(self, hub: str, client: httpx.AsyncClient, told: Told, feeds: Mapping[str, Feed]) -> Courier:
        addresses = told.of(hub)
        if addresses is None:
            addresses = told.begin(hub, not_news(feeds))
        return Courier(hub, client, addresses, self._figures, save=told.save, wait_seconds=WAIT_SECONDS)

    def _client(self) -> httpx.AsyncClient:
        headers = {"User-Agent": f"broadsheet/{__version__} (+{self._base}/)"}
        return httpx.AsyncClient(headers=headers, timeout=SEND_SECONDS)
