"""Scraped text as lines: one for each paragraph, whatever the scraper did to them."""

import re
from collections.abc import Iterator
from itertools import pairwise

from service.content.scraping.line_buffer import Line, ends, is_prose, width

_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u2060\ufeff]")
_SPACE = re.compile(r"[ \t\u00a0\u2000-\u200a\u202f\u3000]+")
_MARGINS = range(40, 121)
_MOSTLY = 0.8
_CJK_END = re.compile("[\u2e80-\ua4cf\uac00-\ud7ff\uf900-\ufaff\uff00-\uff60]$")
_SHORT = 80


def read_lines(text: str) -> list[Line]:
    """The lines of `text` that are not blank, in order; where it is wrapped at a margin, its paragraphs."""
    blocks = list(_blocks(text))
    margin = _margin([[told for _, told in block] for block in blocks])
    found: list[Line] = []
    for block in blocks:
        for index, (number, parts) in enumerate(_joined(block, margin)):
            found.append(Line(number=number, place=len(found), text=parts, gap=index == 0))
    return found


def group_verse(lines: list[Line]) -> list[list[Line]]:
    """Lines that are the short lines of one paragraph (verse, an address, a list) together, else each alone.

    Lines belong together where no blank line parts them and every one of the block is short.
    """
    groups: list[list[Line]] = []
    for line in lines:
        follows = groups and not line.gap and groups[-1][-1].place == line.place - 1
        if follows and not (line.heading or groups[-1][-1].heading):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [part for group in groups for part in ([group] if _is_verse(group) else [[one] for one in group])]


def _is_verse(group: list[Line]) -> bool:
    short = all(width(line.text) <= _SHORT for line in group)
    return short and (len(group) == 1 or 2 * sum(is_prose(line.text) for line in group) < len(group))


def _blocks(text: str) -> Iterator[list[tuple[int, str]]]:
    block: list[tuple[int, str]] = []
    for number, raw in enumerate(text.split("\n"), start=1):
        told = _SPACE.sub(" ", _INVISIBLE.sub("", raw)).strip()
        if told:
            block.append((number, told))
        elif block:
            yield block
            block = []
    if block:
        yield block


def _margin(blocks: list[list[str]]) -> int:
    """The width at which the text is wrapped; 0 where it is not.

    It is where nearly every line that ends within a sentence ends because the next word had no room.
    """
    widest = max((len(told) for block in blocks for told in block), default=0)
    if widest not in _MARGINS:
        return 0
    pairs = [(one, other) for block in blocks for one, other in pairwise(block) if not ends(one)]
    full = sum(1 for one, other in pairs if not _has_room(one, other, widest))
    return widest if len(pairs) >= 3 and full >= _MOSTLY * len(pairs) else 0


def _has_room(line: str, following: str, margin: int) -> bool:
    return len(line) + 1 + len(following.split(maxsplit=1)[0]) <= margin


def _joined(block: list[tuple[int, str]], margin: int) -> Iterator[tuple[int, str]]:
    number, text = block[0]
    last = text
    for following, told in block[1:]:
        goes_on = told[:1].islower() and not ends(last) and len(last) > _MOSTLY * margin
        if margin and (goes_on or not _has_room(last, told, margin)):
            text += told if _CJK_END.search(text) or _is_split(text, told) else f" {told}"
        else:
            yield number, text
            number, text = following, told
        last = told
    yield number, text


def _is_split(text: str, told: str) -> bool:
    """Whether a compound stands on both lines: `well-` and `known`."""
    return bool(re.search(r"\w-$", text)) and told[:1].islower()
