"""Words are counted as a reader would count them, however the count is made."""

from hypothesis import given
from hypothesis import strategies as st

from service.markup import words_and_minutes

CHARACTERS = "aZ09_é\u0416中あ-.,’—“☃\U0001f600 \t\n\r\v\f\x1c\x1d\x1e\x1f\u00a0\u0085\u2003\u3000"


@given(st.text(st.sampled_from(CHARACTERS)))
def test_a_word_has_a_letter_or_a_digit(text: str) -> None:
    spaced = "".join(" " if character in "中あ" else character for character in text).split()
    words = [word for word in spaced if any(map(is_of_a_word, word))]
    assert words_and_minutes(text)[0] == len(words) + text.count("中") + text.count("あ")


def is_of_a_word(character: str) -> bool:
    return character.isalnum() or character == "_"
