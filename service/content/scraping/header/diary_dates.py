"""Dates that head the parts of a text, as in a diary: they do not say when it was published."""

from service.content.dates.printed_dates import read_printed
from service.content.scraping.lines.line_buffer import Line, LineBuffer, is_prose

_LONGEST = 40
_LEAST = 2


def find_diary_dates(buffer: LineBuffer) -> frozenset[int]:
    """The places of bare dates that have a paragraph of their own, where one stands between two paragraphs.

    A date with a time of day, or with a word that says what it is of, is none.
    """
    lines = buffer.lines
    heads = [
        (index, line.position, day)
        for index, line in enumerate(lines[:-1])
        if is_prose(lines[index + 1].text) and (day := _bare_day(line))
    ]
    between = any(index > 0 and is_prose(lines[index - 1].text) for index, _, _ in heads)
    if not between or len({day for _, _, day in heads}) < _LEAST:
        return frozenset()
    return frozenset(place for _, place, _ in heads)


def _bare_day(line: Line) -> str | None:
    if len(line.text) > _LONGEST or not any(map(str.isdigit, line.text)):
        return None
    printed = read_printed(line.text)
    if printed is None or printed.at or printed.labelled or not printed.days:
        return None
    return printed.days[0].isoformat()
