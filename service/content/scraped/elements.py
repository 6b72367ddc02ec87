"""HTML as a tree that can be cut: forgiving, in the order of the page, each element with its line."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from html.parser import HTMLParser

_VOID_WORDS = """
    area base br col embed hr img input link meta param source track wbr
"""
_VOID = frozenset(_VOID_WORDS.split())
_CLOSES = {
    "p": frozenset({"p"}),
    "li": frozenset({"li"}),
    "dt": frozenset({"dt", "dd"}),
    "dd": frozenset({"dt", "dd"}),
    "tr": frozenset({"tr", "td", "th"}),
    "td": frozenset({"td", "th"}),
    "th": frozenset({"td", "th"}),
    "option": frozenset({"option"}),
}
_ENDS_PARAGRAPH_WORDS = """
    address article aside blockquote div dl fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr main
    nav ol p pre section table ul
"""
_ENDS_PARAGRAPH = frozenset(_ENDS_PARAGRAPH_WORDS.split())
_SPACE = re.compile(r"[\s\u00a0\u200b]+")
_DEEPEST = 200
_LONGEST_TAG = 2000


class Element:
    """One element; `children` are elements, and text as it stands in the source, references not resolved."""

    def __init__(self, name: str, attributes: dict[str, str], opening: str, line: int) -> None:
        self.name = name
        self.attributes = attributes
        self.opening = opening
        self.line = line
        self.parent: Element | None = None
        self.children: list[Element | str] = []
        self.removed = False

    def add(self, child: Element | str) -> None:
        if isinstance(child, Element):
            child.parent = self
        self.children.append(child)

    def elements(self) -> Iterator[Element]:
        """This element and all within, in order."""
        waiting = [self]
        while waiting:
            element = waiting.pop()
            yield element
            waiting.extend(reversed([child for child in element.children if isinstance(child, Element)]))

    def holds(self, names: frozenset[str]) -> bool:
        return any(element.name in names for element in self.elements() if element is not self)

    def text(self) -> str:
        """The words in it, white space made single spaces."""
        parts: list[str] = []
        waiting: list[Element | str] = [self]
        while waiting:
            node = waiting.pop()
            if isinstance(node, str):
                parts.append(node)
            elif node.name not in {"script", "style", "noscript", "template", "svg"}:
                parts.append(" " if node.name in {"br", "p", "div", "li", "td", "th"} else "")
                waiting.extend(reversed(node.children))
        return _SPACE.sub(" ", html.unescape("".join(parts))).strip()

    def remove(self) -> None:
        """Leave it out when the page is written, and what then holds nothing with it."""
        self.removed = True

    def shorten(self, length: int) -> None:
        """Take `length` characters of its text off at the beginning."""
        for index, child in enumerate(self.children):
            told = (
                child.text() if isinstance(child, Element) else _SPACE.sub(" ", html.unescape(child)).lstrip()
            )
            if len(told) <= length:
                length -= len(told)
                self.children[index] = ""
            elif isinstance(child, Element):
                child.shorten(length)
                return
            else:
                self.children[index] = html.escape(told[length:].lstrip(), quote=False)
                return


def parse_page(text: str) -> Element:
    """The tree of a page or fragment, under a nameless root; in time that grows as its length does."""
    whole, rest = _without_open_end(text)
    parser = _Parser()
    parser.feed(whole)
    parser.close()
    parser.handle_data(rest)
    return parser.root


def _without_open_end(text: str) -> tuple[str, str]:
    """The text up to the last `>`, and what of the rest are words: a tag or comment there is never closed.

    For each `<` in such an end the parser would look through all of it. A short one is a tag cut off.
    """
    closed = text.rfind(">") + 1
    commented = text.rfind("-->", 0, closed) + 1
    whole = text[:commented] + text[commented:closed].replace("<!--", "&lt;!--")
    words, mark, cut = text[closed:].partition("<")
    if mark and len(cut) > _LONGEST_TAG:
        words += html.escape(mark + cut, quote=False)
    elif mark and not cut[:1].isalpha() and cut[:1] not in "/!?":
        words += f"&lt;{cut}"
    return whole, words


def write_inner(element: Element) -> str:
    """The HTML within an element."""
    return "".join(child if isinstance(child, str) else _write(child) for child in element.children)


def _write(element: Element) -> str:
    if element.removed:
        return ""
    if element.name in _VOID:
        return element.opening
    inner = write_inner(element)
    emptied = not inner.strip() and any(isinstance(child, Element) for child in element.children)
    return "" if emptied else f"{element.opening}{inner}</{element.name}>"


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.root = Element("", {}, "", 1)
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _ENDS_PARAGRAPH:
            self._close(frozenset({"p"}))
        if tag in _CLOSES:
            self._close(_CLOSES[tag])
        element = Element(
            tag,
            {name: value or "" for name, value in attrs},
            self.get_starttag_text() or "",
            self.getpos()[0],
        )
        self._open[-1].add(element)
        if tag not in _VOID and len(self._open) < _DEEPEST:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        for index in range(len(self._open) - 1, 0, -1):
            if self._open[index].name == tag:
                del self._open[index:]
                return

    def handle_data(self, data: str) -> None:
        self._open[-1].add(data)

    def handle_entityref(self, name: str) -> None:
        self._open[-1].add(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._open[-1].add(f"&#{name};")

    def _close(self, names: frozenset[str]) -> None:
        if self._open[-1].name in names and len(self._open) > 1:
            del self._open[-1]
