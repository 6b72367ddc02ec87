"""Read the value of a field as a date."""

from datetime import UTC, date, datetime, time, tzinfo
from typing import Any

from service.content.dates.parse import ParsedDate, parse_date, to_instant
from service.content.dates.printed_dates import read_printed
from service.content.parsing.values import kind, written


class AmbiguousDateError(ValueError):
    """A date may mean one of several days: `03/04/2019`."""


def read_date(value: Any, zone: tzinfo) -> ParsedDate | None:
    """Read a text, a number or a date; without an offset it is in `zone`. "" gives None.

    A text is read as programs write dates, else as they are printed: `14.03.2019`, `14 mars 2019`. Raises
    ValueError or TypeError with the reason, AmbiguousDateError where several days are meant.
    """
    if isinstance(value, datetime):
        return ParsedDate(to_instant(value, zone))
    if isinstance(value, date):
        return ParsedDate(to_instant(datetime.combine(value, time(), zone), UTC), "day")
    text = None if isinstance(value, bool | time) else written(value)
    if text is None:
        raise TypeError(f"must be a date, not {kind(value)}")
    if not text:
        return None
    try:
        return parse_date(text, zone)
    except ValueError as error:
        printed = read_printed(text)
        if printed is None or not printed.days:
            raise ValueError(f"{text!r}: {error}") from None
        if len(printed.days) == 1:
            return parse_date(printed.on(printed.days[0]), zone)
        days = " or ".join(map(str, printed.days))
        raise AmbiguousDateError(f"{text!r} is ambiguous: {days}; write the one that is meant") from None
