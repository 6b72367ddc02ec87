"""Keeps the index up to date with the folder and the clock while workers answer from it."""

import logging
import os
import signal
import time
from datetime import datetime

from service.errors import BroadsheetError, Fault, IndexUnusable, SettingsError
from service.formats.html import fault_of_templates
from service.index import apply_due_transitions, now, stored_site
from service.ingest import FileHasher, Report, refresh_index
from service.log_on_change import LogOnChange
from service.model import Site
from service.settings import Settings
from service.web.metrics.counters import Counters

LONGEST_PAUSE_SECONDS = 1.0
"""How often the next transition is read again: another process may have changed the index."""

SHORTEST_PAUSE_SECONDS = 0.05
REST_PER_LOOK = 20
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

    The folder and its settings are looked at every `refresh_seconds`, and at once on SIGHUP; a transition (a
    publication or an expiry) is applied at its instant. A look at a large folder takes time, so the time
    until the next one is at least twenty times as long. A build that fails is logged and tried again, and
    settings with faults are logged; what was served before is served on.
    """

    def __init__(self, settings: Settings, report: Report, counters: Counters, hasher: FileHasher) -> None:
        self._settings = settings
        self._site = settings.site
        self._hasher = hasher
        self._pause_seconds = LONGEST_PAUSE_SECONDS
        self._known = (*report.faults, *report.notices)
        self._notes = settings.notes
        self._unreadable = settings.unreadable
        self._counters = counters
        self._next = report.next_transition
        self._look_at = time.monotonic() + settings.refresh_seconds
        self._rebuild_at = time.monotonic()
        self._is_asked_to_look = False
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
        while True:
            self._pause()
            self._next = None
            try:
                self._next = self._look() if self._is_time_to_look() else self._advance()
                is_done = self._hasher.work(HASHING_SECONDS)
                self._pause_seconds = LONGEST_PAUSE_SECONDS if is_done else HASHING_PAUSE_SECONDS
            except BroadsheetError as error:
                self._counters.add("failures")
                self._error_log.report(str(error))
            except Exception as error:
                self._counters.add("failures")
                self._error_log.report(f"{type(error).__name__}: {error}", error)
            else:
                # A condition of the folder is over when a look at it went well.
                if not self._settings.refresh_seconds:
                    self._error_log.report("")
                    self._count_next_refresh()

    def _ask_to_look(self, *_: object) -> None:
        self._is_asked_to_look = True

    def _pause(self) -> None:
        """Wait until something may have to be done."""
        pause = self._pause_seconds
        if self._next is not None:
            pause = min(pause, (self._next - now()).total_seconds())
        time.sleep(max(pause, SHORTEST_PAUSE_SECONDS))

    def _is_time_to_look(self) -> bool:
        return self._is_asked_to_look or (
            self._settings.refresh_seconds > 0 and time.monotonic() >= self._look_at
        )

    def _advance(self) -> datetime | None:
        """Apply due transitions, and build a missing or damaged index again. Return the next transition."""
        try:
            return apply_due_transitions(self._settings.index)
        except IndexUnusable:
            began = time.monotonic()
            if began < self._rebuild_at:
                raise
            try:
                return self._look()
            finally:
                self._rebuild_at = time.monotonic() + REST_PER_REBUILD * (time.monotonic() - began)

    def _look(self) -> datetime | None:
        """Bring the index up to date with the folder. Return the instant of the next transition."""
        self._is_asked_to_look = False
        began = time.monotonic()
        settings = self._settings
        try:
            self._reread()
            # The one that started last has the index; two that took it in turns would build without end.
            report = refresh_index(settings.index, settings.content, self._site, take_over=False)
        finally:
            rest = max(settings.refresh_seconds, REST_PER_LOOK * (time.monotonic() - began))
            self._look_at = time.monotonic() + rest
        self._error_log.report("")
        if report.read == report.files:
            # A whole build: what it took says nothing of what a look takes.
            self._look_at = time.monotonic() + settings.refresh_seconds
        reported = (*report.faults, *report.notices)
        if report.read or reported != self._known:
            log_report(report, known=self._known)
        self._known = reported
        self._count_report(report)
        return report.next_transition

    def _reread(self) -> None:
        """Apply changed settings of the site; log invalid ones and those that take effect at a restart."""
        if not os.path.isdir(self._settings.content):  # noqa: PTH112 - `is_dir` raises an error where it is closed
            return
        try:
            newer = self._stable_settings()
        except SettingsError as error:
            self._settings_log.report(" ".join(error.problems))
            self._counters.set(1, "settings_refused")
            return
        self._settings_log.report("")
        self._counters.set(0, "settings_refused")
        waiting = self._settings.needs_restart(newer)
        if waiting and waiting != self._waiting_for_restart:
            log.warning("settings have changed that take effect at a restart: %s", ", ".join(waiting))
        self._waiting_for_restart = waiting
        for note in newer.notes:
            if note not in self._notes:
                log.warning("%s", note)
        self._notes = newer.notes
        # Where a file of the engine cannot be read any more, what it said of the site is still true.
        if set(newer.unreadable) <= set(self._unreadable):
            self._unreadable = newer.unreadable
            if newer.site != self._site:
                log.info("the settings of the site have changed")
                self._use_site(newer.site)

    def _use_site(self, site: Site) -> None:
        """Use the settings `site` from now on, also to find the files that are referred to."""
        if site != self._site:
            self._site = site
            self._hasher = FileHasher(self._settings.index, self._settings.content, site)

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
        self._counters.set(now().timestamp(), "refreshed")
        self._counters.set(len(report.faults), "faults")
        self._counters.set(report.scheduled, "scheduled")
        self._counters.set(report.departed, "departed")
        self._counters.set(bool(self._site.hubs and self._site.public_url), "hubs_wanted")
        self._count_next_refresh()

    def _count_next_refresh(self) -> None:
        """Set the metric of when the next refresh, or without any the next pause, is due to end."""
        pause = self._look_at if self._settings.refresh_seconds else time.monotonic()
        self._counters.set(pause + LONGEST_PAUSE_SECONDS, "refresh_due")


def log_report(report: Report, known: tuple[Fault, ...] = ()) -> None:
    """Log a build: a line for every fault and notice that is not `known`, and the counts."""
    for fault in report.faults:
        if fault not in known:
            log.warning("%s", fault)
    new = [notice for notice in report.notices if notice not in known]
    for notice in new[:LOGGED_NOTICES]:
        log.warning("%s", notice)
    if len(new) > LOGGED_NOTICES:
        log.warning("and %d more like these: `broadsheet check` lists them", len(new) - LOGGED_NOTICES)
    log.info("%s", report.summary())
