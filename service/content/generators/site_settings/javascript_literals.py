"""Literals in JavaScript and TypeScript settings, found by their names; the code is never run."""

import re
from collections.abc import Collection, Iterator
from itertools import islice
from typing import Any

from service.content.generators.site_settings.values import as_texts
from service.content.parsing.values import normal_key

_PROPERTY = re.compile(
    r"(?:^[ \t]*|[{,(]\s*)([A-Za-z]+)[ \t]*:[ \t]*(['\"`])((?:(?!\2)[^\\\n$]|\\['\"`\\])*)\2", re.MULTILINE
)
_ESCAPED_QUOTE = re.compile(r"\\(['\"`\\])")
_MAX_OBJECT = 5000
_MAX_OBJECTS = 100


# A text in quotes, or a comment.
_QUOTED_OR_COMMENT = (
    r"""("(?:[^"\\\n]|\\.)*+"?|'(?:[^'\\\n]|\\.)*+'?|`(?:[^`\\]|\\.)*+`?)"""
    r"|/\*(?:(?!\*/)[\s\S])*+(?:\*/)?|//[^\n]*+"
)
# `draft: true`, `"draft": true`, `data.draft = true`, `draft: boolean = true`, and `draft() {` of a method.
_SET = (
    r"""(?<![\w$?"'-])(["']?)([A-Za-z_][\w-]*)\1[ \t]*"""
    r"""(?::[ \t]*\w+[ \t]*=(?![=>])|:|=(?![=>])|(?=\([^()\n]{0,200}\)\s*\{))\s*"""
)
_LITERAL = r"""(?:(true|!0)|(false|!1)|(["'`])([^"'`\n$]*)\3|\[([^\[\]]{0,5000})\])\s*(?=[,;}\n)]|\Z)"""
_NO_VALUE = r"(?:null|undefined|boolean|string)\b"


def find_values(text: str, names: Collection[str]) -> Iterator[tuple[str, int, Any]]:
    """Each key among `names` (by normal key) that the code sets, its line, and its value.

    The value is a boolean, a text or a list of texts; None for anything else.
    """
    code = re.sub(_QUOTED_OR_COMMENT, lambda found: found[1] or "\n" * found[0].count("\n"), text)
    line, counted = 1, 0
    literal, no_value = re.compile(_LITERAL), re.compile(_NO_VALUE)
    for found in re.finditer(_SET, code):
        if normal_key(found[2]) not in names or no_value.match(code, found.end()):
            continue
        before = code[max(0, found.start() - 20) : found.start()].rstrip()
        if before.endswith(("?", ".")) and ":" in found[0]:
            continue  # `isPublic(data) ? data.permalink : false`
        known = literal.match(code, found.end())
        value: Any = None
        if known and known[5] is not None:
            value = [item.strip(" \n\t\"'`") for item in known[5].split(",") if item.strip()]
        elif known:
            value = known[4] if known[3] else bool(known[1])
        line, counted = line + code.count("\n", counted, found.start()), found.start()
        yield found[2], line, value


def find_texts(text: str, name: str) -> list[str]:
    """The texts in all that the code sets for the key `name`; what is no text is left out."""
    return [item for _, _, value in find_values(text, {normal_key(name)}) for item in as_texts(value)]


def read_properties(text: str, names: frozenset[str]) -> dict[str, str]:
    """The text of each property among `names`, `title: 'x'`; the first that is not blank counts."""
    values: dict[str, str] = {}
    for name, value in find_properties(text):
        if name in names and value.strip():
            values.setdefault(name, value)
    return values


def find_properties(text: str) -> Iterator[tuple[str, str]]:
    """Name and text of every property with a quoted text."""
    return ((name, _ESCAPED_QUOTE.sub(r"\1", value)) for name, _, value in _PROPERTY.findall(text))


def find_objects(before: str, text: str) -> list[dict[str, str]]:
    """The quoted texts in each object after the pattern `before`, without those of nested objects."""
    openings = re.finditer(rf"{before}\s*\{{", text)
    return [_own_properties(text, opening.end()) for opening in islice(openings, _MAX_OBJECTS)]


def _own_properties(text: str, start: int) -> dict[str, str]:
    """The properties of the object whose content begins at `start`."""
    content = text[start : start + _MAX_OBJECT]
    own, depth, done = "{", 1, 0
    for brace in re.finditer(r"[{}]", content):
        own += content[done : brace.start()] if depth == 1 else ""
        done = brace.end()
        depth += 1 if brace.group() == "{" else -1
        if depth == 0:
            return dict(find_properties(own))
    return {}
