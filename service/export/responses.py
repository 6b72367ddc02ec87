"""The responses of the application to an export: those of an address, and all that its links lead to."""

from urllib.parse import urlsplit

import httpx
import msgspec

from service.web.responses import INTERNAL_FIELDS, decode_keys

FOLLOWED = ("next", "prev-archive")
"""The relations of links that lead to further pages and archive documents."""

_AS_BROWSER = {"Accept": "text/html,*/*;q=0.8", "Accept-Encoding": "identity"}

Headers = tuple[tuple[str, str], ...]


class ExportedResponse(msgspec.Struct, frozen=True):
    """A response: its address below the public URL, its status, headers and whole body.

    A change of the content that touches none of its cache `keys` leaves it as it is.
    """

    address: str
    status: int
    headers: Headers
    body: bytes
    keys: frozenset[str] = frozenset()

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

    def linked(self, response: ExportedResponse) -> list[str]:
        """The addresses of further pages and archive documents that `response` links to."""
        links = httpx.Response(200, headers={"link": response.header("link")}).links
        targets = [str(link["url"]) for rel, link in links.items() if rel in FOLLOWED]
        return [target.removeprefix(self.base) for target in targets if target.startswith(f"{self.base}/")]

    async def _ask(self, method: str, address: str) -> ExportedResponse:
        # The path as it is written: httpx would normalise it.
        url = self._client.base_url.copy_with(raw_path=(urlsplit(self.base).path + address).encode("ascii"))
        response = await self._client.request(method, url, headers=_AS_BROWSER)
        headers = tuple(
            (name, value) for name, value in response.headers.multi_items() if name not in INTERNAL_FIELDS
        )
        keys = decode_keys(dict(response.headers.raw)).exact
        return ExportedResponse(address, response.status_code, headers, response.content, keys)
