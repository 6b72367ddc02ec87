"""Finds where the text of a page begins, below its header."""

from service.content.dates.date_lines import read_date_line
from service.content.scraping.boilerplate.captions import is_caption
from service.content.scraping.credits.byline import read_byline
from service.content.scraping.credits.dateline import read_dateline
from service.content.scraping.lines.line_buffer import Line, display_width, ends_sentence, is_prose

_LONGEST_TITLE = 200
_LONGEST_STANDFIRST = 400


def starts_body(
    line: Line, next_lines: list[Line], diary_dates: frozenset[int], *, has_headline: bool, has_credits: bool
) -> bool:
    """Whether the text begins with `line`: prose, unless byline, date or dateline still follow.

    `has_headline` is whether a headline may stand above, `has_credits` whether byline or date do;
    `diary_dates` are the positions of dates that belong to the text.
    """
    dateline = read_dateline(line.text)
    if dateline and (not dateline.doubtful or is_prose(line.text)):
        return True
    if not (is_prose(line.text) or (has_headline and ends_sentence(line.text))):
        return False
    if display_width(line.text) > (_LONGEST_STANDFIRST if has_headline else _LONGEST_TITLE):
        return True
    if has_headline and not has_credits and _has_dateline_below(next_lines):
        return False
    for below in next_lines:
        if below.position in diary_dates:
            return True
        if read_byline(below.text) or read_date_line(below.text):
            return False
        if is_prose(below.text):
            return True
    return True


def _has_dateline_below(next_lines: list[Line]) -> bool:
    """Whether a dateline follows, after pictures at most: the line before it is then a standfirst."""
    below = next((line for line in next_lines if not is_caption(line.text)), None)
    dateline = read_dateline(below.text) if below else None
    return dateline is not None and not dateline.doubtful
