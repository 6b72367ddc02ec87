"""The responses of the application to an export: those of an address, and all that its links lead to."""

import hashlib
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx
import msgspec

from service.web.responses import INTERNAL_FIELDS, decode_keys

_FOLLOWED = re.compile(r'<([^>]*)>; rel="(?:next|prev-archive)"')
"""A link to a further page or archive document, as the service writes it."""

_AS_BROWSER = ((b"accept", b"text/html,*/*;q=0.8"), (b"accept-encoding", b"identity"))

Headers = tuple[tuple[str, str], ...]


class ExportedResponse(msgspec.Struct, frozen=True):
    """A response: its address below the public URL, its status, headers and whole body.

    A change of the content that touches none of its cache `keys` leaves it as it is.
    """

    address: str
    status: int
    headers: Headers
    body: bytes = b""
    keys: frozenset[str] = frozenset()

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key == name), "")

    @property
    def is_compressible(self) -> bool:
        return "accept-encoding" in self.header("vary").lower()


class SiteReader:
    """Asks an ASGI `application` for addresses below `base`, the public URL, as a browser does.

    It calls the application itself: an HTTP client takes as long as many a document.
    """

    def __init__(self, application: Callable[..., Awaitable[None]], base: str) -> None:
        self._application = application
        self._base = base
        url = httpx.URL(base)
        self._prefix = url.path.rstrip("/")
        self._scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "scheme": url.scheme,
            "query_string": b"",
            "root_path": "",
            "headers": [(b"host", url.netloc), *_AS_BROWSER],
            "client": ("127.0.0.1", 0),
            "server": (url.host, url.port),
        }

    async def get(self, address: str) -> ExportedResponse:
        body: list[bytes] = []
        response = await self._ask("GET", address, body.append)
        return msgspec.structs.replace(response, body=b"".join(body))

    async def head(self, address: str) -> ExportedResponse:
        return await self._ask("HEAD", address, lambda _: None)

    async def download(self, address: str, path: Path) -> tuple[ExportedResponse, bytes]:
        """The response without its body, which is written to `path`, and the hash of the body."""
        digest = hashlib.sha256()
        with path.open("wb") as file:

            def keep(piece: bytes) -> None:
                file.write(piece)
                digest.update(piece)

            return await self._ask("GET", address, keep), digest.digest()

    def linked(self, response: ExportedResponse) -> tuple[str, ...]:
        """The addresses of further pages and archive documents that `response` links to."""
        targets = _FOLLOWED.findall(response.header("link"))
        return tuple(
            target.removeprefix(self._base) for target in targets if target.startswith(f"{self._base}/")
        )

    async def _ask(self, method: str, address: str, keep: Callable[[bytes], object]) -> ExportedResponse:
        """The response without its body, of which each piece is given to `keep`."""
        path = self._prefix + address
        start: dict[str, Any] = {}

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            else:
                keep(message["body"])

        scope = self._scope | {"method": method, "path": unquote(path), "raw_path": path.encode("ascii")}
        await self._application(scope | {"state": {}}, receive, send)
        raw_headers: list[tuple[bytes, bytes]] = start["headers"]
        headers = tuple(
            (name, value.decode("latin-1"))
            for raw_name, value in raw_headers
            if (name := raw_name.decode("ascii")) not in INTERNAL_FIELDS
        )
        keys = decode_keys(dict(raw_headers)).exact
        return ExportedResponse(address, start["status"], headers, keys=keys)
