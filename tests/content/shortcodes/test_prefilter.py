"""What is looked for in a text before anything is done about it."""

from hypothesis import given
from hypothesis import strategies as st

from service.content.shortcodes.prefilter import holds


@given(st.text("!x[", max_size=60), st.sampled_from(["![", "!x", "!![["]))
def test_words_are_held_where_they_are_in_a_text(text: str, words: str) -> None:
    assert holds(text, words) == (words in text)
    assert holds("!" * 30 + text, words) == (words in "!" * 30 + text)
