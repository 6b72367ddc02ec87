"""Whole scraped pages of many kinds: their metadata, and the rule that removed each line.

A `.toml` file next to each page in `pages` holds the expected result.
"""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.content import load
from service.content.records import LoadedFile
from service.content.scraping import read_text
from service.model import Article, Site
from tests.support.scraped_pages import lost_lines, strip_spaces

PAGES = Path(__file__).parent / "pages"
NAMES = sorted(path.name for path in PAGES.iterdir() if path.suffix != ".toml")
TEXTS = [name for name in NAMES if name.endswith(".txt")]


def load_page(name: str) -> LoadedFile:
    return load(PAGES, name, (PAGES / name).read_bytes(), Site())


def metadata(article: Article) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "title": article.title,
        "derived": article.title_derived,
        "subtitle": article.subtitle,
        "authors": [author.name for author in article.authors],
        "published": article.published and article.published.isoformat(),
        "updated": article.updated and article.updated.isoformat(),
        "dateline": article.dateline,
        "language": article.language,
        "tags": [tag.name for tag in article.tags],
    }
    return {name: value for name, value in fields.items() if value}


@pytest.mark.parametrize("name", NAMES)
def test_metadata_and_removed_lines_of_a_page(name: str) -> None:
    expected = tomllib.loads((PAGES / name).with_suffix(".toml").read_text("utf-8"))
    result = load_page(name)
    (article,) = result.articles
    assert metadata(article) == expected["metadata"]
    assert [fault.message for fault in result.faults] == expected.get("notes", [])
    removed: dict[str, list[int]] = {}
    for receipt in result.receipts:
        removed.setdefault(receipt.rule, []).append(receipt.line)
    assert removed == expected["removed"]
    assert article.content_html.count("<h2>") == expected.get("headings", 0)


@pytest.mark.parametrize("name", TEXTS)
def test_every_line_is_kept_or_has_a_receipt(name: str) -> None:
    result = load_page(name)
    assert lost_lines((PAGES / name).read_text("utf-8"), result) == []


LINES = st.sampled_from(
    [
        "",
        "A headline of five words",
        "By Ana Quill",
        "March 4, 2019",
        "02/10/2015",
        "PORT TOWN — The council voted on Monday to close the pier in the harbour for good.",
        "The council of Port Town voted on Monday to close the last coal pier in the harbour by 2030.",
        "What comes next",
        "Comments",
        "Read more:",
        "Share this",
        "© 2019 The Port Herald. All rights reserved.",
        "Photo: Bo Lens",
        "( – ",
        "Tags: a, b",
    ]
) | st.text(st.characters(exclude_categories=("C", "Z")), max_size=60)


@given(st.lists(LINES, max_size=25))
def test_no_line_is_lost(lines: list[str]) -> None:
    text = "\n".join(lines)
    scraped = read_text(text, "a.txt", Site())
    removed = {receipt.line for receipt in scraped.receipts}
    kept = strip_spaces(scraped.html)
    for number, line in enumerate(text.split("\n"), start=1):
        words = strip_spaces(line)
        assert number in removed or not words or escape(words) in kept


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
