"""A monitor watches where it can, looks where it cannot, and changes from one to the other by itself."""

import logging
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from service.ingest.watch import folder_monitor, folder_watch
from service.ingest.watch.folder_monitor import FolderMonitor, wait_for_events
from service.ingest.watch.folder_watch import FolderWatch, NotWatchable
from service.ingest.watch.pending_changes import EVERYTHING, Look
from tests.support.waiting import TIMEOUT_SECONDS, wait_until


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "content"
    (folder / "posts").mkdir(parents=True)
    (folder / "posts" / "a.md").write_text("A")
    return folder


@pytest.fixture
def monitor(root: Path) -> Iterator[FolderMonitor]:
    with closing(FolderMonitor(root, seconds=0.1, files=1)) as made:
        take_first_looks(made)
        yield made


@pytest.fixture
def unreported(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of file systems that report nothing, of which every folder lies on the first."""
    names: list[str] = []
    monkeypatch.setattr(folder_watch, "unreported_file_system", lambda _: names[0] if names else None)
    return names


def next_look(monitor: FolderMonitor) -> Look:
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while time.monotonic() < deadline:
        wait_for_events([monitor], 0.02)
        monitor.collect()
        if look := monitor.take():
            return look
    raise AssertionError("no look is due")


def take_first_looks(monitor: FolderMonitor) -> None:
    """One at the beginning, and one after the first sweep, which had nothing to compare with."""
    assert next_look(monitor) == EVERYTHING
    assert next_look(monitor) == EVERYTHING


def wait_for_sweep(monitor: FolderMonitor) -> None:
    def is_over() -> bool:
        monitor.collect()
        return not monitor._sweep._is_first

    wait_until(is_over, "the first sweep is over")


def test_a_change_is_seen_without_waiting_for_a_sweep(root: Path, monitor: FolderMonitor) -> None:
    assert monitor.is_watching
    (root / "posts" / "a.md").write_text("again")
    assert next_look(monitor) == Look(("posts/a.md",))


@pytest.mark.parametrize("is_changed", [False, True])
def test_a_watch_that_began_before_the_last_look_leaves_only_what_changed_since(
    root: Path, monkeypatch: pytest.MonkeyPatch, *, is_changed: bool
) -> None:
    monkeypatch.setattr(folder_monitor, "CHECK_SHARE", 0)  # no sweep
    watch = FolderWatch(root)
    expected = {"last.md"}
    if is_changed:
        (root / "new").mkdir()
        (root / "new" / "b.md").write_text("B")
        (root / "posts" / "a.md").write_text("again")
        expected |= {"new/", "new/b.md", "posts/a.md"}
    with closing(FolderMonitor(root, seconds=0.1, files=0, watch=watch)) as monitor:
        (root / "last.md").write_text("last")
        seen = set[str]()
        while not seen >= expected:
            paths = next_look(monitor).paths
            assert paths is not None, "everything is looked at"
            seen.update(paths)

    assert seen == expected


def test_a_hundred_files_that_are_moved_in_are_one_look(root: Path, monitor: FolderMonitor) -> None:
    for number in range(100):
        (root.parent / f"{number}.md").write_text("text")
    for number in range(100):
        (root.parent / f"{number}.md").rename(root / f"{number}.md")
    look = next_look(monitor)
    assert len(look.paths or ()) == 100


def test_a_folder_without_reports_is_scanned(
    root: Path, unreported: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    unreported.append("NFS")
    with caplog.at_level(logging.WARNING), closing(FolderMonitor(root, seconds=0.1, files=1)) as monitor:
        assert not monitor.is_watching
        looks = [next_look(monitor)]
        while len(looks) < 3 and looks[-1] == EVERYTHING:
            # The first sweep, which has nothing to compare with, may end before or after the first look.
            wait_for_sweep(monitor)
            (root / "posts" / "a.md").write_text("again" * len(looks))
            looks.append(next_look(monitor))
        assert looks[-1] == Look(("posts/",))
    (record,) = caplog.records
    reason = "it lies on NFS, where others can change it without a report"
    assert record.message == f"{root} is scanned for changes instead of being watched: {reason}"


def test_a_watch_that_fails_later_becomes_a_scan_and_a_watch_again(
    root: Path, monitor: FolderMonitor, unreported: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: object) -> None:
        raise NotWatchable("it lies elsewhere now")

    with monkeypatch.context() as patch:
        patch.setattr(folder_watch.FolderWatch, "read", fail)
        monitor.collect()
    assert not monitor.is_watching
    assert next_look(monitor) == EVERYTHING
    monkeypatch.setattr(folder_monitor, "WATCH_AGAIN_SECONDS", 0)
    unreported.append("NFS")
    monitor.look_anew()
    monitor.collect()
    assert not monitor.is_watching
    unreported.clear()
    monitor.collect()
    assert monitor.is_watching
    assert next_look(monitor) == EVERYTHING


def test_a_link_that_is_swapped_is_followed_at_once_and_for_ever(tmp_path: Path) -> None:
    for number in range(4):
        (tmp_path / f"release{number}").mkdir()
    current = tmp_path / "current"
    current.symlink_to("release0")
    with closing(FolderMonitor(current, seconds=0.1, files=0)) as monitor:
        take_first_looks(monitor)
        for number in range(1, 4):
            (tmp_path / "new").symlink_to(f"release{number}")
            (tmp_path / "new").replace(current)
            take_first_looks(monitor)
            (tmp_path / f"release{number}" / "a.md").write_text("text")
            assert next_look(monitor) == Look(("a.md",))


def test_a_new_folder_is_looked_at_twice(root: Path, monitor: FolderMonitor) -> None:
    (root / "new").mkdir()
    assert next_look(monitor) == Look(("new/",))
    assert next_look(monitor) == Look(("new/",))


def test_a_missing_folder_is_noticed_when_it_comes(tmp_path: Path) -> None:
    root = tmp_path / "late" / "content"
    with closing(FolderMonitor(root, seconds=0.1, files=0)) as monitor:
        take_first_looks(monitor)
        (tmp_path / "late").mkdir()
        take_first_looks(monitor)
        root.mkdir()
        take_first_looks(monitor)
        (root / "a.md").write_text("text")
        assert next_look(monitor) == Look(("a.md",))
