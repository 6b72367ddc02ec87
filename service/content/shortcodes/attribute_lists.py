"""Syntax for a converter: attribute lists, fences of admonitions, marks of a table of contents.

Those of kramdown, pandoc, goldmark, Python-Markdown and the plugins of Hexo and Eleventy.
"""

import re

from service.content.shortcodes.delimiter_pairs import drop_pairs
from service.content.shortcodes.prefilter import Markers

# A list whose one item is replaced by a table of contents: `* TOC` with `{:toc}` under it.
_CONTENTS = re.compile(
    r"^[ \t]*(?:[*+-1][.]?[ \t]+\S[^\n]*\n[ \t]*\{:[ \t]*toc[^}\n]*\}"
    r"|\{:[ \t]*toc[^}\n]*\}[ \t]*\n[ \t]*[*+-1][.]?[ \t]+\S[^\n]*)[ \t]*$",
    re.MULTILINE | re.IGNORECASE,
)
_CONTENTS_MARK = re.compile(r"\{:[ \t]*toc", re.IGNORECASE)
_CONTENTS_HERE = re.compile(
    r"^[ \t]*(?:\[TOC\]|\[\[_?TOC_?\]\]|@\[TOC\](?:\([^)\n]*\))?)[ \t]*$", re.MULTILINE | re.IGNORECASE
)
_COMMENT = re.compile(r"\{::comment\b[^}\n]*(?<!/)\}"), re.compile(r"\{:/(?:comment)?\}")
# Markdown within an element, which CommonMark reads where blank lines set it apart.
_HOLDERS = "article|aside|blockquote|center|details|div|figure|footer|header|li|main|nav|section|td|th"
_HOLDS_MARKDOWN = re.compile(
    rf"""^([ ]{{0,3}}<(?:{_HOLDERS})\b[^<>\n]{{0,300}}?)[ \t]+markdown[ \t]*=[ \t]*
    (?:"(?:1|block|span)"|'(?:1|block|span)'|1|block|span)(?=[ \t>])([^<>\n]{{0,300}}>)[ \t]*
    (?=[^\n]|\n\s*\n|\n[ ]{{0,3}}\S)""",
    re.MULTILINE | re.IGNORECASE | re.VERBOSE,
)
_CLOSED = re.compile(rf"^( {{0,3}}</(?:{_HOLDERS})>[ \t]*)\n(?=[^\s<])", re.MULTILINE | re.IGNORECASE)
_NAMED = re.compile(r"\{[ \t]*[:#.]")
_LIST = re.compile(
    r"(?=[ \t>]*\{:)(?P<alone>^[ \t>]*)?\{:(?:[#.][\w-]|[ \t]*[\w#.:/-]+)[^{}\n]*\}(?(alone)[ \t]*$)"
    r"|\{:/\w*\}",
    re.MULTILINE,
)
# On its line or, in kramdown, on the next one: `## Title {.class #id}`.
_HEADING = re.compile(
    r"^(#{1,6}[ \t]+)([^\n]*?)[ \t]*(?:\{:?|\n\{:)[ \t]*(?:[.\w][\w=\"-]*[ \t]+)*"
    r"#([\w.:-]+)[^{}\n]*\}[ \t]*#*[ \t]*$",
    re.MULTILINE,
)
_HEADING_CLASS = re.compile(r"^(#{1,6}[ \t].*?)[ \t]*\{[ \t]*[.:][\w-][^{}\n]*\}[ \t]*$", re.MULTILINE)
# A span of pandoc, `[small]{.smallcaps}`; and what defines a link.
_SPAN = re.compile(r"(?<![!\]\\])\[([^\[\]\n]{1,300})\]\{[ \t]*[.#][^{}\n]*\}")
_LABEL = re.compile(r"^ {0,3}\[([^\[\]\n]{1,300})\]:", re.MULTILINE)
_AFTER_LINK = re.compile(r"(?<=[)\]])\{[ \t]*(?:[#.:][\w-][^{}\n]*|\w[\w-]*=[^{}\n]*)\}")
# It begins with a literal, which is found fast.
_LIST_ALONE = re.compile(r"\{(?<=\n\{)[ \t]*[.#][\w-]+(?:[ \t]+[^{}\n]*)?\}[ \t]*$", re.MULTILINE)
_ADMONITION = re.compile(
    r"^([ \t]*):::+[ \t]*(?:\{?[.]?([\w-]+)\}?)?(?:[ \t]*\[([^\]\n]*)\]|[ \t]+([^\n{]*?))?"
    r"(?:[ \t]*\{[^}\n]*\})?[ \t]*$",
    re.MULTILINE,
)


def clear_attributes(text: str, markers: Markers) -> str:
    """`text` without attribute lists; an id of a heading stays as an anchor in it."""
    if ":" in markers.lines:
        text = _ADMONITION.sub(_title, text)
    if not markers.lines.isdisjoint("[@"):
        text = _CONTENTS_HERE.sub("", text)
    if "<" in markers.lines and "markdown=" in text:
        text, count = _HOLDS_MARKDOWN.subn(r"\1\2\n\n", text)
        text = _CLOSED.sub(r"\1\n\n", text) if count else text
    # One character is found in a tenth of the time of two, and those in a hundredth of that of a pattern.
    if "{" not in text:
        return text
    lists = "{:" in text
    if lists:
        text = _CONTENTS.sub("", text) if _CONTENTS_MARK.search(text) else text
        text = drop_pairs(text, *_COMMENT)
    text = _LIST_ALONE.sub("", text)
    if ("\n#" in text or text.startswith("#")) and _NAMED.search(text):
        text = _HEADING.sub(r'\1<a id="\3"></a>\2', text)
        text = _HEADING_CLASS.sub(r"\1", text)
    if "]{" in text and _SPAN.search(text):
        labels = {label.casefold() for label in _LABEL.findall(text)}
        text = _SPAN.sub(lambda span: span[0] if span[1].casefold() in labels else span[1], text)
    if "){" in text or "]{" in text:
        text = _AFTER_LINK.sub("", text)
    return _LIST.sub("", text) if lists else text


def _title(match: re.Match[str]) -> str:
    title = (match[3] or match[4] or "").strip()
    return f"\n{match[1]}**{title}**\n" if title else ""
