"""Tags whose arguments are text: a key, a label, the title of a section that unfolds."""

import html
import re
from collections.abc import Callable

from service.content.shortcodes.template_tags.tag import TemplateTag, quote_attribute

_CONTENT = ("content", "text", "body", "message", "info", "warning", "tip", "note", "danger", "success")
_TITLE = ("title", "summary", "header", "label", "name", "tabname")


def inline_renderer(element: str) -> Callable[[TemplateTag], str]:
    """A renderer of text within a line, `{% kbd Ctrl %}`, `{{< sup "1" >}}`; "" for a tag around a text."""

    def render(tag: TemplateTag) -> str:
        text = tag.get("text") or (_plain_text(tag) if not tag.named else "")
        return f"<{element}>{_escape(text)}</{element}>" if text else ""

    return render


def render_abbreviation(tag: TemplateTag) -> str:
    """`{{< abbr "HTML" "Hypertext Markup Language" >}}`, or its arguments by name."""
    short = tag.first("text", "abbr", "short")
    long = tag.get("title", "full", "long") or next(iter(tag.positional[1:]), "")
    return f"<abbr title={quote_attribute(long)}>{_escape(short)}</abbr>" if short else ""


def render_label(tag: TemplateTag) -> str:
    """`{% label primary@text %}` of NexT, `{% label text colour %}` of Butterfly."""
    _, separator, after = tag.arguments.partition("@")
    text = after if separator else next(iter(tag.positional), "")
    return f"<mark>{_escape(text.strip())}</mark>" if text.strip() else ""


def render_section_title(tag: TemplateTag) -> str:
    """The title of a tab or of a section that unfolds; the text inside stays."""
    return _title(tag.get(*_TITLE) or next(iter(tag.quoted), "") or ("" if tag.named else _plain_text(tag)))


def render_admonition(tag: TemplateTag) -> str:
    """The title, `{{< admonition tip "Title" >}}`, or the text, `{% include tip content="" %}`."""
    if content := tag.get(*_CONTENT):
        return f"<p>{_escape(content)}</p>"
    has_type = tag.positional and tag.quoted and tag.positional[0] != tag.quoted[0]
    return _title(tag.get("title") or (tag.quoted[0] if has_type else ""))


def _title(title: str) -> str:
    return f"<p><strong>{_escape(title)}</strong></p>" if title.strip() else ""


def _plain_text(tag: TemplateTag) -> str:
    """The text after a colour or a class and a comma; without these, all arguments."""
    if tag.quoted:
        return tag.quoted[0]
    before, comma, after = tag.arguments.partition(",")
    return (after if comma and re.fullmatch(r"[\w\s#-]*", before, re.ASCII) else tag.arguments).strip()


def _escape(text: str) -> str:
    return html.escape(html.unescape(text), quote=False)
