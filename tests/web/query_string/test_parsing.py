"""The door for parameters: what each query string becomes on each representation."""

from datetime import UTC, datetime
from typing import Any

import pytest

from service.content.identity.slugs import name_slug
from service.errors import InvalidParameter, UnknownParameter
from service.formats import FEEDS
from service.query import Cursor, Query, bind
from service.urls import FormatName
from service.web.query_string.parameters import EVERYWHERE, PARAMETERS, STRICT
from service.web.query_string.parsing import parse_query, reject_parameters
from tests.support.builders import at, site

PARIS = site(time_zone="Europe/Paris")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"", {}),
        (b"q=", {}),
        (b"q=%20+", {}),
        (b"q=water++supply", {"q": "water supply"}),
        (b"q=caf%C3%A9", {"q": "café"}),
        (b"q=a%07b", {"q": "a b"}),
        (b"q=&q=one", {"q": "one"}),
        (b"tag=Iraq", {"tags": ("iraq",)}),
        (b"tag=C%2B%2B&tag=c&tag=C%23", {"tags": ("c", "c-plus-plus", "c-sharp")}),
        (b"tag=b&tag=a&tag=B", {"tags": ("a", "b")}),
        (b"tag=!!!", {"tags": (name_slug("!!!"),)}),
        ("tag=🎉".encode(), {"tags": (name_slug("🎉"),)}),
        (b"tag=%20", {}),
        (b"tag=&" * 21 + b"tag=a", {"tags": ("a",)}),
        (b"exclude_tag=Islamic+State", {"exclude_tags": ("islamic-state",)}),
        (b"author=%C3%85se+%C3%98rn", {"authors": ("ase-ørn",)}),
        (b"source=Rudaw", {"sources": ("rudaw",)}),
        (b"language=PT_br", {"languages": ("pt-BR",)}),
        (b"limit=1", {"limit": 1}),
        (b"limit=100", {"limit": 100}),
        (b"limit=007", {"limit": 7}),
        (b"sort=updated", {"sort": "updated"}),
        (b"sort=relevance&q=a", {"sort": "relevance", "q": "a"}),
        (b"content=none", {"content": "none"}),
        (b"fields=title,id", {"fields": ("id", "title")}),
        (b"fields=id&fields=", {"fields": ("id",)}),
        (b"fields=,", {}),
        (b"since=2019-01-28", {"since": datetime(2019, 1, 27, 23, tzinfo=UTC)}),
        (b"until=2019-07-28", {"until": datetime(2019, 7, 27, 22, tzinfo=UTC)}),
        (b"since=2019-01-28T09:00:00Z", {"since": at("2019-01-28T09:00")}),
        (b"since=2019-01-28t09:00:00z", {"since": at("2019-01-28T09:00")}),
        (b"since=2019-01-28T09:00:00%2B01:00", {"since": at("2019-01-28T08:00")}),
        (b"since=2019-01-28T09:00:00+01:00", {"since": at("2019-01-28T08:00")}),
        (b"since=2019-01-28T09:00:00-00:30", {"since": at("2019-01-28T09:30")}),
        (b"since=2019-01-28T09:00:00.000Z", {"since": at("2019-01-28T09:00:00")}),
        (b"since=2019-01-28T09:00:00.001Z", {"since": at("2019-01-28T09:00:01")}),
        (b"since=2016-12-31T23:59:60Z", {"since": at("2017-01-01")}),
        (b"since=0001-01-01", {"since": datetime(1, 1, 1, tzinfo=UTC)}),
        (b"until=9999-12-31T23:59:59-12:00", {"until": at("9999-12-31T23:59:59")}),
        (b"updated_since=2019-01-28T00:00:00Z", {"updated_since": at("2019-01-28")}),
        (b"nonsense=", {}),
        (b"nonsense", {}),
        (b"&&&", {}),
    ],
)
def test_valid_queries(raw: bytes, expected: dict[str, Any]) -> None:
    assert parse_query(raw, "json", PARIS) == Query(**expected)


@pytest.mark.parametrize(
    ("raw", "parameter"),
    [
        (b"sort=best", "sort"),
        (b"sort=relevance", "sort"),
        (b"content=some", "content"),
        (b"since=yesterday", "since"),
        (b"since=2019-02-30", "since"),
        (b"since=2019-1-1", "since"),
        (b"since=2019-01-28T09:00", "since"),
        (b"since=2019-01-28T09:00:00", "since"),
        (b"since=2019-01-28T25:00:00Z", "since"),
        (b"since=2019-01-28T09:00:00+99:00", "since"),
        ("since=２０１９-01-28".encode(), "since"),
        (b"until=0", "until"),
        (b"updated_since=now", "updated_since"),
        (b"language=not+a+tag", "language"),
        (b"language=%F0%9F%98%80", "language"),
        (b"q=" + b"a" * 501, "q"),
        (b"q=" + b"a" * 20_000, "q"),
        (b"q=%FF", "q"),
        (b"q=a%00b", "q"),
        (b"q=a&q=b", "q"),
        (b"series=a&series=b", "series"),
        (b"year=2019-01", "year"),
        (b"year=0000", "year"),
        (b"month=2019", "month"),
        (b"month=2019-13", "month"),
        (b"featured=yes", "featured"),
        (b"has=video", "has"),
        (b"sort=series", "sort"),
        (b"title=a*", "title"),
        (b"tag=" + b"a" * 201, "tag"),
        (b"tag=a&" * 21, "tag"),
        (b"cursor=broken", "cursor"),
        (b"cursor=%C3%A9", "cursor"),
        (b"cursor=" + b"a" * 3000, "cursor"),
        (b"cursor=a&cursor=b", "cursor"),
    ],
)
def test_a_malformed_value_is_refused_everywhere(raw: bytes, parameter: str) -> None:
    for format_name in sorted(EVERYWHERE):
        with pytest.raises(InvalidParameter) as raised:
            parse_query(raw, format_name, PARIS)
        assert raised.value.parameter == parameter, format_name
        assert str(raised.value).startswith(f"{parameter}: "), format_name


@pytest.mark.parametrize("format_name", sorted(EVERYWHERE - {"ndjson"}))
@pytest.mark.parametrize(
    "value", [b"0", b"101", b"-1", b"abc", b"1e1", b"1.0", b"+1", b"9" * 5000, "٣".encode()]
)
def test_limits(format_name: FormatName, value: bytes) -> None:
    if (format_name, value) == ("json", b"0"):
        assert parse_query(b"limit=0", format_name, PARIS) == Query(limit=0)
        return
    with pytest.raises(InvalidParameter):
        parse_query(b"limit=" + value, format_name, PARIS)


@pytest.mark.parametrize("format_name", sorted(STRICT))
@pytest.mark.parametrize(
    ("raw", "parameter", "suggestion"),
    [
        (b"limt=3", "limt", "limit"),
        (b"tags=a", "tags", "tag"),
        (b"search=a", "search", "q"),
        (b"page=2", "page", "cursor"),
        (b"updated-since=2019-01-28", "updated-since", "updated_since"),
        (b"s=a", "s", "q"),
        (b"order-by=date", "order-by", "sort"),
        (b"before=2019-01-28", "before", "until"),
        (b"not_tag=a", "not_tag", "exclude_tag"),
        (b"format=json", "format", None),
        (b"fbclid=x", "fbclid", None),
        (b"utm_source=x", "utm_source", None),
        (b"UTM_content=x", "UTM_content", None),
        (b"%FF=x", "\ufffd", None),
        (b"Q=x", "Q", "q"),
        (b"=x", "", None),
    ],
)
def test_unknown_parameters_are_named(
    format_name: FormatName, raw: bytes, parameter: str, suggestion: str | None
) -> None:
    with pytest.raises(UnknownParameter) as raised:
        parse_query(raw, format_name, PARIS)
    expected = None if (format_name, suggestion) == ("ndjson", "limit") else suggestion
    assert (raised.value.parameter, raised.value.suggestion) == (parameter, expected)


@pytest.mark.parametrize("format_name", sorted(EVERYWHERE - STRICT))
def test_pages_and_feeds_ignore_tracking_parameters(format_name: FormatName) -> None:
    assert parse_query(b"utm_source=x&q=a&fbclid=%FF&fields=nope", format_name, PARIS) == Query(q="a")


def test_parameters_of_some_formats() -> None:
    assert parse_query(b"fields=id", "ndjson", PARIS).fields == ("id",)
    with pytest.raises(InvalidParameter, match="only JSON and NDJSON"):
        parse_query(b"fields=id", "markdown", PARIS)
    with pytest.raises(InvalidParameter, match="leave it out"):
        parse_query(b"limit=3", "ndjson", PARIS)
    with pytest.raises(InvalidParameter, match="did you mean 'title'"):
        parse_query(b"fields=titel", "json", PARIS)


@pytest.mark.parametrize("format_name", FEEDS)
def test_feeds_are_never_ranked(format_name: FormatName) -> None:
    with pytest.raises(InvalidParameter, match="relevance"):
        parse_query(b"q=a&sort=relevance", format_name, PARIS)


def test_a_cursor_belongs_to_its_query() -> None:
    query = Query(tags=("iraq",))
    cursor = Cursor(False, 1548633600, "tag:example.org,2026:en/a", bind(query))
    text = cursor.encode().encode()
    assert parse_query(b"tag=Iraq&limit=3&cursor=" + text, "atom", PARIS).cursor == cursor
    with pytest.raises(InvalidParameter, match="another query"):
        parse_query(b"tag=iran&cursor=" + text, "json", PARIS)


def test_addresses_without_parameters() -> None:
    reject_parameters(b"utm_source=x", "html")
    reject_parameters(b"x=&&y", "json")
    with pytest.raises(UnknownParameter):
        reject_parameters(b"limit=3", "json")


def test_every_field_of_a_query_has_its_parameter() -> None:
    # A position stands in a path only.
    assert {parameter.field for parameter in PARAMETERS} == set(Query.__struct_fields__) - {"position"}
