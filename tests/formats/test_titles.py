"""Titles and ids of queries."""

import pytest

from service.formats.feeds.feed import feed_id
from service.formats.titles import title_of
from service.model import Site
from service.query import Cursor, Query, TermName, bind
from tests.support.builders import at, site

TITLES = [
    (Query(), "Example"),
    (Query(limit=5, content="none", fields=("id",)), "Example"),
    (Query(tags=("iraq",)), "Example — tag Iraq"),
    (Query(tags=("iraq", "unknown")), "Example — tags Iraq, unknown"),
    (Query(exclude_tags=("iraq",)), "Example — without tag Iraq"),
    (Query(exclude_tags=("iraq", "war")), "Example — without tags Iraq, war"),
    (Query(authors=("ada", "bo")), "Example — author Ada Osei or bo"),
    (Query(any_tags=("iraq", "oil")), "Example — any tag of Iraq or oil"),
    (Query(series="harbours", sort="series"), "Example — series harbours; in reading order"),
    (Query(featured="true", media=("audio",)), "Example — featured articles; with audio"),
    (Query(featured="false"), "Example — featured articles excluded"),
    (Query(title="oil", sort="title"), "Example — title “oil”; by title"),
    (Query(authors=("ada",)), "Example — author Ada Osei"),
    (Query(related="harbour-opens"), "Example — related to The harbour opens"),
    (Query(slugs=("harbour-opens", "none")), "Example — article The harbour opens or none"),
    (Query(media=("audio", "image")), "Example — with audio, an image"),
    (Query(sources=("iraq",)), "Example — source iraq"),
    (Query(languages=("en",)), "Example — language English"),
    (Query(q='a "b"', sort="relevance"), 'Example — search “a "b"”; best matches'),
    (
        Query(since=at("2019-01-28"), until=at("2019-02-01T12:00")),
        "Example — since 2019-01-28; until 2019-02-01T12:00:00Z",
    ),
    (Query(updated_since=at("2019-01-28")), "Example — updated since 2019-01-28"),
    (Query(sort="updated"), "Example — recently updated"),
    (Query(tags=("iraq",), sort="oldest"), "Example — tag Iraq; oldest first"),
]
NAMES = (
    TermName("tag", "iraq", "Iraq"),
    TermName("author", "ada", "Ada Osei"),
    TermName("language", "en", "English"),
    TermName("article", "harbour-opens", "The harbour opens"),
)


@pytest.mark.parametrize(("query", "title"), TITLES)
def test_title(query: Query, title: str) -> None:
    assert title_of(site(), query, NAMES) == title


IDS = [
    (Query(), "tag:example.org,2026:feed"),
    (Query(limit=5, content="none", fields=("id",)), "tag:example.org,2026:feed"),
    (Query(q="a b", cursor=Cursor(False, 1, "x", bind(Query(q="a b")))), "tag:example.org,2026:feed?q=a%20b"),
    (Query(tags=("بغداد", "iraq")), "tag:example.org,2026:feed?tag=%D8%A8%D8%BA%D8%AF%D8%A7%D8%AF&tag=iraq"),
]


@pytest.mark.parametrize(("query", "expected"), IDS)
def test_feed_id(query: Query, expected: str) -> None:
    assert feed_id(site(public_url="https://a.example"), query) == expected
    assert feed_id(site(public_url="https://b.example", title="Other"), query) == expected


def test_feed_id_without_authority() -> None:
    one, other = Site(title="One"), Site(title="Other")
    assert feed_id(one, Query()).startswith("urn:uuid:")
    assert feed_id(one, Query()) == feed_id(one, Query(limit=3))
    assert len({feed_id(each, query) for each in (one, other) for query in (Query(), Query(q="x"))}) == 4
