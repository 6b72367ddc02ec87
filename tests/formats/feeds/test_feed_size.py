"""The size limit of feed documents: whole entries move to the next page, and none is lost."""

from typing import Any

import pytest

from service.formats import Format, Listing
from service.formats.feeds.atom import ATOM
from service.formats.feeds.json_feed import JSON_FEED
from service.formats.feeds.rss import RSS
from service.index.article_row import HEAD_BYTES, estimate_size
from service.model import Article, Image, Site
from service.query import Content, Query
from service.urls import Urls
from tests.support.builders import article, listing, site
from tests.support.published_folder import BASE, PublishedFolder
from tests.support.sample_site import FOREIGN, FULL, RIGHT_TO_LEFT, SITE, UNDATED

MOST_BYTES = 60_000
BASE_OF_100 = Urls(f"https://{'long.' * 17}example")

HEAVY: tuple[Article, ...] = (
    FULL,
    FOREIGN,
    RIGHT_TO_LEFT,
    UNDATED,
    article(content_html="<p>&amp;</p>\n" * 3000, text="&\n" * 3000),
    article(content_html='<a href="\x01/a">\x02</a>' * 500, slug="ж" * 60),
    article(content_html='"\\"' * 4000, summary="<&>" * 2000, title='<&>"' * 100),
    article(tags=tuple(f"tag & {n}" for n in range(300)), authors=tuple(f"A <{n}>" for n in range(100))),
    article(correction='<&>"' * 1000, rights="&" * 900, subtitle='"' * 900, dateline="<" * 900),
    article(image=Image("https://i.example/" + "&" * 900, "<" * 900), extra={"a": '<\\"' * 900}),
)


@pytest.mark.parametrize("form", [ATOM, RSS, JSON_FEED])
@pytest.mark.parametrize("content", ["full", "summary", "none"])
@pytest.mark.parametrize("one", HEAVY, ids=range(len(HEAVY)))
def test_size_estimate_is_an_upper_bound(form: Format, content: Content, one: Article) -> None:
    def written(page: Listing) -> int:
        return len(form.listing(page, BASE_OF_100))

    query, estimate = Query(content=content), estimate_size(one)
    taken = written(listing(one, query=query, of=SITE)) - written(listing(query=query, of=SITE))
    assert taken <= estimate.rest + (estimate.text if content == "full" else 0)


@pytest.mark.parametrize("form", [ATOM, RSS, JSON_FEED])
def test_head_of_a_feed_is_small(form: Format) -> None:
    assert len(form.listing(listing(of=SITE), BASE_OF_100)) < HEAD_BYTES
    assert len(form.listing(listing(of=site(description="&" * 500)), BASE_OF_100)) < HEAD_BYTES


@pytest.fixture(scope="module")
def heavy(tmp_path_factory: pytest.TempPathFactory) -> PublishedFolder:
    """150 articles of up to 20 kB, and one larger than a whole document may be."""
    made = PublishedFolder(tmp_path_factory.mktemp("heavy"), Site(feed_bytes=MOST_BYTES))
    for number in range(150):
        text = f"Word & <more> of {number}. " * (1 + 700 * (number % 7 == 0) + 100 * (number % 5))
        facts: dict[str, Any] = {"date": f"2024-0{1 + number % 6}-{1 + number % 28:02}", "text": text}
        made.write(f"a{number:03}", **facts)
    made.write("huge", date="2024-03-03", text="Word & <more>. " * 20_000)
    made.refresh()
    return made


ORDERS = ["", "&sort=oldest", "&sort=updated"]


@pytest.mark.parametrize("address", ["/feed.atom", "/feed.rss"])
@pytest.mark.parametrize("order", ORDERS)
def test_paging_visits_every_article_once_in_both_directions(
    heavy: PublishedFolder, address: str, order: str
) -> None:
    start = f"{address}?limit=40{order}"
    forwards, sizes = walk(heavy, start, "next")
    assert len(forwards) == len(set(forwards)) == 151
    assert min(sizes) < 40
    last = heavy.read(start).links["last"]
    document = heavy.read(last)
    assert "next" not in document.links
    assert list(document.entries)[-1] == forwards[-1]
    backwards, _ = walk(heavy, last, "previous")
    assert backwards == forwards[::-1]
    assert "previous" not in heavy.read(start).links


def walk(site: PublishedFolder, address: str, rel: str) -> tuple[list[str], list[int]]:
    """What stands in the documents from `address` on, in the order it is met, and how many in each."""
    met, sizes = [], []
    while address:
        document = site.read(address)
        assert document.address.removeprefix(BASE) == address.removeprefix(BASE)
        ids = list(document.entries)
        assert len(document.body) <= MOST_BYTES or ids == ["id:huge"]
        met += ids if rel == "next" else ids[::-1]
        sizes.append(len(ids))
        address = document.links.get(rel, "")
    return met, sizes


def test_json_feed_links_to_its_next_page(heavy: PublishedFolder) -> None:
    met, address = [], "/feed.json?limit=100"
    while address:
        response = heavy.get(address)
        feed = response.json()
        ids = [item["id"] for item in feed["items"]]
        assert len(response.content) <= MOST_BYTES or ids == ["id:huge"]
        met += ids
        address = feed.get("next_url", "")
    assert len(met) == len(set(met)) == 151


@pytest.mark.parametrize("address", ["/feed.atom", "/feed.rss", "/feed.atom?content=summary"])
def test_archive_pages_are_the_same_in_every_format(heavy: PublishedFolder, address: str) -> None:
    documents = heavy.archive(address)
    for document in documents:
        assert len(document.body) <= MOST_BYTES or list(document.entries) == ["id:huge"]
    assert sum(len(document.entries) for document in documents) == 151
    places = [document.address.rpartition("archive=")[2] for document in documents]
    if "summary" not in address:
        assert places == [item.address.rpartition("archive=")[2] for item in heavy.archive("/feed.rss")]


def test_lists_have_no_size_limit(heavy: PublishedFolder) -> None:
    assert len(heavy.get("/articles.json?limit=100").json()["articles"]) == 100
