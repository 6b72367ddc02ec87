"""Parameter types: one function a type, which parses one value of a query string. Those of filters are in
`service.filter_parsers`.

Each raises ValueError with the words that complete the message "limit: …".
"""

import re
from datetime import date
from typing import get_args

from service.filter_parsers import LONGEST_NAME
from service.formats.api_article import ARTICLE_FIELDS, SINGLE_ARTICLE_FIELDS
from service.model import Site, nearest_name
from service.query import MAX_LIMIT, ArchiveCursor, ChangePosition, Content, ListPosition, Sort

LONGEST_CURSOR = 2000

# The window after the dot is ignored: the document is the same.
_ARCHIVE_CURSOR = re.compile(r"(0|-?[1-9][0-9]{0,11})-([0-9a-f]{16})(?:\.[0-9a-f]{8})?")
_LIST_POSITION = re.compile(r"(0|-?[1-9][0-9]{0,11}|undated)-([0-9a-f]{16})")
_CHANGE_POSITION = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:\.([0-9a-f]{8}))?(?:-([0-9a-f]{16}))?")
_REVISION = re.compile("[0-9a-f]{32}")
_BUCKET = re.compile("[0-9a-f]{2}")
_NUMBER = re.compile(r"0*([0-9]{1,9})")


def parse_sort(text: str, _: Site) -> Sort:
    for order in get_args(Sort):
        if text == order:
            return order  # type: ignore[no-any-return]
    raise ValueError(f"one of {', '.join(get_args(Sort))}.")


def parse_content(text: str, _: Site) -> Content:
    for amount in get_args(Content):
        if text == amount:
            return amount  # type: ignore[no-any-return]
    raise ValueError(f"one of {', '.join(get_args(Content))}.")


def parse_limit(text: str, _: Site) -> int:
    return _parse_number(text, 1)


def parse_limit_or_zero(text: str, _: Site) -> int:
    return _parse_number(text, 0)


def _parse_number(text: str, least: int) -> int:
    match = _NUMBER.fullmatch(text)
    if not match or not least <= int(match[1]) <= MAX_LIMIT:
        raise ValueError(f"a whole number from {least} to {MAX_LIMIT}.")
    return int(match[1])


def parse_fields(text: str, _: Site) -> tuple[str, ...]:
    return _parse_names(text, ARTICLE_FIELDS)


def parse_article_fields(text: str, _: Site) -> tuple[str, ...]:
    return _parse_names(text, SINGLE_ARTICLE_FIELDS)


def _parse_names(text: str, fields: tuple[str, ...]) -> tuple[str, ...]:
    requested = {name.strip() for name in text.split(",")} - {""}
    for name in sorted(requested - set(fields)):
        near = nearest_name(name[:LONGEST_NAME], fields)
        hint = f" did you mean {near!r}?" if near else f" there are {', '.join(fields)}."
        raise ValueError(f"an article has no field {name[:LONGEST_NAME]!r};{hint}")
    return tuple(name for name in fields if name in requested)


def parse_archive(text: str, _: Site) -> ArchiveCursor:
    if match := _ARCHIVE_CURSOR.fullmatch(text):
        return ArchiveCursor(int(match[1]), match[2])
    raise ValueError("invalid archive position; follow prev-archive from the feed.")


def parse_list_position(text: str) -> ListPosition | None:
    """The position at which a page of a list begins; None if `text` is not well-formed."""
    match = _LIST_POSITION.fullmatch(text)
    return match and ListPosition(None if match[1] == "undated" else int(match[1]), match[2])


def parse_change_position(text: str) -> ChangePosition | None:
    """The position of a page of the changes of one day; None if `text` is not well-formed."""
    match = _CHANGE_POSITION.fullmatch(text)
    if match is None:
        return None
    day, start, key = match.groups(default="")
    try:
        return ChangePosition(date.fromisoformat(day), start, key)
    except ValueError:
        return None


def is_archive_position(text: str) -> bool:
    """Whether `text` is well-formed as a position in an archive."""
    return _ARCHIVE_CURSOR.fullmatch(text) is not None


def parse_cursor(text: str, _: Site) -> str:
    if len(text) > LONGEST_CURSOR:
        raise ValueError("invalid cursor; restart without it.")
    return text


def parse_revision(text: str, _: Site) -> str:
    if not _REVISION.fullmatch(text):
        raise ValueError("the revision of a page of changes, 32 hexadecimal digits.")
    return text


def parse_bucket(text: str, _: Site) -> str:
    if not _BUCKET.fullmatch(text):
        raise ValueError("two hexadecimal digits in lower case, such as a7.")
    return text
