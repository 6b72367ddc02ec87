"""Lines of a scraped text as HTML: paragraphs, subheadings and verse."""

import html
import re

from service.content.scraping.line_buffer import Line, ends, is_prose, width, words
from service.content.scraping.lines import group_verse

_LONGEST = 90
_MOST_WORDS = 14
_NO_HEADING = re.compile(r"[\W_]*$|[-–—•*·“\"«‘(\[„]|https?://|.*(?:[,;:]|--|\.\.)$|.*https?://|[@#]\w")


def write_html(lines: list[Line]) -> str:
    """The lines as escaped HTML: `<p>` each, `<h2>` for subheadings, `<br>` in verse."""
    groups = group_verse(lines)
    written: list[str] = []
    for index, group in enumerate(groups):
        texts = [html.escape(line.text, quote=False) for line in group]
        if len(group) == 1 and is_heading(lines_before(groups, index), group[0], groups[index + 1 :]):
            level = max(2, group[0].heading)
            written.append(f"<h{level}>{texts[0]}</h{level}>")
        else:
            written.append(f"<p>{'<br>'.join(texts)}</p>")
    return "\n".join(written)


def lines_before(groups: list[list[Line]], index: int) -> list[Line]:
    return groups[index - 1] if index else []


def is_heading(before: list[Line], line: Line, after: list[list[Line]]) -> bool:
    """Whether a line is a subheading: short, no sentence, and running text on both sides of it."""
    if line.heading:
        return True
    text = line.text
    if ends(text) or width(text) > _LONGEST or words(text) > _MOST_WORDS or _NO_HEADING.match(text):
        return False
    if text[0].islower() or not after:
        return False
    below = after[0]
    above = not before or (len(before) == 1 and (is_prose(before[0].text) or ends(before[0].text)))
    return above and len(below) == 1 and is_prose(below[0].text)
