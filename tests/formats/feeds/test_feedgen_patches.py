"""Each defect of feedgen 1.0.0, shown with plain feedgen and corrected in the feeds of the service.

A test here that fails on its first half says that feedgen has mended it: then our mend can go.
"""

from datetime import UTC, datetime
from typing import Any

import pytest
from feedgen.feed import FeedGenerator  # type: ignore[import-untyped]
from lxml import etree

from service.formats import Listing
from service.formats.feeds.atom import ATOM
from service.formats.feeds.rss import RSS
from service.model import Attachment
from service.query import Query
from tests.support.builders import article, at, listing, site
from tests.support.feed_rules import CONTENT, DC, XML, A
from tests.support.sample_site import FIRST_PAGE, FULL, MIDDLE_PAGE, URLS


def plain() -> Any:
    """A feed made with feedgen alone."""
    feed = FeedGenerator()
    feed.id("urn:x")
    feed.title("Title")
    feed.description("Description")
    feed.link(href="https://a.example/", rel="alternate")
    return feed


def plain_entry(feed: Any) -> Any:
    entry = feed.add_entry(order="append")
    entry.id("urn:x:1")
    entry.title("Title")
    entry.link(href="https://a.example/1", rel="alternate")
    return entry


def atom_tree(document: bytes) -> Any:
    return etree.fromstring(document)


def channel(document: bytes) -> Any:
    return etree.fromstring(document).find("channel")


def ours(form: Any, page: Listing) -> bytes:
    return bytes(form.listing(page, URLS))


def test_an_enclosure_keeps_rel_type_and_length() -> None:
    feed = plain()
    plain_entry(feed).link(href="https://a.example/x.mp3", rel="enclosure", type="audio/mpeg", length="5")
    links = atom_tree(feed.atom_str()).findall(f"{A}entry/{A}link")
    assert [dict(link.attrib) for link in links][1] == {"href": "https://a.example/x.mp3"}

    links = atom_tree(ours(ATOM, listing(FULL))).findall(f"{A}entry/{A}link[@rel='enclosure']")
    assert dict(links[0].attrib) == {
        "rel": "enclosure",
        "href": "https://news.example/blog/files/posts/talk.mp3",
        "type": "audio/mpeg",
        "length": "1234567",
        "title": "The talk & more",
    }


def test_a_link_may_have_any_relation() -> None:
    feed = plain()
    with pytest.raises(ValueError, match="rel"):
        plain_entry(feed).link(href="https://a.example/", rel="license")

    rels = {link.get("rel") for link in atom_tree(ours(ATOM, MIDDLE_PAGE)).findall(f"{A}link")}
    assert rels == {"self", "alternate", "first", "previous", "next", "last"}


def test_rss_keeps_every_channel_link() -> None:
    feed = plain()
    for rel in ("self", "next", "hub"):
        feed.link(href=f"https://a.example/{rel}", rel=rel)
    plain_links = channel(feed.rss_str()).findall(f"{A}link")
    assert [link.get("rel") for link in plain_links] == ["self"]

    links = channel(ours(RSS, MIDDLE_PAGE)).findall(f"{A}link")
    assert {link.get("rel") for link in links} == {"self", "first", "previous", "next", "last"}


def test_rss_encloses_the_first_attachment_and_carries_the_others() -> None:
    feed = plain()
    entry = plain_entry(feed)
    for name in ("first", "second"):
        entry.enclosure(f"https://a.example/{name}.mp3", 1, "audio/mpeg")
    enclosures = channel(feed.rss_str()).findall("item/enclosure")
    assert [enclosure.get("url") for enclosure in enclosures] == ["https://a.example/second.mp3"]

    attachments = tuple(
        Attachment(f"https://a.example/{n}.mp3", "audio/mpeg", 1) for n in ("first", "second")
    )
    item = channel(ours(RSS, listing(article(attachments=attachments)))).find("item")
    assert [element.get("url") for element in item.findall("enclosure")] == ["https://a.example/first.mp3"]
    media = item.findall("{http://search.yahoo.com/mrss/}content")
    assert [value.get("url") for value in media] == [
        "https://a.example/first.mp3",
        "https://a.example/second.mp3",
    ]


def test_no_date_is_now() -> None:
    feed = plain()
    plain_entry(feed)
    now = datetime.now(UTC)
    atom, rss = atom_tree(feed.atom_str()), channel(feed.rss_str())
    for path in (f"{A}updated", f"{A}entry/{A}updated"):
        assert abs(datetime.fromisoformat(atom.findtext(path)) - now).days == 0
    assert str(now.year) in rss.findtext("lastBuildDate")

    page = listing(article(published=None), of=site(epoch=at("1999-01-01")))
    for form in (ATOM, RSS):
        assert str(now.year) not in ours(form, page).decode().replace("example.org,2026", "")


def test_entries_are_appended() -> None:
    feed = plain()
    for number in (1, 2):
        entry = feed.add_entry()
        entry.id(f"urn:{number}")
        entry.title("Title")
        entry.content("x")
    assert [element.text for element in atom_tree(feed.atom_str()).findall(f"{A}entry/{A}id")] == [
        "urn:2",
        "urn:1",
    ]

    ids = [element.text for element in atom_tree(ours(ATOM, FIRST_PAGE)).findall(f"{A}entry/{A}id")]
    assert ids == [value.id for value in FIRST_PAGE.page.articles]


def test_control_characters_are_dropped() -> None:
    feed = plain()
    plain_entry(feed).title("a\x0bb")
    with pytest.raises(ValueError, match="XML compatible"):
        feed.atom_str()

    page = listing(article(title="a\x0bb", content_html="<p>\x00c\ufffe\ud800d</p>"))
    for form in (ATOM, RSS):
        document = ours(form, page).decode()
        assert "<title>ab</title>" in document
        assert "&lt;p&gt;cd&lt;/p&gt;" in document


def test_content_is_html_never_cdata() -> None:
    feed = plain()
    plain_entry(feed).content("<p>x</p>", type="CDATA")
    assert atom_tree(feed.atom_str()).find(f"{A}entry/{A}content").get("type") == "CDATA"

    for form in (ATOM, RSS):
        assert b"CDATA" not in ours(form, FIRST_PAGE)
    assert atom_tree(ours(ATOM, FIRST_PAGE)).find(f"{A}entry/{A}content").get("type") == "html"


def test_author_without_email_is_kept() -> None:
    feed = plain()
    plain_entry(feed).author({"name": "Ada Osei"})
    assert b"Ada Osei" not in feed.rss_str()

    item = channel(ours(RSS, listing(FULL))).find("item")
    names = ["".join(element.itertext()) for element in item.findall(f"{DC}creator")]
    assert names == ["Ada Osei", "Josh Aas, ISRG Executive Director"]


def test_an_entry_has_its_language_and_its_content_a_base() -> None:
    assert not hasattr(plain_entry(plain()), "language")

    entries = atom_tree(ours(ATOM, FIRST_PAGE)).findall(f"{A}entry")
    assert [entry.get(f"{XML}lang") for entry in entries] == [None, "fr", "ar", None]
    bases = [entry.find(f"{A}content").get(f"{XML}base") for entry in entries]
    assert bases == [URLS.article(value.slug) for value in FIRST_PAGE.page.articles]


def test_naive_date_is_rejected() -> None:
    naive = at("2019-01-01").replace(tzinfo=None)
    with pytest.raises(ValueError, match="timezone"):
        plain_entry(plain()).published(naive)

    document = ours(ATOM, listing(article(published=at("2019-01-01T10:00"), updated=None)))
    assert b"<published>2019-01-01T10:00:00Z</published>" in document


def test_markup_in_rss_is_written_as_numeric_references() -> None:
    feed = plain()
    plain_entry(feed).title("a & <b>")
    assert b"<title>a &amp; &lt;b&gt;</title>" in feed.rss_str()

    page = listing(article(title="a & <b>", tags=("<&>",), authors=("&<&",)), of=site(description="< & >"))
    document = ours(RSS, page)
    assert b"<title>a &#x26; &#x3C;b&gt;</title>" in document
    assert b">&#x3C;&#x26;&gt;</category>" in document
    assert b"<dc:creator>&#x26;&#x3C;&#x26;</dc:creator>" in document
    assert b"<description>&#x3C; &#x26; &gt;</description>" in document


def test_an_items_description_is_html_and_comes_first() -> None:
    page = listing(article(summary="a & <b>"))
    item = channel(ours(RSS, page)).find("item")
    assert item.findtext("description") == "a &amp; &lt;b&gt;"
    tags = [child.tag for child in item]
    assert tags.index("description") < tags.index(f"{CONTENT}encoded")


def test_entry_without_text_or_title_is_kept() -> None:
    page = listing(article(title="\x01", text="", content_html="", summary=""), query=Query(content="none"))
    for form in (ATOM, RSS):
        assert b"<title>tag:example.org,2026:en/a-title</title>" in ours(form, page)
