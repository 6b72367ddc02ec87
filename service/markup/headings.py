"""Headings of Markdown get an id, so that a table of contents and links from elsewhere find them."""

import re

from service.markup.plain_text import text_of
from service.markup.tags import BARE, Tag, opening

_NOT_IN_ANCHOR = re.compile(r"[^\w\- ]")
_CLOSING = {f"<h{level}>": BARE[f"</h{level}>"] for level in range(1, 7)}


def anchor_headings(texts: list[str], tags: list[Tag]) -> None:
    """Give every heading without attributes an id, each once: `A “new” vote` → `a-new-vote`.

    The HTML is taken apart, as for `text_of`. The ids are those GitHub gives, which most tools that write
    Markdown follow.
    """
    anchors = _Anchors()
    beyond = 0
    for at in [at for at, tag in enumerate(tags) if tag.written in _CLOSING]:
        if at < beyond:
            continue
        beyond = tags.index(_CLOSING[tags[at].written], at)
        heading = text_of(texts[at + 1 : beyond + 1], tags[at + 1 : beyond])
        name = _NOT_IN_ANCHOR.sub("", heading.strip().lower()).replace(" ", "-")
        if name:
            tags[at] = opening(tags[at].name, f' id="{anchors.once(name)}"')


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
