"""The part of a text that its author marked as the excerpt."""

import re

from service.markup import TextFormat, paragraphs, render_html, summarise

_MARK = re.compile(
    r"<!--\s*(?:more|truncate|excerpt|end[-_ ]?excerpt|read[-_ ]?more)\s*-->",
    re.MULTILINE | re.IGNORECASE,
)
_DEFINITION = re.compile(r"^ {0,3}\[[^\]\n]+\]:[ \t]*\S.*$", re.MULTILINE)
_LONGEST = 500
_ALL = 1_000_000


def marked_excerpt(text: str, form: TextFormat, base: str) -> str | None:
    """The text before `<!--more-->`, `<!-- truncate -->` and the like, at most 500 characters of it."""
    mark = _MARK.search(text) if form != "text" else None
    if mark is None or not text[: mark.start()].strip():
        return None
    before = text[: mark.start()]
    if form == "markdown":
        before = "\n\n".join((before, "\n".join(_DEFINITION.findall(text, mark.end()))))
    return summarise(paragraphs(render_html(before, form, base), _ALL), _LONGEST) or None
