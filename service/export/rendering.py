"""Renders the addresses of an export in several processes, and leaves out what did not change.

A response is known by its cache keys, as in the caches of the service: while no change touches one of them,
the file of the previous export is kept without rendering it.
"""

import asyncio
import hashlib
import os
from collections.abc import Mapping, Sequence

import msgspec

from service.errors import BroadsheetError
from service.export.responses import ExportedResponse, Headers, SiteReader
from service.server import application_client
from service.settings import Settings
from service.web.http.negotiation import Coding
from service.web.response_cache import compress

VARIANTS: tuple[tuple[str, Coding], ...] = ((".br", "br"), (".gz", "gzip"), (".zst", "zstd"))
"""The suffixes of compressed forms, which static hosts send instead of a file."""

LONGEST_CHAIN = 100
"""The most responses that one address may lead to before the rest is given to another process."""

ABOUT_A_PAGE = 15_000
A_FILE = 1_000_000
"""Bytes that a response may have, so that processes get shares of a sensible size."""


class KnownResponse(msgspec.Struct, frozen=True):
    """What the previous export wrote for an address, if it is still there.

    `keys` are hashes of its cache keys, `following` the addresses that its links lead to.
    """

    sha256: str
    keys: frozenset[str]
    following: tuple[str, ...]


class PageRequest(msgspec.Struct, frozen=True):
    """An address to render, and whether the addresses that its links lead to are rendered as well.

    What depends on the time of day `must_render` although no change touches it. Of a file beside articles,
    `known_etag` is the validator of what is exported already.
    """

    address: str
    follows: bool = True
    must_render: bool = False
    known_etag: str | None = None

    @property
    def size(self) -> int:
        return ABOUT_A_PAGE if self.known_etag is None else A_FILE


class Rendition(msgspec.Struct, frozen=True):
    """A response as it is exported, or that it is the same as before.

    `body` and `variants`, the compressed forms, are missing where the file is the same. One that `is_kept`
    was not rendered, and has nothing but its address.
    """

    address: str
    is_kept: bool = False
    status: int = 200
    headers: Headers = ()
    sha256: str = ""
    length: int = 0
    body: bytes | None = None
    variants: tuple[tuple[str, bytes], ...] = ()
    keys: tuple[str, ...] = ()
    following: tuple[str, ...] = ()

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key == name), "")


def hash_key(key: str) -> str:
    """A cache key as an export remembers it."""
    return hashlib.sha256(key.encode()).hexdigest()[:8]


class SiteRenderer:
    """Renders addresses. Each process that it is copied to starts an application of its own.

    `known` are responses of the previous export by address, `touched` the hashes of the cache keys that
    changes since then touch.
    """

    def __init__(
        self, settings: Settings, known: Mapping[str, KnownResponse], touched: frozenset[str]
    ) -> None:
        self._settings = settings
        self._known = known
        self._touched = touched
        self._process = 0
        self._runner: asyncio.Runner | None = None
        self._reader: SiteReader | None = None
        self._closing: asyncio.Event | None = None
        self._application: asyncio.Task[None] | None = None

    def __call__(self, requests: Sequence[PageRequest]) -> list[tuple[Rendition, ...]]:
        """The renditions of each request: its own, then those that its links lead to."""
        if self._runner is None or self._process != os.getpid():
            self._reader, self._process = None, os.getpid()
            self._runner = asyncio.Runner()
        return self._runner.run(self._render_all(requests))

    def close(self) -> None:
        """Stop the application of this process."""
        if self._runner is not None:
            self._runner.run(self._stop())
            self._runner.close()
            self._runner = None

    def _follows(self, request: PageRequest) -> bool:
        """Whether this process goes on from the request. Pages with a suffix lead where those without do."""
        return request.follows and "." in request.address.rpartition("/")[2]

    async def _render_all(self, requests: Sequence[PageRequest]) -> list[tuple[Rendition, ...]]:
        reader = self._reader or await self._start()
        return [await self._render(reader, request) for request in requests]

    async def _start(self) -> SiteReader:
        """Start the application in a task of its own: its lifespan must end in the task that began it."""
        started: asyncio.Future[SiteReader] = asyncio.get_running_loop().create_future()
        self._closing = closing = asyncio.Event()

        async def run() -> None:
            try:
                async with application_client(self._settings, stores_responses=False) as client:
                    started.set_result(SiteReader(client))
                    await closing.wait()
            except BroadsheetError as error:
                if started.done():
                    raise
                started.set_exception(error)

        self._application = asyncio.create_task(run())
        self._reader = await started
        return self._reader

    async def _stop(self) -> None:
        if self._closing is not None and self._application is not None:
            self._closing.set()
            await self._application

    async def _render(self, reader: SiteReader, request: PageRequest) -> tuple[Rendition, ...]:
        if request.known_etag is not None:
            return (await self._render_file(reader, request.address, request.known_etag),)
        renditions: list[Rendition] = []
        seen = {request.address}
        waiting = [request.address]
        while waiting and len(renditions) < LONGEST_CHAIN:
            rendition = await self._render_page(reader, waiting.pop(), must_render=request.must_render)
            renditions.append(rendition)
            if self._follows(request):
                waiting += [address for address in rendition.following if address not in seen]
                seen.update(rendition.following)
        return tuple(renditions)

    async def _render_page(self, reader: SiteReader, address: str, *, must_render: bool) -> Rendition:
        known = self._known.get(address)
        if known is not None and not must_render and known.keys.isdisjoint(self._touched):
            return Rendition(address, is_kept=True, following=known.following)
        response = await reader.get(address)
        return make_rendition(response, known, tuple(reader.linked(response)))

    async def _render_file(self, reader: SiteReader, address: str, known_etag: str) -> Rendition:
        """A file beside articles, which is read only if its validator says that it changed."""
        known = self._known.get(address)
        facts = await reader.head(address)
        if known is not None and facts.status == 200 and facts.header("etag") == known_etag:
            length = int(facts.header("content-length"))
            keys = tuple(sorted(known.keys))
            return Rendition(address, headers=facts.headers, sha256=known.sha256, length=length, keys=keys)
        return make_rendition(await reader.get(address), known, ())


def make_rendition(
    response: ExportedResponse, known: KnownResponse | None, following: tuple[str, ...]
) -> Rendition:
    """`response` as it is exported: without its bytes if `known` has the same."""
    digest = hashlib.sha256(response.body).hexdigest()
    is_same = known is not None and known.sha256 == digest
    variants: tuple[tuple[str, bytes], ...] = ()
    if response.status == 200 and response.is_compressible and not is_same:
        variants = tuple((suffix, compress(response.body, coding)) for suffix, coding in VARIANTS)
    return Rendition(
        response.address,
        status=response.status,
        headers=response.headers,
        sha256=digest,
        length=len(response.body),
        body=None if is_same else response.body,
        variants=variants,
        keys=tuple(sorted(map(hash_key, response.keys))),
        following=following,
    )
