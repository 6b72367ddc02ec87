"""Adds ids to the headings of Markdown, for tables of contents and links."""

import re

from turbohtml import Element

from service.markup.plain_text import collapse_spaces

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_NOT_IN_ANCHOR = re.compile(r"[^\w\- ]")


def anchor_headings(tree: Element) -> None:
    """Add a unique id to every heading without attributes: `A “new” vote` → `a-new-vote`.

    The ids are those of GitHub, which most Markdown tools follow.
    """
    anchors = _UniqueIds()
    for heading in tree.iter_elements(_HEADINGS):
        attributes = heading.attrs
        if attributes:
            continue
        anchor = heading_anchor(heading.text)
        if anchor:
            attributes["id"] = anchors.add(anchor)


def heading_anchor(text: str) -> str:
    """The id of the first heading with this text."""
    return _NOT_IN_ANCHOR.sub("", collapse_spaces(text).lower()).replace(" ", "-")


class _UniqueIds:
    """The ids in use, and the next number for each repeated name."""

    def __init__(self) -> None:
        self._used: set[str] = set()
        self._next: dict[str, int] = {}

    def add(self, name: str) -> str:
        number = self._next.get(name, 0)
        chosen = f"{name}-{number}" if number else name
        while chosen in self._used:
            number += 1
            chosen = f"{name}-{number}"
        self._next[name] = number + 1
        self._used.add(chosen)
        return chosen
