"""Splits scraped text into paragraphs, and joins lines that were wrapped at a margin."""

import re
from collections.abc import Iterator
from itertools import pairwise

from service.content.scraping.lines.line_buffer import Line, display_width, ends_sentence, is_prose

_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u2060\ufeff]")
_SPACE = re.compile(r"[ \t\u00a0\u2000-\u200a\u202f\u3000]+")
_MARGINS = range(40, 121)
_NEARLY_ALL = 0.8
_LEAST_WRAPPED = 3
_CJK_END = re.compile("[\u2e80-\ua4cf\uac00-\ud7ff\uf900-\ufaff\uff00-\uff60]$")
_LONGEST_VERSE = 80


def read_lines(text: str) -> list[Line]:
    """The lines of `text` that are not blank, in order; in wrapped text, its paragraphs."""
    blocks = list(_split_blocks(text))
    margin = _find_margin([[line for _, line in block] for block in blocks])
    lines: list[Line] = []
    for block in blocks:
        for index, (number, paragraph) in enumerate(_join_wrapped(block, margin)):
            lines.append(Line(number=number, position=len(lines), text=paragraph, starts_block=index == 0))
    return lines


def group_verse(lines: list[Line]) -> list[list[Line]]:
    """Group the short lines of one block (verse, an address, a list); every other line is a group of its own.

    Lines are grouped if no blank line separates them and every line of the block is short.
    """
    blocks: list[list[Line]] = []
    for line in lines:
        previous = blocks[-1][-1] if blocks else None
        continues = previous and not line.starts_block and previous.position == line.position - 1
        if previous and continues and not (line.heading or previous.heading):
            blocks[-1].append(line)
        else:
            blocks.append([line])
    return [
        group for block in blocks for group in ([block] if _is_verse(block) else [[line] for line in block])
    ]


def _is_verse(block: list[Line]) -> bool:
    if not all(display_width(line.text) <= _LONGEST_VERSE for line in block):
        return False
    return len(block) == 1 or 2 * sum(is_prose(line.text) for line in block) < len(block)


def _split_blocks(text: str) -> Iterator[list[tuple[int, str]]]:
    block: list[tuple[int, str]] = []
    for number, raw in enumerate(text.split("\n"), start=1):
        line = _SPACE.sub(" ", _INVISIBLE.sub("", raw)).strip()
        if line:
            block.append((number, line))
        elif block:
            yield block
            block = []
    if block:
        yield block


def _find_margin(blocks: list[list[str]]) -> int:
    """The width at which the text is wrapped; 0 if it is not.

    Text is wrapped if nearly every line that ends within a sentence had no room for the next word.
    """
    widest = max((len(line) for block in blocks for line in block), default=0)
    if widest not in _MARGINS:
        return 0
    pairs = [
        (line, next_line)
        for block in blocks
        for line, next_line in pairwise(block)
        if not ends_sentence(line)
    ]
    full = sum(not _has_room(line, next_line, widest) for line, next_line in pairs)
    return widest if len(pairs) >= _LEAST_WRAPPED and full >= _NEARLY_ALL * len(pairs) else 0


def _has_room(line: str, next_line: str, margin: int) -> bool:
    return len(line) + 1 + len(next_line.split(maxsplit=1)[0]) <= margin


def _join_wrapped(block: list[tuple[int, str]], margin: int) -> Iterator[tuple[int, str]]:
    number, paragraph = block[0]
    previous = paragraph
    for next_number, line in block[1:]:
        continues = (
            line[:1].islower() and not ends_sentence(previous) and len(previous) > _NEARLY_ALL * margin
        )
        if margin and (continues or not _has_room(previous, line, margin)):
            paragraph += line if _CJK_END.search(paragraph) or _is_split_word(paragraph, line) else f" {line}"
        else:
            yield number, paragraph
            number, paragraph = next_number, line
        previous = line
    yield number, paragraph


def _is_split_word(paragraph: str, line: str) -> bool:
    """Whether a compound is split over both lines: `well-` and `known`."""
    return bool(re.search(r"\w-$", paragraph)) and line[:1].islower()
