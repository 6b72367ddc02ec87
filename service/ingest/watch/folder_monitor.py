"""Notices what changes in a folder, and says when and where to look."""

import logging
import select
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from service.ingest.watch.folder_watch import Doubt, FolderEvents, FolderWatch, NotWatchable
from service.ingest.watch.pending_changes import BATCH_SECONDS, Activity, Look, PendingChanges
from service.ingest.watch.sweep import Pace, Sweep
from service.log_on_change import LogOnChange

SCAN_SHARE = 0.02
"""Of a core, where nothing is reported."""

CHECK_SHARE = 0.001
"""Of a core, where changes are reported and only what was missed is to be found …"""

SECONDS_PER_FILE = 10e-6
"""… or as long as it takes to examine all files: so long for each, generously."""

CHECK_FILES_SECONDS = 900.0
CHECK_FOLDERS_SECONDS = 30.0
WATCH_AGAIN_SECONDS = 900.0
"""From one attempt to watch a folder that cannot be watched to the next."""

ROOT_SECONDS = 1.0
"""How often to look whether the folder was replaced by another: not every way of doing so is reported."""

READING_DELAY_SECONDS = 0.01
"""Events that follow each other closely are read together."""


class SupportsFileno(Protocol):
    def fileno(self) -> int: ...


class FolderMonitor:
    """Watches `root` where the kernel reports changes; elsewhere it looks at all of it every `seconds`.

    Where it watches it looks as well, seldom, for what was not reported. `files` is about how many there are.
    A `watch` that is older than the last look at everything is used as it is: what it reports is all there is
    to look at. Without one, everything is examined first.
    """

    def __init__(self, root: Path, seconds: float, files: int, watch: FolderWatch | None = None) -> None:
        self._root = root
        self._scan_pace = Pace(seconds, SCAN_SHARE)
        share = max(CHECK_SHARE, files * SECONDS_PER_FILE / CHECK_FILES_SECONDS)
        self._check_pace = Pace(CHECK_FILES_SECONDS, share, CHECK_FOLDERS_SECONDS)
        self._pending = PendingChanges()
        self._watch: FolderWatch | None = None
        self._condition = LogOnChange(
            logging.WARNING,
            f"{root} is scanned for changes instead of being watched",
            f"{root} is watched again",
        )
        if watch is None:
            self.look_anew()
        else:
            self._begin(watch)

    @property
    def is_watching(self) -> bool:
        return self._watch is not None

    def fileno(self) -> int:
        """The descriptor that is readable when there are events; -1 without a watch."""
        return self._watch.fileno() if self._watch else -1

    @property
    def is_pending(self) -> bool:
        """Whether changes are waiting to be looked at."""
        return bool(self._pending)

    def look_anew(self) -> None:
        """Watch whatever is at the path of the folder now, and look at all of it."""
        self.close()
        self._use(self._try_to_watch())

    def look_at_everything(self) -> None:
        """Look at the whole folder now, and watch it if that has become possible."""
        if self._watch is None and (watch := self._try_to_watch()):
            self._use(watch)
        self._pending.note_everything(time.monotonic())

    def close(self) -> None:
        """Watch no longer."""
        if self._watch is not None:
            self._watch.close()
            self._watch = None

    def collect(self) -> None:
        """Note what has happened, without waiting, and look for what was not reported."""
        now = time.monotonic()
        if self._watch is not None:
            self._collect_events(self._watch, now)
        elif now >= self._watch_at and (watch := self._try_to_watch()):
            self._use(watch)
        found = self._sweep.work(now)
        if found is not None:
            self._note_found(found, now)

    def take(self) -> Look | None:
        """What is to be looked at now, and is not given again; None if no look is due."""
        now = time.monotonic()
        look = self._pending.take(now)
        if look is None:
            return None
        if self._watch is not None:
            self._watch_new_folders(self._watch, look, now)
        if look.paths is not None:
            self._sweep.note_look(look.paths)
        return look

    def note_everything(self, seconds: float = 0.0) -> None:
        """Look at everything after so many seconds."""
        self._pending.note_everything(time.monotonic() + seconds)

    def note_duration(self, began: float, ended: float) -> None:
        """Put off the next look according to how long the last one took, by `time.monotonic`."""
        self._pending.note_look(began, ended)

    def _try_to_watch(self) -> FolderWatch | None:
        try:
            watch = FolderWatch(self._root)
        except NotWatchable as reason:
            self._condition.report(str(reason))
            return None
        self._condition.report("")
        return watch

    def _use(self, watch: FolderWatch | None) -> None:
        """Use `watch` from now on, or none. Earlier events are found by examining everything."""
        self._begin(watch)
        self._pending.note_everything(time.monotonic())

    def _begin(self, watch: FolderWatch | None) -> None:
        now = time.monotonic()
        self._watch = watch
        self._root_at = now + ROOT_SECONDS
        self._watch_at = now + WATCH_AGAIN_SECONDS
        self._sweep = Sweep(self._root, self._check_pace if watch else self._scan_pace, now)

    def _collect_events(self, watch: FolderWatch, now: float) -> None:
        is_replaced = False
        if now >= self._root_at:
            self._root_at = now + ROOT_SECONDS
            is_replaced = watch.is_replaced()
        try:
            events = watch.read()
        except NotWatchable as reason:
            self._stop_watching(str(reason))
            return
        self._note(events, now)
        if is_replaced or Doubt.REPLACED in events.doubts:
            self.look_anew()

    def _watch_new_folders(self, watch: FolderWatch, look: Look, now: float) -> None:
        folders = [""] if look.paths is None else [path for path in look.paths if path.endswith("/")]
        try:
            for folder in folders:
                events = watch.rewatch(folder)
                if look.paths is not None:
                    self._note(events, now)
        except NotWatchable as reason:
            self._stop_watching(str(reason))

    def _note(self, events: FolderEvents, now: float) -> None:
        for path, activity in events.activities.items():
            self._pending.note(path, activity, now)
        if Doubt.INCOMPLETE in events.doubts:
            self._pending.note_everything(now + BATCH_SECONDS)

    def _note_found(self, found: Look, now: float) -> None:
        if found.paths is None:
            self._pending.note_everything(now)
        for path in found.paths or ():
            self._pending.note(path, Activity.WRITTEN, now)

    def _stop_watching(self, reason: str) -> None:
        self._condition.report(reason)
        self.close()
        self._use(None)


def wait_for_events(
    monitors: Sequence[FolderMonitor], seconds: float, others: Sequence[SupportsFileno] = ()
) -> None:
    """Wait until one of `monitors` has events to collect, or one of `others` can be read.

    At the most for so many seconds.
    """
    poller = select.poll()
    for other in others:
        poller.register(other, select.POLLIN)
    for monitor in monitors:
        if monitor.is_watching:
            poller.register(monitor.fileno(), select.POLLIN)
    if poller.poll(seconds * 1000):
        time.sleep(READING_DELAY_SECONDS)
