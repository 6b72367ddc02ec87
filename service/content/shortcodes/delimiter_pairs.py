"""What stands between two marks, found in one pass over the text whatever it holds."""

import re
from collections.abc import Callable
from typing import TypeAlias

Change: TypeAlias = Callable[[re.Match[str], str, re.Match[str]], str]
Closing: TypeAlias = re.Pattern[str] | Callable[[re.Match[str]], re.Pattern[str]]


def replace_pairs(text: str, opening: re.Pattern[str], closing: Closing, change: Change) -> str:
    """`text` with each `opening`, what follows, and the next `closing` as `change` of the three has it.

    Where openings are closed by their own kind, `closing` is a function of the opening; its patterns must be
    the same objects for the same kind. An opening that is never closed stays. One pattern for both would look
    to the end of the text for each such opening.
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
    """`text` without what such marks enclose."""
    return replace_pairs(text, opening, closing, _nothing)


def _nothing(_begin: re.Match[str], _inner: str, _end: re.Match[str]) -> str:
    return ""
