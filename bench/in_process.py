"""The application in this process, asked without a network: what a request costs the server alone."""

import asyncio
import statistics
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import msgspec
from litestar.types import ASGIApp, HTTPReceiveMessage, Message

from service.model import Site
from service.settings import Settings
from service.web.app import create_app

ROUNDS = 20
"""How many requests a figure is the median of."""


class UnexpectedStatus(Exception):
    """A query was not answered; the text says which, and how."""


class Response(msgspec.Struct, frozen=True):
    """The body (of a stream its first piece), and the milliseconds of CPU time that it took."""

    body: bytes
    milliseconds: float


@asynccontextmanager
async def uncached_application(content: Path, index: Path) -> AsyncIterator[ASGIApp]:
    """The application over a built index, without room to store a response."""
    settings = Settings(content=content, index=f"sqlite:///{index}", site=Site(), cache_megabytes=0)
    app = create_app(settings)
    async with app.lifespan():
        yield app


async def request(app: ASGIApp, address: str) -> Response:
    """GET `address` up to the first piece of the body, which is the whole of all but streams.

    The CPU time is that of every thread; it does not count waiting for a busy machine.
    Raises UnexpectedStatus for another status than 200.
    """
    path, _, query = address.partition("?")
    arrived: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    async def receive() -> HTTPReceiveMessage:
        await asyncio.Event().wait()  # the client stays connected
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            if message["status"] != HTTPStatus.OK:
                raise UnexpectedStatus(f"{address} answered {message['status']}")
        elif message["type"] == "http.response.body" and not arrived.done():
            arrived.set_result(message["body"])

    began = time.process_time()
    answering = asyncio.ensure_future(app(_scope(path, query), receive, send))
    await asyncio.wait((answering, arrived), return_when=asyncio.FIRST_COMPLETED)
    milliseconds = (time.process_time() - began) * 1000
    if answering.done():
        await answering
    answering.cancel()
    with suppress(asyncio.CancelledError):
        await answering
    return Response(await arrived, milliseconds)


async def median_milliseconds(app: ASGIApp, addresses: Sequence[str], item: bytes = b"") -> float:
    """The median CPU time of requests for `addresses`; where there are several, the first only warms up.

    With `item`, which each item of a response begins with, it is the time for 100 items.
    """
    await request(app, addresses[0])
    measured = addresses[1:] or [*addresses] * ROUNDS
    responses = [await request(app, address) for address in measured]
    median = statistics.median(response.milliseconds for response in responses)
    if not item:
        return median
    items = sum(response.body.count(item) for response in responses)
    return median * 100 * len(responses) / max(1, items)


def _scope(path: str, query: str) -> Any:
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(b"host", b"localhost"), (b"accept", b"*/*")],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
        "state": {},
    }
