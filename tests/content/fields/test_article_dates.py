"""The dates of an article, with the precision in which they are stated."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from service.content import load
from service.formats import SingleArticle
from service.formats.html.pages.article import render_article as render_page
from service.formats.markdown import render_article
from service.model import Article, Site
from service.urls import Urls

DAY = "2026-02-27"
STATED_AS_A_DAY = {
    "YAML": ("a.md", f"---\ntitle: T\ndate: {DAY}\n---\nText."),
    "text": ("a.md", f"---\ntitle: T\ndate: '{DAY}'\n---\nText."),
    "TOML": ("a.md", f"+++\ntitle = 'T'\ndate = {DAY}\n+++\nText."),
    "JSON": ("a.json", f'{{"title": "T", "text": "x", "date": "{DAY}"}}'),
    "in words": ("a.md", "---\ntitle: T\ndate: 27 February 2026\n---\nText."),
    "in numbers": ("a.md", "---\ntitle: T\ndate: 27.02.2026\n---\nText."),
    "compact": ("a.md", "---\ntitle: T\ndate: '20260227'\n---\nText."),
    "file name": (f"{DAY}-a.md", "---\ntitle: T\n---\nText."),
    "folder": (f"{DAY}-a/index.md", "---\ntitle: T\n---\nText."),
    "map": ("a.md", f"---\ntitle: T\ndate: {{created: {DAY}}}\n---\nText."),
    "head of a page": (
        "a.html",
        f'<html><meta property="article:published_time" content="{DAY}"><body><h1>T</h1><p>Text.</html>',
    ),
}
ZONES = ["UTC", "Asia/Tokyo", "America/Los_Angeles", "Pacific/Kiritimati", "Pacific/Pago_Pago"]


def load_one(path: str, text: str, zone: str) -> Article:
    loaded = load(Path("/nowhere"), path, text.encode(), Site(time_zone=zone))
    assert loaded.faults == ()
    [article] = loaded.articles
    return article


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("form", STATED_AS_A_DAY)
def test_a_day_is_that_day_in_every_document(form: str, zone: str) -> None:
    article = load_one(*STATED_AS_A_DAY[form], zone)
    assert article.published_within == "day"
    page = SingleArticle(Site(time_zone=zone), article)
    urls = Urls("https://x.example")
    html = render_page(page, urls).decode()
    assert f'<time datetime="{DAY}">' in html
    assert f'"datePublished":"{DAY}"' in html.replace(": ", ":")
    assert f'property="article:published_time" content="{DAY}"' in html
    assert f'property="article:modified_time" content="{DAY}"' in html
    assert f"\ndate: {DAY}\n" in render_article(page, urls).decode().replace("'", "")


@pytest.mark.parametrize("zone", ZONES)
def test_a_day_of_update_is_that_day_in_every_document(zone: str) -> None:
    article = load_one("a.md", f"---\ntitle: T\ndate: 2026-01-01\nupdated: {DAY}\n---\nText.", zone)
    page = SingleArticle(Site(time_zone=zone), article)
    html = render_page(page, Urls("https://x.example")).decode()
    assert f'Updated <time datetime="{DAY}">' in html
    assert f'"dateModified":"{DAY}"' in html.replace(": ", ":")
    assert f'property="article:modified_time" content="{DAY}"' in html
    assert f"\nupdated: {DAY}\n" in render_article(page, Urls("https://x.example")).decode().replace("'", "")


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("date", ["2026", "2026-02", DAY, "2026-02-27T10:00:00Z"])
def test_a_date_keeps_its_precision_as_markdown(date: str, zone: str) -> None:
    article = load_one("a.md", f"---\ntitle: T\ndate: {date}\nupdated: {date}\n---\nText.", zone)
    text = render_article(SingleArticle(Site(time_zone=zone), article), Urls("https://x.example"))
    again = load_one("a.md", text.decode(), zone)
    assert (again.published, again.published_within) == (article.published, article.published_within)
    assert (again.updated, again.updated_within) == (article.updated, article.updated_within)


MAPS = [
    ("{created: 2024-01-05, updated: 2024-02-06}", (5, 1), (6, 2)),
    ("{created: 2024-01-05}", (5, 1), (5, 1)),
    ("{created: 2024-01-05, event: 2030-01-01}", (5, 1), (5, 1)),
    ("{published: 2024-01-05, modified: 2024-02-06}", (5, 1), (6, 2)),
]


@pytest.mark.parametrize(("dates", "published", "updated"), MAPS)
def test_a_map_of_dates(dates: str, published: tuple[int, int], updated: tuple[int, int]) -> None:
    article = load_one("a.md", f"---\ntitle: T\ndate: {dates}\n---\nText.", "UTC")
    assert article.published == datetime(2024, published[1], published[0], tzinfo=UTC)
    assert article.updated == datetime(2024, updated[1], updated[0], tzinfo=UTC)


BEFORE = [
    ("2024-02-05", "2024-02-04", True),
    ("2024-02-05 10:00", "2024-02-05 09:59", True),
    ("2024-02-05 10:00", "2024-01", True),
    ("2024-02-05 10:00", "2024-02-05", False),
    ("2024-02-05 10:00", "2024-02", False),
    ("2024-02-05", "2024-02-05", False),
    ("2024-02-05", "2024-02-05 00:01", False),
]


@pytest.mark.parametrize(("published", "updated", "is_reported"), BEFORE)
def test_an_update_before_the_publication_is_reported(
    published: str, updated: str, is_reported: bool
) -> None:
    text = f"---\ntitle: T\ndate: {published}\nupdated: {updated}\n---\nText."
    loaded = load(Path("/nowhere"), "a.md", text.encode(), Site(time_zone="Asia/Tokyo"))
    assert len(loaded.articles) == 1
    assert [(fault.line, fault.harmless) for fault in loaded.faults] == [(4, True)] * is_reported
    assert all("before the date of publication" in fault.message for fault in loaded.faults)


LEAP_SECONDS = [
    ("a.md", "---\ntitle: T\ndate: 2016-12-31T23:59:60Z\n---\nText."),
    ("a.md", "---\ntitle: T\ndate: 2017-01-01 08:59:60 +0900\n---\nText."),
    ("a.md", "---\ntitle: T\ndate: 2017-01-01T05:29:60.5+05:30\n---\nText."),
    ("a.md", "---\ntitle: T\ndate: Sat, 31 Dec 2016 23:59:60 GMT\n---\nText."),
    ("a.md", "---\ntitle: T\ndate: 31 December 2016 23:59:60\n---\nText."),
    ("a.md", "+++\ntitle = 'T'\ndate = 2016-12-31T23:59:60Z\n+++\nText."),
    ("a.json", '{"title": "T", "text": "x", "date": "2016-12-31T23:59:60Z"}'),
]


@pytest.mark.parametrize(("path", "text"), LEAP_SECONDS)
def test_a_leap_second_is_the_second_before_it(path: str, text: str) -> None:
    assert load_one(path, text, "UTC").published == datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize("date", ["2016-12-31T23:59:61Z", "2016-12-31T23:60:00Z", "2016-12-31T10:00:60Z"])
def test_any_other_sixtieth_second_is_no_date(date: str) -> None:
    loaded = load(Path("/nowhere"), "a.md", f"---\ntitle: T\ndate: {date}\n---\nText.".encode(), Site())
    assert loaded.articles == ()


@pytest.mark.parametrize(
    "key", ["publishDate", "publish_date", "pubDate", "publishOn", "embargo", "embargoed-until"]
)
@pytest.mark.parametrize(
    ("release", "published"),
    [("2090-05-01", datetime(2090, 5, 1, tzinfo=UTC)), ("2020-05-01", datetime(2024, 2, 5, tzinfo=UTC))],
)
def test_no_article_is_public_before_its_release(key: str, release: str, published: datetime) -> None:
    article = load_one("a.md", f"---\ntitle: T\ndate: 2024-02-05\n{key}: {release}\n---\nText.", "UTC")
    assert article.published == published


def test_the_latest_release_counts() -> None:
    fields = "publishDate: 2090-05-01\nembargo: 2091-05-01\nscheduled_for: 2089-05-01"
    article = load_one("a.md", f"---\ntitle: T\ndate: 2024-02-05\n{fields}\n---\nText.", "UTC")
    assert article.published == datetime(2091, 5, 1, tzinfo=UTC)


@pytest.mark.parametrize("date", ["Created", "0001-01-01"])
def test_a_release_dates_an_article_whose_date_is_none(date: str) -> None:
    article = load_one("a.md", f"---\ntitle: T\ndate: {date}\npublishDate: 2090-05-01\n---\nText.", "UTC")
    assert article.published == datetime(2090, 5, 1, tzinfo=UTC)


def test_a_release_that_is_no_date_excludes_the_article() -> None:
    text = "---\ntitle: T\ndate: 2024-02-05\npublishDate: soon\n---\nText."
    loaded = load(Path("/nowhere"), "a.md", text.encode(), Site())
    assert loaded.articles == ()
    assert [fault.line for fault in loaded.faults] == [4]
