"""Starting a service in a process group of its own, and stopping it in every way it is stopped."""

import os
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Self

import httpx
import msgspec

from tests.support.fork_server import ForkedProcess, fork_command
from tests.support.http_client import open_client
from tests.support.processes import group_members
from tests.support.server import clean_environment, command, free_port
from tests.support.waiting import TIMEOUT_SECONDS


class Stop(msgspec.Struct, frozen=True):
    """A signal, to the process alone or to its whole group."""

    number: signal.Signals
    to_group: bool

    def __str__(self) -> str:
        return f"{self.number.name} to the {'group' if self.to_group else 'process'}"

    def send(self, process: "subprocess.Popen[bytes] | ForkedProcess") -> None:
        (os.killpg if self.to_group else os.kill)(process.pid, self.number)


STOPS = tuple(
    Stop(number, to_group)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT)
    for to_group in (False, True)
)


class LaunchedService:
    """`broadsheet serve` in a group of its own, not waited for; what is left of it at the end is killed.

    It is forked from a process that has imported it, unless `program` is to be run instead of `broadsheet`.
    """

    def __init__(self, content: Path, work: Path, *options: str, program: Sequence[str] = ()) -> None:
        self.base = f"http://127.0.0.1:{(port := free_port())}"
        self.log = work / f"{port}.log"
        arguments = ["--content", str(content), "--index", f"sqlite:///{work}/index.db", "--port", str(port)]
        serve = [*(program or (command(),)), "serve", *arguments, *options]
        with self.log.open("wb") as output:
            self.process = (
                subprocess.Popen(
                    serve,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    env=clean_environment(),
                    cwd=work,
                    start_new_session=True,
                )
                if program
                else fork_command(serve, clean_environment(), work, output, output, new_session=True)
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None or group_members(self.process.pid):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + TIMEOUT_SECONDS
        with open_client(self.base, timeout=10) as client:
            while time.monotonic() < deadline:
                assert self.process.poll() is None, self.output()
                try:
                    if client.get("/readyz").status_code == httpx.codes.OK:
                        return
                except httpx.TransportError:
                    time.sleep(0.02)  # not listening yet: the reason to ask again
        raise AssertionError(f"not ready\n{self.output()}")

    def output(self) -> str:
        return self.log.read_text("utf-8", errors="replace")

    def stop_and_find_faults(self, stop: Stop) -> list[str]:
        """Send `stop` and name everything that an orderly end does not have; nothing is left running."""
        stop.send(self.process)
        try:
            status: int | str = self.process.wait(TIMEOUT_SECONDS)
        except subprocess.TimeoutExpired:
            status = "it did not stop"
        left = group_members(self.process.pid)
        if left:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        output = self.output()
        faults = [f"exit status: {status}"] if status != 0 else []
        faults += [f"left running: {left}"] if left else []
        faults += [word for word in ("ERROR", "Traceback", "is killed") if word in output]
        return [f"{stop}: {', '.join(faults)}\n{output}"] if faults else []
