"""Removes rows of share buttons: names of networks and actions, one on each line, and their counts."""

import re

from service.content.scraping.lines.line_buffer import Line, LineBuffer, is_prose
from service.content.scraping.vocabulary import phrase_pattern

_COUNT = re.compile(r"\d{1,3}(?:[.,]?\d{3})*k?|0", re.IGNORECASE)
_LEAST_BUTTONS = 2


def drop_share_buttons(buffer: LineBuffer) -> None:
    """Cut each row of two buttons or more, with the counts in it.

    Names of networks alone are a row only above or below the text; between paragraphs they may be a list.
    """
    lines = buffer.lines
    prose = [index for index, line in enumerate(lines) if is_prose(line.text)]
    start = 0
    while start < len(lines):
        end = start
        while end < len(lines) and _is_button(lines[end].text):
            end += 1
        row = lines[start:end]
        outside_text = not prose or end <= prose[0] or start > prose[-1]
        if _is_row(row, outside_text=outside_text):
            buffer.cut(row, "share", "is part of a row of buttons")
        start = max(end, start + 1)


def _is_button(text: str) -> bool:
    return bool(_is_network(text) or _is_action(text) or _COUNT.fullmatch(text))


def _is_network(text: str) -> bool:
    return bool(phrase_pattern("network_buttons").fullmatch(text))


def _is_action(text: str) -> bool:
    return bool(phrase_pattern("action_buttons").fullmatch(text))


def _is_row(row: list[Line], *, outside_text: bool) -> bool:
    networks = sum(_is_network(line.text) for line in row)
    actions = sum(_is_action(line.text) for line in row)
    return networks + actions >= _LEAST_BUTTONS and networks > 0 and (outside_text or actions > 0)
