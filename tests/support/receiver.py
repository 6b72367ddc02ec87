"""A receiver of webhooks on the loopback interface, which verifies requests by `standardwebhooks`."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from queue import Empty, Queue
from typing import Any

import msgspec
import pytest

from service.index import Revision
from tests.support.hub import Behaviour, Hub, Request, answers, running
from tests.support.requirements import package
from tests.support.waiting import TIMEOUT_SECONDS

SECRET = "whsec_" + "c2VjcmV0LW9mLXRoZS1yZWNlaXZlci1pbi10ZXN0cyE="
OLD_SECRET = "whsec_" + "YW4tb2xkZXItc2VjcmV0LXRoYXQtaXMtcm90YXRlZC4="


async def served_at_once(generation: int, revision: Revision) -> None:
    """Wait for no worker and no replica."""


class Delivered(msgspec.Struct, frozen=True):
    """One verified request: its headers, and what the body says."""

    headers: dict[str, str]
    type: str
    timestamp: str
    data: dict[str, Any]

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]


class Receiver(Hub):
    """A receiver with the secret `secret`; `delivered` has what came, `faults` what could not be verified."""

    def __init__(self, address: str, secret: str) -> None:
        super().__init__(address)
        self.secret = secret
        self.delivered: Queue[Delivered] = Queue()
        self.faults: list[str] = []

    def take(self) -> Delivered:
        """The next request, verified."""
        try:
            delivered = self.delivered.get(timeout=TIMEOUT_SECONDS)
        except Empty:
            pytest.fail(f"nothing was delivered; faults: {self.faults}")
        assert self.faults == []
        return delivered

    def take_types(self, count: int) -> list[tuple[str, str]]:
        """The types and slugs of the next `count` requests."""
        taken = [self.take() for _ in range(count)]
        return [(delivered.type, delivered.data.get("slug", "")) for delivered in taken]

    def is_idle(self) -> bool:
        return self.delivered.empty()


class _ReceiverRequest(Request):
    hub: Receiver

    def do_POST(self) -> None:  # noqa: N802 (the name that the base class calls)
        body = self.rfile.read(int(self.headers["content-length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        library = package("standardwebhooks")
        try:
            content = library.Webhook(self.hub.secret).verify(body, headers)
        except library.WebhookVerificationError as error:
            self.hub.faults.append(str(error))
        else:
            self.hub.delivered.put(Delivered(headers, content["type"], content["timestamp"], content["data"]))
        self.behave()


@contextmanager
def running_receiver(
    *behaviours: Behaviour, secret: str = SECRET, tls: ssl.SSLContext | None = None
) -> Iterator[Receiver]:
    """A receiver that answers its first requests as `behaviours` say, and all others as the last does."""
    package("standardwebhooks")

    class Own(_ReceiverRequest):
        pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Own) as server:
        if tls:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        receiver = Own.hub = Receiver(f"http://127.0.0.1:{server.server_port}/events", secret)
        receiver.behaviours = list(behaviours or [answers(204)])
        with running(server):
            try:
                yield receiver
            finally:
                receiver.closing.set()
