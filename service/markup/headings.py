"""Headings of Markdown get an id, so that a table of contents and links from elsewhere find them."""

import re

from service.markup.plain_text import plain

_HEADING = re.compile(r"<h([1-6])>(.*?)</h\1>", re.DOTALL)
_NOT_IN_ANCHOR = re.compile(r"[^\w\- ]")


def anchor_headings(html: str) -> str:
    """Safe HTML in which every heading has an id, each once: `A “new” vote` → `a-new-vote`.

    The ids are those GitHub gives, which most tools that write Markdown follow.
    """
    anchors = _Anchors()
    return _HEADING.sub(anchors.tag, html)


class _Anchors:
    """The ids given so far, and the next number for each that is wanted again."""

    def __init__(self) -> None:
        self._given: set[str] = set()
        self._next: dict[str, int] = {}

    def tag(self, match: re.Match[str]) -> str:
        level, inner = match.groups()
        name = _NOT_IN_ANCHOR.sub("", plain(inner).strip().lower()).replace(" ", "-")
        return f'<h{level} id="{self._once(name)}">{inner}</h{level}>' if name else match.group()

    def _once(self, name: str) -> str:
        number = self._next.get(name, 0)
        chosen = f"{name}-{number}" if number else name
        while chosen in self._given:
            number += 1
            chosen = f"{name}-{number}"
        self._next[name] = number + 1
        self._given.add(chosen)
        return chosen
