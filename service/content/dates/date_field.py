"""Read the value of a field as a date."""

import re
from datetime import UTC, date, datetime, time, tzinfo
from typing import Any

from service.content.dates.date_text import ParsedDate, parse_date, to_instant
from service.content.front_matter.values import kind, written

_ZERO_TIME = re.compile(r"\s*0001-01-01(?:$|[T\s])")


class AmbiguousDateError(ValueError):
    """A date may mean one of several `days`: `03/04/2019`."""

    def __init__(self, message: str, days: tuple[date, ...]) -> None:
        super().__init__(message)
        self.days = days


def read_date(value: Any, zone: tzinfo, *, day_first: bool | None = None) -> ParsedDate | None:
    """Read a text, a number or a date; without an offset it is in `zone`. "" and Go's zero time give None.

    A text is read as programs write dates, else as they are printed: `14.03.2019`, `14 mars 2019`.
    `day_first` is the order of `03/04/2019`. Raises ValueError or TypeError with the reason,
    AmbiguousDateError where several days may be meant.
    """
    if is_zero_time(value):
        return None
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
        from service.content.dates.printed_dates import read_printed  # most dates are written by programs

        printed = read_printed(text)
        if printed is None or not printed.days:
            raise ValueError(f"{text!r}: {error}") from None
        if len(printed.days) == 1 or day_first is not None:
            return parse_date(printed.on(printed.days[-1 if day_first is False else 0]), zone)
        days = " or ".join(map(str, printed.days))
        message = f"{text!r} is ambiguous: {days}; write the one that is meant"
        raise AmbiguousDateError(message, printed.days) from None


def is_zero_time(value: Any) -> bool:
    """Whether a date is the first day of year 1: Go's zero time, which Hugo writes for "no date"."""
    if isinstance(value, date):  # or a datetime
        return (value.year, value.month, value.day) == (1, 1, 1)
    return isinstance(value, str) and bool(_ZERO_TIME.match(value))
