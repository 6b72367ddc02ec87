"""Writes into the source of a text where its links and pictures lead now."""

import re
from collections.abc import Iterator, Mapping
from html import unescape
from urllib.parse import urljoin

import comrak
import msgspec

from service.markup.characters import SITE
from service.markup.markdown import parse_markdown, places_in, raw_html
from service.markup.references import resolve
from service.markup.rendering import render
from service.model import Body

_IN_HTML = re.compile(rf'\s(?:href|src|poster)="{SITE}(/[^"]*)"')
_ATTRIBUTE = re.compile(
    rb"""\s(?:href|src|poster)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+))""", re.IGNORECASE
)
# CommonMark 0.31.2 §6.3, without line ends; parentheses within parentheses are rare.
_DESTINATION = rb"(?:<([^<>\n]*)>|((?:[^\s()<>\\]|\\.|\([^\s()<>]*\))+))"
_INLINE = re.compile(rb"\]\([ \t]*" + _DESTINATION)
# §4.7, on one line; `[^1]:` is a footnote.
_DEFINITION = re.compile(rb"^[ \t>]{0,9}\[(?!\^)[^\]\n]+\]:[ \t]*" + _DESTINATION, re.MULTILINE)
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")


def write_references(body: Body, html: str) -> Body:
    """`body` with the references to this site of `html`, the safe HTML made of it, where they differ.

    They are marked as in safe HTML, as are those from the root of the site. A reference whose place comrak
    does not tell, as in an inline footnote, stays as it is.
    """
    if body.format == "text" or SITE not in html:
        return body
    before, after = (
        [unescape(address) for address in _IN_HTML.findall(text)]
        for text in (render(body.text, body.format, body.base).html, html)
    )
    # The first heading is left out if it is the title.
    targets = dict(zip(reversed(before), reversed(after), strict=False))
    source = body.text.encode()
    kept: list[bytes] = []
    done = 0
    for start, end, address in sorted(_find_changed(body, source, targets)):
        if start >= done:
            kept += (source[done:start], address.encode())
            done = end
    return msgspec.structs.replace(body, text=b"".join((*kept, source[done:])).decode())


def _find_changed(body: Body, source: bytes, targets: Mapping[str, str]) -> Iterator[tuple[int, int, str]]:
    """The range of bytes of each destination to replace, and what takes its place; also of blocks of code."""
    document = parse_markdown(body.text) if body.format == "markdown" else None
    if document is None:
        yield from _in_tags(source, 0, len(source), body.base, targets)
        return
    place = places_in(source)
    pending = [document]
    while pending:
        node = pending.pop()
        pending += node.children
        start, end = place(node)
        if isinstance(node.node_value, comrak.Link | comrak.Image):
            words_end = place(node.children[-1])[1] if node.children else source.find(b"]", start, end)
            found = _INLINE.match(source, words_end, end)
            yield from _replace_destination(found, body.base, targets)
        elif isinstance(node.node_value, comrak.CodeBlock):
            yield start, end, source[start:end].decode()
        elif raw_html(node):
            yield from _in_tags(source, start, end, body.base, targets)
    for definition in _DEFINITION.finditer(source):
        yield from _replace_destination(definition, body.base, targets)


def _replace_destination(
    found: re.Match[bytes] | None, base: str, targets: Mapping[str, str]
) -> Iterator[tuple[int, int, str]]:
    if found is None:
        return
    group = 1 if found[1] is not None else 2
    written = _ESCAPE.sub(r"\1", unescape(found[group].decode()))
    if address := _present_address(written, base, targets):
        needs_brackets = group == 2 and ("(" in address or ")" in address)
        yield (*found.span(group), f"<{address}>" if needs_brackets else address)


def _in_tags(
    source: bytes, start: int, end: int, base: str, targets: Mapping[str, str]
) -> Iterator[tuple[int, int, str]]:
    for found in _ATTRIBUTE.finditer(source, start, end):
        group = found.lastindex or 0
        if address := _present_address(unescape(found[group].decode()), base, targets):
            yield (*found.span(group), address.replace("&", "&amp;").replace("'", "&#39;"))


def _present_address(written: str, base: str, targets: Mapping[str, str]) -> str | None:
    """The marked address for a reference, if it leads elsewhere than by its base, or from the root.

    One that climbs above `/files/` ends there on this site, but elsewhere, where its base is absolute, above.
    """
    written = written.removeprefix(SITE)  # where `hide_links_of_body` made HTML
    address = resolve(written, base)
    target = targets.get(address) if address and address.startswith("/") else None
    is_same = target == address and (".." not in written or urljoin(base, written) == address)
    return SITE + target if target and (not is_same or written.startswith("/")) else None
