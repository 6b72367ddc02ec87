"""Date directives of `strftime(3)` in addresses, in English whatever the locale."""

import re
from collections.abc import Callable
from datetime import datetime

from service.content.dates.vocabulary import ENGLISH_MONTHS, ENGLISH_WEEKDAYS

# `-` drops leading zeros, `^` gives capitals.
_DIRECTIVES: dict[str, Callable[[datetime], str]] = {
    "Y": lambda date: f"{date.year:04}",
    "y": lambda date: f"{date.year % 100:02}",
    "G": lambda date: f"{date.isocalendar().year:04}",
    "m": lambda date: f"{date.month:02}",
    "-m": lambda date: str(date.month),
    "B": lambda date: ENGLISH_MONTHS[date.month - 1],
    "b": lambda date: ENGLISH_MONTHS[date.month - 1][:3],
    "^b": lambda date: ENGLISH_MONTHS[date.month - 1][:3].upper(),
    "d": lambda date: f"{date.day:02}",
    "-d": lambda date: str(date.day),
    "j": lambda date: f"{date.timetuple().tm_yday:03}",
    "-j": lambda date: str(date.timetuple().tm_yday),
    "V": lambda date: f"{date.isocalendar().week:02}",
    "A": lambda date: ENGLISH_WEEKDAYS[date.weekday()],
    "a": lambda date: ENGLISH_WEEKDAYS[date.weekday()][:3],
    "^a": lambda date: ENGLISH_WEEKDAYS[date.weekday()][:3].upper(),
    "u": lambda date: str(date.isoweekday()),
    "w": lambda date: str(date.isoweekday() % 7),
    "H": lambda date: f"{date.hour:02}",
    "M": lambda date: f"{date.minute:02}",
    "S": lambda date: f"{date.second:02}",
    "s": lambda date: str(int(date.timestamp())),
}


_IN_FORMAT = re.compile(r"%(-?[A-Za-z])")


def format_directive(date: datetime | None, directive: str) -> str | None:
    """One directive of a date: `m` of 3 May is `05`. None without a date, or for an unknown directive."""
    write = _DIRECTIVES.get(directive)
    return write(date) if write and date else None


def format_date(date: datetime | None, layout: str) -> str | None:
    """A date in a format such as `%Y/%m`; None without a date, or for an unknown directive."""
    parts = _IN_FORMAT.split(layout)
    texts = [format_directive(date, part) if index % 2 else part for index, part in enumerate(parts)]
    return None if None in texts else "".join(filter(None, texts))


def is_date_format(layout: str) -> bool:
    """Whether all directives of `layout` are known."""
    return _DIRECTIVES.keys() >= set(_IN_FORMAT.findall(layout))
