"""Keeps the index of a replica as its publisher has it, and scheduled changes on time."""

import logging
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from functools import partial

from service.errors import OtherVersionPublished, SnapshotUnusable
from service.index import now
from service.ingest.watch import wait_for_events
from service.log_on_change import LogOnChange
from service.replication.follow import SnapshotFollower, end_following
from service.replication.open_store import open_store
from service.server.child_process import always
from service.server.index_looks import TransitionSchedule
from service.server.signal_pipe import SignalPipe
from service.settings import Settings
from service.web.metrics.counters import Counters

TICK_SECONDS = 1.0
BUSY_TICK_SECONDS = 0.1
"""How often to see what is due; the second while a publication is awaited or fetched, and after an error."""

TRANSITION_SECONDS = 1.0
"""How often the next scheduled change is read again."""

LATE_SECONDS = 1.0
LONGEST_RETRY_SECONDS = 60.0
"""How long the pauses between attempts at an unusable publication become: each fetches a snapshot."""

log = logging.getLogger("broadsheet")


class IndexFollower:
    """Runs in a process of its own, in the place of the index refresher; or next to it while `is_wanted`.

    The store at `address`, which is the value of `setting`, is followed by the index at `index_url`.
    One thread talks to the store, so that nothing which it waits for delays a switch or a scheduled change.
    While the store cannot be read, what was served before is served on.
    """

    def __init__(
        self,
        settings: Settings,
        setting: str,
        address: str,
        index_url: str,
        counters: Counters,
        is_wanted: Callable[[], bool] = always,
    ) -> None:
        self._settings = settings
        self._setting = setting
        self._address = address
        self._index_url = index_url
        self._is_wanted = is_wanted
        self._counters = counters
        self._follower: SnapshotFollower | None = None
        self._looking: Future[None] | None = None
        self._look_at = self._transition_at = self._retry_at = time.monotonic()
        self._schedule = TransitionSchedule(index_url, counters, "follower")
        self._unusable = 0
        self._is_asked_to_look = False
        self._store_log = LogOnChange(
            logging.ERROR, "the store was not followed", "the store is followed again"
        )
        self._index_log = LogOnChange(
            logging.ERROR, "the index was not brought up to date", "the index is brought up to date again"
        )

    def run(self) -> None:
        """Follow until terminated; whatever is interrupted goes on at the next start.

        When that is not wanted any more, delete the index.
        """
        signal.signal(signal.SIGHUP, self._ask_to_look)
        signals = SignalPipe()
        with ThreadPoolExecutor(1, thread_name_prefix="store") as threads:
            while self._is_wanted():
                self._work(threads)
                wait_for_events((), self._pause(), [signals])
                signals.empty()
        self._counters.set(0, "other_version")
        with self._counters.changing_index("follower"):
            end_following(self._index_url)

    def _ask_to_look(self, *_: object) -> None:
        self._is_asked_to_look = True

    def _pause(self) -> float:
        """How many seconds to wait for a signal at the most."""
        if self._looking is not None or (self._follower is not None and self._follower.pending is not None):
            return BUSY_TICK_SECONDS
        due_at = min(self._look_at, self._transition_at)
        return max(BUSY_TICK_SECONDS, min(TICK_SECONDS, due_at - time.monotonic()))

    def _work(self, threads: ThreadPoolExecutor) -> None:
        """Do what is due."""
        if self._looking is not None and self._looking.done():
            self._note_look(self._looking)
            self._looking = None
        try:
            self._install_and_apply_transitions()
        except Exception as error:
            self._note_failure(self._index_log, error)
        else:
            self._index_log.report("")
        is_pending = self._follower is not None and self._follower.pending is not None
        is_due = self._is_asked_to_look or time.monotonic() >= self._look_at
        if is_pending:
            self._note_on_time()
        elif self._looking is None and is_due:
            self._is_asked_to_look = False
            self._looking = threads.submit(self._look)

    def _look(self) -> None:
        if self._follower is None:
            store = open_store(self._setting, self._address)
            self._follower = SnapshotFollower(store, self._address, self._index_url)
        self._follower.fetch_newest(retries=time.monotonic() >= self._retry_at)

    def _install_and_apply_transitions(self) -> None:
        """Switch to what is pending and active, and apply scheduled changes that are due."""
        follower = self._follower
        if follower is None:
            return
        pending = follower.pending
        if pending is not None and follower.is_install_due():
            is_first = follower.installed is None
            if follower.install(partial(self._switching, follower)):
                self._counters.set(pending.generation, "generation")
                late_seconds = -follower.seconds_left()
                if late_seconds > LATE_SECONDS and not is_first:
                    log.warning("generation %d is served %.1f s late", pending.generation, late_seconds)
                else:
                    log.info("generation %d is served", pending.generation)
                self._transition_at = 0.0
        if time.monotonic() >= self._transition_at:
            self._plan_transition(self._schedule.apply(partial(self._open_and_apply, follower)))

    def _open_and_apply(self, follower: SnapshotFollower) -> datetime | None:
        with self._counters.changing_index("follower"):
            return follower.apply_due_transitions()

    @contextmanager
    def _switching(self, follower: SnapshotFollower) -> Iterator[None]:
        """Wait until the pending publication is active; then workers look for it before each answer."""
        time.sleep(max(0.0, follower.seconds_left()))
        with self._counters.changing_index("follower"):
            yield

    def _plan_transition(self, transition: datetime | None) -> None:
        """Apply transitions at the next `transition`, or a little later if none comes before."""
        seconds = TRANSITION_SECONDS
        if transition is not None:
            seconds = min(seconds, (transition - now()).total_seconds())
        self._transition_at = time.monotonic() + max(seconds, 0.0)

    def _note_look(self, look: Future[None]) -> None:
        """Log how a look has ended, and decide when the next one begins."""
        pause = float(self._settings.store_poll_seconds)
        error = look.exception()
        self._counters.set(isinstance(error, OtherVersionPublished), "other_version")
        if error is None:
            self._unusable, self._retry_at = 0, 0.0
            self._store_log.report("")
            self._counters.add("refreshes")
            self._counters.set(now().timestamp(), "refreshed")
            self._note_on_time()
        else:
            if isinstance(error, SnapshotUnusable) and time.monotonic() >= self._retry_at:
                self._unusable += 1
                longer = min(pause * 2.0 ** min(self._unusable, 16), LONGEST_RETRY_SECONDS)
                self._retry_at = time.monotonic() + longer
            self._note_failure(self._store_log, error)
        self._look_at = time.monotonic() + pause

    def _note_on_time(self) -> None:
        """Set when the store must have been read again: nothing is read while a publication is pending."""
        pause = self._settings.store_poll_seconds
        self._counters.set(time.monotonic() + 2 * pause + TRANSITION_SECONDS, "refresh_due")

    def _note_failure(self, condition: LogOnChange, error: BaseException) -> None:
        self._counters.add("failures")
        condition.report_error(error)
