"""The really running service: its own process on a free loopback port, as a user starts it."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
import msgspec

from tests.support.fork_server import ForkedProcess, fork_command
from tests.support.http_client import fetch, open_client
from tests.support.waiting import TIMEOUT_SECONDS

ROOT = Path(__file__).resolve().parents[2]
CONTENT = ROOT / "content"

FRESH = ("env",)
"""A prefix that changes nothing, for tests of what a process imports or uses: see `start`."""

READ_BEFORE_PYTHON = ("LD_", "PYTHON", "FAKETIME_")
"""How variables begin that a process reads only when it is started, not when it is forked."""

POLL_SECONDS = 0.02

# Below the ports systems hand to outgoing connections (Linux from 32768, macOS from 49152), so that none of
# those takes the port between the look and the start.
FIRST_PORT, PORTS = 20_000, 12_000


class StartError(Exception):
    """The service did not become ready; the text is what it printed."""


class Server(msgspec.Struct, frozen=True):
    """A running service: `base` is its address without a slash at the end, `log` what it prints."""

    base: str
    process: subprocess.Popen[bytes] | ForkedProcess
    log: Path

    def output(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def get(self, address: str) -> httpx.Response:
        return fetch(f"{self.base}{address}")

    def titles(self) -> list[str]:
        """The titles of the newest articles."""
        return [article["title"] for article in self.get("/articles.json").json()["articles"]]

    def metric(self, name: str) -> float:
        """The first value in /metrics whose name, with its labels, begins with `name`."""
        lines = self.get("/metrics").text.splitlines()
        return float(next(line for line in lines if line.startswith(name)).rpartition(" ")[2])

    def stop(self) -> int:
        """Send SIGTERM and wait for the end; the exit status. Kills what has not ended in time."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(TIMEOUT_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()


def free_port() -> int:
    """A free port of the loopback interface."""
    while True:
        port = FIRST_PORT + secrets.randbelow(PORTS)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port


def command() -> str:
    """The `broadsheet` beside the Python that runs the tests."""
    script = Path(sys.executable).with_name("broadsheet")
    if not script.exists():
        raise FileNotFoundError(f"There is no {script}; run `make install` first.")
    return str(script)


def clean_environment(**variables: str) -> dict[str, str]:
    """The environment of the tests without BROADSHEET_… variables, and with `given`."""
    return {k: v for k, v in os.environ.items() if not k.startswith("BROADSHEET_")} | variables


def start(content: Path, work: Path, *options: str, prefix: Sequence[str] = (), **environment: str) -> Server:
    """Start `broadsheet serve` on the folder `content`, index and log in `work`, and wait until it is ready.

    `prefix` is a command that runs the one that follows in its own place, such as `prlimit`. `{base}` in a
    variable of `environment` is the address it is going to have. Without a prefix, and if no variable is
    among READ_BEFORE_PYTHON, the service is forked from a process that has imported it.
    Raises StartError with what the service printed when it ends first or is not ready in time.
    """
    return launch(work, "--content", str(content), *options, prefix=prefix, **environment)


def launch(work: Path, *options: str, prefix: Sequence[str] = (), **environment: str) -> Server:
    """As `start`, of a folder or a store that `options` name."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    environment = {name: value.replace("{base}", base) for name, value in environment.items()}
    log = work / "serve.log"
    index = f"sqlite:///{work}/index.db"
    serve = [command(), "serve", "--index", index, "--host", "127.0.0.1", "--port", str(port), *options]
    is_forked = not prefix and not any(name.startswith(READ_BEFORE_PYTHON) for name in environment)
    variables = clean_environment(**environment)
    with log.open("wb") as output:
        process = (
            fork_command(serve, variables, work, output, output)
            if is_forked
            else subprocess.Popen(
                [*prefix, *serve],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=variables,
                cwd=work,
            )
        )
    server = Server(base, process, log)
    try:
        _wait_until_ready(server)
    except BaseException:
        server.stop()
        raise
    return server


def _wait_until_ready(server: Server) -> None:
    deadline = time.monotonic() + TIMEOUT_SECONDS
    with open_client(server.base, timeout=5) as client:
        while time.monotonic() < deadline:
            if server.process.poll() is not None:
                raise StartError(f"exit status {server.process.returncode}\n{server.output()}")
            try:
                if client.get("/readyz").status_code == httpx.codes.OK:
                    return
            except httpx.TransportError:
                pass  # not listening yet: the reason to ask again
            time.sleep(POLL_SECONDS)
    raise StartError(f"not ready after {TIMEOUT_SECONDS:.0f} s\n{server.output()}")


@contextmanager
def serving(
    content: Path, work: Path, *options: str, prefix: Sequence[str] = (), **environment: str
) -> Iterator[Server]:
    """The service on `content` for as long as the block runs; it must end with status 0 on SIGTERM."""
    server = start(content, work, *options, prefix=prefix, **environment)
    try:
        yield server
    except BaseException:
        server.stop()
        raise
    status = server.stop()
    assert status == 0, f"exit status {status} on SIGTERM\n{server.output()}"
