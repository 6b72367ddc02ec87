"""Which feeds have changed, by the differences in the journal; and the query of the address of a feed."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.formats import FEEDS
from service.index import Index
from service.publisher import Publisher
from service.query import FacetKind, Query
from service.urls import DIRECTORY_PATHS, Urls, facet_query
from service.websub.feed_snapshot import FeedSnapshot, topic_query
from tests.support.builders import site
from tests.support.index_folder import NOW, Folder

BASE = "https://example.org/blog"


@given(st.sampled_from(tuple(DIRECTORY_PATHS)), st.text(min_size=1), st.sampled_from(FEEDS))
def test_topic_query(kind: FacetKind, slug: str, format_name: str) -> None:
    query = facet_query(kind, slug)

    assert topic_query(Urls(BASE).listing(format_name, query)) == query  # type: ignore[arg-type]


@pytest.mark.parametrize("address", ["/feed.atom", "/feed.json?limit=1", "/feed.rss?nonsense=%ff", ""])
def test_the_main_feed_for_every_other_address(address: str) -> None:
    assert topic_query(BASE + address) == Query()


class Rendering(Publisher):
    """A publisher that notes which queries it looks at."""

    def __init__(self, index: Index) -> None:
        super().__init__(index, site(), cache_bytes=0)
        self.looked_at: list[Query] = []

    async def hash_listing(self, query: Query) -> bytes:
        self.looked_at.append(query)
        return await super().hash_listing(query)


def edits(folder: Folder) -> Iterator[set[Query] | None]:
    """Change the folder again and again; the feeds to look at after each change, None for all of them."""
    folder.write("one", tags=["b"], authors=["Ada"])
    yield {Query(), *map(tag, "ab"), author("ada"), language("en")}
    folder.write("new", tags=["c"], date="2025-01-01")
    yield {Query(), tag("c"), language("en")}
    folder.write("new", tags=["c"], date="2025-01-01", withdrawn="wrong")
    yield {Query(), tag("c"), language("en")}  # a removal that feeds announce
    folder.write("one", tags=["b"], authors=["Ada"])
    yield set()
    folder.write("draft", draft=True, tags=["d"])
    yield set()
    folder.write("stub", withdrawn="never shown", tags=["a"])  # feeds announce it
    yield None
    folder.site = site(title="Another title")
    yield None
    folder.remove("two")
    yield {Query(), tag("a"), language("en")}


def tag(slug: str) -> Query:
    return facet_query("tag", slug)


def author(slug: str) -> Query:
    return facet_query("author", slug)


def language(slug: str) -> Query:
    return facet_query("language", slug)


def test_only_feeds_of_changed_articles_are_looked_at(tmp_path: Path) -> None:
    """What is remembered of the others equals what a new snapshot renders."""
    folder = Folder(tmp_path, site())
    for name, tags in {"one": ["a"], "two": ["a"], "other": ["x"], "another": ["y"]}.items():
        folder.write(name, tags=tags)
    folder.refresh()

    async def run() -> None:
        index = Index(folder.url)
        publisher = Rendering(index)
        snapshot = FeedSnapshot(publisher, BASE)
        await snapshot.poll()
        feeds = await snapshot.render_changed(())
        for expected in edits(folder):
            known = tuple(feeds)
            publisher.looked_at.clear()
            folder.refresh(NOW)
            has_changed = await snapshot.poll()
            feeds = await snapshot.render_changed(known) if has_changed else feeds
            looked_at = set(publisher.looked_at)
            anew = Rendering(index)
            await anew.poll_revision()
            assert feeds == await FeedSnapshot(anew, BASE).render_changed(known)
            assert looked_at == (set(anew.looked_at) if expected is None else expected)
        await index.close()

    asyncio.run(run())
