"""Replaces links that readers must not see by their words, in safe HTML and in its source text."""

import re
from collections.abc import Callable, Collection, Iterator
from html import unescape

import comrak
import msgspec

from service.markup.characters import SITE
from service.markup.markdown import parse_markdown, places_in
from service.markup.references import resolve
from service.markup.rendering import render
from service.model import Body

# These are rarely needed, so they are compiled when they are.
_ANCHOR = (
    rf'(?s)<a (?:[^<>"]|"[^"]*")*?href="{SITE}(?P<address>/[^"?#]*)[^"]*"(?:[^<>"]|"[^"]*")*>'
    r"(?P<words>.*?)</a>"
)
_RAW_TAG = rb"(?i)<a\s[^<>]*?\bhref\s*=\s*[\"']?([^\s\"'<>]*)[^<>]*>|</a\s*>"
# CommonMark 0.31.2 §4.7, on one line; `[^1]:` is a footnote.
_DEFINITION = r"(?m)^ {0,3}\[(?!\^)[^\]\n]+\]:[ \t]*(?:<([^<>\n]*)>|(\S+)).*\n?"


def hide_links(html: str, addresses: Collection[str]) -> str:
    """Safe HTML with the words of links to `addresses`: site-relative, without query and fragment."""
    return re.sub(
        _ANCHOR,
        lambda anchor: anchor["words"] if unescape(anchor["address"]) in addresses else anchor[0],
        html,
    )


def hide_links_of_body(body: Body, addresses: Collection[str]) -> Body:
    """`body` without its links to `addresses`: it is rendered as the HTML of `hide_links`.

    Markdown stays as written but for these links. Where a link cannot be found in it, all of it becomes
    safe HTML, as does a text in another format.
    """
    html = hide_links(render(body.text, body.format, body.base).html, addresses)
    if body.format == "markdown":
        text = _cut_links(body.text, body.base, addresses)
        if render(text, "markdown", body.base).html == html:
            return msgspec.structs.replace(body, text=text)
    return msgspec.structs.replace(body, text=html, format="html")


def _cut_links(text: str, base: str, addresses: Collection[str]) -> str:
    """The Markdown `text` with the words of its links to `addresses`, and without their definitions."""

    def is_hidden(destination: str) -> bool:
        address = resolve(unescape(destination), base) or ""
        return address.partition("#")[0].partition("?")[0] in addresses

    source = text.encode()
    document = parse_markdown(text)
    kept: list[bytes] = []
    done = 0
    for start, end in sorted(_find_marks(document, source, is_hidden)) if document else ():
        kept.append(source[done:start])
        done = end
    text = b"".join((*kept, source[done:])).decode()
    return re.sub(_DEFINITION, lambda match: "" if is_hidden(match[1] or match[2] or "") else match[0], text)


def _find_marks(
    document: comrak.AstNode, source: bytes, is_hidden: Callable[[str], bool]
) -> Iterator[tuple[int, int]]:
    """The ranges of bytes before and after the words of each hidden link."""
    place = places_in(source)
    pending = [document]
    while pending:
        node = pending.pop()
        pending += node.children
        if isinstance(node.node_value, comrak.Link) and is_hidden(node.node_value.value.url):
            start, end = place(node)
            words = [place(child) for child in node.children] or [(end, end)]
            yield start, words[0][0]
            yield words[-1][1], end
        hides_end = False
        for child in node.children:
            if not isinstance(child.node_value, comrak.HtmlInline | comrak.HtmlBlock):
                continue
            for tag in re.compile(_RAW_TAG).finditer(source, *place(child)):
                is_start = tag[1] is not None
                is_cut = is_hidden(tag[1].decode()) if is_start else hides_end
                if is_cut:
                    yield tag.span()
                hides_end = is_start and is_cut
