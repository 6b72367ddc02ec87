"""Where, below its head, the text of a page begins."""

from service.content.dates.date_lines import read_date_line
from service.content.scraping.boilerplate.captions import is_caption
from service.content.scraping.credits.byline import read_byline
from service.content.scraping.credits.dateline import read_dateline
from service.content.scraping.lines.line_buffer import Line, display_width, ends_sentence, is_prose

_LONGEST_TITLE = 200
_LONGEST_STANDFIRST = 400


def starts_body(
    line: Line, following: list[Line], diary: frozenset[int], *, headed: bool, signed: bool
) -> bool:
    """Whether the text begins with `line`: running text, unless byline, date or dateline are still to come.

    `headed` is whether a headline may stand above it, `signed` whether byline or date do; `diary` holds the
    places of dates that are of the text.
    """
    dateline = read_dateline(line.text)
    if dateline and (not dateline.doubtful or is_prose(line.text)):
        return True
    if not (is_prose(line.text) or (headed and ends_sentence(line.text))):
        return False
    limit = _LONGEST_STANDFIRST if headed else _LONGEST_TITLE
    if display_width(line.text) > limit:
        return True
    if headed and not signed and _dated_below(following):
        return False
    for ahead in following:
        if ahead.position in diary:
            return True
        if read_byline(ahead.text) or read_date_line(ahead.text):
            return False
        if is_prose(ahead.text):
            return True
    return True


def _dated_below(following: list[Line]) -> bool:
    """Whether, with nothing but a picture between, a dateline follows: what stands before is a standfirst."""
    below = next((line for line in following if not is_caption(line.text)), None)
    dateline = read_dateline(below.text) if below else None
    return dateline is not None and not dateline.doubtful
