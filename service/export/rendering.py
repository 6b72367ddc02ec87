"""Renders the addresses of an export in several processes.

A response has the cache keys that it has in the caches of the service: while no change touches one of them,
the file of the previous export is the same.
"""

import asyncio
import hashlib
import os
from collections.abc import Coroutine, Iterable, Iterator, Sequence
from contextlib import closing
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from service.errors import BroadsheetError
from service.export.responses import ExportedResponse, Headers, SiteReader
from service.formats.html.templates import compile_templates
from service.ingest import run_in_processes
from service.settings import Settings
from service.web.app import create_app
from service.web.http.negotiation import Coding
from service.web.response_cache import compress

VARIANTS: tuple[tuple[str, Coding], ...] = ((".br", "br"), (".gz", "gzip"), (".zst", "zstd"))
"""The suffixes of compressed forms, which static hosts send instead of a file."""

MOST_FOLLOWED_BYTES = 1_000_000
"""After so many bytes of responses, a share of the requests is rendered to its end without following links:
what these lead to is given to the processes again.
"""

ABOUT_A_PAGE = 15_000
ABOUT_A_CHAIN = 40_000
"""Bytes that a request may lead to, so that processes get shares of a sensible size: with several lists and
feeds in one, most of a term are rendered by the same process, which finds their articles once.
"""

MOST_REQUESTS = 20_000
"""How many addresses are given to other processes together."""

MOST_HELD_BYTES = 8_000_000
"""After so many bytes of responses, the rest of a share of the requests is given to the processes again: a
share is held in memory several times, and each page of an article with thousands of tags has a megabyte.
"""

MANY_REQUESTS = 200
"""From so many addresses on, it saves time to prepare before other processes are started."""

KEY_BYTES = 4

T = TypeVar("T")


class PageRequest(msgspec.Struct, frozen=True):
    """An address to render.

    `sha256` is the hash of what is exported for it. If it `follows`, the addresses that its links lead to are
    rendered as well; if it `is_head`, nothing is rendered but the headers.
    """

    address: str
    sha256: bytes = b""
    follows: bool = False
    is_head: bool = False

    @property
    def size(self) -> int:
        return ABOUT_A_CHAIN if self.follows else ABOUT_A_PAGE


class Rendition(msgspec.Struct, frozen=True):
    """A response as it is exported.

    `body` and `variants`, the compressed forms, are missing where the file is the same as before, and where
    it `repeats` that of the rendition before this one, on the way from another process.
    """

    address: str
    status: int = 200
    headers: Headers = ()
    sha256: bytes = b""
    length: int = 0
    body: bytes | None = None
    variants: tuple[tuple[str, bytes], ...] = ()
    keys: bytes = b""
    following: tuple[str, ...] = ()
    repeats: bool = False

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key == name), "")


@lru_cache(20_000)
def hash_key(key: str) -> bytes:
    """A cache key as an export remembers it."""
    return hashlib.sha256(key.encode()).digest()[:KEY_BYTES]


def hash_keys(keys: Iterable[str]) -> bytes:
    """Cache keys as an export remembers them, one after the other."""
    return b"".join(sorted(map(hash_key, keys)))


def is_touched(keys: bytes, touched: frozenset[bytes]) -> bool:
    """Whether any of the hashed `keys` is `touched`."""
    return any(keys[start : start + KEY_BYTES] in touched for start in range(0, len(keys), KEY_BYTES))


class SiteRenderer:
    """Renders addresses. Each process that it is copied to opens the index for itself."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._app = create_app(settings, stores_responses=False)
        self._process = 0
        self._runner: asyncio.Runner | None = None
        self._reader: SiteReader | None = None
        self._closing: asyncio.Event | None = None
        self._application: asyncio.Task[None] | None = None

    def __call__(self, requests: Sequence[PageRequest]) -> list[tuple[Rendition, ...]]:
        """The renditions of each request: its own, then those that its links lead to.

        None for those that are to be given again, because enough bytes are rendered.
        """
        return without_repeated(self._run(self._render_all(requests)))

    def render_file(self, request: PageRequest, path: Path) -> Rendition:
        """A static file, of any size: its bytes are written to `path`, unless its validator is the same."""
        return self._run(self._render_file(request, path))

    def prepare(self) -> None:
        """Compile the templates, so that processes which are forked from this one need not."""
        compile_templates(self._settings.site.templates)

    def close(self) -> None:
        """Stop the application of this process."""
        if self._runner is not None:
            self._runner.run(self._stop())
            self._runner.close()
            self._runner = None

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        """The result of `work` in the event loop of this process."""
        if self._runner is None or self._process != os.getpid():
            self._reader, self._process = None, os.getpid()
            self._runner = asyncio.Runner()
        # Not `Runner.run`: looking up its handler of signals writes down the result as text.
        return self._runner.get_loop().run_until_complete(work)

    async def _render_file(self, request: PageRequest, path: Path) -> Rendition:
        reader = self._reader or await self._start()
        response, sha256 = await reader.head(request.address), request.sha256
        is_same = response.status == 200 and response.header("etag") == f'"{sha256.hex()[:32]}"'
        if not is_same:
            response, sha256 = await reader.download(request.address, path)
        return Rendition(
            request.address,
            status=response.status,
            headers=response.headers,
            sha256=sha256,
            length=int(response.header("content-length") or 0),
            keys=hash_keys(response.keys),
        )

    async def _render_all(self, requests: Sequence[PageRequest]) -> list[tuple[Rendition, ...]]:
        reader = self._reader or await self._start()
        results: list[tuple[Rendition, ...]] = []
        room = MOST_FOLLOWED_BYTES
        for request in requests:
            is_full = room <= MOST_FOLLOWED_BYTES - MOST_HELD_BYTES
            results.append(() if is_full else await self._render(reader, request, room))
            room -= sum(rendition.length for rendition in results[-1])
        return results

    async def _start(self) -> SiteReader:
        """Start the application in a task of its own: its lifespan must end in the task that began it."""
        started: asyncio.Future[SiteReader] = asyncio.get_running_loop().create_future()
        self._closing = closing = asyncio.Event()

        async def run() -> None:
            try:
                async with self._app.lifespan():
                    started.set_result(SiteReader(self._app, self._settings.site.public_url or ""))
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

    async def _render(self, reader: SiteReader, request: PageRequest, room: int) -> tuple[Rendition, ...]:
        """What is rendered of `request`: its links are followed while there is room for so many bytes."""
        if request.is_head:
            return (make_rendition(await reader.head(request.address)),)
        renditions: list[Rendition] = []
        seen = {request.address}
        waiting = [request.address]
        while waiting and (room > 0 or not renditions):
            response = await reader.get(waiting.pop())
            following = reader.linked(response)
            known = request.sha256 if response.address == request.address else b""
            renditions.append(make_rendition(response, known, following))
            room -= len(response.body)
            if request.follows:
                waiting += [address for address in following if address not in seen]
                seen.update(following)
        return tuple(renditions)


def render_all(renderer: SiteRenderer, requests: Iterator[PageRequest]) -> Iterator[Rendition]:
    """The renditions of all requests, made by several processes if there are many."""
    postponed: list[PageRequest] = []
    while batch := [*postponed, *islice(requests, MOST_REQUESTS - len(postponed))]:
        postponed = []
        if len(batch) >= MANY_REQUESTS:
            renderer.prepare()
        with closing(run_in_processes(renderer, batch, tuple[Rendition, ...])) as results:
            before = Rendition("")
            for request, renditions in zip(batch, results, strict=True):
                if not renditions:
                    postponed.append(request)
                for rendition in renditions:
                    if rendition.repeats:
                        yield msgspec.structs.replace(
                            rendition, body=before.body, variants=before.variants, repeats=False
                        )
                    else:
                        yield (before := rendition)


def without_repeated(results: list[tuple[Rendition, ...]]) -> list[tuple[Rendition, ...]]:
    """`results` without the bytes of each rendition that has those of the one before it."""
    before = Rendition("")
    lighter: list[tuple[Rendition, ...]] = []
    for renditions in results:
        row: list[Rendition] = []
        for rendition in renditions:
            bytes_of = (rendition.body, rendition.variants)
            if rendition.body and bytes_of == (before.body, before.variants):
                row.append(msgspec.structs.replace(rendition, body=None, variants=(), repeats=True))
            else:
                row.append(before := rendition)
        lighter.append(tuple(row))
    return lighter


def make_rendition(
    response: ExportedResponse, known_sha256: bytes = b"", following: tuple[str, ...] = ()
) -> Rendition:
    """`response` as it is exported: without its bytes if they have the hash that is known."""
    digest = hashlib.sha256(response.body).digest()
    is_same = digest == known_sha256
    variants: tuple[tuple[str, bytes], ...] = ()
    if response.status == 200 and response.is_compressible and not is_same:
        variants = _compress(response.body)
    return Rendition(
        response.address,
        status=response.status,
        headers=response.headers,
        sha256=digest,
        length=len(response.body),
        body=None if is_same else response.body,
        variants=variants,
        keys=hash_keys(response.keys),
        following=following,
    )


@lru_cache(4)
def _compress(body: bytes) -> tuple[tuple[str, bytes], ...]:
    """The compressed forms of `body`; cached, because a page has two addresses, one after the other."""
    return tuple((suffix, compress(body, coding)) for suffix, coding in VARIANTS)
