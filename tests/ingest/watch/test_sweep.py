"""Changes that were not reported are found by a sweep, within its share of a core."""

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from service.ingest.watch import sweep as sweep_module
from service.ingest.watch.pending_changes import EVERYTHING, Look
from service.ingest.watch.sweep import MOST_CREDIT_SECONDS, Pace, Sweep

SCAN = Pace(file_seconds=2, share=1000)
CHECK = Pace(file_seconds=900, share=1000, folder_seconds=30)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "content"
    for place in ("posts/2020", "pages", ".git"):
        (folder / place).mkdir(parents=True)
        (folder / place / "a.md").write_text("A")
    (folder / "b.md").write_text("B")
    return folder


def looks(sweep: Sweep, since: int, until: int) -> list[Look]:
    """Everything that is found between two instants, in seconds."""
    found = [sweep.work(tenths / 10) for tenths in range(since * 10, until * 10)]
    return [look for look in found if look is not None]


def begun(root: Path, pace: Pace) -> Sweep:
    """A sweep that has looked at everything once."""
    sweep = Sweep(root, pace, now=-1)
    assert looks(sweep, 0, 10) == [EVERYTHING], "there was nothing to compare with"
    return sweep


def edit_in_place(root: Path) -> None:
    """Size and name stay, and an editor may set the time back."""
    with (root / "pages" / "a.md").open("r+") as file:
        file.write("Z")
    os.utime(root / "pages" / "a.md", (1, 1))


CHANGES: dict[str, tuple[Callable[[Path], object], set[str]]] = {
    "a file is edited in place": (edit_in_place, {"pages/"}),
    "a file comes": (lambda root: (root / "posts/2020/n.md").write_text("N"), {"posts/2020/"}),
    "a file goes": (lambda root: (root / "pages/a.md").unlink(), {"pages/"}),
    "a file is renamed": (lambda root: (root / "pages/a.md").rename(root / "pages/c.md"), {"pages/"}),
    "a folder comes": (lambda root: shutil.copytree(root / "pages", root / "posts/new"), {"posts/new/"}),
    "a folder goes": (lambda root: shutil.rmtree(root / "posts"), {"posts/", "posts/2020/"}),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_found_once(root: Path, name: str) -> None:
    change, expected = CHANGES[name]
    sweep = begun(root, SCAN)
    change(root)
    found = looks(sweep, 10, 20)

    assert {path for look in found for path in look.paths or ()} == expected
    assert sum(len(look.paths or ()) for look in found) == len(expected)


def test_a_change_in_the_root_itself_is_everything(root: Path) -> None:
    sweep = begun(root, SCAN)
    (root / "b.md").write_text("BB")
    assert looks(sweep, 10, 20) == [EVERYTHING]


def test_nothing_is_found_where_nothing_changes(root: Path) -> None:
    sweep = begun(root, SCAN)
    (root / ".git" / "a.md").write_text("hidden")
    assert looks(sweep, 10, 100) == []


def test_a_file_is_found_when_it_has_stopped_growing(root: Path) -> None:
    sweep = begun(root, SCAN)
    for tenths in range(120, 180):
        (root / "pages" / "a.md").write_text("A" * tenths)
        assert sweep.work(tenths / 10) is None, "it grows"
    found = looks(sweep, 18, 22)
    assert [look.paths for look in found] == [("pages/",)]


def test_folders_are_looked_at_more_often_than_files(root: Path) -> None:
    sweep = begun(root, CHECK)
    edit_in_place(root)
    (root / "posts" / "2020" / "n.md").write_text("N")
    assert [look.paths for look in looks(sweep, 10, 70)] == [("posts/2020/",)]
    (found,) = looks(sweep, 890, 920)
    assert "pages/" in (found.paths or ()), "what no folder shows"


def test_a_folder_that_is_looked_at_already_is_not_reported(root: Path) -> None:
    sweep = begun(root, CHECK)
    looks(sweep, 10, 70)
    (root / "pages" / "n.md").write_text("N")
    sweep.note_look(("pages/n.md",))
    assert looks(sweep, 70, 130) == []


def test_a_new_folder_is_looked_at_as_often_as_others(root: Path) -> None:
    """As where a volume is mounted on it, which nothing reports."""
    sweep = begun(root, CHECK)
    shutil.copytree(root / "pages", root / "new")
    sweep.note_look(("new/", "new/a.md"))
    looks(sweep, 10, 70)
    times = root.stat()
    (root / "new").rename(root / ".away")
    shutil.copytree(root / "pages", root / "new")
    os.utime(root, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert [look.paths for look in looks(sweep, 70, 130)] == [("new/",)]
    shutil.rmtree(root / "new")
    os.utime(root, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert [look.paths for look in looks(sweep, 130, 190)] == [("new/",)]


def test_no_more_than_its_share_is_taken(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a clock of processor time that runs half a millisecond at each reading, so a step takes as much."""
    readings = [0]

    def thread_time() -> float:
        readings[0] += 1
        return readings[0] * 0.0005

    monkeypatch.setattr(time, "thread_time", thread_time)
    sweep = Sweep(root, Pace(file_seconds=0.01, share=0.02), now=0)
    for tenths in range(6000):
        sweep.work(tenths / 10)

    spent = readings[0] / 2 * 0.0005
    assert spent <= 600 * 0.02 + MOST_CREDIT_SECONDS
    assert spent >= 600 * 0.02 / 2, "it makes use of it"


def test_a_turn_ends_on_a_slow_disk(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep_module, "LONGEST_TURN_SECONDS", 0)
    sweep = Sweep(root, SCAN, now=-1)
    assert sweep.work(0) is None
