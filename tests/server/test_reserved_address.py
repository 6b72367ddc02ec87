"""No two servers listen on one port, whether or not the first one does so already."""

import socket
from pathlib import Path

import pytest

from service.errors import AddressUnavailable
from service.server import reserve_address
from tests.support.server import free_port, serving

HOST = "127.0.0.1"


def test_a_reserved_address_is_for_workers_alone() -> None:
    port = free_port()
    with reserve_address(HOST, port):
        with pytest.raises(AddressUnavailable), reserve_address(HOST, port):
            pass
        with listen(port), listen(port), pytest.raises(AddressUnavailable), reserve_address(HOST, port):
            pass
    with reserve_address(HOST, port):
        pass


def test_an_address_with_connections_that_are_being_closed_is_available() -> None:
    port = free_port()
    with listen(port) as server, socket.create_connection((HOST, port)) as client:
        accepted, _ = server.accept()
        accepted.close()  # first, so that this end waits
        assert client.recv(1) == b""
    with reserve_address(HOST, port):
        pass


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])  # noqa: S104
def test_an_address_stays_as_it_is(host: str) -> None:
    with reserve_address(host, free_port()) as ip:
        assert ip == host


def test_a_name_is_resolved(tmp_path: Path) -> None:
    """Granian takes IP addresses alone."""
    with reserve_address("localhost", free_port()) as ip:
        pass
    if ip != HOST:
        pytest.skip("localhost has another address first")
    with serving(tmp_path, tmp_path, "--host", "localhost") as server:
        assert f"on {server.base.replace(HOST, 'localhost')}/" in server.output()


def listen(port: int) -> socket.socket:
    """A socket that listens as a worker does."""
    server = socket.socket()
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    server.bind((HOST, port))
    server.listen()
    return server
