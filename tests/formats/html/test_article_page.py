"""The page of one article: dates, attachments, pictures."""

import json

import msgspec
import pytest
from bs4 import BeautifulSoup

from service.formats import Listing, SingleArticle
from service.formats.html import HTML
from service.model import Attachment, Image, Source, Span
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


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("/files/minutes.pdf", "minutes.pdf"),
        ("/files/y%20z.m4a", "y z.m4a"),
        ("https://a.example/%C3%A4.mp3?token=1#t=5", "ä.mp3"),
        ("/files/100%25.pdf", "100%.pdf"),
        ("/files/a%00b%0A.pdf", "a%00b%0A.pdf"),
        ("/files/%FF.pdf", "%FF.pdf"),
        ("https://a.example/", "https://a.example/"),
    ],
)
def test_an_attachment_without_a_title_is_shown_by_its_file_name(url: str, name: str) -> None:
    page = parsed(_single(SingleArticle(SITE, article(attachments=(Attachment(url, "x/y"),))), URLS))

    assert [link.text for link in page.select(".attachments a")] == [name]


def test_names_within_a_sentence_do_not_turn_the_words_around_them() -> None:
    """Unicode UAX #9: a name in a right-to-left script, or with an override, is isolated."""
    site = msgspec.structs.replace(SITE, title="صحيفة \u202e")
    source = Source("مصدر", "x", title="عنوان", author="كاتب", url="https://a.example/")
    page = parsed(_single(SingleArticle(site, article(source=source)), URLS))

    for name in (site.title, source.name, source.title, source.author):
        around = [node for node in page.select("footer p") if name and name.strip("\u202e ") in node.text]
        isolated = [node.text for node in page.select("footer p bdi, footer p [dir=auto]")]
        assert around
        assert name in isolated


def test_referrer_is_withheld_from_other_hosts_only() -> None:
    for url, policy in (("/files/a.png", None), ("https://pictures.example/a.png", "no-referrer")):
        page = parsed(_single(SingleArticle(SITE, article(image=Image(url))), URLS))
        (picture,) = page.select(".lead img")
        assert picture.get("referrerpolicy") == policy
