"""Requests that wait for a change: ended by it, by time or by the end of the service, and bounded."""

import asyncio
from collections.abc import Callable

import pytest

from service.web.change_waiters import ChangeWaiters

LONG = 60.0


async def start(waiters: ChangeWaiters, count: int, seconds: float = LONG) -> list[asyncio.Task[bool]]:
    tasks = [asyncio.create_task(waiters.wait(seconds)) for _ in range(count)]
    await asyncio.sleep(0)
    return tasks


@pytest.mark.parametrize(("end", "has_changed"), [(ChangeWaiters.notify, True), (ChangeWaiters.close, False)])
def test_every_wait_ends(end: Callable[[ChangeWaiters], None], has_changed: bool) -> None:
    counts: list[int] = []

    async def run() -> list[bool]:
        waiters = ChangeWaiters(counts.append)
        tasks = await start(waiters, 3)
        end(waiters)
        return await asyncio.gather(*tasks)

    assert asyncio.run(run()) == [has_changed] * 3
    assert counts == [0, 1, 2, 3, 2, 1, 0]


def test_a_wait_ends_after_its_time() -> None:
    counts: list[int] = []
    assert asyncio.run(ChangeWaiters(counts.append).wait(0.01)) is False
    assert counts == [0, 1, 0]


def test_no_more_may_wait_than_allowed_until_one_has_left() -> None:
    counts: list[int] = []

    async def run() -> None:
        waiters = ChangeWaiters(counts.append, most=2)
        tasks = await start(waiters, 2)
        assert waiters.is_full
        assert not await waiters.wait(LONG)
        tasks[0].cancel()  # its client has disconnected
        await asyncio.wait(tasks[:1])
        assert not waiters.is_full
        waiters.close()
        assert waiters.is_full
        await asyncio.wait(tasks)

    asyncio.run(run())
