"""Readers' comments that no heading announces: names, times and `Reply`, over and over."""

from service.content.dates.date_lines import read_date_line
from service.content.scraping import comment_words as known
from service.content.scraping.lines.line_buffer import Line, LineBuffer, count_words, is_prose

_LEAST = 2
_DENSE = 4
_LONGEST_NAME = 4


def drop_thread(buffer: LineBuffer) -> None:
    """Cut a thread of comments at the end, from the name above its first time.

    It needs two times (or `Ann says:`) and two lines that invite an answer, with little between them.
    """
    lines = buffer.lines
    signs = [_is_time(line) for line in lines]
    answers = [bool(known.ANSWER.fullmatch(line.text)) for line in lines]
    for index, sign in enumerate(signs):
        tail = len(lines) - index
        if not sign or sum(signs[index:]) < _LEAST or sum(answers[index:]) < _LEAST:
            continue
        if (sum(signs[index:]) + sum(answers[index:])) * _DENSE < tail:
            continue
        start = index - 1 if _is_name_of_reader(lines, index) else index
        if any(is_prose(line.text) for line in lines[:start]):
            why = f"is a thread of readers' words that begins on line {lines[start].number}"
            buffer.cut(lines[start:], "comments", why)
        return


def _is_time(line: Line) -> bool:
    text = line.text
    return bool(known.AGO.fullmatch(text) or known.SAYS.fullmatch(text) or read_date_line(text))


def _is_name_of_reader(lines: list[Line], index: int) -> bool:
    if index == 0 or known.SAYS.fullmatch(lines[index].text):
        return False
    return count_words(lines[index - 1].text) <= _LONGEST_NAME and not is_prose(lines[index - 1].text)
