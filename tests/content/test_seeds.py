"""The five texts beside the repository: all that they state is found, nothing that they do not, no line lost.

They are not ours to copy: lines are told by their numbers.
"""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from service.content import load
from service.content.records import LoadedFile
from service.model import Site
from tests.support.requirements import shared
from tests.support.scraped_pages import lost_lines

# number of the seed → (authors, published, dateline, whether the title was derived, the line of the subtitle)
FACTS: dict[str, tuple[list[str], str | None, str | None, bool, int | None]] = {
    "000": ([], None, None, False, None),
    "001": (["Qassim Abdul-Zahra", "Zeina Karam"], None, "BAGHDAD", True, None),
    "002": (["Patrick Goodenough"], "2018-02-14T09:33:00+00:00", None, False, None),
    "003": ([], None, None, False, None),
    "004": ([], "2015-10-02T00:00:00+00:00", "BAGHDAD", False, 4),
}
# number of the seed → the lines that are no text of the article: in a field, repeated, a caption, a trailer
GONE: dict[str, set[int]] = {
    "000": {1, 4, 30, 32},
    "001": {1, *range(21, 46)},
    "002": {1, 3, 4, 42, 64},
    "003": {1, *range(35, 72)},
    "004": {1, 3, 4},
}
SHORTENED = {"001": {2}, "002": {6}, "004": {6}}
HEADINGS = {"002": 1}


def seed(number: str) -> tuple[str, LoadedFile]:
    (file,) = shared("seeds").glob(f"{number}_*.txt")
    data = file.read_bytes()
    return data.decode(), load(Path(), file.name, data, Site())


@pytest.mark.parametrize("number", FACTS)
def test_facts_of_the_seeds_are_found(number: str) -> None:
    text, loaded = seed(number)
    (article,) = loaded.articles
    assert loaded.faults == ()
    authors, published, dateline, derived, subtitle = FACTS[number]
    assert [author.name for author in article.authors] == authors
    assert article.published == (None if published is None else datetime.fromisoformat(published))
    assert (article.dateline, article.title_derived, article.language) == (dateline, derived, "en")
    assert article.subtitle == (text.split("\n")[subtitle - 1] if subtitle else None)
    if not derived:
        assert article.title == text.split("\n")[0]
        assert article.title not in article.content_text
    others: tuple[Any, ...] = (
        article.source,
        article.tags,
        article.image,
        article.rights,
        article.correction,
    )
    assert others == (None, (), None, None, None)
    assert article.content_html.count("<h2>") == HEADINGS.get(number, 0)


@pytest.mark.parametrize("number", GONE)
def test_lines_of_the_seeds_are_kept_or_cut(number: str) -> None:
    text, loaded = seed(number)
    shown = loaded.articles[0].content_text.replace("\n\n", "\n").split("\n")
    lines = {place: line.strip() for place, line in enumerate(text.split("\n"), start=1) if line.strip()}
    kept = {place for place in lines if place not in GONE[number]}
    whole = kept - SHORTENED.get(number, set())
    assert [place for place in whole if lines[place] not in shown] == []
    assert len(shown) == len(kept)
    assert {receipt.line for receipt in loaded.receipts} == GONE[number] | SHORTENED.get(number, set())
    assert lost_lines(text, loaded) == []
