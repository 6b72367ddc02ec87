"""Keys of front matter that look like misspellings of known keys: `drafft`, `pubslished`, `dat`."""

import math
import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import tzinfo
from pathlib import Path
from typing import Any

from service.content.dates.date_field import AmbiguousDateError, read_date
from service.content.discovery.exclusions import UNPUBLISHED, VISIBLE_TO_SOME
from service.content.fields.field_reader import Fields, as_boolean
from service.content.parsing.known_keys import BOOLEANS, DATES, KNOWN, OURS, STATUSES, near_keys
from service.content.parsing.values import Entry, normal_key, written

MAX_SAMPLED_FILES = 64
"""The number of article files, evenly spread over the sorted paths, whose keys are examined."""

MIN_USES = 5
MIN_SHARE = 0.25
"""A key in at least so many of the sampled articles is a key of the folder's own, not a misspelling."""

_SAMPLED_BYTES = 8_000
_SAMPLED_JSONL_BYTES = 200_000
_KEY = re.compile(
    r"""^["']?(?P<line>\w[\w -]{0,40}?)["']?[ \t]*[:=]
    |"(?P<json>\w[\w -]{0,40})"\s*:
    |<meta\b[^<>]*?\bname\s*=\s*["']?(?P<meta>\w[\w-]{0,40})""",
    re.MULTILINE | re.VERBOSE | re.IGNORECASE,
)
_SINGLE_VALUES = STATUSES | {"visibility", "password"}
_PUBLISHED = frozenset({"published", "publish", "public", "live", "future", "scheduled"})


def report_misspelled_keys(
    fields: Fields,
    entries: Collection[Entry],
    zone: tzinfo,
    custom_keys: Collection[str],
    names: Collection[str] = OURS,
) -> None:
    """Report each unknown key that resembles one of `names`.

    It is a fault if that key decides who may see the article or when, and the value could be meant for it;
    else a note. If the article also has the correct key, with a value of the same kind, it is a note too.
    `custom_keys` are keys that the folder uses throughout.
    """
    unknown = [entry for entry in entries if normal_key(entry.name) not in KNOWN]
    stated = {normal_key(entry.name): entry.value for entry in entries} if unknown else {}
    for entry in unknown:
        key = normal_key(entry.name)
        near = [name for name in near_keys(key) if name in names]
        if not near or key in custom_keys:
            continue
        kinds = {name: _kind(name, entry.value, zone) for name in near}
        deciding = next(
            (name for name, kind in kinds.items() if kind and kind != _kind(name, stated.get(name), zone)),
            None,
        )
        message = f"unknown key {entry.name!r}: did you mean {deciding or near[0]!r}?"
        if deciding:
            fields.fault(
                entry,
                f"{message} It decides whether the article is served; correct the key, or rename it to serve"
                " the article as it is",
            )
        else:
            fields.note(entry, message)


def sampled_own_keys(root: Path, paths: Sequence[str]) -> tuple[str, ...]:
    """The keys that look like misspellings but that articles of the folder use throughout, sorted.

    `paths` are those of all article files, sorted, so that the result depends on the folder alone.
    """
    articles = 0
    uses: Counter[str] = Counter()
    for path in paths[:: math.ceil(len(paths) / MAX_SAMPLED_FILES) or 1]:
        for text in _samples(root / path):
            keys = {normal_key(match[match.lastgroup or 0]) for match in _KEY.finditer(text)}
            articles += not keys.isdisjoint(KNOWN)
            uses.update(key for key in keys if key not in KNOWN and near_keys(key))
    min_uses = max(MIN_USES, MIN_SHARE * articles)
    return tuple(sorted(key for key, count in uses.items() if count >= min_uses))


def _samples(file: Path) -> Iterator[str]:
    """The beginning of each article in a file, as far as it is examined; none if it cannot be read."""
    is_jsonl = file.suffix.lower() == ".jsonl"
    try:
        with file.open("rb") as opened:
            data = opened.read(_SAMPLED_JSONL_BYTES if is_jsonl else _SAMPLED_BYTES)
    except OSError:
        return  # loading the article fails too, and reports it
    text = data.decode("utf-8", "replace")
    yield from text.split("\n")[:MAX_SAMPLED_FILES] if is_jsonl else (text,)


def _kind(name: str, value: Any, zone: tzinfo) -> str | None:
    """What `value` would mean under the key `name`, if it decides who may see an article or when."""
    if isinstance(value, list | dict) and value and name in _SINGLE_VALUES:
        return "list"
    text = (written(value) or "").lower()
    if name in STATUSES:
        return "status" if text in UNPUBLISHED | _PUBLISHED else None
    if name == "visibility":
        return "visibility" if text in VISIBLE_TO_SOME | _PUBLISHED else None
    if name == "password":
        return "password" if text not in {"", "false"} else None
    if name == "withdrawn":
        return "reason" if value not in (None, False, "", [], {}) else None
    if name == "permalink":
        return "boolean" if value is False else None
    if name in BOOLEANS and (as_boolean(value) is not None or text in {"0", "1"}):
        return "boolean"
    return "date" if name in DATES and _is_date(value, zone) else None


def _is_date(value: Any, zone: tzinfo) -> bool:
    try:
        return read_date(value, zone) is not None
    except AmbiguousDateError:
        return True
    except (ValueError, TypeError):
        return False
