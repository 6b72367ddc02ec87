"""Admonitions, containers and tabs of other converters as callouts and titles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.content.shortcodes.admonitions import render_admonitions
from service.markup import render, summarise

NOTE = '<aside class="callout callout-{}" role="note">\n<p class="callout-title"><strong>{}</strong></p>\n'
FOLDED = (
    '<details class="callout callout-{}"{}>\n<summary class="callout-title"><strong>{}</strong></summary>\n'
)
TEXT = "<p>Text.</p>\n"

CASES = [
    # Python-Markdown and Material for MkDocs
    ("!!! warning\n    Text.", NOTE.format("warning", "Warning") + TEXT + "</aside>"),
    ('!!! note "A *title*"\n\n    Text.\n', NOTE.format("note", "A <em>title</em>") + TEXT + "</aside>"),
    ('!!! note inline end "Title"\n    Text.', NOTE.format("note", "Title") + TEXT + "</aside>"),
    ("!!! my-own\n    Text.", NOTE.format("note", "My own") + TEXT + "</aside>"),
    ('!!! note ""\n    Text.', "<p>Text.</p>"),
    ("??? tip\n    Text.", FOLDED.format("tip", "", "Tip") + TEXT + "</details>"),
    ('???+ tip "More"\n\tText.', FOLDED.format("tip", ' open=""', "More") + TEXT + "</details>"),
    (
        "!!! note\n    Text.\n\n    ```py\n    if a:\n        b\n    ```\n\n    More.\n\nAfter.",
        NOTE.format("note", "Note")
        + TEXT
        + '<pre><code class="language-py">if a:\n    b\n</code></pre>\n<p>More.</p>\n</aside>\n<p>After.</p>',
    ),
    (
        "!!! note\n    !!! tip\n        Text.\n",
        NOTE.format("note", "Note") + NOTE.format("tip", "Tip") + TEXT + "</aside>\n</aside>",
    ),
    (
        "1. One\n\n    !!! note\n        Text.\n\n2. Two",
        "<ol>\n<li>\n<p>One</p>\n"
        + NOTE.format("note", "Note")
        + TEXT
        + "</aside>\n</li>\n<li>\n<p>Two</p>\n</li>\n</ol>",
    ),
    (
        '=== "A"\n\n    ```\n    a\n    ```\n\n=== "B"\n\n    Text.\n\nAfter.',
        "<p><strong>A</strong></p>\n<pre><code>a\n</code></pre>\n<p><strong>B</strong></p>\n"
        + TEXT
        + "<p>After.</p>",
    ),
    # Docusaurus, VuePress, VitePress, pandoc, MyST
    (":::note\n\nText.\n\n:::", NOTE.format("note", "Note") + TEXT + "</aside>"),
    ("::: tip A *title*\nText.\n:::", NOTE.format("tip", "A <em>title</em>") + TEXT + "</aside>"),
    (":::tip[Title]\nText.\n:::", NOTE.format("tip", "Title") + TEXT + "</aside>"),
    (":::{note}\nText.\n:::", NOTE.format("note", "Note") + TEXT + "</aside>"),
    ("::: {.callout-tip collapse=true}\nText.\n:::", NOTE.format("tip", "Tip") + TEXT + "</aside>"),
    ("::: details More\nText.\n:::", FOLDED.format("note", "", "More") + TEXT + "</details>"),
    (
        "::::info\n:::note\nText.\n:::\n::::\nAfter.",
        NOTE.format("info", "Info")
        + NOTE.format("note", "Note")
        + TEXT
        + "</aside>\n</aside>\n<p>After.</p>",
    ),
    (
        "::: tip\n```\n:::\n```\n:::\nAfter.",
        NOTE.format("tip", "Tip") + "<pre><code>:::\n</code></pre>\n</aside>\n<p>After.</p>",
    ),
    # PyMdown
    ("/// note | Title\nText.\n///", NOTE.format("note", "Title") + TEXT + "</aside>"),
    (
        "/// details | Title\n    type: tip\n\nText.\n///",
        FOLDED.format("note", "", "Title") + TEXT + "</details>",
    ),
]


@pytest.mark.parametrize(("text", "html"), CASES)
def test_an_admonition_becomes_a_callout(text: str, html: str) -> None:
    assert render(render_admonitions(text), "markdown", "/").html.strip() == html


UNCHANGED = [
    "Text!!! note",
    "Title\n=====\n\nText.",
    "::: never closed\nText.",
    "::: tip\nnever closed",
    "::: code-group\n\nText.\n\n:::",
    "```\n!!! note\n    Text.\n```",
    "~~~~\n::: tip\nText.\n:::\n~~~~",
    "https:///x and a::b",
    ":::\nText.\n:::",
]


@pytest.mark.parametrize("text", UNCHANGED)
def test_other_text_stays(text: str) -> None:
    assert render_admonitions(text) == text


LINES = st.sampled_from(
    [
        *(
            "!!! note",
            '??? tip "T"',
            '=== "A"',
            "::: tip T",
            "::::info",
            ":::",
            "::::",
            "/// note | T",
            "///",
        ),
        *(
            "```",
            "~~~",
            "    Text.",
            "        Text.",
            "\tText.",
            "",
            "Text.",
            "- item",
            "> quoted",
            "    !!! note",
        ),
    ]
)


@given(st.lists(LINES, max_size=14).map("\n".join))
def test_no_text_is_lost_and_repeating_it_changes_nothing(text: str) -> None:
    rendered = render_admonitions(text)
    assert rendered.count("Text.") == text.count("Text.")
    assert rendered.count("item") == text.count("item")
    assert render_admonitions(rendered) == rendered


def test_a_deep_nest_takes_time_in_proportion_to_its_size() -> None:
    text = "\n".join("::: tip" for _ in range(5_000)) + "\n" + "\n".join(":::" for _ in range(5_000))
    assert render_admonitions(text).count("[!tip]") == 20


def test_the_title_of_a_callout_is_no_part_of_the_summary() -> None:
    body = render(render_admonitions("!!! warning\n    Mind the tide.\n\nText."), "markdown", "/")
    assert summarise(body.opening()) == "Mind the tide. Text."
