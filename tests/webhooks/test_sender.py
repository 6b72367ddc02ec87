"""One request to a receiver: how it is signed, where it goes, and what the response means."""

import asyncio
import ssl
import subprocess
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from service.outgoing import request_sender
from service.outgoing.outcomes import Outcome, Result
from service.settings.webhooks import Webhook, parse_secret
from service.webhooks.sender import Sender
from service.webhooks.signing import signed_headers
from tests.support.hub import (
    Behaviour,
    answers,
    disconnects,
    never_responds,
    sends_endless_body,
    sends_garbage,
    sends_half_a_body,
    sends_no_body,
)
from tests.support.receiver import OLD_SECRET, SECRET, running_receiver
from tests.support.requirements import tool

BODY = b'{"type":"article.updated","timestamp":"2026-01-01T00:00:00Z","data":{"title":"\xc3\xa9"}}'


def send(url: str, *secrets: str, allow_private: bool = True, times: int = 1) -> Result:
    """Send `times` events to `url`; the last result."""

    async def run() -> Result:
        webhook = Webhook(url=url, secret_env=("A",), allow_private_addresses=allow_private)
        sender = Sender(webhook, tuple(map(parse_secret, secrets or (SECRET,))))
        try:
            results = [await sender.send(f"msg_{number}", BODY) for number in range(times)]
        finally:
            await sender.close()
        return results[-1]

    return asyncio.run(run())


def test_the_signature_of_a_known_request() -> None:
    """The example that the libraries of Standard Webhooks are tested with."""
    key = b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    headers = signed_headers([key], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')

    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize("known", [SECRET, OLD_SECRET])
def test_a_receiver_verifies_with_the_new_or_the_old_secret(known: str) -> None:
    with running_receiver(secret=known) as receiver:
        assert send(receiver.address, SECRET, OLD_SECRET) == Result("sent")
        delivered = receiver.take()

    assert delivered.type == "article.updated"
    assert delivered.data == {"title": "é"}
    assert delivered.id == "msg_0"
    assert delivered.headers["content-type"] == "application/json"
    assert delivered.headers["user-agent"].startswith("broadsheet/")
    assert len(delivered.headers["webhook-signature"].split(" ")) == 2


def test_another_secret_is_not_verified() -> None:
    with running_receiver(secret=OLD_SECRET) as receiver:
        send(receiver.address, SECRET)
        assert receiver.faults == ["No matching signature found"]


@pytest.mark.parametrize(
    ("behaviour", "outcome", "problem"),
    [
        (answers(200), "sent", ""),
        (answers(202), "sent", ""),
        (sends_endless_body, "sent", ""),
        (sends_half_a_body, "sent", ""),
        (sends_no_body, "sent", ""),
        (answers(410), "gone", "responds with status 410"),
        (answers(400), "refused", "responds with status 400"),
        (answers(401), "refused", "responds with status 401"),
        (answers(429), "refused", "responds with status 429"),
        (answers(500), "failed", "responds with status 500"),
        (answers(302, location="{hub}"), "failed", "responds with status 302; redirects are not followed"),
        (answers(304), "failed", "responds with status 304"),
        (sends_garbage, "unreachable", "cannot be reached, or its response is invalid"),
        (disconnects, "unreachable", "cannot be reached, or its response is invalid"),
        (never_responds, "timeout", "does not respond in time"),
    ],
)
def test_what_a_response_means(
    behaviour: Behaviour, outcome: Outcome, problem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(request_sender, "BODY_SECONDS", 0.1)
    if behaviour is never_responds:
        monkeypatch.setattr(request_sender, "ANSWER_SECONDS", 0.3)
    with running_receiver(behaviour) as receiver:
        result = send(receiver.address)
        assert receiver.delivered.qsize() == 1, "redirects are not followed"

    assert result.outcome == outcome
    assert result.problem.startswith(problem)
    assert bool(result.problem) == bool(problem)


def test_retry_after_is_read() -> None:
    with running_receiver(answers(503, retry_after="120")) as receiver:
        assert send(receiver.address).retry_after_seconds == 120


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "[::1]", "[::ffff:127.0.0.1]"])
def test_a_private_address_is_not_connected_to(host: str) -> None:
    with running_receiver() as receiver:
        port = receiver.address.rpartition(":")[2]
        result = send(f"http://{host}:{port}", allow_private=False)
        assert receiver.is_idle()

    assert result.outcome == "blocked"
    assert "set allow_private_addresses" in result.problem


@pytest.mark.parametrize(
    "url",
    ["http://unknown.invalid/", f"http://{'a' * 70}.example/", "http://a..example/", "http://[::1%25x]/"],
)
def test_a_host_that_cannot_be_resolved(url: str) -> None:
    assert send(url).outcome in {"unreachable", "blocked"}


def addresses(*found: str) -> Callable[..., object]:
    async def resolve(*_: object, **__: object) -> tuple[str, ...]:
        return found

    return resolve


def test_the_request_goes_to_the_address_that_was_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The name is not resolved a second time; of several addresses the next one is tried."""
    monkeypatch.setattr(request_sender, "resolve", addresses("127.0.0.9", "127.0.0.1"))
    with running_receiver() as receiver:
        port = httpx.URL(receiver.address).port
        assert send(f"http://hooks.invalid:{port}/x?y=1").outcome == "sent"
        delivered = receiver.take()

    assert delivered.headers["host"] == f"hooks.invalid:{port}"


def test_a_connection_is_used_again() -> None:
    with running_receiver(answers(200, content_length="0")) as receiver:
        assert send(receiver.address, times=3).outcome == "sent"
        assert [receiver.take().id for _ in range(3)] == ["msg_0", "msg_1", "msg_2"]


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """The certificate of the host `hooks.invalid`, which this process trusts."""
    files = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        [
            *(tool("openssl", "openssl"), "req", "-x509", "-nodes", "-days", "2", "-newkey", "rsa:2048"),
            *("-subj", "/CN=hooks.invalid", "-addext", "subjectAltName=DNS:hooks.invalid"),
            *("-keyout", str(files[0]), "-out", str(files[1])),
        ],
        check=True,
        capture_output=True,
    )
    monkeypatch.setenv("SSL_CERT_FILE", str(files[1]))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files[1], files[0])
    return context


@pytest.mark.parametrize(
    ("host", "speaks_tls", "problem"),
    [
        ("hooks.invalid", True, ""),
        ("other.invalid", True, "cannot be reached by TLS (Hostname mismatch"),
        ("hooks.invalid", False, "cannot be reached by TLS ("),
    ],
)
def test_the_certificate_must_be_that_of_the_name(
    host: str, speaks_tls: bool, problem: str, certificate: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(request_sender, "resolve", addresses("127.0.0.1"))
    with running_receiver(tls=certificate if speaks_tls else None) as receiver:
        port = httpx.URL(receiver.address).port
        result = send(f"https://{host}:{port}/")

    assert result.outcome == ("unreachable" if problem else "sent")
    assert result.problem.startswith(problem)


def test_a_certificate_that_nobody_signed_is_named(
    certificate: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    monkeypatch.setattr(request_sender, "resolve", addresses("127.0.0.1"))
    with running_receiver(tls=certificate) as receiver:
        result = send(f"https://hooks.invalid:{httpx.URL(receiver.address).port}/")

    assert result == Result("unreachable", "cannot be reached by TLS (self-signed certificate)")
