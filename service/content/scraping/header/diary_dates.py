"""Finds dates that head the parts of a text, as in a diary; they are not the date of publication."""

from service.content.dates.printed_dates import read_printed
from service.content.scraping.lines.line_buffer import Line, LineBuffer, is_prose

_LONGEST = 40
_LEAST_DATES = 2


def find_diary_dates(buffer: LineBuffer) -> frozenset[int]:
    """The positions of bare dates above a paragraph, if one of them stands between two paragraphs.

    A date with a time of day, or with a label, is not a bare date.
    """
    lines = buffer.lines
    dates = [
        (index, line.position, day)
        for index, line in enumerate(lines[:-1])
        if is_prose(lines[index + 1].text) and (day := _read_bare_day(line))
    ]
    between = any(index > 0 and is_prose(lines[index - 1].text) for index, _, _ in dates)
    if not between or len({day for _, _, day in dates}) < _LEAST_DATES:
        return frozenset()
    return frozenset(position for _, position, _ in dates)


def _read_bare_day(line: Line) -> str | None:
    if len(line.text) > _LONGEST or not any(map(str.isdigit, line.text)):
        return None
    printed = read_printed(line.text)
    if printed is None or printed.at or printed.labelled or not printed.days:
        return None
    return printed.days[0].isoformat()
