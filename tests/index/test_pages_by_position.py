"""Pages by position: every article is on one, and an edit changes at most two pages of each list."""

import asyncio
import tempfile
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.index import Index
from service.index.listings import MOST_LISTED, ONE_LISTED_IN, begins_page, listed_length
from service.query import ListPosition, Page, Query
from tests.support.index_folder import Folder, in_order

DAYS = (None, "2019-01-01", "2019-01-02", "2019-02-01T10:00:00Z", "1931-05-05")
QUERIES = (Query(), Query(tags=("t",)), Query(tags=("u",)))
NEWEST = ListPosition(10**11, "0" * 16)
"""A position before every article, as that of a page that was linked once."""

Pages = dict[ListPosition, Page]

rows = st.tuples(st.sampled_from(DAYS), st.sampled_from((("t",), ("u",), ("t", "u"))), st.integers(0, 1))
edits = st.lists(st.tuples(st.integers(0, 90), st.none() | rows), min_size=1, max_size=3)


async def walk(index: Index, query: Query) -> Pages:
    """Every page of `query` by its position, as readers reach them."""
    pages: Pages = {}
    position: ListPosition | None = NEWEST
    while position is not None:
        pages[position] = await index.find_from(query, position)
        position = pages[position].next_position
    return pages


def write(folder: Folder, articles: dict[int, Any]) -> None:
    records = [
        {"id": f"id:{number}", "slug": f"s{number}", "title": f"T{version}", "date": day, "tags": tags}
        for number, (day, tags, version) in sorted(articles.items())
    ]
    folder.write_many("all", records)
    folder.refresh()


@given(st.lists(rows, min_size=45, max_size=90), edits)
@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=5, deadline=None)
def test_an_edit_changes_at_most_two_pages_of_each_list(start: list[Any], history: list[Any]) -> None:
    with tempfile.TemporaryDirectory() as work:
        folder = Folder(Path(work))
        articles = dict(enumerate(start))
        write(folder, articles)
        asyncio.run(edit_and_compare(folder, articles, history))


async def edit_and_compare(folder: Folder, articles: dict[int, Any], history: list[Any]) -> None:
    index = Index(folder.url)
    try:
        known = {query: await walk(index, query) for query in QUERIES}
        for number, row in history:
            before = articles.pop(number, None)
            # An article that moves changes the pages of two places.
            most = 4 if before and row and before[0] != row[0] else 2
            if row is not None:
                articles[number] = row
            await asyncio.to_thread(write, folder, articles)
            for query, pages in known.items():
                del pages[NEWEST]
                present = [await index.find_from(query, position) for position in pages]
                changed = [
                    page
                    for page, earlier in zip(present, pages.values(), strict=True)
                    if shown(page) != shown(earlier)
                ]
                assert len(changed) <= most
                known[query] = await walk(index, query)
                await check(index, query, known[query])
    finally:
        await index.close()


def shown(page: Page) -> Page:
    """What of a page is rendered: not on which line of its file an article stands."""
    articles = [msgspec.structs.replace(article, number=0) for article in page.articles]
    return msgspec.structs.replace(page, articles=tuple(articles))


async def check(index: Index, query: Query, pages: Pages) -> None:
    """Whether `pages` hold everything that `query` finds, and each but the first ends where it should."""
    everything = await index.find(query, 100)
    walked = [article for page in pages.values() for article in page.articles]
    assert walked == in_order(list(everything.articles), "newest")
    for position, page in pages.items():
        published = page.articles[0].published if page.articles else None
        assert position == NEWEST or position.published == (published and int(published.timestamp()))
        assert len(page.articles) <= MOST_LISTED
    # What follows a page is a multiple of the longest, until an article begins a page.
    remaining = 0
    for page in reversed(pages.values()):
        if page.next_position is None or begins_page(page.next_position, ONE_LISTED_IN):
            remaining = 0
        assert remaining % MOST_LISTED == 0
        remaining += len(page.articles)


@given(st.integers(1, 4 * MOST_LISTED))
def test_an_article_at_the_newer_end_moves_no_page(rows: int) -> None:
    ends = []
    for count in (rows, rows + 1):
        remaining, found = count, set()
        while remaining:
            remaining -= listed_length(remaining)
            found.add(remaining)
        ends.append(found)
    assert ends[0] <= ends[1]


def test_the_page_after_the_first_begins_where_that_ends(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write_many("all", [{"slug": f"s{n}", "title": "T", "date": "2019-01-01"} for n in range(25)])
    folder.refresh()

    async def ask(index: Index) -> tuple[Page, Page]:
        first = await index.find(Query(), 20)
        assert first.next_position is not None
        return first, await index.find_from(Query(), first.next_position)

    first, second = folder.ask(ask)
    assert len(first.articles) == 20
    assert (*first.articles, *second.articles)[:22] == folder.find(limit=22).articles
    assert folder.find(limit=25).next_position is None
    assert folder.find(limit=20, sort="oldest").next_position is None
