"""Renders a body of text in any format to safe HTML and plain text."""

from typing import Literal

import msgspec
from turbohtml import Element, parse_fragment

from service.markup.characters import drop_illegal, drop_illegal_references
from service.markup.headings import anchor_headings
from service.markup.markdown import markdown_to_html
from service.markup.plain_text import first_paragraphs, text_of
from service.markup.raw_html import Omission, clean_html
from service.markup.sanitise import safe_tree, serialise
from service.markup.typed_text import text_to_html

TextFormat = Literal["markdown", "html", "text"]


class Markup(msgspec.Struct, frozen=True):
    """Safe HTML with marked references, its plain text, and the tree of both.

    `omissions` are the elements that were removed.
    """

    html: str
    text: str
    tree: Element
    omissions: tuple[Omission, ...] = ()

    def opening(self) -> str:
        """The text of the first paragraphs."""
        return first_paragraphs(self.tree)


class Converted(msgspec.Struct, frozen=True):
    """HTML that is not safe yet, and the elements that were removed."""

    html: str
    omissions: tuple[Omission, ...] = ()


def render(text: str, format: TextFormat, base: str) -> Markup:  # noqa: A002 - as in `model.Body`
    """Render `text` as safe HTML; `base` is the base of its relative references (`/files/posts/`)."""
    converted = convert(drop_illegal(text), format)
    return _read(_tree(converted.html, format, base), converted.omissions)


def render_html(text: str, format: TextFormat, base: str) -> str:  # noqa: A002 - as in `model.Body`
    """Like `render`, without the plain text."""
    return serialise(_tree(convert(drop_illegal(text), format).html, format, base))


def convert(text: str, format: TextFormat) -> Converted:  # noqa: A002 - as in `model.Body`
    """Convert `text`, without illegal characters, to unsafe HTML: the first half of `render`."""
    if format == "markdown":
        return _from_markdown(text)
    if format == "html":
        return Converted(*clean_html(drop_illegal_references(text)))
    return Converted(text_to_html(text))


def make_safe(html: str, format: TextFormat, base: str) -> Markup:  # noqa: A002 - as in `model.Body`
    """Sanitise the HTML that `convert` made of a text in `format`: the second half of `render`."""
    return _read(_tree(html, format, base))


def read_html(html: str) -> Markup:
    """Parse safe HTML."""
    return _read(parse_fragment(html, positions=False))


def _read(tree: Element, omissions: tuple[Omission, ...] = ()) -> Markup:
    return Markup(html=serialise(tree), text=text_of(tree), tree=tree, omissions=omissions)


def _tree(html: str, format: TextFormat, base: str) -> Element:  # noqa: A002
    if format == "text":  # everything was escaped
        return parse_fragment(html, positions=False)
    tree = safe_tree(html, base)
    if format == "markdown":
        anchor_headings(tree)
    return tree


def _from_markdown(text: str) -> Converted:
    """Convert Markdown to HTML for the sanitiser."""
    html, omissions = markdown_to_html(text)
    html = _boxes_to_characters(html)
    if "&" in text and "&#" in text:  # one character is found ten times as fast as two
        html = drop_illegal_references(drop_illegal(html))
    return Converted(html, omissions)


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
