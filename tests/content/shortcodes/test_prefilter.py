"""The fast look for characters of template tags."""

from hypothesis import given
from hypothesis import strategies as st

from service.content.shortcodes.prefilter import holds


@given(st.text("!x[", max_size=60), st.sampled_from(["![", "!x", "!![["]))
def test_holds_is_substring_search(text: str, words: str) -> None:
    assert holds(text, words) == (words in text)
    assert holds("!" * 30 + text, words) == (words in "!" * 30 + text)
