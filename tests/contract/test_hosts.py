"""What requests say of the host they are meant for, down to the bytes (RFC 9112 §3.2, RFC 9113 §8.3.1)."""

import re
import socket
from collections.abc import Iterator

import pytest

from tests.support.server import CONTENT, Server, serving
from tests.support.waiting import TIMEOUT_SECONDS


@pytest.fixture(scope="module", params=["", "https://example.org/news"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    options = ["--public-url", request.param] if request.param else []
    with serving(CONTENT, tmp_path_factory.mktemp("work"), *options) as server:
        yield server


def ask(server: Server, request: str | bytes) -> bytes:
    """All that the service sends before it closes the connection."""
    host, _, port = server.base.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=TIMEOUT_SECONDS) as connection:
        connection.sendall(request if isinstance(request, bytes) else request.encode())
        return b"".join(iter(lambda: connection.recv(65536), b""))


def status(answer: bytes) -> int:
    status_line = re.match(rb"HTTP/1\.[01] ([0-9]{3}) ", answer)
    assert status_line, answer[:100]
    return int(status_line[1])


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
@pytest.mark.parametrize("path", ["/articles.json", "/", "/healthz", "/nothing", "/feed/"])
@pytest.mark.parametrize("host", ["", "Host:\r\n", "Host: \r\n"])
def test_a_request_must_name_its_host(server: Server, method: str, path: str, host: str) -> None:
    usual = f"{method} {path} HTTP/1.1\r\nHost: example.org\r\nConnection: close\r\n\r\n"
    assert status(ask(server, usual)) != 400
    answer = ask(server, f"{method} {path} HTTP/1.1\r\n{host}Connection: close\r\n\r\n")
    assert status(answer) == 400
    if method == "GET":
        assert b"has no Host" in answer


def test_http_1_1_must_name_a_host(server: Server) -> None:
    for second in ("example.org", "example.com"):
        hosts = f"Host: example.org\r\nHost: {second}\r\n"
        assert status(ask(server, f"GET / HTTP/1.1\r\n{hosts}Connection: close\r\n\r\n")) == 400


def test_only_http_1_0_may_omit_the_host(server: Server, request: pytest.FixtureRequest) -> None:
    """Where a public URL says what links begin with."""
    has_public_url = bool(request.node.callspec.params["server"])
    assert status(ask(server, "GET /articles.json HTTP/1.0\r\n\r\n")) == (200 if has_public_url else 400)


def test_http_2_is_not_offered(server: Server) -> None:
    settings = b"\0\0\0\4\0\0\0\0\0"
    assert b"\0" not in ask(server, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + settings)
    upgrade = "Connection: close, Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: \r\n"
    assert status(ask(server, f"GET / HTTP/1.1\r\nHost: example.org\r\n{upgrade}\r\n")) == 200
