"""Empties comments in the source of a text: notes of its author, which no page shows."""

import re
from collections.abc import Iterator

import comrak
import msgspec

from service.markup.markdown import parse_markdown, places_in, raw_html
from service.model import Body

# WHATWG HTML §13.2.5.43: `<!-->` and `<!--->` are comments, `--!>` ends one, and so does the end of the HTML.
_COMMENT = re.compile(rb"<!--(?:-?>|.*?(?:--!?>|\Z))", re.DOTALL)
_EMPTY = b"<!-- -->"
# Definitions of links that nothing can refer to; writers of Markdown take them for comments.
_NOTE = re.compile(
    rb"(?:\A|(?<=\n\n))(?: {0,3}\[(?://|comment)\]:[ \t]+(?:#|<#?>)[ \t]+"
    rb"(?:\([^()\n]*\)|\"[^\"\n]*\"|'[^'\n]*')[ \t]*(?:\n|\Z))+(?=\n|\Z)",
    re.IGNORECASE,
)


def empty_comments(body: Body) -> Body:
    """`body` with `<!-- -->` for each comment, which ends a list or a paragraph as the comment does.

    Definitions of links that are used as comments, `[//]: # (…)`, are removed. A comment in code is text.
    """
    if body.format == "text" or ("<!--" not in body.text and "]:" not in body.text):
        return body
    source = body.text.encode()
    document = parse_markdown(body.text) if body.format == "markdown" else None
    if document is None:  # HTML, or too deep for a tree
        return msgspec.structs.replace(body, text=_COMMENT.sub(_EMPTY, source).decode())
    kept: list[bytes] = []
    done = 0
    for start, end, text in sorted(_find_comments(document, source)):
        if start >= done:
            kept += (source[done:start], text)
            done = end
    return msgspec.structs.replace(body, text=b"".join((*kept, source[done:])).decode())


def _find_comments(document: comrak.AstNode, source: bytes) -> Iterator[tuple[int, int, bytes]]:
    """The range of bytes of each comment and of each block of code, and what takes its place."""
    place = places_in(source)
    not_found: set[bytes] = set()
    pending = [document]
    while pending:
        node = pending.pop()
        pending += node.children
        start, end = place(node)
        if isinstance(node.node_value, comrak.CodeBlock):
            yield start, end, source[start:end]
        elif (html := raw_html(node)) and "<!--" in html:
            if isinstance(node.node_value, comrak.HtmlBlock) or source[start:end].endswith(b">"):
                yield from ((*comment.span(), _EMPTY) for comment in _COMMENT.finditer(source, start, end))
            else:  # comrak gives a wrong place for what is in an inline footnote
                not_found.update(_COMMENT.findall(html.encode()))
    for comment in not_found:
        yield from ((*match.span(), _EMPTY) for match in re.finditer(re.escape(comment), source))
    yield from ((*note.span(), b"") for note in _NOTE.finditer(source))
