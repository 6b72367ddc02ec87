"""Every filter, alone and with others, in every order: what the index finds and what a plain loop finds."""

import asyncio
import random
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, get_args
from urllib.parse import urlencode

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.content.identity.slugs import name_slug
from service.errors import InvalidParameter
from service.index import Index
from service.model import Article, Attachment, Image, Site, Source, fold
from service.query import FILTERS, ArchiveMonths, Query, Sort, has_sort_filter
from service.web.query_string.parsing import parse_query
from tests.support.article_index import build_index
from tests.support.builders import article, at
from tests.support.index_folder import in_order, walk

SITE = Site(time_zone="America/New_York")
NOW = at("2026-01-01")
TAGS = ("Iraq", "Économie", "C++")
AUTHORS = ("Åse Ørn", "Bo")
SERIES = ("Harbours", "Éditions")
WORDS = ("water", "bridge", "river", "Straße")
LANGUAGES = ("en", "en-GB", "fr")


def make_articles(seed: int = 5, count: int = 120) -> Iterator[Article]:
    chance = random.Random(seed)  # noqa: S311

    def some(values: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(value for value in values if chance.random() < 0.4)

    for number in range(count):
        # Close to the turn of a year, so that time zones matter; several articles share each instant.
        published = at("2018-11-20") + timedelta(hours=6 * chance.randrange(300))
        is_dated = chance.random() < 0.9
        audio = (Attachment("/files/a.mp3", "audio/mpeg"),) if chance.random() < 0.2 else ()
        document = (Attachment("/files/a.pdf", "application/pdf"),) if chance.random() < 0.2 else ()
        yield article(
            f"article-{number}",
            path=f"{number:03}.md",
            title=chance.choice(("", "“", "The ")) + " ".join(some(WORDS) or ("plain",)),
            text=" ".join(some(WORDS)) or "nothing",
            summary="nothing",
            published=published if is_dated else None,
            updated=published + timedelta(days=chance.randrange(9)) if is_dated else None,
            tags=some(TAGS),
            authors=some(AUTHORS),
            source=Source("The Post", "the-post") if chance.random() < 0.3 else None,
            language=chance.choice(LANGUAGES),
            series=chance.choice((None, *SERIES)),
            series_order=chance.choice((None, 1, 2, 2.5, -1, 0)),
            featured=chance.random() < 0.3,
            image=Image("/files/a.png") if chance.random() < 0.5 else None,
            attachments=(*audio, *document),
        )


ARTICLES = {candidate.slug: candidate for candidate in make_articles()}


def month_of(candidate: Article) -> str:
    return candidate.published.astimezone(SITE.zone).strftime("%Y-%m") if candidate.published else ""


def has_words(text: str, words: str) -> bool:
    return set(fold(words).split()) <= set(fold(text).replace("“", "").split())


def is_related(candidate: Article, slug: str) -> bool:
    other = ARTICLES.get(slug)
    return (
        other is not None
        and candidate.slug != slug
        and candidate.language[:2] == other.language[:2]
        and bool({tag.slug for tag in candidate.tags} & {tag.slug for tag in other.tags})
    )


def has_medium(candidate: Article, medium: str) -> bool:
    return {
        "image": candidate.image is not None,
        "audio": any(attached.mime_type.startswith("audio/") for attached in candidate.attachments),
        "attachment": bool(candidate.attachments),
    }[medium]


def tag_slugs(candidate: Article) -> set[str]:
    return {tag.slug for tag in candidate.tags}


HOLDS: Mapping[str, Callable[[Article, Any], bool]] = {
    "q": lambda candidate, words: has_words(f"{candidate.title} {candidate.content_text}", words),
    "tags": lambda candidate, slugs: set(slugs) <= tag_slugs(candidate),
    "exclude_tags": lambda candidate, slugs: not set(slugs) & tag_slugs(candidate),
    "any_tags": lambda candidate, slugs: bool(set(slugs) & tag_slugs(candidate)),
    "authors": lambda candidate, slugs: bool(set(slugs) & {author.slug for author in candidate.authors}),
    "sources": lambda candidate, slugs: candidate.source is not None and candidate.source.slug in slugs,
    "languages": lambda candidate, tags: any(f"{candidate.language}-".startswith(f"{tag}-") for tag in tags),
    "series": lambda candidate, slug: candidate.series is not None and name_slug(candidate.series) == slug,
    "featured": lambda candidate, flag: candidate.featured == (flag == "true"),
    "media": lambda candidate, media: all(has_medium(candidate, medium) for medium in media),
    "title": lambda candidate, words: has_words(candidate.title, words),
    "ids": lambda candidate, ids: candidate.id in ids,
    "slugs": lambda candidate, slugs: candidate.slug in slugs,
    "related": is_related,
    "year": lambda candidate, year: month_of(candidate)[:4] == year.text,
    "month": lambda candidate, month: month_of(candidate) == month.text,
    "since": lambda candidate, moment: candidate.published is not None and candidate.published >= moment,
    "until": lambda candidate, moment: candidate.published is not None and candidate.published < moment,
    "updated_since": lambda candidate, moment: candidate.changed is not None and candidate.changed >= moment,
}
"""Whether an article passes a filter, by the field of Query."""

SLUGS = st.sampled_from([*list(ARTICLES)[:30], "no-such-article"])
INSTANTS = st.integers(0, 200).map(
    lambda number: (at("2018-11-01") + timedelta(days=number)).date().isoformat()
)
VALUES: Mapping[str, st.SearchStrategy[str]] = {
    "q": st.sampled_from(WORDS),
    "tag": st.sampled_from((*TAGS, "economie", "no such tag")),
    "exclude_tag": st.sampled_from((*TAGS, "no such tag")),
    "any_tag": st.sampled_from((*TAGS, "IRAQ", "no such tag")),
    "author": st.sampled_from((*AUTHORS, "ase ørn", "nobody")),
    "source": st.sampled_from(("The Post", "no such source")),
    "language": st.sampled_from(("en", "en-GB", "fr", "de")),
    "series": st.sampled_from((*SERIES, "editions", "no such series")),
    "featured": st.sampled_from(("true", "false")),
    "has": st.sampled_from(("image", "audio", "attachment")),
    "title": st.sampled_from((*WORDS, "WATER bridge", "strasse")),
    "id": SLUGS.map(lambda slug: f"tag:example.org,2026:en/{slug}"),
    "slug": SLUGS,
    "related": SLUGS,
    "year": st.sampled_from(("2018", "2019", "2020", "9999", "0001")),
    "month": st.sampled_from(("2018-11", "2018-12", "2019-01", "9999-12")),
    "since": INSTANTS,
    "until": INSTANTS,
    "updated_since": INSTANTS,
}
"""Values of each filter, as a client writes them."""


@st.composite
def queries(draw: st.DrawFn) -> Query:
    pairs: list[tuple[str, str]] = []
    for row in draw(st.lists(st.sampled_from(FILTERS), max_size=4, unique_by=lambda row: row.name)):
        count = draw(st.integers(1, 3)) if row.repeats else 1
        pairs += [(row.name, draw(VALUES[row.name])) for _ in range(count)]
    query = parse_query(urlencode(pairs).encode(), "json", SITE)
    sorts = [
        sort
        for sort in get_args(Sort)
        if sort != "relevance" and has_sort_filter(msgspec.structs.replace(query, sort=sort))
    ]
    return msgspec.structs.replace(query, sort=draw(st.sampled_from(sorts)))


def expected(query: Query) -> list[str]:
    selected = [
        candidate
        for candidate in ARTICLES.values()
        if all(HOLDS[row.field](candidate, value) for row in FILTERS if (value := getattr(query, row.field)))
    ]
    return [candidate.id for candidate in sort_articles(selected, query.sort)]


def sort_articles(articles: list[Article], sort: Sort) -> list[Article]:
    if sort == "title":
        return sorted(articles, key=lambda candidate: (fold(candidate.title).lstrip("“"), candidate.id))
    if sort == "series":
        last = datetime.max.replace(tzinfo=UTC)
        return sorted(
            articles,
            key=lambda candidate: (
                candidate.series_order is None,
                candidate.series_order or 0,
                candidate.published or last,
                candidate.id,
            ),
        )
    return in_order(articles, sort)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        yield build_index(Path(folder) / "index.db", ARTICLES.values(), SITE, NOW)


def ids_by_page(url: str, query: Query, limit: int) -> tuple[list[list[str]], int | None]:
    async def ask() -> tuple[list[list[str]], int | None]:
        index = Index(url)
        try:
            pages = [page async for page in walk(index, query, limit)]
        finally:
            await index.close()
        return [[candidate.id for candidate in page.articles] for page in pages], pages[0].total

    return asyncio.run(ask())


def test_every_filter_is_compared() -> None:
    assert set(HOLDS) == {row.field for row in FILTERS}
    assert set(VALUES) == {row.name for row in FILTERS}


@given(query=queries(), limit=st.sampled_from((3, 20, 100)))
def test_a_query_finds_what_a_loop_finds(url: str, query: Query, limit: int) -> None:
    pages, total = ids_by_page(url, query, limit)
    assert [article_id for page in pages for article_id in page] == expected(query)
    assert total == len(expected(query))
    assert all(len(page) == limit for page in pages[:-1])


@pytest.mark.parametrize("sort", get_args(Sort))
def test_each_order_can_be_walked_back(url: str, sort: Sort) -> None:
    query = Query(
        q="water" if sort == "relevance" else "", series="harbours" if sort == "series" else None, sort=sort
    )

    async def walk_there_and_back() -> tuple[list[list[str]], list[list[str]]]:
        index = Index(url)
        try:
            there = [page async for page in walk(index, query, 7)]
            back = [there[-1]]
            while back[-1].previous_cursor:
                back.append(
                    await index.find(msgspec.structs.replace(query, cursor=back[-1].previous_cursor), 7)
                )
        finally:
            await index.close()
        return tuple(
            [[candidate.id for candidate in page.articles] for page in pages] for pages in (there, back)
        )  # type: ignore[return-value]

    there, back = asyncio.run(walk_there_and_back())
    assert there == back[::-1]


@pytest.mark.parametrize("sort", ["newest", "title"])
def test_a_cursor_of_another_order_is_refused(url: str, sort: Sort) -> None:
    other: Sort = "title" if sort == "newest" else "newest"

    async def find_with_a_key_of_another_order() -> None:
        index = Index(url)
        try:
            page = await index.find(Query(sort=other), 3)
            await index.find(Query(sort=sort, cursor=page.next_cursor), 3)
        finally:
            await index.close()

    with pytest.raises(InvalidParameter, match="restart without it"):
        asyncio.run(find_with_a_key_of_another_order())


@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Auckland", "UTC"])
def test_months_are_counted_in_the_time_zone_of_the_site(tmp_path: Path, zone: str) -> None:
    site = Site(time_zone=zone)
    extremes = [
        article(name, path=f"{name}.md", published=moment)
        for name, moment in (
            ("first", datetime.min.replace(tzinfo=UTC) + timedelta(days=1)),
            ("last", datetime.max.replace(tzinfo=UTC, microsecond=0) - timedelta(days=1)),
        )
    ]
    articles = [*ARTICLES.values(), *extremes]
    index_url = build_index(
        tmp_path / "index.db", articles, site, datetime.max.replace(tzinfo=UTC, microsecond=0)
    )

    async def count() -> tuple[ArchiveMonths, dict[str, int | None]]:
        index = Index(index_url)
        try:
            counted = await index.count_months()
            totals = {
                str(item.month): (await index.find(Query(month=item.month), 1)).total
                for item in counted.months
            }
        finally:
            await index.close()
        return counted, totals

    counted, totals = asyncio.run(count())
    local = [candidate.published.astimezone(site.zone) for candidate in articles if candidate.published]
    expected_counts = Counter(f"{moment.year:04}-{moment.month:02}" for moment in local)
    selected = [(str(item.month), item.count) for item in counted.months]
    assert selected == sorted(expected_counts.items(), reverse=True)
    assert totals == dict(selected)
    assert counted.undated == sum(candidate.published is None for candidate in articles)
