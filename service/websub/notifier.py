"""Tells one hub what has changed (WebSub §6), and keeps at it when the hub does not listen."""

import asyncio
import contextlib
import logging
import random
from collections.abc import Callable, Mapping
from datetime import timedelta
from email.utils import parsedate_to_datetime

import httpx
import msgspec

from service.index import now
from service.log_on_change import LogOnChange
from service.web.counters import Figures, Ping
from service.websub.feed_snapshot import Feed
from service.websub.ping_log import Addresses

MOST_AT_ONCE = 1000
TRIES = 10
FIRST_PAUSE_SECONDS = 2.0
LONGEST_PAUSE_SECONDS = 3600.0
LONGEST_RETRY_AFTER_SECONDS = 86400.0
ANSWER_SECONDS = 15.0
MOST_REDIRECTS = 3
RECENT = timedelta(days=1)

_REDIRECTS = {301, 302, 307, 308}
_ABOUT_THE_HUB = {408, 421, 425, 429}
"""Statuses below 500 that say nothing of the feed: the others need not be tried before a pause."""

log = logging.getLogger("broadsheet")


class Answer(msgspec.Struct, frozen=True):
    """What came of one ping; `trouble` says what went wrong, "" for nothing.

    `retry_after_seconds` is how long the hub wants to be left alone.
    """

    outcome: Ping
    trouble: str = ""
    retry_after_seconds: float = 0.0


class HubNotifier:
    """Brings one hub up to date: each feed whose validator is not the one the hub was told last, one by one.

    `told` is changed in place, and `save` called for it to last. Workers serve what a survey has seen at most
    `wait_seconds` later: a hub may come for it at once. The pause after a failure is about `pause_seconds`,
    doubled at each further one.
    """

    def __init__(
        self,
        hub: str,
        client: httpx.AsyncClient,
        told: Addresses,
        figures: Figures,
        *,
        save: Callable[[], None],
        wait_seconds: float,
        pause_seconds: float = FIRST_PAUSE_SECONDS,
        answer_seconds: float = ANSWER_SECONDS,
    ) -> None:
        self._hub = hub
        self._client = client
        self._told = told
        self._save = save
        self._figures = figures
        self._wait_seconds = wait_seconds
        self._pause_seconds = pause_seconds
        self._answer_seconds = answer_seconds
        self._feeds: Mapping[str, Feed] = {}
        self._refused: Addresses = {}
        self._news = asyncio.Event()
        self._trouble = LogOnChange(logging.WARNING, f"hub {hub}", f"hub {hub}: takes pings again")

    def want(self, feeds: Mapping[str, Feed]) -> None:
        """Have the hub told of `feeds` as they are now; an earlier state it never heard of is passed over."""
        self._feeds = feeds
        self._figures.set_pending(self._hub, len(self.pending()))
        self._news.set()

    def pending(self) -> list[str]:
        """The addresses the hub is to be told of, the main feeds first."""
        return [
            address
            for address, feed in self._feeds.items()
            if self._told.get(address) != feed.etag and (feed.listed or address in self._told)
        ]

    async def run(self) -> None:
        """Tell the hub of whatever comes, for ever.

        After TRIES rounds that failed it is left alone until something changes; what it could not be told is
        told then.
        """
        while True:
            await self._news.wait()
            failures = 0
            while self._news.is_set() or failures:
                self._news.clear()
                await asyncio.sleep(self._wait_seconds)
                worst = await self._round()
                self._figures.set_pending(self._hub, len(self.pending()))
                self._save()
                failures = failures + 1 if worst.trouble else 0
                if failures == TRIES:
                    self._give_up()
                    break
                if failures:
                    await asyncio.sleep(pause(failures, self._pause_seconds, worst.retry_after_seconds))

    async def _round(self) -> Answer:
        """Tell what is pending, until there is news or the hub fails; the last answer that was none."""
        pending = self.pending()
        if len(pending) > MOST_AT_ONCE:
            log.info(
                "hub %s: %d feeds have changed; told of the first %d", self._hub, len(pending), MOST_AT_ONCE
            )
        worst = Answer("sent")
        self._refused.clear()
        for address in pending[:MOST_AT_ONCE]:
            if self._news.is_set():
                break
            feed = self._feeds[address]
            answer = await self._ping(address)
            self._figures.pinged(self._hub, answer.outcome)
            self._trouble.report(answer.trouble)
            if answer.outcome == "sent":
                self._remember(address, feed)
            elif answer.outcome == "refused":
                worst = answer
                self._refused[address] = feed.etag
            else:
                return answer
        return worst

    def _remember(self, address: str, feed: Feed) -> None:
        if feed.listed:
            self._told[address] = feed.etag
        else:
            # Should the name come back, its feed is news.
            self._told.pop(address, None)

    def _give_up(self) -> None:
        """Leave the hub alone; a feed it refused is not brought up again until it changes."""
        log.warning(
            "hub %s: given up until something changes; %d feeds to tell", self._hub, len(self.pending())
        )
        self._told.update(self._refused)
        self._save()

    async def _ping(self, topic: str) -> Answer:
        """Tell the hub that `topic` has changed; of its answer only the head is read."""
        # `hub.url` since PubSubHubbub 0.3, `hub.topic` by the names of WebSub: hubs take one or the other.
        form = {"hub.mode": "publish", "hub.url": topic, "hub.topic": topic}
        url = httpx.URL(self._hub)
        try:
            async with asyncio.timeout(self._answer_seconds):
                for _ in range(MOST_REDIRECTS + 1):
                    async with self._client.stream("POST", url, data=form) as response:
                        location = response.headers.get("location")
                        if response.status_code not in _REDIRECTS or not location:
                            return judge(response)
                        url = response.url.join(location)
        except (TimeoutError, httpx.TimeoutException):
            return Answer("timeout", "does not answer in time")
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return Answer("unreachable", f"cannot be reached, or makes no sense ({type(error).__name__})")
        return Answer("failed", "redirects in circles")


def not_news(feeds: Mapping[str, Feed]) -> Addresses:
    """What a hub of which nothing is remembered need not be told: all but what changed within the last day.

    Where the index does not outlive the container, every start is such a start.
    """
    since = now() - RECENT
    return {
        address: feed.etag
        for address, feed in feeds.items()
        if feed.modified is None or feed.modified < since
    }


def pause(failures: int, first_seconds: float, retry_after_seconds: float = 0.0) -> float:
    """Seconds to leave a hub alone that has failed `failures` times in a row: at least what it asks for."""
    longest = min(LONGEST_PAUSE_SECONDS, first_seconds * 2.0 ** (failures - 1))
    # Many publishers of one hub shall not come back at the same moment.
    drawn = longest * random.uniform(0.5, 1.0)  # noqa: S311
    return max(drawn, min(retry_after_seconds, LONGEST_RETRY_AFTER_SECONDS))


def judge(response: httpx.Response) -> Answer:
    """What a status means: of the 400s most are about the feed, all others about the hub."""
    status = response.status_code
    if response.is_success:
        return Answer("sent")
    about_the_hub = status >= 500 or status < 400 or status in _ABOUT_THE_HUB
    outcome: Ping = "failed" if about_the_hub else "refused"
    return Answer(outcome, f"answers {status}", _retry_after(response))


def _retry_after(response: httpx.Response) -> float:
    """The seconds that Retry-After asks for (RFC 9110 §10.2.3); 0 where it makes no sense."""
    said = response.headers.get("retry-after", "").strip()
    if said.isascii() and said.isdigit():
        return float(said[:9])
    with contextlib.suppress(ValueError, TypeError, OverflowError):
        return max(0.0, (parsedate_to_datetime(said) - now()).total_seconds())
    return 0.0
