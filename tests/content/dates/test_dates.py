"""Dates as people write them, and as files are named after them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.content.dates.date_text import parse_date

BAGHDAD = ZoneInfo("Asia/Baghdad")

WRITTEN = [
    ("2019-01-28", "2019-01-27T21:00:00"),
    ("2019-1-8", "2019-01-07T21:00:00"),
    ("2019/01/28", "2019-01-27T21:00:00"),
    ("2017", "2016-12-31T21:00:00"),
    ("2015-07", "2015-06-30T21:00:00"),
    ("2019-01-28T09:30:00Z", "2019-01-28T09:30:00"),
    ("2019-01-28t09:30:00.999z", "2019-01-28T09:30:00"),
    ("2019-01-28T09:30:00+01:00", "2019-01-28T08:30:00"),
    ("2019-01-28T09:30+0530", "2019-01-28T04:00:00"),
    ("2019-03-13 15:00:00 -0500", "2019-03-13T20:00:00"),
    ("2015-03-17 14:00:00 -4", "2015-03-17T18:00:00"),
    ("2015-02-24 14:00", "2015-02-24T11:00:00"),
    ("2015-06-29 1:00:19 -0400", "2015-06-29T05:00:19"),
    ("2019-01-28 24:00:00 UTC", "2019-01-29T00:00:00"),
    ("  2019-01-28 09:30:00 GMT ", "2019-01-28T09:30:00"),
    ("Mon, 28 Jan 2019 09:30:00 +0100", "2019-01-28T08:30:00"),
    ("Mon, 28 Jan 2019 09:30:00 GMT", "2019-01-28T09:30:00"),
    ("28 Jan 2019 09:30:00", "2019-01-28T06:30:00"),
    ("2019-01-28T09:30:00[Europe/Oslo]", "2019-01-28T08:30:00"),
    ("2019-01-28T09:30:00+02:00[!Europe/Oslo][u-ca=gregory]", "2019-01-28T07:30:00"),
    ("2019-01-28T09:30Z[UTC]", "2019-01-28T09:30:00"),
    ("2019-01-28 09:30 America/Port-au-Prince", "2019-01-28T14:30:00"),
    ("2019-01-28 09:30 Etc/GMT+5", "2019-01-28T14:30:00"),
]


@pytest.mark.parametrize(("text", "expected"), WRITTEN)
def test_parse_date(text: str, expected: str) -> None:
    instant = parse_date(text, BAGHDAD).instant
    assert instant == datetime.fromisoformat(expected).replace(tzinfo=UTC)
    assert instant.tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "within"),
    [
        ("2017", "year"),
        (" 2015-07 ", "month"),
        ("2015/7", "month"),
        ("2015-07-01", "day"),
        ("2015-07-01 09:30", None),
        ("28 Jan 2019", "day"),
        ("1422403200", None),
        ("July 2015", "month"),
        ("Juillet 2015", "month"),
    ],
)
def test_parse_date_within(text: str, within: str | None) -> None:
    assert parse_date(text, BAGHDAD).within == within


NO_DATES = [
    "",
    "yesterday",
    "0000-00-00",
    "2019-13-01",
    "2019-02-30",
    "2019-01-28 25:00",
    "2019-01-28T09:30:00+25:00",
    "20190128123456",
    "1-1-1",
    "0001-01-01T00:00:00+03:00",
    "9999-12-31 24:00:00 Z",
    "Mon, 99 Jan 2019 09:30",
]


@pytest.mark.parametrize("text", NO_DATES)
def test_parse_date_refuses(text: str) -> None:
    with pytest.raises(ValueError, match=r"not a date|no such date|before year 1"):
        parse_date(text, BAGHDAD)


@given(st.text() | st.from_regex(r"[0-9]{1,5}[-/ T:+0-9A-Za-z]*", fullmatch=True))
def test_parse_date_of_any_text(text: str) -> None:
    try:
        instant = parse_date(text, BAGHDAD).instant
    except ValueError:
        return
    assert instant.tzinfo is UTC
    assert instant.microsecond == 0


@pytest.mark.parametrize(
    "text",
    [
        "2019-01-28T09:30:00+01:00",
        "2019-01-28T09:30:00-23:59",
        "2019-01-28T09:30:00+24:00",
        "2019-01-28T24:00:00+02:00",
        "2019-01-28T25:00:00+02:00",
        "2019-02-30T09:30:00+02:00",
        "2016-12-31T23:59:60+00:00",
        "0001-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-01:00",
        "0000-01-01T00:00:00+00:00",
        "2019-01-28T09:30:00Z",
        "2019-02-30T09:30:00Z",
        "2016-12-31T23:59:60Z",
        "٢019-01-28T09:30:00Z",
        "2019-W05-1T09:30:00+01:00",
        "2019-W5-1T09:30:00+001:00",
    ],
)
def test_the_common_form_is_read_as_with_a_space_for_t(text: str) -> None:
    """The first is read by a function of its own."""

    def read(text: str) -> object:
        try:
            return parse_date(text, UTC)
        except ValueError as error:
            return str(error)

    assert read(text) == read(text.replace("T", " "))
