"""All three feeds: the rules of the specifications, and what feedparser reads."""

from collections.abc import Callable
from typing import Any

import feedparser  # type: ignore[import-untyped]
import msgspec
import pytest

from service.formats import Format, Listing
from service.formats.feeds.atom import ATOM
from service.formats.feeds.json_feed import JSON_FEED
from service.formats.feeds.rss import RSS
from service.model import Author, Source
from service.query import Query, last_page
from tests.support.builders import article, at, listing, site
from tests.support.feed_rules import atom_faults, json_feed_faults, rss_faults
from tests.support.sample_site import FIRST_PAGE, FULL, LISTINGS, MIDDLE_PAGE, UNDATED, URLS

RULES: list[tuple[Format, Callable[[bytes], list[str]]]] = [
    (ATOM, atom_faults),
    (RSS, rss_faults),
    (JSON_FEED, json_feed_faults),
]
XML_FEEDS = [ATOM, RSS]


def read(form: Format, page: Listing) -> Any:
    """What feedparser makes of the feed; it must find nothing amiss."""
    parsed = feedparser.parse(form.listing(page, URLS))
    assert not parsed.bozo, parsed.get("bozo_exception")
    return parsed


@pytest.mark.parametrize("page", LISTINGS)
@pytest.mark.parametrize(("form", "faults"), RULES)
def test_feeds_satisfy_the_rules(form: Format, faults: Callable[[bytes], list[str]], page: Listing) -> None:
    assert faults(form.listing(page, URLS)) == []


@pytest.mark.parametrize("feed", [None, "/files/feed.xml"])
@pytest.mark.parametrize("url", [None, "https://paper.example/1"])
@pytest.mark.parametrize(("form", "faults"), RULES)
def test_source_occurs_once(
    form: Format, faults: Callable[[bytes], list[str]], url: str | None, feed: str | None
) -> None:
    reported = article(source=Source("The Paper", "the-paper", url, "Fire", "A. Writer", feed=feed))
    document = form.listing(listing(reported), URLS)
    assert faults(document) == []
    assert (url or "The Paper").encode() in document


@pytest.mark.parametrize("form", XML_FEEDS)
def test_feed_contains_the_correction(form: Format) -> None:
    corrected = article(published=at("2026-01-01"), updated=at("2026-01-03T10:00"))
    (entry,) = read(form, listing(corrected)).entries
    assert (entry.published_parsed[:4], entry.updated_parsed[:4]) == ((2026, 1, 1, 0), (2026, 1, 3, 10))


@pytest.mark.parametrize("page", LISTINGS)
@pytest.mark.parametrize("form", XML_FEEDS)
def test_articles_are_in_the_order_of_the_page(form: Format, page: Listing) -> None:
    assert [entry.id for entry in read(form, page).entries] == [item.id for item in page.page.articles]


@pytest.mark.parametrize("form", XML_FEEDS)
def test_feedparser_reads_every_field(form: Format) -> None:
    parsed = read(form, FIRST_PAGE)
    entry = parsed.entries[0]
    assert parsed.feed.title == "Harbour & Sea"
    assert parsed.feed.language == "en"
    assert parsed.feed.rights == "© 2026 Harbour & Sea"
    assert entry.title == "The harbour opens & <ships> return"
    assert entry.link == "https://news.example/blog/articles/harbour-opens"
    assert [author.name for author in entry.authors] == ["Ada Osei", "Josh Aas, ISRG Executive Director"]
    assert entry.published_parsed[:6] == (2019, 1, 28, 9, 30, 0)
    assert [(tag.scheme, tag.label or tag.term) for tag in entry.tags] == [
        ("https://news.example/blog/tags", "Harbour & sea"),
        ("https://news.example/blog/tags", "C++"),
        ("https://news.example/blog/tags", "بغداد"),
    ]
    assert entry.enclosures[0] == {
        **entry.enclosures[0],
        "href": "https://news.example/blog/files/posts/talk.mp3",
        "type": "audio/mpeg",
        "length": "1234567",
    }
    content = entry.content[0].value
    assert 'href="https://news.example/blog/articles/old-town"' in content
    assert 'href="https://news.example/blog/articles/harbour-opens#fn-1"' in content
    assert "An earlier version said eight years &amp; was wrong." in content
    assert entry.media_thumbnail[0]["url"] == "https://news.example/blog/files/posts/quay.jpg"
    assert entry.source.title == "Port Times"
    assert {media["url"] for media in entry.media_content} >= {
        "https://news.example/blog/files/posts/quay.jpg",
        "https://news.example/blog/files/posts/talk.mp3",
    }


@pytest.mark.parametrize("form", XML_FEEDS)
def test_entry_without_author_has_that_of_the_site(form: Format) -> None:
    named = site(authors=(Author("The Desk", "the-desk"),))
    for publisher, expected in ((named, "The Desk"), (site(title="A & B"), "A & B")):
        (entry,) = read(form, listing(article(), of=publisher)).entries
        assert [author.name for author in entry.authors] == [expected]


@pytest.mark.parametrize("form", XML_FEEDS)
def test_plain_text_is_read_unchanged(form: Format) -> None:
    text = "a ]]> & &amp; &lt; <b>bold</b> \"double\" 'single' 🚢 بغداد \u200f\u2028 end"
    parsed = read(form, listing(article(title=text, tags=(text,), authors=(text,)), of=site(title=text)))
    (entry,) = parsed.entries
    assert (entry.tags[0].label or entry.tags[0].term) == text
    assert [author.name for author in entry.authors] == [text]
    raw = form.listing(listing(article(title=text)), URLS).decode()
    assert "<b>" not in raw


@pytest.mark.parametrize("form", XML_FEEDS)
@pytest.mark.parametrize(
    ("content", "shown"), [("full", (True, True)), ("summary", (False, True)), ("none", (False, False))]
)
def test_content_parameter_selects_summary_and_text(
    form: Format, content: Any, shown: tuple[bool, bool]
) -> None:
    document = form.listing(listing(article(), query=Query(content=content)), URLS)
    assert (b"Text of A title" in document, b"Summary of A title" in document) == shown


def test_undated_article_has_the_epoch_in_every_feed() -> None:
    page = listing(UNDATED, of=site(epoch=at("1999-09-09")))
    for form in XML_FEEDS:
        (entry,) = read(form, page).entries
        assert entry.published_parsed[:3] == (1999, 9, 9)
    assert b"<updated>1999-09-09T00:00:00Z</updated>" in ATOM.listing(page, URLS)
    assert b"<lastBuildDate>Thu, 09 Sep 1999 00:00:00 GMT</lastBuildDate>" in RSS.listing(page, URLS)
    (item,) = msgspec.json.decode(JSON_FEED.listing(page, URLS))["items"]
    assert item["date_published"] == item["date_modified"] == "1999-09-09T00:00:00Z"


# published, updated → atom:published, atom:updated
DATES = [
    ("2019-01-01", "2019-02-02", "2019-01-01", "2019-02-02"),
    ("2019-01-01", "2018-02-02", "2019-01-01", "2019-01-01"),
    ("2019-01-01", None, "2019-01-01", "2019-01-01"),
    (None, "2018-02-02", "2000-01-01", "2018-02-02"),
    (None, "1990-02-02", "1990-02-02", "1990-02-02"),
    (None, None, "2000-01-01", "2000-01-01"),
    ("0007-01-01", "0007-01-01", "0007-01-01", "0007-01-01"),
]


@pytest.mark.parametrize(("published", "updated", "told_published", "told_updated"), DATES)
def test_updated_is_never_before_published(
    published: str | None, updated: str | None, told_published: str, told_updated: str
) -> None:
    one = article(published=published and at(published), updated=updated and at(updated))
    document = ATOM.listing(listing(one), URLS).decode()
    assert f"<published>{told_published}T00:00:00Z</published>" in document
    assert f"<updated>{told_updated}T00:00:00Z</updated>" in document.partition("<entry")[2]
    assert atom_faults(document.encode()) == []
    assert rss_faults(RSS.listing(listing(one), URLS)) == []


def links(form: Format, page: Listing) -> dict[str, str]:
    return {link.rel: link.href for link in read(form, page).feed.links if link.rel != "alternate"}


@pytest.mark.parametrize("form", XML_FEEDS)
def test_links_of_a_middle_page(form: Format) -> None:
    links_by_rel = links(form, MIDDLE_PAGE)
    query, page = MIDDLE_PAGE.query, MIDDLE_PAGE.page
    assert page.next_cursor
    assert page.previous_cursor
    assert links_by_rel == {
        "self": URLS.listing(form.description.name, query, query.cursor),
        "first": URLS.listing(form.description.name, query),
        "previous": URLS.listing(form.description.name, query, page.previous_cursor),
        "next": URLS.listing(form.description.name, query, page.next_cursor),
        "last": URLS.listing(form.description.name, query, last_page(query)),
    }
    assert "q=port%20%26%20ships&tag=harbour-and-sea" in links_by_rel["self"]


@pytest.mark.parametrize("form", XML_FEEDS)
@pytest.mark.parametrize(
    ("kept", "rels"),
    [
        (("next", "previous"), {"self", "first", "previous", "next", "last"}),
        (("next",), {"self", "first", "next", "last"}),
        (("previous",), {"self", "first", "previous", "last"}),
    ],
)
def test_first_page_has_no_previous_and_last_page_no_next(
    form: Format, kept: tuple[str, ...], rels: set[str]
) -> None:
    gone = {f"{rel}_cursor": None for rel in {"next", "previous"} - set(kept)}
    page = msgspec.structs.replace(MIDDLE_PAGE, page=msgspec.structs.replace(MIDDLE_PAGE.page, **gone))
    assert set(links(form, page)) == rels
    assert b"complete" not in form.listing(page, URLS)


@pytest.mark.parametrize("form", XML_FEEDS)
def test_complete_feed_has_no_paging_links(form: Format) -> None:
    assert b"<fh:complete/>" in form.listing(FIRST_PAGE, URLS)
    assert set(links(form, FIRST_PAGE)) == {"self", "hub"}


@pytest.mark.parametrize("form", [ATOM, RSS, JSON_FEED])
def test_title_of_a_feed_names_its_query(form: Format) -> None:
    document = form.listing(MIDDLE_PAGE, URLS).decode()
    title = {
        "atom": "<title>Harbour &amp; Sea — tag Harbour &amp; sea; search “port &amp; ships”</title>",
        "rss": "<title>Harbour &#x26; Sea — tag Harbour &#x26; sea; search “port &#x26; ships”</title>",
        "jsonfeed": '"title":"Harbour & Sea — tag Harbour & sea; search “port & ships”"',
    }[form.description.name]
    assert title in document


def test_several_attachments() -> None:
    page = listing(FULL)
    assert [enclosure.href for enclosure in read(ATOM, page).entries[0].enclosures] == [
        URLS.absolute(attachment.url) for attachment in FULL.attachments
    ]
    (entry,) = read(RSS, page).entries
    assert len(entry.enclosures) == 1
    assert [item["url"] for item in entry.media_content[1:]] == [
        URLS.absolute(attachment.url) for attachment in FULL.attachments
    ]
