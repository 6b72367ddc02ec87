"""A file of many gigabytes beside small ones: nothing reads it but to send it."""

import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.http_client import open_client
from tests.support.server import Server, serving
from tests.support.waiting import TIMEOUT_SECONDS

LARGE_BYTES = 20 << 30
ADDRESS = "/files/large.mp4"


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    content: Path = tmp_path_factory.mktemp("content")
    (content / "small.png").write_bytes(b"tiny")
    with (content / "large.mp4").open("wb") as file:
        file.truncate(LARGE_BYTES)
    with serving(content, tmp_path_factory.mktemp("work")) as server:
        yield server


@pytest.fixture
def client(large: Server) -> Iterator[httpx.Client]:
    with open_client(large.base) as client:
        yield client


def test_the_first_part_of_a_stream_is_sent_at_once(client: httpx.Client) -> None:
    for asked, sent, content in (("0-10", f"0-10/{LARGE_BYTES}", bytes(11)), ("-1", "", b"\0")):
        part = client.get(ADDRESS, headers={"Range": f"bytes={asked}"})
        assert (part.status_code, part.content) == (206, content)
        assert part.headers["content-range"].startswith(f"bytes {sent}")
        assert "etag" not in part.headers
        assert "last-modified" not in part.headers
    outside = client.get(ADDRESS, headers={"Range": f"bytes={LARGE_BYTES}-"})
    assert (outside.status_code, outside.headers["content-range"]) == (416, f"bytes */{LARGE_BYTES}")


def test_head_has_the_content_length(client: httpx.Client) -> None:
    head = client.head(ADDRESS)
    assert (head.status_code, head.headers["content-length"]) == (200, str(LARGE_BYTES))
    assert head.headers["accept-ranges"] == "bytes"


def test_without_a_validator_no_condition_holds(client: httpx.Client) -> None:
    headers = {"Range": "bytes=0-0", "If-None-Match": '"x"'}
    assert client.get(ADDRESS, headers=headers).status_code == 206
    with client.stream("GET", ADDRESS, headers=headers | {"If-Range": '"x"'}) as whole:
        assert whole.status_code == 200


def ask(large: Server) -> socket.socket:
    """A client that asks for all of it and reads nothing."""
    host, _, port = large.base.removeprefix("http://").partition(":")
    asking = socket.create_connection((host, int(port)), timeout=TIMEOUT_SECONDS)
    asking.sendall(f"GET {ADDRESS} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    return asking


def resident_bytes(process: int) -> int:
    """The memory of a process and its children."""
    pages = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
            if process in (int(stat.parent.name), parent):
                pages += int((stat.parent / "statm").read_text().split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue  # it has ended
    return pages * os.sysconf("SC_PAGE_SIZE")


def test_slow_clients_block_nobody_and_take_no_memory(large: Server, client: httpx.Client) -> None:
    assert client.get("/files/small.png").headers["etag"].startswith('"')
    before = resident_bytes(large.process.pid)
    readers = [ask(large) for _ in range(12)]
    try:
        for reader in readers:
            assert reader.recv(12) == b"HTTP/1.1 200"
        for _ in range(20):
            assert client.get("/files/small.png").content == b"tiny"
            assert client.get("/healthz").status_code == 200
        assert resident_bytes(large.process.pid) - before < 100_000_000
    finally:
        for reader in readers:
            reader.close()


def open_descriptors(process: int) -> int:
    """How many descriptors of the large file a process and its children have."""
    descriptors = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
            if process in (int(stat.parent.name), parent):
                links = (stat.parent / "fd").iterdir()
                descriptors += sum(link.readlink().name == "large.mp4" for link in links)
        except (FileNotFoundError, ProcessLookupError):
            continue  # it has ended, or has closed what was listed
    return descriptors


def test_a_disconnect_ends_the_reading_of_a_file(large: Server) -> None:
    readers = [ask(large) for _ in range(8)]
    for reader in readers:
        assert reader.recv(12) == b"HTTP/1.1 200"
    assert open_descriptors(large.process.pid) >= 8
    for reader in readers:
        reader.close()
    deadline = time.monotonic() + 30
    while open_descriptors(large.process.pid) > 1:  # one may be that of the process that hashes it
        assert time.monotonic() < deadline, "it reads on for nobody"
        time.sleep(0.1)
