"""Watches a folder and all below it by what the kernel reports (inotify(7)).

Each folder is watched before it is listed, so that nothing which happens in a new one is missed.
"""

import enum
import errno
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import msgspec

from service.errors import reason_of
from service.index.instants import now
from service.ingest.watch.file_systems import unreported_file_system
from service.ingest.watch.folder_tree import is_ignored, is_walked, may_change_others, walk_entries
from service.ingest.watch.pending_changes import MOST_PATHS, Activity
from service.ingest.watch.root_links import links_on_path

if sys.platform == "linux":
    from inotify_simple import Event, INotify, flags  # type: ignore[import-untyped]

    _COME = flags.CREATE | flags.MOVED_TO
    _GONE = flags.DELETE | flags.MOVED_FROM
    _LINK_EVENTS = _COME | _GONE | flags.ONLYDIR | flags.MASK_ADD
    _EVENTS = _LINK_EVENTS | flags.MODIFY | flags.CLOSE_WRITE | flags.ATTRIB | flags.EXCL_UNLINK
    _ROOT_EVENTS = _EVENTS | flags.DELETE_SELF | flags.MOVE_SELF
    _ROOT_LOST = flags.DELETE_SELF | flags.MOVE_SELF | flags.UNMOUNT

RECENT_SECONDS = 2
"""A file that was changed so recently may still be open when its folder is found."""

_NOT_LISTABLE = frozenset(
    {errno.ENOENT, errno.ENOTDIR, errno.EACCES, errno.EPERM, errno.ELOOP, errno.ENAMETOOLONG}
)
_REASONS = {
    errno.ENOSPC: "it has more folders than fs.inotify.max_user_watches allows",
    errno.EMFILE: "more programs watch folders than fs.inotify.max_user_instances allows",
    errno.ENOSYS: "the kernel has no inotify",
}


class NotWatchable(Exception):
    """The kernel does not report all changes of a folder; the message says why."""


class Doubt(enum.Enum):
    """The effects of an event other than the activity at a path."""

    INCOMPLETE = enum.auto()
    """Anything in the folder may have changed, and there may be folders that are not watched yet."""
    REPLACED = enum.auto()
    """The folder itself may be another one now."""


class FolderEvents(msgspec.Struct, frozen=True):
    """The events since the last reading: the last activity at each path, relative to the root."""

    activities: dict[str, Activity]
    doubts: frozenset[Doubt] = frozenset()


class FolderWatch:
    """Watches `root`, all folders below it that may have articles or files, and the symbolic links to it.

    It follows what comes, moves and goes below `root`. When `root` itself is replaced, its events are still
    those of the former folder, and another watch must be made. Raises NotWatchable, also later.
    """

    def __init__(self, root: Path) -> None:
        if sys.platform != "linux":
            raise NotWatchable("only Linux is asked for reports of changes")
        self._root = str(root)
        self._folders: dict[int, str] = {}
        self._descriptors: dict[str, int] = {}
        self._links: dict[int, set[str]] = {}
        self._folder_links: set[str] = set()
        self._devices: set[int] = set()
        self._identity = _identity(self._root)
        try:
            self._inotify = INotify()
        except OSError as error:
            raise NotWatchable(_reason(error)) from error
        try:
            self._watch_links()
            for _ in self._watch_below(""):
                pass
        except BaseException:
            self.close()
            raise

    def fileno(self) -> int:
        """The descriptor that is readable when there are events."""
        descriptor: int = self._inotify.fileno()
        return descriptor

    def close(self) -> None:
        """Watch no longer."""
        self._inotify.close()

    def is_replaced(self) -> bool:
        """Whether another folder lies at the path of the root than the one that is watched."""
        return _identity(self._root) != self._identity

    def read(self) -> FolderEvents:
        """The events since the last reading, without waiting."""
        try:
            events = self._inotify.read(timeout=0)
        except OSError as error:
            raise NotWatchable(_reason(error)) from error
        return self._merge(self._interpret(events))

    def rewatch(self, folder: str) -> FolderEvents:
        """Watch the folders in `folder`, or anywhere for "", that are not watched yet; what is in them."""
        return self._merge(self._find_below(folder))

    def _merge(self, events: Iterator[tuple[str, Activity] | Doubt]) -> FolderEvents:
        activities: dict[str, Activity] = {}
        doubts: set[Doubt] = set()
        for event in events:
            if isinstance(event, Doubt):
                doubts.add(event)
            elif len(activities) > MOST_PATHS:
                doubts.add(Doubt.INCOMPLETE)
            elif event[1] is not Activity.TOUCHED or event[0] not in activities:
                activities[event[0]] = event[1]
        return FolderEvents(activities, frozenset(doubts))

    def _watch_links(self) -> None:
        for folder, name in links_on_path(self._root):
            try:
                descriptor = self._inotify.add_watch(folder, _LINK_EVENTS)
            except OSError as error:
                if error.errno not in _NOT_LISTABLE:
                    raise NotWatchable(_reason(error)) from error
            else:
                self._links.setdefault(descriptor, set()).add(name)

    def _watch_below(self, start: str) -> Iterator[tuple[str, os.DirEntry[str] | None]]:
        """Watch `start` and all below; yields what `walk_entries` does, for folders that were not watched.

        Other folders than `start` that are watched are passed over, unless `start` is "".
        """
        new: set[str] = set()

        def enter(folder: str) -> bool:
            descriptor = self._watch(folder)
            if descriptor is None:
                return False
            if self._descriptors.get(folder) == descriptor:
                return not start or folder == start
            new.add(folder)
            self._folders[descriptor] = folder
            self._descriptors[folder] = descriptor
            return True

        for folder, entry in walk_entries(self._root, start, enter):
            # Not entry.is_dir(), which raises an error for a link to itself.
            if entry is not None and entry.is_symlink() and os.path.isdir(entry.path):  # noqa: PTH112
                self._folder_links.add(folder + entry.name)
            if folder in new:
                yield folder, entry
            if entry is None:
                new.discard(folder)

    def _watch(self, folder: str) -> int | None:
        """The descriptor of the watch on `folder`; None if it cannot be listed or is watched already."""
        place = f"{self._root}/{folder}"
        try:
            self._check_file_system(place)
            descriptor: int = self._inotify.add_watch(place, _EVENTS if folder else _ROOT_EVENTS)
        except OSError as error:
            if error.errno in _NOT_LISTABLE:
                return None
            raise NotWatchable(_reason(error)) from error
        other = self._folders.get(descriptor, folder)
        if other != folder:
            if _identity(f"{self._root}/{other}") == _identity(place):
                return None
            # It was moved here, and the report of that is still to come.
            self._forget(other, descriptor)
        return descriptor

    def _check_file_system(self, place: str) -> None:
        device = os.stat(place).st_dev  # noqa: PTH116 - a Path takes longer to make
        if device not in self._devices:
            if name := unreported_file_system(place):
                raise NotWatchable(f"it lies on {name}, where others can change it without a report")
            self._devices.add(device)

    def _forget(self, folder: str, descriptor: int) -> None:
        self._folders.pop(descriptor, None)
        if self._descriptors.get(folder) == descriptor:
            del self._descriptors[folder]

    def _forget_below(self, folder: str) -> None:
        """Watch `folder` and all below it no longer: it was moved, and what is watched moved with it."""
        for path in [path for path in self._descriptors if path.startswith(folder)]:
            descriptor = self._descriptors[path]
            self._forget(path, descriptor)
            with suppress(OSError):  # deleted meanwhile
                self._inotify.rm_watch(descriptor)

    def _interpret(self, events: "list[Event]") -> Iterator[tuple[str, Activity] | Doubt]:
        for event in events:
            if event.mask & flags.Q_OVERFLOW:
                yield Doubt.INCOMPLETE
                continue
            if event.name in self._links.get(event.wd, ()):
                yield Doubt.REPLACED
            folder = self._folders.get(event.wd)
            if folder is None:
                continue
            if event.mask & flags.IGNORED:
                self._forget(folder, event.wd)
            if not folder and event.mask & (_ROOT_LOST | flags.IGNORED):
                yield Doubt.REPLACED
            elif event.mask & flags.ISDIR:
                yield from self._folder_event(folder, event)
            elif event.name:
                yield from self._file_event(folder, event)

    def _folder_event(self, folder: str, event: "Event") -> Iterator[tuple[str, Activity] | Doubt]:
        if not event.name:
            yield (folder, Activity.TOUCHED) if folder else Doubt.INCOMPLETE
            return
        if not is_walked(event.name):
            return
        path = f"{folder}{event.name}/"
        if may_change_others(path, ""):
            yield Doubt.INCOMPLETE
        if event.mask & flags.MOVED_FROM:
            self._forget_below(path)
        if event.mask & _GONE:
            yield path, Activity.WRITTEN
        elif path in self._descriptors and event.mask & flags.ATTRIB:
            yield path, Activity.TOUCHED
        else:
            yield path, Activity.NEW_FOLDER
            yield from self._find_below(path)

    def _file_event(self, folder: str, event: "Event") -> Iterator[tuple[str, Activity] | Doubt]:
        path = folder + event.name
        if is_ignored(folder, event.name):
            return
        if may_change_others(folder, event.name) or path in self._folder_links:
            self._folder_links.discard(path)
            yield Doubt.INCOMPLETE
        elif event.mask & flags.MODIFY:
            yield path, Activity.WRITING
        elif event.mask & _GONE:
            yield path, Activity.WRITTEN
        else:
            yield from self._examine(path, event.mask)

    def _examine(self, path: str, mask: int) -> Iterator[tuple[str, Activity] | Doubt]:
        """The meaning of an event that depends on the present file."""
        try:
            facts = os.lstat(f"{self._root}/{path}")
        except OSError:
            yield path, Activity.WRITTEN
            return
        is_empty = stat.S_ISREG(facts.st_mode) and facts.st_size == 0
        if stat.S_ISLNK(facts.st_mode):
            yield Doubt.INCOMPLETE
        elif mask & flags.ATTRIB:
            yield path, Activity.TOUCHED
        elif mask & flags.CREATE and is_empty:
            # A link to a file that is there already is never closed.
            yield path, Activity.WRITING if facts.st_nlink == 1 else Activity.WRITTEN
        else:
            yield path, Activity.EMPTIED if is_empty else Activity.WRITTEN

    def _find_below(self, start: str) -> Iterator[tuple[str, Activity] | Doubt]:
        """Watch what is not watched yet in `start` and below; each new folder and the files in it."""
        recent = now().timestamp() - RECENT_SECONDS
        for folder, entry in self._watch_below(start):
            if entry is None:
                yield (folder, Activity.NEW_FOLDER) if folder else Doubt.INCOMPLETE
                continue
            if entry.is_symlink():
                yield Doubt.INCOMPLETE
                continue
            with suppress(OSError):  # deleted meanwhile
                is_recent = entry.stat(follow_symlinks=False).st_ctime > recent
                yield folder + entry.name, Activity.FOUND if is_recent else Activity.WRITTEN


def try_to_watch(root: Path) -> FolderWatch | None:
    """A watch on `root`; None where the kernel does not report all changes of it."""
    try:
        return FolderWatch(root)
    except NotWatchable:
        return None


def _identity(place: str) -> tuple[int, int] | None:
    """The identity of the folder at `place`; None if there is none."""
    try:
        facts = os.stat(place)  # noqa: PTH116 - a Path takes longer to make
    except OSError:
        return None
    return facts.st_dev, facts.st_ino


def _reason(error: OSError) -> str:
    return _REASONS.get(error.errno or 0, reason_of(error))
