"""What some pages print below the text about who wrote it, and when."""

import re

from service.content.dates.date_lines import is_date_label, read_date_line
from service.content.dates.printed_dates import Printed
from service.content.scraping import footer_words as known
from service.content.scraping.credits.byline import read_byline, read_names
from service.content.scraping.lines.line_buffer import Line, LineBuffer, is_prose
from service.content.scraping.page_metadata import PageMetadata

_CREDIT = re.compile(
    r"[(（]?(?:Reporting|Additional reporting|Written|Writing) by (?P<names>[^;.()]{3,120}?)(?:[;.)]|$)"
)
_BRACKETS = re.compile(r"\s*[(（][^()]*[)）]$|^(?:about|über|à propos de|sobre|author:)\s+", re.IGNORECASE)
_LONGEST_BIOGRAPHY = 4


def read_footer(buffer: LineBuffer, metadata: PageMetadata) -> bool:
    """Whether the last line told of who wrote, or when: it is then out of the text."""
    if len(buffer) < 2:
        return False
    last = buffer.last
    return _signs(buffer, metadata, last) or _tells_of_author(buffer, metadata, last)


def _signs(buffer: LineBuffer, metadata: PageMetadata, last: Line) -> bool:
    byline = read_byline(last.text)
    above = buffer.lines[-2]
    label = above.text if is_date_label(above.text) else ""
    printed = read_date_line(f"{label} {last.text}".strip())
    known_names = {name for _, name in metadata.authors}
    if byline and set(byline.names) <= known_names:
        return buffer.cut([last], "byline", "names an author once more")
    if byline and not metadata.authors:
        metadata.add_authors(last, byline.names)
        metadata.add_dates(last, read_date_line(" | ".join(byline.rest)) if byline.rest else ())
        buffer.move(last, "byline", "names who wrote: now the authors")
        return True
    if printed and (not metadata.dates or _says_more(printed, metadata)):
        metadata.add_dates(last, printed)
        buffer.move(last, "date", "is the printed date")
        if label:
            buffer.cut([above], "date", "announces the date")
        return True
    if read_source(buffer, metadata, last):
        return True
    if known.CREDIT.fullmatch(last.text):
        credit = _CREDIT.match(last.text)
        if credit and not metadata.authors:
            metadata.add_authors(last, read_names(credit["names"]))
        return buffer.cut([last], "byline", "names those who worked on the report")
    return False


def read_source(buffer: LineBuffer, metadata: PageMetadata, line: Line) -> bool:
    """Whether a line says from whom the report is, and nothing else: it is then out of the text."""
    told = known.SOURCE.fullmatch(line.text.strip())
    if told is None:
        return False
    metadata.add("source", line, (told["address"] or told["name"]).strip(' .«»“”"'))
    buffer.move(line, "source", "names who reported first: now the source")
    return True


def _says_more(printed: tuple[Printed, ...], metadata: PageMetadata) -> bool:
    """Whether a date below the text says what it is of, or is that of the head once more."""
    known_days = {day for _, one in metadata.dates for day in one.days}
    return all(one.labelled or set(one.days) & known_days for one in printed)


def _tells_of_author(buffer: LineBuffer, metadata: PageMetadata, last: Line) -> bool:
    """A name that the byline has given, an address to write to, or who the author is."""
    names = [name for _, name in metadata.authors]
    if _BRACKETS.sub("", last.text).strip(" .") in names:
        return buffer.cut([last], "byline", "names an author once more")
    if known.ADDRESS.fullmatch(last.text):
        return buffer.cut([last], "byline", "is an address to write to")
    if any(known.IS_SOMEBODY.match(last.text.removeprefix(name)) for name in names if _begins(last, name)):
        return buffer.cut([last], "biography", "tells who the author is")
    lines = buffer.lines
    for back in range(1, min(_LONGEST_BIOGRAPHY, len(lines) - 1) + 1):
        heading, *below = lines[-back:]
        if not known.ABOUT_AUTHOR.fullmatch(heading.text):
            continue
        told = " ".join(line.text for line in (heading, *below))
        if any(name in told for name in names) or (not below and not is_prose(heading.text)):
            return buffer.cut([heading, *below], "biography", "tells who the author is")
    return False


def _begins(line: Line, name: str) -> bool:
    return line.text.startswith(name)
