"""The series of an article, its place there, and whether the article is featured."""

import re
from typing import Any

import msgspec

from service.content.fields.field_reader import Fields, as_boolean, members, nested_entry
from service.content.front_matter.values import Entry, kind, written

_SERIES = ("series", "series_name", "seriesname", "series_title", "seriestitle")
_ORDERS = tuple(
    """
    series_order seriesorder series_weight seriesweight series_part seriespart series_index seriesindex
    series_number seriesnumber series_position seriesposition
    """.split()
)
_ORDERS_IN_SERIES = ("order", "weight", "part", "index", "number", "position")
_NAMES = ("name", "title", "label", "slug", "id")
_FEATURED = tuple(
    """
    featured is_featured isfeatured featured_post featuredpost pinned is_pinned ispinned pin sticky
    is_sticky issticky
    """.split()
)
_NUMBER = re.compile(r"(?:part\s+|#)?(-?[0-9]{1,9}(?:\.[0-9]{1,9})?)(?:\s*(?:/|of)\s*[0-9]+)?", re.IGNORECASE)

_AMOUNT = re.compile(r"-?[0-9]{1,18}(?:\.[0-9]{1,18})?")
_ADDRESS = re.compile(r"[/.]")


class Series(msgspec.Struct, frozen=True):
    """The name of a series, and the place of the article in it; either may be unknown."""

    name: str | None = None
    order: int | float | None = None


def read_series(fields: Fields) -> Series:
    """Read a name, a list (the first counts, as in Hugo's taxonomies), or a map with `name` and `order`.

    The place has a key of its own, such as `series_order`, `series_weight` or, next to a series, `part`.
    """
    entry = fields.take(*_SERIES) or nested_entry(fields, ("taxonomies", "extra", "params"), _SERIES)
    value = entry.value if entry else None
    if entry and isinstance(value, list):
        if len(value) > 1:
            fields.drop_value(
                entry,
                f"{entry.name} names {len(value)} series, but an article can be in one; the first is used",
            )
        value = value[0] if value else None
    order: Any = None
    if isinstance(value, dict):
        known = members(value)
        order = next((known[name] for name in _ORDERS_IN_SERIES if name in known), None)
        value = next((known[name] for name in _NAMES if name in known), value)
    name = fields.as_text(entry, value, entry.name) if entry else None
    number = _read_order(fields, entry, order) if entry else None
    if (place := fields.take(*_ORDERS)) or (name and (place := fields.take("part"))):
        number = _read_order(fields, place, place.value)
    return Series(name, number)


def is_featured(fields: Fields) -> bool:
    """Whether the article is featured, pinned or sticky: true, or a number above 0 (Hexo).

    Any other value is not taken. It is reported unless it is a list, a map, or the address of a picture.
    """
    truths = [_take_mark(fields, name) for name in fields.among(_FEATURED)]
    return any(truths)


def _take_mark(fields: Fields, name: str) -> bool:
    entry = fields.find(name)
    if entry is None:  # it has no value
        fields.take(name)
        return False
    text = written(entry.value)
    if text is None:
        return False
    truth = float(text) > 0 if _AMOUNT.fullmatch(text) else as_boolean(text)
    if truth is not None:
        fields.take(name)
    elif not _ADDRESS.search(text):
        fields.note(entry, f"{entry.name} must be true or false, not {text!r}; it is kept as extra")
    return bool(truth)


def _read_order(fields: Fields, entry: Entry, value: Any) -> int | float | None:
    if value is None:
        return None
    number = None if isinstance(value, bool) else _NUMBER.fullmatch(written(value) or "")
    if number is None:
        fields.drop_value(entry, f"{entry.name} must be a number, not {written(value) or kind(value)!r}")
        return None
    return float(number[1]) if "." in number[1] else int(number[1])
