"""Notify one hub of the feeds that changed (WebSub §6), and retry when it fails."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

import httpx
import msgspec

from service.index import now
from service.log_on_change import LogOnChange
from service.outgoing.request_sender import describe_failure
from service.retries import retry_after, retry_delay
from service.websub.feed_snapshot import FeedState
from service.websub.outcomes import Ping, PingCounters
from service.websub.ping_log import SentEtags

MOST_AT_ONCE = 1000
TRIES = 10
FIRST_PAUSE_SECONDS = 2.0
ANSWER_SECONDS = 15.0
MOST_REDIRECTS = 3
RECENT = timedelta(days=1)

_REDIRECTS = {301, 302, 307, 308}
_HUB_STATUSES = {408, 421, 425, 429}
"""Statuses below 500 that concern the hub and not the feed: no other feed is tried before a pause."""

log = logging.getLogger("broadsheet")


class PingResult(msgspec.Struct, frozen=True):
    """The outcome of one notification; `problem` describes a failure and is empty otherwise.

    `retry_after_seconds` is the pause the hub asks for.
    """

    outcome: Ping
    problem: str = ""
    retry_after_seconds: float = 0.0


class HubPinger:
    """Notifies one hub of each feed whose validator differs from the last one the hub accepted, one by one.

    `sent_etags` is changed in place, and `save` called to keep it. Before notifications, `wait_until_served`
    returns when all workers and replicas serve the change: hubs fetch the feed at once. The pause after a
    failure is about `pause_seconds`, doubled at each further one.
    """

    def __init__(
        self,
        hub: str,
        client: httpx.AsyncClient,
        sent_etags: SentEtags,
        counters: PingCounters,
        *,
        save: Callable[[], None],
        wait_until_served: Callable[[], Awaitable[None]],
        pause_seconds: float = FIRST_PAUSE_SECONDS,
        answer_seconds: float = ANSWER_SECONDS,
    ) -> None:
        self._hub = hub
        self._client = client
        self._sent_etags = sent_etags
        self._save = save
        self._counters = counters
        self._wait_until_served = wait_until_served
        self._pause_seconds = pause_seconds
        self._answer_seconds = answer_seconds
        self._feeds: Mapping[str, FeedState] = {}
        self._refused: SentEtags = {}
        self._changed = asyncio.Event()
        self._problem_log = LogOnChange(logging.WARNING, f"hub {hub}", f"hub {hub}: works again")

    def update(self, feeds: Mapping[str, FeedState]) -> None:
        """Notify the hub of `feeds` as they are now; an earlier state that was not sent is skipped."""
        self._feeds = feeds
        self._counters.set_pending(self._hub, len(self.pending()))
        self._changed.set()

    def pending(self) -> list[str]:
        """The addresses the hub is still to be notified of, the main feeds first."""
        return [
            address
            for address, feed in self._feeds.items()
            if self._sent_etags.get(address) != feed.etag and (feed.listed or address in self._sent_etags)
        ]

    async def run(self) -> None:
        """Notify the hub of every change, until cancelled.

        After TRIES failed rounds in a row nothing is sent until the next change, which sends what is pending.
        """
        while True:
            await self._changed.wait()
            failures = 0
            while self._changed.is_set() or failures:
                self._changed.clear()
                await self._wait_until_served()
                worst = await self._round()
                self._counters.set_pending(self._hub, len(self.pending()))
                self._save()
                failures = failures + 1 if worst.problem else 0
                if failures == TRIES:
                    self._give_up()
                    break
                if failures:
                    await asyncio.sleep(retry_delay(failures, self._pause_seconds, worst.retry_after_seconds))

    async def _round(self) -> PingResult:
        """Send what is pending until the feeds change or the hub fails. Return the worst result."""
        pending = self.pending()
        if len(pending) > MOST_AT_ONCE:
            log.info(
                "hub %s: %d feeds have changed; sending the first %d", self._hub, len(pending), MOST_AT_ONCE
            )
        worst = PingResult("sent")
        self._refused.clear()
        for address in pending[:MOST_AT_ONCE]:
            if self._changed.is_set():
                break
            feed = self._feeds[address]
            result = await self._ping(address)
            self._counters.pinged(self._hub, result.outcome)
            self._problem_log.report(result.problem)
            if result.outcome == "sent":
                self._remember(address, feed)
            elif result.outcome == "refused":
                worst = result
                self._refused[address] = feed.etag
            else:
                return result
        return worst

    def _remember(self, address: str, feed: FeedState) -> None:
        if feed.listed:
            self._sent_etags[address] = feed.etag
        else:
            # If the tag comes back, its feed has changed.
            self._sent_etags.pop(address, None)

    def _give_up(self) -> None:
        """Stop until the next change; a feed the hub refused is not sent again until it changes."""
        log.warning("hub %s: given up until the next change; %d pending", self._hub, len(self.pending()))
        self._sent_etags.update(self._refused)
        self._save()

    async def _ping(self, topic: str) -> PingResult:
        """Notify the hub that `topic` has changed; only the head of its response is read."""
        # `hub.url` since PubSubHubbub 0.3, `hub.topic` by the names of WebSub: hubs take one or the other.
        form = {"hub.mode": "publish", "hub.url": topic, "hub.topic": topic}
        url = httpx.URL(self._hub)
        try:
            async with asyncio.timeout(self._answer_seconds):
                for _ in range(MOST_REDIRECTS + 1):
                    async with self._client.stream("POST", url, data=form) as response:
                        location = response.headers.get("location")
                        if response.status_code not in _REDIRECTS or not location:
                            return ping_result(response)
                        url = response.url.join(location)
        except (TimeoutError, httpx.TimeoutException):
            return PingResult("timeout", "does not respond in time")
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return PingResult("unreachable", describe_failure(error))
        return PingResult("failed", "redirects too often")


def old_feeds(feeds: Mapping[str, FeedState]) -> SentEtags:
    """The feeds an unknown hub need not be notified of: all that have not changed within the last day.

    Where the index does not outlive the container, the hub is unknown at every start.
    """
    since = now() - RECENT
    return {
        address: feed.etag
        for address, feed in feeds.items()
        if feed.modified is None or feed.modified < since
    }


def ping_result(response: httpx.Response) -> PingResult:
    """What a response means: most of the 400s concern the feed, all other errors the hub."""
    status = response.status_code
    if response.is_success:
        return PingResult("sent")
    concerns_hub = status >= 500 or status < 400 or status in _HUB_STATUSES
    outcome: Ping = "failed" if concerns_hub else "refused"
    return PingResult(outcome, f"responds with status {status}", retry_after(response))
