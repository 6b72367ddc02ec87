"""`POST /-/reload`: only with the token, and without a trace of it."""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from service.web.app import create_app
from tests.support.builders import article
from tests.support.in_memory_site import InMemoryIndex, settings

TOKEN = "s3cret é"  # noqa: S105
BEARER = {"Authorization": f"Bearer {TOKEN}".encode()}
IN_QUERY = "/-/reload?token=s3cret%20%C3%A9"


class Refresher:
    """Counts how often it is asked for a look."""

    def __init__(self) -> None:
        self.asked = 0

    def ask(self) -> None:
        self.asked += 1


Request = tuple[str, str, dict[str, Any]]
"""Method, address and headers."""


def send(
    folder: Path,
    *requests: Request,
    token: str | None = TOKEN,
    request_reload: Callable[[], None] | None = None,
) -> list[httpx.Response]:
    async def send_requests() -> list[httpx.Response]:
        app = create_app(
            settings(folder, reload_token=token),
            InMemoryIndex(article()),
            request_reload=request_reload,
        )
        asgi: Any = app
        transport = httpx.ASGITransport(asgi)
        async with app.lifespan(), httpx.AsyncClient(transport=transport, base_url="http://x.test") as client:
            return [await client.request(method, path, headers=headers) for method, path, headers in requests]

    return asyncio.run(send_requests())


def test_whoever_has_the_token_asks_for_a_look(tmp_path: Path) -> None:
    requests: list[Request] = [
        ("POST", "/-/reload", BEARER),
        ("POST", "/-/reload", {"Authorization": f"bearer  {TOKEN} ".encode()}),
        ("POST", IN_QUERY, {}),
        ("POST", "/-/reload?token=s3cret+%C3%A9&utm_source=x", {"Gitsync-Hash": "abc"}),
    ]
    refresher = Refresher()
    for request, response in zip(
        requests, send(tmp_path, *requests, request_reload=refresher.ask), strict=True
    ):
        assert (response.status_code, response.json()) == (200, {"status": "reloading"}), request
        assert response.headers["cache-control"] == "no-store", request
    assert refresher.asked == len(requests)


@pytest.mark.parametrize("sent", ["a+b/c==", "a%2Bb%2Fc%3D%3D", "a%2bb/c=="])
def test_a_token_in_base64_needs_no_encoding(tmp_path: Path, sent: str) -> None:
    refresher = Refresher()
    (response,) = send(
        tmp_path,
        ("POST", f"/-/reload?token={sent}", {}),
        token="a+b/c==",  # noqa: S106
        request_reload=refresher.ask,
    )
    assert (response.status_code, refresher.asked) == (200, 1)


def test_nobody_else_does(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    requests: list[Request] = [
        ("POST", "/-/reload", {}),
        ("POST", "/-/reload", {"Authorization": "Bearer s3cre"}),
        ("POST", "/-/reload", {"Authorization": f"Basic {TOKEN}".encode()}),
        ("POST", "/-/reload", {"Authorization": "Bearer"}),
        ("POST", "/-/reload?token=", {}),
        ("POST", "/-/reload?token=wrong", {}),
        ("POST", "/-/reload?Token=s3cret%20%C3%A9", {}),
        ("POST", "/-/reload?token=%FF", {"Accept": "text/html"}),
        ("POST", IN_QUERY, {"Authorization": "Bearer wrong"}),
    ]
    refresher = Refresher()
    with caplog.at_level(logging.INFO):
        responses = send(tmp_path, *requests, request_reload=refresher.ask)

    for request, response in zip(requests, responses, strict=True):
        assert response.status_code == 401, request
        assert response.headers["content-type"] == "application/problem+json", request
        assert response.headers["www-authenticate"] == "Bearer", request
        assert response.headers["cache-control"] == "no-store", request
        assert response.json()["type"].endswith("/Unauthorized"), request
        assert "s3cret" not in response.text, request
    assert refresher.asked == 0
    assert not [record for record in caplog.records if record.name.startswith("broadsheet")]


def test_without_a_token_there_is_no_such_address(tmp_path: Path) -> None:
    refresher = Refresher()
    requests: list[Request] = [("POST", "/-/reload", {}), ("POST", "/-/reload", BEARER)]
    for missing in send(tmp_path, *requests, token=None, request_reload=refresher.ask):
        assert (missing.status_code, refresher.asked) == (404, 0)
        assert missing.json()["type"].endswith("/NotFound")


def test_only_post_reloads(tmp_path: Path) -> None:
    refresher = Refresher()
    requests: list[Request] = [(method, IN_QUERY, BEARER) for method in ("GET", "HEAD", "PUT", "DELETE")]
    for response in send(tmp_path, *requests, request_reload=refresher.ask):
        assert (response.status_code, refresher.asked) == (405, 0)
        assert response.headers["allow"] == "OPTIONS, POST"


def test_a_preflight_names_the_method(tmp_path: Path) -> None:
    (response,) = send(tmp_path, ("OPTIONS", "/-/reload", {}))
    assert response.headers["allow"] == "POST, OPTIONS"


def test_an_application_without_a_refresher_says_so(tmp_path: Path) -> None:
    (response,) = send(tmp_path, ("POST", "/-/reload", BEARER))

    assert response.status_code == 503
    assert "broadsheet serve" in response.json()["detail"]
