"""One cache is purged of everything that has changed, however it behaves."""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from service import __version__
from service.index import Index, Revision
from service.outgoing.request_sender import RequestSender
from service.publisher import cache_keys
from service.publisher.cache_keys import article_key, public_key
from service.purging import purger as purger_module
from service.purging.purge_state import PurgeState, PurgeStateFile
from service.purging.purger import CachePurger
from service.settings import Settings
from service.settings.purges import Purge
from service.web.metrics.counters import Counters, private_counters
from tests.support.hub import answers, disconnects, sends_garbage
from tests.support.index_folder import Folder
from tests.support.purged_cache import PurgedCache, running_cache

LONGEST_WAIT_SECONDS = 60.0
QUICK = 0.001
EVERYTHING = {"site"}


class Setup:
    """A folder with an index, and one cache in front of the service."""

    def __init__(self, path: Path, cache: PurgedCache, *, allow_private: bool = True) -> None:
        self.folder = Folder(path)
        for number in range(1, 6):
            self.folder.write(f"a{number}", date=f"2019-01-0{number}", tags=["t"])
        self.folder.refresh()
        self.purge = Purge(
            kind="fastly",
            url=cache.address,
            service_id="a",
            token_env="A",  # noqa: S106 (the name of a variable)
            allow_private_addresses=allow_private,
        )
        settings = Settings(
            content=self.folder.root, index=self.folder.url, site=self.folder.site, purges=(self.purge,)
        )
        self.counters: Counters = private_counters(settings)
        self.log = PurgeStateFile(path / "index.db.purges")
        self.waited: list[int] = []

    @property
    def state(self) -> PurgeState:
        return self.log.state(self.purge.id) or PurgeState()

    @property
    def newest(self) -> int:
        return self.folder.ask(Index.newest_generation)

    @property
    def all_purged(self) -> PurgeState:
        generation, revision = self.folder.ask(Index.newest_revision)
        return PurgeState(generation=generation, revision=revision, version=__version__)

    def count(self, outcome: str) -> float:
        return self.counters.get("purges", self.purge.id, outcome)

    def run(self, until: Callable[[], bool] | None = None) -> None:
        """Run a purger until everything is purged, or what is given holds."""

        async def work() -> None:
            index = Index(self.folder.url)
            sender = RequestSender(allow_private=self.purge.allow_private_addresses)
            newest = await index.newest_generation()

            async def note(generation: int, revision: Revision) -> None:
                self.waited.append(generation)

            purger = CachePurger(
                self.purge,
                index,
                sender,
                "secret",
                self.log,
                self.counters,
                note,
                batch_seconds=QUICK,
                pause_seconds=QUICK,
            )
            task = asyncio.create_task(purger.run())
            try:
                async with asyncio.timeout(LONGEST_WAIT_SECONDS):
                    while not (until() if until else self.state.generation == newest):
                        assert not task.done()
                        await asyncio.sleep(QUICK)
            finally:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
                await sender.close()
                await index.close()

        asyncio.run(work())


def ids(*names: str) -> set[str]:
    return {public_key(article_key(f"id:{name}")) for name in names}


def test_a_cache_that_is_new_is_purged_of_everything(tmp_path: Path) -> None:
    with running_cache() as cache:
        setup = Setup(tmp_path, cache)
        setup.run()
        assert cache.take() == EVERYTHING
        assert setup.state == setup.all_purged
        setup.run()
        assert cache.is_idle(), "what was purged is not purged again"


@pytest.mark.parametrize("edits", [0, 1])
def test_an_index_that_took_the_place_of_another_purges_everything(tmp_path: Path, edits: int) -> None:
    with running_cache() as cache:
        setup = Setup(tmp_path, cache)
        setup.run()
        cache.take()
        purged = setup.newest
        other = Folder(tmp_path / "other")
        for number in range(edits + 1):
            other.write("a1", title=f"Another {number}")
            other.refresh()
        other.file.replace(setup.folder.file)
        assert setup.newest == purged + edits
        expected = setup.all_purged
        setup.run(lambda: setup.state == expected)
        assert cache.take() == EVERYTHING


def test_a_change_purges_what_it_touches(tmp_path: Path) -> None:
    with running_cache() as cache:
        setup = Setup(tmp_path, cache)
        setup.run()
        cache.take()
        setup.folder.write("a3", date="2019-01-03", tags=["t"], text="New.")
        setup.folder.refresh()
        setup.run()
        everywhere = {"all", "articles", "language:en"}
        assert cache.take() == everywhere | {"tag:t"} | ids("a3")
        setup.folder.write("new", date="2019-01-03T12:00:00Z", tags=["u"])
        setup.folder.refresh()
        setup.run()
        assert cache.take() == everywhere | {"tag:u"} | ids("a3", "a4", "new")
        setup.folder.write("a3", date="2019-01-01T12:00:00Z", tags=["t"], text="New.")
        setup.folder.refresh()
        setup.run()
        assert cache.take() == everywhere | {"tag:t"} | ids("a1", "a2", "a3")
        setup.folder.write("a5", date="2019-01-05", tags=["t"], withdrawn="Wrong.")
        setup.folder.refresh()
        setup.run()
        assert cache.take() == everywhere | {"tag:t"} | ids("a5")
        assert setup.waited[-1] == setup.newest
        assert setup.count("sent") == 5


def test_changes_that_come_together_are_one_batch(tmp_path: Path) -> None:
    with running_cache() as cache:
        setup = Setup(tmp_path, cache)
        setup.run()
        cache.take()
        for number in (1, 2, 3):
            setup.folder.write(f"a{number}", date=f"2019-01-0{number}", tags=["t"], text="New.")
            setup.folder.refresh()
        setup.run()
        assert cache.take() >= ids("a1", "a2", "a3")
        assert cache.is_idle()


@pytest.mark.parametrize(
    ("facts", "is_known"),
    [
        ({"tags": ["t"], "series": "S"}, False),
        ({"tags": ["t"], "author": "Ada"}, False),
        ({"tags": ["u"]}, True),
    ],
)
def test_a_directory_that_comes_and_goes_is_on_every_page(
    tmp_path: Path, facts: dict[str, object], is_known: bool
) -> None:
    with running_cache() as cache:
        setup = Setup(tmp_path, cache)
        setup.run()
        cache.take()
        for step in (facts, {"tags": ["t"]}):
            setup.folder.write("a3", date="2019-01-03", **step)
            setup.folder.refresh()
            setup.run()
            assert (cache.take() != EVERYTHING) == is_known
        setup.folder.write("a3", date="2019-01-03", **facts)
        setup.folder.refresh()
        setup.folder.write("a3", date="2019-01-03", tags=["t"])
        setup.folder.refresh()
        setup.run()
        assert (cache.take() != EVERYTHING) == is_known, "it was there for a while"


def test_what_is_not_known_purges_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with running_cache() as cache:
        setup = Setup(tmp_path, cache)
        setup.run()
        cache.take()
        setup.folder.site = msgspec.structs.replace(setup.folder.site, title="Another")
        setup.folder.refresh()
        setup.run()
        assert cache.take() == EVERYTHING
        setup.folder.file.unlink()
        setup.folder.refresh()
        setup.run()
        assert cache.take() == EVERYTHING
        setup.log.replace(setup.purge.id, setup.state, msgspec.structs.replace(setup.state, version="0"))
        setup.run(lambda: setup.state.version == __version__)
        assert cache.take() == EVERYTHING
        for module, name in ((cache_keys, "MOST_CHANGES"), (purger_module, "MOST_REQUESTS")):
            with monkeypatch.context() as patch:
                patch.setattr(module, name, 0)
                setup.folder.write("a1", date="2019-01-01", tags=["t"], text=name)
                setup.folder.refresh()
                setup.run()
            assert cache.take() == EVERYTHING


def test_what_could_not_be_purged_is_purged_with_what_has_changed_since(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    with running_cache(answers(200), answers(429), sends_garbage, disconnects, answers(200)) as cache:
        setup = Setup(tmp_path, cache)
        setup.run()
        cache.take()
        setup.folder.write("a1", date="2019-01-01", tags=["t"], text="New.")
        setup.folder.refresh()
        setup.run(lambda: setup.state.failures >= 1)
        assert setup.state.generation < setup.newest
        setup.folder.write("a2", date="2019-01-02", tags=["t"], text="New.")
        setup.folder.refresh()
        setup.log = PurgeStateFile(tmp_path / "index.db.purges")
        setup.run()
        assert cache.take() >= ids("a1")
        while not cache.is_idle():
            last = cache.take()
        assert last >= ids("a1", "a2")
        assert setup.state == setup.all_purged
    assert (setup.count("refused"), setup.count("unreachable"), setup.count("sent")) == (1, 2, 2)
    assert "responds with status 429" in caplog.text
    assert "works again" in caplog.text
    assert "secret" not in caplog.text


@pytest.mark.parametrize("seconds", ["3600", "9" * 24])
def test_retry_after_is_obeyed_for_an_hour(tmp_path: Path, seconds: str) -> None:
    with running_cache(answers(503, retry_after=seconds), answers(200)) as cache:
        setup = Setup(tmp_path, cache)
        setup.run(lambda: setup.state.failures == 1)
        assert 3000 < setup.state.retry_at - setup.state.failing_since < 3700
        assert (setup.state.generation, setup.state.version) == (0, "")
        assert cache.take() == EVERYTHING
        assert cache.is_idle()


def test_a_private_address_is_refused_unless_it_is_allowed(tmp_path: Path) -> None:
    with running_cache() as cache:
        setup = Setup(tmp_path, cache, allow_private=False)
        setup.run(lambda: setup.state.failures == 1)
        assert cache.is_idle()
    assert "set allow_private_addresses" in setup.state.problem
    assert setup.counters.get("purge_pending", setup.purge.id) == 1
