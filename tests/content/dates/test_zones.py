"""Abbreviations of zones mean the same in front matter and in scraped text."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from service.content import load
from service.content.dates.date_field import read_date
from service.content.dates.date_text import parse_date
from service.content.dates.printed_dates import read_printed
from service.content.dates.vocabulary import ZONES
from service.model import Site

# The zone of the site, a date as printed, its instant in UTC, and the abbreviation that is reported.
CASES = [
    ("UTC", "28 January 2019 10:00 IST", "2019-01-28T10:00", "IST"),
    ("Asia/Kolkata", "28 January 2019 10:00 IST", "2019-01-28T04:30", None),
    ("Asia/Jerusalem", "28 January 2019 10:00 IST", "2019-01-28T08:00", None),
    ("Europe/Dublin", "28 July 2019 10:00 IST", "2019-07-28T09:00", None),
    ("Europe/Dublin", "28 January 2019 10:00 IST", "2019-01-28T09:00", None),
    ("Asia/Shanghai", "28 January 2019 10:00 CST", "2019-01-28T02:00", None),
    ("America/Havana", "28 January 2019 10:00 CST", "2019-01-28T15:00", None),
    ("Asia/Shanghai", "28 January 2019 10:00 PST", "2019-01-28T18:00", None),
    ("Asia/Manila", "28 January 2019 10:00 PST", "2019-01-28T02:00", None),
    ("Asia/Makassar", "28 January 2019 10:00 WITA", "2019-01-28T02:00", None),
    ("America/New_York", "28 January 2019 10:00 EDT", "2019-01-28T14:00", None),
    ("America/New_York", "28 July 2019 10:00 EST", "2019-07-28T15:00", None),
    ("America/New_York", "28 July 2019 10:00 ET", "2019-07-28T14:00", None),
    ("UTC", "28 July 2019 10:00 ET", "2019-07-28T14:00", None),
    ("UTC", "28 January 2019 10:00 AMST", "2019-01-28T10:00", "AMST"),
    ("UTC", "28 January 2019 10:00 ACST", "2019-01-28T00:30", None),
    ("Asia/Tokyo", "28 January 2019 10:00 QQT", "2019-01-28T10:00", "QQT"),
    ("Asia/Tokyo", "28 January 2019 10:00", "2019-01-28T01:00", None),
    ("Asia/Tokyo", "28 January 2019 10:00 +0530", "2019-01-28T04:30", None),
]


def front_matter(date: str) -> bytes:
    return f"---\ntitle: Vote\ndate: {date}\n---\nThe council voted for the bridge.\n".encode()


def scraped_text(date: str) -> bytes:
    text = "The council of the town voted for the new bridge after a debate of four hours. " * 4
    return f"The council votes for the bridge\n\n{date}\n\n{text}\n\n{text}\n".encode()


@pytest.mark.parametrize(("path", "write"), [("vote.md", front_matter), ("vote.txt", scraped_text)])
@pytest.mark.parametrize(("zone", "printed", "expected", "unknown"), CASES)
def test_zone_of_the_site_comes_first(
    zone: str, printed: str, expected: str, unknown: str | None, path: str, write: Callable[[str], bytes]
) -> None:
    loaded = load(Path(), path, write(printed), Site(time_zone=zone))
    [article] = loaded.articles
    assert article.published == datetime.fromisoformat(expected).replace(tzinfo=UTC)
    notes = [fault.message for fault in loaded.faults if "zone" in fault.message]
    assert len(notes) == (unknown is not None)
    assert all(f"zone {unknown}; read as UTC" in note for note in notes)


@pytest.mark.parametrize("name", [*ZONES, "ist", "eastern time"])
def test_printed_and_typed_dates_agree(name: str) -> None:
    printed = read_printed(f"28 January 2019, 10:00 {name.upper()}")
    assert printed
    typed = {"eastern time": "ET"}.get(name, name.upper())
    for zone in (UTC, ZoneInfo("America/Chicago"), ZoneInfo("Asia/Manila")):
        assert read_date(printed.on(printed.days[0]), zone) == read_date(f"2019-01-28 10:00 {typed}", zone)


E_MAIL = ["Mon, 28 Jan 2019 10:00:00 {}", "28 Jan 19 10:00:00 {}", "2019-01-28T10:00:00 {}"]


@pytest.mark.parametrize("form", E_MAIL)
@pytest.mark.parametrize(("name", "hour"), [("QQT", 10), ("EST", 15), ("GMT", 10), ("-0000", 10), ("UT", 10)])
def test_zone_of_an_e_mail_date(form: str, name: str, hour: int) -> None:
    parsed = parse_date(form.format(name), ZoneInfo("Asia/Tokyo"))
    assert parsed.instant == datetime(2019, 1, 28, hour, tzinfo=UTC)
    assert parsed.unknown_zone == ("QQT" if name == "QQT" else None)


@given(st.from_regex("[A-Z]{2,5}", fullmatch=True), st.dates(date(1000, 1, 1), date(9998, 1, 1)))
def test_any_abbreviation_has_an_offset_or_is_reported(name: str, day: date) -> None:
    assume(not name.startswith(("AM", "PM")))
    parsed = parse_date(f"{day} 10:00 {name}", ZoneInfo("Europe/Paris"))
    utc = datetime.combine(day, time(10), UTC)
    assert parsed.unknown_zone is None or parsed.instant == utc
