"""No two servers listen on one port, whether or not the first one does so already."""

import socket

import pytest

from service.errors import AddressUnavailable
from service.server import reserve_address
from tests.support.server import free_port

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


def listen(port: int) -> socket.socket:
    """A socket that listens as a worker does."""
    server = socket.socket()
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    server.bind((HOST, port))
    server.listen()
    return server
