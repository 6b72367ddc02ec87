"""Dates in the forms that programs and authors write them, as instants: aware, UTC, whole seconds."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from service.content.dates.vocabulary import LEAP_SECOND, MONTHS, ZONES
from service.model import Span

_WRITTEN = re.compile(
    r"""(?P<year>\d{4})
    (?:[-/.](?P<month>\d{1,2})
      (?:[-/.](?P<day>\d{1,2})
        (?:[Tt]|\s+|$)
        (?:(?P<hour>\d{1,2}):(?P<minute>\d{1,2})(?::(?P<second>\d{1,2})(?:[.,]\d+)?)?
          (?:\s*(?P<half>[AaPp])\.?[Mm]\.?(?!S?T\b))?
          \s*(?P<zone>[Zz]|[A-Z]{2,5}|[A-Z][A-Za-z_]+/[A-Za-z_/+\d-]+|(?:UTC|GMT)?[+-]\d{1,2}(?::?\d{2})?)?
          (?:\s*\[!?(?P<region>[A-Za-z_]+/[\w/+-]+|[A-Z]{1,5})\](?:\[!?[\w-]+=[\w-]+\])*  # RFC 9557
            |\s*\([\w ]+\)|(?<=\d)\s+(?:[A-Z]{2,5}|[+-]\d{2,4})
          )?
        )?
      )?
    )?""",
    re.VERBOSE | re.ASCII,
)
_NAMED_MONTH = re.compile(
    r"""(?:[A-Z][a-z]+\.?,?\s+)??
    (?:(?P<name>[A-Z][a-z]{2,8})\.?\s+(?P<day>\d{1,2})|(?P<day_before>\d{1,2})(?:st|nd|rd|th)?\.?\s+(?P<name_after>[A-Z][a-z]{2,8})\.?)
    (?:st|nd|rd|th)?,?\s+(?P<year>\d{4})
    (?:,?\s+(?:at\s+)?(?P<time>\d{1,2}:\d{2}.*))?""",
    re.VERBOSE,
)
_MONTH_ALONE = re.compile(r"(?P<name>[A-Z][a-z]{2,8})\.?,?\s+(?P<year>(?:19|20)\d{2})")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})?(Z?))?")
_NO_DATE = "not a date; write 2019-01-28, or 2019-01-28T09:30:00+01:00"
_ZONE_AT_END = re.compile(r"(?<=\d )(?:(?!AM$|PM$)[A-Z]{2,5}|-0000)$")
_EPOCH = re.compile(r"(\d{10})(?:\d{3})?")
LONGEST_DATE = 200
"""In characters; the longest that programs write have about 70."""


class ParsedDate(msgspec.Struct, frozen=True):
    """An instant, and what its text leaves open.

    `within` is the year, month or day that a date without a time names, of which `instant` is the beginning.
    `unknown_zone` is an abbreviation that neither the site's zone nor `ZONES` has: the time was read as UTC.
    """

    instant: datetime
    within: Span | None = None
    unknown_zone: str | None = None


def parse_date(text: str, zone: tzinfo) -> ParsedDate:
    """Read a date: RFC 3339 and similar (`2015-06-29 1:00:19 -0400`, `2015-07`, `2017`), and RFC 5322 §3.3.

    A time without an offset is in `zone`, the site's. An abbreviation of a zone means that of the site's
    zone if it uses it (`CST` in Shanghai), else that of `ZONES`; others are read as -0000 (RFC 5322 §4.3).
    A missing month or day is the first. A leap second (RFC 3339 §5.7) is the second before it. Raises
    ValueError, with the reason, for anything else.
    """
    text = text.strip()
    if instant := _read_common_form(text):
        return ParsedDate(instant)
    text = LEAP_SECOND.sub(":59", text)
    if len(text) > LONGEST_DATE:
        raise ValueError(_NO_DATE)
    match = _WRITTEN.fullmatch(text)
    if match:
        return _parse_numeric(match, zone)
    try:
        return _parse_other_form(text, zone)
    except (ValueError, OverflowError, IndexError, TypeError):
        raise ValueError(_NO_DATE) from None


def _read_common_form(text: str) -> datetime | None:
    """The instant of `2019-01-28T09:30:00+01:00` or `…Z`, as most programs write it; None for other text."""
    has_offset = len(text) == 25 and text[19] in "+-" and text[22] == ":"
    if not (has_offset or (len(text) == 20 and text[19] == "Z")):
        return None
    if (text[4], text[7], text[10], text[13], text[16]) != ("-", "-", "T", ":", ":"):
        return None
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def unknown_zone_message(name: str) -> str:
    return f"unknown or ambiguous zone {name}; read as UTC; write an offset such as +05:30"


def to_instant(moment: datetime, zone: tzinfo) -> datetime:
    """`moment` in UTC and whole seconds; a naive one is in `zone`.

    Raises ValueError outside the years 1 to 9999.
    """
    aware = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    try:
        instant = aware.astimezone(UTC)
    except (OverflowError, ValueError):
        raise ValueError("before year 1 or after year 9999") from None
    return instant.replace(microsecond=0, fold=0) if instant.microsecond or instant.fold else instant


def _parse_other_form(text: str, zone: tzinfo) -> ParsedDate:
    """A date with the name of a month, without separators, or in seconds; else as in e-mail."""
    if match := _MONTH_ALONE.fullmatch(text):
        first = datetime(int(match["year"]), MONTHS[match["name"].lower()], 1, tzinfo=zone)
        return ParsedDate(to_instant(first, zone), "month")
    match = _NAMED_MONTH.fullmatch(text)
    month = MONTHS.get((match["name"] or match["name_after"]).lower()) if match else None
    if match and month:
        day = match["day"] or match["day_before"]
        return parse_date(f"{match['year']}-{month}-{day} {match['time'] or ''}", zone)
    match = _COMPACT.fullmatch(text)
    if match and len(text) not in {10, 13}:
        year, month_number, day, hour, minute, second, utc = match.groups()
        parts = (int(part or 0) for part in (year, month_number, day, hour, minute, second))
        local = datetime(*parts, tzinfo=UTC if utc else zone)  # type: ignore[arg-type,misc]
        return ParsedDate(to_instant(local, zone), None if hour else "day")
    if match := _EPOCH.fullmatch(text):
        return ParsedDate(datetime.fromtimestamp(int(match[1]), UTC))
    return _parse_email_date(re.sub(r"(?<=GMT|UTC)(?=[+-]\d)|\s*\(.*\)$", "", text), zone)


def _parse_email_date(text: str, zone: tzinfo) -> ParsedDate:
    from email.utils import parsedate_to_datetime  # few articles are dated as e-mail is

    match = _ZONE_AT_END.search(text)
    if match is None:
        return ParsedDate(to_instant(parsedate_to_datetime(text), zone))
    local = parsedate_to_datetime(text[: match.start()])
    return (
        ParsedDate(to_instant(local, UTC)) if match[0] == "-0000" else _in_named_zone(local, match[0], zone)
    )


def _parse_numeric(match: re.Match[str], zone: tzinfo) -> ParsedDate:
    year, month, day, hour, minute, second, half, offset, region = match.groups()
    numbers = [int(year), int(month or 1), int(day or 1), int(hour or 0), int(minute or 0), int(second or 0)]
    if half:
        if not 1 <= numbers[3] <= 12:
            raise ValueError("no such date: hour must be in 1..12")
        numbers[3] = numbers[3] % 12 + (12 if half in "pP" else 0)
    is_midnight_after = numbers[3:] == [24, 0, 0]
    if is_midnight_after:
        numbers[3] = 0
    try:
        local = datetime(*numbers)  # type: ignore[arg-type]  # noqa: DTZ001 - its zone follows
        local = local + timedelta(days=1) if is_midnight_after else local
    except (ValueError, OverflowError) as error:
        raise ValueError(f"no such date: {error}") from None
    offset = offset or region  # `[Europe/Oslo]` after an offset says nothing new
    if offset in {"Z", "z"}:
        return ParsedDate(to_instant(local, UTC))
    if offset and offset.isalpha():
        return _in_named_zone(local, offset, zone)
    within: Span | None = None if hour else "day" if day else "month" if month else "year"
    return ParsedDate(to_instant(local, _parse_offset(offset) if offset else zone), within)


def _in_named_zone(local: datetime, name: str, zone: tzinfo) -> ParsedDate:
    """The time `local` in the zone that the abbreviation `name` means on a site in `zone`."""
    year = local.year
    # Winter and summer: an abbreviation may be printed in the wrong half of the year.
    for moment in (local, local.replace(fold=1), datetime(year, 1, 1), datetime(year, 7, 1)):  # noqa: DTZ001
        aware = moment.replace(tzinfo=zone)
        offset = aware.utcoffset()
        if offset is not None and aware.tzname() == name:
            return ParsedDate(to_instant(local, timezone(offset)))
    if known := ZONES.get(name.lower()):
        return ParsedDate(to_instant(local, known))
    return ParsedDate(to_instant(local, UTC), unknown_zone=name)


def _parse_offset(text: str) -> tzinfo:
    """An offset (`+02:00`, `UTC+2`), or the name of a region (`Asia/Tokyo`)."""
    if "/" in text:
        try:
            return ZoneInfo(text)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f"unknown zone {text!r}; write an offset such as +02:00") from None
    text = text.removeprefix("UTC").removeprefix("GMT")
    digits = text[1:].replace(":", "")
    minutes = int(digits[-2:]) if len(digits) > 2 else 0
    offset = timedelta(hours=int(digits[:-2] if len(digits) > 2 else digits), minutes=minutes)
    if offset >= timedelta(days=1):
        raise ValueError(f"no such date: offset {text} is not less than 24 hours")
    return timezone(-offset if text[0] == "-" else offset)
