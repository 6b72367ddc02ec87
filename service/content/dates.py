"""Dates as people write them, as instants: aware, UTC, whole seconds."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime

_WRITTEN = re.compile(
    r"""(?P<year>\d{4})
    (?:[-/.](?P<month>\d{1,2})
      (?:[-/.](?P<day>\d{1,2})
        (?:[Tt]|\s+|$)
        (?:(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?
          \s*(?P<zone>[Zz]|UTC|GMT|[+-]\d{1,2}(?::?\d{2})?)?
        )?
      )?
    )?""",
    re.VERBOSE,
)
_NAME = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[-_. ]+|$)")


def parse_date(text: str, zone: tzinfo) -> datetime:
    """The instant `text` names; without an offset it is in `zone`, and a missing part is the first there is.

    Takes RFC 3339 and what resembles it (`2015-06-29 1:00:19 -0400`, `2015-07`, `2017`) and RFC 5322 §3.3.
    Raises ValueError with a reason when there is no such instant.
    """
    text = text.strip()
    match = _WRITTEN.fullmatch(text)
    if match:
        return to_instant(_moment(match, zone), zone)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError, IndexError, TypeError):
        raise ValueError("it is no date; write 2019-01-28, or 2019-01-28T09:30:00+01:00") from None
    return to_instant(moment, zone)


def to_instant(moment: datetime, zone: tzinfo) -> datetime:
    """`moment` in UTC and whole seconds; a naive one is in `zone`.

    Raises ValueError outside the years 1 to 9999.
    """
    aware = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    try:
        return aware.astimezone(UTC).replace(microsecond=0, fold=0)
    except (OverflowError, ValueError):
        raise ValueError("it lies before year 1 or after year 9999") from None


def date_in_name(name: str, zone: tzinfo) -> tuple[datetime | None, str]:
    """The date a file or folder name begins with, and the name without it: `2019-01-28-vote` → `vote`."""
    match = _NAME.match(name)
    if not match:
        return None, name
    try:
        year, month, day = map(int, match.groups())
        return to_instant(datetime(year, month, day, tzinfo=zone), zone), name[match.end() :]
    except ValueError:
        return None, name


def _moment(match: re.Match[str], zone: tzinfo) -> datetime:
    parts = {name: int(value) for name, value in match.groupdict().items() if value and name != "zone"}
    numbers = [parts.get(name, least) for name, least in _LEAST]
    midnight_after = numbers[3:] == [24, 0, 0]
    if midnight_after:
        numbers[3] = 0
    try:
        moment = datetime(*numbers, tzinfo=_offset(match["zone"], zone))  # type: ignore[arg-type,misc]
        return moment + timedelta(days=1) if midnight_after else moment
    except (ValueError, OverflowError) as error:
        raise ValueError(f"there is no such date: {error}") from None


_LEAST = (("year", 0), ("month", 1), ("day", 1), ("hour", 0), ("minute", 0), ("second", 0))


def _offset(written: str | None, zone: tzinfo) -> tzinfo:
    if written is None:
        return zone
    if written[0] not in "+-":
        return UTC
    digits = written[1:].replace(":", "")
    minutes = int(digits[-2:]) if len(digits) > 2 else 0
    offset = timedelta(hours=int(digits[:-2] if len(digits) > 2 else digits), minutes=minutes)
    return timezone(-offset if written[0] == "-" else offset)
