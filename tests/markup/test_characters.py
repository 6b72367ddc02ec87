"""Characters that XML forbids."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.markup import drop_illegal

CHARACTERS = [
    ("plain", "plain"),
    ("tab\tline\nreturn\r", "tab\tline\nreturn\r"),
    ("\x00\x01\x02\x08\x0b\x0c\x0e\x1f", ""),
    ("a\ufffeb\uffffc", "abc"),
    ("half \ud83d emoji", "half  emoji"),
    ("，全角\n", "，全角\n"),
    ("，\ufffe全\n", "，全\n"),
    ("\x7f allowed, \U0010ffff too", "\x7f allowed, \U0010ffff too"),
    ("\x80 \x93quoted\x94 \x85", "€ “quoted” …"),
    ("a\x81\x8d\x8f\x90\x9db", "ab"),
    ("«\xa0é\xad»", "«\xa0é\xad»"),
]


@pytest.mark.parametrize(("text", "expected"), CHARACTERS)
def test_drop_illegal(text: str, expected: str) -> None:
    assert drop_illegal(text) == expected


C1 = re.compile("[\x80-\x9f]")
ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@given(st.text(st.characters() | st.sampled_from("\x00\x0b\x1f\ufffe\uffff\ud800\r\n"), max_size=20))
def test_drop_illegal_keeps_all_but_the_illegal_characters(text: str) -> None:
    expected = C1.sub(lambda match: match[0].encode("latin-1").decode("cp1252", "ignore"), text)
    assert drop_illegal(text) == ILLEGAL.sub("", expected)
