"""The page of a query is found once for all formats of one kind, until a change touches it."""

from pathlib import Path
from unittest.mock import patch

import pytest

from service.index import Index, articles, listings
from service.model import Site
from service.publisher import Publisher
from service.query import Query
from service.urls import FormatName
from tests.support.index_folder import Folder

LISTS: tuple[FormatName, ...] = ("html", "json", "markdown")
FEEDS: tuple[FormatName, ...] = ("atom", "rss", "jsonfeed")


@pytest.mark.parametrize("formats", [LISTS, FEEDS])
def test_an_article_is_read_once_for_all_formats(tmp_path: Path, formats: tuple[FormatName, ...]) -> None:
    folder = Folder(tmp_path)
    folder.write("a", title="Earlier", tags=["x"])
    folder.refresh()
    query = Query(tags=("x",))

    async def render(index: Index) -> None:
        publisher = Publisher(index, Site(), cache_bytes=1_000_000)
        await publisher.poll_revision()

        async def render_all() -> tuple[int, list[bytes]]:
            with patch.object(listings, "read_article", side_effect=articles.read_article) as read:
                documents = [await publisher.listing(name, query, "") for name in formats]
            return read.call_count, [document.body for document in documents]

        reads, bodies = await render_all()
        assert (reads, all(b"Earlier" in body for body in bodies)) == (1, True)
        folder.write("a", title="Later", tags=["x"])
        folder.refresh()
        await publisher.poll_revision()
        reads, bodies = await render_all()
        assert (reads, all(b"Later" in body for body in bodies)) == (1, True)

    folder.ask(render)


@pytest.mark.parametrize(("tags", "reads"), [(5, 1), (500, len(LISTS))])
def test_the_tags_of_articles_count_for_the_size_of_the_cache(tmp_path: Path, tags: int, reads: int) -> None:
    """An article may have thousands, each with a list of its own that holds them all."""
    folder = Folder(tmp_path)
    folder.write("a", tags=[f"t{number}" for number in range(tags)])
    folder.refresh()

    async def render(index: Index) -> None:
        publisher = Publisher(index, Site(), cache_bytes=1_000_000)
        await publisher.poll_revision()
        with patch.object(listings, "read_article", side_effect=articles.read_article) as read:
            for name in LISTS:
                await publisher.listing(name, Query(tags=("t1",)), "")
        assert read.call_count == reads

    folder.ask(render)
