"""Every filter of FILTERS has everything that follows from its row."""

from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest

from service.filter_parsers import PARSERS
from service.formats.feeds.feed import feed_id
from service.formats.html.removable_filters import removable_filters
from service.formats.titles import title_of
from service.index.article_row import terms_of
from service.index.where import BOUNDS, CLAUSES
from service.model import Image, Source
from service.query import (
    FILTERS,
    Filter,
    Query,
    archive_query,
    bind,
    excluded_terms,
    filter_values,
    has_archive,
    is_quick,
    required_terms,
)
from service.urls import (
    DIRECTORY_PATHS,
    LISTING_PATHS,
    Urls,
    canonical_parameters,
    facet_query,
    is_facet,
    is_topic,
)
from service.web.query_string.parameters import PARAMETERS, SCHEMAS
from service.web.query_string.parsing import parse_query
from tests.support.builders import article, site

NO_FILTERS = {"sort", "content", "fields", "limit", "cursor", "archive", "position"}
SITE = site()
EXAMPLES: dict[str, Query] = {
    row.name: parse_query(urlencode({row.name: row.example}).encode(), "json", SITE) for row in FILTERS
}
EVERY_FILTER = pytest.mark.parametrize("row", FILTERS, ids=lambda row: row.name)


def value_of(row: Filter) -> Any:
    """The one value of the example of `row`."""
    (value,) = filter_values(EXAMPLES[row.name], row)
    return value


def test_query_has_a_field_for_every_filter_and_no_other_filter() -> None:
    assert {row.field for row in FILTERS} == set(Query.__struct_fields__) - NO_FILTERS


def test_names_and_labels_are_unique() -> None:
    assert len({row.name for row in FILTERS}) == len({row.label for row in FILTERS}) == len(FILTERS)
    assert all(row.plural or not row.repeats for row in FILTERS)


def test_every_kind_of_value_is_parsed() -> None:
    assert {row.kind for row in FILTERS} == set(SCHEMAS) == set(PARSERS)


def test_parameters_begin_with_the_filters_in_their_order() -> None:
    assert [parameter.name for parameter in PARAMETERS][: len(FILTERS)] == [row.name for row in FILTERS]


@EVERY_FILTER
def test_addresses_keep_the_filter(row: Filter) -> None:
    query = EXAMPLES[row.name]
    for format_name in LISTING_PATHS:
        parameters = canonical_parameters(query, format_name)
        address = Urls("https://example.org").listing(format_name, query)

        assert [name for name, _ in parameters] == [row.name], format_name
        assert parse_query(urlencode(parameters).encode(), format_name, SITE) == query, format_name
        assert urlencode(parameters) in address.replace("%20", "+")


@EVERY_FILTER
def test_feeds_and_cursors_of_the_filter_are_its_own(row: Filter) -> None:
    assert feed_id(SITE, EXAMPLES[row.name]) != feed_id(SITE, Query())
    assert bind(EXAMPLES[row.name]) != bind(Query())


@EVERY_FILTER
def test_the_title_names_the_filter(row: Filter) -> None:
    assert f" — {row.label} " in title_of(SITE, EXAMPLES[row.name], ())


@EVERY_FILTER
def test_the_filter_can_be_removed(row: Filter) -> None:
    (removable,) = removable_filters(SITE, EXAMPLES[row.name], ())

    assert (removable.word, removable.without) == (row.label, Query())


def test_one_filter_of_all_is_removed() -> None:
    everything = Query(
        **{name: value for query in EXAMPLES.values() for name, value in query_fields(query).items()},
        sort="relevance",
    )
    removed = removable_filters(SITE, everything, ())

    assert [item.word for item in removed] == [row.label for row in FILTERS]
    for row, item in zip(FILTERS, removed, strict=True):
        assert query_fields(item.without).keys() == query_fields(everything).keys() - (
            {row.field, "sort"} if row.name == "q" else {row.field}
        )


def query_fields(query: Query) -> dict[str, Any]:
    """The fields of `query` that are not the default."""
    default = Query()
    return {
        name: value
        for name, value in msgspec.structs.asdict(query).items()
        if value != getattr(default, name)
    }


def test_the_index_has_a_clause_for_every_filter() -> None:
    fields = {row.field for row in FILTERS if row.term is None}
    assert fields == {"q", "title", *BOUNDS, *CLAUSES}


def test_an_article_is_listed_under_the_terms_of_every_filter() -> None:
    everything = article(
        tags=("Iraq",),
        authors=("Ada",),
        source=Source("Rudaw", "rudaw"),
        series="Harbours",
        featured=True,
        image=Image("/files/a.png"),
    )
    listed = terms_of(everything)

    assert {row.term for row in FILTERS if row.term} == {term.kind for term in listed}


@EVERY_FILTER
def test_terms_are_required_or_excluded(row: Filter) -> None:
    query = EXAMPLES[row.name]
    term = ((row.term, value_of(row)),) if row.term else ()

    assert required_terms(query) == (() if row.excludes else term)
    assert excluded_terms(query) == (term if row.excludes else ())


@EVERY_FILTER
def test_archives_take_filters_by_terms(row: Filter) -> None:
    query = EXAMPLES[row.name]

    assert has_archive(query) == row.is_archived == (row.term is not None)
    assert archive_query(query) == (query if row.is_archived else Query())


@EVERY_FILTER
def test_a_query_is_quick_by_one_kept_count(row: Filter) -> None:
    assert is_quick(EXAMPLES[row.name]) == (row.term is not None and not row.excludes)


@EVERY_FILTER
def test_hubs_are_pinged_for_what_has_a_directory(row: Filter) -> None:
    query = EXAMPLES[row.name]

    assert is_topic(query) == (row.name in DIRECTORY_PATHS)
    if row.name in DIRECTORY_PATHS:
        assert row.term is not None
        assert is_facet(row.term)
        assert facet_query(row.term, value_of(row)) == query
