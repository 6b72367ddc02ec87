"""The whole application over an index in memory: the methods and conditions every address heeds alike."""

import asyncio
from pathlib import Path

import httpx

from service.errors import StaleCursor
from service.index import FileRecord
from tests.support.builders import article
from tests.support.files import hash_file
from tests.support.in_memory_site import InMemoryIndex, serving, settings


def send(
    folder: Path, *requests: tuple[str, str, dict[str, str]], memory_index: InMemoryIndex | None = None
) -> list[httpx.Response]:
    async def send_requests() -> list[httpx.Response]:
        async with serving(memory_index or InMemoryIndex(article()), settings(folder)) as client:
            return [await client.request(method, path, headers=headers) for method, path, headers in requests]

    return asyncio.run(send_requests())


def test_head_of_a_stream_that_fails(tmp_path: Path) -> None:
    memory_index = InMemoryIndex(article())
    memory_index.fault = StaleCursor()
    get, head = send(
        tmp_path, ("GET", "/articles.ndjson", {}), ("HEAD", "/articles.ndjson", {}), memory_index=memory_index
    )
    assert (get.status_code, head.status_code, head.content) == (400, 400, b"")
    assert head.headers == get.headers


def test_head_of_a_stream(tmp_path: Path) -> None:
    get, head = send(tmp_path, ("GET", "/articles.ndjson", {}), ("HEAD", "/articles.ndjson", {}))
    assert (head.status_code, head.content, head.headers) == (200, b"", get.headers)


def test_a_condition_comes_before_a_range(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("body {}")
    address = "/files/a.css"
    memory_index = InMemoryIndex(article())
    memory_index.files["a.css"] = FileRecord(hash=hash_file(tmp_path / "a.css"))
    etag = send(tmp_path, ("GET", address, {}), memory_index=memory_index)[0].headers["etag"]
    outside = {"Range": "bytes=5000-"}
    known, other, neither = send(
        tmp_path,
        ("GET", address, outside | {"If-None-Match": etag}),
        ("GET", address, outside | {"If-None-Match": '"other"'}),
        ("GET", address, outside),
        memory_index=memory_index,
    )
    assert (known.status_code, known.content, known.headers["etag"]) == (304, b"", etag)
    assert "content-range" not in known.headers
    assert (other.status_code, neither.status_code) == (416, 416)


def test_a_preflight_permits_any_header_everywhere(tmp_path: Path) -> None:
    preflight = {"Origin": "https://app.example", "Access-Control-Request-Method": "GET"}
    requests = [
        ("OPTIONS", path, preflight | {"Access-Control-Request-Headers": header})
        for path in ("/articles.json", "/nothing", "/articles/none.json", "/feed/", "/a%ZZ")
        for header in ("if-none-match", "authorization", "x-requested-with", "traceparent")
    ]
    for request, answer in zip(requests, send(tmp_path, *requests), strict=True):
        assert (answer.status_code, answer.content) == (204, b""), request
        assert answer.headers["access-control-allow-origin"] == "*", request
        assert answer.headers["access-control-allow-headers"] == "*, Authorization", request
