"""The metadata in the lines of a scraped page, collected as front-matter entries."""

import re
from datetime import date
from typing import Any

from service.content.dates.printed_dates import Printed
from service.content.front_matter.values import Entry
from service.content.scraping.lines.line_buffer import Line, LineBuffer

_TAG_SEPARATOR = re.compile(r"\s*[,;、，،|•·]\s*|\s{2,}|\s#")
_MOST_TAGS = 30
_LONGEST_TAG = 60
# English alone writes the month first in one country and the day first in another.
_AMBIGUOUS_LANGUAGE = "en"


class PageMetadata:
    """Collects metadata with the line each value comes from; the first value of a name wins."""

    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}
        self.authors: list[tuple[Line, str]] = []
        self.dates: list[tuple[Line, Printed]] = []

    @property
    def author_names(self) -> list[str]:
        return [name for _, name in self.authors]

    def add(self, name: str, line: Line, value: Any) -> None:
        self.entries.setdefault(name, Entry(name, line.number, value))

    def add_authors(self, line: Line, names: tuple[str, ...]) -> None:
        known = set(self.author_names)
        self.authors += [(line, name) for name in names if name not in known]

    def add_dates(self, line: Line, dates: tuple[Printed, ...]) -> None:
        self.dates += [(line, printed) for printed in dates]

    def add_tags(self, line: Line, text: str) -> None:
        tags = [tag.strip(" .#") for tag in _TAG_SEPARATOR.split(text)]
        self.add("tags", line, [tag for tag in tags if tag and len(tag) <= _LONGEST_TAG][:_MOST_TAGS])

    def resolve(self, buffer: LineBuffer, language: str | None) -> dict[str, Entry]:
        """All entries, authors and dates included; a date that stays ambiguous becomes a note."""
        if self.authors:
            self.add("authors", self.authors[0][0], self.author_names)
        day_first = self._day_first()
        # A date labelled as that of publication wins over one without a label.
        for line, printed in sorted(self.dates, key=lambda entry: not entry[1].labelled):
            name = "updated" if printed.updated else "date"
            if name in self.entries:
                continue
            day = _choose_day(printed, language, day_first=day_first)
            if day is None:
                _note_unclear_date(buffer, line, printed)
                continue
            self.add(name, line, printed.on(day))
        return self.entries

    def _day_first(self) -> bool | None:
        """Whether the page writes the day before the month in figures; None if no date shows it."""
        for _, printed in self.dates:
            if printed.numeric and len(printed.days) == 1 and printed.days[0].day > 12:
                return printed.day_first
        return None


def _choose_day(printed: Printed, language: str | None, *, day_first: bool | None) -> date | None:
    if len(printed.days) < 2:
        return printed.days[0] if printed.days else None
    if day_first is not None:
        return printed.days[0 if day_first else 1]
    return printed.days[0] if language and language.split("-")[0] != _AMBIGUOUS_LANGUAGE else None


def _note_unclear_date(buffer: LineBuffer, line: Line, printed: Printed) -> None:
    if printed.days:
        days = " or ".join(day.isoformat() for day in printed.days)
        buffer.note(line, f"ambiguous date {line.text!r}: {days}; set `date:` in front matter")
    else:
        buffer.note(line, f"the date {line.text!r} has no full year; set `date:` in front matter")
