"""What the kernel reports of a folder, on a real disk: each way to change it, and what is made of it."""

import errno
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from service.ingest.watch import folder_watch
from service.ingest.watch.folder_watch import Doubt, FolderWatch, NotWatchable
from service.ingest.watch.pending_changes import MOST_PATHS, Activity

if sys.platform == "linux":
    from inotify_simple import INotify  # type: ignore[import-untyped]

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="inotify is Linux's")

WRITING, WRITTEN, EMPTIED = Activity.WRITING, Activity.WRITTEN, Activity.EMPTIED
FOUND, TOUCHED, NEW_FOLDER = Activity.FOUND, Activity.TOUCHED, Activity.NEW_FOLDER
LONG_AGO = 1_000_000_000


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with articles, and another beside it on the same disk."""
    folder = tmp_path / "content"
    (folder / "posts").mkdir(parents=True)
    (folder / "posts" / "a.md").write_text("A")
    (folder / "b.md").write_text("B")
    (tmp_path / "elsewhere" / "new").mkdir(parents=True)
    (tmp_path / "elsewhere" / "c.md").write_text("C")
    (tmp_path / "elsewhere" / "new" / "d.md").write_text("D")
    return folder


@pytest.fixture
def watch(root: Path) -> Iterator[FolderWatch]:
    with closing(FolderWatch(root)) as made:
        yield made


def rename(source: str, target: str) -> Callable[[Path], object]:
    return lambda root: (root / source).rename(root / target)


def write(path: str, text: str = "text") -> Callable[[Path], object]:
    return lambda root: (root / path).write_text(text)


def save_as_editors_do(root: Path) -> None:
    (root / "posts" / ".a.md.swp").write_text("new")
    (root / "posts" / ".a.md.swp").replace(root / "posts" / "a.md")


def hard_link(root: Path) -> None:
    (root / "posts" / "e.md").hardlink_to(root / "b.md")


def create_and_leave_open(root: Path) -> None:
    os.open(root / "posts" / "e.md", os.O_CREAT | os.O_WRONLY)


CHANGES: dict[str, tuple[Callable[[Path], object], dict[str, Activity]]] = {
    "a file is written over": (write("posts/a.md"), {"posts/a.md": WRITTEN}),
    "a file comes": (write("posts/e.md"), {"posts/e.md": WRITTEN}),
    "an empty file comes": (write("posts/e.md", ""), {"posts/e.md": EMPTIED}),
    "a file is emptied": (write("b.md", ""), {"b.md": EMPTIED}),
    "a file is created and stays open": (create_and_leave_open, {"posts/e.md": WRITING}),
    "a file is saved through another": (save_as_editors_do, {"posts/a.md": WRITTEN}),
    "a file gets another name": (rename("b.md", "c.md"), {"b.md": WRITTEN, "c.md": WRITTEN}),
    "a file is moved in": (rename("../elsewhere/c.md", "c.md"), {"c.md": WRITTEN}),
    "a file is moved out": (rename("b.md", "../b.md"), {"b.md": WRITTEN}),
    "a file is deleted": (lambda root: (root / "b.md").unlink(), {"b.md": WRITTEN}),
    "a file is linked": (hard_link, {"posts/e.md": WRITTEN}),
    "permissions change": (lambda root: (root / "b.md").chmod(0o600), {"b.md": TOUCHED}),
    "times change": (lambda root: os.utime(root / "b.md", (1, 1)), {"b.md": TOUCHED}),
    "a name is not UTF-8": (
        lambda root: open(os.fsencode(root) + b"/\xff.md", "wb").close(),  # noqa: PTH123
        {"\udcff.md": EMPTIED},
    ),
    "a folder is deleted": (
        lambda root: shutil.rmtree(root / "posts"),
        {"posts/a.md": WRITTEN, "posts/": WRITTEN},
    ),
    "a folder is moved out": (rename("posts", "../posts"), {"posts/": WRITTEN}),
    "hidden files change": (write(".b.md.swp"), {}),
    "a hidden folder comes": (lambda root: shutil.copytree(root / "posts", root / ".git"), {}),
}


@pytest.mark.parametrize("name", CHANGES)
def test_every_change_is_reported_once(root: Path, watch: FolderWatch, name: str) -> None:
    change, expected = CHANGES[name]
    change(root)
    events = watch.read()

    assert events.activities == expected
    assert events.doubts == frozenset()
    assert watch.read().activities == {}


def test_a_file_is_being_written_until_it_is_closed(root: Path, watch: FolderWatch) -> None:
    with (root / "posts" / "a.md").open("w", buffering=1) as file:
        for line in ("one\n", "two\n"):
            file.write(line)
            assert watch.read().activities == {"posts/a.md": WRITING}
        os.utime(root / "posts" / "a.md", (1, 1))
        assert watch.read().activities == {"posts/a.md": TOUCHED}
    assert watch.read().activities == {"posts/a.md": WRITTEN}


def test_a_folder_that_comes_is_listed_with_all_below_and_watched(root: Path, watch: FolderWatch) -> None:
    for file in ("new/d.md", "c.md"):
        os.utime(root.parent / "elsewhere" / file, (LONG_AGO, LONG_AGO))
    (root.parent / "elsewhere").rename(root / "posts" / "more")
    events = watch.read()
    assert events.activities == {
        "posts/more/": NEW_FOLDER,
        "posts/more/c.md": FOUND,
        "posts/more/new/": NEW_FOLDER,
        "posts/more/new/d.md": FOUND,
    }
    (root / "posts" / "more" / "new" / "d.md").write_text("changed")
    assert watch.read().activities == {"posts/more/new/d.md": WRITTEN}


def test_nothing_is_missed_in_folders_that_are_made_one_in_another(root: Path, watch: FolderWatch) -> None:
    for year in range(3):
        for month in range(4):
            (root / f"{year}" / f"{month}").mkdir(parents=True)
            (root / f"{year}" / f"{month}" / "x.md").write_text("text")
    reported = watch.read().activities
    files = {f"{year}/{month}/x.md" for year in range(3) for month in range(4)}

    assert files <= reported.keys()
    for file in files:
        (root / file).write_text("again")
    assert set(watch.read().activities) == files


@pytest.mark.parametrize("target", ["renamed", "posts2/deeper"])
def test_a_folder_that_is_moved_is_watched_under_its_new_name(
    root: Path, watch: FolderWatch, target: str
) -> None:
    (root / "posts" / "in").mkdir()
    (root / "posts2").mkdir()
    watch.read()
    (root / "posts").rename(root / target)
    moved = watch.read().activities
    assert moved["posts/"] is WRITTEN
    assert moved[f"{target}/"] is NEW_FOLDER
    assert f"{target}/a.md" in moved
    (root / target / "in" / "e.md").write_text("text")
    assert watch.read().activities == {f"{target}/in/e.md": WRITTEN}


def test_a_folder_moved_into_a_new_one_is_watched(root: Path, watch: FolderWatch) -> None:
    """The report of where it was comes after it was found where it is."""
    (root / "year").mkdir()
    (root / "posts").rename(root / "year" / "posts")
    watch.read()
    (root / "year" / "posts" / "a.md").write_text("again")

    assert watch.read().activities == {"year/posts/a.md": WRITTEN}


def test_a_folder_that_another_replaces_is_watched(root: Path, watch: FolderWatch) -> None:
    for _ in range(3):
        shutil.rmtree(root / "posts")
        (root / "posts").mkdir()
    watch.read()
    (root / "posts" / "e.md").write_text("text")

    assert watch.read().activities == {"posts/e.md": WRITTEN}


def swap(link: Path, target: str) -> None:
    new = link.with_name("new link")
    new.symlink_to(target)
    new.replace(link)


def relink(link: Path, target: str) -> None:
    link.unlink()
    link.symlink_to(target)


REPLACEMENTS: dict[str, tuple[str, Callable[[Path], object]]] = {
    "the link itself, at once": ("current", lambda top: swap(top / "current", "releases/2")),
    "the link itself, in two steps": ("current", lambda top: relink(top / "current", "releases/2")),
    "a link on the way": ("current/content", lambda top: swap(top / "current", "releases/2")),
    "a link that the link leads through": ("site", lambda top: swap(top / "current", "releases/2")),
    "the folder itself, for another": (
        "releases/1",
        lambda top: (
            (top / "releases/1").rename(top / "old"),
            (top / "releases/2").rename(top / "releases/1"),
        ),
    ),
    "the folder itself, deleted": ("releases/1", lambda top: shutil.rmtree(top / "releases/1")),
}


@pytest.mark.parametrize("name", REPLACEMENTS)
def test_a_root_that_is_replaced_is_reported(tmp_path: Path, name: str) -> None:
    path, replace = REPLACEMENTS[name]
    for number in (1, 2):
        (tmp_path / "releases" / str(number) / "content").mkdir(parents=True)
    (tmp_path / "current").symlink_to("releases/1")
    (tmp_path / "site").symlink_to(tmp_path / "current" / "content")
    with closing(FolderWatch(tmp_path / path)) as watch:
        (tmp_path / "other").mkdir()
        assert watch.read().doubts == frozenset(), "what else happens beside it is none"
        replace(tmp_path)
        assert Doubt.REPLACED in watch.read().doubts
        assert watch.is_replaced()


def test_a_root_that_appears_is_reported(tmp_path: Path) -> None:
    with closing(FolderWatch(tmp_path / "late" / "content")) as watch:
        (tmp_path / "late").mkdir()
        assert Doubt.REPLACED in watch.read().doubts


def test_a_volume_of_kubernetes_that_is_updated_is_reported(tmp_path: Path) -> None:
    """The names stay links to `..data`, a link that is led to another hidden folder."""
    root = tmp_path / "content"
    for number in (1, 2):
        (root / f"..{number}").mkdir(parents=True)
        (root / f"..{number}" / "a.md").write_text(str(number))
    (root / "..data").symlink_to("..1")
    (root / "a.md").symlink_to("..data/a.md")
    with closing(FolderWatch(root)) as watch:
        (root / "..data_tmp").symlink_to("..2")
        (root / "..data_tmp").replace(root / "..data")
        assert Doubt.INCOMPLETE in watch.read().doubts
        (root / "..2" / "a.md").write_text("edited in place")
        assert Doubt.INCOMPLETE in watch.read().doubts


@pytest.mark.parametrize("target", ["../elsewhere", "/", "posts", ".", ".hidden/loop"])
def test_links_lead_nowhere_else(root: Path, target: str) -> None:
    """What a link leads out of the root to is not served, and what it leads to inside has a name already."""
    (root / ".hidden").mkdir()
    (root / ".hidden" / "loop").symlink_to(".")
    (root / "link").symlink_to(target)
    with closing(FolderWatch(root)) as watch:
        (root.parent / "elsewhere" / "c.md").write_text("again")
        assert watch.read().activities == {}
        (root / "posts" / "a.md").write_text("again")
        assert watch.read().activities == {"posts/a.md": WRITTEN}
        (root / "link").unlink()
        assert Doubt.INCOMPLETE in watch.read().doubts


def test_a_hidden_folder_is_watched_by_the_name_of_a_link_to_it(root: Path) -> None:
    (root / ".store").mkdir()
    (root / "linked").symlink_to(".store")
    with closing(FolderWatch(root)) as watch:
        (root / ".store" / "e.md").write_text("text")
        assert watch.read().activities == {"linked/e.md": WRITTEN}


def test_a_folder_that_becomes_readable_is_watched(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = [f"{root}/posts/"]
    add_watch = INotify.add_watch

    def refuse(self: object, place: str, mask: int) -> object:
        if place in closed:
            raise PermissionError(errno.EACCES, "Permission denied")
        return add_watch(self, place, mask)

    monkeypatch.setattr(INotify, "add_watch", refuse)
    with closing(FolderWatch(root)) as watch:
        closed.clear()
        (root / "posts").chmod(0o700)
        assert "posts/a.md" in watch.read().activities
        (root / "posts" / "a.md").write_text("again")
        assert watch.read().activities == {"posts/a.md": WRITTEN}


def test_a_folder_that_is_too_deep_keeps_no_other_from_being_watched(root: Path) -> None:
    """The system takes paths of up to 4,096 bytes, and a program can go deeper folder by folder."""
    descriptor = os.open(root, os.O_RDONLY)
    for _ in range(30):
        os.mkdir("x" * 200, dir_fd=descriptor)
        outer, descriptor = descriptor, os.open("x" * 200, os.O_RDONLY, dir_fd=descriptor)
        os.close(outer)
    os.close(descriptor)
    with closing(FolderWatch(root)) as watch:
        (root / "b.md").write_text("again")
        assert watch.read().activities == {"b.md": WRITTEN}


@pytest.mark.parametrize(
    ("number", "message"),
    [(errno.ENOSPC, "fs.inotify.max_user_watches"), (errno.EIO, "input/output error")],
)
def test_a_folder_that_cannot_be_watched_is_refused_then_and_later(
    root: Path, monkeypatch: pytest.MonkeyPatch, number: int, message: str
) -> None:
    add_watch = INotify.add_watch

    def refuse(self: object, place: str, mask: int) -> object:
        if place.endswith("/new/"):
            raise OSError(number, os.strerror(number))
        return add_watch(self, place, mask)

    monkeypatch.setattr(INotify, "add_watch", refuse)
    with closing(FolderWatch(root)) as watch:
        (root / "new").mkdir()
        with pytest.raises(NotWatchable, match=message):
            watch.read()
    with pytest.raises(NotWatchable, match=message):
        FolderWatch(root)


def test_a_disk_without_reports_is_refused(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder_watch, "unreported_file_system", lambda _: "NFS")
    with pytest.raises(NotWatchable, match="lies on NFS"):
        FolderWatch(root)


def test_lost_events_put_everything_in_doubt(root: Path, watch: FolderWatch) -> None:
    """Two files that are written in turns fill the queue: only equal events that are adjacent are merged."""
    limit = int(Path("/proc/sys/fs/inotify/max_queued_events").read_text("ascii"))
    with (root / "b.md").open("w") as one, (root / "c.md").open("w") as other:
        for _ in range(limit // 2 + 10):
            os.ftruncate(one.fileno(), 0)
            os.ftruncate(other.fileno(), 0)
    assert Doubt.INCOMPLETE in watch.read().doubts
    assert watch.rewatch("").doubts == frozenset()
    (root / "b.md").write_text("again")
    assert watch.read().activities == {"b.md": WRITTEN}


def test_more_paths_than_are_kept_put_everything_in_doubt(
    root: Path, watch: FolderWatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder_watch, "MOST_PATHS", 10)
    for number in range(20):
        (root / f"{number}.md").write_text("text")
    events = watch.read()

    assert len(events.activities) <= 11
    assert events.doubts == {Doubt.INCOMPLETE}
    assert MOST_PATHS > 100
