"""Publisher: finds what a query asks for, renders it, and caches the result."""

import asyncio
import functools
import hashlib
from collections.abc import AsyncGenerator, Callable, Coroutine
from typing import Any, Concatenate, ParamSpec, TypeVar

import msgspec

from service.errors import TooManyQueries
from service.formats import Archive, Catalogue, Directory, Listing, Navigation, SingleArticle, bare_type
from service.formats.api_article import RELATED_FIELDS
from service.formats.changes import (
    CHANGES_TYPE,
    MANIFEST_TYPE,
    render_bucket,
    render_change_days,
    render_changes,
    render_manifest,
)
from service.formats.feeds.feed import archive_links
from service.formats.html import HTML, PREVIEWED, search_page, subscription
from service.formats.json_api import render_months
from service.formats.opml import MEDIA_TYPE as OPML_TYPE
from service.formats.opml import opml
from service.formats.registry import FORMATS
from service.formats.web_links import article_links, feed_links, listing_links
from service.index import Index, IndexVersion, Moved, Revision
from service.model import Article, Site
from service.publisher.byte_bounded_lru import ByteBoundedLRU
from service.publisher.cache_keys import (
    ANY_CHANGE,
    COUNTS,
    EVERY_DOCUMENT,
    SITE,
    CacheKeys,
    archive_keys,
    article_keys,
    change_keys,
    find_touched_keys,
    listing_keys,
    tagged_keys,
)
from service.publisher.related import Tagged, find_related, find_tagged
from service.publisher.rendered import Rendered
from service.publisher.single_flight import SingleFlight
from service.query import ArchiveCursor, ChangeCursor, ChangePosition, FacetKind, Page, Query, RelatedArticles
from service.urls import ARTICLE_SUFFIXES, DIRECTORY_PATHS, FormatName, Link, Urls

LARGEST_WHOLE_BYTES = 1_000_000
"""A stream up to this size is rendered as a whole before it is sent."""

STREAMED_ARTICLES = 50
"""How many articles one piece of a stream has: reading and rendering them takes about 3 ms."""

STREAM_RETRY_SECONDS = 1.0

MAX_TOPICS = 16
"""How many tags the home page shows."""

MAX_SITE_PAGES = 10
"""How many pages that are not articles the results of a search show."""

_CANDIDATE_BYTES = 500
"""About what is known of an article that may be related to another one takes."""

_OVERHEAD_BYTES = 500
"""The approximate bytes of a document without its body."""

_ARTICLE_BYTES = 2000
"""About what an article takes besides its texts and its tags."""

_TAG_BYTES = 250
"""About what a tag of an article takes: an article may have thousands."""

Arguments = ParamSpec("Arguments")
T = TypeVar("T")


def cached(
    render: Callable[Concatenate["Publisher", Arguments], Coroutine[Any, Any, T]],
) -> Callable[Concatenate["Publisher", Arguments], Coroutine[Any, Any, T | Rendered]]:
    """Cache what this method of a publisher renders, by its arguments; run it once for concurrent calls."""

    @functools.wraps(render)
    async def get_or_render(
        publisher: "Publisher", /, *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> T | Rendered:
        key = (render, *args, *sorted(kwargs.items()))
        document = publisher.cache.get(key)
        if document is not None:
            return document
        position = publisher.revision, publisher.generation
        result = await publisher.in_progress.share(key, functools.partial(render, publisher, *args, **kwargs))
        # Content of a revision that has been replaced meanwhile is returned, but not cached. A revision may
        # repeat, so it is not compared alone.
        if isinstance(result, Rendered) and position == (publisher.revision, publisher.generation):
            publisher.cache.put(key, result, len(result.body) + _OVERHEAD_BYTES, result.keys.exact)
        return result

    return get_or_render


class StreamStart(msgspec.Struct, frozen=True):
    """The first pieces of a stream too large to render as a whole, and the query for the rest, if any."""

    pieces: tuple[bytes, ...]
    rest: Query | None


class Publisher:
    """Answers every query in every format from one index.

    The index stores the site with each revision; `site` is used until the first `poll_revision`.
    `generation` is that of a revision which is not newer. `cache_bytes` limits the cache.
    Concurrent calls for the same bytes share one rendering, which is `in_progress` until it ends or the
    revision changes.
    """

    def __init__(self, index: Index, site: Site, *, cache_bytes: int) -> None:
        self.index = index
        self.site = site
        self.cache: ByteBoundedLRU[Rendered] = ByteBoundedLRU(cache_bytes)
        self._tagged: ByteBoundedLRU[Tagged] = ByteBoundedLRU(cache_bytes // 8)
        self._pages: ByteBoundedLRU[Page] = ByteBoundedLRU(cache_bytes // 4)
        self.in_progress = SingleFlight()
        self._streaming = asyncio.Lock()
        self.revision = Revision(content="")
        self.generation = 0
        self._version: IndexVersion | None = None
        self.navigation = Navigation()

    async def poll_revision(self) -> frozenset[str]:
        """Check the revision of the index, and discard the cached documents that a change touches.

        The keys of what it touches; none if the revision is the same.
        """
        # Read first: if the index moves meanwhile, the next call finds it. The generation moves also when a
        # revision repeats before anybody has seen the one between.
        version = await self.index.version()
        if version == self._version:
            return frozenset()
        generation = await self.index.newest_generation()
        if (await self.index.revision(), generation) == (self.revision, self.generation):
            self._version = version
            return frozenset()
        revision, site = await self.index.current()
        kinds = await self.index.facet_kinds()
        navigation = Navigation(
            directories=tuple(kind for kind in DIRECTORY_PATHS if kind in kinds),
            menu=await self.index.menu_links(),
        )
        touched = EVERY_DOCUMENT
        if (site, navigation) == (self.site, self.navigation):
            touched = await find_touched_keys(self.index, self.generation, self.revision)
        # From here on without a pause, so that no request is answered from a mixture of two revisions.
        self.revision, self.site, self.navigation = revision, site, navigation
        self.generation, self._version = generation, version
        self.cache.discard(touched)
        self._tagged.discard(touched)
        self._pages.discard(touched)
        self.in_progress.clear()
        return touched

    def urls(self, base: str) -> Urls:
        """The addresses under `base` in the style of the site."""
        return Urls(base, self.site.addresses)

    @cached
    async def listing(self, format_name: FormatName, query: Query, base: str) -> Rendered:
        """`query` as `format_name`. Raises StaleCursor, IndexUnavailable."""
        chosen, urls = FORMATS[format_name], self.urls(base)
        limit = chosen.description.limit if query.limit is None else query.limit
        page = await self._find_page(query, limit or 1, is_feed=chosen.description.kind == "feed")
        if limit == 0:
            page = msgspec.structs.replace(page, articles=(), next_cursor=None, previous_cursor=None)
        listing = Listing(self.site, query, page)
        if chosen.for_people:
            listing = await self._add_context(listing)
        return Rendered.of(
            chosen.description.media_type,
            chosen.listing(listing, urls),
            page.modified,
            listing_links(chosen, listing, urls),
            listing_keys(query, page, limit),
        )

    async def has_articles(self, query: Query) -> bool:
        """Whether there is an article on the first page of `query`. Raises IndexUnavailable."""
        first_page = msgspec.structs.replace(query, cursor=None, position=None)
        return bool((await self._find_page(first_page, 1)).articles)

    async def _find_page(self, query: Query, limit: int, *, is_feed: bool = False) -> Page:
        """A page of `query`; cached, because its formats are usually asked for one after the other."""
        key = (query, limit, is_feed)
        page = self._pages.get(key)
        if page is None:
            position = self.revision, self.generation
            if is_feed:
                page = await self.index.find_feed_page(query, limit, self.site.feed_bytes)
            elif query.position:
                page = await self.index.find_from(query, query.position)
            else:
                page = await self.index.find(query, limit)
            if position == (self.revision, self.generation):
                self._pages.put(key, page, _size_of(page), listing_keys(query, page, limit).exact)
        return page

    async def archive(
        self, format_name: FormatName, query: Query, position: ArchiveCursor, base: str
    ) -> Rendered:
        """The archive page of `query` at `position`. Archive pages are too many to cache."""
        key = (Publisher.archive, format_name, query, position, base)
        return await self.in_progress.share(
            key, lambda: self._render_archive(format_name, query, position, base)
        )

    async def _render_archive(
        self, format_name: FormatName, query: Query, position: ArchiveCursor, base: str
    ) -> Rendered:
        chosen = FORMATS[format_name]
        if chosen.archive is None:
            raise LookupError(f"{format_name} has no archive")
        archive_page = await self.index.archive_page(query, position, self.site.feed_bytes)
        archive, urls = Archive(self.site, query, archive_page), self.urls(base)
        links = archive_links(archive, urls, format_name)
        document = Rendered.of(
            chosen.description.media_type,
            chosen.archive(archive, urls),
            links=links,
            keys=archive_keys(query, archive_page),
        )
        return msgspec.structs.replace(document, is_settled=not archive_page.position.window)

    async def hash_listing(self, query: Query) -> bytes:
        """A hash of everything the feeds of `query` are made from: equal hashes mean equal bytes."""
        limit = FORMATS["atom"].description.limit
        page = await self.index.find_feed_page(query, limit, self.site.feed_bytes)
        return hashlib.sha256(msgspec.msgpack.encode((self.site, query, page))).digest()

    @cached
    async def article(
        self, format_name: FormatName, slug: str, base: str, fields: tuple[str, ...] = ()
    ) -> Rendered | Moved:
        """The article or page at `slug` as `format_name`, or where it moved to.

        JSON has only `fields`, or all if there are none. Raises NotFound, Gone.
        """
        found = await self.index.find_article(slug, with_body=format_name == "markdown")
        if isinstance(found, Moved):
            return found
        chosen, urls = FORMATS[format_name], self.urls(base)
        if chosen.article is None:
            raise LookupError(f"{format_name} cannot represent a single article")
        shows_related = chosen.for_people or not RELATED_FIELDS.isdisjoint(fields)
        has_related = shows_related and not found.is_page
        related = await find_related(self.index, found, self._find_tagged) if has_related else None
        page = SingleArticle(self.site, found, related or RelatedArticles(), fields, self.navigation)
        body = chosen.article(page, urls)
        # A page that shows other articles changes with them.
        modified = (related and related.modified) or found.changed
        return Rendered.of(
            chosen.description.media_type,
            body,
            modified,
            article_links(format_name, found, urls),
            ANY_CHANGE if found.is_page else article_keys(found, related),
        )

    @cached
    async def subscription(self, query: Query, base: str) -> Rendered:
        """The page that explains how to subscribe to `query`."""
        query = msgspec.structs.replace(query, cursor=None, limit=PREVIEWED)
        page, urls = await self._find_page(query, PREVIEWED), self.urls(base)
        return Rendered.of(
            HTML.description.media_type,
            subscription(Listing(self.site, query, page, navigation=self.navigation), urls),
            page.modified,
            feed_links(query, urls),
            listing_keys(query, page, PREVIEWED),
        )

    @cached
    async def search(self, base: str) -> Rendered:
        """The page of a search that is still without words, or that no service answers."""
        body = search_page(self.site, self.urls(base), self.navigation)
        return Rendered.of(HTML.description.media_type, body, keys=CacheKeys.of(SITE))

    @cached
    async def directory(self, format_name: FormatName, kind: FacetKind, base: str) -> Rendered:
        """All tags, authors, sources, languages or series as `format_name`."""
        chosen, urls = FORMATS[format_name], self.urls(base)
        if chosen.directory is None:
            raise LookupError(f"{format_name} cannot represent a directory")
        body = chosen.directory(await self._directory(kind), urls)
        other: FormatName = "json" if format_name == "html" else "html"
        alternate = Link("alternate", urls.directory(kind, ARTICLE_SUFFIXES[other]), bare_type(other))
        return Rendered.of(chosen.description.media_type, body, links=(alternate,), keys=COUNTS)

    @cached
    async def months(self, base: str) -> Rendered:
        """How many articles there are of each month, as JSON."""
        body = render_months(await self.index.count_months(), self.urls(base))
        return Rendered.of(FORMATS["json"].description.media_type, body, keys=COUNTS)

    @cached
    async def catalogue(self, base: str) -> Rendered:
        """All feeds as OPML."""
        directories = tuple([await self._directory(kind) for kind in DIRECTORY_PATHS])
        body = opml(Catalogue(self.site, directories), self.urls(base))
        return Rendered.of(OPML_TYPE, body, keys=COUNTS)

    @cached
    async def changes(
        self, query: Query, since: str | None, cursor: ChangeCursor | None, base: str
    ) -> Rendered:
        """A page of what changed for `query` since a revision, or at `cursor`, as NDJSON.

        Raises UnknownRevision, IndexUnavailable, QueryTooExpensive, TooManyQueries.
        """
        page = await self.index.find_changes(query, since, cursor, LARGEST_WHOLE_BYTES)
        return Rendered.of(CHANGES_TYPE, render_changes(query, page, Urls(base)))

    @cached
    async def changes_of(self, position: ChangePosition, base: str) -> Rendered:
        """A page of what changed on one day, as NDJSON. Raises NotFound for a day that is not known."""
        page = await self.index.find_changes_of(position, LARGEST_WHOLE_BYTES)
        links = (Link("next", Urls(base).changes(Query(), page.next)),) if page.next else ()
        return Rendered.of(
            CHANGES_TYPE, render_changes(Query(), page, Urls(base)), links=links, keys=change_keys(page)
        )

    @cached
    async def change_days(self, base: str) -> Rendered:
        """The days of which changes are known, as JSON."""
        body = render_change_days(await self.index.change_days(), self.urls(base))
        return Rendered.of(MANIFEST_TYPE, body)

    @cached
    async def manifest(self, bucket: int | None) -> Rendered:
        """The digests of all articles, or the articles in a bucket, 0 to 255, as JSON."""
        if bucket is None:
            body = render_manifest(await self.index.manifest())
        else:
            body = render_bucket(await self.index.manifest_bucket(bucket))
        return Rendered.of(MANIFEST_TYPE, body)

    async def stream(self, query: Query, base: str) -> Rendered | AsyncGenerator[bytes, None]:
        """Everything `query` finds as NDJSON, whatever its limit: one document, or pieces if it is large.

        Each piece is rendered when it is consumed. A stream in pieces has no validator: it is never in memory
        as a whole, and a validator of the whole index would reveal when a scheduled article is added.
        Raises IndexUnavailable, QueryTooExpensive, TooManyQueries.
        """
        start = await self._start_stream(query, base)
        return start if isinstance(start, Rendered) else self._continue_stream(start, base)

    @cached
    async def _start_stream(self, query: Query, base: str) -> Rendered | StreamStart:
        pieces: list[bytes] = []
        rest: Query | None = query
        while rest is not None:
            piece, rest = await self._piece(rest, base)
            pieces.append(piece)
            if sum(map(len, pieces)) > LARGEST_WHOLE_BYTES:
                return StreamStart(tuple(pieces), rest)
        return Rendered.of(FORMATS["ndjson"].description.media_type, b"".join(pieces))

    async def _continue_stream(self, start: StreamStart, base: str) -> AsyncGenerator[bytes, None]:
        for piece in start.pieces:
            yield piece
        rest = start.rest
        while rest is not None:
            try:
                piece, rest = await self._piece(rest, base)
            except TooManyQueries:
                # An error cannot follow bytes that were sent; the queue is shorter after a while.
                await asyncio.sleep(STREAM_RETRY_SECONDS)
            else:
                yield piece

    async def _piece(self, query: Query, base: str) -> tuple[bytes, Query | None]:
        """The next lines of a stream, and the query for the lines after them."""
        page = await self.index.find(query, STREAMED_ARTICLES)
        # Other requests wait for one piece of one stream at most, however many streams there are.
        async with self._streaming:
            piece = FORMATS["ndjson"].listing(Listing(self.site, query, page), self.urls(base))
            await asyncio.sleep(0)
        cursor = page.next_cursor
        return piece, None if cursor is None else msgspec.structs.replace(query, cursor=cursor)

    async def _add_context(self, listing: Listing) -> Listing:
        """`listing` with the other parts that its page shows."""
        query = listing.query
        return msgspec.structs.replace(
            listing,
            topics=(await self.index.facets("tag"))[:MAX_TOPICS] if query == Query() else (),
            site_pages=await self._search_site_pages(query),
            navigation=self.navigation,
        )

    async def _find_tagged(self, slug: str) -> Tagged:
        """The newest articles with a tag; cached, because the page of each article with it shows some."""
        tagged = self._tagged.get(slug)
        if tagged is None:
            position = self.revision, self.generation
            tagged = await find_tagged(self.index, slug)
            if position == (self.revision, self.generation):
                size = _OVERHEAD_BYTES + _CANDIDATE_BYTES * len(tagged.newest)
                self._tagged.put(slug, tagged, size, tagged_keys(slug, tagged))
        return tagged

    async def _directory(self, kind: FacetKind) -> Directory:
        return Directory(self.site, kind, await self.index.facets(kind), self.navigation)

    async def _search_site_pages(self, query: Query) -> tuple[Article, ...]:
        """The pages of the site that the first page of results for some words shows with the articles."""
        if not query.q or query.cursor or msgspec.structs.replace(query, q="", sort="newest") != Query():
            return ()
        return await self.index.search_site_pages(query, MAX_SITE_PAGES)


def _size_of(page: Page) -> int:
    """About how many bytes of memory `page` takes."""
    texts = (text for article in page.articles for text in (article.content_html, article.content_text))
    tags = sum(len(article.tags) for article in page.articles)
    return _OVERHEAD_BYTES + _ARTICLE_BYTES * len(page.articles) + _TAG_BYTES * tags + sum(map(len, texts))
