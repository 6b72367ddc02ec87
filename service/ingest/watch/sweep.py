"""Finds what changed without a report: looks at every folder and file in turn, a little at a time."""

import math
import os
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from service.ingest.watch.folder_tree import walk_entries
from service.ingest.watch.pending_changes import EVERYTHING, Look

STABLE_SECONDS = 0.25
"""A folder that has changed must be equal in two looks so far apart: then nothing in it is being written."""

LONGEST_TURN_SECONDS = 0.1
"""How long one call may take where the disk is slow."""

MOST_CREDIT_SECONDS = 0.05
_FILES_PER_STEP = 50
_SIGNATURE_BITS = (1 << 60) - 1


class Pace(msgspec.Struct, frozen=True):
    """Seconds from one look at all files to the next, the same for folders alone, and the share of a core.

    A folder shows what has come and gone in it, and is read much faster than the files in it. Without
    `folder_seconds` the looks at files find that too.
    """

    file_seconds: float
    share: float
    folder_seconds: float | None = None


class Sweep:
    """Looks at the folders and files below `root` and remembers a number of each folder.

    After the first pass everything is examined, since there was nothing to compare with.
    """

    def __init__(self, root: Path, pace: Pace, now: float) -> None:
        self._root = str(root)
        self._pace = pace
        self._credit = 0.0
        self._last_turn = now
        self._files_at = self._folders_at = now
        self._pass: Iterator[str | None] | None = None
        self._is_first = True
        self._signatures: dict[str, int] = {}
        self._folder_times: dict[str, int] = {}
        self._changed: dict[str, tuple[int, float]] = {}

    def work(self, now: float) -> Look | None:
        """Look at as many folders and files as the pace allows; what needs a closer look."""
        self._credit += (now - self._last_turn) * self._pace.share
        self._credit = min(self._credit, MOST_CREDIT_SECONDS)
        self._last_turn = now
        until = time.monotonic() + LONGEST_TURN_SECONDS
        folders: list[str] = []
        while self._credit > 0 and time.monotonic() < until:
            began = time.thread_time()
            has_worked = self._step(now, folders)
            self._credit -= time.thread_time() - began
            if not has_worked:
                break
        if not folders:
            return None
        return EVERYTHING if "" in folders else Look(tuple(folders))

    def note_look(self, paths: tuple[str, ...]) -> None:
        """Note that these `paths` are examined now, so that the folders they are in are not reported again.

        New folders among them, which end in a slash, are examined from now on as often as all others.
        """
        around = {f"{folder}/" if folder else "" for folder in map(_folder_around, paths)}
        new = {path for path in paths if path.endswith("/") and self._pace.folder_seconds is not None}
        for folder in new | (around & self._folder_times.keys()):
            if (changed_at := self._folder_time(folder)) is not None:
                self._folder_times[folder] = changed_at

    def _step(self, now: float, folders: list[str]) -> bool:
        """Take one step and add the folders that have changed to `folders`; False if nothing is due."""
        # Those that were found to have changed first come first.
        changed, (_, seen_at) = next(iter(self._changed.items()), ("", (0, math.inf)))
        if now >= seen_at + STABLE_SECONDS:
            if self._is_stable(changed, now):
                folders.append(changed)
            return True
        if self._pass is None:
            self._pass = self._next_pass(now)
        if self._pass is None:
            return False
        folder = next(self._pass, ...)
        if folder is ...:
            self._pass = None
        elif folder is not None:
            folders.append(folder)
        return True

    def _next_pass(self, now: float) -> Iterator[str | None] | None:
        if self._pace.folder_seconds is not None and self._signatures and now >= self._folders_at:
            self._folders_at = now + self._pace.folder_seconds
            return self._look_at_folders()
        if now >= self._files_at:
            self._files_at = now + self._pace.file_seconds
            return self._look_at_files(now)
        return None

    def _look_at_folders(self) -> Iterator[str | None]:
        """One step a folder; each that has changed since the last pass."""
        for folder in tuple(self._signatures | self._folder_times):
            changed_at = self._folder_time(folder)
            before = self._folder_times.get(folder)
            if changed_at is None:
                self._folder_times.pop(folder, None)
            else:
                self._folder_times[folder] = changed_at
            yield folder if before is not None and before != changed_at else None

    def _look_at_files(self, now: float) -> Iterator[str | None]:
        """One step for some files; everything after the first pass, then each folder that is gone."""
        signatures: dict[str, int] = {}
        signature = files = 0
        for folder, entry in walk_entries(self._root, "", lambda _: True):
            if entry is not None:
                signature = (signature + _signature_of(entry)) & _SIGNATURE_BITS
                files += 1
                if files % _FILES_PER_STEP == 0:
                    yield None
                continue
            signatures[folder] = signature
            if not self._is_first and self._signatures.get(folder) != signature:
                self._changed[folder] = signature, now
            signature = 0
            yield None
        gone = self._signatures.keys() - signatures.keys()
        self._signatures = signatures
        if self._is_first:
            self._is_first = False
            yield ""
        for folder in sorted(gone):
            self._changed.pop(folder, None)
            yield folder

    def _is_stable(self, folder: str, now: float) -> bool:
        """Whether the files of a changed folder are as they were when the change was seen."""
        signature = sum(
            _signature_of(entry)
            for _, entry in walk_entries(self._root, folder, folder.__eq__)
            if entry is not None
        )
        seen, _ = self._changed.pop(folder)
        self._signatures[folder] = signature & _SIGNATURE_BITS
        if self._signatures[folder] == seen:
            return True
        self._changed[folder] = self._signatures[folder], now
        return False

    def _folder_time(self, folder: str) -> int | None:
        try:
            facts = os.stat(f"{self._root}/{folder}")  # noqa: PTH116 - a Path takes longer to make
        except OSError:
            return None
        return hash((facts.st_dev, facts.st_ino, facts.st_mtime_ns))


def _folder_around(path: str) -> str:
    return path.rstrip("/").rpartition("/")[0]


def _signature_of(entry: os.DirEntry[str]) -> int:
    """A number that changes with the file, or with what it links to; the sum over a folder has no order."""
    try:
        facts = entry.stat()
    except OSError:
        return hash(entry.name)  # a link that leads nowhere, or a file deleted meanwhile
    return hash((entry.name, facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns, facts.st_ino))
