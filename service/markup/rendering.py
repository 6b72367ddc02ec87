"""One body of text, in the format it is written in, becomes safe HTML and plain text."""

from typing import Literal

import comrak
import msgspec

from service.markup.characters import drop_illegal
from service.markup.headings import anchor_headings
from service.markup.plain_text import plain
from service.markup.sanitise import sanitise
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
    return anchor_headings(_safe(markdown_to_html(text), base))


def _extensions() -> comrak.ExtensionOptions:
    options = comrak.ExtensionOptions()
    options.autolink = True
    options.footnotes = True
    options.strikethrough = True
    options.table = True
    options.tasklist = True
    return options


def _rendering() -> comrak.RenderOptions:
    options = comrak.RenderOptions()
    options.unsafe_ = True  # what it lets through, we judge
    return options


_EXTENSIONS = _extensions()
_RENDERING = _rendering()
# A feed reader drops form controls; a character survives.
_BOXES = (
    ('<input type="checkbox" checked="" disabled="" /> ', "☑ "),
    ('<input type="checkbox" disabled="" /> ', "☐ "),
)


def markdown_to_html(text: str) -> str:
    """Markdown as HTML, in which whatever its author wrote as HTML still stands."""
    html: str = comrak.render_markdown(text, _EXTENSIONS, None, _RENDERING)
    if "<input " not in html:
        return html
    for box, character in _BOXES:
        html = html.replace(f"{box}\n<p>", f"\n<p>{character}").replace(box, character)
    return html


def _safe(html: str, base: str) -> str:
    known = safe_as_written(html, base)
    return sanitise(html, base) if known is None else known
