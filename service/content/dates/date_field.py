"""The value of a field as an instant, however it is written."""

from datetime import UTC, date, datetime, time, tzinfo
from typing import Any

from service.content.dates.parse import parse_date, to_instant
from service.content.dates.printed_dates import read_printed
from service.content.parsing.values import kind, written


class LeftOpenError(ValueError):
    """A date may be one of several days, and nothing says which."""


def moment(value: Any, zone: tzinfo) -> datetime | None:
    """The instant that a text, a number or a date is; without an offset it is in `zone`; None for "".

    A text is read as a machine writes dates, else as people print them: `14.03.2019`, `14 mars 2019`.
    Raises ValueError with what is wrong, and LeftOpenError where there are several such days.
    """
    if isinstance(value, datetime):
        return to_instant(value, zone)
    if isinstance(value, date):
        return to_instant(datetime.combine(value, time(), zone), UTC)
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
        raise LeftOpenError(f"{text!r} is {days}: it is left open; write the one that is meant") from None
