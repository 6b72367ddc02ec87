"""YAML of front matter: the core schema of YAML 1.2, with the line of every key, and all faults.

Dates (read later), `NO` and `on` stay text; `3.10` is kept both as a number and as written. Values are built
from parser events, so that depth and aliases are bounded and nothing is executed.
"""

import re
from bisect import bisect_right
from collections.abc import Callable
from typing import Any

import msgspec
import yaml
from yaml._yaml import CParser
from yaml.events import AliasEvent, MappingEndEvent, ScalarEvent, SequenceEndEvent, SequenceStartEvent

from service.content.front_matter.values import Entry, Number, contradicts
from service.errors import ContentError

_DEEPEST = 60
_MOST_NODES = 50_000
_MOST_TABBED_LINES = 100
# A line of white space, of a comment, or an item of a list that is no mapping.
_TABS_WITHOUT_MEANING = re.compile(r"[ \t]*(?:#.*)?|(?:[ ]*-)+[ \t]+(?![^\s\"'#]+:(?:\s|$)).*")

_TEXT_TAGS = frozenset({"tag:yaml.org,2002:str", "!"})
_WORDS = (
    dict.fromkeys(("", "~", "null", "Null", "NULL"))
    | dict.fromkeys(("true", "True", "TRUE"), True)
    | dict.fromkeys(("false", "False", "FALSE"), False)
)
_FIRST_OF_NUMBERS = frozenset("-+.0123456789")
_INTEGER = re.compile(r"[-+]?[0-9]{1,40}")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]{1,3})?")


def parse_yaml(text: str, first_line: int) -> tuple[dict[str, Entry], list[ContentError], list[ContentError]]:
    """The top-level keys of the mapping `text`, faults and notes.

    `first_line` is the line of `text` in its file. Of a key that occurs twice the last value counts, as in
    Jekyll and Hugo; it is a fault if such a key decides who may see the article. Raises ContentError if it is
    not YAML, or not a mapping.
    """
    try:
        value, building = _build(text, first_line)
    except yaml.MarkedYAMLError as error:
        line = _Building(text, first_line).line_of(error.problem_mark)
        raise ContentError(line, _explained(error, text)) from None
    except yaml.YAMLError as error:
        raise ContentError(first_line, f"front matter is not YAML: {error}") from None
    if value is None:
        return {}, building.faults, building.notes
    if not isinstance(value, dict):
        raise ContentError(first_line, "front matter must be lines of `key: value`")
    lines = building.top_lines
    entries = {key: Entry(key, lines.get(key, first_line), item) for key, item in value.items()}
    return entries, building.faults, building.notes


def parse_yaml_data(text: str) -> Any:
    """The value of a whole YAML file. Raises ContentError if it is not YAML."""
    try:
        return _build(text, 1)[0]
    except yaml.YAMLError as error:
        raise ContentError(1, f"this is not YAML: {error}") from None


def resolve_plain(text: str) -> Any:
    """The value of an unquoted scalar (YAML 1.2.2 §10.3.2, without octal and hexadecimal)."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _FIRST_OF_NUMBERS:
        return text
    if _INTEGER.fullmatch(text):
        return Number(text, int(text))
    return Number(text, float(text)) if _FLOAT.fullmatch(text) else text


class _Sized(msgspec.Struct, frozen=True):
    value: Any
    nodes: int


def _build(text: str, first_line: int) -> tuple[Any, "_Building"]:
    """The value of a document, and how it was built.

    A tab that indents nothing is allowed (YAML 1.2.2 §6.2, §6.6), but libyaml rejects it on a line of white
    space, before a comment and after `-`. It is replaced there by a space, so that no line moves.
    """
    for _ in range(_MOST_TABBED_LINES):
        building = _Building(text, first_line)
        try:
            return building.document(), building
        except yaml.MarkedYAMLError as error:
            index = error.problem_mark.index if error.problem_mark else len(text)
            if text[index : index + 1] != "\t":
                raise
            start = text.rfind("\n", 0, index) + 1
            line = text[start:].partition("\n")[0]
            if not _TABS_WITHOUT_MEANING.fullmatch(line):
                raise
            text = text[:start] + line.replace("\t", " ") + text[start + len(line) :]
    raise ContentError(first_line, f"more than {_MOST_TABBED_LINES} lines begin with a tab; use spaces")


class _Building:
    """One pass over the events of one document."""

    def __init__(self, text: str, first_line: int) -> None:
        self.faults: list[ContentError] = []
        self.notes: list[ContentError] = []
        self.top_lines: dict[str, int] = {}
        self._first_line = first_line
        # libyaml also counts other characters as the end of a line, such as U+2028.
        self._breaks = None if text.isascii() else [match.start() for match in re.finditer("\n", text)]
        self._next: Callable[[], Any] = CParser(text).get_event
        self._anchors: dict[str, _Sized] = {}
        self._nodes = 0

    def line_of(self, mark: Any) -> int:
        """The line of a mark."""
        if not mark:
            return self._first_line
        before = mark.line if self._breaks is None else bisect_right(self._breaks, mark.index - 1)
        return self._first_line + int(before)

    def document(self) -> Any:
        value = None
        while event := self._next():
            if isinstance(event, yaml.NodeEvent):
                value = self._value(event, 0)
                break
        while event := self._next():
            if isinstance(event, yaml.DocumentStartEvent):
                raise ContentError(self.line_of(event.start_mark), "a second YAML document begins; join them")
        return value

    def _value(self, event: Any, depth: int) -> Any:
        before = self._nodes
        self._count(event, 1)
        kind = type(event)
        value: Any
        if kind is ScalarEvent and not event.anchor and depth <= _DEEPEST:  # nearly every one
            is_plain = event.implicit[0] and event.tag not in _TEXT_TAGS
            return resolve_plain(event.value) if is_plain else event.value
        if kind is AliasEvent:
            return self._alias(event)
        if depth > _DEEPEST:
            raise ContentError(self.line_of(event.start_mark), f"nested deeper than {_DEEPEST} levels")
        if kind is ScalarEvent:
            value = event.value
            if event.implicit[0] and event.tag not in _TEXT_TAGS:
                value = resolve_plain(value)
        elif kind is SequenceStartEvent:
            value = self._sequence(depth)
        else:
            value = self._mapping(depth)
        if event.anchor:
            self._anchors[event.anchor] = _Sized(value, self._nodes - before)
        return value

    def _alias(self, event: Any) -> Any:
        known = self._anchors.get(event.anchor)
        if known is None:
            raise ContentError(self.line_of(event.start_mark), f"*{event.anchor} refers to nothing above it")
        self._count(event, known.nodes)
        return known.value

    def _sequence(self, depth: int) -> list[Any]:
        items = []
        while type(event := self._next()) is not SequenceEndEvent:
            items.append(self._value(event, depth + 1))
        return items

    def _mapping(self, depth: int) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        merged: dict[str, Any] = {}
        while type(event := self._next()) is not MappingEndEvent:
            key = self._key(event, depth)
            value = self._value(self._next(), depth + 1)
            if key == "<<" and type(event) is ScalarEvent and event.implicit[0]:
                for source in value if isinstance(value, list) else [value]:
                    merged.update(item for item in _items(source) if item[0] not in merged)
            elif key is not None:
                if key in mapping:
                    decides = depth == 0 and contradicts(key, mapping[key], value)
                    message = f"key {key!r} occurs twice; {'keep one' if decides else 'the last one counts'}"
                    report = self.faults if decides else self.notes
                    report.append(ContentError(self.line_of(event.start_mark), message))
                mapping[key] = value
                if depth == 0:
                    self.top_lines[key] = self.line_of(event.start_mark)
        return mapping | {key: value for key, value in merged.items() if key not in mapping}

    def _key(self, event: Any, depth: int) -> str | None:
        if type(event) is ScalarEvent:
            self._count(event, 1)
            return str(event.value)
        value = self._value(event, depth + 1)
        if type(event) is AliasEvent and isinstance(value, str):
            return value
        self.faults.append(
            ContentError(self.line_of(event.start_mark), "a key must be a word, not a list or map")
        )
        return None

    def _count(self, event: Any, nodes: int) -> None:
        self._nodes += nodes
        if self._nodes > _MOST_NODES:
            line = self.line_of(event.start_mark)
            raise ContentError(
                line, f"front matter holds more than {_MOST_NODES} values, aliases counted in full"
            )


def _items(value: Any) -> list[tuple[str, Any]]:
    return list(value.items()) if isinstance(value, dict) else []


def _explained(error: yaml.MarkedYAMLError, text: str) -> str:
    problem = error.problem or "cannot be read"
    index = error.problem_mark.index if error.problem_mark else 0
    line = text[text.rfind("\n", 0, index) + 1 : index + 1]
    if "\t" in line and not line.strip():
        return "YAML is indented by spaces, not by tabs"
    if "mapping values are not allowed" in problem:
        return "front matter is not YAML: a value with `: ` in it must be quoted"
    return f"front matter is not YAML: {problem}"
