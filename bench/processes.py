"""Processes under measurement: on which core they run, and the CPU time and memory they use (Linux)."""

import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

SAMPLE_SECONDS = 0.2
IDLE_CPU_SECONDS = 0.03
MOST_STARTING_SECONDS = 60


class Use(msgspec.Struct, frozen=True):
    """What a command used, its child processes included: seconds, and megabytes at the highest moment.

    Pages that several processes share count once.
    """

    wall: float
    cpu: float
    megabytes: float


def pin(processes: Sequence[int], core: int) -> None:
    """Put every thread of the processes on one core."""
    for thread in threads(processes):
        os.sched_setaffinity(int(thread.name), {core})


def threads(processes: Sequence[int]) -> list[Path]:
    return [thread for process in processes for thread in Path(f"/proc/{process}/task").iterdir()]


def cpu_seconds(processes: Sequence[int]) -> float:
    """The CPU time the processes have had so far, in seconds (the first field of schedstat, nanoseconds)."""
    return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads(processes)) / 1e9


def wait_until_idle(processes: Sequence[int]) -> None:
    """Wait until a service has done what it does after its start: it looks once more at what it watches."""
    for _ in range(MOST_STARTING_SECONDS):
        before = cpu_seconds(processes)
        time.sleep(1)
        if cpu_seconds(processes) - before < IDLE_CPU_SECONDS:
            return


def children(parent: int) -> list[int]:
    """The processes a process started, and those they started."""
    tasks = Path(f"/proc/{parent}/task").iterdir()
    started = [int(child) for task in tasks for child in (task / "children").read_text().split()]
    return started + [grandchild for child in started for grandchild in children(child)]


def megabytes(processes: Sequence[int]) -> float:
    """The memory of the processes; a page that several share counts in parts (PSS)."""
    total = 0
    for process in processes:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text("ascii").splitlines()
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1000


def run_measured(arguments: Sequence[str], env: Mapping[str, str] | None = None) -> Use:
    """Run a command to its end, in this environment or in `env`. Raises CalledProcessError."""
    began = time.perf_counter()
    ended = threading.Event()
    highest = 0.0
    with subprocess.Popen(arguments, stdout=subprocess.DEVNULL, env=env) as process:

        def sample() -> None:
            nonlocal highest
            while not ended.wait(SAMPLE_SECONDS):
                try:
                    highest = max(highest, megabytes([process.pid, *children(process.pid)]))
                except (OSError, ValueError):
                    continue  # one of them has just ended

        sampler = threading.Thread(target=sample)
        sampler.start()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        ended.set()
        sampler.join()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, list(arguments))
    return Use(time.perf_counter() - began, usage.ru_utime + usage.ru_stime, highest)
