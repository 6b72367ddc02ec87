"""One body of text, in the format it is written in, becomes safe HTML and plain text."""

from typing import Literal

import msgspec
from turbohtml import Element, parse_fragment

from service.markup.characters import drop_illegal, drop_illegal_references
from service.markup.headings import anchor_headings
from service.markup.markdown import markdown_to_html
from service.markup.plain_text import first_paragraphs, text_of
from service.markup.raw_html import Omission, clean_html
from service.markup.sanitise import safe_tree, written
from service.markup.typed_text import text_to_html

TextFormat = Literal["markdown", "html", "text"]


class Markup(msgspec.Struct, frozen=True):
    """Safe HTML with marked references, its text without markup, and the tree that both are of.

    `omissions` are what was left out of the text.
    """

    html: str
    text: str
    tree: Element
    omissions: tuple[Omission, ...] = ()

    def opening(self) -> str:
        """The text of the first paragraphs."""
        return first_paragraphs(self.tree)


class Converted(msgspec.Struct, frozen=True):
    """HTML that is not safe yet, and what was left out of the text it was made of."""

    html: str
    omissions: tuple[Omission, ...] = ()


def render(text: str, format: TextFormat, base: str) -> Markup:  # noqa: A002 - the word of `model.Body`
    """`text` made safe; `base` is what its relative references are relative to (`/files/posts/`)."""
    converted = convert(drop_illegal(text), format)
    return _read(_tree(converted.html, format, base), converted.omissions)


def render_html(text: str, format: TextFormat, base: str) -> str:  # noqa: A002 - the word of `model.Body`
    """As `render`, without the plain text."""
    return written(_tree(convert(drop_illegal(text), format).html, format, base))


def convert(text: str, format: TextFormat) -> Converted:  # noqa: A002 - the word of `model.Body`
    """`text`, which holds no illegal characters, as HTML that is not safe yet: the first half of `render`."""
    if format == "markdown":
        return _from_markdown(text)
    if format == "html":
        return Converted(*clean_html(drop_illegal_references(text)))
    return Converted(text_to_html(text))


def make_safe(html: str, format: TextFormat, base: str) -> Markup:  # noqa: A002 - the word of `model.Body`
    """What `convert` made of a text in `format`: the second half of `render`."""
    return _read(_tree(html, format, base))


def read_html(html: str) -> Markup:
    """Safe HTML, with its text."""
    return _read(parse_fragment(html, positions=False))


def _read(tree: Element, omissions: tuple[Omission, ...] = ()) -> Markup:
    return Markup(html=written(tree), text=text_of(tree), tree=tree, omissions=omissions)


def _tree(html: str, format: TextFormat, base: str) -> Element:  # noqa: A002
    if format == "text":  # of which all was escaped
        return parse_fragment(html, positions=False)
    tree = safe_tree(html, base)
    if format == "markdown":
        anchor_headings(tree)
    return tree


def _from_markdown(text: str) -> Converted:
    """Markdown as HTML for the sanitiser; what only references can bring is looked for only then."""
    html, omissions = markdown_to_html(text)
    html = _boxes_to_characters(html)
    if "&" in text and "&#" in text:  # a character is found ten times as fast as two
        html = drop_illegal_references(drop_illegal(html))
    return Converted(html, omissions)


# A feed reader drops form controls; a character survives.
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
