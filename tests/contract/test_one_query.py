"""The idea of the service: one query has every representation, with the same articles in the same order."""

import asyncio
import re
from collections.abc import Callable

import feedparser  # type: ignore[import-untyped]
import msgspec
import pytest

from service.formats import FEEDS
from service.index import Index
from service.ingest import refresh_index
from service.model import FORMAT_DESCRIPTIONS, Site
from service.publisher import Publisher, Rendered
from service.query import Query
from service.urls import FormatName, Urls
from tests.support.builders import at
from tests.support.feed_rules import atom_faults, json_feed_faults, rss_faults

BASE = "https://example.org/news"
SITE = Site(title="Example", id_authority="example.org", id_year=2026)
TAGS = ("Water", "Zürich", "C++", "日本")
LANGUAGES = ("en", "en-GB", "de", "ja")


def front_matter(n: int) -> str:
    date = f"date: 2020-{1 + n % 12:02}-{1 + n % 28:02}\n" if n % 9 else ""
    updated = f"updated: 2021-01-{1 + n % 28:02}\n" if n % 4 == 0 else ""
    tags = ", ".join(f'"{tag}"' for place, tag in enumerate(TAGS) if n % (place + 2) == 0)
    return (
        f"---\ntitle: Article {n} <b> & “quotes”\nslug: article-{n}\n{date}{updated}"
        f"tags: [{tags}]\nauthor: Author {n % 3}\nlanguage: {LANGUAGES[n % 4]}\n"
        f"source: {{name: Paper {n % 2}}}\n---\n\n"
    )


@pytest.fixture(scope="module")
def index_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("content")
    for n in range(60):
        body = f"The river carries *water* number {n}. ]]> & <br> {'Bridge. ' * (n % 5)}\n"
        (folder / f"{n}.md").write_text(front_matter(n) + body, "utf-8")
    url = f"sqlite:///{tmp_path_factory.mktemp('index')}/index.db"
    report = refresh_index(url, folder, SITE)
    assert (report.articles, report.faults) == (60, ())
    return url


QUERIES = {
    "everything": Query(),
    "a tag": Query(tags=("water",)),
    "a tag that is not there": Query(tags=("no-such",)),
    "two tags": Query(tags=("water", "zurich")),
    "a tag in another script": Query(tags=("日本",)),
    "without a tag": Query(exclude_tags=("water",)),
    "an author": Query(authors=("author-1",)),
    "a source": Query(sources=("paper-1",)),
    "a language and its varieties": Query(languages=("en",)),
    "a variety": Query(languages=("en-GB",)),
    "an interval": Query(since=at("2020-03-01"), until=at("2020-06-01")),
    "recently updated": Query(updated_since=at("2021-01-10")),
    "oldest first": Query(sort="oldest"),
    "by update": Query(sort="updated"),
    "a search": Query(q="water bridge"),
    "a search with a tag": Query(q="bridge", tags=("water",)),
    "all together": Query(q="river", exclude_tags=("c-plus-plus",), languages=("en",), sort="updated"),
    "short": Query(limit=7),
    "summaries": Query(content="summary"),
    "without content": Query(content="none"),
}


def ids_in_json(body: bytes) -> list[str]:
    return [article["id"] for article in msgspec.json.decode(body)["articles"]]


def ids_in_lines(body: bytes) -> list[str]:
    return [msgspec.json.decode(line)["id"] for line in body.splitlines()]


def ids_in_json_feed(body: bytes) -> list[str]:
    return [item["id"] for item in msgspec.json.decode(body)["items"]]


def ids_in_xml(body: bytes) -> list[str]:
    parsed = feedparser.parse(body)
    assert not parsed.bozo
    return [entry.id for entry in parsed.entries]


def slugs_as_ids(pattern: str) -> Callable[[bytes], list[str]]:
    def read(body: bytes) -> list[str]:
        slugs = re.findall(pattern, body.decode(), re.MULTILINE)
        return [f"tag:example.org,2026:{LANGUAGES[int(slug[8:]) % 4]}/{slug}" for slug in slugs]

    return read


READERS: dict[FormatName, Callable[[bytes], list[str]]] = {
    "json": ids_in_json,
    "ndjson": ids_in_lines,
    "jsonfeed": ids_in_json_feed,
    "atom": ids_in_xml,
    "rss": ids_in_xml,
    "html": slugs_as_ids(r'<h2><a href="[^"]*/articles/(article-\d+)">'),
    "markdown": slugs_as_ids(r"^## \[.*\]\(\S*/articles/(article-\d+)\)$"),
}

RULES: dict[FormatName, Callable[[bytes], list[str]]] = {
    "atom": atom_faults,
    "rss": rss_faults,
    "jsonfeed": json_feed_faults,
}


def no_rules(_: bytes) -> list[str]:
    return []


async def walk(index_url: str, format_name: FormatName, query: Query) -> list[list[str]]:
    """The ids on every page of `query` as `format_name`, page after page."""
    index = Index(index_url)
    publisher = Publisher(index, SITE, cache_bytes=1_000_000)
    pages = []
    try:
        step: Query | None = msgspec.structs.replace(query, limit=query.limit or 25)
        while step:
            rendered = await publisher.listing(format_name, step, BASE)
            pages.append(READERS[format_name](rendered.body))
            assert RULES.get(format_name, no_rules)(rendered.body) == []
            result = await index.find(step, step.limit or 25)
            step = msgspec.structs.replace(step, cursor=result.next_cursor) if result.next_cursor else None
    finally:
        await index.close()
    return pages


@pytest.mark.parametrize("name", QUERIES)
def test_every_format_has_the_same_articles_in_the_same_order(index_url: str, name: str) -> None:
    expected = asyncio.run(walk(index_url, "json", QUERIES[name]))
    ids = [item for page in expected for item in page]

    assert len(set(ids)) == len(ids)
    for format_name in READERS:
        assert asyncio.run(walk(index_url, format_name, QUERIES[name])) == expected, format_name


def test_queries_find_several_articles(index_url: str) -> None:
    counts = {name: sum(map(len, asyncio.run(walk(index_url, "json", q)))) for name, q in QUERIES.items()}

    assert counts["everything"] == 60
    assert counts.pop("a tag that is not there") == 0
    assert all(counts.values()), counts


def test_stream_holds_the_whole_result(index_url: str) -> None:
    async def stream() -> list[str]:
        index = Index(index_url)
        publisher = Publisher(index, SITE, cache_bytes=1_000_000)
        content = await publisher.stream(Query(limit=3), BASE)
        await index.close()
        assert isinstance(content, Rendered)
        return ids_in_lines(content.body)

    pages = asyncio.run(walk(index_url, "json", Query()))

    assert asyncio.run(stream()) == [item for page in pages for item in page]


def test_every_format_is_compared() -> None:
    assert READERS.keys() == FORMAT_DESCRIPTIONS.keys()
    assert RULES.keys() == set(FEEDS)


def test_the_addresses_of_the_representations_differ() -> None:
    addresses = {Urls(BASE).listing(format_name, Query(tags=("water",))) for format_name in READERS}

    assert len(addresses) == len(READERS)
