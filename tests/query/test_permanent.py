"""Cursors, feed ids and addresses of queries that clients have already stored never change.

`permanent_queries.json` holds what they were before filters could be added; rows may be added to it, but the
ones that are there stay as they are.
"""

from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from service.errors import InvalidParameter
from service.formats.feeds.feed import feed_id
from service.query import bind
from service.urls import LISTING_PATHS, Urls
from service.web.query_string.parsing import parse_query
from tests.support.builders import site

ROWS: list[dict[str, Any]] = msgspec.json.decode(
    Path(__file__).with_name("permanent_queries.json").read_bytes()
)
SITE = site()
ANONYMOUS = site(id_authority=None, id_year=None)


def facts_of(text: str) -> dict[str, Any]:
    """Everything about the query written as `text` that clients store, in each format that takes it."""
    query = parse_query(text.encode(), "json", SITE)
    addresses = {}
    for format_name in LISTING_PATHS:
        with suppress(InvalidParameter):
            listing_query = parse_query(text.encode(), format_name, SITE)
            addresses[format_name] = Urls("https://example.org").listing(format_name, listing_query)
    return {
        "query": text,
        "binding": bind(query),
        "feed_id": feed_id(SITE, query),
        "feed_uuid": feed_id(ANONYMOUS, query),
        "addresses": addresses,
    }


def test_what_clients_have_stored_stays_the_same() -> None:
    assert ROWS
    for row in ROWS:
        assert facts_of(row["query"]) == row, row["query"]
