"""A network between a client and a server on loopback that delays, cuts and refuses connections."""

import asyncio
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager

PIECE_BYTES = 16_384


class FaultyProxy:
    """Passes connections on to `port`; each piece of data may be delayed, or end its connection.

    `drops` is the chance that a piece does, `delay_seconds` the longest delay. While `is_down`, nothing
    connects.
    """

    def __init__(self, port: int, seed: int, drops: float, delay_seconds: float) -> None:
        self._port = port
        self._chance = random.Random(seed)  # noqa: S311
        self._drops = drops
        self._delay_seconds = delay_seconds
        self.is_down = False
        self.port = 0
        self.dropped = 0

    async def serve(self, started: threading.Event, stopped: asyncio.Event) -> None:
        """Listen on a free port until `stopped`; then all connections are cut."""
        server = await asyncio.start_server(self._connect, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        started.set()
        await stopped.wait()
        server.close()

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.is_down:
            writer.transport.abort()
            return
        try:
            server_reader, server_writer = await asyncio.open_connection("127.0.0.1", self._port)
        except OSError:
            writer.transport.abort()
            return
        passing = [
            asyncio.create_task(self._pass(reader, server_writer)),
            asyncio.create_task(self._pass(server_reader, writer)),
        ]
        try:
            await asyncio.wait(passing, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for end in (writer, server_writer):
                end.transport.abort()
            for task in passing:
                task.cancel()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass data on in one direction until an end closes or a piece is dropped."""
        while True:
            try:
                piece = await reader.read(PIECE_BYTES)
                if not piece:
                    return
                if self._chance.random() < self._drops:
                    self.dropped += 1
                    return
                await asyncio.sleep(self._chance.random() * self._delay_seconds)
                writer.write(piece)
                await writer.drain()
            except OSError:
                return  # the other end has gone


@contextmanager
def faulty_proxy(port: int, seed: int, *, drops: float, delay_seconds: float) -> Iterator[FaultyProxy]:
    """A proxy in a thread of its own, for as long as the block runs."""
    proxy = FaultyProxy(port, seed, drops, delay_seconds)
    started = threading.Event()
    running: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

    async def serve() -> None:
        stopped = asyncio.Event()
        running.append((asyncio.get_running_loop(), stopped))
        await proxy.serve(started, stopped)

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    started.wait()
    try:
        yield proxy
    finally:
        ((loop, stopped),) = running
        loop.call_soon_threadsafe(stopped.set)
        thread.join()
