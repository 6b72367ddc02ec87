"""Whatever fails, and whenever the sender is killed: no event is lost, and those of an article keep order."""

import asyncio
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.index import Index
from service.outgoing.outcomes import Result
from service.settings import Settings
from service.settings.webhooks import Webhook, parse_secret
from service.web.metrics.counters import private_counters
from service.webhooks.delivery import Delivery
from service.webhooks.delivery_state import DeliveryStateFile
from service.webhooks.events import events_of
from service.webhooks.sender import Sender
from tests.support.builders import site
from tests.support.index_folder import Folder
from tests.support.receiver import SECRET, served_at_once
from tests.support.waiting import TIMEOUT_SECONDS

QUICK = 0.0001
WEBHOOK = Webhook(url="https://receiver.example/", secret_env=("A",))
ARTICLES = "abcd"
ROUNDS = 3
EVENTS = ROUNDS * (len(ARTICLES) + 1)

failures = st.lists(st.sampled_from([0, 0, 0, 1, 2, 6]), min_size=EVENTS, max_size=EVENTS)
"""How often each event fails before the receiver takes it."""

kills = st.lists(st.tuples(st.integers(1, 12), st.booleans()), max_size=3)
"""After how many attempts the sender is killed, and whether the receiver took the event of the last one."""


class Journal(msgspec.Struct, frozen=True):
    """An index in which each article changes in each round; `ids` are those of all events, by article."""

    folder: Folder
    since: int
    ids: dict[str, list[str]]


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> Journal:
    folder = Folder(tmp_path_factory.mktemp("journal"), site(public_url="https://example.org"))
    folder.refresh()
    since = folder.ask(Index.newest_generation)
    for number in range(ROUNDS):
        for name in ARTICLES:
            folder.write(name, text=f"Text {number}.")
        folder.refresh()
    ids: dict[str, list[str]] = {}
    for difference in folder.ask(lambda index: index.differences(since)):
        for event in events_of(difference):
            ids.setdefault(event.article_id, []).append(event.id)
    assert sum(map(len, ids.values())) == EVENTS
    return Journal(folder, since, ids)


class FailingSender(Sender):
    """Takes each event after as many failures as `plan` says, and stops at the attempt `killed_at`."""

    def __init__(self, plan: dict[str, int], taken: list[str], killed_at: int, *, takes_last: bool) -> None:
        super().__init__(WEBHOOK, (parse_secret(SECRET),))
        self.is_killed = asyncio.Event()
        self._plan = plan
        self._taken = taken
        self._left = killed_at
        self._takes_last = takes_last

    async def send(self, event_id: str, body: bytes) -> Result:
        assert json.loads(body)["type"]
        self._left -= 1
        if self._left == 0:
            if self._takes_last:
                self._taken.append(event_id)
            self.is_killed.set()
            await asyncio.Event().wait()
        if self._plan[event_id]:
            self._plan[event_id] -= 1
            return Result("failed", "responds with status 500")
        self._taken.append(event_id)
        return Result("sent")


async def deliver(journal: Journal, log: DeliveryStateFile, sender: FailingSender) -> bool:
    """Deliver until everything is delivered, or the sender is killed; whether it was not."""
    index = Index(journal.folder.url)
    settings = Settings(
        content=journal.folder.root, index=journal.folder.url, site=site(), webhooks=(WEBHOOK,)
    )
    delivery = Delivery(
        WEBHOOK,
        index,
        sender,
        log,
        private_counters(settings),
        served_at_once,
        since=journal.since,
        poll_seconds=QUICK,
        pause_seconds=QUICK,
    )
    work = asyncio.create_task(delivery.run())
    newest = await index.newest_generation()
    try:
        async with asyncio.timeout(TIMEOUT_SECONDS):
            while not sender.is_killed.is_set():
                assert not work.done()
                state = log.state(WEBHOOK.url)
                if state and state.generation == newest and not state.waiting:
                    return True
                await asyncio.sleep(QUICK)
            return False
    finally:
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
        await sender.close()
        await index.close()


@settings(max_examples=settings().max_examples // 3)
@given(failures=failures, kills=kills)
def test_every_event_is_delivered_and_those_of_one_article_in_order(
    journal: Journal, failures: list[int], kills: list[tuple[int, bool]]
) -> None:
    every = [event_id for ids in journal.ids.values() for event_id in ids]
    plan = dict(zip(every, failures, strict=True))
    taken: list[str] = []
    ends: Iterator[tuple[int, bool]] = iter([*kills, (0, False)])
    with TemporaryDirectory() as folder:
        is_done = False
        while not is_done:
            killed_at, takes_last = next(ends)

            async def run(killed_at: int = killed_at, takes_last: bool = takes_last) -> bool:
                sender = FailingSender(plan, taken, killed_at, takes_last=takes_last)
                return await deliver(journal, DeliveryStateFile(Path(folder) / "log"), sender)

            is_done = asyncio.run(run())
    for ids in journal.ids.values():
        assert [event_id for event_id in dict.fromkeys(taken) if event_id in ids] == ids
    repeated = sum(Counter(taken).values()) - len(set(taken))
    assert set(taken) == set(every)
    assert repeated <= sum(takes_last for _, takes_last in kills)


def test_without_failures_events_arrive_in_the_order_of_the_journal(journal: Journal, tmp_path: Path) -> None:
    taken: list[str] = []

    async def run() -> bool:
        plan = {event_id: 0 for ids in journal.ids.values() for event_id in ids}
        return await deliver(
            journal, DeliveryStateFile(tmp_path / "log"), FailingSender(plan, taken, 0, takes_last=False)
        )

    assert asyncio.run(run())
    differences = journal.folder.ask(lambda index: index.differences(journal.since))
    assert taken == [event.id for difference in differences for event in events_of(difference)]
