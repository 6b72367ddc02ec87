"""The lint of feeds: no finding in a valid feed, and a finding for every broken rule."""

import pytest

from service.formats import FEEDS
from service.formats.lint import Document, lint
from service.formats.registry import FORMATS
from service.urls import FormatName
from tests.support.sample_site import FIRST_PAGE, LISTINGS, MIDDLE_PAGE, URLS

# The sample has an enclosure of unknown length.
KNOWN = {"the length of the enclosure 'https://video.example/v.mp4' is unknown; add `length:`"}


def document(form: FormatName) -> bytes:
    return FORMATS[form].listing(FIRST_PAGE, URLS)


def messages(linted: Document) -> list[str]:
    return [finding.message for finding in linted.findings]


@pytest.mark.parametrize("form", FEEDS)
@pytest.mark.parametrize("number", range(len(LISTINGS)))
def test_a_valid_feed_has_no_findings(form: FormatName, number: int) -> None:
    assert set(messages(lint(form, FORMATS[form].listing(LISTINGS[number], URLS)))) <= KNOWN


@pytest.mark.parametrize("form", FEEDS)
def test_entries_have_the_order_and_properties_of_the_feed(form: FormatName) -> None:
    linted = lint(form, document(form))

    assert [entry.id for entry in linted.entries] == [article.id for article in FIRST_PAGE.page.articles]
    assert linted.entries[0].published == FIRST_PAGE.page.articles[0].published
    assert linted.entries[0].enclosures[0].url == "https://news.example/blog/files/posts/talk.mp3"
    assert linted.entries[0].enclosures[0].length == 1234567
    assert 0 < linted.entries[0].size < len(document(form))
    assert linted.next_url is None
    assert lint(form, FORMATS[form].listing(MIDDLE_PAGE, URLS)).next_url is not None


ENTRY = "tag:example.org,2026:en/harbour-opens"
BROKEN: list[tuple[FormatName, str, str, str]] = [
    # RFC 4287, RFC 5005
    ("atom", "</feed>", "", "not well-formed XML"),
    (
        "atom",
        "<updated>2019-02-01T12:00:00Z</updated>\n    <author>",
        "<author>",
        "exactly one updated, not 0",
    ),
    ("atom", "<title>The harbour", "<title>Twice</title><title>The harbour", "exactly one title, not 2"),
    ("atom", "T12:00:00Z</updated>\n    <author>", " 12:00</updated>\n    <author>", "§3.3: updated is not"),
    ("atom", f"<id>{ENTRY}", "<id>harbour-opens", "§4.2.6: id is not absolute"),
    ("atom", "<title>The harbour opens &amp; &lt;ships&gt; return", "<title>", "the title is empty"),
    (
        "atom",
        "<title>The harbour opens",
        "<title>&lt;b&gt;The&lt;/b&gt; harbour",
        "title contains '<b>', which",
    ),
    (
        "atom",
        "<title>The harbour opens",
        "<title>Caf&amp;eacute; &amp;amp; bar",
        "title contains '&amp;', which",
    ),
    ("atom", 'rel="via" ', 'rel="via" target="_blank" ', "undefined attribute 'target' on link"),
    ("atom", "<name>Ada Osei</name>", "<name> </name>", "a person must have a name"),
    ("atom", "<name>Ada Osei</name>", "<nick>Ada</nick>", "nick is not allowed in author"),
    ("atom", 'type="audio/mpeg" length="1234567"', 'type="mp3" length="long"', "not a media type: 'mp3'"),
    ("atom", 'length="1234567"', 'length="long"', "length of a link rel=enclosure is not a number"),
    ("atom", 'term="c-plus-plus"', 'term=""', "a category must have a term"),
    ("atom", 'rel="self"', 'rel="related"', "one self link, not 0"),
    ("atom", 'hreflang="en"', 'hreflang="en us"', "hreflang of a link rel=alternate is not a language tag"),
    ("atom", "<published>2019-01-28", "<published>2019-12-28", "updated is earlier than published"),
    ("atom", 'content type="html"', 'content type="CDATA"', "type of content must be text, html or xhtml"),
    (
        "atom",
        '<link rel="self"',
        '<link rel="next" href="https://x.example/"/><link rel="self"',
        "complete feed",
    ),
    ("atom", "<fh:complete/>", "<fh:archive/>", "an archive document must link to the current one"),
    ("rss", "<fh:complete/>", "<fh:archive/>", "an archive document must link to the current one"),
    ("atom", "<feed ", "<rss ", "not well-formed"),
    ("atom", "https://port.example/?a=1", "../a", "href in the text is not absolute: '../a&b=2'"),
    (
        "atom",
        'https://news.example/blog/files/posts/quay.jpg" alt',
        'quay.jpg" alt',
        "src in the text is not",
    ),
    ("atom", "&lt;p&gt;Ships", "&lt;script&gt;Ships", "the text contains <script>"),
    ("atom", "&lt;p&gt;Ships", f"{'&lt;div&gt;' * 250}Ships", "nested so deep"),
    # RSS 2.0 and the profile
    ("rss", "</channel>", "", "not well-formed XML"),
    ("rss", 'version="2.0"', 'version="0.91"', "not <rss version='2.0'>"),
    ("rss", "<channel>", "<channel><title>Twice</title>", "channel must have one title, not 2"),
    ("rss", "<ttl>15</ttl>", "<ttl>soon</ttl>", "ttl must be a number of minutes"),
    ("rss", "<ttl>15</ttl>", "<colour>red</colour>", "colour is not allowed in channel"),
    ("rss", '<guid isPermaLink="false">tag:', "<guid>", "a guid that is a permalink is not absolute"),
    ("rss", "Mon, 28 Jan 2019", "Mon, 28 Jan 19", "not an RFC 822 date with a four-digit year"),
    ("rss", 'length="1234567" ', "", "length of the enclosure must be a number of bytes"),
    ("rss", ' type="audio/mpeg"/>\n', "/>\n", "type of the enclosure is not a media type"),
    (
        "rss",
        "<enclosure ",
        '<enclosure url="https://x.example/" length="1" type="a/b"/><enclosure ',
        "one encl",
    ),
    ("rss", 'url="https://news.example/blog/files/posts/talk.mp3" len', 'url="talk.mp3" len', "not absolute"),
    (
        "rss",
        "<dc:creator>Ada Osei</dc:creator>",
        "<author>Ada Osei</author>",
        "author must be an e-mail address",
    ),
    (
        "rss",
        "<title>The harbour opens",
        "<title>&lt;i&gt;The&lt;/i&gt; harbour",
        "title contains '<i>', which",
    ),
    ("rss", 'rel="self"', 'rel="via"', "one atom:link rel=self, not 0"),
    # JSON Feed 1.1
    ("jsonfeed", "}]}", "}]", "the document is not JSON"),
    ("jsonfeed", "version/1.1", "version/1", "version must be https://jsonfeed.org/version/1.1"),
    ("jsonfeed", '"items":', '"entries":', "must be an object with items"),
    ("jsonfeed", f'"id":"{ENTRY}"', '"id":7', "an item must have an id, a string"),
    (
        "jsonfeed",
        '"content_html":"<p>Ships',
        '"content":"<p>Ships',
        "an item must have content_html or content_text",
    ),
    ("jsonfeed", '"content_html":"<p>Ships', '"content":"<p>Ships', "an item has no field content"),
    (
        "jsonfeed",
        '"date_published":"2019-01-28T09:30:00Z"',
        '"date_published":"28 Jan"',
        "not an RFC 3339 date",
    ),
    ("jsonfeed", '"mime_type":"audio/mpeg"', '"mime_type":null', "mime_type of an attachment has the wrong"),
    ("jsonfeed", '"size_in_bytes":1234567', '"size_in_bytes":"1 MB"', "size_in_bytes of an attachment has"),
    ("jsonfeed", '"tags":["Harbour & sea"', '"tags":[7', "tags must be strings"),
    ("jsonfeed", '"name":"Ada Osei"', '"nick":"Ada Osei"', "an author must have a name, url or avatar"),
    ("jsonfeed", '"title":"The harbour', '"title":"<em>The</em> harbour', "title contains '<em>', which"),
    ("jsonfeed", '"title":"The harbour', '"title":"\\u0007The harbour', "control characters"),
    (
        "jsonfeed",
        '"_broadsheet":{"about"',
        '"_broadsheet":"x","_b":{"about"',
        "extension _broadsheet of the feed",
    ),
    (
        "jsonfeed",
        '"external_url":"https://port.example',
        '"external_url":"/port',
        "external_url of an item is not",
    ),
]


@pytest.mark.parametrize(("form", "valid", "broken", "expected"), BROKEN)
def test_every_broken_rule_is_found(form: FormatName, valid: str, broken: str, expected: str) -> None:
    text = document(form).decode()
    assert valid in text
    linted = lint(form, text.replace(valid, broken, 1).encode())

    assert any(expected in message for message in messages(linted)), messages(linted)


@pytest.mark.parametrize("form", FEEDS)
def test_a_finding_names_the_entry_that_breaks_the_rule(form: FormatName) -> None:
    text = document(form).decode().replace("Le port rouvre", "<b>" if form == "jsonfeed" else "&lt;b&gt;", 1)
    (finding,) = [item for item in lint(form, text.encode()).findings if "markup" in item.message]

    assert finding.entry == "tag:example.org,2026:en/le-port-ouvre"
    assert finding.advice


@pytest.mark.parametrize("form", FEEDS)
@pytest.mark.parametrize("body", [b"", b"\0", b"<a/>", b"[]", b"{}", b"null", b"<rss/>", b"[" * 100_000])
def test_bytes_that_are_not_a_feed_are_one_finding(form: FormatName, body: bytes) -> None:
    linted = lint(form, body)

    assert len(linted.findings) == 1
    assert linted.entries == ()
