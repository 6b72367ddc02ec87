"""When a worker asks the index whether it has changed, and when a glance at shared numbers is enough."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Any

import pytest

from service.publisher import Publisher
from service.web import revision_poller
from service.web.revision_poller import RevisionPoller


class Asked(Exception):
    """All numbers were read."""


class CountingPublisher(Publisher):
    def __init__(self) -> None:
        self.generation = 1
        self.polls = 0
        self.is_broken = False

    async def poll_revision(self) -> frozenset[str]:
        self.polls += 1
        if self.is_broken:
            raise OSError("the disk is on fire")
        return frozenset()


def polls_at(publisher: CountingPublisher, numbers: Sequence[tuple[float, ...]]) -> list[bool]:
    """At which of the looks that find `numbers` the index was asked."""
    asked: list[int] = []
    left = iter(numbers)

    def read_changes() -> tuple[float, ...]:
        asked.append(publisher.polls)
        try:
            return next(left)
        except StopIteration:
            raise Asked from None

    poller = RevisionPoller(publisher, lambda _: None, lambda _: None, read_changes)
    with pytest.raises(Asked):
        asyncio.run(poller.run())
    return [later > earlier for earlier, later in pairwise(asked)]


@pytest.fixture(autouse=True)
def _without_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(revision_poller, "POLL_SECONDS", 0.0)
    monkeypatch.setattr(revision_poller, "INDEX_SECONDS", 1000.0)


def test_equal_even_numbers_save_a_look_at_the_index() -> None:
    numbers = [(2.0, 0.0), (2.0, 0.0), (2.0, 0.0), (3.0, 0.0), (3.0, 0.0), (4.0, 0.0), (4.0, 0.0), (4.0, 2.0)]
    looks = [True, False, False, True, True, True, False, True]
    assert polls_at(CountingPublisher(), numbers) == looks


def test_an_index_that_cannot_be_read_is_looked_at_until_it_can() -> None:
    publisher = CountingPublisher()
    publisher.is_broken = True
    assert polls_at(publisher, [(2.0,)] * 3) == [True] * 3


def test_the_index_is_looked_at_after_a_time_anyway(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(revision_poller, "INDEX_SECONDS", 0.0)
    assert polls_at(CountingPublisher(), [(2.0,)] * 3) == [True] * 3


def test_without_shared_numbers_each_look_is_at_the_index(monkeypatch: pytest.MonkeyPatch) -> None:
    publisher = CountingPublisher()
    poller = RevisionPoller(publisher, lambda _: None, lambda _: None)
    sleep: Callable[[float], Any] = asyncio.sleep
    sleeps: Iterator[int] = iter(range(4))

    async def sleep_a_few_times(seconds: float) -> None:
        if next(sleeps) == 3:
            raise Asked
        await sleep(seconds)

    monkeypatch.setattr("service.web.revision_poller.asyncio.sleep", sleep_a_few_times)
    with pytest.raises(Asked):
        asyncio.run(poller.run())
    assert publisher.polls == 3
