"""Split front matter from the body: YAML between `---`, TOML between `+++`, a JSON object, or none.

Hexo's JSON has no braces and ends in `;;;`, and may begin with it (https://hexo.io/docs/front-matter).
Eleventy's may name its language in any case: `---json` (https://www.11ty.dev/docs/data-frontmatter/).
Comments (`<!-- … -->`) may precede it, and one may hold it, so that other programs do not show it.
"""

import json
import re
from functools import lru_cache
from typing import Any

import msgspec
import tomli

from service.content.dates.vocabulary import LEAP_SECOND
from service.content.front_matter.known_keys import DECIDING
from service.content.front_matter.text_headers import (
    begins_with_headers,
    split_headers,
    split_nikola_headers,
    yaml_before_rule,
)
from service.content.front_matter.values import Entry, Number, check_depth, normal_key
from service.content.front_matter.yaml_values import parse_yaml, parse_yaml_data
from service.errors import ContentError


class FrontMatter(msgspec.Struct, frozen=True):
    """The keys of one article, the text after them, faults and notes.

    `present` is whether there is front matter; `body_line` is the line on which the body begins, from 1.
    """

    entries: dict[str, Entry]
    body: str
    body_line: int
    present: bool
    faults: tuple[ContentError, ...] = ()
    notes: tuple[ContentError, ...] = ()


# `---word` may also be text, or a heading with the line below: it counts only with lines and a closing.
_OPENING = re.compile(
    r"""\s*(?:
        (?P<fence>---|\+\+\+)
        (?: [ \t]* (?: (?P<stated>yaml|yml|toml|json5?|hjson|js|javascript|coffee|cson) [ \t]* )? (?:\n|\Z)
          | (?P<language>[^\W\d_][\w.+\#/-]*) [ \t]*\n
            (?! \s*(?P=fence)[ \t]*(?:\n|\Z) ) (?s:.*?) \n(?P=fence)[ \t]*(?:\n|\Z)
        )
      | (?=\{\s*["}])  # a JSON object
    )""",
    re.IGNORECASE | re.VERBOSE,
)
# In a text, a line of more hyphens (Hexo) and a comment are no front matter: a key must follow.
_KEY = r"""\s*+[\w"'{][^\n:=]{0,40}[:=]"""
_LONG_OPENING = re.compile(rf"\s*+(?P<fence>-{{4,}})[ \t]*+(?P<stated>)(?P<language>)\n(?={_KEY})")
_COMMENTS = re.compile(rf"\s*+(?:<!--(?:(?!-->).)*+-->\s*+)++(?=(?:---|\+\+\+)[ \t]*\n{_KEY})", re.DOTALL)
_COMMENT_OPENING = re.compile(rf"\s*+<!--\s*+(?=(?:---|\+\+\+)[ \t]*\n{_KEY})")
_HEXO_OPENING = re.compile(r"\s*+(?:;{3,}[ \t]*+\n\s*+)?+(?=\{?\s*+\"(?:[^\"\\\n]|\\.)*+\"\s*:)")
_HEXO_CLOSING = re.compile(r"\n;{3,}[ \t]*(?:\n|\Z)")
_TOML_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
# Strings are matched as well as keys, so that no key is found inside a string.
_JSON_TEXT = re.compile(r'"((?:[^"\\]++|\\.)*+)"(\s*+:)?+', re.DOTALL)
_TOML_KEY = re.compile(r"""[ \t]*(?:\[\[?[ \t]*)?["']?([^"'=.\]\s\[]+)""")
_BLANK_LINES = re.compile(r"(?:[ \t]*\n)+")
_NIKOLA_START = 200
_LONGEST_WHOLE_NUMBER = 40


def split(text: str, *, headers: bool = False) -> FrontMatter:
    """Split the text of an article file; `headers` also accepts front matter without an opening line.

    Raises ContentError at the line where the front matter cannot be parsed.
    """
    if hexo := _split_hexo_json(text):
        return hexo
    if ".. " in text[:_NIKOLA_START] and (nikola := split_nikola_headers(text)):
        entries, end = nikola
        return FrontMatter(entries, *_trimmed(text, end, text.count("\n", 0, end) + 1), True)
    start, in_comment = _skip_comments(text)
    opening = _OPENING.match(text, start) or _LONG_OPENING.match(text)
    if not opening:
        unopened = _unopened(text) if headers and begins_with_headers(text) else None
        return unopened or _without(text)
    if other := opening["language"]:
        raise _other_language(text.count("\n", 0, opening.start("fence")) + 1, other)
    line = text.count("\n", 0, opening.end()) + 1
    fence = opening["fence"]
    if fence is None:
        return _json_then_body(text, opening.end(), line)
    closing = _closing_of(fence, in_comment=in_comment).search(text, opening.end() - 1)
    if not closing and (in_comment or len(fence) > len("---")):
        return _without(text)
    if not closing:
        raise ContentError(
            max(1, line - 1), f"front matter opens with {fence} and is never closed by {fence}"
        )
    matter = text[opening.end() : closing.start() + 1]
    faults: list[ContentError] = []
    notes: list[ContentError] = []
    stated = opening["stated"]
    language = stated.lower() if stated else "yaml" if fence != "+++" else "toml"
    if language in {"yaml", "yml"}:
        entries, faults, notes = parse_yaml(matter, line)
    elif language == "toml":
        entries = _toml(matter, line)
    elif language == "json":
        entries, notes, end = JsonObjects().parse(matter.strip(), line)
        if matter.strip()[end:]:
            raise ContentError(line, "more follows after the JSON object of the front matter; remove it")
    else:
        raise _other_language(max(1, line - 1), stated)
    body_line = text.count("\n", 0, closing.end()) + 1
    trimmed = _trimmed(text, closing.end(), body_line)
    return FrontMatter(entries, *trimmed, True, tuple(faults), tuple(notes))


def parse_data(path: str, text: str) -> Any:
    """The value of a data file, by its suffix: YAML, TOML or JSON. Raises ContentError."""
    suffix = path.lower().rpartition(".")[2]
    if suffix == "toml":
        return {name: entry.value for name, entry in _toml(text, 1).items()}
    value = parse_yaml_data(text)
    check_depth(value, 1)
    return value


class JsonObjects:
    """Parser of JSON objects; one serves for a file of many."""

    def __init__(self) -> None:
        self._repeated: list[set[str]] = []
        self._decoder = json.JSONDecoder(
            object_pairs_hook=self._to_dict,
            parse_float=_number,
            parse_int=_whole_number,
            parse_constant=_refuse,
        )

    def parse(self, text: str, first_line: int) -> tuple[dict[str, Entry], list[ContentError], int]:
        """The keys of the object at the start of `text`, notes, and the end of the object.

        Of a key that occurs twice the last value counts, as in JavaScript. Raises ContentError if it is not a
        JSON object, or if such a key decides who may see the article.
        """
        self._repeated.clear()
        try:
            value, end = self._decoder.raw_decode(text)
        except json.JSONDecodeError as error:
            line = first_line + error.lineno - 1
            message = f"this is not JSON (column {error.colno}): {error.msg.lower()}"
            raise ContentError(line, message) from None
        except RecursionError:
            raise ContentError(first_line, "the JSON is nested too deep") from None
        except ValueError as error:
            raise ContentError(first_line, f"this is not JSON: {error}") from None
        if not isinstance(value, dict):
            raise ContentError(first_line, "an article in JSON must be one object: {…}")
        check_depth(value, first_line)
        lines = _lines(text[:end], first_line) if "\n" in text else {}
        entries = {key: Entry(key, lines.get(key, [first_line])[0], item) for key, item in value.items()}
        deciding = {key for key in self._repeated[-1] if normal_key(key) in DECIDING}
        for key in sorted(deciding):
            raise ContentError(lines.get(key, [first_line])[-1], f"key {key!r} occurs twice; keep one")
        notes = [
            ContentError(lines.get(key, [first_line])[-1], f"key {key!r} occurs twice; the last one counts")
            for keys in self._repeated
            for key in sorted(keys)
        ]
        return entries, notes, end

    def _to_dict(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        mapping = dict(pairs)
        keys = [key for key, _ in pairs] if len(mapping) < len(pairs) else []
        self._repeated.append({key for key in keys if keys.count(key) > 1})
        return mapping


def _skip_comments(text: str) -> tuple[int, bool]:
    """Where front matter begins that follows comments, and whether it is in one; 0 for any other text."""
    if comments := _COMMENTS.match(text):
        return comments.end(), False
    opening = _COMMENT_OPENING.match(text)
    return (opening.end(), True) if opening else (0, False)


@lru_cache(maxsize=8)
def _closing_of(fence: str, *, in_comment: bool) -> re.Pattern[str]:
    """The line that closes front matter. It begins with a line end, which is found faster than `^`."""
    if in_comment:
        return re.compile(rf"\n{re.escape(fence)}\s*-->[ \t]*(?:\n|\Z)")
    marks = r"(?:---|\.\.\.)" if fence == "---" else re.escape(fence)
    return re.compile(rf"\n{marks}[ \t]*(?:\n|\Z)")


def _other_language(line: int, language: str) -> ContentError:
    return ContentError(line, f"front matter in {language} is not read; write it in YAML")


def _without(text: str) -> FrontMatter:
    return FrontMatter({}, *_trimmed(text, 0, 1), False)


def _unopened(text: str) -> FrontMatter | None:
    """Front matter without an opening line, as in Hexo and Pelican; None if the lines are text."""
    above = yaml_before_rule(text)
    if above:
        entries, faults, notes = parse_yaml(above[0], 1)
        line = text.count("\n", 0, above[1]) + 1
        return FrontMatter(entries, *_trimmed(text, above[1], line), True, tuple(faults), tuple(notes))
    headers = split_headers(text)
    if headers is None:
        return None
    entries, end = headers
    return FrontMatter(entries, *_trimmed(text, end, text.count("\n", 0, end) + 1), True)


def _json_then_body(text: str, start: int, line: int) -> FrontMatter:
    entries, notes, end = JsonObjects().parse(text[start:], line)
    end += start
    body_line = text.count("\n", 0, end) + 1
    return FrontMatter(entries, *_trimmed(text, end, body_line), True, notes=tuple(notes))


def _split_hexo_json(text: str) -> FrontMatter | None:
    """JSON between `;;;`, or above it; None if the text does not begin so."""
    opening = _HEXO_OPENING.match(text)
    closing = _HEXO_CLOSING.search(text, opening.end()) if opening else None
    if not opening or not closing:
        return None
    line = text.count("\n", 0, opening.end()) + 1
    members = text[opening.end() : closing.start()].rstrip()
    members = members if members.startswith("{") else f"{{{members}}}"
    entries, notes, end = JsonObjects().parse(members, line)
    if members[end:].strip():
        raise ContentError(line + members.count("\n", 0, end), "more follows after the JSON above `;;;`")
    body_line = text.count("\n", 0, closing.end()) + 1
    return FrontMatter(entries, *_trimmed(text, closing.end(), body_line), True, notes=tuple(notes))


def _trimmed(text: str, start: int, line: int) -> tuple[str, int]:
    """The text after `start`, on `line`, without blank lines around it, and the line on which it begins."""
    blank = _BLANK_LINES.match(text, start)
    first = blank.end() if blank else start
    # Mostly there is one line end to strip; slicing it off with the rest saves a copy.
    last = len(text) - text.endswith("\n")
    return text[first:last].rstrip(), line + text.count("\n", start, first)


def _toml(text: str, first_line: int) -> dict[str, Entry]:
    try:
        values = _load_toml(text)
    except RecursionError:
        raise ContentError(first_line, "front matter is nested too deep") from None
    except ValueError as error:
        place = _TOML_PLACE.search(str(error))
        line = int(place.group(1) or text.count("\n") or 1) if place else 1
        reason = _TOML_PLACE.sub("", str(error))
        raise ContentError(first_line + line - 1, f"front matter is not TOML: {reason}") from None
    check_depth(values, first_line)
    lines: dict[str, int] = {}
    for number, row in enumerate(text.split("\n"), first_line):
        if key := _TOML_KEY.match(row):
            lines.setdefault(key[1], number)
    return {key: Entry(key, lines.get(key, first_line), value) for key, value in values.items()}


def _load_toml(text: str) -> dict[str, Any]:
    try:
        return tomli.loads(text, parse_float=_number)
    except ValueError:
        without = LEAP_SECOND.sub(":59", text)  # which TOML allows and the library does not
        if without == text:
            raise
        return tomli.loads(without, parse_float=_number)


def _lines(text: str, line: int) -> dict[str, list[int]]:
    """The lines of each key in JSON, as far as a pattern can find them."""
    lines: dict[str, list[int]] = {}
    position = 0
    for match in _JSON_TEXT.finditer(text):
        if match.group(2) is None:
            continue
        line += text.count("\n", position, match.start(1))
        position = match.start(1)
        lines.setdefault(match.group(1), []).append(line)
    return lines


def _number(text: str) -> Number:
    return Number(text, float(text))


def _whole_number(text: str) -> Number:
    return Number(text, int(text) if len(text) <= _LONGEST_WHOLE_NUMBER else float(text))


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not a JSON number")
