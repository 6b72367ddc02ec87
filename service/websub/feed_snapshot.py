"""The current validators of the feeds that hubs know: the main feeds and those that the directories list."""

import asyncio
import re
from collections.abc import Iterable
from datetime import datetime
from urllib.parse import parse_qsl, unquote, urlsplit

import msgspec

from service.formats import FEEDS
from service.index.article_row import language_ranges
from service.publisher import NO_CHANGE, Publisher
from service.query import Query
from service.urls import DIRECTORY_PATHS, facet_query


class FeedState(msgspec.Struct, frozen=True):
    """The validator of a feed and when it was modified; `listed` while an article has its tag, author, …"""

    etag: str
    modified: datetime | None
    listed: bool = True


class FeedSnapshot:
    """Renders only the feeds that may have changed since the last call. `base` is the public URL."""

    def __init__(self, publisher: Publisher, base: str) -> None:
        self._publisher = publisher
        self._base = base
        self._rendered: dict[Query, tuple[bytes, dict[str, FeedState]]] = {}

    async def poll(self) -> bool:
        """Whether the content has changed since the last call. Raises IndexUnavailable."""
        return await self._publisher.poll_revision() != NO_CHANGE

    async def render_changed(self, known_topics: Iterable[str]) -> dict[str, FeedState]:
        """Every feed by its address, the main ones first, with those of `known_topics` no longer listed.

        Raises IndexUnavailable.
        """
        listed = await self._listed()
        unlisted = [query for query in map(topic_query, known_topics) if query not in listed]
        rendered = {}
        for query in (*listed, *unlisted):
            listing_hash = await self._publisher.hash_listing(query)
            previous = self._rendered.get(query)
            if previous and previous[0] == listing_hash:
                feeds = previous[1]
            else:
                feeds = await self._render(query)
            feeds = {
                address: msgspec.structs.replace(feed, listed=query in listed)
                for address, feed in feeds.items()
            }
            rendered[query] = (listing_hash, feeds)
            await asyncio.sleep(0)  # let the notifiers run
        self._rendered = rendered
        return {address: feed for _, feeds in rendered.values() for address, feed in feeds.items()}

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


def topic_query(address: str) -> Query:
    """The query of a feed that was listed: of one tag, author, source or language, or the main feed."""
    path, parameters = urlsplit(address).path, dict(parse_qsl(urlsplit(address).query))
    for kind, directory in DIRECTORY_PATHS.items():
        if kind in parameters:
            return facet_query(kind, parameters[kind])
        if match := re.search(rf"{directory}/([^/]+)/feed\.\w+$", path):
            return facet_query(kind, unquote(match[1]))
    return Query()
