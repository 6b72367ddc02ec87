"""One hub is notified of exactly what has changed, however it behaves, by the pinger that serves it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import httpx
import pytest

from service.index import now
from service.settings import Settings
from service.web.metrics.counters import Counters, private_counters
from service.websub.feed_snapshot import FeedState
from service.websub.outcomes import Ping
from service.websub.pinger import (
    MOST_AT_ONCE,
    TRIES,
    HubPinger,
    old_feeds,
)
from tests.support.builders import site
from tests.support.hub import (
    Behaviour,
    Hub,
    answers,
    disconnects,
    never_responds,
    running_hub,
    sends_endless_body,
    sends_garbage,
)
from tests.support.waiting import TIMEOUT_SECONDS

SHORT_SECONDS = 0.001


def feeds(**etags: str) -> dict[str, FeedState]:
    return {f"https://example.org/{name}": FeedState(etag, None) for name, etag in etags.items()}


class NotifierHarness:
    """A pinger of `hub`, of what the hub was notified, and what was counted."""

    def __init__(
        self, hub: Hub, client: httpx.AsyncClient, notified: dict[str, str], answer_seconds: float
    ) -> None:
        settings = Settings(
            content=Path("content"), index="sqlite:///index.db", site=site(hubs=(hub.address,))
        )
        self.hub = hub
        self.notified = notified
        self.counters: Counters = private_counters(settings)
        self.saved = 0
        self.pinger = HubPinger(
            hub.address,
            client,
            notified,
            self.counters,
            save=self.save,
            wait_until_served=partial(asyncio.sleep, SHORT_SECONDS),
            pause_seconds=SHORT_SECONDS,
            answer_seconds=answer_seconds,
        )

    def save(self) -> None:
        self.saved += 1

    def count(self, outcome: Ping) -> int:
        return int(self.counters.pings(self.hub.address, outcome))

    async def topics(self, count: int) -> list[str]:
        pinged = await asyncio.to_thread(self.hub.topics, count)
        return [topic.removeprefix("https://example.org/") for topic in pinged]

    async def until(self, fact: Callable[[], bool]) -> None:
        async with asyncio.timeout(TIMEOUT_SECONDS):
            while not fact():  # noqa: ASYNC110 (what is waited for is not ours to signal)
                await asyncio.sleep(SHORT_SECONDS)


def run_pinger(
    hub: Hub,
    steps: Callable[[NotifierHarness], Awaitable[None]],
    *,
    notified: dict[str, str] | None = None,
    answer_seconds: float = TIMEOUT_SECONDS,
) -> NotifierHarness:
    """Run `steps` while a pinger runs."""

    async def run() -> NotifierHarness:
        async with httpx.AsyncClient(trust_env=False) as client:
            harness = NotifierHarness(hub, client, {} if notified is None else notified, answer_seconds)
            work = asyncio.create_task(harness.pinger.run())
            try:
                await steps(harness)
            finally:
                work.cancel()
            return harness

    return asyncio.run(run())


def test_hub_is_notified_of_unknown_changes_only() -> None:
    async def steps(harness: NotifierHarness) -> None:
        harness.pinger.update(feeds(main="new", same="old", tag="new"))
        assert await harness.topics(2) == ["main", "tag"]
        await harness.until(lambda: not harness.pinger.pending())
        harness.pinger.update(feeds(main="newer", same="old", tag="new"))
        assert await harness.topics(1) == ["main"]
        await harness.until(lambda: not harness.pinger.pending())

    notified = {f"https://example.org/{name}": "old" for name in ("main", "same")}
    with running_hub() as hub:
        harness = run_pinger(hub, steps, notified=notified)

    assert notified == {
        f"https://example.org/{name}": etag
        for name, etag in [("main", "newer"), ("same", "old"), ("tag", "new")]
    }
    assert harness.saved
    assert harness.count("sent") == 3
    assert hub.pings.empty()


def test_a_ping_is_one_form_as_every_hub_takes_it() -> None:
    async def steps(harness: NotifierHarness) -> None:
        harness.pinger.update({"https://example.org/feed.atom?tag=a%26b": FeedState("x", None)})
        ping = await asyncio.to_thread(hub.next)
        assert ping.path == "/hub"
        assert ping.content_type == "application/x-www-form-urlencoded"
        assert ping.form == {
            "hub.mode": ["publish"],
            "hub.url": ["https://example.org/feed.atom?tag=a%26b"],
            "hub.topic": ["https://example.org/feed.atom?tag=a%26b"],
        }

    with running_hub() as hub:
        run_pinger(hub, steps)


@pytest.mark.parametrize(
    ("bad", "outcome"),
    [
        (answers(500), "failed"),
        (answers(503, retry_after="nonsense"), "failed"),
        (answers(429, retry_after="0"), "failed"),
        (answers(301), "failed"),
        (answers(301, location="{hub}"), "failed"),
        (answers(302, location="http://[::bad"), "unreachable"),
        (answers(307, location="mailto:hub@example.org"), "unreachable"),
        (answers(101), "unreachable"),
        (answers(200, content_encoding="gzip"), "sent"),
        (answers(404), "refused"),
        (answers(400), "refused"),
        (sends_garbage, "unreachable"),
        (disconnects, "unreachable"),
        (never_responds, "timeout"),
        (sends_endless_body, "sent"),
    ],
)
def test_failing_hub_is_retried(bad: Behaviour, outcome: Ping, caplog: pytest.LogCaptureFixture) -> None:
    async def steps(harness: NotifierHarness) -> None:
        harness.pinger.update(feeds(main="new", tag="new"))
        await harness.until(lambda: len(harness.notified) == 2)

    # A redirect to the hub itself takes as many answers as are followed.
    behaviours = [bad, bad, bad, bad, answers(202)]
    with caplog.at_level(logging.INFO, "broadsheet"), running_hub(*behaviours) as hub:
        harness = run_pinger(hub, steps, answer_seconds=0.3 if bad is never_responds else TIMEOUT_SECONDS)

    assert harness.count(outcome) > 0
    assert harness.count("sent") == 2
    warnings = [record for record in caplog.records if record.levelno == logging.WARNING]
    assert len(warnings) == (0 if outcome == "sent" else 1), caplog.text
    assert caplog.text.count("works again") == len(warnings)


def test_hub_is_notified_once_it_is_back() -> None:
    async def steps(harness: NotifierHarness) -> None:
        harness.pinger.update(feeds(main="one"))
        await harness.until(lambda: harness.count("failed") >= 2)
        harness.pinger.update(feeds(main="two"))
        await harness.until(lambda: harness.count("failed") >= 3)
        hub.behaviours[:] = [answers(204)]
        await harness.until(lambda: bool(harness.notified))

    with running_hub(answers(503)) as hub:
        harness = run_pinger(hub, steps)

    assert harness.notified == {"https://example.org/main": "two"}
    assert harness.count("sent") == 1


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_followed_with_the_whole_form(status: int) -> None:
    async def steps(harness: NotifierHarness) -> None:
        harness.pinger.update(feeds(main="new"))
        first, second = [await asyncio.to_thread(hub.next) for _ in range(2)]
        assert (first.path, second.path) == ("/hub", "/moved")
        assert first.form == second.form
        await harness.until(lambda: harness.count("sent") == 1)

    with running_hub(answers(status, location="/moved"), answers(204)) as hub:
        run_pinger(hub, steps)


def test_failing_hub_is_given_up_until_the_next_change(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def steps(harness: NotifierHarness) -> None:
        harness.pinger.update(feeds(main="one", tag="one"))
        await harness.until(lambda: "given up" in caplog.text)
        assert harness.count("failed") == TRIES
        assert harness.counters.pending(hub.address) == 2
        hub.behaviours[:] = [answers(204)]
        harness.pinger.update(feeds(main="two", tag="one"))
        await harness.until(lambda: harness.count("sent") == 2)
        await harness.until(lambda: harness.counters.pending(hub.address) == 0)

    with caplog.at_level(logging.INFO, "broadsheet"), running_hub(answers(500)) as hub:
        harness = run_pinger(hub, steps)

    assert harness.notified == {"https://example.org/main": "two", "https://example.org/tag": "one"}


def test_refused_feed_delays_no_other_and_is_not_retried(
    caplog: pytest.LogCaptureFixture,
) -> None:
    refuses = [answers(204) if n % 2 else answers(403) for n in range(2)]

    async def steps(harness: NotifierHarness) -> None:
        harness.pinger.update(feeds(refused="one", taken="one"))
        await harness.until(lambda: "given up" in caplog.text)
        assert harness.count("sent") == 1
        hub.behaviours[:] = [answers(204)]
        while not hub.pings.empty():
            hub.pings.get()
        harness.pinger.update(feeds(refused="one", taken="two"))
        assert await harness.topics(1) == ["taken"]
        await harness.until(lambda: not harness.pinger.pending())

    with caplog.at_level(logging.INFO, "broadsheet"), running_hub(*refuses, answers(403)) as hub:
        run_pinger(hub, steps)

    assert hub.pings.empty()


def test_vanished_feed_is_notified_once_more() -> None:
    gone = {"https://example.org/tag": FeedState("empty", None, listed=False)}

    async def steps(harness: NotifierHarness) -> None:
        harness.pinger.update(feeds(main="one") | gone)
        assert await harness.topics(2) == ["main", "tag"]
        await harness.until(lambda: not harness.pinger.pending())
        # Another hub may still have to be notified, so it is looked at again.
        harness.pinger.update(feeds(main="two") | gone)
        assert await harness.topics(1) == ["main"]
        await harness.until(lambda: not harness.pinger.pending())
        harness.pinger.update(feeds(main="two", tag="empty"))
        assert await harness.topics(1) == ["tag"]

    notified = {"https://example.org/main": "old", "https://example.org/tag": "old"}
    with running_hub() as hub:
        run_pinger(hub, steps, notified=notified)

    assert hub.pings.empty()


def test_number_of_notified_feeds_is_limited() -> None:
    many = feeds(**{f"feed-{n}": "new" for n in range(MOST_AT_ONCE + 5)})

    async def steps(harness: NotifierHarness) -> None:
        harness.pinger.update(many)
        await harness.until(lambda: harness.saved > 0)
        assert list(harness.notified) == list(many)[:MOST_AT_ONCE]
        assert len(harness.pinger.pending()) == 5

    with running_hub() as hub:
        harness = run_pinger(hub, steps)

    assert harness.count("sent") == MOST_AT_ONCE


def test_changes_for_an_unknown_hub() -> None:
    moments = {"undated": None, "old": now() - timedelta(days=2), "new": now() - timedelta(hours=2)}
    feeds = old_feeds({name: FeedState(f"etag of {name}", moment) for name, moment in moments.items()})

    assert feeds == {"undated": "etag of undated", "old": "etag of old"}
