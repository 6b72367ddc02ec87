"""One webhook receives every event of the journal once and in order, however its receiver behaves."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from service.errors import QueryTooExpensive
from service.index import Index
from service.query import Query
from service.settings import Settings
from service.settings.webhooks import EventName, Webhook, parse_secret
from service.web.metrics.counters import Counters, private_counters
from service.webhooks import delivery as delivery_module
from service.webhooks.delivery import Delivery
from service.webhooks.delivery_state import DeliveryState, DeliveryStateFile
from service.webhooks.sender import Sender
from tests.support.builders import site
from tests.support.hub import Behaviour, Request, answers, disconnects
from tests.support.index_folder import NOW, Folder
from tests.support.receiver import SECRET, Receiver, running_receiver, served_at_once
from tests.support.waiting import TIMEOUT_SECONDS

QUICK, LONG = 0.001, 3600.0
ARTICLES: tuple[EventName, ...] = ("published", "updated", "withdrawn", "expired", "deleted")


class Setup:
    """A folder with an index, and one webhook for it."""

    def __init__(self, path: Path, receiver: Receiver, query: Query | None = None) -> None:
        self.folder = Folder(path, site(public_url="https://example.org"))
        self.folder.write("old", tags=["a"])
        self.folder.refresh()
        self.receiver = receiver
        self.webhook = Webhook(
            url=receiver.address,
            secret_env=("A",),
            events=ARTICLES,
            query=query or Query(),
            allow_private_addresses=True,
        )
        settings = Settings(
            content=self.folder.root, index=self.folder.url, site=self.folder.site, webhooks=(self.webhook,)
        )
        self.counters: Counters = private_counters(settings)
        self.log = DeliveryStateFile(path / "index.db.webhooks")
        self.pause_seconds = LONG
        self.since = self.folder.ask(Index.newest_generation)

    @property
    def state(self) -> DeliveryState:
        return self.log.state(self.webhook.url) or DeliveryState(generation=self.since)

    def end_pauses(self) -> None:
        """Let everything be due that waits, and pauses be short from now on."""
        self.pause_seconds = QUICK
        waiting = tuple(msgspec.structs.replace(event, retry_at=0.0) for event in self.state.waiting)
        due = msgspec.structs.replace(self.state, waiting=waiting, retry_at=0.0)
        assert self.log.replace(self.webhook.url, self.state, due)

    async def is_done(self, index: Index) -> bool:
        return self.state.generation == await index.newest_generation() and not self.state.waiting

    def deliver(self, until: Callable[[Index], Awaitable[bool]] | None = None) -> None:
        """Run a delivery until everything is delivered, or what is given holds."""
        is_over = until or self.is_done

        async def run() -> None:
            index = Index(self.folder.url)
            sender = Sender(self.webhook, (parse_secret(SECRET),))
            delivery = Delivery(
                self.webhook,
                index,
                sender,
                self.log,
                self.counters,
                served_at_once,
                since=self.since,
                poll_seconds=QUICK,
                pause_seconds=self.pause_seconds,
            )
            work = asyncio.create_task(delivery.run())
            try:
                async with asyncio.timeout(TIMEOUT_SECONDS):
                    while not await is_over(index):  # noqa: ASYNC110 (what is waited for is not ours to signal)
                        await asyncio.sleep(QUICK)
            finally:
                work.cancel()
                await asyncio.gather(work, return_exceptions=True)
                await sender.close()
                await index.close()

        asyncio.run(run())


def until(fact: Callable[[], bool]) -> Callable[[Index], Awaitable[bool]]:
    async def holds(_: Index) -> bool:
        return fact()

    return holds


def test_each_kind_of_change_is_delivered(tmp_path: Path) -> None:
    with running_receiver() as receiver:
        setup = Setup(tmp_path, receiver)
        folder = setup.folder
        folder.write("new", date="2025-12-01", expires="2026-01-03")
        folder.write("late", date="2026-01-02")
        folder.refresh()
        folder.write("old", tags=["b"])
        folder.refresh()
        folder.refresh(NOW + timedelta(days=1))
        folder.refresh(NOW + timedelta(days=2))
        folder.write("old", tags=["b"], withdrawn="wrong")
        folder.refresh(NOW + timedelta(days=2))
        folder.remove("late")
        folder.refresh(NOW + timedelta(days=2))
        setup.deliver()

        assert receiver.take_types(6) == [
            ("article.published", "new"),
            ("article.updated", "old"),
            ("article.published", "late"),
            ("article.expired", "new"),
            ("article.withdrawn", "old"),
            ("article.deleted", "late"),
        ]
        assert receiver.is_idle()
    assert setup.counters.get("deliveries", setup.webhook.id, "sent") == 6


def test_only_what_the_query_finds_is_delivered(tmp_path: Path) -> None:
    with running_receiver() as receiver:
        setup = Setup(tmp_path, receiver, Query(tags=("a",)))
        setup.folder.write("other", tags=["b"])
        setup.folder.write("old", tags=["b"])
        setup.folder.refresh()
        setup.deliver()

        assert not receiver.take().data["matches"]
        assert receiver.is_idle()


def test_drafts_and_scheduled_articles_are_never_named(tmp_path: Path) -> None:
    with running_receiver() as receiver:
        setup = Setup(tmp_path, receiver)
        setup.folder.write("draft", draft=True)
        setup.folder.write("ahead", date="2030-01-01")
        setup.folder.write("stub", withdrawn="never shown")
        setup.folder.refresh()
        setup.deliver()

        assert receiver.is_idle()


def answers_by_article(**behaviours: Behaviour) -> Behaviour:
    """Answer events of these articles as given, and all others with 204."""

    def behave(request: Request) -> None:
        assert isinstance(request.hub, Receiver)
        slug = request.hub.delivered.queue[-1].data["slug"]
        behaviours.get(slug, answers(204))(request)

    return behave


def test_an_event_that_fails_delays_only_later_ones_of_its_article(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    turns = iter([answers(500), disconnects, answers(404, retry_after="0"), *[answers(204)] * 2])
    behaviour = answers_by_article(x=lambda request: next(turns)(request))
    with caplog.at_level(logging.INFO, "broadsheet"), running_receiver(behaviour) as receiver:
        setup = Setup(tmp_path, receiver)
        for number, names in enumerate(("x", "y", "xz")):
            for name in names:
                setup.folder.write(name, text=f"Text {number}.")
            setup.folder.refresh()
        setup.deliver(until(lambda: setup.counters.get("webhook_waiting", setup.webhook.id) == 2))
        setup.deliver(until(lambda: receiver.delivered.qsize() == 3))
        waiting, later = setup.state.waiting
        assert (waiting.article_id, later.article_id) == ("id:x", "id:x")
        assert (waiting.failures, later.failures) == (1, 0)
        setup.end_pauses()
        setup.deliver()
        delivered = [receiver.take() for _ in range(7)]

    assert [one.data["slug"] for one in delivered] == ["x", "y", "z", "x", "x", "x", "x"]
    assert len({one.id for one in delivered[3:]}) == 2
    assert [one.type for one in delivered[-2:]] == ["article.published", "article.updated"]
    assert caplog.text.count("works again") == 1
    assert setup.state == DeliveryState(generation=setup.state.generation)


def test_a_receiver_that_is_down_is_spared_and_then_gets_everything(tmp_path: Path) -> None:
    outage = 6
    with running_receiver(*[answers(503)] * outage, answers(204)) as receiver:
        setup = Setup(tmp_path, receiver)
        for name in "abcdefgh":
            setup.folder.write(name)
        setup.folder.refresh()
        setup.deliver(until(lambda: setup.state.failures == delivery_module.FAILURES_OF_RECEIVER))
        assert setup.state.events == receiver.delivered.qsize() == delivery_module.FAILURES_OF_RECEIVER
        setup.end_pauses()
        setup.deliver()
        taken = [receiver.take() for _ in range(receiver.delivered.qsize())]

    assert {one.data["slug"] for one in taken[outage:]} == set("abcdefgh")
    assert len(taken) == outage + 8


def test_an_event_is_given_up_after_a_day_and_later_ones_go_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery_module, "MOST_FAILING_SECONDS", 0.0)
    monkeypatch.setattr(delivery_module, "FEWEST_FAILURES", 2)
    with running_receiver(answers_by_article(x=answers(500))) as receiver:
        setup = Setup(tmp_path, receiver)
        for name in "xy":
            setup.folder.write(name)
        setup.folder.refresh()
        setup.deliver(until(lambda: setup.counters.get("deliveries", setup.webhook.id, "sent") == 1))
        setup.end_pauses()
        setup.deliver()

        assert [receiver.take().data["slug"] for _ in range(3)] == ["x", "y", "x"]
        assert receiver.is_idle()
    assert (setup.state.given_up, setup.state.status) == (1, "active")
    assert "an event of id:x is not sent: given up after a day of failures" in caplog.text
    assert "the last one: responds with status 500; `broadsheet webhooks --replay 20" in caplog.text
    assert setup.counters.get("webhook_given_up", setup.webhook.id) == 1


def test_no_more_events_wait_than_the_state_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery_module, "MOST_WAITING", 2)
    failing = answers(500, retry_after="3600")
    with running_receiver(answers_by_article(a=failing, c=failing)) as receiver:
        setup = Setup(tmp_path, receiver)
        for name in "abcd":
            setup.folder.write(name)
        setup.folder.refresh()
        setup.deliver(until(lambda: len(setup.state.waiting) == 2))
        setup.deliver(until(lambda: setup.counters.get("webhook_waiting", setup.webhook.id) == 2))

        assert [receiver.take().data["slug"] for _ in range(3)] == ["a", "b", "c"]
        assert receiver.is_idle()


def test_filters_that_cannot_be_applied_stop_nothing_else(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_: object) -> None:
        raise QueryTooExpensive

    with running_receiver() as receiver:
        setup = Setup(tmp_path, receiver, Query(q="text"))
        setup.folder.write("new")
        setup.folder.refresh()
        with monkeypatch.context() as patched:
            patched.setattr(Index, "find_ids", refuse)
            setup.deliver(until(lambda: setup.state.failures >= 1))
        setup.end_pauses()
        assert "its filters cannot be applied: This query takes more processor time" in caplog.text
        setup.deliver()

        assert receiver.take().data["slug"] == "new"


def test_a_restart_repeats_and_loses_no_event(tmp_path: Path) -> None:
    with running_receiver() as receiver:
        setup = Setup(tmp_path, receiver)
        for name in "abcdefgh":
            setup.folder.write(name)
        setup.folder.refresh()
        for events in (1, 3, 6):
            setup.deliver(until(lambda events=events: setup.state.events >= events))  # type: ignore[misc]
        setup.deliver()
        taken = [receiver.take() for _ in range(receiver.delivered.qsize())]

    assert list(dict.fromkeys(delivered.data["slug"] for delivered in taken)) == list("abcdefgh")
    # One whose response was not read when the delivery was cut off is sent again, under the same id.
    assert len({delivered.id for delivered in taken}) == 8
    assert len(taken) <= 8 + 3


def test_a_receiver_that_is_gone_is_left_alone(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with running_receiver(answers(410), answers(204)) as receiver:
        setup = Setup(tmp_path, receiver)
        setup.folder.write("new")
        setup.folder.refresh()
        setup.deliver(until(lambda: setup.state.status == "disabled"))
        setup.deliver(until(lambda: setup.counters.get("webhook_stopped", setup.webhook.id) == 1))

        assert receiver.delivered.qsize() == 1
    assert "disabled by its receiver (410); `broadsheet webhooks --replay 20" in caplog.text


def test_after_a_day_of_failures_nothing_is_sent(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery_module, "MOST_FAILING_SECONDS", 0.0)
    with running_receiver(answers(500)) as receiver:
        setup = Setup(tmp_path, receiver)
        setup.pause_seconds = QUICK
        setup.folder.write("new")
        setup.folder.refresh()
        setup.deliver(until(lambda: setup.state.status == "paused"))

        assert receiver.delivered.qsize() == delivery_module.FEWEST_FAILURES
    assert caplog.text.count("paused after a day of failures") == 1
    assert setup.counters.get("webhook_failing_since", setup.webhook.id) > 0


def test_retry_after_is_respected_also_after_a_restart(tmp_path: Path) -> None:
    with running_receiver(answers(429, retry_after="3600")) as receiver:
        setup = Setup(tmp_path, receiver)
        setup.folder.write("new")
        setup.folder.refresh()
        for _ in range(2):
            setup.deliver(until(lambda: setup.state.failures == 1))

        assert receiver.delivered.qsize() == 1
    (waiting,) = setup.state.waiting
    assert waiting.retry_at > datetime.now(UTC).timestamp() + 3500


def test_a_replay_during_a_delivery_is_followed(tmp_path: Path) -> None:
    with running_receiver(answers(503, retry_after="3600"), answers(204)) as receiver:
        setup = Setup(tmp_path, receiver)
        before = setup.state
        setup.folder.write("new")
        setup.folder.refresh()
        setup.deliver(until(lambda: setup.state.failures == 1))
        replayed = msgspec.structs.replace(before, replays=1)
        assert setup.log.replace(setup.webhook.url, setup.state, replayed)
        setup.deliver()

        first, second = receiver.take(), receiver.take()
    assert first.id == second.id
    assert setup.state.replays == 1


def test_what_the_journal_has_lost_is_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with running_receiver() as receiver:
        setup = Setup(tmp_path, receiver)
        setup.folder.file.unlink()
        setup.folder.write("new")
        setup.folder.refresh(NOW + timedelta(days=1))
        setup.deliver()

        assert receiver.is_idle()
    assert "not in the journal any more" in caplog.text


def test_what_a_new_journal_has_is_sent(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with running_receiver() as receiver:
        setup = Setup(tmp_path, receiver)
        setup.folder.file.unlink()
        setup.folder.write("lost")
        setup.folder.refresh(NOW + timedelta(days=1))
        for slug in ("first", "second"):
            setup.folder.write(slug)
            setup.folder.refresh(NOW + timedelta(days=1))
        setup.deliver()

        assert [receiver.take().data["slug"] for _ in range(2)] == ["first", "second"]
        assert receiver.is_idle()
    assert caplog.text.count("not in the journal any more") == 1


def test_nothing_is_sent_without_a_public_url(tmp_path: Path) -> None:
    with running_receiver() as receiver:
        setup = Setup(tmp_path, receiver)
        setup.folder.site = site()
        setup.folder.write("new")
        setup.folder.refresh()
        seen = 0

        async def has_looked(_: Index) -> bool:
            nonlocal seen
            seen += 1
            return seen == 20

        setup.deliver(has_looked)
        assert receiver.is_idle()
        setup.folder.site = site(public_url="https://example.org")
        setup.folder.refresh()
        setup.deliver()

        assert receiver.take().data["url"] == "https://example.org/articles/new"
