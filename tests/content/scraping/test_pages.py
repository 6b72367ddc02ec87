"""Whole scraped pages of many kinds: the facts in them, and of every line what became of it.

Beside each page in `pages` lies a `.toml` that says what to expect.
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

PAGES = Path(__file__).parent / "pages"
NAMES = sorted(path.name for path in PAGES.iterdir() if path.suffix != ".toml")
TEXTS = [name for name in NAMES if name.endswith(".txt")]


def loaded(name: str) -> LoadedFile:
    return load(PAGES, name, (PAGES / name).read_bytes(), Site())


def facts(article: Article) -> dict[str, Any]:
    told: dict[str, Any] = {
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
    return {name: value for name, value in told.items() if value}


@pytest.mark.parametrize("name", NAMES)
def test_a_page_gives_its_facts_and_its_text(name: str) -> None:
    expected = tomllib.loads((PAGES / name).with_suffix(".toml").read_text("utf-8"))
    result = loaded(name)
    (article,) = result.articles
    assert facts(article) == expected["facts"]
    assert [fault.message for fault in result.faults] == expected.get("notes", [])
    gone: dict[str, list[int]] = {}
    for receipt in result.receipts:
        gone.setdefault(receipt.rule, []).append(receipt.line)
    assert gone == expected["gone"]
    assert article.content_html.count("<h2>") == expected.get("headings", 0)


@pytest.mark.parametrize("name", TEXTS)
def test_every_line_is_in_the_text_or_has_a_receipt(name: str) -> None:
    result = loaded(name)
    assert lost_lines((PAGES / name).read_text("utf-8"), result) == []


def lost_lines(text: str, result: LoadedFile) -> list[str]:
    """The words of each line that are neither in the article nor on a receipt of that line."""
    kept = squeezed(result.articles[0].content_text) if result.articles else ""
    told: dict[int, str] = {}
    for receipt in result.receipts:
        told[receipt.line] = told.get(receipt.line, "") + squeezed(receipt.text)
    lost = []
    for number, line in enumerate(text.split("\n"), start=1):
        rest = squeezed(line)
        shown = told.get(number, "")
        rest = rest.removeprefix(shown) if shown else rest
        if rest and rest not in kept:
            lost.append(line)
    return lost


def squeezed(text: str) -> str:
    return "".join(text.split())


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
def test_no_line_of_any_page_is_lost(lines: list[str]) -> None:
    text = "\n".join(lines)
    scraped = read_text(text, "a.txt", Site())
    told = {receipt.line for receipt in scraped.receipts}
    kept = squeezed(scraped.html)
    for number, line in enumerate(text.split("\n"), start=1):
        words = squeezed(line)
        assert number in told or not words or escaped(words) in kept


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
