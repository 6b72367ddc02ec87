"""Keeps one process running: starts it when due, and again after a delay whenever it ends."""

import ctypes
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from multiprocessing.process import BaseProcess

from service.server.signal_pipe import release_signal_pipe
from service.web.metrics.common_numbers import ProcessName

STABLE_SECONDS = 30.0
"""A process that ran this long is no longer counted as failing."""

FIRST_DELAY_SECONDS = 0.5
LONGEST_DELAY_SECONDS = 30.0
ORPHAN_POLL_SECONDS = 1.0

_PR_SET_PDEATHSIG = 1
_SIGNALS = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT}

log = logging.getLogger("broadsheet")


def always() -> bool:
    return True


def nothing() -> None:
    pass


class ChildProcess:
    """The function that makes the process, the present process (or None), and when the next may start.

    Only while it `is_wanted` it is started again after it has ended. `on_start` is called after each start.
    """

    def __init__(
        self,
        name: ProcessName,
        make: Callable[[], BaseProcess],
        *,
        is_wanted: Callable[[], bool] = always,
        on_start: Callable[[], None] = nothing,
        number: int = 0,
    ) -> None:
        self.name = name
        self.process: BaseProcess | None = None
        self._label = f"{name} {number}" if number else name
        self._make = make
        self._is_wanted = is_wanted
        self._on_start = on_start
        self._failures = 0
        self._started_at = self._start_at = time.monotonic()

    def __str__(self) -> str:
        return self._label

    @property
    def is_down(self) -> bool:
        return self.process is None and self._is_wanted()

    def note_end(self) -> bool:
        """If the process has ended, decide when the next may start; True if its end was a failure."""
        if self.process is None or self.process.is_alive():
            return False
        status = self.process.exitcode or 0
        self.process = None
        self._delay()
        if status == 0:
            log.info("%s ended", self)
            return False
        log.error("%s ended unexpectedly (%s); restarting in %.1f s", self, _reason(status), self._wait())
        return True

    def start_if_due(self) -> None:
        if self.process is not None or self._wait() > 0 or not self._is_wanted():
            return
        # Until the child has handlers of its own, a signal would run the parent's in it and be lost.
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
        try:
            process = self._make()
            process.start()
        except OSError as error:
            self._delay()
            log.error("%s cannot be started: %s; trying again in %.1f s", self, error, self._wait())
        else:
            self.process = process
            self._started_at = time.monotonic()
            self._on_start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the process, if it is there."""
        if self.process is not None and self.process.pid is not None and self.process.is_alive():
            os.kill(self.process.pid, number)

    def _delay(self) -> None:
        now = time.monotonic()
        self._failures = 1 if now - self._started_at > STABLE_SECONDS else self._failures + 1
        self._start_at = now + restart_delay(self._failures)

    def _wait(self) -> float:
        return max(0.0, self._start_at - time.monotonic())


def restart_delay(failures: int) -> float:
    """Seconds before the next start after so many failures in a row: none at first, then growing."""
    if failures == 1:
        return 0.0
    return min(LONGEST_DELAY_SECONDS, FIRST_DELAY_SECONDS * 2.0 ** min(failures - 2, 16))


def begin_child(parent: int) -> None:
    """Set up a process that `parent` has just started: it ends on SIGTERM, and is killed with its parent.

    Killed, because on SIGTERM a worker waits for its requests, and no process is left to end that wait:
    it would hold the port.
    SIGINT stays blocked: Ctrl-C reaches the whole group, and the parent decides when this process ends.
    SIGHUP is ignored until a job handles it.
    """
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGQUIT, signal.SIG_DFL)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    release_signal_pipe()
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS - {signal.SIGINT})
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL))
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)
    else:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(ORPHAN_POLL_SECONDS)
    os.kill(os.getpid(), signal.SIGKILL)


def _reason(status: int) -> str:
    """Why a process ended, from its exit status as multiprocessing gives it: signals are negative."""
    if status >= 0:
        return f"exit status {status}"
    try:
        return signal.Signals(-status).name
    except ValueError:
        return f"signal {-status}"
