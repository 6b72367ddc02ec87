"""Processes beside the workers: forked, started again when they end by themselves, ended with the parent."""

import logging
import multiprocessing
import os
import signal
from collections.abc import Callable
from multiprocessing.context import ForkProcess

import msgspec

STOP_SECONDS = 8

log = logging.getLogger("broadsheet")


class Task(msgspec.Struct, frozen=True):
    """What one process does until it is ended; `what` names it in the log: `what … ended`."""

    what: str
    run: Callable[[], None]


class ProcessSupervisor:
    """One process for each task, so that no answer waits for any of them."""

    def __init__(self, tasks: list[Task]) -> None:
        self._running = {task: _process(task) for task in tasks}

    def start(self) -> None:
        """Start them all, and each again whenever it ends by itself: killed for memory, say."""
        for process in self._running.values():
            process.start()
        signal.signal(signal.SIGCHLD, self._restart)

    def stop(self) -> None:
        """End them all, in the middle of whatever they do."""
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for process in self._running.values():
            process.terminate()
        for process in self._running.values():
            process.join(STOP_SECONDS)

    def _restart(self, *_: object) -> None:
        """Called when any child has ended; looks whether it was one of these."""
        for task, process in self._running.items():
            if not process.is_alive():
                log.error("what %s ended (%s); it is started again", task.what, process.exitcode)
                self._running[task] = _process(task)
                self._running[task].start()


def orphaned(parent: int) -> bool:
    """Whether the process that started this one has ended, however it did."""
    return os.getppid() != parent


def _process(task: Task) -> ForkProcess:
    # Forked: nothing is imported a second time.
    return multiprocessing.get_context("fork").Process(target=_run, args=(task,), daemon=True)


def _run(task: Task) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    # Ctrl-C reaches the whole group; the parent decides when this process ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    task.run()
