"""What Atom and RSS documents of every version give, and what feedparser alone would change or lose."""

from pathlib import Path
from typing import Any

import pytest
from feedparser.api import StrictFeedParser  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st

from service.importing.document import document_of
from service.importing.item import ImportedItem, ImportOptions, Note
from service.importing.sources.feeds import read_feed
from service.model import Site
from tests.support.import_folder import import_text

NAMESPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    ' xmlns:m="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
    ' xmlns:a="http://www.w3.org/2005/Atom" xmlns:xhtml="http://www.w3.org/1999/xhtml"'
)
ATOM = (
    f'<feed xmlns="http://www.w3.org/2005/Atom" {NAMESPACES} xml:lang="en" xml:base="https://s.example/b/">'
    "<entry><title>T</title>{}</entry><author><name>Last</name></author></feed>"
)
RSS = (
    f'<rss version="2.0" {NAMESPACES}><channel><link>https://s.example/</link><language>de</language>'
    "<item><title>T</title>{}</item></channel></rss>"
)
RDF = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
    f" {NAMESPACES}><channel><link>https://s.example/</link></channel><item><title>T</title>{{}}</item></rdf:RDF>"
)
ATOM_0_3 = '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><title>T</title>{}</entry></feed>'


XHTML = (
    '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p lang="fr">a &lt; b<br/>c</p>'
    "<details><summary>S</summary>x</details></div></content>"
)


def read(document: str) -> list[ImportedItem | Note]:
    return [*read_feed(document_of(document.encode()), "f", ImportOptions(Site()))]


CASES: list[tuple[str, str, str, Any]] = [
    # Text is not decoded twice.
    (ATOM, '<content type="html">The “Ã©” of mojibake</content>', "text", "The “Ã©” of mojibake"),
    (RSS, "<description>Ã©</description>", "text", "Ã©"),
    # Atom, §3.1.1 and §4.1.3
    (ATOM, "<content>One\n\nTwo &lt;b></content>", "text", "<p>One</p><p>Two &lt;b&gt;</p>"),
    (ATOM, '<summary type="html">&lt;b>s&lt;/b></summary>', "text", "<b>s</b>"),
    (ATOM, XHTML, "text", '<p lang="fr">a &lt; b<br>c</p><details><summary>S</summary>x</details>'),
    (ATOM, '<content type="html">a <b>b</b> <div>d</div></content>', "text", "a <b>b</b> <div>d</div>"),
    (ATOM, '<content type="application/xml"><x xmlns="urn:x">deep</x></content>', "text", "<x>deep</x>"),
    (ATOM_0_3, '<content mode="escaped">&lt;i>y&lt;/i></content>', "text", "<i>y</i>"),
    # The language and the base of one entry do not reach the next value.
    (ATOM, '<content type="html" xml:base="c/"><div>x</div></content><link href="l"/>', "link", "https://s.example/b/l"),
    (ATOM, '<content type="xhtml" xml:base="c/"/><summary>x</summary>', "base", "https://s.example/b/c/"),
    (ATOM, '<link href="a" hreflang="fr"/>', "language", "en"),
    (RSS, "<description>x</description>", "language", "de"),
    (RSS, "<dc:language>fr</dc:language>", "language", "fr"),
    # RSS
    (RSS, "<description>d</description><itunes:summary>i</itunes:summary>", "text", "d"),
    (RSS, "<itunes:summary>i</itunes:summary><description>d</description>", "text", "d"),
    (RSS, "<itunes:summary>i</itunes:summary>", "text", "i"),
    (RSS, "<content:encoded>c</content:encoded><description>d</description>", "summary", "d"),
    (RSS, "<description>d</description><content:encoded>c</content:encoded>", "text", "c"),
    (RSS, "<xhtml:body><xhtml:p>b</xhtml:p></xhtml:body><description>d</description>", "summary", "d"),
    (RSS, "<image><title>Picture</title><link>https://i.example/</link></image>", "title", "T"),
    (RSS, "<image><title>Picture</title><link>https://i.example/</link></image>", "link", None),
    (RSS, "<m:group><m:title>Film</m:title></m:group><m:description>x</m:description>", "title", "T"),
    (RSS, "<guid>https://s.example/g</guid>", "link", "https://s.example/g"),
    (RSS, "<guid>ep-2</guid>", "link", None),
    (RSS, '<guid isPermaLink="false">https://s.example/g</guid>', "link", None),
    (RSS, "<link>/x?a=1&amp;b=2</link>", "link", "/x?a=1&b=2"),
    (RSS, '<a:link href="https://s.example/a"/>', "link", "https://s.example/a"),
    (RDF, "<link>https://s.example/1</link>", "id", "https://s.example/1"),
]  # fmt: skip


@pytest.mark.parametrize(("document", "content", "field", "expected"), CASES)
def test_value_of_an_item(document: str, content: str, field: str, expected: Any) -> None:
    (item,) = read(document.format(content))

    assert isinstance(item, ImportedItem)
    assert getattr(item, field) == expected


AUTHORS = [
    (ATOM, "", ["Last"]),
    (ATOM, "<source><author><name>Origin</name></author></source>", ["Origin"]),
    (ATOM, "<author><name>A</name></author><author><name>B</name></author>", ["A", "B"]),
    (RSS, "<author>a@b.example (Ada Osei)</author>", ["Ada Osei"]),
    (RSS, "<author>Béa &lt;b@c.example&gt;</author><author>Cy</author>", ["Béa", "Cy"]),
    (RSS, "<author>a@b.example</author><itunes:author>Show</itunes:author>", ["Show"]),
    (RSS, "<itunes:author>Show</itunes:author><dc:creator>A</dc:creator><author>x (B)</author>", ["A"]),
]


@pytest.mark.parametrize(("document", "content", "expected"), AUTHORS)
def test_authors(document: str, content: str, expected: list[str]) -> None:
    (item,) = read(document.format(content))

    assert isinstance(item, ImportedItem)
    assert [author.name for author in item.authors] == expected


def test_repeated_elements_of_other_namespaces_are_all_read() -> None:
    (item,) = read(
        RSS.format(
            "<dc:source>https://p.example/</dc:source><dc:source>Paper, “Story”</dc:source>"
            '<m:content url="https://m.example/a.mp3"><m:title>One</m:title></m:content>'
            '<m:content url="https://m.example/b.mp3"><m:title>Two</m:title></m:content>'
        )
    )

    assert isinstance(item, ImportedItem)
    assert item.source
    assert (item.source.name, item.source.title, item.source.url) == ("Paper", "Story", "https://p.example/")
    assert [attachment.title for attachment in item.attachments] == ["One", "Two"]


def test_elements_are_identified_by_their_namespace() -> None:
    title = '<x:title xmlns:x="urn:other">Wrong</x:title><title xmlns="urn:other">Wrong</title>'
    (item,) = read(
        ATOM.format(title + '<dc:content xmlns:dc="http://www.w3.org/2005/Atom">Right</dc:content>')
    )

    assert isinstance(item, ImportedItem)
    assert (item.title, item.text) == ("T", "<p>Right</p>")


@pytest.mark.parametrize("root", ["rss", "feed"])
def test_an_unknown_namespace_of_the_whole_document_is_no_obstacle(root: str) -> None:
    (item,) = read(f'<{root} xmlns="urn:mine"><item><title>T</title></item></{root}>')

    assert isinstance(item, ImportedItem)
    assert item.title == "T"


def test_a_document_type_is_not_fetched() -> None:
    document_type = '<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://dtd.invalid/rss.dtd">'

    assert len(read(document_type + RSS.format("<description>&copy; x</description>"))) == 1


def test_withdrawn_entries_are_all_counted() -> None:
    deleted = '<at:deleted-entry xmlns:at="http://purl.org/atompub/tombstones/1.0" ref="urn:{}"/>'
    document = ATOM.replace("<entry>", deleted.format(1) + deleted.format(2) + "<entry>")
    notes = [item.message for item in read(document.format("")) if isinstance(item, Note)]

    assert notes == ["urn:1 was withdrawn", "urn:2 was withdrawn"]


HANDLED = sorted(
    name.removeprefix("_start_").removeprefix("_end_").replace("_", ":", 1)
    for name in dir(StrictFeedParser)
    if name.startswith(("_start_", "_end_"))
)
PREFIXES = {name.partition(":")[0] for name in HANDLED if ":" in name} - {"dc", "content", "itunes", "xhtml"}
DECLARED = " ".join(f'xmlns:{prefix}="http://search.yahoo.com/mrss/"' for prefix in sorted(PREFIXES))
ATTRIBUTES = [
    "",
    ' type="html"',
    ' type="xhtml"',
    ' mode="base64"',
    ' href="x"',
    ' xml:base="http://["',
    ' term="t"',
]
TREES = st.recursive(
    st.sampled_from(["text", " ", "3", "&amp;lt;b>"]),
    lambda children: st.builds(
        "<{0}{1}>{2}</{0}>".format,
        st.sampled_from([*HANDLED, *["item", "entry"] * 9]),
        st.sampled_from(ATTRIBUTES),
        st.lists(children, max_size=4).map("".join),
    ),
    max_leaves=12,
)


@given(TREES, st.sampled_from([ATOM, RSS, RDF]))
@settings(max_examples=2 * settings().max_examples)
def test_elements_in_any_order_are_read(tree: str, document: str) -> None:
    declared = document.replace(NAMESPACES, f"{NAMESPACES} {DECLARED}")

    assert read(declared.format(tree))


TITLES = [
    ("Why &lt;em&gt; is &lt;b&gt;nice&lt;/b&gt;", "Why <em> is nice"),
    ("The &lt;p&gt; element", "The <p> element"),
    ("Using &lt;table&gt; and &lt;i&gt;more&lt;/i&gt;", "Using <table> and more"),
    ("Close with &lt;/b&gt; &amp;amp; go", "Close with </b> & go"),
    ("One&lt;br&gt;two", "One two"),
    ("Q&amp;amp;A", "Q&A"),
    ("a &lt; b and c &gt; d", "a < b and c > d"),
    ("Option&lt;T&gt;", "Option<T>"),
]


@pytest.mark.parametrize(("written", "title"), TITLES)
def test_a_title_of_rss_keeps_the_tags_that_are_words(written: str, title: str, tmp_path: Path) -> None:
    item = f"<item><title>{written}</title><description>x</description><guid>tag:x</guid></item>"
    feed = f"<rss version='2.0'><channel>{item}</channel></rss>"
    (article,) = import_text("a.xml", feed, tmp_path / "to").articles.values()

    assert article.title == title


def test_names_of_authors_are_without_references(tmp_path: Path) -> None:
    item = (
        "<item><title>T</title><description>x</description><guid>tag:x</guid><dc:creator>"
        "<![CDATA[Smith &amp; O&#039;Hara]]></dc:creator></item>"
    )
    feed = f"<rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/'><channel>{item}</channel></rss>"
    (article,) = import_text("a.xml", feed, tmp_path / "to").articles.values()

    assert [author.name for author in article.authors] == ["Smith & O'Hara"]


def test_frames_and_tracking_pictures(tmp_path: Path) -> None:
    text = (
        '<p>Text.</p><iframe src="https://v.example/1"><a href="https://v.example/">fallback</a></iframe>'
        '<img src="https://t.example/s" width="1" height="1" alt=""><img height=\'0\' width=0 src="/t">'
        '<img src="https://x.example/wide.jpg" width="100" height="10" alt="Wide">'
    )
    item = f"<item><title>T</title><guid>tag:x</guid><description><![CDATA[{text}]]></description></item>"
    imported = import_text("a.xml", f"<rss version='2.0'><channel>{item}</channel></rss>", tmp_path / "to")
    written = imported.text("t.md")

    assert "format: html" not in written
    assert "fallback" not in written
    assert "t.example" not in written
    assert "![Wide](https://x.example/wide.jpg)" in written
    assert [(note.category, note.count) for note in imported.notes] == [("tracking pictures", 2)]


CARDS = (
    '<figure class="kg-card kg-bookmark-card"><a class="kg-bookmark-container" href="https://g.example/"><div>'
    '<div class="kg-bookmark-title">A &amp; B</div><div class="kg-bookmark-description">Words</div>'
    '<div class="kg-bookmark-metadata"><img src="/i.ico" alt=""><span>G</span></div></div></a></figure>'
    '<div class="kg-card kg-audio-card"><img src="" alt="thumbnail" class="kg-audio-thumbnail"><div>'
    '<audio src="https://x.example/x.mp3"></audio><div class="kg-audio-title">Song</div>'
    '<div class="kg-audio-player"><button>play</button><span>0:00</span></div></div></div>'
    '<div class="kg-card kg-toggle-card"><div><h4 class="kg-toggle-heading-text"><span>Why?</span></h4>'
    '<button><svg><path d="M1"/></svg></button></div><div><p>Because.</p></div></div>'
    '<div class="kg-card kg-signup-card"><form>Join</form></div>'
    '<div class="sharedaddy"><ul><li><a href="https://f.example/">Share</a></li></ul></div><p>End.</p>'
)


def test_widgets_of_the_old_site_are_simplified_or_cut(tmp_path: Path) -> None:
    item = f"<item><title>T</title><guid>tag:x</guid><description><![CDATA[{CARDS}]]></description></item>"
    imported = import_text("a.xml", f"<rss version='2.0'><channel>{item}</channel></rss>", tmp_path / "to")
    (article,) = imported.articles.values()

    assert article.content_text.split() == ["A", "&", "B", "Words", "Song", "Why?", "Because.", "End."]
    assert 'href="https://g.example/"' in article.content_html
    assert "<audio controls" in article.content_html
    assert {note.category: note.count for note in imported.notes} == {
        "sharing buttons": 1,
        "subscription forms": 1,
    }


LEAD_IMAGES = [
    (
        '<m:content url="https://0.gravatar.com/a?s=96" medium="image"/><m:content url="https://x.example/a.jpg"/>',
        "https://x.example/a.jpg",
    ),
    (
        '<m:thumbnail url="https://1.bp.blogspot.com/-a/b/c/s72-c/boat.jpg" width="72" height="72"/>',
        "https://1.bp.blogspot.com/-a/b/c/s1600/boat.jpg",
    ),
    ('<m:thumbnail url="https://x.example/s72-c/boat.jpg"/>', "https://x.example/s72-c/boat.jpg"),
]


@pytest.mark.parametrize(("media", "address"), LEAD_IMAGES)
def test_the_lead_image_is_no_avatar_and_no_thumbnail_of_blogger(
    media: str, address: str, tmp_path: Path
) -> None:
    item = f"<item><title>T</title><guid>tag:x</guid><description>x</description>{media}</item>"
    feed = f"<rss version='2.0' {NAMESPACES}><channel>{item}</channel></rss>"
    (article,) = import_text("a.xml", feed, tmp_path / "to").articles.values()

    assert article.image is not None
    assert article.image.url == address
