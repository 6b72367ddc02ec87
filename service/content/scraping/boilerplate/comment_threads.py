"""Removes comments of readers that no heading announces: names, times and `Reply`, again and again."""

from service.content.dates.date_lines import read_date_line
from service.content.scraping.lines.line_buffer import Line, LineBuffer, count_words, is_prose
from service.content.scraping.vocabulary import phrase_pattern

_LEAST_COMMENTS = 2
_MOST_LINES_A_SIGN = 4
_MOST_WORDS_IN_NAME = 4


def drop_thread(buffer: LineBuffer) -> None:
    """Cut a thread of comments at the end, from the name above its first time.

    A thread has two times (or `Ann says:`) and two buttons such as `Reply`, with few lines between them.
    """
    lines = buffer.lines
    times = [_is_time(line) for line in lines]
    buttons = [bool(phrase_pattern("comment_buttons").fullmatch(line.text)) for line in lines]
    for index, is_time in enumerate(times):
        time_count, button_count = sum(times[index:]), sum(buttons[index:])
        if not is_time or min(time_count, button_count) < _LEAST_COMMENTS:
            continue
        if (time_count + button_count) * _MOST_LINES_A_SIGN < len(lines) - index:
            continue
        start = index - 1 if _has_name_above(lines, index) else index
        if any(is_prose(line.text) for line in lines[:start]):
            reason = f"is part of a thread of comments that begins on line {lines[start].number}"
            buffer.cut(lines[start:], "comments", reason)
        return


def _is_time(line: Line) -> bool:
    text = line.text
    return bool(
        phrase_pattern("comment_ages").fullmatch(text)
        or phrase_pattern("comment_authors").fullmatch(text)
        or read_date_line(text)
    )


def _has_name_above(lines: list[Line], index: int) -> bool:
    if index == 0 or phrase_pattern("comment_authors").fullmatch(lines[index].text):
        return False
    above = lines[index - 1].text
    return count_words(above) <= _MOST_WORDS_IN_NAME and not is_prose(above)
