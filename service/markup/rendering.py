"""One body of text, in the format it is written in, becomes safe HTML and plain text."""

import re
from typing import Literal

import comrak
import msgspec

from service.markup.characters import drop_illegal
from service.markup.headings import anchor_headings
from service.markup.plain_text import plain, text_of
from service.markup.sanitise import frames_to_links, sanitise
from service.markup.tags import Tag, put_together, take_apart
from service.markup.typed_text import text_to_html
from service.markup.written import read_written

TextFormat = Literal["markdown", "html", "text"]


class Markup(msgspec.Struct, frozen=True):
    """`html` is safe HTML with marked references, `text` the same without markup."""

    html: str
    text: str


def render(text: str, format: TextFormat, base: str) -> Markup:  # noqa: A002 - the word of `model.Body`
    """`text` made safe; `base` is what its relative references are relative to (`/files/posts/`)."""
    if format == "markdown":
        texts, tags = _markdown(text, base)
        return Markup(html=put_together(texts, tags), text=text_of(texts, tags))
    html = render_html(text, format, base)
    return Markup(html=html, text=plain(html))


def render_html(text: str, format: TextFormat, base: str) -> str:  # noqa: A002 - the word of `model.Body`
    """As `render`, without the plain text."""
    if format == "markdown":
        return put_together(*_markdown(text, base))
    text = drop_illegal(text)
    return text_to_html(text) if format == "text" else sanitise(text, base)


def _markdown(text: str, base: str) -> tuple[list[str], list[Tag]]:
    """Markdown as safe HTML, taken apart."""
    text = drop_illegal(text)
    html = markdown_to_html(text)
    if "&" in text and "&#" in text:  # a character is found ten times as fast as two
        html = drop_illegal(html)
    texts, tags = _safe(html, base)
    anchor_headings(texts, tags)
    return texts, tags


def _safe(html: str, base: str) -> tuple[list[str], list[Tag]]:
    """What comrak wrote as safe HTML, taken apart; a parser is asked last, as it takes ten times as long."""
    known = read_written(html, base)
    if known is None:
        changed = frames_to_links(_boxes_to_characters(html))
        known = read_written(changed, base) if changed != html else None
        known = known or take_apart(sanitise(changed, base))
    return known


def _extensions(*, formulas: bool, alerts: bool, definitions: bool) -> comrak.ExtensionOptions:
    options = comrak.ExtensionOptions()
    options.math_dollars = formulas
    options.alerts = alerts
    options.autolink = True
    # `**注意：**以下` is bold wherever Chinese and Japanese are written; the letter of CommonMark has it not.
    options.cjk_friendly_emphasis = True
    options.description_lists = definitions
    options.footnotes = True
    options.strikethrough = True
    options.table = True
    options.tasklist = True
    return options


def _rendering() -> comrak.RenderOptions:
    options = comrak.RenderOptions()
    options.unsafe_ = True  # what it lets through, we judge
    return options


_EXTENSIONS = {
    (formulas, alerts, definitions): _extensions(formulas=formulas, alerts=alerts, definitions=definitions)
    for formulas in (False, True)
    for alerts in (False, True)
    for definitions in (False, True)
}
# Where comrak looks for alerts, nested quotations take time that grows with the square of their depth; where
# it looks for definitions, with that of their number. A short text has not many.
_DEEP_QUOTATION = re.compile(r"(?:>[ \t]*+){100}")
_DEFINITION = re.compile(r"[\s>]:")
_MOST_DEFINITIONS = 4_000
_SHORT = 20_000
_FORMULA = re.compile(r'<span data-math-style="(inline|display)">([^<]*)</span>')
_RENDERING = _rendering()
# A feed reader drops form controls; a character survives.
_BOXES = (
    ('<input type="checkbox" checked="" disabled="" /> ', "☑ "),
    ('<input type="checkbox" disabled="" /> ', "☐ "),
)


def markdown_to_html(text: str) -> str:
    """Markdown as HTML, in which whatever its author wrote as HTML still stands.

    Where `$$` says that there are formulas, those are TeX, and no backslash or asterisk in them is Markdown.
    """
    formulas = "$" in text and "$$" in text
    alerts = ">" in text and "[!" in text and not _DEEP_QUOTATION.search(text)
    definitions = len(text) < _SHORT or len(_DEFINITION.findall(text)) < _MOST_DEFINITIONS
    html: str = comrak.render_markdown(text, _EXTENSIONS[formulas, alerts, definitions], None, _RENDERING)
    return _FORMULA.sub(_as_written, html) if formulas else html


def _as_written(match: re.Match[str]) -> str:
    mark = "$$" if match[1] == "display" else "$"
    return f"{mark}{match[2]}{mark}"


def _boxes_to_characters(html: str) -> str:
    for box, character in _BOXES:
        html = html.replace(f"{box}\n<p>", f"\n<p>{character}").replace(box, character)
    return html
