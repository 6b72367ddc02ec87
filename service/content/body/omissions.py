"""Reports what was left out of the text of an article, with its line in the file."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from service.content.parsing.raw_article import RawArticle
from service.errors import ContentError
from service.markup import Omission

_ADVICE = "to show such a tag as text, write &lt; for its <"


def omission_notes(
    omissions: Sequence[Omission], line_of: Callable[[Omission], int]
) -> Iterator[ContentError]:
    """At most two messages: of the elements left out, at the first, and of the comments never closed.

    An omitted script is a note: most scripts are meant for the pages of the old site only.
    """
    closed = [omission for omission in omissions if not omission.unclosed]
    if closed:
        counts = Counter(_name_tag(omission) for omission in closed)
        names = ", ".join(f"{name} ({count} times)" if count > 1 else name for name, count in counts.items())
        yield ContentError(
            line_of(closed[0]), f"left out with their content: {names}; {_ADVICE}", harmless=True
        )
    unclosed = [omission for omission in omissions if omission.unclosed]
    if unclosed:
        more = f" ({len(unclosed)} such comments)" if len(unclosed) > 1 else ""
        message = f"a comment is never closed and hides what follows it; close it with -->{more}"
        yield ContentError(line_of(unclosed[0]), message)


def line_in_file(omission: Omission, raw: RawArticle, text: str) -> int:
    """The line of the file on which `omission` begins; `text` is what was made of the text of `raw`.

    Where templates changed the lines, it is the tag with the same number among those that begin alike.
    """
    if raw.text_line is None:
        return raw.line
    if raw.scraped is None:
        original = raw.text
        if text == original:
            return raw.text_line + omission.line - 1
    else:
        original = "\n".join(raw.scraped.split("\n")[raw.text_line - 1 :])
    before = "\n".join(text.split("\n")[: omission.line - 1])
    at = -1
    for _ in range(before.count(omission.source) + 1):
        at = original.find(omission.source, at + 1)
        if at < 0:
            return raw.text_line
    return raw.text_line + original.count("\n", 0, at)


def _name_tag(omission: Omission) -> str:
    """The name of an omission in a message: `<script>`."""
    return f"{omission.source}>" if omission.source[1:2].isalpha() else omission.source
