"""When to look at what has changed: once it is no longer being written, and not too often."""

import enum
from collections.abc import Iterator

import msgspec

MOST_PATHS = 10_000
"""With more changed paths than this, everything is examined, so that a flood takes bounded memory."""

BATCH_SECONDS = 0.04
"""Changes that follow each other more closely than this are one batch …"""

LONGEST_BATCH_SECONDS = 0.2
"""… of at most this length."""

LEAST_INTERVAL_SECONDS = 0.2
"""Between the beginnings of two looks."""

LONGEST_PAUSE_SECONDS = 2.0
"""A look that takes long is followed by a pause as long, but not longer than this."""

LONGEST_WRITING_SECONDS = 300.0
"""A file that is written to without end is examined after this time."""

AGAIN_SECONDS = 1.0
"""A new folder is examined once more after this time."""


class Activity(enum.Enum):
    """An event at a file or folder."""

    WRITING = enum.auto()
    """The file is open and being written to."""
    WRITTEN = enum.auto()
    """The file or folder was closed, moved or deleted."""
    EMPTIED = enum.auto()
    """The file was closed without content; some programs then open it once more to write."""
    FOUND = enum.auto()
    """The file was there before anything was reported of it, so it may be open."""
    TOUCHED = enum.auto()
    """Permissions or times have changed, which ends no writing."""
    NEW_FOLDER = enum.auto()
    """A folder has come."""


SETTLE_SECONDS = {
    Activity.WRITING: 10.0,
    Activity.WRITTEN: 0.0,
    Activity.EMPTIED: 1.0,
    Activity.FOUND: 0.15,
    Activity.TOUCHED: 0.0,
    Activity.NEW_FOLDER: 0.0,
}
"""How long nothing else must happen until a file counts as whole.

A file that is being written is closed before that, unless a program keeps it open.
"""


class Look(msgspec.Struct, frozen=True):
    """The paths to examine: `paths` relative to the root, folders ending in a slash; None: everything.

    The `unfinished` files are being written, so they must not be read yet.
    """

    paths: tuple[str, ...] | None
    unfinished: tuple[str, ...] = ()


EVERYTHING = Look(None)
NOTHING = Look(())


class _Change(msgspec.Struct, frozen=True):
    """The last activity at a path, when the first was noted, and when the path counts as whole."""

    activity: Activity
    first: float
    whole_at: float


class PendingChanges:
    """Collects changes until it is time to look at them. All instants are of one monotonic clock."""

    def __init__(self) -> None:
        self._changes: dict[str, _Change] = {}
        self._everything_at: float | None = None
        self._batch_began: float | None = None
        self._last_noted = 0.0
        self._not_before = 0.0

    def __bool__(self) -> bool:
        """Whether anything is waiting."""
        return bool(self._changes) or self._everything_at is not None

    def note(self, path: str, activity: Activity, now: float) -> None:
        """Note what has happened to `path`."""
        known = self._changes.get(path)
        self._last_noted = now
        if known is not None and known.activity is Activity.WRITING and activity is Activity.TOUCHED:
            return
        if known is None and len(self._changes) >= MOST_PATHS:
            self.note_everything(now + BATCH_SECONDS)
            return
        first = known.first if known else now
        whole_at = now + SETTLE_SECONDS[activity]
        if activity is Activity.WRITING:
            whole_at = min(whole_at, first + LONGEST_WRITING_SECONDS)
        # Writes without a pause end no batch by themselves.
        if self._batch_began is None and (activity is not Activity.WRITING or whole_at <= now):
            self._batch_began = now
        self._changes[path] = _Change(activity, first, whole_at)

    def note_everything(self, at: float) -> None:
        """Note that anything may have changed, to be looked at `at` the earliest."""
        if self._everything_at is None or at < self._everything_at:
            self._everything_at = at

    def note_look(self, began: float, ended: float) -> None:
        """Note how long a look took: the next one is put off."""
        pause = min(ended - began, LONGEST_PAUSE_SECONDS)
        self._not_before = max(began + LEAST_INTERVAL_SECONDS, ended + pause)

    def take(self, now: float) -> Look | None:
        """The paths to examine `now`, which then no longer wait; None if nothing is due."""
        if now < self._not_before:
            return None
        if self._everything_at is not None and now >= self._everything_at:
            unfinished = self._unfinished_paths(now)
            self._changes = {path: self._changes[path] for path in unfinished}
            self._everything_at = self._batch_began = None
            return Look(None, unfinished)
        if not self._is_batch_over(now):
            return None
        paths = self._whole_paths(now)
        self._batch_began = None
        for path in paths:
            if self._changes.pop(path).activity is Activity.NEW_FOLDER:
                self._changes[path] = _Change(Activity.WRITTEN, now, now + AGAIN_SECONDS)
        return Look(tuple(sorted(paths)), self._unfinished_paths(now)) if paths else None

    def _is_batch_over(self, now: float) -> bool:
        if now >= self._last_noted + BATCH_SECONDS:
            return True
        return self._batch_began is not None and now >= self._batch_began + LONGEST_BATCH_SECONDS

    def _unfinished_paths(self, now: float) -> tuple[str, ...]:
        return tuple(
            path
            for path, change in self._changes.items()
            if change.activity is Activity.WRITING and change.whole_at > now
        )

    def _whole_paths(self, now: float) -> list[str]:
        """The paths that count as whole, except folders in which something does not."""
        whole, waiting = [], set[str]()
        for path, change in self._changes.items():
            if change.whole_at <= now:
                whole.append(path)
            else:
                waiting.update(_folders_above(path))
        return [path for path in whole if path not in waiting]


def _folders_above(path: str) -> Iterator[str]:
    """The folders that contain `path`, each ending in a slash."""
    end = path.find("/")
    while 0 <= end < len(path) - 1:
        yield path[: end + 1]
        end = path.find("/", end + 1)
