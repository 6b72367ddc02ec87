"""The values of front matter, with their keys and lines."""

import math
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

import msgspec

from service.content.front_matter.known_keys import DECIDING
from service.errors import ContentError
from service.markup import drop_illegal

_DEEPEST = 60


class Number(msgspec.Struct, frozen=True):
    """A number as it was written (`3.10` may be a title) and as a value."""

    written: str
    value: int | float


class Entry(msgspec.Struct, frozen=True):
    """One top-level key as given, its line (from 1), and its value.

    A value is None, a bool, a str, an int, a Number, a date or time (TOML), or a list or dict of these.
    """

    name: str
    line: int
    value: Any


def contradicts(name: str, value: Any, other: Any) -> bool:
    """Whether two values of one key decide differently who may see the article, or when."""
    return value != other and normal_key(name) in DECIDING


def add_entry(entries: dict[str, Entry], entry: Entry) -> None:
    """Add `entry` in place of one with its name. Raises ContentError if they contradict each other."""
    known = entries.get(entry.name)
    if known is not None and contradicts(entry.name, known.value, entry.value):
        raise ContentError(entry.line, f"key {entry.name!r} occurs twice; keep one")
    entries[entry.name] = entry


@lru_cache(maxsize=1024)  # a blog has a dozen, in every article
def normal_key(name: str) -> str:
    """The key in lower case, with `_` for `-`: keys are matched in this form."""
    return name.strip().lower().replace("-", "_").replace(" ", "_")


def written(value: Any) -> str | None:
    """A single value as it was written; None for a list, a map or nothing."""
    if isinstance(value, str):
        return drop_illegal(value).strip()
    if isinstance(value, Number):
        return value.written
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    return value.isoformat() if isinstance(value, date | time) else None


def to_json(value: Any) -> Any:
    """`value` with the types of JSON only.

    Dates, and numbers that JSON cannot hold, become text.
    """
    if isinstance(value, dict):
        return {drop_illegal(str(key)): to_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [to_json(item) for item in value]
    if isinstance(value, str):
        return drop_illegal(value)
    if isinstance(value, Number):
        return value.value if _holds(value.value) else value.written
    if isinstance(value, int) and not _holds(value):
        return str(value)
    return value.isoformat() if isinstance(value, date | time) else value


def as_items(value: Any) -> list[Any]:
    """The items of a list; a single value is one, None is none."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def kind(value: Any) -> str:
    """The kind of `value`, for an error message."""
    if isinstance(value, list):
        return "a list"
    if isinstance(value, dict):
        return "a map"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | Number):
        return "a number"
    return "a date" if isinstance(value, date | datetime | time) else "text"


def check_depth(value: Any, line: int) -> None:
    """Raise ContentError if lists and maps are nested too deep to be processed safely."""
    level = [value]
    for _ in range(_DEEPEST):
        level = [item for outer in level for item in _inner(outer)]
        if not level:
            return
    raise ContentError(line, f"front matter is nested deeper than {_DEEPEST} levels")


def _inner(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _holds(number: int | float) -> bool:
    return abs(number) < 2**63 if isinstance(number, int) else math.isfinite(number)
