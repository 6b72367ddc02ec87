"""Parses a page with turbohtml, and reads and removes the text of its elements."""

import re
from collections.abc import Iterator

from turbohtml import Element, Node, Text, parse

from service.markup import flatten

_SPACE = re.compile(r"[\s\u00a0\u200b]+")
_WORD_OR_SPACE = re.compile(rf"(?P<space>{_SPACE.pattern})|[^\s\u00a0\u200b]+")
_SEPARATED = frozenset({"br", "p", "div", "li", "td", "th"})
_SILENT = frozenset({"script", "style", "noscript", "template", "svg"})


def parse_page(text: str) -> Element:
    """The `<html>` element of a page or fragment, as browsers build it (HTML §13.2).

    The tags of elements nested deeper than `markup.depth.DEEPEST` are dropped, not their text.
    """
    root = parse(flatten(text)).root
    return Element("html") if root is None else root


def iterate_elements(element: Element) -> Iterator[Element]:
    """This element and all elements within, in document order."""
    yield element
    yield from element.iter_elements()


def attribute(element: Element, name: str) -> str:
    return element.attr(name) or ""


def child_elements(element: Element) -> list[Element]:
    return [child for child in element.children if isinstance(child, Element)]


def holds(element: Element, names: frozenset[str]) -> bool:
    """Whether one of the elements within has one of these names."""
    return any(inner.tag in names for inner in element.iter_elements())


def line_of(element: Element) -> int:
    """The line of the start tag; for an element without one, that of the element around it."""
    while element.source_line is None:
        if not isinstance(element.parent, Element):
            return 1
        element = element.parent
    return element.source_line


def text_of(element: Element) -> str:
    """The text of an element, with each run of white space as one space."""
    return _SPACE.sub(
        " ", "".join(" " if node is None else node.data for node in _text_nodes(element))
    ).strip()


def _text_nodes(element: Element) -> Iterator[Text | None]:
    """The text nodes that readers see, and None where an element separates words."""
    pending: list[Node] = [element]
    while pending:
        node = pending.pop()
        if isinstance(node, Text):
            yield node
        elif isinstance(node, Element) and node.tag not in _SILENT:
            if node.tag in _SEPARATED:
                yield None
            pending.extend(reversed(node.children))


def remove_element(element: Node, root: Element) -> None:
    """Remove an element, and those around it up to `root` that are empty then."""
    while element is not root:
        parent = element.parent
        element.extract()
        if not isinstance(parent, Element) or child_elements(parent) or parent.text.strip():
            return
        element = parent


def remove_start(element: Element, length: int) -> None:
    """Remove the first `length` characters of the text of an element, counted as in `text_of`."""
    count = 0
    after_space = False
    for node in list(_text_nodes(element)):
        for match in _WORD_OR_SPACE.finditer(" " if node is None else node.data):
            if match["space"]:
                after_space = count > 0
                continue
            start = match.start()
            rest = length - count - after_space
            if node is not None and rest < len(match.group()):
                node.data = node.data[start + max(0, rest) :]
                return
            count += after_space + len(match.group())
            after_space = False
        if node is not None:
            remove_element(node, element)
