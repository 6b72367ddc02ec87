"""Ending work for a client that has disconnected."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from litestar.types import Receive

WATCH_AFTER_SECONDS = 0.02
"""Most responses take less, and watching costs as much as a response from the cache."""


@asynccontextmanager
async def until_disconnect(
    receive: Receive, after_seconds: float = WATCH_AFTER_SECONDS
) -> AsyncIterator[None]:
    """Run the block until it is done or the client disconnects: then it is cancelled, without an error.

    The block gets `asyncio.CancelledError` where it awaits, so `finally` and `async with` clean up as usual.
    Nothing is watched before `after_seconds`. `receive` must not be called in the block: messages other than
    `http.disconnect` (parts of the request's body) are discarded. Source: ASGI, "Disconnect - receive event".
    """
    loop = asyncio.get_running_loop()
    request = asyncio.current_task()
    if request is None:
        raise RuntimeError("until_disconnect must be used in a task")
    cancelling = request.cancelling()
    watchers: list[asyncio.Task[None]] = []
    disconnected = False

    async def watch() -> None:
        nonlocal disconnected
        while (await receive())["type"] != "http.disconnect":
            pass
        disconnected = True
        request.cancel()

    timer = loop.call_later(after_seconds, lambda: watchers.append(loop.create_task(watch())))
    try:
        yield
    except asyncio.CancelledError:
        if not disconnected or request.uncancel() > cancelling:
            raise
    finally:
        timer.cancel()
        for watcher in watchers:
            watcher.cancel()
