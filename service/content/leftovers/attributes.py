"""Attribute lists of kramdown, pandoc and goldmark, and the fences of admonitions: none of it is text."""

import re

# A list whose one item is replaced by a table of contents: `* TOC` with `{:toc}` under it.
_CONTENTS = re.compile(
    r"^[ \t]*[*+-1][.]?[ \t]+\S[^\n]*\n[ \t]*\{:[ \t]*toc[^}\n]*\}[ \t]*$", re.MULTILINE | re.IGNORECASE
)
_NAMED = re.compile(r"\{[ \t]*[:#.]")
_LIST = re.compile(
    r"(?=[ \t>]*\{:)(?P<alone>^[ \t>]*)?\{:(?:[#.][\w-]|[ \t]*[\w#.:/-]+)[^{}\n]*\}(?(alone)[ \t]*$)"
    r"|\{:/\w*\}",
    re.MULTILINE,
)
_HEADING = re.compile(r"^(#{1,6}[ \t]+)(.*?)[ \t]*\{[ \t]*#([\w.:-]+)[^{}\n]*\}[ \t]*#*[ \t]*$", re.MULTILINE)
_HEADING_CLASS = re.compile(r"^(#{1,6}[ \t].*?)[ \t]*\{[ \t]*[.:][\w-][^{}\n]*\}[ \t]*$", re.MULTILINE)
_AFTER_LINK = re.compile(r"(?<=[)\]])\{[ \t]*(?:[#.:][\w-][^{}\n]*|\w[\w-]*=[^{}\n]*)\}")
_ADMONITION = re.compile(
    r"^([ \t]*):::+[ \t]*(?:\{?[.]?([\w-]+)\}?)?(?:[ \t]*\[([^\]\n]*)\]|[ \t]+([^\n{]*?))?"
    r"(?:[ \t]*\{[^}\n]*\})?[ \t]*$",
    re.MULTILINE,
)


def clear_attributes(text: str) -> str:
    """`text` without attribute lists; an id of a heading stays as an anchor in it."""
    if ":::" in text:
        text = _ADMONITION.sub(_title, text)
    # One character is found in a tenth of the time of two, and those in a hundredth of that of a pattern.
    if "{" not in text:
        return text
    lists = "{:" in text
    if lists:
        text = _CONTENTS.sub("", text)
    if ("\n#" in text or text.startswith("#")) and _NAMED.search(text):
        text = _HEADING.sub(r'\1<a id="\3"></a>\2', text)
        text = _HEADING_CLASS.sub(r"\1", text)
    if "){" in text or "]{" in text:
        text = _AFTER_LINK.sub("", text)
    return _LIST.sub("", text) if lists else text


def _title(match: re.Match[str]) -> str:
    given = (match[3] or match[4] or "").strip()
    return f"\n{match[1]}**{given}**\n" if given else ""
