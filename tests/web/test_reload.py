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


def send(
    folder: Path,
    method: str,
    address: str,
    headers: dict[str, Any],
    *,
    token: str | None = TOKEN,
    request_reload: Callable[[], None] | None = None,
) -> httpx.Response:
    async def send_request() -> httpx.Response:
        app = create_app(
            settings(folder, reload_token=token),
            InMemoryIndex(article()),
            request_reload=request_reload,
        )
        asgi: Any = app
        transport = httpx.ASGITransport(asgi)
        async with app.lifespan(), httpx.AsyncClient(transport=transport, base_url="http://x.test") as client:
            return await client.request(method, address, headers=headers)

    return asyncio.run(send_request())


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        ("/-/reload", BEARER),
        ("/-/reload", {"Authorization": f"bearer  {TOKEN} ".encode()}),
        (IN_QUERY, {}),
        ("/-/reload?token=s3cret+%C3%A9&utm_source=x", {"Gitsync-Hash": "abc"}),
    ],
)
def test_whoever_has_the_token_asks_for_a_look(tmp_path: Path, address: str, headers: dict[str, Any]) -> None:
    refresher = Refresher()
    response = send(tmp_path, "POST", address, headers, request_reload=refresher.ask)

    assert (response.status_code, response.json()) == (200, {"status": "reloading"})
    assert response.headers["cache-control"] == "no-store"
    assert refresher.asked == 1


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        ("/-/reload", {}),
        ("/-/reload", {"Authorization": "Bearer s3cre"}),
        ("/-/reload", {"Authorization": f"Basic {TOKEN}".encode()}),
        ("/-/reload", {"Authorization": "Bearer"}),
        ("/-/reload?token=", {}),
        ("/-/reload?token=wrong", {}),
        ("/-/reload?Token=s3cret%20%C3%A9", {}),
        ("/-/reload?token=%FF", {"Accept": "text/html"}),
        (IN_QUERY, {"Authorization": "Bearer wrong"}),
    ],
)
def test_nobody_else_does(
    tmp_path: Path, address: str, headers: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    refresher = Refresher()
    with caplog.at_level(logging.INFO):
        response = send(tmp_path, "POST", address, headers, request_reload=refresher.ask)

    assert response.status_code == 401
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["www-authenticate"] == "Bearer"
    assert response.headers["cache-control"] == "no-store"
    assert response.json()["type"].endswith("/Unauthorized")
    assert refresher.asked == 0
    assert "s3cret" not in response.text
    assert not [record for record in caplog.records if record.name.startswith("broadsheet")]


@pytest.mark.parametrize("headers", [{}, BEARER])
def test_without_a_token_there_is_no_such_address(tmp_path: Path, headers: dict[str, Any]) -> None:
    refresher = Refresher()
    missing = send(tmp_path, "POST", "/-/reload", headers, token=None, request_reload=refresher.ask)

    assert (missing.status_code, refresher.asked) == (404, 0)
    assert missing.json()["type"].endswith("/NotFound")


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
def test_only_post_reloads(tmp_path: Path, method: str) -> None:
    refresher = Refresher()
    response = send(tmp_path, method, IN_QUERY, BEARER, request_reload=refresher.ask)

    assert (response.status_code, refresher.asked) == (405, 0)
    assert response.headers["allow"] == "OPTIONS, POST"


def test_a_preflight_names_the_method(tmp_path: Path) -> None:
    assert send(tmp_path, "OPTIONS", "/-/reload", {}).headers["allow"] == "POST, OPTIONS"


def test_an_application_without_a_refresher_says_so(tmp_path: Path) -> None:
    response = send(tmp_path, "POST", "/-/reload", BEARER)

    assert response.status_code == 503
    assert "broadsheet serve" in response.json()["detail"]
