"""The running service when clients abort long answers: it says nothing about it, and answers others."""

import socket
from collections.abc import Iterator

import pytest

from tests.support.http_client import fetch
from tests.support.index_folder import Folder
from tests.support.server import Server, serving
from tests.support.waiting import TIMEOUT_SECONDS

ARTICLES = 200
ABORTS = 15


@pytest.fixture(scope="module")
def long_answers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A service of one worker whose whole content is 8 MB as NDJSON."""
    work = tmp_path_factory.mktemp("aborts")
    folder = Folder(work)
    records = [{"title": f"Number {number}", "text": "Some words. " * 1700} for number in range(ARTICLES)]
    folder.write_many("articles", records)
    with serving(folder.root, work, "--workers", "1") as server:
        yield server


def abort(server: Server, path: str) -> None:
    """Ask for `path`, read a few bytes and close the connection."""
    host, port = server.base.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=TIMEOUT_SECONDS) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 200")


def test_aborts_leave_no_line_in_the_log(long_answers: Server) -> None:
    before = long_answers.output()
    for path in ("/articles.ndjson", "/articles.ndjson?q=words", "/articles.json?limit=100"):
        for _ in range(ABORTS):
            abort(long_answers, path)
    assert fetch(f"{long_answers.base}/healthz").status_code == 200
    assert long_answers.output() == before
