"""Quoted texts in JavaScript and TypeScript settings, found by their names; the code is never run."""

import re
from collections.abc import Iterator
from itertools import islice

_PROPERTY = re.compile(
    r"(?:^[ \t]*|[{,(]\s*)([A-Za-z]+)[ \t]*:[ \t]*(['\"`])((?:(?!\2)[^\\\n$]|\\['\"`\\])*)\2", re.MULTILINE
)
_ESCAPED_QUOTE = re.compile(r"\\(['\"`\\])")
_MAX_OBJECT = 5000
_MAX_OBJECTS = 100


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
