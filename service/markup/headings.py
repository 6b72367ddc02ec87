"""Headings of Markdown get an id, so that a table of contents and links from elsewhere find them."""

import re

from turbohtml import Element

from service.markup.plain_text import evened

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_NOT_IN_ANCHOR = re.compile(r"[^\w\- ]")


def anchor_headings(tree: Element) -> None:
    """Give every heading without attributes an id, each once: `A “new” vote` → `a-new-vote`.

    The ids are those GitHub gives, which most tools that write Markdown follow.
    """
    anchors = _Anchors()
    for heading in tree.iter_elements(_HEADINGS):
        attributes = heading.attrs
        name = "" if attributes else _NOT_IN_ANCHOR.sub("", evened(heading.text).lower()).replace(" ", "-")
        if name:
            attributes["id"] = anchors.once(name)


class _Anchors:
    """The ids given so far, and the next number for each that is wanted again."""

    def __init__(self) -> None:
        self._given: set[str] = set()
        self._next: dict[str, int] = {}

    def once(self, name: str) -> str:
        number = self._next.get(name, 0)
        chosen = f"{name}-{number}" if number else name
        while chosen in self._given:
            number += 1
            chosen = f"{name}-{number}"
        self._next[name] = number + 1
        self._given.add(chosen)
        return chosen
