"""Others are notified when everything that answers them serves the change."""

import asyncio
import time
from pathlib import Path

import msgspec
import pytest

from service.index import Index, Revision
from service.replication.publish import SnapshotPublisher
from service.server.index_publisher import IndexPublisher
from service.server.notifications import ServedRevisions
from service.settings import Settings
from service.web.app import create_app
from service.web.metrics.counters import create_counters, open_counters, private_counters
from tests.support.in_memory_site import settings
from tests.support.index_folder import Folder

LONGEST_WAIT_SECONDS = 30.0
BEFORE = Revision("before")


@pytest.fixture
def two_workers(tmp_path: Path) -> Settings:
    return msgspec.structs.replace(settings(tmp_path), index=f"sqlite:///{tmp_path}/index.db", workers=2)


async def finishes(waiting: asyncio.Task[None]) -> bool:
    """Whether it ends although nothing else happens."""
    done, _ = await asyncio.wait([waiting], timeout=LONGEST_WAIT_SECONDS)
    return bool(done)


def test_the_slowest_worker_counts(two_workers: Settings) -> None:
    counters = create_counters(two_workers)
    assert counters.served_generation() == 0
    worker = open_counters(two_workers, worker=True)
    worker.set_served(7)
    assert counters.served_generation() == 7
    counters.set(5, "served", 1)
    assert counters.served_generation() == 5


def test_it_is_waited_for_every_worker(two_workers: Settings) -> None:
    counters = create_counters(two_workers)
    blocks = [("served", block) for block in range(2)]
    for block in blocks:
        counters.set(1, *block)

    async def run() -> None:
        waiting = asyncio.create_task(ServedRevisions(two_workers, counters).wait(2, BEFORE))
        counters.set(2, *blocks[0])
        assert not (await asyncio.wait([waiting], timeout=0.6))[0]
        counters.set(3, *blocks[1])
        assert await finishes(waiting)

    asyncio.run(run())


def test_a_worker_that_has_ended_does_not_keep_it_waiting(two_workers: Settings) -> None:
    counters = create_counters(two_workers)
    counters.set(1, "served", 0)
    asyncio.run(ServedRevisions(two_workers, counters, 0.1).wait(2, BEFORE))
    assert counters.served_generation() == 1


def test_it_is_waited_until_the_index_is_published_and_active(two_workers: Settings) -> None:
    publishing = msgspec.structs.replace(two_workers, publish="file:///nowhere", publish_delay_seconds=1)
    counters = create_counters(publishing)
    counters.set(2, "served", 0)
    counters.set(time.monotonic(), "published_as_of")  # before the change

    async def run() -> None:
        served = ServedRevisions(publishing, counters, 0.1)
        waiting = asyncio.create_task(served.wait(2, BEFORE))
        assert not (await asyncio.wait([waiting], timeout=1.5))[0]
        published_at = time.monotonic()
        counters.set(published_at, "published_as_of")
        assert await finishes(waiting)
        assert time.monotonic() >= published_at + 1
        # Replicas apply scheduled changes themselves, but not other ones.
        assert await finishes(asyncio.create_task(served.wait(2, Revision(BEFORE.content, 1))))
        waiting = asyncio.create_task(served.wait(2, Revision("after")))
        assert not (await asyncio.wait([waiting], timeout=1.5))[0]
        waiting.cancel()

    asyncio.run(run())


def test_an_index_that_changes_all_the_time_counts_as_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Folder(tmp_path)
    folder.write("one")
    folder.refresh()
    publishing = msgspec.structs.replace(settings(tmp_path), index=folder.url, content=folder.root)
    counters = private_counters(publishing)
    monkeypatch.setattr(SnapshotPublisher, "is_published", lambda _: False)
    publisher = IndexPublisher(publishing, f"file://{tmp_path}/store", counters)

    def end(_: float) -> None:
        raise KeyboardInterrupt

    began = time.monotonic()
    monkeypatch.setattr(time, "sleep", end)
    with pytest.raises(KeyboardInterrupt):
        publisher.run()
    assert counters.get("publications") == 1
    assert counters.get("published_as_of") >= began


def test_a_worker_says_what_it_serves_until_it_ends(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("one")
    folder.refresh()
    counters = private_counters(settings(tmp_path))

    async def run() -> None:
        index = Index(folder.url)
        app = create_app(settings(tmp_path), index, counters)
        async with app.lifespan():
            assert counters.served_generation() == await index.newest_generation()
            folder.write("one", text="New.")
            folder.refresh()
            await app.state["app_state"].poller.poll()
            assert counters.served_generation() == await index.newest_generation()
        await index.close()

    asyncio.run(run())
    assert counters.served_generation() == 0
