"""A process that has imported the service and forks commands: importing takes most of the time of a start.

A command that is forked differs from one that a user starts only in what is imported when it begins, in that
the routes of the application and the built-in templates are made, in that it does not wait for the disk, and
in that it ends without destroying its modules.
"""

import atexit
import contextlib
import functools
import gc
import importlib
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import BinaryIO

import msgspec
import pytest

from service.cli import main
from tests.support.shared_routes import prepare_applications
from tests.support.unsynced_files import leave_files_unsynced

PRELOADED = ("service.cli.commands", "service.cli.serve")
"""What `broadsheet serve` would import before it begins."""

ROOT = Path(__file__).resolve().parents[2]


class Request(msgspec.Struct, frozen=True):
    """A command to start; its output goes to the descriptors that come with it."""

    arguments: list[str]
    environment: dict[str, str]
    cwd: str
    new_session: bool


class ForkedProcess:
    """A process that the fork server has started, with what the tests use of `subprocess.Popen`.

    `channel` carries a line with its pid, and one with its exit status when it has ended.
    """

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel
        self.pid = self._read_number()
        self.returncode: int | None = None

    def poll(self) -> int | None:
        return self._wait(0)

    def wait(self, timeout: float | None = None) -> int:
        status = self._wait(timeout)
        if status is None:
            raise subprocess.TimeoutExpired("broadsheet", timeout or 0)
        return status

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def _wait(self, timeout: float | None) -> int | None:
        if self.returncode is None and select.select([self._channel], [], [], timeout)[0]:
            self.returncode = self._read_number()
            self._channel.close()
        return self.returncode

    def _read_number(self) -> int:
        line = b""
        while not line.endswith(b"\n"):
            if not (byte := self._channel.recv(1)):
                raise ChildProcessError("the fork server has ended")
            line += byte
        return int(line)


def fork_command(
    arguments: list[str],
    environment: dict[str, str],
    cwd: Path,
    output: BinaryIO,
    errors: BinaryIO,
    *,
    new_session: bool = False,
) -> ForkedProcess:
    """Start `broadsheet` in `cwd` with stdout going to `output`, stderr to `errors`, and an empty stdin."""
    ours, theirs = socket.socketpair()
    with theirs:
        socket.send_fds(_fork_server(), [b"."], [theirs.fileno(), output.fileno(), errors.fileno()])
    ours.sendall(msgspec.json.encode(Request(arguments, environment, str(cwd), new_session)))
    ours.shutdown(socket.SHUT_WR)
    return ForkedProcess(ours)


@functools.cache
def _fork_server() -> socket.socket:
    """The connection to the fork server of this process, which ends when its end is closed."""
    ours, theirs = socket.socketpair()
    with theirs:
        server = subprocess.Popen(
            [sys.executable, "-c", f"from {__name__} import run; run({theirs.fileno()})"],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            cwd=ROOT,
        )

    def end() -> None:
        ours.close()
        server.wait()

    atexit.register(end)
    return ours


def _serve(connection: socket.socket) -> list[str]:
    """Fork for each request of `connection` until it is closed; returns in the children, the arguments."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the commands
    gc.freeze()
    running: dict[int, tuple[int, socket.socket]] = {}
    """By the descriptor of a process: its pid, and where to report its end."""
    while True:
        for ready in select.select([connection.fileno(), *running], [], [])[0]:
            if ready in running:
                pid, channel = running.pop(ready)
                os.close(ready)
                _report(channel, os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
                channel.close()
                continue
            mark, descriptors, _, _ = socket.recv_fds(connection, 1, 3)
            if not mark:
                sys.exit()
            channel, streams = socket.socket(fileno=descriptors[0]), descriptors[1:]
            with channel.makefile("rb") as reader:
                request = msgspec.json.decode(reader.read(), type=Request)
            pid = os.fork()
            if pid == 0:
                for inherited in (connection, channel, *(other for _, other in running.values())):
                    inherited.close()
                for descriptor in running:
                    os.close(descriptor)
                _become(request, streams)
                return request.arguments
            for stream in streams:
                os.close(stream)
            running[os.pidfd_open(pid)] = pid, channel
            _report(channel, pid)


def _report(channel: socket.socket, number: int) -> None:
    with contextlib.suppress(BrokenPipeError):  # nobody waits for this process any more
        channel.sendall(f"{number}\n".encode())


def _become(request: Request, streams: list[int]) -> None:
    """Make this process what it would be after `subprocess.Popen`; `streams` become stdout and stderr."""
    for standard, stream in enumerate(streams, 1):
        os.dup2(stream, standard)
        os.close(stream)
    if request.new_session:
        os.setsid()
    os.chdir(request.cwd)
    os.environ.clear()
    os.environ.update(request.environment)
    signal.signal(signal.SIGINT, signal.default_int_handler)


def run(descriptor: int) -> None:
    """The program of the fork server, and of what it forks."""
    sys.path[0] = str(ROOT)  # instead of "", which is the working directory of each command
    for module in PRELOADED:
        importlib.import_module(module)
    prepare_applications()
    leave_files_unsynced(pytest.MonkeyPatch())
    sys.argv[:] = _serve(socket.socket(fileno=descriptor))
    try:
        main()
    except SystemExit as exit_:
        if isinstance(exit_.code, int):
            _end(exit_.code)
        raise


def _end(status: int) -> None:
    """End this process as Python does, but without destroying what it has imported.

    That would copy all memory that it shares with the fork server: seven times the work of `--version`.
    """
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        return  # Python reports it
    os._exit(status)
