"""Comments in a text are emptied in its source, and the text renders as before."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.markup import render
from service.markup.served_text.comments import empty_comments
from service.model import Body

EMPTIED = {
    "A paragraph <!-- secret -->with one, and <!--a-->another.": (
        "A paragraph <!-- -->with one, and <!-- -->another."
    ),
    "<!-- secret\n\nof several paragraphs -->\n\nText.": "<!-- -->\n\nText.",
    "- a\n\n<!-- ends the list -->\n\n- b": "- a\n\n<!-- -->\n\n- b",
    "> a <!-- b\n> c --> d": "> a <!-- --> d",
    "| é <!-- a --> | b |\n|---|---|\n| <!-- c -->d |": "| é <!-- --> | b |\n|---|---|\n| <!-- -->d |",
    "Note^[a <!-- b --> c].": "Note^[a <!-- --> c].",
    "Note[^1].\n\n[^1]: a <!-- b -->": "Note[^1].\n\n[^1]: a <!-- -->",
    "<!-- never closed\n\nText.": "<!-- -->",
    "<div>\n<!-- a --!>\nText.\n</div>": "<div>\n<!-- -->\nText.\n</div>",
    'A.\n\n[//]: # (secret)\n[comment]: <> "secret"\n\nB.': "A.\n\n\nB.",
    "`<!-- shown -->` <!-- hidden -->": "`<!-- shown -->` <!-- -->",
}
KEPT = (
    "`<!-- code -->`",
    "```html\n<!-- code -->\n[//]: # (code)\n```",
    "Text.\n\n    <!-- code -->\n",
    "Text <!-- never closed, so no comment",
    "[comment]: https://a.example/\n\nA [comment].",
)


@pytest.mark.parametrize("text", EMPTIED)
def test_comments_are_emptied(text: str) -> None:
    assert empty_comments(Body(text, "markdown", "/files/")).text == EMPTIED[text]


@pytest.mark.parametrize("text", KEPT)
def test_what_is_shown_is_kept(text: str) -> None:
    assert empty_comments(Body(text, "markdown", "/files/")).text == text


def test_comments_in_html_are_emptied_and_text_has_none() -> None:
    html = Body("<p>a<!-- b\n-->c</p><!-- d -->", "html", "/files/")
    assert empty_comments(html).text == "<p>a<!-- -->c</p><!-- -->"
    plain = Body("a <!-- b --> c", "text", "/files/")
    assert empty_comments(plain) == plain


PIECES = st.sampled_from(
    [
        *("a", " ", "\n", "\n\n", "- ", "> ", "    ", "`", "```\n", "<!-- secret -->", "<!--\nsecret\n\n-->"),
        *(
            "é",
            "^[",
            "]",
            "|",
            "\n|-|-|\n",
            "[^1]",
            "\n[^1]: ",
            "*",
            "<div>",
            "</div>",
            "[//]: # (a)\n",
            "# ",
        ),
    ]
)


@given(st.lists(PIECES, max_size=12).map("".join))
def test_the_rest_renders_as_before(text: str) -> None:
    emptied = empty_comments(Body(text, "markdown", "/files/")).text
    before, after = (render(source, "markdown", "/files/").html for source in (text, emptied))
    assert after.split() == before.split()
