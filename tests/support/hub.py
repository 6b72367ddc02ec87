"""A real little WebSub hub on the loopback interface, as good or as bad as a test wants it."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty, Queue
from threading import Event, Thread
from urllib.parse import parse_qs

import msgspec
import pytest

from tests.support.http_client import fetch
from tests.support.waiting import TIMEOUT_SECONDS

PIECE = b"x" * 65536


class Ping(msgspec.Struct, frozen=True):
    """One request to the hub: where to, its form, and the topic as it was served that very moment."""

    path: str
    content_type: str
    form: dict[str, list[str]]
    served: bytes

    @property
    def topic(self) -> str:
        return self.form["hub.url"][0]


class Hub:
    """`address` is that of the hub; what it is sent comes out of `next`, in order."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.pings: Queue[Ping] = Queue()
        self.behaviours: list[Behaviour] = []
        self.closing = Event()

    def next(self) -> Ping:
        try:
            return self.pings.get(timeout=TIMEOUT_SECONDS)
        except Empty:
            pytest.fail("the hub was not notified")

    def topics(self, count: int) -> list[str]:
        """The topics of the next `count` pings."""
        return [self.next().topic for _ in range(count)]


class Request(BaseHTTPRequestHandler):
    """A request the hub has read and is to answer."""

    hub: Hub
    fetches: bool

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"])).decode("ascii")
        form = parse_qs(body, strict_parsing=True)
        served = fetch(form["hub.url"][0]).content if self.fetches else b""
        self.hub.pings.put(Ping(self.path, self.headers["content-type"], form, served))
        self.behave()

    def behave(self) -> None:
        """Answer as the next behaviour says, or for ever as the last one does."""
        behaviours = self.hub.behaviours
        behaviour = behaviours.pop(0) if len(behaviours) > 1 else behaviours[0]
        behaviour(self)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing: `pings` is the log."""


Behaviour = Callable[[Request], None]


def answers(status: int, **headers: str) -> Behaviour:
    """Answer with `status` and `headers`; an underscore in a name is a hyphen."""

    def behave(request: Request) -> None:
        request.send_response(status)
        for name, value in {"content_length": "0", **headers}.items():
            request.send_header(name.replace("_", "-"), value.replace("{hub}", request.hub.address))
        request.end_headers()

    return behave


def never_responds(request: Request) -> None:
    """Keep the connection open and never answer."""
    request.hub.closing.wait()


def disconnects(request: Request) -> None:
    request.connection.shutdown(socket.SHUT_RDWR)


def sends_garbage(request: Request) -> None:
    request.wfile.write(b"\x00\xff not HTTP at all\r\n\r\n")
    disconnects(request)


def sends_endless_body(request: Request) -> None:
    """Answer 200 with a body that goes on for as long as anybody listens."""
    request.send_response(200)
    request.end_headers()
    try:
        while not request.hub.closing.is_set():
            request.wfile.write(PIECE)
    except OSError:
        return


def sends_half_a_body(request: Request) -> None:
    """Answer 200, and disconnect within the body."""
    answers(200, content_length="1000")(request)
    request.wfile.write(b"x")
    disconnects(request)


def sends_no_body(request: Request) -> None:
    """Answer 200 with a body that never comes."""
    answers(200, content_length="1000")(request)
    request.hub.closing.wait()


@contextmanager
def running_hub(*behaviours: Behaviour, fetches: bool = False) -> Iterator[Hub]:
    """A hub that answers its first requests as `behaviours` say, and every further one as the last does.

    One that `fetches` gets the topic at once, before it answers.
    """

    class Own(Request):
        pass

    Own.fetches = fetches
    with ThreadingHTTPServer(("127.0.0.1", 0), Own) as server:
        hub = Own.hub = Hub(f"http://127.0.0.1:{server.server_port}/hub")
        hub.behaviours = list(behaviours or [answers(204)])
        with running(server):
            try:
                yield hub
            finally:
                hub.closing.set()


@contextmanager
def running(server: ThreadingHTTPServer) -> Iterator[None]:
    """Let `server` answer in a thread, and wait for all its answers at the end."""
    server.daemon_threads = False
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
