"""What an article says of itself, field by field, and what is concluded where it says nothing."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from service.content import load, load_parts
from service.content.identity.slugs import short_hash
from service.content.records import FilePart
from service.markup import SITE
from service.model import Article, Attachment, Author, Image, Site, Source, Tag, Withdrawal
from tests.support.builders import at


def one(text: str | bytes, path: str = "a-file.md", root: Path = Path(), **site: Any) -> Article:
    """The only article in a file, which has no faults."""
    data = text.encode() if isinstance(text, str) else text
    loaded = load(root, path, data, Site(**site))
    assert loaded.faults == ()
    (article,) = loaded.articles
    return article


def said(text: str, **site: Any) -> Article:
    """The article with this YAML front matter."""
    return one(f"---\n{text}\n---\nText.", **site)


FIELDS = [
    ("title: 3.10", "title", "3.10"),
    ("TITLE: A", "title", "A"),
    ("title: ' two\n  lines '", "title", "two lines"),
    ("sub-title: A\nsubtitle: B", "subtitle", "B"),
    ("description: D\nexcerpt: E", "summary", "D"),
    ("date: 2019-01-28", "published", at("2019-01-28")),
    ("date: 2017", "published", at("2017-01-01")),
    ("date: 2017", "published_within", "year"),
    ("date: 2017-02-20", "published_within", "day"),
    (
        "source: {name: A, date: 2015-07}",
        "source",
        Source("A", "a", published=at("2015-07-01"), published_within="month"),
    ),
    ("published: 2019-01-28\ndate: 2018-01-01", "published", at("2019-01-28")),
    ("published: true\ndate: 2018-01-01", "published", at("2018-01-01")),
    ("date: 2019-01-28", "updated", at("2019-01-28")),
    ("date: 2019-01-28\nlastmod: 2019-02-01", "updated", at("2019-02-01")),
    ("a: b", "published", None),
    ("expires: 2030-01-01", "expires", at("2030-01-01")),
    ("slug: 'Rust 1.60.0'", "slug", "rust-1.60.0"),
    ("slug: notes.json", "slug", "notes-json"),
    ("slug: 0123", "slug", "0123"),
    ("slug: /blog/A_b/", "slug", "blog-a-b"),
    ("aliases: [/2019/01/vote.html, ballot, a-file, /x/y/]", "aliases", ("vote", "ballot", "y")),
    ("id: 'tag:example.org,2026:x'", "id", "tag:example.org,2026:x"),
    ("guid: 12", "id", "urn:uuid:cd6183e5-01f9-5114-b854-3ce1e0e51e9b"),
    ("tags: a, B b", "tags", (Tag("a", "a"), Tag("B b", "b-b"))),
    ("tags: [{name: Iraq, slug: iraq}]", "tags", (Tag("Iraq", "iraq"),)),
    ("tags: ['★']", "tags", (Tag("★", "26c57b08"),)),
    (
        "author: Josh Aas, ISRG Executive Director",
        "authors",
        (Author("Josh Aas, ISRG Executive Director", "josh-aas-isrg-executive-director"),),
    ),
    (
        "authors: [A, {name: B, url: 'https://b.example/'}, A, '']",
        "authors",
        (Author("A", "a"), Author("B", "b", "https://b.example/")),
    ),
    ("lang: zh_tw", "language", "zh-TW"),
    ("a: b", "language", "en"),
    ("source: Reuters", "source", Source("Reuters", "reuters")),
    (
        "source: https://www.rudaw.net/x",
        "source",
        Source("rudaw.net", "rudaw-net", "https://www.rudaw.net/x"),
    ),
    (
        "source: {name: R, title: T, author: [A, B], url: 'https://r.example/', date: 2019-01-28, feed: /f}",
        "source",
        Source("R", "r", "https://r.example/", "T", "A, B", at("2019-01-28"), "/f", "day"),
    ),
    ("dateline: BAGHDAD", "dateline", "BAGHDAD"),
    ("image: a b.png\nimage-alt: Alt", "image", Image("/files/a%20b.png", "Alt")),
    (
        "image: {src: ../../a.png, alt: Alt, width: 3, height: '4'}",
        "image",
        Image("/files/a.png", "Alt", 3, 4),
    ),
    ("image: //e.example/a.png", "image", Image("https://e.example/a.png")),
    (
        """attachments:
            - https://e.example/a.mp3?x=1
            - {url: 'https://e.example/b', type: a/b, length: 5, title: T, duration: '1:02:03'}""",
        "attachments",
        (
            Attachment("https://e.example/a.mp3?x=1", "audio/mpeg"),
            Attachment("https://e.example/b", "a/b", 5, "T", 3723),
        ),
    ),
    ("canonical: https://e.example/ä", "canonical", "https://e.example/%C3%A4"),
    ("rights: CC0", "rights", "CC0"),
    ("correction: C", "correction", "C"),
    ("withdrawn: wrong\nupdated: 2019-01-28", "withdrawn", Withdrawal("wrong")),
    ("withdrawn: {reason: wrong, at: 2019-01-28}", "withdrawn", Withdrawal("wrong", at("2019-01-28"))),
    ("withdrawn: true\nupdated: 2019-01-28", "withdrawn", Withdrawal("withdrawn")),
    ("withdrawn: false", "withdrawn", None),
    (
        "Layout: post\nweight: 3\non: 2019-01-28\nnothing:",
        "extra",
        {"Layout": "post", "weight": 3, "on": "2019-01-28", "nothing": None},
    ),
    ('title: "a\\x01b\\uFFFEc"', "title", "abc"),
    ('x: "a\\x01b"', "extra", {"x": "ab"}),
]


@pytest.mark.parametrize(("text", "field", "expected"), FIELDS)
def test_a_field_is_read(text: str, field: str, expected: object) -> None:
    assert getattr(said(text), field) == expected


def test_tags_are_names_each_slug_once() -> None:
    tags = said("tags: [C++, c#, C, 2017, NO, true, 'C ', null]").tags
    assert [(tag.name, tag.slug) for tag in tags] == [
        ("C++", "c-plus-plus"),
        ("c#", "c-sharp"),
        ("C", "c"),
        ("2017", "2017"),
        ("NO", "no"),
        ("true", "true"),
    ]


def test_a_tag_of_emoji_has_a_hash_and_marks_of_letters_stay() -> None:
    tags = said("tags: ['🏳️‍🌈', '❤️', 'हिन्दी ❤️', '葛󠄀']").tags
    assert [tag.slug for tag in tags] == [short_hash("🏳️‍🌈"), short_hash("❤️"), "हिन्दी", "葛"]


PATHS = [
    ("2019-01-28-a-vote.md", "a-vote", "2019-01-28"),
    ("posts/2019-01-28-a-vote/index.md", "a-vote", "2019-01-28"),
    ("2019-01-28/vote.md", "vote", "2019-01-28"),
    ("posts/vote/index.html", "vote", None),
    ("Über_Uns.md", "uber-uns", None),
    ("Rust-1.60.0.md", "rust-1.60.0", None),
    ("index.md", "the-title", None),
    ("★.md", "the-title", None),
    ("❤️ Love.md", "love", None),
    ("1️⃣ First ☀️.md", "1-first", None),
    ("🏳️‍🌈.md", "the-title", None),
    ("data.json.md", "data-json", None),
]


@pytest.mark.parametrize(("path", "slug", "day"), PATHS)
def test_slug_and_date_may_stand_in_the_path(path: str, slug: str, day: str | None) -> None:
    article = one("# The title\n\nText.", path)
    assert article.slug == slug
    assert article.published == (at(day) if day else None)
    assert article.path == path


def test_a_slug_is_never_empty_or_too_long() -> None:
    assert len(one("★", "★.md").slug) == 8
    assert len(one("Text.", f"{'é' * 80}{'日' * 90}.md").slug.encode()) <= 200


def test_a_date_is_in_the_zone_of_the_site() -> None:
    assert said("date: 2019-01-28", time_zone="Asia/Baghdad").published == datetime(
        2019, 1, 27, 21, tzinfo=UTC
    )


TITLES = [
    ("a.md", "# A *title*\n\nText.", "A title", "Text.", False),
    ("a.md", "A title\n=======\n\nText.", "A title", "Text.", False),
    ("a.md", "Intro.\n\n# A title\n\nText.", "A title", "Intro.\n\nA title\n\nText.", False),
    ("a.md", "Intro.\n\n# One\n\n# Two", "Intro. One Two", "Intro.\n\nOne\n\nTwo", True),
    ("a.md", "---\ntitle: A title\n---\n# A Title!\n\nText.", "A title", "Text.", False),
    ("a.md", "---\ntitle: A title\n---\n# Another\n\nText.", "A title", "Another\n\nText.", False),
    ("a.md", "A sentence. Another.", "A sentence. Another.", "A sentence. Another.", True),
    ("a-name.md", "![](a.png)", "a name", "", True),
    ("a.txt", "A title\n\nText.", "A title", "Text.", False),
    ("a.txt", "A title\n\n\nA title\n\nText & <b>.", "A title", "Text & <b>.", False),
    ("a.txt", "\n  Title\nOne line.\nAnother line.", "Title", "One line.\nAnother line.", False),
    ("a.txt", "All there is.", "All there is.", "All there is.", True),
    ("a.html", "<h1>A title</h1><p>Text.</p>", "A title", "Text.", False),
]


@pytest.mark.parametrize(("path", "text", "title", "content", "derived"), TITLES)
def test_a_title_is_found_and_not_repeated(
    path: str, text: str, title: str, content: str, derived: bool
) -> None:
    article = one(text, path)
    assert (article.title, article.content_text, article.title_derived) == (title, content, derived)


def test_a_whole_page_gives_its_head_and_its_body() -> None:
    article = one(
        '<!DOCTYPE html>\n<html lang="fr"><head><title>A title | The Daily</title>\n'
        '<meta name="description" content="Said &amp; done"><meta name=author content="A">\n'
        '<meta property="article:published_time" content="2019-01-28T09:30:00Z"></head>\n'
        '<body class="x"><h1>A title</h1><p>Text <a href="b.html">b</a>.</p></body></html>',
        "posts/page.html",
    )
    assert (article.title, article.summary, article.language) == ("A title", "Said & done", "fr")
    assert article.authors == (Author("A", "a"),)
    assert article.published == at("2019-01-28T09:30")
    assert article.content_html == f'<p>Text <a href="{SITE}/files/posts/b.html">b</a>.</p>'
    assert article.body.text.startswith("<h1>")


ENCODED = [
    ("Café".encode("utf-8-sig"), 0),
    ("Café".encode("utf-16"), 0),
    (b"\xfe\xff" + "Café".encode("utf-16-be"), 0),
    ("Café".encode("utf-32"), 0),
    ("Café".encode(), 0),
    (b"Caf\xe9", 1),
]


@pytest.mark.parametrize(("data", "faults"), ENCODED)
def test_any_encoding_is_read(data: bytes, faults: int) -> None:
    loaded = load(Path(), "a.md", data, Site())
    assert loaded.articles[0].content_text.endswith("Café")
    assert len(loaded.faults) == faults


def test_drafts_are_excluded() -> None:
    for text in ("draft: true", "Draft: yes", "published: false", "draft: true\ntitle: []\ndate: no"):
        loaded = load(Path(), "a.md", f"---\n{text}\n---\nText.".encode(), Site())
        assert (loaded.articles, loaded.faults) == ((), ())


def test_format_and_base_say_how_a_body_is_read() -> None:
    article = said("format: html\nbase: /files/other/")
    assert (article.body.format, article.body.base) == ("html", "/files/other/")
    text = "---\nformat: text\nbase: https://e.example/x/\nimage: a.png\n---\nA <b>.\n\nB."
    article = one(text)
    assert article.title == "A <b>."
    assert article.image == Image("https://e.example/x/a.png")
    assert article.body.base == "https://e.example/x/"


def test_an_attachment_beside_the_article_is_measured(tmp_path: Path) -> None:
    (tmp_path / "posts").mkdir()
    (tmp_path / "posts" / "a b.mp3").write_bytes(b"12345")
    (tmp_path.parent / f"{tmp_path.name}.pdf").write_bytes(b"out of reach")
    text = "---\nattachments: [{url: a b.mp3, length: 1}]\n---\nText."
    assert one(text, "posts/a.md", tmp_path).attachments == (
        Attachment("/files/posts/a%20b.mp3", "audio/mpeg", 5),
    )
    outside = f"---\nattachments: /files/../{tmp_path.name}.pdf\n---\nText."
    assert load(tmp_path, "a.md", outside.encode(), Site()).articles[0].attachments[0].length is None


RECORDS = [
    ('{"title": "T", "content_html": "<p>a</p>", "content_text": "b"}', "html", "a"),
    ('{"title": "T", "markdown": "*a*"}', "markdown", "a"),
    ('{"title": "T", "text": "<p>a"}', "text", "<p>a"),
    ('{"title": "T", "body": "<p>a</p>"}', "html", "a"),
    ('{"title": "T", "content": "a < b"}', "text", "a < b"),
    ('{"title": "T", "content": "*a*", "format": "markdown"}', "markdown", "a"),
]


@pytest.mark.parametrize(("text", "form", "content"), RECORDS)
def test_a_record_has_its_body_under_a_key(text: str, form: str, content: str) -> None:
    article = one(text, "a.json")
    assert (article.title, article.body.format, article.content_text) == ("T", form, content)
    assert article.extra == {}
    assert article.slug == "a"


HIDING = [
    '"draft": true',
    '"published": false',
    '"status": "draft"',
    '"status": "private"',
    '"visibility": "members"',
    '"visibility": "paid"',
    '"password": "secret"',
    '"hidden": true',
    '"private": true',
    '"unlisted": true',
    '"build": {"render": "never"}',
]


@pytest.mark.parametrize("field", HIDING)
@pytest.mark.parametrize("path", ["a.json", "many.jsonl"])
def test_what_hides_an_article_hides_it_in_every_kind_of_record(path: str, field: str) -> None:
    loaded = load(Path(), path, f'{{"title": "One", "text": "Text.", {field}}}'.encode(), Site())

    assert (loaded.articles, loaded.faults) == ((), ())


def test_a_line_of_jsonl_is_an_article() -> None:
    loaded = load(Path(), "2019-01-28-all.jsonl", b'{"title": "One"}\r\n\n{"text": "Two\\n\\nText."}', Site())
    assert [(item.number, item.slug, item.published) for item in loaded.articles] == [
        (0, "one", None),
        (2, "two", None),
    ]


def test_summary_words_and_minutes_follow_from_the_text() -> None:
    article = one("## Heading\n\nFirst sentence. " + "word " * 300, "a.md")
    assert article.summary.startswith("First sentence. word word")
    assert len(article.summary) <= 280
    assert (article.word_count, article.reading_minutes) == (303, 2)


def test_a_site_that_moves_keeps_its_permalinks_as_ids() -> None:
    site = {"legacy_id": "{url}", "public_url": "https://e.example/"}
    assert said("aliases: [/2019/01/vote/]", **site).id == "https://e.example/2019/01/vote/"
    assert said("aliases: [vote]", **site).id == ""


def test_same_bytes_give_the_same_article() -> None:
    data = b"---\ntitle: A\ntags: [b, a]\nx: {z: 1, y: 2}\n---\nText."
    assert load(Path(), "a.md", data, Site()) == load(Path("/elsewhere"), "a.md", data, Site())


def test_a_known_key_without_a_value_is_ignored() -> None:
    article = one("---\ntitle: A\nsummary: ''\ntags: []\nauthor:\nsubtitle: ~\nmood: ''\n---\nText.\n")

    assert article.extra == {"mood": ""}


LINES = b"""
{"title": "B", "text": "x"}
{"title": "F", "date": "when"}
{"title": "C", "markdown": "# C"}
"""


def test_load_parts_equals_load(tmp_path: Path) -> None:
    files = [
        ("a.md", b"---\ntitle: A\n---\n\nText of *a*.\n"),
        ("broken.md", b"---\ntitle: [\n---\n"),
        ("draft.md", b"---\ntitle: D\ndraft: true\n---\n\nText.\n"),
        ("lines.jsonl", LINES),
        ("moved.md", b"---\ntitle: M\nredirect: /articles/a\n---\n"),
        ("page.html", b"<html><head><title>P</title></head><body><p>Text of a page.</p></body></html>"),
        ("README.md", b"# About\n"),
        ("empty.txt", b""),
    ]
    alone = [load(tmp_path, path, data, Site()) for path, data in files]
    parts = [(FilePart(path, len(data)), data) for path, data in files]
    assert load_parts(tmp_path, parts, Site()) == alone
    assert [len(loaded.articles) for loaded in alone] == [1, 0, 0, 2, 0, 1, 0, 0]
