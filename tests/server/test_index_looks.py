"""The index is opened only if it may have changed, or if something is due: any other look is saved."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from service.index.database import file_id, report_damage
from service.server import index_looks
from service.server.index_looks import TransitionSchedule, look_facts
from service.settings import Settings
from service.web.metrics.counters import Counters, private_counters
from tests.support.index_folder import Folder

START = datetime(2026, 1, 1, tzinfo=UTC)
NEXT = START + timedelta(minutes=5)


class Clock:
    """The clock that is looked at, and how often scheduled changes were applied."""

    def __init__(self, schedule: TransitionSchedule) -> None:
        self.schedule = schedule
        self.moment = START
        self.applied = 0

    def look(self, moment: datetime = START) -> int:
        """How often scheduled changes are applied by three looks."""
        self.moment, before = moment, self.applied
        for _ in range(3):
            assert self.schedule.apply(self._apply) == NEXT
        return self.applied - before

    def _apply(self) -> datetime:
        self.applied += 1
        return NEXT


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    folder = Folder(tmp_path)
    folder.write("a")
    folder.refresh()
    return folder


@pytest.fixture
def counters(folder: Folder) -> Counters:
    return private_counters(Settings(content=folder.root, index=folder.url, site=folder.site))


@pytest.fixture
def clock(folder: Folder, counters: Counters, monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock(TransitionSchedule(folder.url, counters, "refresher"))
    monkeypatch.setattr(index_looks, "now", lambda: clock.moment)
    assert clock.look() == 1
    return clock


def edit(folder: Folder) -> None:
    folder.write("a", title="Another")
    folder.refresh()


def replace(folder: Folder) -> None:
    other = Folder(folder.file.parent / "other")
    other.refresh()
    other.file.replace(folder.file)


def report(folder: Folder) -> None:
    assert report_damage(folder.file, file_id(folder.file), "it is damaged")


@pytest.mark.parametrize("change", [edit, replace, report, lambda folder: folder.file.unlink()])
def test_a_change_of_the_index_is_looked_at_once(
    folder: Folder, clock: Clock, change: Callable[[Folder], None]
) -> None:
    assert clock.look() == 0
    change(folder)
    assert clock.look() == 1
    assert clock.look() == 0


def test_an_index_behind_a_link_is_looked_at_as_any_other(
    folder: Folder, counters: Counters, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = tmp_path / "link.db"
    link.symlink_to(folder.file)
    clock = Clock(TransitionSchedule(f"sqlite:///{link}", counters, "refresher"))
    monkeypatch.setattr(index_looks, "now", lambda: clock.moment)
    assert (clock.look(), clock.look()) == (1, 0)
    edit(folder)
    assert clock.look() == 1


def test_the_clock_is_looked_at(clock: Clock) -> None:
    assert clock.look(NEXT - timedelta(seconds=1)) == 0
    assert clock.look(START - timedelta(hours=1)) == 1, "it was set back, and nothing is known of that time"
    assert clock.look(START) == 0
    assert clock.look(NEXT - timedelta(seconds=1)) == 0
    assert clock.look(NEXT) == 3, "something is due until it is applied"


def test_what_another_process_commits_is_looked_at_until_it_has(clock: Clock, counters: Counters) -> None:
    with counters.changing_index("refresher"):
        assert clock.look() == 0, "its own number says nothing"
    with counters.changing_index("command"):
        assert clock.look() == 3
    assert clock.look() == 1


def test_nothing_is_saved_after_an_error(clock: Clock) -> None:
    def fail() -> None:
        raise OSError("the disk")

    clock.moment = NEXT
    with pytest.raises(OSError, match="disk"):
        clock.schedule.apply(fail)
    assert clock.look() == 1


def test_after_a_time_it_is_looked_at_anyway(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.server.index_looks.time.monotonic", lambda: float("inf"))
    assert clock.look() == 3


def test_another_service_that_commits_hides_the_facts(folder: Folder, counters: Counters) -> None:
    assert look_facts(folder.url, counters) == look_facts(folder.url, counters) is not None
    with counters.changing_index("follower"):
        assert look_facts(folder.url, counters) is None
