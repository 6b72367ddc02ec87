"""A cache on the loopback interface that only writes down which keys it was to discard."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from queue import Empty, Queue

import msgspec
import pytest

from tests.support.hub import Behaviour, Hub, Request, answers, running
from tests.support.waiting import TIMEOUT_SECONDS


class PurgedCache(Hub):
    """`purged` has the keys of each request, in order, whatever it was answered with."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.purged: Queue[list[str]] = Queue()

    def take(self) -> set[str]:
        """The keys of the next request."""
        try:
            return {*self.purged.get(timeout=TIMEOUT_SECONDS)}
        except Empty:
            pytest.fail("nothing was purged")

    def is_idle(self) -> bool:
        return self.purged.empty()


class _PurgeRequest(Request):
    hub: PurgedCache

    def do_POST(self) -> None:  # noqa: N802 (the name that the base class calls)
        body = self.rfile.read(int(self.headers["content-length"]))
        self.hub.purged.put(msgspec.json.decode(body)["surrogate_keys"])
        self.behave()


@contextmanager
def running_cache(*behaviours: Behaviour) -> Iterator[PurgedCache]:
    """A cache with the API of Fastly that answers as `behaviours` say, and at last as the last one does."""

    class Own(_PurgeRequest):
        pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Own) as server:
        cache = Own.hub = PurgedCache(f"http://127.0.0.1:{server.server_port}")
        cache.behaviours = list(behaviours or [answers(200)])
        with running(server):
            try:
                yield cache
            finally:
                cache.closing.set()
