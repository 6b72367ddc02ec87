"""What each parameter takes: a function a parameter, from one value as text to the value in a Query.

Each raises ValueError with the words that end the sentence "limit: …".
"""

import difflib
import re
from datetime import UTC, datetime, timedelta
from typing import get_args

from service.content.identity.slugs import name_slug
from service.formats.api_article import ARTICLE_FIELDS
from service.index.search import parse
from service.model import Site, language_tag
from service.query import MAX_LIMIT, Content, Position, Sort

LONGEST_SEARCH = 500
LONGEST_NAME = 200
LONGEST_CURSOR = 2000
EARLIEST = datetime.min.replace(tzinfo=UTC)
LATEST = datetime.max.replace(tzinfo=UTC, microsecond=0)

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]([0-9]{2}:[0-9]{2}:[0-9]{2})(\.[0-9]+)?([Zz]|[+ -][0-9]{2}:[0-9]{2})"
)
# What stands after a dot names what was around it once; the document is the same.
_POSITION = re.compile(r"(0|-?[1-9][0-9]{0,11})-([0-9a-f]{16})(?:\.[0-9a-f]{8})?")
_NUMBER = re.compile(r"0*([0-9]{1,9})")


def search(text: str, _: Site) -> str:
    if len(text) > LONGEST_SEARCH:
        raise ValueError(f"at most {LONGEST_SEARCH} characters.")
    found = _printable(text)
    parse(found, ())  # raises InvalidParameter: sooner than in the queue of searches
    return found


def slug(text: str, _: Site) -> str:
    """The slug of a name as articles make it; nothing of nothing but blanks."""
    if len(text) > LONGEST_NAME:
        raise ValueError(f"a name or its slug, of at most {LONGEST_NAME} characters.")
    return name_slug(text.strip()) if _printable(text) else ""


def _printable(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def language(text: str, _: Site) -> str:
    sound = len(text) <= LONGEST_NAME and text == text.strip()
    tag = language_tag(text) if sound else None
    if tag is None:
        raise ValueError("a language tag such as en or pt-BR.")
    return tag


def moment(text: str, site: Site) -> datetime:
    try:
        if _DATE.fullmatch(text):
            return _utc(datetime.fromisoformat(text).replace(tzinfo=site.zone))
        if found := _INSTANT.fullmatch(text):
            day, time, fraction, offset = found.groups()
            # A leap second is the end of the one before; a plus sign nobody encoded arrives as a space.
            leap = time.endswith(":60")
            sound = time[:-2] + "59" if leap else time
            moment = _utc(datetime.fromisoformat(f"{day}T{sound}{offset.upper().replace(' ', '+')}"))
            # Articles stand on whole seconds, so a bound between two is the later one.
            return _after(moment) if leap or (fraction and fraction.strip(".0")) else moment
    except ValueError:
        pass
    raise ValueError("a date such as 2019-01-28 or an instant such as 2019-01-28T09:00:00Z (RFC 3339).")


def _utc(moment: datetime) -> datetime:
    """`moment` in UTC; at either end of time, which an offset may cross, that end."""
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return EARLIEST if moment.year == 1 else LATEST


def _after(moment: datetime) -> datetime:
    try:
        return moment + timedelta(seconds=1)
    except OverflowError:
        return moment


def sort(text: str, _: Site) -> Sort:
    for known in get_args(Sort):
        if text == known:
            return known  # type: ignore[no-any-return]
    raise ValueError(f"one of {', '.join(get_args(Sort))}.")


def content(text: str, _: Site) -> Content:
    for known in get_args(Content):
        if text == known:
            return known  # type: ignore[no-any-return]
    raise ValueError(f"one of {', '.join(get_args(Content))}.")


def limit(text: str, _: Site) -> int:
    found = _NUMBER.fullmatch(text)
    if not found or not 1 <= int(found[1]) <= MAX_LIMIT:
        raise ValueError(f"a whole number from 1 to {MAX_LIMIT}.")
    return int(found[1])


def fields(text: str, _: Site) -> tuple[str, ...]:
    asked = {name.strip() for name in text.split(",")} - {""}
    for name in sorted(asked - set(ARTICLE_FIELDS)):
        near = difflib.get_close_matches(name[:LONGEST_NAME], ARTICLE_FIELDS, n=1)
        hint = f" did you mean {near[0]!r}?" if near else f" there are {', '.join(ARTICLE_FIELDS)}."
        raise ValueError(f"an article has no field {name[:LONGEST_NAME]!r};{hint}")
    return tuple(name for name in ARTICLE_FIELDS if name in asked)


def archive(text: str, _: Site) -> Position:
    if found := _POSITION.fullmatch(text):
        return Position(int(found[1]), found[2])
    raise ValueError("this is no place in an archive of ours; follow prev-archive from the feed.")


def cursor(text: str, _: Site) -> str:
    if len(text) > LONGEST_CURSOR:
        raise ValueError("this is not a cursor of ours; begin again without it.")
    return text
