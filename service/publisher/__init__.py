"""Find, render, remember: (format, query, base) → Rendered.

A Publisher answers for one revision of the index at a time; when the revision moves, all it remembers is
forgotten. Equal content gives equal bytes, so equal ETags, on every replica.
"""

import asyncio
import functools
import hashlib
from collections.abc import AsyncGenerator, Callable, Coroutine
from typing import Any, Concatenate, ParamSpec, TypeVar

import msgspec

from service.errors import TooManyQueries
from service.formats import Archive, Catalogue, Directory, Format, Listing, Single, bare_type
from service.formats.feed import archive_links
from service.formats.html import HTML, PREVIEWED, subscription
from service.formats.opml import MEDIA_TYPE as OPML_TYPE
from service.formats.opml import opml
from service.formats.registry import FORMATS
from service.formats.web_links import article_links, feed_links, listing_links
from service.index import Companions, Index, Moved, Revision, companions
from service.model import Site
from service.publisher.byte_bounded_lru import Memory
from service.publisher.rendered import Rendered
from service.publisher.single_flight import SingleFlight
from service.query import ArchiveCursor, Facet, FacetKind, Query
from service.urls import ARTICLE_SUFFIXES, DIRECTORY_PATHS, FormatName, Link, Urls

__all__ = ["FEED_BYTES", "Memory", "Publisher", "Rendered"]

LARGEST_WHOLE_BYTES = 1_000_000
"""A stream up to this size is made whole before it is sent."""

STREAMED_ARTICLES = 50
"""How many articles one piece of a stream holds: reading and rendering them takes some 3 ms."""

STREAM_RETRY_SECONDS = 1.0

FEED_BYTES = 1_000_000
"""How much a document of a feed holds, where nothing else is said."""

MOST_TOPICS = 16
"""How many tags the home page names."""

_FACTS_BYTES = 500
"""About what a representation takes besides its body."""

Asked = ParamSpec("Asked")
T = TypeVar("T")


def shared(
    render: Callable[Concatenate["Publisher", Asked], Coroutine[Any, Any, T]],
) -> Callable[Concatenate["Publisher", Asked], Coroutine[Any, Any, T]]:
    """Let a publisher run this method once for all who ask the same of it at the same time."""

    @functools.wraps(render)
    async def join(publisher: "Publisher", /, *asked: Asked.args, **named: Asked.kwargs) -> T:
        key = (render, *asked, *sorted(named.items()))
        return await publisher.in_progress.share(key, lambda: render(publisher, *asked, **named))

    return join


def remembered(
    render: Callable[Concatenate["Publisher", Asked], Coroutine[Any, Any, T]],
) -> Callable[Concatenate["Publisher", Asked], Coroutine[Any, Any, T | Rendered]]:
    """Let a publisher remember what this method of it renders, for everything it is asked with."""

    async def render_and_keep(publisher: "Publisher", /, *asked: Asked.args, **named: Asked.kwargs) -> T:
        revision = publisher.revision
        made = await render(publisher, *asked, **named)
        # What was found before the revision moved belongs to the past: it is sent, but not kept.
        if isinstance(made, Rendered) and revision == publisher.revision:
            key = (render, *asked, *sorted(named.items()))
            publisher.memory.put(key, made, len(made.body) + _FACTS_BYTES)
        return made

    render_once = shared(render_and_keep)

    @functools.wraps(render)
    async def recall(publisher: "Publisher", /, *asked: Asked.args, **named: Asked.kwargs) -> T | Rendered:
        key = (render, *asked, *sorted(named.items()))
        held = publisher.memory.get(key)
        return await render_once(publisher, *asked, **named) if held is None else held

    return recall


class Begun(msgspec.Struct, frozen=True):
    """A stream too large to be held: its first pieces, and the query that goes on where they end, if any."""

    pieces: tuple[bytes, ...]
    rest: Query | None


class Publisher:
    """Answers every query in every format from one index.

    The facts of the site come from the index with its revision; `site` stands until the first `notice`.
    `max_age_seconds` is what feeds tell their readers; `cache_bytes` bounds what is remembered, and
    `feed_bytes` a document of a feed.
    """

    def __init__(
        self,
        index: Index,
        site: Site,
        *,
        max_age_seconds: int,
        cache_bytes: int,
        feed_bytes: int = FEED_BYTES,
    ) -> None:
        self.index = index
        self.site = site
        self._max_age_seconds = max_age_seconds
        self._feed_bytes = feed_bytes
        self.memory: Memory[Rendered] = Memory(cache_bytes)
        self.in_progress = SingleFlight()
        self._streaming = asyncio.Lock()
        self.revision = Revision(content="")

    async def notice(self) -> bool:
        """Look whether the content has moved on; if so forget everything. True when it has."""
        if await self.index.revision() == self.revision:
            return False
        self.revision, self.site = await self.index.current()
        self.memory.clear()
        self.in_progress.clear()
        return True

    @remembered
    async def listing(self, form: FormatName, query: Query, base: str) -> Rendered:
        """`query` as `form`. Raises StaleCursor, IndexUnavailable."""
        chosen, urls = FORMATS[form], Urls(base)
        listing = await self._find(chosen, query)
        body = chosen.listing(listing, urls)
        return Rendered.of(
            chosen.media_type, body, listing.page.modified, listing_links(chosen, listing, urls)
        )

    @shared
    async def archive(self, form: FormatName, query: Query, position: ArchiveCursor, base: str) -> Rendered:
        """The archive document of `query` at `position`: made anew each time, for there are very many."""
        chosen = FORMATS[form]
        if chosen.archive is None:
            raise LookupError(f"{form} has no archive")
        stretch = await self.index.stretch(query, position, self._feed_bytes)
        archive, urls = Archive(self.site, query, stretch), Urls(base)
        links = archive_links(archive, urls, form)
        document = Rendered.of(chosen.media_type, chosen.archive(archive, urls), links=links)
        return msgspec.structs.replace(document, settled=not stretch.position.window)

    async def fingerprint(self, query: Query) -> bytes:
        """A hash of all that the feeds of `query` are made from: while it is equal, so are their bytes."""
        listing = await self._find(FORMATS["atom"], query)
        return hashlib.sha256(msgspec.msgpack.encode(listing)).digest()

    @remembered
    async def single(self, form: FormatName, slug: str, base: str) -> Rendered | Moved:
        """The article at `slug` as `form`, or where it moved to. Raises NotFound, Gone."""
        article = await self.index.look_up(slug)
        if isinstance(article, Moved):
            return article
        chosen, urls = FORMATS[form], Urls(base)
        if chosen.single is None:
            raise LookupError(f"{form} does not carry one article")
        beside = await companions(self.index, article) if chosen.for_people else Companions()
        body = chosen.single(Single(self.site, article, beside), urls)
        # A page that shows what stands beside its article changes with that.
        modified = beside.modified or article.changed
        return Rendered.of(chosen.media_type, body, modified, article_links(form, article, urls))

    @remembered
    async def subscription(self, query: Query, base: str) -> Rendered:
        """The page that tells a person how to follow what `query` finds."""
        query = msgspec.structs.replace(query, cursor=None, limit=PREVIEWED)
        listing, urls = await self._find(HTML, query), Urls(base)
        body = subscription(listing, urls)
        return Rendered.of(HTML.media_type, body, listing.page.modified, feed_links(query, urls))

    @remembered
    async def directory(self, form: FormatName, kind: FacetKind, base: str) -> Rendered:
        """All tags, authors, sources or languages as `form`."""
        chosen, urls = FORMATS[form], Urls(base)
        if chosen.directory is None:
            raise LookupError(f"{form} does not carry directories")
        body = chosen.directory(await self._directory(kind), urls)
        other: FormatName = "json" if form == "html" else "html"
        alternate = Link("alternate", urls.directory(kind, ARTICLE_SUFFIXES[other]), bare_type(other))
        return Rendered.of(chosen.media_type, body, links=(alternate,))

    @remembered
    async def catalogue(self, base: str) -> Rendered:
        """All feeds as OPML."""
        directories = tuple([await self._directory(kind) for kind in DIRECTORY_PATHS])
        return Rendered.of(OPML_TYPE, opml(Catalogue(self.site, directories), Urls(base)))

    async def stream(self, query: Query, base: str) -> Rendered | AsyncGenerator[bytes, None]:
        """The whole answer to `query` as NDJSON, whatever its limit: finished, or in pieces if it is large.

        What is sent in pieces is never held as one, so it has no validator: one that moves with any content
        would tell when an article is put there that nobody is to know of yet. A piece is rendered when it is
        asked for. Raises IndexUnavailable, QueryTooExpensive, TooManyQueries.
        """
        begun = await self._begin(query, base)
        return begun if isinstance(begun, Rendered) else self._continued(begun, base)

    @remembered
    async def _begin(self, query: Query, base: str) -> Rendered | Begun:
        pieces: list[bytes] = []
        rest: Query | None = query
        while rest is not None:
            piece, rest = await self._piece(rest, base)
            pieces.append(piece)
            if sum(map(len, pieces)) > LARGEST_WHOLE_BYTES:
                return Begun(tuple(pieces), rest)
        return Rendered.of(FORMATS["ndjson"].media_type, b"".join(pieces))

    async def _continued(self, begun: Begun, base: str) -> AsyncGenerator[bytes, None]:
        for piece in begun.pieces:
            yield piece
        rest = begun.rest
        while rest is not None:
            try:
                piece, rest = await self._piece(rest, base)
            except TooManyQueries:
                # What has been sent cannot become an error; the queue is shorter after a while.
                await asyncio.sleep(STREAM_RETRY_SECONDS)
            else:
                yield piece

    async def _piece(self, query: Query, base: str) -> tuple[bytes, Query | None]:
        """The next lines of a stream, and the query for those after them."""
        chosen = FORMATS["ndjson"]
        listing = await self._find(chosen, msgspec.structs.replace(query, limit=STREAMED_ARTICLES))
        # However many streams there are, other requests wait for one piece of one of them at most.
        async with self._streaming:
            piece = chosen.listing(listing, Urls(base))
            await asyncio.sleep(0)
        following = listing.page.next
        return piece, None if following is None else msgspec.structs.replace(query, cursor=following)

    async def _find(self, chosen: Format, query: Query) -> Listing:
        limit = query.limit or chosen.limit
        if chosen.kind == "feed":
            page = await self.index.follow(query, limit, self._feed_bytes)
        else:
            page = await self.index.find(query, limit)
        topics = await self._topics() if chosen.for_people and query == Query() else ()
        return Listing(self.site, query, page, limit, self._max_age_seconds, topics)

    async def _directory(self, kind: FacetKind) -> Directory:
        return Directory(self.site, kind, await self.index.facets(kind))

    async def _topics(self) -> tuple[Facet, ...]:
        """The tags that most articles carry."""
        return (await self.index.facets("tag"))[:MOST_TOPICS]
