"""Renders a body of text in any format to safe HTML and plain text."""

from functools import cached_property
from typing import Literal

import msgspec
from turbohtml import Element, parse_fragment

from service.markup.characters import WHITE_SPACE, drop_illegal, drop_illegal_references
from service.markup.headings import anchor_headings
from service.markup.markdown import markdown_to_html
from service.markup.plain_text import first_paragraphs, text_of
from service.markup.raw_html import Omission, clean_raw_html
from service.markup.sanitise import safe_tree
from service.markup.text_to_html import text_to_html

TextFormat = Literal["markdown", "html", "text"]


class Markup(msgspec.Struct, frozen=True, dict=True):
    """A text as the tree of its safe HTML, with marked references.

    `omissions` are the elements that were removed.
    """

    tree: Element
    omissions: tuple[Omission, ...] = ()

    @cached_property
    def html(self) -> str:
        """The safe HTML."""
        return self.tree.inner_html.strip(WHITE_SPACE)

    @cached_property
    def text(self) -> str:
        """The plain text (see `plain_text.plain`)."""
        return text_of(self.tree)

    def opening(self, least: int = 300) -> str:
        """The text of the first paragraphs, with at least `least` characters if there are."""
        return first_paragraphs(self.tree, least)

    def begins_with_heading(self) -> bool:
        """Whether an `<h1>` is the first element, and no text stands before it."""
        for node in self.tree:
            if isinstance(node, Element):
                return node.tag == "h1"
            if node.text.strip():
                return False
        return False

    def headings(self) -> list[str]:
        """The text of each `<h1>`."""
        return [" ".join(text_of(heading).split()) for heading in self.tree.iter_elements("h1")]

    def without_first_heading(self) -> "Markup":
        """The text without its first `<h1>`, which is taken out of the tree: use this value no longer."""
        next(self.tree.iter_elements("h1")).decompose()
        return Markup(self.tree, self.omissions)


def render(text: str, format: TextFormat, base: str) -> Markup:  # noqa: A002 - as in `model.Body`
    """Render `text` as safe HTML; `base` is the base of its relative references (`/files/posts/`)."""
    return render_legal(drop_illegal(text), format, base)


def render_legal(text: str, format: TextFormat, base: str) -> Markup:  # noqa: A002 - as in `model.Body`
    """Render `text` without illegal characters, as `drop_illegal` leaves it."""
    if format == "text":  # everything is escaped
        return Markup(parse_fragment(text_to_html(text), positions=False))
    if format == "html":
        html, omissions = clean_raw_html(drop_illegal_references(text))
        return Markup(safe_tree(html, base), omissions)
    html, omissions = markdown_to_html(text)
    html = _boxes_to_characters(html)
    if "&" in text and "&#" in text:  # one character is found ten times as fast as two
        html = drop_illegal_references(drop_illegal(html))
    tree = safe_tree(html, base)
    anchor_headings(tree)
    return Markup(tree, omissions)


# Feed readers remove form controls, but not characters.
_BOXES = (
    ('<input type="checkbox" checked="" disabled="" /> ', "☑ "),
    ('<input type="checkbox" disabled="" /> ', "☐ "),
)


def _boxes_to_characters(html: str) -> str:
    if "<input" not in html:
        return html
    for box, character in _BOXES:
        html = html.replace(f"{box}\n<p>", f"\n<p>{character}").replace(box, character)
    return html
