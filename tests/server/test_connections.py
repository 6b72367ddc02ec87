"""Many clients that keep a connection open leave the service to others."""

import contextlib
import resource
import socket
from pathlib import Path
from unittest import mock

import pytest

from service.server import MOST_CONNECTIONS, OTHER_FILES, allow_connections
from service.web.change_waiters import MOST_WAITING
from tests.support.article_files import write_article
from tests.support.http_client import fetch
from tests.support.server import serving

OPEN = 1200
"""More than Granian allows by default, and fewer than one of two workers does."""

SECONDS = 20
"""Granian closes an idle connection after 30."""


def test_open_connections_leave_the_service_to_others(tmp_path: Path) -> None:
    content = tmp_path / "content"
    content.mkdir()
    write_article(content, "one.md", title="One", date="2020-01-01")
    allow_connections(OPEN)  # of this process
    with serving(content, tmp_path, "--workers", "2") as server, contextlib.ExitStack() as stack:
        host, port = server.base.removeprefix("http://").split(":")
        for _ in range(OPEN):
            client = stack.enter_context(socket.create_connection((host, int(port)), timeout=SECONDS))
            client.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert [fetch(f"{server.base}/healthz", timeout=SECONDS).status_code for _ in range(8)] == [200] * 8


def test_a_worker_has_connections_besides_those_that_wait() -> None:
    assert MOST_CONNECTIONS >= 2 * MOST_WAITING


NEEDED = 2 * 1000 + OTHER_FILES


@pytest.mark.parametrize(
    ("soft", "hard", "raised", "allowed"),
    [
        (NEEDED, NEEDED, None, 1000),
        (1024, 500_000, NEEDED, 1000),
        (1024, resource.RLIM_INFINITY, NEEDED, 1000),
        (resource.RLIM_INFINITY, resource.RLIM_INFINITY, None, 1000),
        (1024, 1024, None, (1024 - OTHER_FILES) // 2),
        (64, 64, None, 16),
    ],
)
def test_connections_are_limited_by_the_files_that_may_be_open(
    soft: int, hard: int, raised: int | None, allowed: int
) -> None:
    with (
        mock.patch("resource.getrlimit", return_value=(soft, hard)),
        mock.patch("resource.setrlimit") as set_limit,
    ):
        assert allow_connections(1000) == allowed
    limits = [call.args[1] for call in set_limit.call_args_list if call.args[1] != (soft, hard)]
    assert limits == ([] if raised is None else [(raised, hard)])
