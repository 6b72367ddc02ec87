"""Replacement of text between pairs of delimiters in one pass, linear for any text."""

import re
from collections.abc import Callable
from typing import TypeAlias

Change: TypeAlias = Callable[[re.Match[str], str, re.Match[str]], str]
Closing: TypeAlias = re.Pattern[str] | Callable[[re.Match[str]], re.Pattern[str]]


def replace_pairs(text: str, opening: re.Pattern[str], closing: Closing, change: Change) -> str:
    """`text` with each `opening`, what follows, and the next `closing` replaced by `change` of the three.

    `closing` may be a function of the opening; it must give the same pattern object for openings of one kind.
    An opening that is never closed stays. A single pattern for a pair would search to the end of the text for
    each of these.
    """
    parts: list[str] = []
    done = 0
    never_closed: set[re.Pattern[str]] = set()
    for begin in opening.finditer(text):
        if begin.start() < done:
            continue
        pattern = closing if isinstance(closing, re.Pattern) else closing(begin)
        end = None if pattern in never_closed else pattern.search(text, begin.end())
        if end is None:
            never_closed.add(pattern)
            continue
        parts += (text[done : begin.start()], change(begin, text[begin.end() : end.start()], end))
        done = end.end()
    return "".join((*parts, text[done:]))


def drop_pairs(text: str, opening: re.Pattern[str], closing: Closing) -> str:
    """`text` without these pairs and the text between them."""
    return replace_pairs(text, opening, closing, lambda *_: "")
