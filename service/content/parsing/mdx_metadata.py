"""Read the metadata that an MDX file exports: `export const metadata = {title: 'A', date: '2020-01-02'}`.

Next.js and other users of @mdx-js/mdx have it in place of front matter
(https://nextjs.org/docs/app/guides/mdx#frontmatter). The code is never run.
"""

import re
import sys
from collections.abc import Iterator
from typing import Any

from service.content.parsing.known_keys import DECIDING
from service.content.parsing.values import Entry, Number, normal_key

_EXPORT = re.compile(
    r"^export[ \t]+(?:const|let|var)[ \t]+(?:meta|metadata|frontmatter|frontMatter)\b[^={}\n]{0,80}=[ \t]*\{",
    re.MULTILINE,
)
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
_UNKNOWN = object()
_DATE_PARTS = 5
"""Of `new Date('2020-01-02')`."""
_CLOSING = {"{": "}", "[": "]", "(": ")"}


def read_metadata(text: str, first_line: int) -> dict[str, Entry]:
    """The properties of the object that MDX exports as its metadata; empty if there is none.

    `text` begins on `first_line` of its file.
    Texts, numbers, booleans and arrays of them are read, and a name is the path of the file imported by it.
    Other expressions are left out; those that decide who may see the article stay as they are written, so
    that they are reported.
    """
    export = _EXPORT.search(text)
    if export is None or _FENCE.search(text, 0, export.start()):  # which may be an example in a code block
        return {}
    files = {name: path for name, _, path in _IMPORTED_FILE.findall(text[: export.start()])}
    entries: dict[str, Entry] = {}
    for name, start, parts in _properties(text, export.end()):
        value = _value(parts, files)
        if value is _UNKNOWN and normal_key(name) in DECIDING:
            value = " ".join(parts)
        if value is not _UNKNOWN:
            entries[name] = Entry(name, first_line + text.count("\n", 0, start), value)
    return entries


def _properties(text: str, start: int) -> Iterator[tuple[str, int, list[str]]]:
    """Name, place and parts of the value of each property of the object whose content begins at `start`."""
    name, place = "", start
    parts: list[str] = []
    has_colon = False
    open_brackets: list[str] = []
    for match in _PART.finditer(text, start, min(len(text), start + _LONGEST)):
        if match.lastgroup is None:
            continue
        part = match[0]
        if not open_brackets and part in {",", "}"}:
            if name and has_colon and parts:
                yield name, place, parts
            name, parts, has_colon = "", [], False
            if part == "}":
                return
        elif has_colon:
            if part in _CLOSING:
                open_brackets.append(_CLOSING[part])
            elif open_brackets and part == open_brackets[-1]:
                open_brackets.pop()
            parts.append(part)
        elif part == ":":
            has_colon = True
        else:
            name, place = (_unquoted(part) if match["text"] else part), match.start()


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
