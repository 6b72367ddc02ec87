"""Rounds in which one process of a running service is killed."""

import os
import random
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlsplit

from tests.support.processes import children, is_running, is_worker
from tests.support.server import Server, start
from tests.support.waiting import wait_until

KINDS = ("worker", "refresher", "parent")


def survive_kills(content: Path, work: Path, rounds: int, seed: int) -> dict[str, int]:
    """Kill a process `rounds` times, at a moment of an edit, and require what was written to be served.

    The service is started again after its parent was killed. How often each kind was killed.
    """
    chance = random.Random(seed)  # noqa: S311
    killed = dict.fromkeys(KINDS, 0)
    server = start(content, work, "--workers", "2", BROADSHEET_REFRESH_SECONDS="1")
    try:
        for number in range(rounds):
            kind = chance.choice(KINDS)
            killed[kind] += 1
            text = f"---\ntitle: Round {number}\n---\n\nText {number}.\n"
            (content / "edited.md").write_text(text, "utf-8")
            _wait_a_while(server, chance.uniform(0, 1.5))
            server = _kill(server, kind, chance, content, work)
            wait_until(_serves(server, f"Round {number}"), f"round {number}, after the {kind} was killed")
            wait_until(_is_complete(server), f"round {number}: what was killed is started again")
    finally:
        server.stop()
    return killed


def _kill(server: Server, kind: str, chance: random.Random, content: Path, work: Path) -> Server:
    pid = server.process.pid
    answering, others = _by_kind(pid)
    if kind == "parent":
        processes = (*answering, *others)
        server.process.kill()
        server.process.wait()
        wait_until(lambda: not any(map(is_running, processes)), "the others end with their parent")
        return start(content, work, "--workers", "2", BROADSHEET_REFRESH_SECONDS="1")
    candidates = answering if kind == "worker" else others
    if candidates:
        os.kill(chance.choice(candidates), signal.SIGKILL)
    return server


def _serves(server: Server, title: str) -> Callable[[], bool]:
    """Whether answers over several connections, so of several workers, have this title."""
    return lambda: all(title in _get(server, "/articles/edited.json") for _ in range(6))


def _is_complete(server: Server) -> Callable[[], bool]:
    return lambda: tuple(map(len, _by_kind(server.process.pid))) == (2, 1)


def _by_kind(pid: int) -> tuple[list[int], list[int]]:
    """The children that answer requests, and the others; none that has ended, or ends meanwhile."""
    kinds: tuple[list[int], list[int]] = ([], [])
    for child in filter(is_running, children(pid)):
        with suppress(FileNotFoundError, ProcessLookupError):
            kinds[0 if is_worker(child) else 1].append(child)
    return kinds


def _get(server: Server, address: str) -> str:
    """The body of an answer; "" if the worker that the connection went to was killed."""
    connection = HTTPConnection("127.0.0.1", urlsplit(server.base).port, timeout=10)
    try:
        connection.request("GET", address)
        return connection.getresponse().read().decode()
    except (OSError, HTTPException):
        return ""
    finally:
        connection.close()


def _wait_a_while(server: Server, seconds: float) -> None:
    """Go on asking for so long, so that the kill falls into work."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        _get(server, "/articles.json")
