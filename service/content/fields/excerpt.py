"""The part of a text that is marked as its excerpt."""

import re

from service.markup import TextFormat, paragraphs, render_html, summarise

_MARK = re.compile(
    r"<!--\s*(?:more|truncate|excerpt|end[-_ ]?excerpt|read[-_ ]?more|pelican_end_summary)\s*-->",
    re.MULTILINE | re.IGNORECASE,
)
_DEFINITION = re.compile(r"^ {0,3}\[[^\]\n]+\]:[ \t]*\S.*$", re.MULTILINE)
_LONGEST = 500
_ALL = 1_000_000


def marked_excerpt(text: str, form: TextFormat, base: str, own: object = None) -> str | None:
    """The text before `<!--more-->`, `<!-- truncate -->` and the like, at most 500 characters of it.

    `own` is the mark that the article or its blog chose, if it is not the end of a paragraph (`\n\n`).
    """
    if form == "text":
        return None
    if isinstance(own, str) and own not in {"", "\n", "\n\n"} and own in text:
        before, _, after = text.lstrip("\n").partition(own)
    elif "<!--" in text and (mark := _MARK.search(text)):
        before, after = text[: mark.start()], text[mark.end() :]
    else:
        return None
    if not before.strip():
        return None
    if form == "markdown":
        # The pattern stops at every line, and most texts have no such link.
        definitions = _DEFINITION.findall(after) if "]:" in after else []
        before = "\n\n".join((before, "\n".join(definitions)))
    return summarise(paragraphs(render_html(before, form, base), _ALL), _LONGEST) or None
