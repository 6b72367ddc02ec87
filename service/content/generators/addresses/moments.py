"""Dates as addresses write them, in English whatever the machine speaks."""

from collections.abc import Callable
from datetime import datetime

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

# By the letters of strftime(3); `-` is without leading noughts, `^` in capitals.
_WRITTEN: dict[str, Callable[[datetime], str]] = {
    "Y": lambda moment: f"{moment.year:04}",
    "y": lambda moment: f"{moment.year % 100:02}",
    "G": lambda moment: f"{moment.isocalendar().year:04}",
    "m": lambda moment: f"{moment.month:02}",
    "-m": lambda moment: str(moment.month),
    "B": lambda moment: _MONTHS[moment.month - 1],
    "b": lambda moment: _MONTHS[moment.month - 1][:3],
    "^b": lambda moment: _MONTHS[moment.month - 1][:3].upper(),
    "d": lambda moment: f"{moment.day:02}",
    "-d": lambda moment: str(moment.day),
    "j": lambda moment: f"{moment.timetuple().tm_yday:03}",
    "-j": lambda moment: str(moment.timetuple().tm_yday),
    "V": lambda moment: f"{moment.isocalendar().week:02}",
    "A": lambda moment: _DAYS[moment.weekday()],
    "a": lambda moment: _DAYS[moment.weekday()][:3],
    "^a": lambda moment: _DAYS[moment.weekday()][:3].upper(),
    "u": lambda moment: str(moment.isoweekday()),
    "w": lambda moment: str(moment.isoweekday() % 7),
    "H": lambda moment: f"{moment.hour:02}",
    "M": lambda moment: f"{moment.minute:02}",
    "S": lambda moment: f"{moment.second:02}",
    "s": lambda moment: str(int(moment.timestamp())),
}


def write_moment(moment: datetime | None, directive: str) -> str | None:
    """A part of a date: `m` of 3 May is `05`. None for no date, or a directive nobody knows."""
    write = _WRITTEN.get(directive)
    return write(moment) if write and moment else None


def knows(directive: str) -> bool:
    return directive in _WRITTEN
