r"""Formulas in TeX, `$…$`, `$$…$$`, `\(…\)` and `\[…\]`, kept as written, for a script to render."""

import re
from collections.abc import Callable

from service.content.shortcodes.delimiter_pairs import replace_pairs

DECLARATIONS = tuple("math katex mathjax latex use_math usemath use_mathjax use_katex maths".split())
"""The keys of front matter that tell themes that a text has formulas."""

_PAIRS = (
    ("\\(", re.compile(r"(?<!\\)\\\("), re.compile(r"(?<!\\)(?:\\\\)*+\\\)")),
    ("\\[", re.compile(r"(?<!\\)\\\["), re.compile(r"(?<!\\)(?:\\\\)*+\\\]")),
)
_DISPLAYED = re.compile(r"(?<![\\$])\$\$(?!\$)")
_INLINE = re.compile(r"(?<![\\$])\$(?![\s$])(?:[^$\\\n\x00]|\\[^\n]){1,1000}(?<!\s)\$(?![\d$])")
_LONGEST = 5_000
_COMMAND = re.compile(r"\\[A-Za-z]{2,}|[_^]\{")
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_PUNCTUATION = re.compile(r"[\\`*_\[\]<>~|&${}]|(?<=\n)[ \t]*(?:[-+=#:]|\d+(?=[.)]))")


def _has_formulas(text: str) -> bool:
    """Whether `text` may have formulas though nothing declares them."""
    return "$$" in text or bool(_COMMAND.search(text))


def keep_formulas(text: str, keep: Callable[[str], str], *, declared: bool) -> str:
    """`text` without code, each formula in it replaced by what `keep` gives for the formula as Markdown.

    Where they are not `declared`, dollar signs are left to the converter, and brackets are formulas only
    next to `$$` or a command of TeX, since they may be escaped brackets of Markdown.
    """

    def replace(begin: re.Match[str], inner: str, end: re.Match[str]) -> str:
        formula = begin[0] + inner + end[0]
        if _BLANK_LINE.search(inner) or "\x00" in inner or len(inner) > _LONGEST:
            return formula
        before = begin.string[max(0, begin.start() - _LONGEST) : begin.start()]
        return keep(_escape(formula, in_html=before.rpartition("\n\n")[2].lstrip("\n ").startswith("<")))

    if declared and "$$" in text:
        text = replace_pairs(text, _DISPLAYED, _DISPLAYED, replace)
    if declared and "$" in text:
        text = _INLINE.sub(lambda match: keep(_escape(match[0], in_html=False)), text)
    for mark, opening, closing in _PAIRS:
        if mark in text and (declared or _has_formulas(text)):
            text = replace_pairs(text, opening, closing, replace)
    return text


def _escape(formula: str, *, in_html: bool) -> str:
    """A formula in which nothing is Markdown; a block of HTML knows no backslashes, only references."""
    if in_html:
        return _PUNCTUATION.sub(lambda mark: f"&#{ord(mark[0])};" if len(mark[0]) == 1 else mark[0], formula)
    return _PUNCTUATION.sub(lambda mark: re.sub(r"([^A-Za-z0-9\s])", r"\\\1", mark[0]), formula)
