"""Lines that are one printed date or several, or the label of one."""

import re

from service.content.dates.printed_dates import LONGEST, Printed, read_printed
from service.content.dates.vocabulary import PUBLISHED, UPDATED

_LONGEST_LABEL = 30
_PARTS = re.compile(rf"\s*[|•·;()（）–—]\s*|\s+-\s+|,?\s+(?=(?:{UPDATED.pattern}))", re.IGNORECASE)
_LABEL_ALONE = re.compile(
    rf"(?:{UPDATED.pattern}|{PUBLISHED.pattern})(?:\s(?:on|at|am|le|em|il|el|op|den))?\s?[:：]?",
    re.IGNORECASE,
)


def is_date_label(text: str) -> bool:
    """Whether `text` is only the label of a date on the next line."""
    return len(text) <= _LONGEST_LABEL and bool(_LABEL_ALONE.fullmatch(text))


def read_date_line(text: str) -> tuple[Printed, ...]:
    """The dates in a line of nothing else: `Published 3 May 2019 | Updated 4 May 2019`."""
    if len(text) > 2 * LONGEST:
        return ()
    whole = read_printed(text)
    if whole:
        return (whole,)
    parts = [part for part in _PARTS.split(text) if part and any(c.isalnum() for c in part)]
    dates: list[Printed] = []
    while parts:
        for count in range(len(parts), 0, -1):
            printed = read_printed(" ".join(parts[:count]))
            if printed:
                dates.append(printed)
                parts = parts[count:]
                break
        else:
            return ()
    return tuple(dates)
