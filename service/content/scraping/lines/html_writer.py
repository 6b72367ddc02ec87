"""Writes the lines of a scraped text as HTML: paragraphs, subheadings and verse."""

import html
import re

from service.content.scraping.lines.line_buffer import (
    Line,
    count_words,
    display_width,
    ends_sentence,
    is_prose,
)
from service.content.scraping.lines.line_reader import group_verse

_LONGEST_HEADING = 90
_MOST_WORDS = 14
_NO_HEADING = re.compile(r"[\W_]*$|[-–—•*·“\"«‘(\[„]|https?://|.*(?:[,;:]|--|\.\.)$|.*https?://|[@#]\w")


def write_html(lines: list[Line]) -> str:
    """The lines as escaped HTML: `<p>` for each, `<h2>` for subheadings, `<br>` in verse."""
    groups = group_verse(lines)
    blocks: list[str] = []
    for index, group in enumerate(groups):
        texts = [html.escape(line.text, quote=False) for line in group]
        above = groups[index - 1] if index else []
        below = groups[index + 1] if index + 1 < len(groups) else []
        if len(group) == 1 and _is_heading(above, group[0], below):
            level = max(2, group[0].heading)
            blocks.append(f"<h{level}>{texts[0]}</h{level}>")
        else:
            blocks.append(f"<p>{'<br>'.join(texts)}</p>")
    return "\n".join(blocks)


def _is_heading(above: list[Line], line: Line, below: list[Line]) -> bool:
    """Whether a line is a subheading: short, not a sentence, with running text above and below."""
    if line.heading:
        return True
    text = line.text
    if display_width(text) > _LONGEST_HEADING or count_words(text) > _MOST_WORDS:
        return False
    if ends_sentence(text) or text[0].islower() or _NO_HEADING.match(text):
        return False
    if len(below) != 1 or not is_prose(below[0].text):
        return False
    return not above or (len(above) == 1 and (is_prose(above[0].text) or ends_sentence(above[0].text)))
