"""One body of text, in the format it is written in, becomes safe HTML and plain text."""

import re
from typing import Literal

import comrak
import msgspec

from service.markup.characters import drop_illegal
from service.markup.headings import anchor_headings
from service.markup.plain_text import plain
from service.markup.sanitise import ELEMENTS, sanitise
from service.markup.typed_text import text_to_html
from service.markup.written import safe_as_written

TextFormat = Literal["markdown", "html", "text"]


class Markup(msgspec.Struct, frozen=True):
    """`html` is safe HTML with marked references, `text` the same without markup."""

    html: str
    text: str


def render(text: str, format: TextFormat, base: str) -> Markup:  # noqa: A002 - the word of `model.Body`
    """`text` made safe; `base` is what its relative references are relative to (`/files/posts/`)."""
    html = render_html(text, format, base)
    return Markup(html=html, text=plain(html))


def render_html(text: str, format: TextFormat, base: str) -> str:  # noqa: A002 - the word of `model.Body`
    """As `render`, without the plain text."""
    text = drop_illegal(text)
    if format == "text":
        return text_to_html(text)
    if format == "html":
        return sanitise(text, base)
    return anchor_headings(_markdown_to_safe_html(text, base))


def _extensions() -> comrak.ExtensionOptions:
    options = comrak.ExtensionOptions()
    options.autolink = True
    options.footnotes = True
    options.strikethrough = True
    options.table = True
    options.tasklist = True
    return options


def _rendering(*, raw: bool) -> comrak.RenderOptions:
    options = comrak.RenderOptions()
    options.unsafe_ = raw
    return options


_EXTENSIONS = _extensions()
RAW = _rendering(raw=True)  # what it lets through, the sanitiser judges
SAFE = _rendering(raw=False)
# Only where to look first: HTML of other names, or none but in code, costs time and nothing else.
_TAG = re.compile(r"<[/!]?([a-zA-Z-]+)[\s/>-]")
_BY_HAND = ELEMENTS | {"--", "font", "iframe", "script", "style", "svg"}
# A feed reader drops form controls; a character survives.
_BOXES = (
    ('<input type="checkbox" checked="" disabled="" /> ', "☑ "),
    ('<input type="checkbox" disabled="" /> ', "☐ "),
)


def _markdown_to_safe_html(text: str, base: str) -> str:
    if _BY_HAND.isdisjoint(_TAG.findall(text)):
        html = safe_as_written(markdown_to_html(text, SAFE), base)
        if html is not None:
            return html
    return sanitise(markdown_to_html(text, RAW), base)


def markdown_to_html(text: str, options: comrak.RenderOptions) -> str:
    html: str = comrak.render_markdown(text, _EXTENSIONS, None, options)
    for box, character in _BOXES:
        html = html.replace(f"{box}\n<p>", f"\n<p>{character}").replace(box, character)
    return html
