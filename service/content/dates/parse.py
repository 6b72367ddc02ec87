"""Dates as people write them, as instants: aware, UTC, whole seconds."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from service.model import Span

_WRITTEN = re.compile(
    r"""(?P<year>\d{4})
    (?:[-/.](?P<month>\d{1,2})
      (?:[-/.](?P<day>\d{1,2})
        (?:[Tt]|\s+|$)
        (?:(?P<hour>\d{1,2}):(?P<minute>\d{1,2})(?::(?P<second>\d{1,2})(?:[.,]\d+)?)?
          (?:\s*(?P<half>[AaPp])\.?[Mm]\.?)?
          \s*(?P<zone>[Zz]|[A-Z]{2,5}|[A-Z][A-Za-z_]+/[A-Za-z_/]+|(?:UTC|GMT)?[+-]\d{1,2}(?::?\d{2})?)?
          (?:\s*\[[\w/]+\]|\s*\([\w ]+\)|(?<=\d)\s+(?:[A-Z]{2,5}|[+-]\d{2,4}))?
        )?
      )?
    )?""",
    re.VERBOSE | re.ASCII,
)
_SPOKEN = re.compile(
    r"""(?:[A-Z][a-z]+\.?,?\s+)??
    (?:(?P<name>[A-Z][a-z]{2,8})\.?\s+(?P<day>\d{1,2})|(?P<day_before>\d{1,2})(?:st|nd|rd|th)?\.?\s+(?P<name_after>[A-Z][a-z]{2,8})\.?)
    (?:st|nd|rd|th)?,?\s+(?P<year>\d{4})
    (?:,?\s+(?:at\s+)?(?P<time>\d{1,2}:\d{2}.*))?""",
    re.VERBOSE,
)
_MONTH_ALONE = re.compile(r"(?P<name>[A-Z][a-z]{2,8})\.?,?\s+(?P<year>(?:19|20)\d{2})")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})?(Z?))?")
_NO_DATE = "it is no date; write 2019-01-28, or 2019-01-28T09:30:00+01:00"
_EPOCH = re.compile(r"(\d{10})(?:\d{3})?")
_MONTH_NAMES = "january february march april may june july august september october november december"
_MONTHS = _MONTH_NAMES.split()
_NAME = re.compile(
    r"(\d{4})([-_.])(\d{1,2})\2(\d{1,2})(?:[-_. ]+|$)|((?:19|20)\d{2})(\d{2})(\d{2})(?:[-_]+|$)"
)
_FOLDERS = re.compile(r"(?:^|/)(\d{4})([-/_])(\d{1,2})\2(\d{1,2})(?=/|$)")
_BEFORE_NAME = re.compile(r"(?:^|/)((?:19|20)\d{2})/(\d{2})[-/](\d{2})-[^/]*$")

# The zones that dates are printed with; IST and CST are those of the most people who write so.
_ZONES = {
    "ACST": 9.5,
    "AEDT": 11,
    "AEST": 10,
    "AKDT": -8,
    "AKST": -9,
    "AWST": 8,
    "BST": 1,
    "CDT": -5,
    "CEST": 2,
    "CET": 1,
    "CST": -6,
    "EDT": -4,
    "EEST": 3,
    "EET": 2,
    "EST": -5,
    "GMT": 0,
    "HKT": 8,
    "HST": -10,
    "IST": 5.5,
    "JST": 9,
    "KST": 9,
    "MDT": -6,
    "MSK": 3,
    "MST": -7,
    "NZDT": 13,
    "NZST": 12,
    "PDT": -7,
    "PST": -8,
    "SAST": 2,
    "SGT": 8,
    "UTC": 0,
    "WEST": 1,
    "WET": 0,
}


LONGEST_DATE = 200
"""In characters; the longest that programs write have about 70."""


def parse_date(text: str, zone: tzinfo) -> datetime:
    """The instant `text` names; without an offset it is in `zone`, and a missing part is the first there is.

    Takes RFC 3339 and what resembles it (`2015-06-29 1:00:19 -0400`, `2015-07`, `2017`) and RFC 5322 §3.3.
    Raises ValueError with a reason when there is no such instant.
    """
    text = text.strip()
    if len(text) > LONGEST_DATE:
        raise ValueError(_NO_DATE)
    match = _WRITTEN.fullmatch(text)
    if match:
        return to_instant(_moment(match, zone), zone)
    try:
        moment = _otherwise(text, zone)
    except (ValueError, OverflowError, IndexError, TypeError):
        raise ValueError(_NO_DATE) from None
    return to_instant(moment, zone)


def known_within(text: str) -> Span | None:
    """Whether the date in `text` is only a year (`2017`) or a month (`2015-07`); None where it says more."""
    if len(text) > LONGEST_DATE:
        return None
    match = _WRITTEN.fullmatch(text.strip())
    if match is None and _MONTH_ALONE.fullmatch(text.strip()):
        return "month"
    if match is None or match["day"]:
        return None
    return "month" if match["month"] else "year"


def to_instant(moment: datetime, zone: tzinfo) -> datetime:
    """`moment` in UTC and whole seconds; a naive one is in `zone`.

    Raises ValueError outside the years 1 to 9999.
    """
    aware = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    try:
        instant = aware.astimezone(UTC)
    except (OverflowError, ValueError):
        raise ValueError("it lies before year 1 or after year 9999") from None
    return instant.replace(microsecond=0, fold=0) if instant.microsecond or instant.fold else instant


def date_in_name(name: str, zone: tzinfo) -> tuple[datetime | None, str]:
    """The date a file or folder name begins with, and the name without it: `2019-01-28-vote` → `vote`."""
    match = _NAME.match(name)
    if not match:
        return None, name
    dated = _day((match[1] or match[5], match[3] or match[6], match[4] or match[7]), zone)
    return dated, name[match.end() :] if dated else name


def date_in_path(path: str, zone: tzinfo) -> datetime | None:
    """The date that folders of a path are, in one or in three: `posts/2019/01/28` or `posts/2019-01-28`."""
    found = [_day((match[1], match[3], match[4]), zone) for match in _FOLDERS.finditer(path)]
    return next((dated for dated in reversed(found) if dated), None)


def date_before_name(path: str, zone: tzinfo) -> datetime | None:
    """The date that the last folders and the beginning of a file's name are: `2019/01/28-vote`."""
    match = _BEFORE_NAME.search(path)
    return _day((match[1], match[2], match[3]), zone) if match else None


def _day(parts: tuple[str, str, str], zone: tzinfo) -> datetime | None:
    try:
        year, month, day = map(int, parts)
        return to_instant(datetime(year, month, day, tzinfo=zone), zone)
    except ValueError:
        return None  # a number in a name is no promise: it may be a version


def _otherwise(text: str, zone: tzinfo) -> datetime:
    """A date with the name of a month, without separators, or in seconds; else as in e-mail."""
    spoken, alone = _SPOKEN.fullmatch(text), _MONTH_ALONE.fullmatch(text)
    name = (spoken["name"] or spoken["name_after"]).lower() if spoken else ""
    name = alone["name"].lower() if alone else name
    months = [number for number, month in enumerate(_MONTHS, 1) if month.startswith(name)] if name else []
    if alone and len(months) == 1:
        return datetime(int(alone["year"]), months[0], 1, tzinfo=zone)
    if spoken and len(months) == 1:
        day = spoken["day"] or spoken["day_before"]
        return parse_date(f"{spoken['year']}-{months[0]}-{day} {spoken['time'] or ''}", zone)
    compact = _COMPACT.fullmatch(text)
    if compact and len(text) not in {10, 13}:
        year, month, day, hour, minute, second, utc = compact.groups()
        parts = (int(part or 0) for part in (year, month, day, hour, minute, second))
        return datetime(*parts, tzinfo=UTC if utc else zone)  # type: ignore[arg-type,misc]
    if epoch := _EPOCH.fullmatch(text):
        return datetime.fromtimestamp(int(epoch[1]), UTC)
    return parsedate_to_datetime(re.sub(r"(?<=GMT|UTC)(?=[+-]\d)|\s*\(.*\)$", "", text))


def _moment(match: re.Match[str], zone: tzinfo) -> datetime:
    year, month, day, hour, minute, second, half, offset = match.groups()
    numbers = [int(year), int(month or 1), int(day or 1), int(hour or 0), int(minute or 0), int(second or 0)]
    if half:
        if not 1 <= numbers[3] <= 12:
            raise ValueError("there is no such date: hour must be in 1..12")
        numbers[3] = numbers[3] % 12 + (12 if half in "pP" else 0)
    midnight_after = numbers[3:] == [24, 0, 0]
    if midnight_after:
        numbers[3] = 0
    try:
        moment = datetime(*numbers, tzinfo=_offset(offset, zone))  # type: ignore[arg-type,misc]
        return moment + timedelta(days=1) if midnight_after else moment
    except (ValueError, OverflowError) as error:
        raise ValueError(f"there is no such date: {error}") from None


def _offset(written: str | None, zone: tzinfo) -> tzinfo:
    if written is None:
        return zone
    if written in {"Z", "z"}:
        return UTC
    if "/" in written:
        return _region(written)
    written = re.sub(r"^(?:UTC|GMT)(?=[+-])", "", written)
    if written[0] not in "+-":
        if written not in _ZONES:
            raise ValueError(f"nobody knows the zone {written!r}; write an offset such as +02:00")
        return timezone(timedelta(hours=_ZONES[written]))
    digits = written[1:].replace(":", "")
    minutes = int(digits[-2:]) if len(digits) > 2 else 0
    offset = timedelta(hours=int(digits[:-2] if len(digits) > 2 else digits), minutes=minutes)
    return timezone(-offset if written[0] == "-" else offset)


def _region(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"nobody knows the zone {name!r}; write an offset such as +02:00") from None
