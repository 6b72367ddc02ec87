"""Reads the lines below the text that name the author, the date or the source."""

import re
from functools import cache

from service.content.dates.date_lines import is_date_label, read_date_line
from service.content.dates.printed_dates import Printed
from service.content.scraping.credits.byline import read_byline, read_names
from service.content.scraping.lines.line_buffer import Line, LineBuffer, is_prose
from service.content.scraping.page_metadata import PageMetadata
from service.content.scraping.vocabulary import alternatives, phrase_pattern

_CREDITED_AUTHORS = re.compile(
    r"[(（]?(?:Reporting|Additional reporting|Written|Writing) by (?P<names>[^;.()]{3,120}?)(?:[;.)]|$)"
)
_AROUND_NAME = re.compile(r"\s*[(（][^()]*[)）]$|^(?:about|über|à propos de|sobre|author:)\s+", re.IGNORECASE)
_CONTACT = re.compile(
    r"(?:e-?mail|contact|kontakt)?:?\s*[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?:twitter|x|instagram|"
    r"follow)?:?\s*@\w{2,30}",
    re.IGNORECASE,
)
_LONGEST_BIOGRAPHY = 4
_REPEATED_AUTHOR = "repeats the name of an author"


def read_footer(buffer: LineBuffer, metadata: PageMetadata) -> bool:
    """Move the last line into `metadata` if it names the author, the date or the source, or cut it.

    Return whether the line was removed.
    """
    if len(buffer) < 2:
        return False
    return (
        _read_byline(buffer, metadata)
        or _read_date(buffer, metadata)
        or read_source(buffer, metadata, buffer.last)
        or _read_contributors(buffer, metadata)
        or _drop_author_details(buffer, metadata)
    )


def read_source(buffer: LineBuffer, metadata: PageMetadata, line: Line) -> bool:
    """Move a line that only names the source of the report; return whether it was moved."""
    match = _source().fullmatch(line.text.strip())
    if match is None:
        return False
    metadata.add("source", line, (match["address"] or match["name"]).strip(' .«»“”"'))
    buffer.move(line, "source", "names the publication that reported first: now the source")
    return True


def _read_byline(buffer: LineBuffer, metadata: PageMetadata) -> bool:
    last = buffer.last
    byline = read_byline(last.text)
    if byline is None:
        return False
    if set(byline.names) <= set(metadata.author_names):
        return buffer.cut([last], "byline", _REPEATED_AUTHOR)
    if metadata.authors:
        return False
    metadata.add_authors(last, byline.names)
    metadata.add_dates(last, read_date_line(" | ".join(byline.rest)) if byline.rest else ())
    buffer.move(last, "byline", "names the author: now the authors")
    return True


def _read_date(buffer: LineBuffer, metadata: PageMetadata) -> bool:
    above, last = buffer.lines[-2:]
    label = above.text if is_date_label(above.text) else ""
    dates = read_date_line(f"{label} {last.text}".strip())
    if not dates or (metadata.dates and not _is_reliable(dates, metadata)):
        return False
    metadata.add_dates(last, dates)
    buffer.move(last, "date", "is the printed date")
    if label:
        buffer.cut([above], "date", "announces the date")
    return True


def _is_reliable(dates: tuple[Printed, ...], metadata: PageMetadata) -> bool:
    """Whether each date below the text has a label, or repeats one of the header."""
    known_days = {day for _, printed in metadata.dates for day in printed.days}
    return all(printed.labelled or set(printed.days) & known_days for printed in dates)


def _read_contributors(buffer: LineBuffer, metadata: PageMetadata) -> bool:
    last = buffer.last
    if not phrase_pattern("contributor_credits").fullmatch(last.text):
        return False
    credited = _CREDITED_AUTHORS.match(last.text)
    if credited and not metadata.authors:
        metadata.add_authors(last, read_names(credited["names"]))
    return buffer.cut([last], "byline", "names contributors to the report")


def _drop_author_details(buffer: LineBuffer, metadata: PageMetadata) -> bool:
    """Cut a repeated name, an address to write to, or the biography of the author."""
    last, names = buffer.last, metadata.author_names
    if _AROUND_NAME.sub("", last.text).strip(" .") in names:
        return buffer.cut([last], "byline", _REPEATED_AUTHOR)
    if _CONTACT.fullmatch(last.text):
        return buffer.cut([last], "byline", "is an address to write to")
    describes = (_description().match(last.text, len(name)) for name in names if last.text.startswith(name))
    if any(describes):
        return buffer.cut([last], "biography", "describes the author")
    lines = buffer.lines
    for back in range(1, min(_LONGEST_BIOGRAPHY, len(lines) - 1) + 1):
        heading, *below = lines[-back:]
        if not _author_heading().fullmatch(heading.text):
            continue
        text = " ".join(line.text for line in (heading, *below))
        if any(name in text for name in names) or (not below and not is_prose(heading.text)):
            return buffer.cut([heading, *below], "biography", "describes the author")
    return False


@cache
def _source() -> re.Pattern[str]:
    return re.compile(
        rf"(?:{alternatives('source_labels')}\s?[:：]\s?|via:?\s+(?=https?:|[\w-]+\.[\w.-]+$))"
        r"(?P<name>(?P<address>https?://\S+)|[\w-]+(?:\.[\w-]+)+|[^\s.,:;!?][^.,:;!?]{1,50})\.?",
        re.IGNORECASE,
    )


@cache
def _author_heading() -> re.Pattern[str]:
    return re.compile(rf"{alternatives('author_headings')}(?::?| ?: .{{2,80}})", re.IGNORECASE)


@cache
def _description() -> re.Pattern[str]:
    """Match what follows the name of an author: `, a reporter, covers …`."""
    return re.compile(rf"\s*(?:,.{{2,80}},)?\s*{alternatives('author_verbs')}\s", re.IGNORECASE)
