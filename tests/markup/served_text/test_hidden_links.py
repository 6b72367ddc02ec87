"""A link that readers must not see is shown as its words, in HTML and in the Markdown that it is made of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.markup import render
from service.markup.served_text.hidden_links import hide_links, hide_links_of_body
from service.model import Body

HIDDEN = {"/files/secret.md", "/files/geheim%20%C3%A9.md"}

# Markdown → the same without links to hidden files
AS_MARKDOWN = [
    ("[w](secret.md)", "w"),
    ("é [the *words* `[`](secret.md) z", "é the *words* `[` z"),
    ('[w](<secret.md> "A title > \\" x")', "w"),
    ("[w](secret.md#part) [w](./secret.md?x=1)", "w w"),
    ("[w](geheim%20é.md) [w](<geheim é.md>)", "w w"),
    ("[w][r] and [r]\n\n[r]: secret.md 'Title'", "w and r\n\n"),
    ("[w][]\n\n[w]: <secret.md>\n[o]: other.md", "w\n\n[o]: other.md"),
    ("> a [b\n> c](secret.md)", "> a b\n> c"),
    ("| a |\n|---|\n| [t](secret.md) é [u](secret.md) |", "| a |\n|---|\n| t é u |"),
    ("- a\n  - [b](secret.md)\n    [c](other.md)", "- a\n  - b\n    [c](other.md)"),
    ("[![p](a.png)](secret.md)", "![p](a.png)"),
    ("**[w](secret.md)** ~~[x](other.md)~~", "**w** ~~[x](other.md)~~"),
    ("note[^1]\n\n[^1]: see [w](secret.md)", "note[^1]\n\n[^1]: see w"),
    ("a <a id=x href='secret.md'>w <b>x</b></a> <a href=other.md>o</a>",
     "a w <b>x</b> <a href=other.md>o</a>"),
    ("> <div><a href=secret.md>w</a>\n> <a name=z>z</a> <a href=\"secret.md#z\">w</a></div>",
     "> <div>w\n> <a name=z>z</a> w</div>"),
    ("# A [heading](secret.md)", "# A heading"),
    ("`[w](secret.md)` [w](secret.md)", "`[w](secret.md)` w"),
]  # fmt: skip

# No link of these can be cut out of the Markdown.
AS_HTML = [
    "| a |\n|---|\n| \\| é [u](secret.md) |",  # comrak counts columns after `\\|` wrongly
    "[w](secret.md)\n\n```\n[r]: secret.md\n```",
    f"{'> ' * 300}[w](secret.md)",
]


@pytest.mark.parametrize(("text", "expected"), AS_MARKDOWN)
def test_markdown_keeps_the_words(text: str, expected: str) -> None:
    assert hide_links_of_body(Body(text, "markdown", "/files/"), HIDDEN) == Body(
        expected, "markdown", "/files/"
    )


@pytest.mark.parametrize("text", AS_HTML)
def test_other_links_are_removed_from_html(text: str) -> None:
    body = hide_links_of_body(Body(text, "markdown", "/files/"), HIDDEN)
    assert body.format == "html"
    assert 'href="' not in body.text
    assert body.text == hide_links(render(text, "markdown", "/files/").html, HIDDEN)


@pytest.mark.parametrize("text", ["[w](other.md)", "[a](secret.mdx) [b](x/secret.md)", "Text."])
@pytest.mark.parametrize("text_format", ["markdown", "html", "text"])
def test_other_links_stay(text: str, text_format: str) -> None:
    html = render(text, text_format, "/files/").html  # type: ignore[arg-type]
    assert hide_links(html, HIDDEN) == html


PIECES = st.sampled_from(
    [text for text, _ in AS_MARKDOWN]
    + AS_HTML[:1]
    + ["[r]", "(secret.md)", "<", "*", "`", "[", "](secret.md)", "\\", "> ", "    ", "- ", "\n", "\r\n"]
)


@given(st.lists(PIECES, max_size=6).map("".join) | st.lists(PIECES, max_size=6).map("\n\n".join))
def test_the_body_renders_as_the_html_without_links(text: str) -> None:
    body = hide_links_of_body(Body(text, "markdown", "/files/"), HIDDEN)
    html = hide_links(render(text, "markdown", "/files/").html, HIDDEN)
    assert not any(f'href="\x01{address}' in html for address in HIDDEN)
    if body.format == "markdown":
        assert render(body.text, "markdown", "/files/").html == html
    else:
        assert body.text == html
