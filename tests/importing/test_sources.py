"""What each kind of source gives: one small file of each, and the facts that must come out of it."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from service.content.identity.page_addresses import page_address
from service.importing.detect import article_suffix, feed_reader
from service.importing.item import ImportedItem
from service.importing.output.compose import front_matter
from service.importing.output.output_folder import ItemFile
from service.model import Attachment, Author, Image, MenuEntry, Site
from tests.support.builders import at
from tests.support.exports import atom_entry, ghost_post, wordpress_post
from tests.support.import_folder import IMPORTS, import_file, import_files, import_text

QUAY = "https://quay.example/wp-content/uploads/crane.jpg"


def test_wordpress_post(tmp_path: Path) -> None:
    imported = import_file(IMPORTS / "wordpress.xml", to=tmp_path)
    post = imported.articles["ships-and-cranes"]

    assert (post.title, post.id) == ("Ships & cranes", "https://quay.example/?p=7")
    assert (post.published, post.updated) == (at("2019-01-28T09:30"), at("2019-02-01T12:00"))
    assert [author.name for author in post.authors] == ["Ada Osei"]
    assert [tag.name for tag in post.tags] == ["Harbour & sea", "cranes"]
    assert post.language == "en-GB"
    assert post.image == Image(QUAY, "A tall crane")
    assert post.attachments == (Attachment("https://quay.example/talk.mp3", "audio/mpeg", 4321),)
    assert post.summary.startswith("The first ship came in at noon.")
    assert "  - /2019/01/ships-and-cranes/\n" in imported.text("ships-and-cranes.md")


WORDPRESS_TEXT = [
    "noon**.\\\nIt left at one.",
    "<figcaption>The new crane</figcaption>",
    "Two more were seen [sic] off the pier.",
    "> They waited.\n>\n> They left.",
    "- one\n- two\n",
    "```python\nfor ship in harbour:\n\n    print(ship < 2)\n```",
    "<https://video.example/watch?v=1>",
    "\nTickets at the gate.\n",
]


@pytest.mark.parametrize("part", WORDPRESS_TEXT)
def test_wordpress_text(tmp_path: Path, part: str) -> None:
    assert part in import_file(IMPORTS / "wordpress.xml", to=tmp_path).text("ships-and-cranes.md")


def test_wordpress_blocks_in_a_draft(tmp_path: Path) -> None:
    text = import_file(IMPORTS / "wordpress.xml", to=tmp_path).text("blocks.md")

    assert "draft: true\n" in text
    assert "date:" not in text, "0000-00-00 is no date"
    assert "Made with blocks.\n" in text
    assert "| Ship | Tons |" in text
    assert "wp:" not in text


def test_wordpress_leaves_out_what_is_no_article_and_says_so(tmp_path: Path) -> None:
    imported = import_file(IMPORTS / "wordpress.xml", to=tmp_path)

    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "blocks.md",
        "ships-and-cranes-2020-05-05.md",
        "ships-and-cranes.md",
    ]
    assert [note.rpartition(": ")[2] for note in imported.of("left out")] == [
        "'About' is a page, not an article (--pages imports them)",
        "it is in the trash",
        "not articles",
        "comments are not imported",
    ]
    assert imported.of("cut") == [
        "wordpress.xml, item 1: [pricing] 1×: not converted; any text within it is kept"
    ]
    assert "Nobody should see" not in imported.text("ships-and-cranes.md"), "comments stay out"
    assert "draft: true" in imported.text("ships-and-cranes-2020-05-05.md"), "private is not for everybody"


def test_what_wordpress_keeps_beside_a_post_is_counted_by_kind(tmp_path: Path) -> None:
    fields = {"rating": "5", "_edit_last": "1", "enclosure": "https://x.example/a.mp3", "empty": ""}
    more = "".join(
        f"<wp:postmeta><wp:meta_key>{key}</wp:meta_key><wp:meta_value>{value}</wp:meta_value></wp:postmeta>"
        for key, value in fields.items()
    )
    more += '<media:content xmlns:media="http://search.yahoo.com/mrss/" url="https://x.example/a.png"/>' * 2
    (tmp_path / "a.xml").write_text(wordpress_post("publish", more=more), encoding="utf-8")
    assert import_file(tmp_path / "a.xml", to=tmp_path / "out").of("left out") == [
        "a.xml: custom fields 'rating' (1): not imported",
        "a.xml: elements 'media:content' (2): not imported",
    ]


def picture(number: int, parent: int, order: int, name: str, status: str = "inherit") -> str:
    return (
        f"<item><title>{name}</title><wp:post_id>{number}</wp:post_id><wp:post_parent>{parent}</wp:post_parent>"
        f"<wp:menu_order>{order}</wp:menu_order><wp:post_type>attachment</wp:post_type><wp:status>{status}</wp:status>"
        f"<wp:attachment_url>https://quay.example/u/{name}</wp:attachment_url></item>"
    )


GALLERIES = [
    ("[gallery]", ["b.jpg", "a.jpg"]),
    ('[gallery columns="2"]', ["b.jpg", "a.jpg"]),
    ('[gallery exclude="12"]', ["a.jpg"]),
    ('[gallery order="DESC"]', ["a.jpg", "b.jpg"]),
    ('[gallery ids="14,11"]', ["other.jpg", "a.jpg"]),
    ('[gallery id="99"]', ["other.jpg"]),
    ("[playlist]", ["talk.mp3"]),
    ('[playlist ids="15"]', ["talk.mp3"]),
]


@pytest.mark.parametrize(("shortcode", "shown"), GALLERIES)
def test_wordpress_galleries(shortcode: str, shown: list[str], tmp_path: Path) -> None:
    uploads = [
        picture(11, 20, 2, "a.jpg"),
        picture(12, 20, 1, "b.jpg"),
        picture(13, 20, 3, "trashed.jpg", "trash"),
        picture(14, 99, 1, "other.jpg"),
        picture(15, 20, 0, "talk.mp3"),
    ]
    post = wordpress_post("publish", more="<wp:post_id>20</wp:post_id>").replace(
        "Only for some.", f"A {shortcode} B"
    )
    export = post.replace("</channel>", "".join(uploads) + "</channel>")
    imported = import_text("a.xml", export, tmp_path / "to")
    (article,) = imported.articles.values()

    assert re.findall(r"/u/([\w.]+)", article.content_html) == shown
    assert imported.of("cut") == []


def test_a_gallery_keeps_alternative_texts_and_captions(tmp_path: Path) -> None:
    upload = picture(11, 20, 1, "a.jpg").replace(
        "</item>",
        "<excerpt:encoded>The <![CDATA[quay & more]]></excerpt:encoded><wp:postmeta>"
        "<wp:meta_key>_wp_attachment_image_alt</wp:meta_key><wp:meta_value>Boats</wp:meta_value></wp:postmeta></item>",
    )
    post = wordpress_post("publish").replace("Only for some.", '[gallery ids="11,12"]')
    imported = import_text("a.xml", post.replace("</channel>", f"{upload}</channel>"), tmp_path / "to")

    (article,) = imported.articles.values()
    assert 'alt="Boats"' in article.content_html
    assert "<figcaption>The quay &amp; more</figcaption>" in article.content_html
    assert "files of [gallery] that the export lacks 1×" in imported.of("cut")[0]


def test_sticky_posts_of_wordpress_are_featured(tmp_path: Path) -> None:
    export = wordpress_post("publish", more="<wp:is_sticky>1</wp:is_sticky>")
    assert import_text("a.xml", export, tmp_path / "to").articles["secret"].featured


def test_featured_posts_of_ghost_stay_featured(tmp_path: Path) -> None:
    assert "featured: true" in import_text(
        "a.json", ghost_post("published", featured=1), tmp_path / "to"
    ).text("secret-plan.md")


def test_series_of_wordpress(tmp_path: Path) -> None:
    more = (
        '<category domain="series" nicename="locks">Locks &amp;amp; gates</category><wp:postmeta>'
        "<wp:meta_key>_series_part</wp:meta_key><wp:meta_value>3</wp:meta_value></wp:postmeta>"
    )
    article = import_text("a.xml", wordpress_post("publish", more=more), tmp_path / "to").articles["secret"]

    assert (article.series, article.series_order, article.tags) == ("Locks & gates", 3, ())


DROPPED = [
    ('A [button link="https://x.example/"]Go[/button] B', "[Go](https://x.example/)", "[button]"),
    (
        '[et_pb_image src="https://x.example/a.jpg" alt="Sea" /]',
        "![Sea](https://x.example/a.jpg)",
        "[et_pb_image]",
    ),
    ("[vc_row][vc_column]In a column.[/vc_column][/vc_row]", "In a column.", "[vc_row]"),
    ("[vc_row]Never closed.", "Never closed.", "[vc_row]"),
    ('[contact-form-7 404 "Not Found"] B', "B", "[contact-form-7]"),
    ("[gist 4711] B", "<https://gist.github.com/4711>", None),
    ("I said so. [/rant]", "[/rant]", None),
    ("An array[some_name] stays.", "array[some_name]", None),
    (
        "<!-- wp:latest-posts /--><!-- wp:paragraph --><p>B</p><!-- /wp:paragraph -->",
        "B",
        "block latest-posts",
    ),
    ('<!-- wp:embed {"url":"https://v.example/?a=1\\u0026b=2"} /-->', "<https://v.example/?a=1&b=2>", None),
    ('<!-- wp:block {"ref":77} /-->', "Reused.", None),
    ('<!-- wp:block {"ref":78} /--> B', "B", "reusable block"),
    (
        '<!-- wp:cover {"url":"https://x.example/a.jpg"} --><div><p>Over it.</p></div><!-- /wp:cover -->',
        "![](https://x.example/a.jpg)",
        None,
    ),
    ('<img\nsrc="https://x.example/a.jpg"\nalt="A">', "![A](https://x.example/a.jpg)", None),
]


@pytest.mark.parametrize(("written", "part", "dropped"), DROPPED)
def test_what_wordpress_shows_by_code_is_kept_or_counted(
    written: str, part: str, dropped: str | None, tmp_path: Path
) -> None:
    reused = (
        "<item><title>Reused</title><wp:post_id>77</wp:post_id><wp:post_type>wp_block</wp:post_type>"
        "<wp:status>publish</wp:status>"
        "<content:encoded><![CDATA[<!-- wp:paragraph --><p>Reused.</p><!-- /wp:paragraph -->]]>"
        "</content:encoded></item>"
    )
    post = wordpress_post("publish").replace("Only for some.", written)
    imported = import_text("a.xml", post.replace("</channel>", f"{reused}</channel>"), tmp_path / "to")

    assert part in imported.text("secret.md")
    cut = {note.category: note.count for note in imported.notes if note.kind == "cut"}
    assert set(cut) >= ({dropped} if dropped else set())
    assert dropped is not None or not cut
    assert "[vc" not in imported.text("secret.md")


@pytest.mark.parametrize(
    "withheld",
    [
        *(
            f"<wp:status>{status}</wp:status>"
            for status in ("draft", "private", "pending", "future", "trash", "")
        ),
        "<wp:status>publish</wp:status><wp:post_password>sesame</wp:post_password>",
    ],
)
def test_a_reusable_block_that_is_not_public_is_not_in_the_posts_that_use_it(
    withheld: str, tmp_path: Path
) -> None:
    block = (
        f"<item><title>Reused</title><wp:post_id>77</wp:post_id><wp:post_type>wp_block</wp:post_type>{withheld}"
        "<content:encoded><![CDATA[<!-- wp:paragraph --><p>Withheld.</p><!-- /wp:paragraph -->]]>"
        "</content:encoded></item>"
    )
    post = wordpress_post("publish").replace("Only for some.", 'Before. <!-- wp:block {"ref":77} /--> After.')
    imported = import_text("a.xml", post.replace("</channel>", f"{block}</channel>"), tmp_path / "to")

    assert "Withheld" not in imported.text("secret.md")
    assert "After." in imported.text("secret.md")


def test_a_gallery_of_nothing_is_noted(tmp_path: Path) -> None:
    export = wordpress_post("publish").replace("Only for some.", "A [gallery] B")

    assert "[gallery] 1×" in import_text("a.xml", export, tmp_path / "to").of("cut")[0]


BARE = [
    (
        "[youtube https://www.youtube.com/watch?v=abcdefghijk]",
        "<https://www.youtube.com/watch?v=abcdefghijk>",
    ),
    ("[youtube=https://www.youtube.com/watch?v=abcdefghijk&w=640&h=360]", "v=abcdefghijk>"),
    ("[vimeo 123456]", "<https://vimeo.com/123456>"),
    ("[googlemaps https://maps.example/?q=x]", "<https://maps.example/?q=x>"),
    ("They said [sic] and [see page 4].", "They said [sic] and [see page 4]."),
    ("A [video of the day] and [audio 2] stay.", "A [video of the day] and [audio 2] stay."),
    ("One<!--nextpage-->Two", "One\n\nTwo"),
]


@pytest.mark.parametrize(("written", "part"), BARE)
def test_wordpress_shortcodes_with_a_bare_argument(written: str, part: str, tmp_path: Path) -> None:
    export = wordpress_post("publish").replace("Only for some.", written.replace("&", "&amp;"))
    imported = import_text("a.xml", export, tmp_path / "to")

    assert part in imported.text("secret.md")


def test_wordpress_values_that_are_encoded_once_more(tmp_path: Path) -> None:
    more = (
        "<wp:post_name>%e6%97%a5%e6%9c%ac</wp:post_name><dc:creator>ada</dc:creator><wp:postmeta>"
        "<wp:meta_key>enclosure</wp:meta_key><wp:meta_value>https://quay.example/e.mp3\n12\naudio/mpeg\n"
        'a:1:{s:8:"duration";s:8:"00:23:45";}</wp:meta_value></wp:postmeta>'
    )
    author = (
        "<wp:author><wp:author_login>ada</wp:author_login><wp:author_display_name>"
        "<![CDATA[Smith &amp; O&#039;Hara]]></wp:author_display_name></wp:author>"
    )
    export = wordpress_post("publish", more=more).replace("<channel>", f"<channel>{author}")
    article = import_text("a.xml", export, tmp_path / "to").articles["日本"]

    assert [entry.name for entry in article.authors] == ["Smith & O'Hara"]
    assert [attachment.duration for attachment in article.attachments] == [1425]


def test_wordpress_pages_when_asked_for(tmp_path: Path) -> None:
    imported = import_file(IMPORTS / "wordpress.xml", to=tmp_path, pages=True)
    page = imported.articles["/about"]

    assert (page.title, page.path, page.is_page) == ("About", "pages/about.md", True)
    assert "type: page\nslug: about\n" in imported.text("pages/about.md")
    assert "aliases" not in imported.text("pages/about.md"), "it keeps its address"


def test_ghost_post(tmp_path: Path) -> None:
    imported = import_file(IMPORTS / "ghost.json", to=tmp_path, base="https://old.example")
    post = imported.articles["the-lock-gate"]

    assert post.title == "The lock gate"
    assert "id: 63f8a1b2c3d4e5f601020304\n" in imported.text("the-lock-gate.md")
    assert (post.published, post.updated) == (at("2023-02-24T11:30"), at("2023-02-25T10:00"))
    assert post.authors == (
        Author("Ada Osei", "ada-osei", "https://ada.example/"),
        Author("Béa Roux", "bea-roux"),
    )
    assert [tag.name for tag in post.tags] == ["Water", "Locks"], "#hidden is internal"
    assert post.image == Image("https://old.example/content/images/gate.jpg", "A gate")
    assert (post.summary, post.canonical) == (
        "Water rises, the gate stays.",
        "https://elsewhere.example/gate",
    )
    assert "[rises](https://old.example/tides/)" in imported.text("the-lock-gate.md")
    assert "```sh\nopen gate\n```" in imported.text("the-lock-gate.md")
    assert "  - /the-lock-gate/\n" in imported.text("the-lock-gate.md")


def test_ghost_editors(tmp_path: Path) -> None:
    imported = import_file(IMPORTS / "ghost.json", to=tmp_path)

    lexical, mobiledoc = imported.text("in-lexical.md"), imported.text("in-mobiledoc.md")
    assert "## Depth\n\n**bold** and plain [a link](https://x.example/)\n\n```js\na < b\n```\n" in lexical
    assert "Plain *leaning* [link](https://x.example/)\n\n- one\n- two\n\n1. first\n" in mobiledoc
    assert "draft: true" in lexical
    assert "draft: true" in mobiledoc, "what only members may read is not published"
    assert imported.of("cut") == [
        "ghost.json, post 2: card puzzle 1×: not converted; any text within it is kept"
    ]
    assert any("set --base" in note for note in imported.of("note"))


def test_podcast(tmp_path: Path) -> None:
    imported = import_file(IMPORTS / "podcast.rss", to=tmp_path)
    episode = imported.articles["episode-1-cafe-and-more"]

    assert episode.title == "Episode 1 — Café & more"
    assert episode.id == "https://talk.example/e/1.html", "without a guid readers go by the address"
    assert episode.published == at("2019-03-07T13:00")
    assert [author.name for author in episode.authors] == ["Ada Osei"]
    assert episode.attachments == (Attachment("https://talk.example/1.mp3", "audio/mpeg", 123, None, 3723),)
    assert episode.image == Image("https://talk.example/1.jpg")
    assert "[map](https://talk.example/map)" in imported.text("episode-1-cafe-and-more.md")
    assert imported.articles["no-date"].published is None
    assert imported.articles["no-date"].content_text == "Only é words"
    assert imported.of("fault") == ["podcast.rss, item 3: it has neither title nor text"]
    assert any("'someday' is ignored" in note for note in imported.of("note"))
    assert any("'ep-2' is not a URI" in note for note in imported.of("note"))


def test_atom(tmp_path: Path) -> None:
    imported = import_file(IMPORTS / "atom.xml", to=tmp_path)
    first, second = imported.articles["grues"], imported.articles["a-b"]

    assert (first.id, first.title, first.language) == ("tag:atom.example,2020:1", "Les grues & nous", "fr")
    assert first.authors == (Author("Béa Roux", "bea-roux", "https://bea.example/"),), "the feed's own"
    assert (first.published, first.updated) == (at("2020-02-01T09:00"), at("2020-02-02T00:00"))
    assert [tag.name for tag in first.tags] == ["Grues"]
    assert first.attachments == (Attachment("https://atom.example/a.pdf", "application/pdf", 9),)
    assert "Un *port* ![grue](https://atom.example/2020/02/g.png)." in imported.text("grues.md")
    assert (second.title, second.language, second.content_text) == ("a < b", "en", "Only a summary & more")
    assert imported.of("guessed") == [
        "atom.xml, entry 2: its date is that of its last change: none of publication is given"
    ]


def test_page_with_a_picture_beside_it(tmp_path: Path) -> None:
    imported = import_file(IMPORTS / "page.html", to=tmp_path)
    page = imported.articles["page"]

    assert (page.title, page.language, page.published) == ("Der Hafen", "de", at("2018-03-04"))
    assert [author.name for author in page.authors] == ["Ada Osei"]
    assert "![Bild](/files/bild.png)" in imported.text("page.md")
    assert (tmp_path / "bild.png").read_bytes() == (IMPORTS / "bild.png").read_bytes()
    assert 'colspan="2"' in page.content_html


def test_records(tmp_path: Path) -> None:
    imported = import_file(IMPORTS / "records.ndjson", to=tmp_path)
    first, second = imported.articles["first-record"], imported.articles["second-record"]

    assert [tag.name for tag in first.tags] == ["one", "two, three"]
    assert first.extra == {"mood": "calm"}
    assert first.id.startswith("urn:uuid:")
    assert f"id: {first.id}\n" in imported.text("first-record.md")
    assert second.id == "urn:uuid:6ba7b810-9dad-11d1-80b4-00c04fd430c8"
    assert [note.partition(" ")[0] for note in imported.of("fault")] == ["records.ndjson:2:"]


JSON_FEED = {
    "version": "https://jsonfeed.org/version/1",
    "title": "F",
    "home_page_url": "https://f.example/",
    "author": {"name": "Ada Osei"},
    "items": [
        {
            "id": 7,
            "url": "/a/one",
            "content_text": "a < b\n\nc",
            "date_published": "2020-01-01T00:00:00Z",
            "tags": ["x"],
        },
        {
            "id": "https://f.example/2",
            "external_url": "https://www.paper.example/s",
            "title": "T",
            "content_html": "<p>y</p>",
        },
        "no object",
    ],
}


def test_json_feed(tmp_path: Path) -> None:
    imported = import_text("feed", json.dumps(JSON_FEED), tmp_path / "to")
    first, second = imported.articles["one"], imported.articles["t"]

    assert (first.content_text, first.title_derived) == ("a < b\n\nc", True)
    assert [author.name for author in first.authors] == ["Ada Osei"]
    assert second.source is not None
    assert (second.source.name, second.source.url) == ("paper.example", "https://www.paper.example/s")
    assert second.id == "https://f.example/2"
    assert imported.of("fault") == ["feed, item 3: it is not an object"]


def test_markdown_goes_as_it_is_with_its_id_and_drafts_stay_drafts(tmp_path: Path) -> None:
    source = tmp_path / "source" / "posts"
    source.mkdir(parents=True)
    (source / "one.md").write_text("---\ntitle: One\ndate: 2020-01-02\n---\nA ![pic](p.png) *b*.\n")
    (source / "two.md").write_text("---\ntitle: Two\ndraft: true\n---\nUnfinished.\n")
    (source / "p.png").write_bytes(b"pixels")
    imported = import_file(tmp_path / "source", to=tmp_path / "to")

    assert "A ![pic](p.png) *b*.\n" in imported.text("one.md")
    assert 'src="\x01/files/posts/p.png"' in imported.articles["one"].content_html
    assert imported.text("posts/p.png") == "pixels"
    assert "draft: true\n" in imported.text("two.md")
    assert "Unfinished.\n" in imported.text("two.md")


RSS = '<rss version="2.0"><channel>{}</channel></rss>'
KINDS = [
    ("x.txt", RSS.format("<title>x</title>"), "read_feed"),
    ("x", "\ufeff<?xml version='1.0'?><!-- a --><feed xmlns='http://www.w3.org/2005/Atom'/>", "read_feed"),
    ("x", "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/>", "read_feed"),
    ("x.rss", "<rss xmlns:wp='http://wordpress.org/export/1.2/'/>", "read_wordpress"),
    ("x.json", '{"db": []}', "read_ghost"),
    ("x", '{ "version": "https://jsonfeed.org/version/1.1" }', "read_json_feed"),
    ("x", '{"title": "a"}', ".json"),
    ("x", '{"title": "a"}\n{"title": "b"}\n', ".jsonl"),
    ("x.xml", "<!DOCTYPE html><html><body>x</body></html>", ".html"),
    ("x", "<p>A fragment</p>", ".html"),
    ("x", "Just words.", ".txt"),
    ("x.md", "# Title", ".md"),
    ("x.png", b"\x89PNG\x00\x00", None),
]


@pytest.mark.parametrize(("name", "data", "kind"), KINDS)
def test_format_is_detected_from_the_content(name: str, data: str | bytes, kind: str | None) -> None:
    held = data if isinstance(data, bytes) else data.encode()
    reader: Callable[..., object] | None = feed_reader(held)

    assert (reader.__name__ if reader else article_suffix(name, held)) == kind


BOMB = '<!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>' + RSS.format(
    "<item><title>&b;</title></item>"
)
CUT = RSS.format("<item><title>Whole</title></item><item><title>Cut")[:-19]
BAD = [
    ("bomb.xml", BOMB, "declares entities"),
    ("cut.xml", CUT, "ends early"),
    ("cut.json", '{"version": "https://jsonfeed.org/version/1", "items": [', "not JSON"),
    (
        "deep.json",
        '{"version": "https://jsonfeed.org/version/1", "items": ' + "[" * 100_000,
        "nested too deep",
    ),
    ("zero.xml", "", "is empty"),
    ("picture.bin", b"\x00\x01\x02" * 100, "neither text nor a supported export"),
    ("empty.json", "{}", ""),
]


@pytest.mark.parametrize(("name", "data", "message"), BAD)
def test_unreadable_sources_are_reported(tmp_path: Path, name: str, data: str | bytes, message: str) -> None:
    imported = import_text(name, data, tmp_path / "to")

    assert any(
        note.startswith(name) and message in note for note in imported.of("fault") + imported.of("left out")
    )


def test_items_before_a_break_are_imported(tmp_path: Path) -> None:
    imported = import_text("cut.xml", CUT, tmp_path / "to")

    assert list(imported.articles) == ["whole"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "cp1252"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    declared = (
        f'<?xml version="1.0" encoding="{encoding}"?>' if encoding not in {"utf-8-sig", "cp1252"} else ""
    )
    document = declared + RSS.format("<item><title>Café</title><guid>urn:x:1</guid></item>")

    assert import_text("f.rss", document.encode(encoding), tmp_path / "to").articles["cafe"].title == "Café"


def test_control_characters_and_invalid_values_are_dropped(tmp_path: Path) -> None:
    item = (
        "<item><title>a\x0bb</title><link>http://[x</link><guid>urn:x:1</guid><language>??</language>"
        "<enclosure url='javascript:x' length='-1'/><pubDate>0000-00-00</pubDate>"
        "<description>&lt;script&gt;x&lt;/script&gt;text \x00 &nbsp;&bogus; AT&T</description></item>"
    )
    imported = import_text("f.rss", RSS.format("<language>not a tag!</language>" + item), tmp_path / "to")

    (article,) = imported.articles.values()
    assert article.title == "ab"
    assert "AT&T" in article.content_text
    assert "x" not in article.content_text.split()
    assert len(imported.of("note")) == 4


CARDS = [
    (
        {"type": "button", "buttonText": "Join & go", "buttonUrl": "https://x.example/?a=1&b=2"},
        "[Join & go](https",
        None,
    ),
    ({"type": "product", "productTitle": "Boat", "productDescription": "<p>Fast.</p>"}, "Fast.", None),
    (
        {"type": "call-to-action", "textValue": "<p>Read on.</p>", "buttonUrl": "https://x.example/"},
        "Read on.",
        None,
    ),
    ({"type": "header", "heading": "Big", "subheading": "Small"}, "Small", None),
    ({"type": "signup", "header": "Join"}, "Text.", "card signup"),
    ({"type": "email", "html": "<p>For the e-mail.</p>"}, "Text.", "card email"),
]


@pytest.mark.parametrize(("card", "part", "dropped"), CARDS)
def test_cards_of_ghost_are_kept_or_counted(
    card: dict[str, str], part: str, dropped: str | None, tmp_path: Path
) -> None:
    text = {"type": "paragraph", "children": [{"type": "text", "text": "Text."}]}
    lexical = json.dumps({"root": {"children": [text, card]}})
    imported = import_text("ghost.json", ghost_post("published", html=None, lexical=lexical), tmp_path / "to")

    assert part in imported.text("secret-plan.md")
    assert [note.category for note in imported.notes if note.kind == "cut"] == ([dropped] if dropped else [])


def test_internal_tags_of_ghost_are_counted(tmp_path: Path) -> None:
    export = json.loads(ghost_post("published"))
    export["db"][0]["data"]["tags"] = [{"id": "1", "name": "#hidden"}, {"id": "2", "name": "Boats"}]
    imported = import_text("ghost.json", json.dumps(export), tmp_path / "to")

    assert [(note.category, note.count) for note in imported.notes if note.kind == "left out"] == [
        ("internal tags", 1)
    ]


ENTRY = """<html><body><article class="h-entry"><h1 class="p-name">Why &lt;em&gt; is nice</h1>
<a class="u-url" href="https://x.example/a">a</a>
<img class="u-photo" src="https://x.example/one.jpg" alt="One">
<p class="p-summary">Use &lt;br&gt; in text</p>
<div class="e-content"><p>Text.</p><img class="u-photo" src="https://x.example/two.jpg" alt="Two"></div>
<audio class="u-audio" src="https://x.example/talk.mp3"></audio>
<div class="p-comment h-cite"><p class="p-content">Nice.</p></div>
<a class="u-like h-cite" href="https://y.example/">y</a>
</article></body></html>"""


def test_an_entry_keeps_the_media_around_its_text_and_counts_reactions(tmp_path: Path) -> None:
    imported = import_text("a.html", ENTRY, tmp_path / "to")
    (article,) = imported.articles.values()

    assert (article.title, article.summary) == ("Why <em> is nice", "Use <br> in text")
    assert re.findall(r'src="([^"]+)"', article.content_html) == [
        "https://x.example/one.jpg",
        "https://x.example/talk.mp3",
        "https://x.example/two.jpg",
    ]
    assert [(note.category, note.count) for note in imported.notes if note.kind == "left out"] == [
        ("comments", 2)
    ]


def test_titles_and_summaries_of_records_are_plain(tmp_path: Path) -> None:
    record: dict[str, object] = {
        "id": "tag:x,2019:1",
        "title": "Why <em> is nice",
        "summary": "Use <br> & more",
        "content_html": "<p>x</p>",
    }
    record |= {"formats": {}, "reading_minutes": 1}
    (article,) = import_text("a.jsonl", json.dumps(record), tmp_path / "to").articles.values()

    assert (article.title, article.summary) == ("Why <em> is nice", "Use <br> & more")


def test_footnotes_of_wordpress_blocks(tmp_path: Path) -> None:
    meta = (
        "<wp:postmeta><wp:meta_key>footnotes</wp:meta_key><wp:meta_value>"
        '[{"content":"A &lt;em&gt;note&lt;/em&gt;.","id":"8a-b"}]</wp:meta_value></wp:postmeta>'
    )
    text = (
        '<!-- wp:paragraph --><p>Text<sup class="fn"><a href="#8a-b" id="8a-b-link">1</a></sup>.</p>'
        "<!-- /wp:paragraph --><!-- wp:footnotes /-->"
    )
    export = wordpress_post("publish", more=meta).replace("Only for some.", text)
    imported = import_text("a.xml", export, tmp_path / "to")

    assert "Text[^1]." in imported.text("secret.md")
    assert "[^1]: A *note*." in imported.text("secret.md")
    assert imported.of("cut") == []


AUTHORS = [
    ("<dc:creator>ann@x.example</dc:creator>", []),
    (
        '<category domain="author">Ann Lee</category><category domain="author">Bo</category>',
        ["Ann Lee", "Bo"],
    ),
]


@pytest.mark.parametrize(("written", "names"), AUTHORS)
def test_authors_of_wordpress(written: str, names: list[str], tmp_path: Path) -> None:
    imported = import_text("a.xml", wordpress_post("publish", more=written), tmp_path / "to")
    (article,) = imported.articles.values()

    assert [author.name for author in article.authors] == names
    assert bool(names) or "e-mail address" in imported.of("note")[0]


def test_articles_that_share_an_id_are_both_imported(tmp_path: Path) -> None:
    first = wordpress_post("publish")
    second = first[first.index("<item>") : first.index("</item>")].replace("Secret plan", "Another plan")
    export = first.replace("</channel>", second.replace("/secret/", "/another/") + "</item></channel>")
    for _ in range(2):  # importing again finds the same files
        imported = import_text("a.xml", export, tmp_path / "to")
        ids = {slug: article.id for slug, article in imported.articles.items()}

        assert ids == {"secret": "https://x.example/?p=1", "another": "https://x.example/another/"}
        assert "is that of a.xml, item 1, another article" in imported.of("note")[0]


def test_the_same_article_twice_is_one(tmp_path: Path) -> None:
    first = wordpress_post("publish")
    item = first[first.index("<item>") : first.index("</item>")] + "</item>"
    imported = import_text("a.xml", first.replace("</channel>", f"{item}</channel>"), tmp_path / "to")

    assert len(imported.articles) == 1
    assert [note.category for note in imported.notes] == ["duplicates"]


def test_a_link_to_a_recording_is_no_address_of_an_episode(tmp_path: Path) -> None:
    feed = (
        "<rss version='2.0'><channel><item><title>First episode</title><guid isPermaLink='false'>x1</guid>"
        "<link>https://x.example/Ep01.mp3</link><description>Text.</description>"
        "<enclosure url='https://x.example/Ep01.mp3' type='audio/mpeg' length='9'/></item></channel></rss>"
    )
    (article,) = import_text("a.xml", feed, tmp_path / "to").articles.values()

    assert (article.slug, article.addresses, article.aliases) == ("first-episode", (), ())
    assert [attachment.url for attachment in article.attachments] == ["https://x.example/Ep01.mp3"]


def test_a_slug_with_a_suffix_is_a_name(tmp_path: Path) -> None:
    export = wordpress_post("publish", more="<wp:post_name>blog/first-boats.html</wp:post_name>")
    assert set(import_text("a.xml", export, tmp_path / "to").articles) == {"first-boats"}


PAGES: dict[str, str] = {
    "a.xml": wordpress_post("publish").replace("wp:post_type>post<", "wp:post_type>page<"),
    "ghost.json": ghost_post("published", type="page"),
    "blogger.xml": atom_entry(
        "<blogger:type>PAGE</blogger:type><blogger:status>LIVE</blogger:status><content>Text.</content>",
        'xmlns:blogger="http://schemas.google.com/blogger/2018"',
    ),
}


@pytest.mark.parametrize("name", PAGES)
def test_pages_are_written_apart_on_request_only(name: str, tmp_path: Path) -> None:
    imported = import_text(name, PAGES[name], tmp_path / "a" / "to")
    assert sum(note.count for note in imported.notes if note.category == "pages") == 1
    assert imported.done == ()

    with_pages = import_text(name, PAGES[name], tmp_path / "b" / "to", pages=True)
    (page,) = with_pages.done
    assert page.path.startswith("pages/")
    assert "\ntype: page\n" in with_pages.text(page.path)


LINKS = [
    ("https://x.example/blog/?p=12", (), "plan-secret"),
    ("https://x.example/story.php?id=12", (), "plan-secret"),
    ("https://x.example/blog/boats/?utm_source=rss", ("/blog/boats",), "boats"),
    ("https://x.example/b/%E6%97%A5%E6%9C%AC/", ("/b/日本",), "日本"),
]


@pytest.mark.parametrize(("link", "addresses", "slug"), LINKS)
def test_an_address_with_a_number_is_no_path_of_its_article(
    link: str, addresses: tuple[str, ...], slug: str, tmp_path: Path
) -> None:
    item = f"<item><title>Plan: secret</title><guid isPermaLink='false'>x1</guid><link>{link}</link></item>"
    feed = f"<rss version='2.0'><channel>{item}</channel></rss>"
    (article,) = import_text("a.xml", feed, tmp_path / "to").articles.values()

    assert (article.slug, article.addresses) == (slug, addresses)


def test_a_feed_without_entries_is_reported(tmp_path: Path) -> None:
    imported = import_text(
        "a.xml", "<rss version='2.0'><channel><title>T</title></channel></rss>", tmp_path / "to"
    )
    assert imported.of("left out") == ["a.xml: it holds no entry"]


@pytest.mark.parametrize(
    ("matter", "slug", "menu"),
    [
        ("type: page\nmenu: {label: Us, weight: 2}", "/about", MenuEntry("Us", 2)),
        ("type: page\nmenu: true", "/about", MenuEntry()),
        ("type: page", "/about", None),
    ],
)
def test_a_page_of_a_folder_stays_a_page(
    tmp_path: Path, matter: str, slug: str, menu: MenuEntry | None
) -> None:
    imported = import_files({"about.md": f"---\ntitle: About\n{matter}\n---\nText.\n"}, tmp_path / "to")
    page = imported.articles[slug]

    assert (page.path, page.menu) == ("pages/about.md", menu)


@pytest.mark.parametrize(
    ("link", "slug", "address"),
    [
        ("https://quay.example/company/team/", "team", "/company/team"),
        ("https://quay.example/team/", "team", "/team"),
        ("https://quay.example/docs/team/", "team", "/team"),
        ("https://quay.example/company/team/", "staff", "/staff"),
    ],
)
def test_a_page_below_another_keeps_its_address(link: str, slug: str, address: str) -> None:
    item = ImportedItem(place="x", title="Team", text="Text.", link=link, slug=slug, is_page=True)
    facts = front_matter(item, ItemFile(slug, "urn:x", "a.md"), "", Site())

    assert page_address(facts["slug"]) == address
    assert facts["type"] == "page"
    former = urlsplit(link).path
    assert facts.get("aliases", []) == ([] if former.strip("/") == address[1:] else [former])
