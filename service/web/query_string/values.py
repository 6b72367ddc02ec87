"""Parameter types: one function a type, which parses one value of a query string.

Each raises ValueError with the words that complete the message "limit: …".
"""

import difflib
import re
from datetime import UTC, datetime, timedelta
from typing import get_args

from service.content.identity.slugs import make_slug, name_slug
from service.formats.api_article import ARTICLE_FIELDS, SINGLE_ARTICLE_FIELDS
from service.index.search import parse
from service.model import Site, language_tag
from service.query import (
    FALSE,
    MAX_LIMIT,
    MEDIA,
    ArchiveCursor,
    Content,
    Period,
    Sort,
    month_period,
    year_period,
)

LONGEST_SEARCH = 500
LONGEST_NAME = 200
LONGEST_CURSOR = 2000
LONGEST_ID = 500
EARLIEST = datetime.min.replace(tzinfo=UTC)
LATEST = datetime.max.replace(tzinfo=UTC, microsecond=0)

_YEAR = re.compile(r"((?!0000)[0-9]{4})")
_MONTH = re.compile(r"((?!0000)[0-9]{4})-(0[1-9]|1[0-2])")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]([0-9]{2}:[0-9]{2}:[0-9]{2})(\.[0-9]+)?([Zz]|[+ -][0-9]{2}:[0-9]{2})"
)
# The window after the dot is ignored: the document is the same.
_ARCHIVE_CURSOR = re.compile(r"(0|-?[1-9][0-9]{0,11})-([0-9a-f]{16})(?:\.[0-9a-f]{8})?")
_NUMBER = re.compile(r"0*([0-9]{1,9})")


def parse_search(text: str, _: Site) -> str:
    return _parse_words(text, "q")


def parse_title(text: str, _: Site) -> str:
    return _parse_words(text, "title")


def _parse_words(text: str, parameter: str) -> str:
    if len(text) > LONGEST_SEARCH:
        raise ValueError(f"at most {LONGEST_SEARCH} characters.")
    words = _printable(text)
    parse(words, (), parameter)  # raises InvalidParameter before the search queues for a thread
    return words


def parse_name(text: str, _: Site) -> str:
    """The slug of a name, as articles make it; "" of blanks."""
    if len(text) > LONGEST_NAME:
        raise ValueError(f"a name or its slug, of at most {LONGEST_NAME} characters.")
    return name_slug(text.strip()) if _printable(text) else ""


def _printable(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def parse_language(text: str, _: Site) -> str:
    is_trimmed = len(text) <= LONGEST_NAME and text == text.strip()
    tag = language_tag(text) if is_trimmed else None
    if tag is None:
        raise ValueError("a language tag such as en or pt-BR.")
    return tag


def parse_instant(text: str, site: Site) -> datetime:
    try:
        if _DATE.fullmatch(text):
            return _utc(datetime.fromisoformat(text).replace(tzinfo=site.zone))
        if match := _INSTANT.fullmatch(text):
            day, time, fraction, offset = match.groups()
            # A leap second is the end of the second before; a plus sign not percent-encoded is a space.
            is_leap = time.endswith(":60")
            valid_time = time[:-2] + "59" if is_leap else time
            moment = _utc(datetime.fromisoformat(f"{day}T{valid_time}{offset.upper().replace(' ', '+')}"))
            # Articles have whole seconds, so a bound between two of them is the later one.
            return _after(moment) if is_leap or (fraction and fraction.strip(".0")) else moment
    except ValueError:
        pass
    raise ValueError("a date such as 2019-01-28 or an instant such as 2019-01-28T09:00:00Z (RFC 3339).")


def _utc(moment: datetime) -> datetime:
    """`moment` in UTC, at most the first or last instant there is, which an offset may cross."""
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return EARLIEST if moment.year == 1 else LATEST


def _after(moment: datetime) -> datetime:
    try:
        return moment + timedelta(seconds=1)
    except OverflowError:
        return moment


def parse_year(text: str, site: Site) -> Period:
    if match := _YEAR.fullmatch(text):
        return year_period(int(match[1]), site.zone)
    raise ValueError("a year such as 2019.")


def parse_month(text: str, site: Site) -> Period:
    if match := _MONTH.fullmatch(text):
        return month_period(int(match[1]), int(match[2]), site.zone)
    raise ValueError("a month such as 2019-01.")


def parse_id(text: str, _: Site) -> str:
    if len(text) > LONGEST_ID:
        raise ValueError(f"the id of an article, of at most {LONGEST_ID} characters.")
    return text.strip()


def parse_slug(text: str, _: Site) -> str:
    if len(text) > LONGEST_NAME:
        raise ValueError(f"the slug of an article, of at most {LONGEST_NAME} characters.")
    return make_slug(text.strip())


def parse_media(text: str, _: Site) -> str:
    if text not in MEDIA:
        raise ValueError(f"one of {', '.join(MEDIA)}.")
    return text


def parse_flag(text: str, _: Site) -> str:
    if text not in ("true", FALSE):
        raise ValueError("true or false.")
    return text


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
        near = difflib.get_close_matches(name[:LONGEST_NAME].lower().replace("-", "_"), fields, n=1)
        hint = f" did you mean {near[0]!r}?" if near else f" there are {', '.join(fields)}."
        raise ValueError(f"an article has no field {name[:LONGEST_NAME]!r};{hint}")
    return tuple(name for name in fields if name in requested)


def parse_archive(text: str, _: Site) -> ArchiveCursor:
    if match := _ARCHIVE_CURSOR.fullmatch(text):
        return ArchiveCursor(int(match[1]), match[2])
    raise ValueError("invalid archive position; follow prev-archive from the feed.")


def parse_cursor(text: str, _: Site) -> str:
    if len(text) > LONGEST_CURSOR:
        raise ValueError("invalid cursor; restart without it.")
    return text
