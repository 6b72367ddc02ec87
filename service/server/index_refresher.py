"""Keeps the index up to date with the folder and the clock while workers answer from it."""

import logging
import os
import signal
import time
from datetime import datetime
from functools import partial

import msgspec

from service.errors import ContentUnavailable, Fault, IndexUnusable, SettingsError
from service.formats.html import fault_of_templates
from service.index import apply_due_transitions, now, stored_site
from service.ingest import FileHasher, Report, refresh_index
from service.ingest.watch import EVERYTHING, NOTHING, FolderMonitor, FolderWatch, Look, wait_for_events
from service.log_on_change import LogOnChange
from service.model import Site
from service.server.index_looks import TransitionSchedule
from service.server.signal_pipe import SignalPipe
from service.settings import Settings, holds_settings
from service.web.metrics.counters import Counters

LONGEST_PAUSE_SECONDS = 1.0
"""How often to see whether a transition is due: another process may have changed the index, or the clock."""

TICK_SECONDS = 1.0
"""How often to see what is due, where no event comes first."""

SCAN_TICK_SECONDS = 0.25
"""The same where a folder is scanned for changes."""

PENDING_TICK_SECONDS = 0.02
"""The same while changes are waiting to be looked at."""

RETRY_SECONDS = 1.0
REST_PER_REBUILD = 2
HASHING_SECONDS = 0.1
HASHING_PAUSE_SECONDS = 0.2
"""How long files are hashed at once, and the pause until then, while any are left: a third of a core."""

LOGGED_NOTICES = 20
SETTLE_SECONDS = 0.2
LONGEST_SERIES_OF_READINGS = 20

log = logging.getLogger("broadsheet")


class IndexRefresher:
    """Runs in a process of its own, so that a long build takes nothing from any answer.

    The folder and its templates are watched, or scanned where the kernel reports no changes. Everything is
    looked at on SIGHUP, and a transition (a publication or an expiry) is applied at its instant. A build that
    fails is logged and tried again, and settings with faults are logged; what was served before is served on.

    `report` is that of the last build. `watch`, if any, began before it, and reports what changed since.
    """

    def __init__(
        self,
        settings: Settings,
        report: Report,
        counters: Counters,
        hasher: FileHasher,
        watch: FolderWatch | None = None,
    ) -> None:
        self._settings = settings
        self._site = settings.site
        self._hasher = hasher
        self._committing = partial(counters.changing_index, "refresher")
        self._files = report.files
        self._watch = watch
        self._content: FolderMonitor | None = None
        self._templates: FolderMonitor | None = None
        self._templates_folder = settings.templates_folder
        self._known = (*report.faults, *report.notices)
        self._notes = settings.notes
        self._unreadable = settings.unreadable
        self._counters = counters
        self._hash_at = self._rebuild_at = time.monotonic()
        self._plan_transition(report.next_transition)
        self._schedule = TransitionSchedule(settings.index, counters, "refresher")
        self._is_asked_to_look = False
        self._has_failed = False
        self._counters.set(1, "hashing")
        self._error_log = LogOnChange(
            logging.ERROR, "the index was not brought up to date", "the index is brought up to date again"
        )
        self._settings_log = LogOnChange(
            logging.ERROR,
            "the settings cannot be used, and the previous ones stay in force",
            "the settings can be used again",
        )
        self._waiting_for_restart: tuple[str, ...] = ()
        self._count_report(report)

    def run(self) -> None:
        """Refresh and pause until terminated; a build that is interrupted is rolled back."""
        signal.signal(signal.SIGHUP, self._ask_to_look)
        # After a restart, settings that this process has never read may be in force.
        if in_force := stored_site(self._settings.index, self._settings.content):
            self._use_site(in_force)
        if self._settings.refresh_seconds:
            self._content = FolderMonitor(
                self._settings.content, self._settings.refresh_seconds, self._files, self._watch
            )
            self._monitor_templates()
        signals = SignalPipe()
        while True:
            wait_for_events(self._monitors(), self._pause(), [signals])
            signals.empty()
            try:
                self._work()
            except Exception as error:
                self._note_failure(error)
            else:
                self._note_success()

    def release_watch(self) -> None:
        """Leave the watch to the process that was started with it; the next one makes a watch of its own."""
        if self._watch is not None:
            self._watch.close()
            self._watch = None

    def _ask_to_look(self, *_: object) -> None:
        self._is_asked_to_look = True

    def _monitors(self) -> tuple[FolderMonitor, ...]:
        return tuple(monitor for monitor in (self._content, self._templates) if monitor is not None)

    def _monitor_templates(self) -> None:
        """Monitor the folder of templates, which may be hidden or lie elsewhere."""
        if self._templates is not None:
            self._templates.close()
        folder = self._templates_folder
        seconds = self._settings.refresh_seconds
        self._templates = None if folder is None else FolderMonitor(folder, seconds, files=0)

    def _pause(self) -> float:
        """How many seconds to wait for events at the most."""
        monitors = self._monitors()
        if any(monitor.is_pending for monitor in monitors):
            tick = PENDING_TICK_SECONDS
        elif all(monitor.is_watching for monitor in monitors):
            tick = TICK_SECONDS
        else:
            tick = SCAN_TICK_SECONDS
        hashing = HASHING_PAUSE_SECONDS if self._counters.get("hashing") else TICK_SECONDS
        return max(0.0, min(tick, hashing, self._transition_at - time.monotonic()))

    def _work(self) -> None:
        """Do what is due."""
        for monitor in self._monitors():
            monitor.collect()
        if self._is_asked_to_look:
            self._is_asked_to_look = False
            if self._content is None:
                self._look(EVERYTHING)
            for monitor in self._monitors():
                monitor.look_at_everything()
        content = self._content.take() if self._content else None
        templates = self._templates.take() if self._templates else None
        if content is not None or templates is not None:
            self._look(content or NOTHING, has_settings=templates is not None)
        elif time.monotonic() >= self._transition_at:
            self._apply_due_transitions()
        if time.monotonic() >= self._hash_at:
            self._hash()

    def _apply_due_transitions(self) -> None:
        """Apply due transitions; look at everything if the index is missing, damaged or taken over."""
        try:
            self._plan_transition(self._schedule.apply(self._open_and_apply))
            return
        except IndexUnusable:
            if time.monotonic() < self._rebuild_at:
                raise
        began = time.monotonic()
        try:
            self._look(EVERYTHING)
        finally:
            ended = time.monotonic()
            self._rebuild_at = ended + REST_PER_REBUILD * (ended - began)

    def _open_and_apply(self) -> datetime | None:
        settings = self._settings
        with self._committing():
            return apply_due_transitions(
                settings.index, folder=None if self._content is None else settings.content
            )

    def _plan_transition(self, transition: datetime | None) -> None:
        """Set when transitions are applied next: at `transition`, or sooner, after a pause."""
        seconds = LONGEST_PAUSE_SECONDS
        if transition is not None:
            seconds = min(seconds, (transition - now()).total_seconds())
        self._transition_at = time.monotonic() + max(seconds, PENDING_TICK_SECONDS)

    def _hash(self) -> None:
        """Hash some files, if any may have changed."""
        if self._content is None:
            self._hasher.note_change()
        is_done = self._hasher.work(HASHING_SECONDS)
        self._counters.set(not is_done, "hashing")
        self._hash_at = time.monotonic() + (LONGEST_PAUSE_SECONDS if is_done else HASHING_PAUSE_SECONDS)

    def _note_failure(self, error: Exception) -> None:
        """Log that something failed, and look at everything later."""
        self._counters.add("failures")
        self._counters.set(isinstance(error, ContentUnavailable), "content_unavailable")
        self._error_log.report_error(error)
        self._has_failed = True
        self._transition_at = time.monotonic() + LONGEST_PAUSE_SECONDS
        if self._content is not None:
            self._content.note_everything(max(RETRY_SECONDS, self._rebuild_at - time.monotonic()))

    def _note_success(self) -> None:
        """A failure is over when everything could be examined, or when nothing is to be examined."""
        if self._content is None:
            self._has_failed = False
            self._error_log.report("")
        if not self._has_failed:
            self._count_next_refresh()

    def _look(self, look: Look, *, has_settings: bool = False) -> None:
        """Bring the index up to date with what there is to look at."""
        began = time.monotonic()
        settings = self._settings
        site, newer = self._site, None
        paths = look.paths
        self._counters.set(1, "hashing")
        try:
            if has_settings or paths is None or any(map(holds_settings, paths)):
                newer = self._reread(is_complete=paths is not None)
                site = newer.site if newer else site
                paths = paths if site == self._site else None
            # The one that started last has the index; two that took it in turns would build without end.
            report = refresh_index(
                settings.index,
                settings.content,
                site,
                take_over=False,
                paths=paths,
                unfinished=look.unfinished,
                committing=self._committing,
            )
        finally:
            ended = time.monotonic()
            for monitor in self._monitors():
                monitor.note_duration(began, ended)
        if newer is not None:
            self._apply(newer)
        self._hasher.note_change(paths)
        self._hasher.note_references(report.references)
        self._hash_at = ended
        self._plan_transition(report.next_transition)
        if paths is None:
            self._has_failed = False
            self._error_log.report("")
        reported = (*report.faults, *report.notices)
        if report.read or reported != self._known:
            log_report(report, known=self._known)
        self._known = reported
        self._count_report(report)

    def _reread(self, *, is_complete: bool) -> Settings | None:
        """The settings to use now. None without a folder, and for invalid ones, which are logged.

        Unless `is_complete`, a file of them may be being written.
        """
        if not os.path.isdir(self._settings.content):  # noqa: PTH112 - `is_dir` raises an error where it is closed
            return None
        try:
            newer = self._settings.reread(fault_of_templates) if is_complete else self._stable_settings()
        except SettingsError as error:
            self._settings_log.report(" ".join(error.problems))
            self._counters.set(1, "settings_refused")
            return None
        self._settings_log.report("")
        self._counters.set(0, "settings_refused")
        if set(newer.unreadable) <= set(self._unreadable):
            return newer
        # Where a file of the engine cannot be read any more, what it said of the site is still true.
        return msgspec.structs.replace(newer, site=self._site, unreadable=self._unreadable)

    def _apply(self, newer: Settings) -> None:
        """Use the settings `newer`, with which the index was built; log which take effect at a restart."""
        waiting = self._settings.needs_restart(newer)
        if waiting and waiting != self._waiting_for_restart:
            log.warning("settings have changed that take effect at a restart: %s", ", ".join(waiting))
        self._waiting_for_restart = waiting
        for note in newer.notes:
            if note not in self._notes:
                log.warning("%s", note)
        self._notes = newer.notes
        self._unreadable = newer.unreadable
        if newer.site != self._site:
            log.info("the settings of the site have changed")
            self._use_site(newer.site)
        if newer.templates_folder != self._templates_folder:
            self._templates_folder = newer.templates_folder
            if self._content is not None:
                self._monitor_templates()

    def _use_site(self, site: Site) -> None:
        """Use the settings `site` from now on, also to find the files that are referred to."""
        if site != self._site:
            self._site = site
            self._hasher = FileHasher(
                self._settings.index, self._settings.content, site, committing=self._committing
            )

    def _stable_settings(self) -> Settings:
        """The settings as they are now; of a changed site only what two readings in a row agree on.

        A file that is being written may be read half: without its `id_authority`, every id would change.
        """
        newer = self._settings.reread(fault_of_templates)
        for _ in range(LONGEST_SERIES_OF_READINGS):
            if newer.site == self._site:
                break
            time.sleep(SETTLE_SECONDS)
            before, newer = newer, self._settings.reread(fault_of_templates)
            if newer.site == before.site:
                break
        return newer

    def _count_report(self, report: Report) -> None:
        """Set the metrics of the last refresh."""
        self._counters.add("refreshes")
        self._counters.set(0, "content_unavailable")
        self._counters.set(now().timestamp(), "refreshed")
        self._counters.set(len(report.faults), "faults")
        self._counters.set(report.scheduled, "scheduled")
        self._counters.set(report.departed, "departed")
        self._counters.set(bool(self._site.hubs and self._site.public_url), "hubs_wanted")
        self._count_next_refresh()

    def _count_next_refresh(self) -> None:
        """Set the metrics of the folder: when this process must have seen to it again, and how."""
        self._counters.set(time.monotonic() + LONGEST_PAUSE_SECONDS, "refresh_due")
        monitors = self._monitors()
        self._counters.set(bool(monitors) and all(m.is_watching for m in monitors), "watching")


def log_report(report: Report, known: tuple[Fault, ...] = ()) -> None:
    """Log a build: a line for every fault and notice that is not `known`, and the counts."""
    known_faults = frozenset(known)
    for fault in report.faults:
        if fault not in known_faults:
            log.warning("%s", fault)
    new = [notice for notice in report.notices if notice not in known_faults]
    for notice in new[:LOGGED_NOTICES]:
        log.warning("%s", notice)
    if len(new) > LOGGED_NOTICES:
        log.warning("and %d more like these: `broadsheet check` lists them", len(new) - LOGGED_NOTICES)
    log.info("%s", report.summary())
