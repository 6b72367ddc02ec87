"""Callouts: alerts of GitHub and callouts of Obsidian become notes in safe HTML."""

import pytest

from service.markup import render

NOTE = '<aside class="callout callout-{0}" role="note">\n<p class="callout-title"><strong>{1}</strong></p>\n'
FOLDED = (
    '<details class="callout callout-tip"{0}>\n<summary class="callout-title"><strong>{1}</strong>'
    "</summary>\n<p>a</p>\n</details>"
)
CALLOUTS = [
    ("> [!WARNING]\n> a *b*", NOTE.format("warning", "Warning") + "<p>a <em>b</em></p>\n</aside>"),
    ("> [!note] A *title*\n> a", NOTE.format("note", "A <em>title</em>") + "<p>a</p>\n</aside>"),
    ("> [!my-own]\n> a", "<blockquote>\n<p>[!my-own]\na</p>\n</blockquote>"),
    ("> [!tip]- More\n> a", FOLDED.format("", "More")),
    ("> [!tip]+ More\n> a", FOLDED.format(' open=""', "More")),
    (
        "> [!note]\n> a\n>\n> > [!todo]\n> > b",
        f"{NOTE.format('note', 'Note')}<p>a</p>\n{NOTE.format('todo', 'Todo')}<p>b</p>\n</aside>\n</aside>",
    ),
    ("> a [!note]", "<blockquote>\n<p>a [!note]</p>\n</blockquote>"),
]


@pytest.mark.parametrize(("markdown", "html"), CALLOUTS)
def test_callout_is_a_note(markdown: str, html: str) -> None:
    rendered = render(markdown, "markdown", "/files/").html
    lines = [line for line in rendered.split("\n") if line]
    assert "\n".join(lines) == html
    assert render(rendered, "html", "/files/").html == rendered


@pytest.mark.parametrize(
    ("html", "safe"),
    [
        ('<aside class="callout evil" role="note">a</aside>', '<aside class="callout" role="note">a</aside>'),
        ('<aside class="nav" role="navigation">a</aside>', "<aside>a</aside>"),
        ('<div data-callout="a b">x</div>', '<aside class="callout callout-note" role="note">x</aside>'),
    ],
)
def test_other_classes_and_roles_are_removed(html: str, safe: str) -> None:
    assert render(html, "html", "/files/").html == safe
