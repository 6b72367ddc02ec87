"""Find, render, remember: (format, query, base) → Rendered.

A Publisher answers for one revision of the index at a time; when the revision moves, all it remembers is
forgotten. Equal content gives equal bytes, so equal ETags, on every replica.
"""

import hashlib
from collections import OrderedDict
from collections.abc import AsyncIterator, Hashable
from datetime import datetime
from typing import Generic, TypeVar

import msgspec

from service.formats import Archive, Catalogue, Directory, Format, Listing, Single, bare_type
from service.formats.feed import archive_links
from service.formats.html import HTML, PREVIEWED, subscription
from service.formats.opml import MEDIA_TYPE as OPML_TYPE
from service.formats.opml import opml
from service.formats.registry import FORMATS
from service.formats.web_links import article_links, feed_links, listing_links
from service.index import Companions, Index, Moved, Revision, companions
from service.model import Site
from service.query import MAX_LIMIT, Facet, FacetKind, Position, Query
from service.urls import ARTICLE_SUFFIXES, DIRECTORY_PATHS, FormatName, Link, Urls

LARGEST_WHOLE_BYTES = 1_000_000
"""A stream up to this size is made whole before it is sent."""

T = TypeVar("T")

FEED_BYTES = 1_000_000
"""How much a document of a feed holds, where nothing else is said."""

MOST_TOPICS = 16
"""How many tags the home page names."""


class Rendered(msgspec.Struct, frozen=True):
    """A finished representation, ready to be sent.

    `etag` is weak and hashes media type and body (RFC 9110 §8.8.3); `last_modified` is None where nothing
    dated is shown; `links` belong in the Link header (RFC 8288). `settled` when it is finished for good but
    for corrections, as archive documents are.
    """

    body: bytes
    media_type: str
    etag: str
    last_modified: datetime | None = None
    links: tuple[Link, ...] = ()
    settled: bool = False

    def under(self, media_type: str) -> "Rendered":
        """The same bytes under another media type, which is another representation with its own validator."""
        etag = _etag(media_type, self.body)
        return msgspec.structs.replace(self, media_type=media_type, etag=etag)


class Memory(Generic[T]):
    """Values remembered up to a number of bytes; the ones not used for longest are forgotten first."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._held: OrderedDict[Hashable, tuple[T, int]] = OrderedDict()
        self._bytes = 0

    def get(self, key: Hashable) -> T | None:
        held = self._held.get(key)
        if held is None:
            return None
        self._held.move_to_end(key)
        return held[0]

    def put(self, key: Hashable, value: T, size: int) -> None:
        """Remember `value`, which takes `size` bytes; one larger than a quarter of the whole is not kept."""
        if size > self._most_bytes // 4:
            return
        replaced = self._held.pop(key, None)
        self._bytes += size - (replaced[1] if replaced else 0)
        self._held[key] = (value, size)
        while self._bytes > self._most_bytes:
            _, (_, freed) = self._held.popitem(last=False)
            self._bytes -= freed

    def clear(self) -> None:
        self._held.clear()
        self._bytes = 0


class Publisher:
    """Answers every query in every format from one index, for one site.

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
        self._memory: Memory[Rendered] = Memory(cache_bytes)
        self.revision = Revision(content="")

    async def notice(self) -> bool:
        """Look whether the content has moved on; if so forget everything. True when it has."""
        revision = await self.index.revision()
        if revision == self.revision:
            return False
        self.revision = revision
        self._memory.clear()
        return True

    async def listing(self, form: FormatName, query: Query, base: str) -> Rendered:
        """`query` as `form`. Raises StaleCursor, IndexUnavailable."""
        key = ("listing", form, query, base)
        if (held := self._memory.get(key)) is not None:
            return held
        revision = self.revision
        chosen = FORMATS[form]
        listing = await self._find(chosen, query)
        urls = Urls(base)
        rendered = _rendered(
            chosen.media_type,
            chosen.listing(listing, urls),
            listing.page.modified,
            listing_links(chosen, listing, urls),
        )
        return self._remember(key, rendered, revision)

    async def archive(self, form: FormatName, query: Query, position: Position, base: str) -> Rendered:
        """The archive document of `query` at `position`: made anew each time, for there are very many."""
        chosen = FORMATS[form]
        if chosen.archive is None:
            raise LookupError(f"{form} has no archive")
        stretch = await self.index.stretch(query, position, self._feed_bytes)
        archive, urls = Archive(self.site, query, stretch), Urls(base)
        links = archive_links(archive, urls, form)
        rendered = _rendered(chosen.media_type, chosen.archive(archive, urls), None, links)
        return msgspec.structs.replace(rendered, settled=not stretch.position.window)

    async def fingerprint(self, query: Query) -> bytes:
        """A hash of all that the feeds of `query` are made from: while it is equal, so are their bytes."""
        listing = await self._find(FORMATS["atom"], query)
        return hashlib.sha256(msgspec.msgpack.encode(listing)).digest()

    async def single(self, form: FormatName, slug: str, base: str) -> Rendered | Moved:
        """The article at `slug` as `form`, or where it moved to. Raises NotFound, Gone."""
        key = ("single", form, slug, base)
        if (held := self._memory.get(key)) is not None:
            return held
        revision = self.revision
        article = await self.index.look_up(slug)
        if isinstance(article, Moved):
            return article
        chosen = FORMATS[form]
        if chosen.single is None:
            raise LookupError(f"{form} does not carry one article")
        urls = Urls(base)
        beside = await companions(self.index, article) if chosen.for_people else Companions()
        body = chosen.single(Single(self.site, article, beside), urls)
        # A page that shows what stands beside its article changes with that.
        modified = beside.modified or article.changed
        rendered = _rendered(chosen.media_type, body, modified, article_links(form, article, urls))
        return self._remember(key, rendered, revision)

    async def subscription(self, query: Query, base: str) -> Rendered:
        """The page that tells a person how to follow what `query` finds."""
        query = msgspec.structs.replace(query, cursor=None, limit=PREVIEWED)
        key = ("subscription", query, base)
        if (held := self._memory.get(key)) is not None:
            return held
        revision = self.revision
        listing = await self._find(HTML, query)
        urls = Urls(base)
        body = subscription(listing, urls)
        links = feed_links(query, urls)
        return self._remember(key, _rendered(HTML.media_type, body, listing.page.modified, links), revision)

    async def directory(self, form: FormatName, kind: FacetKind, base: str) -> Rendered:
        """All tags, authors, sources or languages as `form`."""
        key = ("directory", form, kind, base)
        if (held := self._memory.get(key)) is not None:
            return held
        revision = self.revision
        chosen = FORMATS[form]
        if chosen.directory is None:
            raise LookupError(f"{form} does not carry directories")
        urls = Urls(base)
        body = chosen.directory(Directory(self.site, kind, await self.index.facets(kind)), urls)
        other: FormatName = "json" if form == "html" else "html"
        alternate = Link("alternate", urls.directory(kind, ARTICLE_SUFFIXES[other]), bare_type(other))
        return self._remember(key, _rendered(chosen.media_type, body, None, (alternate,)), revision)

    async def catalogue(self, base: str) -> Rendered:
        """All feeds as OPML."""
        key = ("catalogue", base)
        if (held := self._memory.get(key)) is not None:
            return held
        revision = self.revision
        directories = [Directory(self.site, kind, await self.index.facets(kind)) for kind in DIRECTORY_PATHS]
        body = opml(Catalogue(self.site, tuple(directories)), Urls(base))
        return self._remember(key, _rendered(OPML_TYPE, body, None, ()), revision)

    async def stream(self, query: Query, base: str) -> Rendered | AsyncIterator[bytes]:
        """The whole answer to `query` as NDJSON, whatever its limit: finished, or in pieces if it is large.

        What is sent in pieces is never held as one, so it has no validator: one that moves with any content
        would tell when an article is put there that nobody is to know of yet. Raises IndexUnavailable.
        """
        key = ("stream", query, base)
        if (held := self._memory.get(key)) is not None:
            return held
        revision = self.revision
        pieces = self._pieces(query, base)
        begun: list[bytes] = []
        async for piece in pieces:
            begun.append(piece)
            if sum(map(len, begun)) > LARGEST_WHOLE_BYTES:
                return _continued(begun, pieces)
        return self._remember(
            key, _rendered(FORMATS["ndjson"].media_type, b"".join(begun), None, ()), revision
        )

    async def _pieces(self, query: Query, base: str) -> AsyncIterator[bytes]:
        """The lines of everything `query` finds, a page at a time."""
        chosen = FORMATS["ndjson"]
        urls = Urls(base)
        step = msgspec.structs.replace(query, limit=MAX_LIMIT)
        while True:
            listing = await self._find(chosen, step)
            if piece := chosen.listing(listing, urls):
                yield piece
            if listing.page.next is None:
                return
            step = msgspec.structs.replace(step, cursor=listing.page.next)

    async def _find(self, chosen: Format, query: Query) -> Listing:
        limit = query.limit or chosen.limit
        if chosen.kind == "feed":
            page = await self.index.follow(query, limit, self._feed_bytes)
        else:
            page = await self.index.find(query, limit)
        topics = await self._topics() if chosen.for_people and query == Query() else ()
        return Listing(self.site, query, page, limit, self._max_age_seconds, topics)

    async def _topics(self) -> tuple[Facet, ...]:
        """The tags that most articles carry."""
        return (await self.index.facets("tag"))[:MOST_TOPICS]

    def _remember(self, key: Hashable, rendered: Rendered, revision: Revision) -> Rendered:
        # What was found before the revision moved belongs to the past: it is sent, but not kept.
        if revision == self.revision:
            self._memory.put(key, rendered, len(rendered.body) + 500)
        return rendered


async def _continued(begun: list[bytes], rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    for piece in begun:
        yield piece
    async for piece in rest:
        yield piece


def _rendered(media_type: str, body: bytes, modified: datetime | None, links: tuple[Link, ...]) -> Rendered:
    return Rendered(body, media_type, _etag(media_type, body), modified, links)


def _etag(media_type: str, body: bytes) -> str:
    digest = hashlib.sha256(media_type.encode() + b"\0" + body).hexdigest()
    return f'W/"{digest[:32]}"'
