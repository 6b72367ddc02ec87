"""Every field of Article is filled from a file, or is made by Broadsheet itself."""

from pathlib import Path
from typing import get_args

import pytest

from service.content import load
from service.formats.html.pages.directory import ABOUT
from service.formats.titles import DIRECTORY_TITLES
from service.model import Article, Site
from service.query import FacetKind
from service.urls import DIRECTORY_PATHS

PLAIN = "---\ntitle: Plain\n---\nText.\n"

FRONT_MATTER: dict[str, str] = {
    "id": "id: tag:example.org,2026:a",
    "slug": "slug: another",
    "title": "title: Another",
    "title_derived": "title_derived: true",
    "subtitle": "subtitle: Below the title",
    "summary": "summary: In short.",
    "language": "language: fr",
    "authors": "authors: [Ada]",
    "published": "date: 2019-01-28",
    "published_within": "date: 2019-01",
    "updated": "date: 2019-01-28\nupdated: 2019-02-01",
    "updated_within": "date: 2019-01-28\nupdated: 2019-02",
    "tags": "tags: [Iraq]",
    "series": "series: Harbours",
    "series_order": "series: Harbours\nseries_order: 2",
    "featured": "featured: true",
    "source": "source: {name: Rudaw}",
    "dateline": "dateline: BAGHDAD",
    "image": "image: https://example.org/a.png",
    "attachments": "attachments: [https://example.org/a.mp3]",
    "canonical": "canonical: https://example.org/first",
    "rights": "rights: CC BY",
    "correction": "correction: It was eight years.",
    "aliases": "aliases: [former]",
    "addresses": "addresses: [/2019/01/vote.html]",
    "translation_keys": "translation_key: harbour",
    "expires": "expires: 2030-01-01",
    "withdrawn": "withdrawn: It was false.",
    "menu": "type: page\nmenu: 2",
    "extra": "mood: calm",
}
"""Front matter that sets each field."""

KEPT_IN_EXTRA = {"extra": {"mood"}, "translation_keys": {"translation_key"}}
"""Keys that are also kept as given."""

MADE = {
    "content_html": "the text",
    "content_text": "the text",
    "word_count": "the text",
    "reading_minutes": "the text",
    "body": "the text",
    "path": "the file",
    "number": "the place in the file",
    "translations": "the index, from the translation keys of all articles",
}
"""Fields that no key of front matter sets, and what they are made from."""


def load_one(text: str) -> Article:
    loaded = load(Path(), "plain.md", text.encode(), Site())
    (article,) = (*loaded.articles, *loaded.pages)
    return article


def test_every_field_is_set_by_a_key_or_made() -> None:
    fields = set(Article.__struct_fields__)
    assert fields - MADE.keys() <= FRONT_MATTER.keys(), (
        "a field has no key: add a reader, or say what makes it"
    )
    assert fields == MADE.keys() | FRONT_MATTER.keys()


@pytest.mark.parametrize("field", FRONT_MATTER)
def test_front_matter_sets_the_field(field: str) -> None:
    title = "" if field == "title" else "title: Plain\n"
    article = load_one(f"---\n{title}{FRONT_MATTER[field]}\n---\nText.\n")
    plain = load_one(PLAIN)
    assert getattr(article, field) != getattr(plain, field)
    assert article.extra.keys() == KEPT_IN_EXTRA.get(field, set())


def test_every_directory_has_an_address_a_title_and_a_description() -> None:
    kinds = set(get_args(FacetKind))
    assert DIRECTORY_PATHS.keys() == DIRECTORY_TITLES.keys() == ABOUT.keys() == kinds
