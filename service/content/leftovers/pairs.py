"""What stands between two marks, found in one pass over the text whatever it holds."""

import re
from collections.abc import Callable
from typing import TypeAlias

Change: TypeAlias = Callable[[re.Match[str], str, re.Match[str]], str]


def replace_pairs(text: str, opening: re.Pattern[str], closing: re.Pattern[str], change: Change) -> str:
    """`text` with each `opening`, what follows, and the next `closing` as `change` of the three has it.

    One pattern for both would look to the end of the text for each opening that is never closed.
    """
    parts: list[str] = []
    done = 0
    for begin in opening.finditer(text):
        if begin.start() < done:
            continue
        end = closing.search(text, begin.end())
        if end is None:
            break
        parts += (text[done : begin.start()], change(begin, text[begin.end() : end.start()], end))
        done = end.end()
    return "".join((*parts, text[done:]))


def drop_pairs(text: str, opening: re.Pattern[str], closing: re.Pattern[str]) -> str:
    """`text` without what such marks enclose."""
    return replace_pairs(text, opening, closing, _nothing)


def _nothing(_begin: re.Match[str], _inner: str, _end: re.Match[str]) -> str:
    return ""
