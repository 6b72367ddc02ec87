"""The word lists that the rules for scraped lines match, read from `vocabularies/*.toml` on first use."""

import re
from functools import cache
from importlib.resources import files

import tomli

_REFERENCE = re.compile(r"\{\{(\w+)\}\}")


@cache
def phrase_pattern(name: str) -> re.Pattern[str]:
    """The pattern that matches any phrase of a list, without regard to case."""
    return re.compile(alternatives(name), re.IGNORECASE)


@cache
def alternatives(name: str) -> str:
    """A list as one group of a regular expression, with the lists it refers to inserted."""
    phrases = "|".join(read_lists()[name])
    return f"(?:{_REFERENCE.sub(lambda reference: alternatives(reference[1]), phrases)})"


@cache
def word_set(name: str) -> frozenset[str]:
    """A list of plain words."""
    return frozenset(read_lists()[name])


@cache
def read_lists() -> dict[str, list[str]]:
    """Every list by its name, which is unique among all files."""
    lists: dict[str, list[str]] = {}
    for file in files(__package__).joinpath("vocabularies").iterdir():
        lists |= tomli.loads(file.read_text("utf-8"))
    return lists
