"""Read the metadata that an MDX file exports: `export const metadata = {title: 'A', date: '2020-01-02'}`.

Next.js and other users of @mdx-js/mdx have it in place of front matter
(https://nextjs.org/docs/app/guides/mdx#frontmatter). The code is never run.
"""

import re
import sys
from collections.abc import Iterator
from typing import Any

from service.content.front_matter.known_keys import DECIDING
from service.content.front_matter.values import Entry, Number, add_entry, normal_key
from service.errors import ContentError

_EXPORT = re.compile(
    r"^export[ \t]+(?:(?:const|let|var)[ \t]+(?:meta|metadata|frontmatter|frontMatter)\b[^={}\n]{0,80}=\s*"
    r"|\{[^{}]{0,500}\b(?:meta|metadata|frontmatter|frontMatter)\b[^{}]{0,500}\})",
    re.MULTILINE,
)
# Any other constant may be the metadata of a site, or hide the article by its name.
_CONSTANT = re.compile(r"^export[ \t]+(?:const|let|var)[ \t]+(\w+)\b[^={}\n]{0,80}=[ \t]*", re.MULTILINE)
_OTHER_NAMES = re.compile(
    r"(?:\w*_?(?:meta|matter)|attributes|info|(?:blog)?post|article|page|header|config|data|props)",
    re.IGNORECASE,
)
# Remix exports a function of this name, which makes the head of the page.
_FUNCTION = re.compile(r"(?:async\b\s*)?(?:function\b|\w+\s*=>|\([^()]{0,500}\)\s*(?::[^={}]{0,80})?=>)")
_FENCE = re.compile(r"^[ \t]*(?:```|~~~)", re.MULTILINE)
_IMPORTED_FILE = re.compile(
    r"^import[ \t]+(\w+)[ \t]+from[ \t]+(['\"])(\.{0,2}/?[^'\"\n]+\.[a-z0-9]{2,5})\2", re.MULTILINE
)
_LONGEST = 20_000
_PART = re.compile(
    r"""
      \s++ | //[^\n]*+ | /\*(?:[^*]|\*(?!/))*+(?:\*/|\Z)
    | (?P<text>"(?:[^"\\\n]|\\.)*+" | '(?:[^'\\\n]|\\.)*+' | `(?:[^`\\]|\\.)*+`)
    | (?P<word>[\w$.+-]++)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": ""}
_WORDS = {"true": True, "false": False, "null": None, "undefined": None}
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
_OTHER_FORM = (
    "the exported metadata cannot be read without running it; write it as one object of plain values,"
    " {title: 'A', date: '2020-01-02'}, or as front matter"
)
_UNKNOWN = object()
_DATE_PARTS = 5
"""The value of `new Date('2020-01-02')`."""
_CLOSING = {"{": "}", "[": "]", "(": ")"}


def read_metadata(text: str, first_line: int) -> dict[str, Entry]:
    """The properties of the object that MDX exports as its metadata; empty if there is none.

    `text` begins on `first_line` of its file. Texts, numbers, booleans and arrays of them are read, and a
    name is the path of the file imported by it. Other expressions are left out; those that decide who may see
    the article stay as they are written, so that they are reported. Raises ContentError for metadata in any
    other form, which may hide the article.
    """
    export = _EXPORT.search(text)
    if export is None or _FENCE.search(text, 0, export.start()):  # which may be an example in a code block
        return _hiding_constants(text, first_line)
    if _FUNCTION.match(text, export.end()):
        return _hiding_constants(text, first_line)
    line = first_line + text.count("\n", 0, export.start())
    if not text.startswith("{", export.end()):
        raise ContentError(line, _OTHER_FORM)
    files = {name: path for name, _, path in _IMPORTED_FILE.findall(text[: export.start()])}
    entries = _hiding_constants(text, first_line)
    for start, head, parts in _properties(text, export.end() + 1, line):
        line = first_line + text.count("\n", 0, start)
        name = _name(head)
        if name is None:
            raise ContentError(line, _OTHER_FORM)
        value = _value(parts, files) if parts else files.get(name, _UNKNOWN)
        if value is _UNKNOWN and normal_key(name) in DECIDING:
            value = " ".join(parts or head)
        if value is not _UNKNOWN:
            add_entry(entries, Entry(name, line, value))
    return entries


def _hiding_constants(text: str, first_line: int) -> dict[str, Entry]:
    """The constants above the first code block that decide who may see the article; see `read_metadata`."""
    fence = _FENCE.search(text)
    end = fence.start() if fence else len(text)
    entries: dict[str, Entry] = {}
    for constant in _CONSTANT.finditer(text, 0, end):
        line = first_line + text.count("\n", 0, constant.start())
        name = constant[1]
        if normal_key(name) in DECIDING:
            expression = text[constant.end() : constant.end() + _LONGEST].partition("\n")[0].strip("; \t")
            value = _single(expression, {}) if expression else None
            add_entry(entries, Entry(name, line, expression if value is _UNKNOWN else value))
        elif _OTHER_NAMES.fullmatch(name) and text.startswith("{", constant.end()):
            for _, head, parts in _properties(text, constant.end() + 1, line):
                key = _name(head)
                if key and normal_key(key) in DECIDING:
                    value = _value(parts, {}) if parts else _UNKNOWN
                    stated = " ".join(parts or head) if value is _UNKNOWN else value
                    add_entry(entries, Entry(key, line, stated))
    return entries


def _properties(text: str, start: int, line: int) -> Iterator[tuple[int, list[str], list[str]]]:
    """Where each property of an object is, what stands before its colon, and what after it.

    `start` is where the content of the object begins, `line` where it is exported. Nothing stands after the
    colon of a shorthand, a method or a spread.
    """
    place, head, value, has_colon = start, list[str](), list[str](), False
    open_brackets: list[str] = []
    for match in _PART.finditer(text, start, min(len(text), start + _LONGEST)):
        if match.lastgroup is None:
            continue
        part = match[0]
        if not open_brackets and part in {",", "}"}:
            if head:
                yield place, head, value
            head, value, has_colon = [], [], False
            if part == "}":
                return
            continue
        if part in _CLOSING:
            open_brackets.append(_CLOSING[part])
        elif open_brackets and part == open_brackets[-1]:
            open_brackets.pop()
        elif not open_brackets and part == ":" and not has_colon:
            has_colon = True
            continue
        place = place if head else match.start()
        (value if has_colon else head).append(part)
    raise ContentError(line, _OTHER_FORM)


def _name(head: list[str]) -> str | None:
    """The name of a property; None for one that only running the code would tell, and for a spread."""
    if len(head) == 3 and (head[0], head[2]) == ("[", "]") and head[1][0] in "\"'":
        return _unquoted(head[1])
    if head[0].startswith((".", "[")):
        return None
    if head[0] in {"get", "async"} and len(head) > 1:
        head = head[1:]
    return _unquoted(head[0]) if head[0][0] in "\"'`" else head[0]


def _value(parts: list[str], files: dict[str, str]) -> Any:
    """The value of an expression; _UNKNOWN for one that only running it would tell."""
    if parts[0] == "[" and parts[-1] == "]":
        items, commas = parts[1:-1:2], parts[2:-1:2]
        values = [_single(item, files) for item in items]
        return _UNKNOWN if set(commas) - {","} else [value for value in values if value is not _UNKNOWN]
    if parts[:3] == ["new", "Date", "("] and len(parts) == _DATE_PARTS:
        return _single(parts[3], files)
    return _single(parts[0], files) if len(parts) == 1 else _UNKNOWN


def _single(part: str, files: dict[str, str]) -> Any:
    if part[0] in "\"'`":
        return _UNKNOWN if part[0] == "`" and "${" in part else _unquoted(part)
    if part in _WORDS:
        return _WORDS[part]
    if _NUMBER.fullmatch(part):
        return Number(part, float(part)) if "." in part else int(part)
    return files.get(part, _UNKNOWN)


def _unquoted(part: str) -> str:
    text = _ESCAPE.sub(_unescaped, part[1:-1])
    # Two escapes may be the halves of one character.
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _unescaped(match: re.Match[str]) -> str:
    digits = match[1] or match[2] or match[3]
    if digits is None:
        return _ESCAPED.get(match[4], match[4])
    return chr(min(int(digits, 16), sys.maxunicode))
