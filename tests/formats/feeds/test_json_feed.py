"""JSON Feed: its fields, where they differ from the other feeds."""

from typing import Any

import msgspec
import pytest

from service.formats import Listing
from service.formats.feeds.json_feed import JSON_FEED
from service.query import Query
from tests.support.builders import article, listing, site
from tests.support.sample_site import FIRST_PAGE, FULL, MIDDLE_PAGE, SITE, URLS


def feed(page: Listing) -> dict[str, Any]:
    document: dict[str, Any] = msgspec.json.decode(JSON_FEED.listing(page, URLS))
    return document


def item(page: Listing) -> dict[str, Any]:
    first: dict[str, Any] = feed(page)["items"][0]
    return first


def test_articles_are_in_the_order_of_the_page() -> None:
    assert [entry["id"] for entry in feed(FIRST_PAGE)["items"]] == [
        entry.id for entry in FIRST_PAGE.page.articles
    ]


def test_feed_url_is_the_subscription_on_every_page() -> None:
    document = feed(MIDDLE_PAGE)
    assert document["feed_url"] == URLS.listing("jsonfeed", MIDDLE_PAGE.query)
    assert "cursor" not in document["feed_url"]
    assert document["next_url"] == URLS.listing("jsonfeed", MIDDLE_PAGE.query, MIDDLE_PAGE.page.next_cursor)
    assert "next_url" not in feed(FIRST_PAGE)


def test_head_of_the_feed() -> None:
    document = feed(FIRST_PAGE)
    del document["items"]
    assert document == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Harbour & Sea",
        "home_page_url": "https://news.example/blog/",
        "feed_url": "https://news.example/blog/feed.json",
        "description": "What happens at the harbour, <weekly>.",
        "icon": "https://news.example/blog/files/icon.png",
        "favicon": "https://news.example/blog/files/icon.png",
        "authors": [{"name": "The Harbour Desk", "url": "https://desk.example/"}],
        "language": "en",
        "hubs": [{"type": "WebSub", "url": "https://hub.example/"}],
        "_broadsheet": {
            "about": "https://news.example/blog/openapi.json",
            "deleted": [
                {
                    "id": "tag:example.org,2026:en/false-alarm",
                    "when": "2019-02-03T08:00:00Z",
                    "reason": "It was <false> & wrong.",
                }
            ],
        },
    }


def test_item_has_every_property_of_the_article() -> None:
    one = item(listing(FULL, of=SITE))
    assert one["external_url"] == "https://port.example/story?id=1&page=2"
    assert one["image"] == "https://news.example/blog/files/posts/quay.jpg"
    assert one["tags"] == ["Harbour & sea", "C++", "بغداد"]
    assert one["attachments"] == [
        {
            "url": "https://news.example/blog/files/posts/talk.mp3",
            "mime_type": "audio/mpeg",
            "title": "The talk & more",
            "size_in_bytes": 1234567,
            "duration_in_seconds": 95,
        },
        {
            "url": "https://news.example/blog/files/posts/plan.pdf",
            "mime_type": "application/pdf",
            "title": "The plan",
            "size_in_bytes": 4321,
        },
        {"url": "https://video.example/v.mp4", "mime_type": "video/mp4"},
    ]
    assert one["_broadsheet"] == {
        "subtitle": "After nine years",
        "dateline": "PORT TOWN",
        "source": {
            "name": "Port Times",
            "title": "Harbour <reopens>",
            "author": "R. Adler",
            "published": "2019-01-27T00:00:00Z",
            "feed": "https://port.example/feed.xml",
        },
        "image": {"alt": "The quay", "width": 1200, "height": 800},
        "canonical": "https://elsewhere.example/harbour",
        "rights": "CC BY 4.0",
        "correction": "An earlier version said eight years & was wrong.",
        "series": "Harbours & ships",
        "series_order": 2,
        "featured": True,
        "translations": [{"language": "fr", "url": "https://news.example/blog/articles/le-port-ouvre"}],
        "word_count": 11,
        "reading_minutes": 1,
        "extra": {"mood": "calm", "ratings": [1, 2]},
    }


# content, an article's summary → content_html, content_text, summary
CONTENT = [
    ("full", "Short.", "<p>Text of A title.</p>\n", None, "Short."),
    ("summary", "Short.", None, "Short.", "Short."),
    ("none", "Short.", None, "Short.", None),
    ("none", "", None, "A title", None),
]


@pytest.mark.parametrize(("content", "summary", "html", "text", "expected_summary"), CONTENT)
def test_item_always_has_content(
    content: Any, summary: str, html: str | None, text: str | None, expected_summary: str | None
) -> None:
    one = item(listing(article(summary=summary), query=Query(content=content)))
    assert (one.get("content_html"), one.get("content_text"), one.get("summary")) == (
        html,
        text,
        expected_summary,
    )


def test_language_only_if_it_differs_from_the_feed() -> None:
    page = listing(article("a", language="fr"), article("b", language="en"), of=site(language="en"))
    assert [entry.get("language") for entry in feed(page)["items"]] == ["fr", None]
