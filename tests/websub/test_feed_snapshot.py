"""The address of a feed that hubs know leads back to its query."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.formats import FEEDS
from service.query import FacetKind, Query
from service.urls import DIRECTORY_PATHS, Urls, facet_query
from service.websub.feed_snapshot import topic_query

BASE = "https://example.org/blog"


@given(st.sampled_from(tuple(DIRECTORY_PATHS)), st.text(min_size=1), st.sampled_from(FEEDS))
def test_topic_query(kind: FacetKind, slug: str, format_name: str) -> None:
    query = facet_query(kind, slug)

    assert topic_query(Urls(BASE).listing(format_name, query)) == query  # type: ignore[arg-type]


@pytest.mark.parametrize("address", ["/feed.atom", "/feed.json?limit=1", "/feed.rss?nonsense=%ff", ""])
def test_the_main_feed_for_every_other_address(address: str) -> None:
    assert topic_query(BASE + address) == Query()
