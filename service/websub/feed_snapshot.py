"""What the feeds that hubs are told of are now: the main one, and those that the directories list."""

import asyncio
from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlsplit

import msgspec

from service.formats import FEEDS
from service.index.terms import language_ranges
from service.publisher import Publisher
from service.query import Query
from service.urls import DIRECTORY_PATHS, Urls, facet_query
from service.web.parse_query import read_query


class Feed(msgspec.Struct, frozen=True):
    """The validator of a feed and when it was modified; not `listed` once nothing carries its name."""

    etag: str
    modified: datetime | None
    listed: bool = True


class FeedSnapshot:
    """Renders what may have changed since the last look, and nothing else. `base` is the public URL."""

    def __init__(self, publisher: Publisher, base: str) -> None:
        self._publisher = publisher
        self._base = base
        self._seen: dict[Query, tuple[bytes, dict[str, Feed]]] = {}

    async def moved(self) -> bool:
        """Whether the content is another than at the last look. Raises IndexUnavailable."""
        return await self._publisher.poll_revision()

    async def look(self, known: Iterable[str]) -> dict[str, Feed]:
        """Every feed by its address, the main ones first; also `known` ones that are not listed any more.

        Raises IndexUnavailable.
        """
        listed = await self._listed()
        vanished = [query for query in map(self._query, known) if query not in listed]
        seen = {}
        for query in (*listed, *vanished):
            fingerprint = await self._publisher.fingerprint(query)
            held = self._seen.get(query)
            feeds = held[1] if held and held[0] == fingerprint else await self._render(query)
            feeds = {
                address: msgspec.structs.replace(feed, listed=query in listed)
                for address, feed in feeds.items()
            }
            seen[query] = (fingerprint, feeds)
            # Hubs are waiting for their turn.
            await asyncio.sleep(0)
        self._seen = seen
        return {address: feed for _, feeds in seen.values() for address, feed in feeds.items()}

    async def _listed(self) -> dict[Query, None]:
        queries = {Query(): None}
        for kind in DIRECTORY_PATHS:
            for facet in await self._publisher.index.facets(kind):
                # `en` finds `en-GB` too, so it is a feed even where no article is in plain `en`.
                slugs = language_ranges(facet.slug) if kind == "language" else [facet.slug]
                queries |= dict.fromkeys(facet_query(kind, slug) for slug in slugs)
        return queries

    async def _render(self, query: Query) -> dict[str, Feed]:
        found = {}
        for form in FEEDS:
            rendered = await self._publisher.listing(form, query, self._base)
            found[Urls(self._base).listing(form, query)] = Feed(rendered.etag, rendered.last_modified)
        return found

    def _query(self, address: str) -> Query:
        return read_query(urlsplit(address).query.encode(), "atom", self._publisher.site)
