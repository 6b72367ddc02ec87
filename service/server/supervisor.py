"""Supervises the other processes: starts them, restarts any that ends unexpectedly, and stops them.

Signal handlers only set flags; the loop acts on them. This process has one thread, so that it may fork at any
time, and nothing is started once a stop was asked for.
"""

import gc
import logging
import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from typing import Any

import msgspec
from granian.server.mp import MPServer

from service.server.child_process import ChildProcess, always, begin_child, nothing
from service.server.signal_pipe import SignalPipe
from service.web.metrics.common_numbers import ProcessName
from service.web.metrics.counters import Counters

STOP_SECONDS = 8.0
"""How long a process may take to stop before it is killed; container runtimes wait ten seconds."""
REPEAT_SECONDS = 1.0
"""How often a worker gets SIGTERM: granian loses one that arrives while it begins to serve."""

TICK_SECONDS = 1.0
STARTING_SECONDS = 0.25
"""About how long a worker takes to start, at the most."""

STARTING_TICK_SECONDS = 0.25
"""How often to see what is to be started; the second while a process is missing."""

SETTLE_SECONDS = 0.1

log = logging.getLogger("broadsheet")


class Task(msgspec.Struct, frozen=True):
    """A job in a process of its own; while it `is_wanted`, it is started again whenever it ends.

    `on_start` is called in this process each time it was started.
    """

    name: ProcessName
    run: Callable[[], None]
    is_wanted: Callable[[], bool] = always
    on_start: Callable[[], None] = nothing


class ProcessSupervisor(MPServer):
    """Granian's server with a loop of its own, which also supervises `tasks` and passes SIGHUP on to them.

    Granian's loop ends the whole service when a worker dies twice within 5.5 seconds, and has a thread for
    each worker. This one restarts a process with exponential delay while the others serve on, and writes to
    `counters` what is down. `tests/server/test_supervisor.py` tests the undocumented methods it uses.
    """

    def __init__(self, tasks: tuple[Task, ...], counters: Counters, **options: Any) -> None:
        super().__init__("broadsheet", **options)
        self._tasks = tasks
        self._counters = counters
        self._children: list[ChildProcess] = []
        self._stop_signals = 0
        self._signals = SignalPipe()

    def signal_handler_interrupt(self, *_: object, **__: object) -> None:
        # Granian's handler sets a threading.Event, whose lock the interrupted code may hold.
        self._stop_signals += 1
        self.interrupt_signal = True

    def signal_handler_reload(self, *_: object, **__: object) -> None:
        self.reload_signal = True

    def startup(self, spawn_target: Any, target_loader: Any) -> None:
        signal.signal(signal.SIGQUIT, self.signal_handler_interrupt)
        # The collector writes to every object that it examines: each child would get a copy of all that it
        # now shares with this process.
        gc.freeze()
        super().startup(spawn_target, target_loader)  # type: ignore[no-untyped-call]

    def _spawn_workers(self, spawn_target: Any, target_loader: Any) -> None:
        """Start nothing: the loop starts every process when it is due."""

    def _serve_loop(self, spawn_target: Any, target_loader: Any) -> None:
        def maker(number: int) -> Callable[[], BaseProcess]:
            return lambda: self._spawn_worker(number, spawn_target, target_loader).inner

        self._children = [
            # Before the workers, which are forked too: they need nothing of what is passed on to a task.
            *(
                ChildProcess(
                    task.name, _maker(task, os.getpid()), is_wanted=task.is_wanted, on_start=task.on_start
                )
                for task in self._tasks
            ),
            *(ChildProcess("worker", maker(number), number=number + 1) for number in range(self.workers)),
        ]
        try:
            while not self.interrupt_signal:
                self._keep_running()
                if self.reload_signal:
                    self.reload_signal = False
                    self._pass_on_reload()
                tick = STARTING_TICK_SECONDS if any(c.is_down for c in self._children) else TICK_SECONDS
                if self._wait(self._children, tick):
                    # A stop sent to the whole process group may reach a child before it reaches this process.
                    time.sleep(SETTLE_SECONDS)
        finally:
            self._stop_workers()

    def _wait(self, children: list[ChildProcess], seconds: float) -> bool:
        """Wait until one of `children` has ended, or a signal has come. Return whether one has ended."""
        ends = [child.process.sentinel for child in children if child.process]
        readable = wait([*ends, self._signals.fileno()], seconds)
        self._signals.empty()
        return not set(ends).isdisjoint(readable)

    def _keep_running(self) -> None:
        for child in self._children:
            if child.note_end():
                self._counters.add("restarts", child.name)
            if not self.interrupt_signal:
                child.start_if_due()
        down = [child.name for child in self._children if child.is_down]
        for name in {child.name for child in self._children}:
            self._counters.set(down.count(name), "down", name)

    def _pass_on_reload(self) -> None:
        log.info("SIGHUP: looking at the folder and at its settings now")
        for child in self._children:
            if child.name != "worker":
                child.send(signal.SIGHUP)

    def _stop_workers(self) -> None:
        """End every process; what does not stop in time, or before a second stop signal, is killed."""
        # A worker answers the requests that it has before it ends: those that wait must not wait any more.
        self._counters.set(1, "stopping")
        children, self._children = [child for child in self._children if child.process], []
        # A stop sent to the whole group has reached the workers already. If a second signal comes while one
        # starts, Granian's handler waits without end for a receiver that there is not yet.
        time.sleep(STARTING_SECONDS)
        for child in children:
            child.send(signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        repeat_at = time.monotonic() + REPEAT_SECONDS
        while time.monotonic() < deadline and self._stop_signals < 2:
            children = [child for child in children if child.process and child.process.is_alive()]
            if not children:
                return
            self._wait(children, STARTING_TICK_SECONDS)
            if time.monotonic() < repeat_at:
                continue
            repeat_at += REPEAT_SECONDS
            for worker in (child for child in children if child.name == "worker"):
                worker.send(signal.SIGTERM)
        for child in children:
            log.warning("%s is killed: it has not stopped", child)
            child.send(signal.SIGKILL)
        for child in children:
            if child.process:
                child.process.join()


def _maker(task: Task, parent: int) -> Callable[[], BaseProcess]:
    # Forked: nothing is imported a second time.
    context = multiprocessing.get_context("fork")
    return lambda: context.Process(target=_run, args=(task, parent), name=task.name, daemon=True)


def _run(task: Task, parent: int) -> None:
    begin_child(parent)
    task.run()
