"""The responses of the application to an export: those of an address, and all that its links lead to."""

from collections.abc import AsyncIterator, Iterable
from urllib.parse import urlsplit

import httpx
import msgspec

FOLLOWED = ("next", "prev-archive")
"""The relations of links that lead to further pages and archive documents."""

_AS_BROWSER = {"Accept": "text/html,*/*;q=0.8", "Accept-Encoding": "identity"}
_STREAMED = "/files/"

Headers = tuple[tuple[str, str], ...]


class ExportedResponse(msgspec.Struct, frozen=True):
    """A response: its address below the public URL, its status, headers and whole body."""

    address: str
    status: int
    headers: Headers
    body: bytes

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key == name), "")

    @property
    def is_compressible(self) -> bool:
        return "accept-encoding" in self.header("vary").lower()


class SiteReader:
    """Asks the application that `client` calls for addresses below its base URL."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self.base = str(client.base_url).rstrip("/")

    async def get(self, address: str) -> ExportedResponse:
        return await self._ask("GET", address)

    async def head(self, address: str) -> ExportedResponse:
        return await self._ask("HEAD", address)

    async def read_all(self, addresses: Iterable[str]) -> AsyncIterator[ExportedResponse]:
        """The response to each of `addresses`, and to each that the links of a response lead to, once."""
        waiting = list(dict.fromkeys(addresses))[::-1]
        seen = set(waiting)
        while waiting:
            response = await self.get(waiting.pop())
            for address in self.linked(response):
                if address not in seen:
                    seen.add(address)
                    waiting.append(address)
            yield response

    def linked(self, response: ExportedResponse) -> list[str]:
        """The addresses of further pages and archive documents that `response` links to."""
        links = httpx.Response(200, headers={"link": response.header("link")}).links
        targets = [str(link["url"]) for rel, link in links.items() if rel in FOLLOWED]
        return [target.removeprefix(self.base) for target in targets if target.startswith(f"{self.base}/")]

    async def _ask(self, method: str, address: str) -> ExportedResponse:
        # The path as it is written: httpx would normalise it.
        url = self._client.base_url.copy_with(raw_path=(urlsplit(self.base).path + address).encode("ascii"))
        response = await self._client.request(method, url, headers=_AS_BROWSER)
        headers = tuple((name, value) for name, value in response.headers.multi_items())
        return ExportedResponse(address, response.status_code, headers, response.content)
