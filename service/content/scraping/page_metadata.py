"""What a scraped page says of its article: gathered line by line, given on as keys of front matter."""

import re
from datetime import date
from typing import Any

from service.content.dates.printed_dates import Printed
from service.content.parsing.values import Entry
from service.content.scraping.line_buffer import Line, Sheet

_COMMA = re.compile(r"\s*[,;、，،|•·]\s*|\s{2,}|\s#")
_MOST_TAGS = 30
# English alone writes the month first in one country and the day first in the next.
_EITHER_ORDER = "en"


class Found:
    """The facts found so far, each with its line; the first told of each kind stands."""

    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}
        self.authors: list[tuple[Line, str]] = []
        self.dates: list[tuple[Line, Printed]] = []

    def say(self, name: str, line: Line, value: Any) -> None:
        self.entries.setdefault(name, Entry(name, line.number, value))

    def wrote(self, line: Line, names: tuple[str, ...]) -> None:
        known = {name for _, name in self.authors}
        self.authors += [(line, name) for name in names if name not in known]

    def dated(self, line: Line, printed: tuple[Printed, ...]) -> None:
        self.dates += [(line, one) for one in printed]

    def tags(self, line: Line, names: str) -> None:
        tags = [name.strip(" .#") for name in _COMMA.split(names)]
        self.say("tags", line, [tag for tag in tags if tag and len(tag) <= 60][:_MOST_TAGS])

    def settle(self, sheet: Sheet, language: str | None) -> dict[str, Entry]:
        """Everything found, as front matter would say it; what stays open is noted on `sheet`."""
        if self.authors:
            self.say("authors", self.authors[0][0], [name for _, name in self.authors])
        witness = self._order()
        # Where one of two dates says that it is that of publication, the other is of something else.
        for line, printed in sorted(self.dates, key=lambda one: not one[1].labelled):
            name = "updated" if printed.updated else "date"
            if name in self.entries:
                continue
            day = _day(printed, witness, language)
            if day is None:
                _left_open(sheet, line, printed)
                continue
            self.say(name, line, printed.on(day))
        return self.entries

    def _order(self) -> bool | None:
        """Whether the day stands first in figures, as another date of this page shows; None: none does."""
        for _, printed in self.dates:
            if printed.numeric and len(printed.days) == 1 and printed.days[0].day > 12:
                return printed.day_first
        return None


def _day(printed: Printed, witness: bool | None, language: str | None) -> date | None:
    if len(printed.days) < 2:
        return printed.days[0] if printed.days else None
    if witness is not None:
        return printed.days[0 if witness else 1]
    return printed.days[0] if language and language.split("-")[0] != _EITHER_ORDER else None


def _left_open(sheet: Sheet, line: Line, printed: Printed) -> None:
    if printed.days:
        told = " or ".join(day.isoformat() for day in printed.days)
        sheet.note(line, f"the date {line.text!r} may be {told}; say which with `date:` in front matter")
    else:
        sheet.note(line, f"the date {line.text!r} has no full year; say it with `date:` in front matter")
