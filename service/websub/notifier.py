"""Watch the index for changes and notify the hubs of them (WebSub)."""

import asyncio
import logging
from collections.abc import Mapping

import httpx

from service import __version__
from service.errors import BroadsheetError
from service.index import Index, sibling_path
from service.log_on_change import LogOnChange
from service.model import Site
from service.outgoing.index_watch import WaitUntilServed
from service.publisher import Publisher
from service.websub.feed_snapshot import FeedSnapshot, FeedState
from service.websub.outcomes import PingCounters
from service.websub.ping_log import PingLog
from service.websub.pinger import HubPinger, old_feeds

RETRY_SECONDS = 5.0
TIMEOUT_SECONDS = 10.0

log = logging.getLogger("broadsheet")


class WebSubNotifier:
    """Watches the index at `index_url` and runs one `HubPinger` for each hub of the site.

    Feeds are rendered again for the comparison, at a lower priority, so no response waits for it. A hub that
    is down, slow or answers nonsense delays only its own pings. The index is looked at every `poll_seconds`.
    """

    def __init__(
        self,
        index_url: str,
        site: Site,
        counters: PingCounters,
        wait_until_served: WaitUntilServed,
        *,
        poll_seconds: float,
    ) -> None:
        self._index_url = index_url
        self._site = site
        self._counters = counters
        self._wait_until_served = wait_until_served
        self._poll_seconds = poll_seconds
        self._error_log = LogOnChange(
            logging.ERROR, "hubs are not notified of changes", "hubs are notified of changes again"
        )

    async def run(self) -> None:
        """Notify hubs until the site names none; after an error, log it and start again later."""
        has_hubs = True
        while has_hubs:
            pause_seconds = RETRY_SECONDS
            try:
                index = Index(self._index_url)
                try:
                    has_hubs = await self._watch(index)
                    pause_seconds = 0.0
                finally:
                    await index.close()
            except* BroadsheetError as group:
                self._error_log.report_error(group.exceptions[0])
            except* Exception as group:
                self._error_log.report_error(group.exceptions[0])
            await asyncio.sleep(pause_seconds)

    async def _watch(self, index: Index) -> bool:
        """Notify the hubs of the site until its hubs or its address change. Return whether it has any."""
        publisher = Publisher(index, self._site, cache_bytes=0)
        await publisher.poll_revision()
        base, hubs = _targets(publisher.site)
        if not (base and hubs):
            return False
        snapshot = FeedSnapshot(publisher, base)
        ping_log = PingLog(sibling_path(self._index_url, "hubs"), f"{base}/")
        pingers: dict[str, HubPinger] = {}
        running: list[asyncio.Task[None]] = []
        has_changed = True
        try:
            async with _client(base) as client, asyncio.TaskGroup() as tasks:
                while _targets(publisher.site) == (base, hubs):
                    if has_changed:
                        feeds = await snapshot.render_changed(ping_log.topics(hubs))
                        self._error_log.report("")
                        for hub in hubs:
                            if hub not in pingers:
                                pingers[hub] = self._make_pinger(hub, client, ping_log, feeds, index)
                                running.append(tasks.create_task(pingers[hub].run()))
                            pingers[hub].update(feeds)
                    await asyncio.sleep(self._poll_seconds)
                    has_changed = await snapshot.poll()
                for task in running:
                    task.cancel()
        finally:
            ping_log.save()
        return True

    def _make_pinger(
        self,
        hub: str,
        client: httpx.AsyncClient,
        ping_log: PingLog,
        feeds: Mapping[str, FeedState],
        index: Index,
    ) -> HubPinger:
        sent_etags = ping_log.sent_etags(hub)
        if sent_etags is None:
            sent_etags = ping_log.add_hub(hub, old_feeds(feeds))

        async def wait_until_served() -> None:
            await self._wait_until_served(*await index.newest_revision())

        return HubPinger(
            hub,
            client,
            sent_etags,
            self._counters,
            save=ping_log.save,
            wait_until_served=wait_until_served,
        )


def _client(base: str) -> httpx.AsyncClient:
    headers = {"User-Agent": f"broadsheet/{__version__} (+{base}/)"}
    return httpx.AsyncClient(headers=headers, timeout=TIMEOUT_SECONDS)


def _targets(site: Site) -> tuple[str | None, tuple[str, ...]]:
    """The public URL of the site and its hubs; after a change of either the pingers start again."""
    return site.public_url, site.hubs
