"""One body of text, in the format it is written in, becomes safe HTML and plain text."""

import re
from typing import Literal

import comrak
import msgspec
from turbohtml import Element, parse_fragment

from service.markup.characters import drop_illegal, drop_illegal_references
from service.markup.headings import anchor_headings
from service.markup.plain_text import first_paragraphs, text_of
from service.markup.sanitise import frames_to_links, safe_tree, written
from service.markup.typed_text import text_to_html

TextFormat = Literal["markdown", "html", "text"]


class Markup(msgspec.Struct, frozen=True):
    """Safe HTML with marked references, its text without markup, and the tree that both are of."""

    html: str
    text: str
    tree: Element

    def opening(self) -> str:
        """The text of the first paragraphs."""
        return first_paragraphs(self.tree)


def render(text: str, format: TextFormat, base: str) -> Markup:  # noqa: A002 - the word of `model.Body`
    """`text` made safe; `base` is what its relative references are relative to (`/files/posts/`)."""
    return make_safe(convert(drop_illegal(text), format), format, base)


def render_html(text: str, format: TextFormat, base: str) -> str:  # noqa: A002 - the word of `model.Body`
    """As `render`, without the plain text."""
    return written(_tree(convert(drop_illegal(text), format), format, base))


def convert(text: str, format: TextFormat) -> str:  # noqa: A002 - the word of `model.Body`
    """`text`, which holds no illegal characters, as HTML that is not safe yet: the first half of `render`."""
    if format == "markdown":
        return _html_of(text)
    return frames_to_links(drop_illegal_references(text)) if format == "html" else text_to_html(text)


def make_safe(html: str, format: TextFormat, base: str) -> Markup:  # noqa: A002 - the word of `model.Body`
    """What `convert` made of a text in `format`: the second half of `render`."""
    return _read(_tree(html, format, base))


def read_html(html: str) -> Markup:
    """Safe HTML, with its text."""
    return _read(parse_fragment(html, positions=False))


def _read(tree: Element) -> Markup:
    return Markup(html=written(tree), text=text_of(tree), tree=tree)


def _tree(html: str, format: TextFormat, base: str) -> Element:  # noqa: A002
    if format == "text":  # of which all was escaped
        return parse_fragment(html, positions=False)
    tree = safe_tree(html, base)
    if format == "markdown":
        anchor_headings(tree)
    return tree


def _html_of(text: str) -> str:
    """Markdown as HTML for the sanitiser; what only references or HTML can bring is looked for only then."""
    html = _boxes_to_characters(markdown_to_html(text))
    if "&" in text and "&#" in text:  # a character is found ten times as fast as two
        html = drop_illegal_references(drop_illegal(html))
    return frames_to_links(html) if "<" in text else html


def _extensions(*, formulas: bool, alerts: bool) -> comrak.ExtensionOptions:
    return comrak.ExtensionOptions(
        math_dollars=formulas,
        alerts=alerts,
        autolink=True,
        # `**注意：**以下` is bold to whoever writes Chinese or Japanese, if not to the letter of CommonMark.
        cjk_friendly_emphasis=True,
        description_lists=True,
        footnotes=True,
        strikethrough=True,
        table=True,
        tasklist=True,
    )


_EXTENSIONS = {
    (formulas, alerts): _extensions(formulas=formulas, alerts=alerts)
    for formulas in (False, True)
    for alerts in (False, True)
}
# Where comrak looks for alerts, nested quotations take time that grows with the square of their depth.
_DEEP_QUOTATION = re.compile(r"(?:>[ \t]*+){100}")
_FORMULA = re.compile(r'<span data-math-style="(inline|display)">([^<]*)</span>')
_RENDERING = comrak.RenderOptions(unsafe_=True)  # what it lets through, the sanitiser judges
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
    html = comrak.markdown_to_html(text, _EXTENSIONS[formulas, alerts], None, _RENDERING)
    return _FORMULA.sub(_as_written, html) if formulas else html


def _as_written(match: re.Match[str]) -> str:
    mark = "$$" if match[1] == "display" else "$"
    return f"{mark}{match[2]}{mark}"


def _boxes_to_characters(html: str) -> str:
    if "<input" not in html:
        return html
    for box, character in _BOXES:
        html = html.replace(f"{box}\n<p>", f"\n<p>{character}").replace(box, character)
    return html
