"""MDX: Markdown with imports, components and expressions in JavaScript (Docusaurus, Gatsby)."""

import re

from service.content.shortcodes.delimiter_pairs import drop_pairs
from service.content.shortcodes.jsx_expressions import without_expressions
from service.content.shortcodes.known_tags import render_tag
from service.content.shortcodes.prefilter import Markers
from service.content.shortcodes.tag import TemplateTag, quote_attribute

_IMPORT = re.compile(
    r"^import[ \t]+(?:[\w*{][^;'\"\n]*(?:\n[^;'\"\n]+){0,60}?[ \t\n]from[ \t]+)?['\"][^'\"\n]+['\"];?[ \t]*$",
    re.MULTILINE,
)
_IMPORTED_FILE = re.compile(
    r"^import[ \t]+(\w+)[ \t]+from[ \t]+['\"]([^'\"\n]+\.[a-z0-9]{2,5})['\"]", re.MULTILINE
)
_IN_BRACES = re.compile(r"=\{(\w+)\}")
_EXPORT = re.compile(
    r"^export[ \t]+(?:default|const|let|var|function|class|async|\{).*?(?:\n[ \t]*\n|\Z)",
    re.MULTILINE | re.DOTALL,
)
_COMMENT = re.compile(r"\{/\*"), re.compile(r"\*/\}")
_VALUE = re.compile(
    r"""(?<![\w-])([\w-]++)=\{[ \t\n]*+(?:(?:require|useBaseUrl)\([ \t\n]*+)?+(["'`])([^"'`{}]*)\2"""
    r"""[ \t\n]*+\)?+(?:\.default)?+[ \t\n]*+\}"""
)
_COMPONENT = re.compile(
    r"""<(/?)([A-Z][\w.]*+)((?:[^<>"']{1,2000}+|"[^"]{0,2000}"|'[^']{0,2000}'){0,60}+)>"""
)
# HTML ignores the slash and would put all that follows into the element.
_CLOSED = re.compile(
    r"<(?!(?:area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr)\b)([a-z][a-z0-9]*)\b([^<>]*)/>"
)
_SPACE = re.compile(r"\{[ \t]*(['\"`])([ \t]*)\1[ \t]*\}")
_EXPRESSION = re.compile(r"(?<![\\$\x00])\{(?![{%:#/])[ \t]*([A-Za-z_$][\w$.?()\[\]]*)[ \t]*\}(?!\})")
_FRAGMENT = re.compile(r"</?>")


def is_mdx(text: str, markers: Markers) -> bool:
    """Whether Markdown without code has imports or comments in braces, as only MDX has."""
    if "/*" in markers.braces.marks and "{/*" in text:
        return True
    return "import" in markers.lines and bool(_IMPORT.search(text))


def clear_mdx(text: str, dropped: list[str]) -> str:
    """`text` as Markdown and HTML; the names of unknown components are added to `dropped`."""
    files = dict(_IMPORTED_FILE.findall(text))
    text = _EXPORT.sub("\n", _IMPORT.sub("", text))
    if files:
        text = _IN_BRACES.sub(
            lambda match: f"={quote_attribute(files[match[1]])}" if match[1] in files else match[0], text
        )
    text = drop_pairs(text, *_COMMENT)
    text = _VALUE.sub(lambda match: f"{match[1]}={quote_attribute(match[3])}", text)
    text = _SPACE.sub(r"\2", without_expressions(text))

    def component(match: re.Match[str]) -> str:
        closing, name, attributes = match.groups()
        if name in _LINKS:
            return "</a>" if closing else _link(TemplateTag(name, attributes))
        if closing:
            return ""
        rendered = render_tag(TemplateTag(name, attributes.removesuffix("/")))
        if rendered is None and name not in _TRANSPARENT:
            dropped.append(f"<{name}>")
        return rendered or ""

    def expression(match: re.Match[str]) -> str:
        dropped.append(match.group())
        return ""

    text = _CLOSED.sub(r"<\1\2></\1>", _COMPONENT.sub(component, text))
    return _FRAGMENT.sub("", _EXPRESSION.sub(expression, text))


def _link(tag: TemplateTag) -> str:
    return f"<a href={quote_attribute(tag.get('to', 'href', 'url'))}>"


_LINKS = frozenset({"Link", "A", "NavLink", "OutboundLink", "ExternalLink"})
# These only arrange their content.
_TRANSPARENT = frozenset(
    {"Tabs", "TabItem", "Details", "Summary", "Admonition", "Note", "Callout", "Columns", "Column"}
)
