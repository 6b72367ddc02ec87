"""The page of one article: dates, attachments, pictures."""

import json

import msgspec
import pytest
from bs4 import BeautifulSoup

from service.formats import Listing, SingleArticle
from service.formats.html import HTML
from service.model import Attachment, Image, Span
from service.query import Page, Query
from tests.support.builders import article, at
from tests.support.sample_site import SITE, URLS

assert HTML.article
_single = HTML.article


def parsed(page: bytes) -> BeautifulSoup:
    return BeautifulSoup(page, "html.parser")


@pytest.mark.parametrize(
    ("within", "language", "datetime", "words"),
    [
        (None, "en", "2015-07-01T00:00:00Z", "July 1, 2015"),
        ("month", "en", "2015-07", "July 2015"),
        ("month", "ja", "2015-07", "2015年7月"),
        ("year", "en", "2015", "2015"),
        ("year", "ja", "2015", "2015年"),
    ],
)
def test_properties_keep_the_precision_of_dates(
    within: Span | None, language: str, datetime: str, words: str
) -> None:
    dated = article(published=at("2015-07-01"), updated=at("2015-07-01"), published_within=within)
    site = msgspec.structs.replace(SITE, language=language)
    page = parsed(_single(SingleArticle(site, dated), URLS))
    data = json.loads(page.select('script[type="application/ld+json"]')[0].text)
    listed = parsed(HTML.listing(Listing(site, Query(), Page(articles=(dated,), total=1)), URLS))

    for shown in (page.select(".byline time"), listed.select(".entry time")):
        assert [(time["datetime"], time.text) for time in shown] == [(datetime, words)]
    assert (data["datePublished"], data["dateModified"]) == (datetime, datetime)
    assert bool(page.select('[property="article:published_time"]')) == (within is None)


def test_kind_of_an_attachment() -> None:
    files = [("minutes.pdf", "application/pdf"), ("notes", "text/plain"), ("v1.of-the-plan", "text/plain")]
    with_files = article(attachments=tuple(Attachment(f"/files/{name}", kind) for name, kind in files))
    page = parsed(_single(SingleArticle(SITE, with_files), URLS))

    assert [kind.text for kind in page.select(".attachments .quiet")] == ["PDF", "text/plain", "text/plain"]


def test_referrer_is_withheld_from_other_hosts_only() -> None:
    for url, policy in (("/files/a.png", None), ("https://pictures.example/a.png", "no-referrer")):
        page = parsed(_single(SingleArticle(SITE, article(image=Image(url))), URLS))
        (picture,) = page.select(".lead img")
        assert picture.get("referrerpolicy") == policy
