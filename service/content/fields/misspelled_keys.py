"""Keys of front matter that look like misspellings of known keys: `drafft`, `pubslished`, `dat`."""

import re
from collections import Counter
from collections.abc import Collection, Iterable
from datetime import tzinfo
from typing import Any

from service.content.dates.date_field import AmbiguousDateError, read_date
from service.content.discovery.publication_status import UNPUBLISHED, VISIBLE_TO_SOME
from service.content.fields.field_reader import Fields, as_boolean
from service.content.front_matter.known_keys import BOOLEANS, DATES, KNOWN, OURS, STATUSES, near_keys
from service.content.front_matter.values import Entry, normal_key, written

MIN_USES = 5
MIN_SHARE = 0.25
"""A key in at least so many of the sampled articles is a key of the folder's own, not a misspelling."""

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
            fields.exclude_article(
                entry,
                f"{message} It decides whether the article is served; correct the key, or rename it to serve"
                " the article as it is",
            )
        else:
            fields.note(entry, message)


def find_own_keys(samples: Iterable[str]) -> tuple[str, ...]:
    """The keys that look like misspellings but that the sampled articles use throughout, sorted."""
    articles = 0
    uses: Counter[str] = Counter()
    for text in samples:
        keys = {normal_key(match[match.lastgroup or 0]) for match in _KEY.finditer(text)}
        articles += not keys.isdisjoint(KNOWN)
        uses.update(key for key in keys if key not in KNOWN and near_keys(key))
    min_uses = max(MIN_USES, MIN_SHARE * articles)
    return tuple(sorted(key for key, count in uses.items() if count >= min_uses))


def _kind(name: str, value: Any, zone: tzinfo) -> str | None:
    """The meaning of `value` under the key `name`, if it decides who may see an article or when."""
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
