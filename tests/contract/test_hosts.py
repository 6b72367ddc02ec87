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


@pytest.mark.parametrize("version", ["1.0", "1.1"])
@pytest.mark.parametrize(
    "hosts", ["Host: example.org\r\nHost: example.org\r\n", "Host: a\r\nHost: b\r\n", "Host: a b\r\n"]
)
def test_several_and_invalid_hosts_are_refused(server: Server, hosts: str, version: str) -> None:
    answer = ask(server, f"GET /healthz HTTP/{version}\r\n{hosts}Connection: close\r\n\r\n")
    assert status(answer) == 400
    assert b"InvalidHost" in answer


# What load balancers send by default: HAProxy's `option httpchk` sends OPTIONS / HTTP/1.0.
@pytest.mark.parametrize("host", ["", "Host:\r\n"])
@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("OPTIONS", "/", 204),
        ("GET", "/healthz", 200),
        ("HEAD", "/readyz", 200),
        ("GET", "/", 200),
        ("GET", "/feed.atom", 200),
        ("GET", "/articles.ndjson", 200),
        ("GET", "/feed/", 301),
        ("GET", "/nothing", 404),
    ],
)
def test_http_1_0_may_omit_the_host(
    server: Server, request: pytest.FixtureRequest, method: str, path: str, expected: int, host: str
) -> None:
    public_url = request.node.callspec.params["server"]
    for _ in range(2):
        answer = ask(server, f"{method} {path} HTTP/1.0\r\n{host}\r\n")
        assert status(answer) == expected
        if path.startswith("/feed"):
            assert f"{public_url or server.base}/feed.".encode() in answer
        # Others must not get links to the address of the server from a cache.
        cache_control = re.findall(rb"(?im)^cache-control: (.*)\r$", answer)
        if not public_url:
            assert cache_control == [b"no-store"]
        elif path == "/feed.atom":
            assert b"max-age" in cache_control[0]


def test_a_request_without_host_changes_no_answer_to_another(server: Server) -> None:
    usual = "GET /feed.rss HTTP/1.1\r\nHost: example.org\r\nConnection: close\r\n\r\n"
    unnamed = "GET /feed.rss HTTP/1.0\r\n\r\n"
    _, _, first = ask(server, unnamed).partition(b"\r\n\r\n")
    for _ in range(2):
        head, _, body = ask(server, usual).partition(b"\r\n\r\n")
        assert b"no-store" not in head
        assert server.base.encode() not in body
    assert ask(server, unnamed).partition(b"\r\n\r\n")[2] == first


def test_http_2_is_not_offered(server: Server) -> None:
    settings = b"\0\0\0\4\0\0\0\0\0"
    assert b"\0" not in ask(server, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + settings)
    upgrade = "Connection: close, Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: \r\n"
    assert status(ask(server, f"GET / HTTP/1.1\r\nHost: example.org\r\n{upgrade}\r\n")) == 200
