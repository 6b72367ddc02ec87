"""Inline markup of titles and summaries: pairs of tags are markup, a single one is a word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.content.body.inline_markup import escape_words, has_markup, plain_title, write_plain
from service.markup import render
from tests.support.strategies import PLAIN_TEXTS


@pytest.mark.parametrize(
    ("title", "plain"),
    [
        ("Why <em> is nice", "Why <em> is nice"),
        ("Using <s> vs <del>", "Using <s> vs <del>"),
        ("A <b>bold</b> claim", "A bold claim"),
        ("The <b>bold</b> and the <b>", "The bold and the <b>"),
        ("<b>Bold</b> <i> & </b>", "Bold <i> & </b>"),
        ("Line<br>break<wbr>here", "Line breakhere"),
        ("One <br/> two<BR>three", "One two three"),
        ("Option<T> and <section>", "Option<T> and <section>"),
        ("Q&amp;A on <kbd>", "Q&A on <kbd>"),
        ("&lt;b&gt; and <b>b</b>", "<b> and b"),
        ('<a href="/x">Link', "Link"),
        ("<em>Both <strong>nested</em></strong>", "Both nested"),
    ],
)
def test_title_keeps_tags_that_are_words(title: str, plain: str) -> None:
    assert plain_title(title) == plain


@pytest.mark.parametrize(
    ("summary", "text"),
    [
        ("The <b> element", "The <b> element"),
        ("The <b>bold</b> <em> element", "The bold <em> element"),
        ("The `<b>` element", "The <b> element"),
        ("The <p> element", "The <p> element"),
        ("<p>A paragraph", "A paragraph"),
        ("One<br>two", "One two"),
        ("A **bold** <u> word", "A bold <u> word"),
        ("``a ` <b>`` and <i>", "a ` <b> and <i>"),
    ],
)
def test_summary_keeps_tags_that_are_words(summary: str, text: str) -> None:
    read = render(escape_words(summary), "markdown", "/").text if has_markup(summary) else summary
    assert read.replace("\n", " ") == text


@given(PLAIN_TEXTS)
def test_plain_text_is_read_as_written(text: str) -> None:
    written = write_plain(text)
    assert plain_title(written) == text
    if has_markup(written):
        assert render(escape_words(written), "markdown", "/").text.replace("\n", " ") == text
    else:
        assert written == text


@given(st.text(alphabet="<b>/a", max_size=40))
def test_text_without_a_pair_of_tags_is_unchanged(text: str) -> None:
    if "</" not in text:
        assert plain_title(text) == text
