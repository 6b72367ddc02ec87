"""All messages of the service in one table, to be read in one piece, and the style they keep."""

import re

import pytest

from tests.support.messages import MESSAGES, format_messages

UNPLAIN = {
    r"(?<!there )\b(?:is|are|was|were|be) no (?!longer)[a-z]": "is not",
    r"\bwill not do\b": "invalid value …: expected …",
    r"\bof ours\b": "name it",
    r"\b(?:nobody|anybody|nowhere) (?:knows|is|can)\b": "unknown",
    r"\b(?:says so|said so|without a word|for ever|anew|look after|lies outside)\b": "rephrase",
    r"\bmend(?:ed|s)?\b": "repair",
    r"\bheed(?:ed|s)?\b": "use",
    r"\b(?:galley|masthead|herald|courier|shelf|census|kin|kinship|tidy|oddit\w+|leftovers)\b": "a term",
}
"""Patterns of words that no message may contain, and what to write instead."""


def test_the_table_has_every_message() -> None:
    assert format_messages() == MESSAGES.read_text("utf-8"), "run: python -m tests.support.messages"


@pytest.mark.parametrize("pattern", UNPLAIN)
def test_messages_are_plain(pattern: str) -> None:
    lines = MESSAGES.read_text("utf-8").splitlines()
    matches = [line for line in lines if re.search(pattern, line, re.IGNORECASE)]
    assert matches == [], f"write: {UNPLAIN[pattern]}"
