"""Dates are shown with the day and the precision that the author gave, in any time zone."""

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from service.filter_parsers import EARLIEST, LATEST, parse_instant
from service.formats import Listing, SingleArticle
from service.formats.feeds.atom import ATOM
from service.formats.feeds.rss import RSS
from service.formats.html import HTML
from service.formats.markdown import MARKDOWN
from service.formats.titles import title_of
from service.model import Site, Source
from service.query import Query
from service.urls import Urls
from tests.support.builders import article, listing, site

URLS = Urls("https://example.org")
ZONES = ("Asia/Baghdad", "America/New_York", "UTC", "Asia/Beirut")


def page(listing: Listing, urls: Urls) -> bytes:
    assert HTML.article
    return HTML.article(SingleArticle(listing.site, listing.page.articles[0]), urls)


SHOWN: tuple[tuple[Callable[[Listing, Urls], bytes], str], ...] = (
    (HTML.listing, ">March 1, 2020</time>"),
    (page, ">March 1, 2020</time>"),
    (MARKDOWN.listing, "2020-03-01"),
    (ATOM.listing, "The Paper, 2020-03-01</dc:source>"),
    (RSS.listing, "The Paper, 2020-03-01</dc:source>"),
)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(("write", "shown"), SHOWN)
def test_dates_keep_their_precision(write: Callable[[Listing, Urls], bytes], shown: str, zone: str) -> None:
    midnight = datetime(2020, 3, 1, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    source = Source("The Paper", "the-paper", published=midnight)
    written = article(published=midnight, updated=midnight, source=source)
    assert shown in write(listing(written, of=site(time_zone=zone)), URLS).decode()


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("2020-03-01", "since 2020-03-01"),
        # Beirut has no such midnight.
        ("2022-03-27", "since 2022-03-27"),
        ("2020-03-01T09:30:00Z", "since 2020-03-01T09:30:00Z"),
    ],
)
def test_dates_in_titles_keep_their_precision(asked: str, expected: str, zone: str) -> None:
    of = site(time_zone=zone)
    assert title_of(of, Query(since=parse_instant(asked, of)), ()) == f"Example — {expected}"


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("end", [EARLIEST, LATEST])
def test_first_and_last_instant_have_a_day(zone: str, end: datetime) -> None:
    of = Site(time_zone=zone)
    assert abs(of.day(end).toordinal() - end.toordinal()) <= 1
    assert title_of(of, Query(since=end), ())
