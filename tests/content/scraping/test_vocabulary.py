"""The word lists of the rules for scraped pages: complete, valid, and all in use."""

import re
from collections import Counter

import pytest
import tomli

from service.content.scraping.vocabulary import phrase_pattern, read_lists
from tests.support.server import ROOT

SCRAPING = ROOT / "service" / "content" / "scraping"
FILES = sorted((SCRAPING / "vocabularies").glob("*.toml"))
LISTS = [(name, phrases) for file in FILES for name, phrases in tomli.loads(file.read_text("utf-8")).items()]


def test_every_list_name_is_unique_among_the_files() -> None:
    assert [name for name, count in Counter(name for name, _ in LISTS).items() if count > 1] == []
    assert read_lists() == dict(LISTS)


@pytest.mark.parametrize(("name", "phrases"), LISTS, ids=[name for name, _ in LISTS])
def test_every_list_is_valid(name: str, phrases: list[str]) -> None:
    assert phrases
    assert all(isinstance(phrase, str) and phrase for phrase in phrases)
    assert [phrase for phrase, count in Counter(phrases).items() if count > 1] == []
    assert not phrase_pattern(name).fullmatch("")


def test_every_list_is_used() -> None:
    code = "".join(file.read_text("utf-8") for file in SCRAPING.rglob("*.py"))
    referred = {name for _, phrases in LISTS for name in re.findall(r"\{\{(\w+)\}\}", "".join(phrases))}
    quoted = set(re.findall(r"""["'](\w+)["']""", code))
    assert {name for name, _ in LISTS} - referred - quoted == set()


@pytest.mark.parametrize(("name", "phrases"), LISTS, ids=[name for name, _ in LISTS])
def test_no_plain_phrase_is_matched_by_another_of_its_list(name: str, phrases: list[str]) -> None:
    plain = [phrase for phrase in phrases if re.fullmatch(r"[\w -]+", phrase)]
    patterns = [phrase for phrase in phrases if phrase not in plain and "{{" not in phrase]
    matches = (
        (phrase, other) for phrase in plain for other in patterns if re.fullmatch(f"(?i:{other})", phrase)
    )
    assert list(matches) == []
