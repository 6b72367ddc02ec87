"""Markdown: lists render correctly; an article loads again identically."""

import html
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from comrak import ExtensionOptions, markdown_to_html

from service.content import load
from service.formats import SingleArticle
from service.formats.markdown import MARKDOWN, escape
from service.model import Article, Attachment, Author, Image, Site, Source
from service.query import Query
from service.urls import Urls
from tests.support.builders import article, at, listing, site
from tests.support.sample_site import MIDDLE_PAGE, SITE, URLS

TEXTS = [
    "plain",
    "*star* _under_ `code` ~~gone~~ [link](x) ![image](y)",
    "<b>bold</b> & &amp; &#38; AT&T",
    "back\\slash | pipe $ 5 > 4",
    "# heading",
    "C# and F #",
    "- list",
    "+ list",
    "1. list",
    "2) list",
    "> quotation",
    "--- rule",
    "===",
    "[^1] and [x]: y",
    "🚢 بغداد « guillemets »",
]
EXTENSIONS = ExtensionOptions(
    table=True,
    strikethrough=True,
    footnotes=True,
    autolink=True,
    tasklist=True,
    description_lists=True,
    alerts=True,
)


def shown(markdown: str) -> str:
    """What a person reads once the Markdown is rendered."""
    return html.unescape(re.sub("<[^>]*>", "", markdown_to_html(markdown, EXTENSIONS))).strip()


@pytest.mark.parametrize("text", TEXTS)
def test_escaped_text_renders_as_the_same_text(text: str) -> None:
    assert shown(escape(text)) == text
    assert shown(f"# {escape(text)}") == text
    assert shown(f"## [{escape(text)}](https://a.example/)") == text


def test_escaped_text_is_one_line() -> None:
    assert escape(" a\n\n- b\tc ") == "a - b c"


def test_a_list_has_titles_dates_and_summaries() -> None:
    page = listing(
        article("one", title="First *one*", authors=("Ada Osei", "B_C")),
        article("two", published=None),
    )
    assert MARKDOWN.listing(page, URLS).decode() == (
        "# Example\n"
        "\n"
        "## [First \\*one\\*](https://news.example/blog/articles/one)\n"
        "\n"
        "2019-01-28 · Ada Osei, B\\_C\n"
        "\n"
        "Summary of First \\*one\\*.\n"
        "\n"
        "## [Two](https://news.example/blog/articles/two)\n"
        "\n"
        "Summary of Two.\n"
    )


def test_day_is_in_the_zone_of_the_site() -> None:
    page = listing(article(published=at("2019-01-28T20:00")), of=site(time_zone="Asia/Tokyo"))
    assert "2019-01-29" in MARKDOWN.listing(page, URLS).decode()


def test_list_links_to_its_neighbours() -> None:
    written = MARKDOWN.listing(MIDDLE_PAGE, URLS).decode()
    assert written.startswith("# Harbour & Sea — tag Harbour & sea; search “port & ships”\n")
    for word, cursor in (
        ("Previous", MIDDLE_PAGE.page.previous_cursor),
        ("Next", MIDDLE_PAGE.page.next_cursor),
    ):
        assert f"[{word} page]({URLS.listing('markdown', MIDDLE_PAGE.query, cursor)})" in written


def test_content_none_has_no_summaries() -> None:
    assert b"Summary" not in MARKDOWN.listing(listing(article(), query=Query(content="none")), URLS)


def written(one: Article, urls: Urls = URLS, of: Site = SITE) -> bytes:
    assert MARKDOWN.article
    return MARKDOWN.article(SingleArticle(of, one), urls)


def first_loaded(root: Path, name: str, data: bytes, of: Site) -> Article:
    loaded = load(root, name, data, of)
    assert loaded.faults == ()
    return loaded.articles[0]


FRONT_MATTER = """\
---
title: "It's: a title"
subtitle: 'null'
summary: "# Summary"
date: 2019-01-28T09:30:00+02:00
updated: 2019-02-01
slug: harbour-opens
aliases: [old-harbour, older-harbour]
id: tag:example.org,2026:en/x
language: fr
authors:
  - name: Ada Osei
    url: https://ada.example/
  - "Josh Aas, ISRG Executive Director"
tags: [Harbour & sea, "2017", C++, "yes"]
dateline: PORT TOWN
source:
  name: Port Times
  title: "Harbour: open"
  author: R. Adler
  date: 2019-01-27
  url: https://port.example/?a=1&b=2
  feed: https://port.example/feed
image: {url: quay.jpg, alt: "The *quay*", width: 12, height: 8}
attachments:
  - {url: "https://a.example/talk.mp3", type: audio/mpeg, length: 5, title: Talk, duration: 95}
canonical: https://elsewhere.example/x
rights: CC BY 4.0
correction: "Was wrong: twice."
mood: calm
ratings: [1, 2.5, "3", true, null]
nested: {a: {b: "no"}}
---
"""

# name of the file → its text
FILES = {
    "posts/a.md": FRONT_MATTER + "Ships [return](../b.md) to ![quay](quay.jpg).[^1]\n\n[^1]: Note.\n",
    "posts/b.html": FRONT_MATTER + '<p>See <a href="c.pdf#p2">c</a> and <a href="#x">x</a>.</p>\n',
    "posts/c.txt": FRONT_MATTER + "First paragraph & <more>.\n\nSecond * paragraph.\n",
    "posts/bare.md": "# A heading\n\n    code stays code\n\nText.\n",
    "posts/underived.md": "No heading here. Only text, and more of it.\n",
    "posts/vague.md": "---\ndate: 2017\nsource: {name: The Paper, date: 2015-07}\n---\nText.\n",
    "posts/bare.txt": "A first line\n\nThen a paragraph.\n\n--- and a rule\n",
    "posts/page.html": '<!DOCTYPE html><html lang="de"><head><title>Eine Seite</title></head>'
    "<body><h1>Eine Seite</h1><p>Text.</p></body></html>\n",
    "posts/record.json": '{"title": "A record", "content_html": "<p>Text &amp; <b>more</b>.</p>"}',
}


@pytest.mark.parametrize("name", FILES)
def test_article_loads_again_identically(name: str, tmp_path: Path) -> None:
    of = Site(language="en", time_zone="Europe/Oslo")
    urls = Urls("https://news.example")
    first = first_loaded(tmp_path, name, FILES[name].encode(), of)
    if not first.id:
        first = msgspec.structs.replace(first, id="urn:x:settled")
    again = first_loaded(tmp_path, f"elsewhere/{first.slug}.md", written(first, urls, of), of)
    assert resolved(again, urls) == resolved(first, urls)
    assert written(again, urls, of) == written(first, urls, of)


def resolved(one: Article, urls: Urls) -> dict[str, Any]:
    """Everything of an article but where its file lies, with addresses as a client sees them."""
    facts = msgspec.structs.asdict(one)
    del facts["path"], facts["translation_keys"]
    facts["content_html"] = urls.content_html(one)
    facts["body"] = (one.body.format, one.body.text, urls.absolute(one.body.base))
    facts["image"] = one.image and msgspec.structs.replace(one.image, url=urls.absolute(one.image.url))
    return facts


def test_local_references_are_written_absolute() -> None:
    one = article(
        authors=(),
        image=Image("/files/quay.jpg"),
        attachments=(Attachment("/files/talk.mp3", "audio/mpeg"),),
        source=Source("X", "x", "/files/x.pdf"),
    )
    one = msgspec.structs.replace(one, authors=(Author("Ada", "ada", "/about"),))
    text = written(one).decode()
    for path in ("/files/quay.jpg", "/files/talk.mp3", "/files/x.pdf", "/about", "/files/"):
        assert f"https://news.example/blog{path}" in text
