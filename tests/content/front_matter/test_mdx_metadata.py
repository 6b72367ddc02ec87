"""Metadata that an MDX file exports is read as front matter is."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from service.content import load
from service.content.front_matter.mdx_metadata import read_metadata
from service.content.front_matter.values import Number
from service.content.records import LoadedFile
from service.errors import ContentError
from service.model import Site

HEADER = """import { ada } from '@/authors'
import card from './card.jpg'

export const meta = {
  // shown in lists
  title: 'It\\'s \\u{1F600} \\ud83d\\ude00',
  "description": `A text: with {braces}, and
two lines`,
  date: '2020-08-25T13:00:00.000Z', /* UTC */
  authors: [ada, "Ben Osei"],
  tags: ['a', 'b',],
  weight: 3, ratio: 1.5, featured: true, nothing: null,
  image: card,
  card, short,
  openGraph: { title: 'Another', images: [{ url: 'x' }] },
  computed: `x ${y}`,
  render: () => { return { title: 'No' } },
}

# Heading

Text.
"""


def test_literals_are_read_and_expressions_left_out() -> None:
    entries = read_metadata(HEADER, 1)

    assert {name: entry.value for name, entry in entries.items()} == {
        "title": "It's \U0001f600 \U0001f600",
        "description": "A text: with {braces}, and\ntwo lines",
        "date": "2020-08-25T13:00:00.000Z",
        "authors": ["Ben Osei"],
        "tags": ["a", "b"],
        "weight": 3,
        "ratio": Number("1.5", 1.5),
        "featured": True,
        "nothing": None,
        "image": "./card.jpg",
        "card": "./card.jpg",
        "render": "( ) = > { return { title : 'No' } }",
    }
    assert entries["date"].line == 9


@pytest.mark.parametrize(
    "declaration", ["const metadata", "let frontmatter", "const metadata: Metadata", "var meta"]
)
@pytest.mark.parametrize("value", ["'2020-01-02'", '"2020-01-02"', "`2020-01-02`", "new Date('2020-01-02')"])
def test_declarations_and_ways_to_write_a_date(declaration: str, value: str) -> None:
    entries = read_metadata(f"export {declaration} = {{date: {value}}};\n", 1)
    assert entries["date"].value == "2020-01-02"


@pytest.mark.parametrize(
    "text",
    [
        "# No metadata",
        "export const other = {title: 'A'}",
        "export const meta = () => [{title: 'A'}]",
        "export const meta: MetaFunction = ({ data }) => [{title: 'A'}]",
        "export const meta = async function () { return {title: 'A'} }",
        "```js\nexport const meta = {title: 'A'}\n```",
    ],
)
def test_anything_else_is_no_metadata(text: str) -> None:
    assert read_metadata(text, 1) == {}


@pytest.mark.parametrize(
    "text",
    [
        "export const meta = read({title: 'A', draft: true})",
        "export const meta = Object.freeze({title: 'A', draft: true})",
        "export const meta = ({title: 'A', draft: true})",
        "export const meta = {...base, title: 'A'}",
        "export const meta = {title: 'A', [key]: true}",
        "export const meta = {",
        "export const meta = {title: 'A', draft: true",
        "import metadata from './meta.json'\nexport { metadata }",
        "const meta = {draft: true}\nexport { other, meta as default }",
    ],
)
def test_metadata_in_any_other_form_may_hide_the_article(text: str) -> None:
    with pytest.raises(ContentError, match="cannot be read without running it"):
        read_metadata(text, 1)
    assert not load_mdx(f"{text}\n\nText.\n").articles
    assert load_mdx(f"---\ntitle: A\ndate: 2020-01-02\n---\n{text}\n\nText.\n").articles


@pytest.mark.parametrize(
    "draft",
    [
        *("draft", "['draft']: true", "get draft() { return true }", "draft() {}"),
        "title() { return {} }, draft: true",
    ],
)
def test_every_way_to_write_a_property_is_seen(draft: str) -> None:
    text = f"export const draft = true\nexport const meta = {{title: 'A', date: '2020-01-02', {draft}}}"
    assert not load_mdx(f"{text}\n\nText.\n").articles


def test_what_decides_who_sees_an_article_is_never_left_out() -> None:
    entries = read_metadata(
        "export const meta = {title: 'A', draft: process.env.LIVE !== '1', private: false}", 1
    )
    assert entries["draft"].value == "process.env.LIVE ! = = '1'"
    assert entries["private"].value is False


def load_mdx(text: str) -> LoadedFile:
    return load(Path("/nowhere"), "src/pages/heroicons/index.mdx", text.encode(), Site())


def test_a_dated_page_below_src_pages_is_an_article_with_its_metadata() -> None:
    (article,) = load_mdx(HEADER.replace("  render: () => { return { title: 'No' } },\n", "")).articles

    assert article.title == "It's \U0001f600 \U0001f600"
    assert article.published == datetime(2020, 8, 25, 13, tzinfo=UTC)
    assert [tag.name for tag in article.tags] == ["a", "b"]
    assert "export" not in article.content_html


def test_front_matter_wins_over_exported_metadata() -> None:
    text = "---\ntitle: Front\n---\nexport const meta = {title: 'Meta', date: '2020-01-02'}\n\nText.\n"
    (article,) = load_mdx(text).articles
    assert (article.title, article.published) == ("Front", datetime(2020, 1, 2, tzinfo=UTC))


@pytest.mark.parametrize("value", ["draft: true", "published: false", "draft: isDraft", "date: someDay"])
def test_an_article_whose_metadata_hides_it_is_not_served(value: str) -> None:
    loaded = load_mdx(f"export const meta = {{title: 'A', date: '2020-01-02', {value}}}\n\nText.\n")
    assert not loaded.articles


@pytest.mark.parametrize(
    ("path", "slug"),
    [
        ("app/blog/first-post/page.mdx", "first-post"),
        ("src/app/(posts)/n/2020-01-02-second/page.md", "second"),
        ("app/page.mdx", "page"),
        ("notes/third/page.mdx", "page"),
    ],
)
def test_a_page_of_the_app_router_has_the_name_of_its_folder(path: str, slug: str) -> None:
    text = b"export const metadata = {title: 'A', date: '2020-01-02'}\n\nText.\n"
    (article,) = load(Path("/nowhere"), path, text, Site()).articles
    assert article.slug == slug
