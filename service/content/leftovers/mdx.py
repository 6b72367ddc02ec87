"""MDX: Markdown with imports, components and expressions of JavaScript in it (Docusaurus, Gatsby)."""

import re

from service.content.leftovers.arguments import Arguments, quoted
from service.content.leftovers.meaning import meaning
from service.content.leftovers.pairs import drop_pairs

_IMPORT = re.compile(
    r"^import[ \t]+(?:[\w*{][^;'\"\n]*(?:\n[^;'\"\n]+){0,60}?[ \t\n]from[ \t]+)?['\"][^'\"\n]+['\"];?[ \t]*$",
    re.MULTILINE,
)
_EXPORT = re.compile(
    r"^export[ \t]+(?:default|const|let|var|function|class|async|\{).*?(?:\n[ \t]*\n|\Z)",
    re.MULTILINE | re.DOTALL,
)
_COMMENT = re.compile(r"\{/\*"), re.compile(r"\*/\}")
_STYLE = re.compile(r"(<[A-Za-z][^<>]{0,1000}?)[ \t\n]+[\w-]+=\{\{.{0,1000}?\}\}", re.DOTALL)
_VALUE = re.compile(
    r"""(?<![\w-])([\w-]++)=\{[ \t\n]*(?:(?:require|useBaseUrl)\()?[ \t\n]*(["'`])([^"'`{}]*)\2"""
    r"""[ \t\n]*\)?(?:\.default)?[ \t\n]*\}"""
)
_EXPRESSION_VALUE = re.compile(r"(<[A-Za-z][^<>]{0,1000}?)[ \t\n]+[\w-]+=\{[^{}]{0,2000}\}")
_COMPONENT = re.compile(
    r"""<(/?)([A-Z][\w.]*+)((?:[^<>"']{1,2000}+|"[^"]{0,2000}"|'[^']{0,2000}'){0,60}+)>"""
)
_SPACE = re.compile(r"\{[ \t]*(['\"`])([ \t]*)\1[ \t]*\}")
_EXPRESSION = re.compile(r"(?<![\\$\x00])\{(?![{%:#/])[ \t]*([A-Za-z_$][\w$.?()\[\]]*)[ \t]*\}(?!\})")
_FRAGMENT = re.compile(r"</?>")


def is_mdx(text: str) -> bool:
    """Whether Markdown without code imports something: only MDX does."""
    if "{" in text and "{/*" in text:
        return True
    return ("\nimport" in text or text.startswith("import")) and bool(_IMPORT.search(text))


def clear_mdx(text: str, dropped: list[str]) -> str:
    """`text` as Markdown and HTML; the names of components nobody knows are added to `dropped`."""
    text = _EXPORT.sub("\n", _IMPORT.sub("", text))
    text = drop_pairs(text, *_COMMENT)
    text = _VALUE.sub(lambda match: f"{match[1]}={quoted(match[3])}", text)
    for pattern in (_STYLE, _EXPRESSION_VALUE):
        while (cleared := pattern.sub(r"\1", text)) != text:
            text = cleared
    text = _SPACE.sub(r"\2", text)

    def component(match: re.Match[str]) -> str:
        closing, name, given = match.groups()
        if closing:
            return ""
        meant = meaning(name, Arguments(given.removesuffix("/")), alone=False)
        if meant is None and name not in _TRANSPARENT:
            dropped.append(f"<{name}>")
        return meant or ""

    def expression(match: re.Match[str]) -> str:
        dropped.append(match.group())
        return ""

    text = _COMPONENT.sub(component, text)
    return _FRAGMENT.sub("", _EXPRESSION.sub(expression, text))


# These only arrange what is in them.
_TRANSPARENT = frozenset(
    {"Tabs", "TabItem", "Details", "Summary", "Admonition", "Note", "Callout", "Columns", "Column"}
)
