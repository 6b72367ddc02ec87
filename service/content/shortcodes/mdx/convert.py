"""Converts MDX to Markdown: what Docusaurus, Gatsby and Astro read. Begin with `mdx_to_markdown`."""

import re

import msgspec

from service.content.shortcodes.code import BEFORE_FENCE, FENCE, SPAN
from service.content.shortcodes.mdx.blocks import BOUNDARY, arrange_blocks
from service.content.shortcodes.mdx.detection import IMPORT
from service.content.shortcodes.mdx.jsx import JsxTag, end_of_expression, read_tag, static_value
from service.content.shortcodes.template_tags.known_tags import render_tag
from service.content.shortcodes.template_tags.tag import TemplateTag, quote_attribute

_IMPORTED_FILE = re.compile(
    r"(?:^|;[ \t]*)import(?:[ \t]+|\n)(\w+)[ \t]+from[ \t]+['\"]([^'\"\n]+\.[a-z0-9]{2,5})['\"]", re.MULTILINE
)
_CONSTANT = re.compile(
    r"^export[ \t]+(?:const|let|var)[ \t]+(\w+)[ \t]*=[ \t]*"
    r"(\"[^\"\\\n]*\"|'[^'\\\n]*'|-?\d+(?:\.\d+)?);?[ \t]*$",
    re.MULTILINE,
)
_EXPORT = re.compile(
    r"^export[ \t]+(?:default|const|let|var|function|class|async|type|interface|\{|\*).*?(?=\n[ \t]*\n|\Z)",
    re.MULTILINE | re.DOTALL,
)
# Code in a component of Docusaurus, whose text is a template literal.
_CODE_BLOCK = re.compile(
    r"^([ \t]*)<CodeBlock\b([^<>]{0,500})>\s*\{\s*`((?:[^`\\]|\\[\s\S]){0,5000}+)`"
    r"\s*\}\s*</CodeBlock>[ \t]*$",
    re.MULTILINE,
)
_BRACKETS = re.compile(
    r"""[{}()\[\]]|"(?:[^"\\\n]|\\.)*+"|'(?:[^'\\\n]|\\.)*+'|`(?:[^`\\]|\\.)*+`""", re.DOTALL
)
_LONGEST_EXPORT = 20_000
# Where syntax may begin: an escape, code, a formula, a comment of HTML, a tag, an expression.
_SYNTAX = re.compile(r"\\[\\`<{$]|`++|~~~++|\$\$?+|<!--|<(?=[/>A-Za-z])|\{")
_COMMENT_END = re.compile(r"-->")
# Dollar signs around TeX, not around a price.
_FORMULA = re.compile(r"\$\$(?:(?!\$\$).)+?\$\$|\$(?=\S)[^$\n]*[\\_^][^$\n]*\$", re.DOTALL)
_LONGEST_FORMULA = 2_000
# In braces these are ids, tags of templates or attribute lists, not expressions.
_OTHER_BRACES = re.compile(r"\{[{%:#]|\{[ \t]*[.#][\w-]+[ \t]*\}")
_EXCERPT_END = re.compile(r"\{/\*\s*truncate\s*\*/\}")
_MAX_NEVER_CLOSED = 500
# Punctuation that means something in Markdown, and line ends, which would end a block.
_PUNCTUATION = re.compile(r"[\\`*_\[\]<>&~$|{}#+:!\n-]")
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_LINKS = frozenset({"Link", "A", "NavLink", "OutboundLink", "ExternalLink"})
# These only arrange their content.
_TRANSPARENT = frozenset(
    """
    Tabs TabItem Tab Details Summary Admonition Note Callout Columns Column Steps Step Cards CardGroup
    Fragment React.Fragment
    """.split()
)


def jsx_tags_to_html(text: str, dropped: list[str]) -> str:
    """Markdown without code, read as MDX but for braces outside of tags: they may be text, so they remain."""
    return arrange_blocks(_Converter(text, {}, dropped, keeps_expressions=True).convert())


def mdx_to_markdown(text: str, dropped: list[str]) -> str:
    """MDX as Markdown and HTML; the names of unknown components and expressions are added to `dropped`.

    As in @mdx-js/mdx 3, text within elements is Markdown and there is no indented code.
    """
    text = _CODE_BLOCK.sub(_as_fence, text) if "<CodeBlock" in text else text
    constants = dict(_IMPORTED_FILE.findall(text))
    constants |= {name: value.strip("\"'") for name, value in _CONSTANT.findall(text)}
    text = _without_exports(IMPORT.sub("", _EXCERPT_END.sub("<!-- truncate -->", text)))
    return arrange_blocks(_Converter(text, constants, dropped).convert())


def _as_fence(block: re.Match[str]) -> str:
    """Code that is a text in JavaScript, perhaps with expressions, as code of Markdown."""
    margin, attributes, code = block.groups()
    named = dict(re.findall(r"(\w+)=[\"']([^\"'\n]*)[\"']", attributes))
    title = f"{margin}**{named['title']}**\n\n" if named.get("title") else ""
    lines = re.sub(r"\\([`$\\])", r"\1", code).strip("\n").split("\n")
    fence = "`" * max(3, 1 + max(map(len, re.findall(r"`+", code)), default=0))
    inner = "\n".join(f"{margin}{line}".rstrip() for line in lines)
    return f"\n{title}{margin}{fence}{named.get('language', '')}\n{inner}\n{margin}{fence}\n"


def _without_exports(text: str) -> str:
    """`text` without `export` statements: up to a blank line at which all brackets are closed."""
    parts: list[str] = []
    done = 0
    for match in _EXPORT.finditer(text):
        if match.start() < done:
            continue
        end = match.end()
        depth = _open_brackets(match[0])
        limit = match.start() + _LONGEST_EXPORT
        while depth > 0 and 0 < (blank := text.find("\n\n", end + 1)) < limit:
            depth += _open_brackets(text[end:blank])
            end = blank
        if depth > 0 and end + 1 < len(text) < limit:  # up to the end of the text
            end = len(text) if depth + _open_brackets(text[end:]) == 0 else match.end()
        parts.append(text[done : match.start()])
        done = end
    return "".join((*parts, text[done:]))


def _open_brackets(text: str) -> int:
    return sum(
        {"{": 1, "(": 1, "[": 1, "}": -1, ")": -1, "]": -1}.get(token, 0) for token in _BRACKETS.findall(text)
    )


class _Replacement(msgspec.Struct, frozen=True):
    end: int
    text: str


class _Converter:
    """Replaces the tags and expressions of one text."""

    def __init__(
        self, text: str, constants: dict[str, str], dropped: list[str], *, keeps_expressions: bool = False
    ) -> None:
        self._text = text
        self._constants = constants
        self._dropped = dropped
        self._keeps_expressions = keeps_expressions
        self._never_closed = 0

    def convert(self) -> str:
        """The text with each tag as HTML on one line, and without expressions."""
        text = self._text
        parts: list[str] = []
        done = position = 0
        while match := _SYNTAX.search(text, position):
            replacement = self._replace(match)
            if replacement is None:
                position = match.end()
                continue
            parts += (text[done : match.start()], replacement.text)
            done = position = replacement.end
        return "".join((*parts, text[done:]))

    def _replace(self, match: re.Match[str]) -> _Replacement | None:
        text, start, mark = self._text, match.start(), match[0]
        if mark[0] in "`~":
            return self._keep_code(start, mark)
        if mark[0] == "$":
            formula = _FORMULA.match(text, start, start + _LONGEST_FORMULA)
            return _Replacement(formula.end(), formula[0]) if formula else None
        if mark[0] == "\\" or self._never_closed > _MAX_NEVER_CLOSED or _OTHER_BRACES.match(text, start):
            return None
        replacement = None
        if mark == "<!--":
            comment = _COMMENT_END.search(text, start, start + _LONGEST_EXPORT)
            replacement = _Replacement(comment.end(), text[start : comment.end()]) if comment else None
        elif mark == "{":
            if self._keeps_expressions:
                return None
            replacement = self._expression(start)
        elif tag := read_tag(text, start, self._constants):
            replacement = _Replacement(tag.end, self._tag(tag, start))
        self._never_closed += replacement is None
        return replacement

    def _keep_code(self, start: int, mark: str) -> _Replacement | None:
        text = self._text
        line = text.rfind("\n", max(0, start - 200), start) + 1
        code = (
            FENCE.match(text, start) if len(mark) > 2 and BEFORE_FENCE.fullmatch(text, line, start) else None
        )
        code = code or (SPAN.match(text, start) if mark[0] == "`" else None)
        return _Replacement(code.end(), code[0]) if code else None

    def _expression(self, start: int) -> _Replacement | None:
        """The text of a literal; nothing for a comment and, reported, for what only JavaScript can tell."""
        text = self._text
        end = end_of_expression(text, start)
        if end is None:
            return None
        source = text[start + 1 : end - 1].strip()
        value = "" if source in {"true", "false"} else static_value(source, self._constants)
        if value is None and source.startswith("<"):
            return _Replacement(end, _Converter(source, self._constants, self._dropped).convert())
        if value is None:
            self._dropped.append(f"{{{' '.join(source.split())[:40]}}}")
        # Its line goes with it, so that no paragraph is divided.
        if not value and _is_alone(text, start, end):
            return _Replacement(end + 1, "")
        return _Replacement(end, _escape(value or ""))

    def _tag(self, tag: JsxTag, start: int) -> str:
        name, attributes = tag.name, tag.attributes
        if name in _LINKS:
            address = attributes.get("to") or attributes.get("href") or attributes.get("url", "")
            opening = "" if tag.closing else f"<a href={quote_attribute(address)}>"
            return f"{opening}</a>" if tag.closing or tag.closes_itself else opening
        if name[:1].islower() and not {".", ":"} & set(name):
            return _write_tag(tag)
        alone = _is_alone(self._text, start, tag.end)
        boundary = BOUNDARY if alone else ""
        if tag.closing or not name:
            return boundary
        rendered = render_tag(TemplateTag(name, _write_attributes(attributes), alone=alone))
        if rendered and alone:  # no paragraph continues with it
            margin = self._text[self._text.rfind("\n", 0, start) + 1 : start]
            rendered = f"\n{margin}{rendered.strip()}\n"
        if rendered is None and name not in _TRANSPARENT:
            self._dropped.append(f"<{name}>")
        return (rendered or boundary) + _escape(attributes.get("children", ""))


def _escape(text: str) -> str:
    """`text` without anything that means something in Markdown or HTML."""
    return _PUNCTUATION.sub(lambda mark: f"&#{ord(mark[0])};", text)


def _is_alone(text: str, start: int, end: int) -> bool:
    """Whether nothing else is on the lines from `start` to `end`; looks at most at a short margin."""
    margin = text[max(0, start - 80) : start].rpartition("\n")
    return not margin[2].strip() and bool(margin[1] or start < 80) and text[end : end + 1] in {"\n", ""}


def _write_tag(tag: JsxTag) -> str:
    """A tag of HTML, in which a slash at the end means nothing but to void elements."""
    name = tag.name.lower()
    if tag.closing:
        return "" if name in _VOID else f"</{name}>"
    ending = f"</{name}>" if tag.closes_itself and name not in _VOID else ""
    return " ".join(filter(None, (f"<{name}", _write_attributes(tag.attributes)))) + f">{ending}"


def _write_attributes(attributes: dict[str, str]) -> str:
    return " ".join(
        f"{name}={quote_attribute(' '.join(value.split()))}" if value else name
        for name, value in attributes.items()
    )
