"""The current validators of the feeds that hubs know: the main feeds and those that the directories list."""

import asyncio
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from urllib.parse import parse_qsl, unquote, urlsplit

import msgspec

from service.errors import UnknownRevision
from service.formats import FEEDS
from service.index import Difference
from service.index.article_row import language_ranges
from service.publisher import Publisher
from service.query import Query, TermKey
from service.urls import DIRECTORY_PATHS, facet_query


class FeedState(msgspec.Struct, frozen=True):
    """The validator of a feed and when it was modified; `listed` while an article has its tag, author, …"""

    etag: str
    modified: datetime | None
    listed: bool = True


class FeedSnapshot:
    """Renders only the feeds that may have changed since the last call. `base` is the public URL.

    The differences in the journal say which: those of the terms of changed articles, before and after.
    """

    def __init__(self, publisher: Publisher, base: str) -> None:
        self._publisher = publisher
        self._base = base
        self._generation: int | None = None
        self._rendered: dict[Query, tuple[bytes, dict[str, FeedState]]] = {}

    async def poll(self) -> bool:
        """Whether the content has changed since the last call. Raises IndexUnavailable."""
        return bool(await self._publisher.poll_revision())

    async def render_changed(self, known_topics: Iterable[str]) -> dict[str, FeedState]:
        """Every feed by its address, the main ones first, with those of `known_topics` no longer listed.

        Raises IndexUnavailable.
        """
        touched = await self._find_touched()
        listed = await self._listed()
        unlisted = [query for query in map(topic_query, known_topics) if query not in listed]
        rendered = {}
        for query in (*listed, *unlisted):
            previous = self._rendered.get(query)
            if previous and touched is not None and query not in touched:
                listing_hash, feeds = previous
            else:
                listing_hash = await self._publisher.hash_listing(query)
                is_equal = previous is not None and previous[0] == listing_hash
                feeds = previous[1] if previous and is_equal else await self._render(query)
                await asyncio.sleep(0)  # let the pingers run
            feeds = {
                address: msgspec.structs.replace(feed, listed=query in listed)
                for address, feed in feeds.items()
            }
            rendered[query] = (listing_hash, feeds)
        self._rendered = rendered
        return {address: feed for _, feeds in rendered.values() for address, feed in feeds.items()}

    async def _find_touched(self) -> set[Query] | None:
        """The queries whose feeds may have changed since the last call; None if all may have."""
        index = self._publisher.index
        since, self._generation = self._generation, await index.newest_generation()
        try:
            differences = () if since is None else await index.differences(since)
        except UnknownRevision:
            return None
        if since is None or any(difference.has_other_changes for difference in differences):
            return None
        touched = set()
        for difference in differences:
            if difference.put or difference.drop:
                touched.add(Query())
            for kind, slug in _changed_terms(difference):
                if kind in DIRECTORY_PATHS:
                    touched.add(facet_query(kind, slug))
        return touched

    async def _listed(self) -> dict[Query, None]:
        queries = {Query(): None}
        for kind in DIRECTORY_PATHS:
            for facet in await self._publisher.index.facets(kind):
                # `en` matches `en-GB` too, so it is a feed even if no article has the language `en`.
                slugs = language_ranges(facet.slug) if kind == "language" else [facet.slug]
                queries |= dict.fromkeys(facet_query(kind, slug) for slug in slugs)
        return queries

    async def _render(self, query: Query) -> dict[str, FeedState]:
        feeds = {}
        for format_name in FEEDS:
            rendered = await self._publisher.listing(format_name, query, self._base)
            feeds[self._publisher.urls(self._base).listing(format_name, query)] = FeedState(
                rendered.etag, rendered.last_modified
            )
        return feeds


def _changed_terms(difference: Difference) -> Iterator[TermKey]:
    """The terms of changed articles, before and after."""
    for put in difference.put:
        yield from put.terms_before
        yield from put.terms
    for drop in difference.drop:
        yield from drop.terms_before


def topic_query(address: str) -> Query:
    """The query of a feed that was listed: of one tag, author, source or language, or the main feed."""
    path, parameters = urlsplit(address).path, dict(parse_qsl(urlsplit(address).query))
    for kind, directory in DIRECTORY_PATHS.items():
        if kind in parameters:
            return facet_query(kind, parameters[kind])
        if match := re.search(rf"{directory}/([^/]+)/feed\.\w+$", path):
            return facet_query(kind, unquote(match[1]))
    return Query()
