"""The service under conditions that operators meet; tests/stress has the long forms."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from select import select
from urllib.parse import urlsplit

import pytest

from tests.support.clock import FakeClock
from tests.support.http_client import fetch
from tests.support.kills import survive_kills
from tests.support.processes import workers
from tests.support.requirements import tool
from tests.support.server import Server, serving
from tests.support.traffic import run_traffic, usage_of, write_article, write_site
from tests.support.waiting import TIMEOUT_SECONDS, wait_until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")

ARTICLES = 40


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "content"
    write_site(folder, ARTICLES)
    return folder


def titles(server: Server) -> set[str]:
    document = fetch(f"{server.base}/articles.json?limit=100").json()
    return {article["title"] for article in document["articles"]}


def test_mixed_traffic_with_edits_meets_no_error(content: Path, tmp_path: Path) -> None:
    with serving(content, tmp_path, "--workers", "2", BROADSHEET_REFRESH_SECONDS="1") as server:
        start = usage_of(server, tmp_path / "index.db")
        traffic = run_traffic(server, content, ARTICLES, seconds=3)
        end = usage_of(server, tmp_path / "index.db")
        assert not traffic.failures, traffic.table(start, end)
        assert end.processes.keys() == start.processes.keys()
        assert "Traceback" not in server.output()


def test_killed_processes_are_replaced(content: Path, tmp_path: Path) -> None:
    survive_kills(content, tmp_path, rounds=4, seed=3)


def test_few_file_descriptors_are_survived(content: Path, tmp_path: Path) -> None:
    """More connections than descriptors: those that wait are answered once others have ended."""
    limit = (tool("prlimit", "util-linux"), "--nofile=64:64")
    with serving(content, tmp_path, prefix=limit, BROADSHEET_REFRESH_SECONDS="1") as server:
        (worker,) = workers(server.process.pid)
        with ExitStack() as stack:
            address = ("127.0.0.1", urlsplit(server.base).port)
            connections = [
                stack.enter_context(socket.create_connection(address, timeout=TIMEOUT_SECONDS))
                for _ in range(100)
            ]
            for connection in connections:
                connection.sendall(b"GET /articles.json HTTP/1.1\r\nHost: localhost\r\n\r\n")
            wait_until(lambda: bool(select(connections, [], [], 0)[0]), "a connection is answered")
            assert len(select(connections, [], [], 0)[0]) < len(connections)
            write_article(content, ARTICLES, "One more.")
        wait_until(
            lambda: f"Article {ARTICLES}" in titles(server), "it serves again, and what was written meanwhile"
        )
        assert workers(server.process.pid) == [worker]
        assert len(server.output().splitlines()) < 50, server.output()


def test_a_clock_that_jumps_shows_and_hides_what_is_due(content: Path, tmp_path: Path) -> None:
    due = datetime.now(UTC) + timedelta(minutes=30)
    (content / "due.md").write_text(f"---\ntitle: Due\ndate: {due.isoformat()}\n---\n\nText.\n", "utf-8")
    clock = FakeClock(tmp_path / "clock")
    with serving(content, tmp_path, **clock.environment, BROADSHEET_REFRESH_SECONDS="1") as server:
        assert "Due" not in titles(server)
        for hours, is_visible in ((1, True), (0, False), (1, True), (-1, False)):
            clock.set(timedelta(hours=hours))
            wait_until(lambda: ("Due" in titles(server)) == is_visible, f"{hours} hours ahead")  # noqa: B023
            assert len(titles(server)) >= ARTICLES
            title = f"Article {ARTICLES + 1 + hours}"
            write_article(content, ARTICLES + 1 + hours, "One more.")
            wait_until(lambda: title in titles(server), "what is written is served")  # noqa: B023
        assert "Traceback" not in server.output()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 8 MB, for as long as the test runs."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "none", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("only root may mount a disk, and not in every container")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_that_is_freed_is_used_again(content: Path, tmp_path: Path, small_disk: Path) -> None:
    index = ("--index", f"sqlite:///{small_disk}/index.db")
    with serving(content, tmp_path, *index, BROADSHEET_REFRESH_SECONDS="1") as server:
        ballast = small_disk / "ballast"
        fill(ballast)
        for number in range(ARTICLES):
            write_article(content, number, f"Changed {number}. " * 20)
        wait_until(lambda: "disk is full" in server.output(), "the full disk is reported")
        assert len(titles(server)) == ARTICLES
        (small_disk / "index.db").unlink()
        fill(small_disk / "more")
        wait_until(
            lambda: server.output().count("the index was not brought up to date") > 1, "so is the other"
        )
        assert len(titles(server)) == ARTICLES, "from the index that is still open"
        ballast.unlink()
        (small_disk / "more").unlink()
        wait_until(lambda: "the index is brought up to date again" in server.output(), "there is room again")
        write_article(content, ARTICLES, "One more.")
        wait_until(lambda: f"Article {ARTICLES}" in titles(server), "what is written is served")
        assert len(server.output().splitlines()) < 30, server.output()
        assert "Traceback" not in server.output()


def fill(ballast: Path) -> None:
    """Write until there is no room."""
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            return
