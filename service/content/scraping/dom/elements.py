"""Parses HTML into a tree whose elements know their line and their source, and writes the rest of it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

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
_LONGEST_TRUNCATED = 2000
_MARKUP = re.compile(r"<(?:/?[A-Za-z]|[!?/])")
_TAG_BEGINS = re.compile(r"</?[A-Za-z]")
_NAME = r"<(?P<closing>/?)(?P<name>[A-Za-z][^\s/>]*+)"
_TAG = re.compile(_NAME + r"""(?P<attributes>(?:[^=>]++|=\s*+(?:"[^"]*+"|'[^']*+')?+)*+)>""")
_TAG_WITHOUT_QUOTES = re.compile(_NAME + r"(?P<attributes>[^>]*+)>")
_ATTRIBUTE = re.compile(
    r"""(?P<name>[^\s/=][^\s/=]*+)(?:\s*+=\s*+(?:"(?P<double>[^"]*+)"|'(?P<single>[^']*+)'|(?P<bare>[^\s]*+)))?+"""
)
_RAW_ENDS = {name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE) for name in ("script", "style")}


class Element:
    """One element; its children are elements, and text as in the source, with character references."""

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
        """Yield this element and all elements within, in document order."""
        pending = [self]
        while pending:
            element = pending.pop()
            yield element
            pending.extend(reversed([child for child in element.children if isinstance(child, Element)]))

    def holds(self, names: frozenset[str]) -> bool:
        return any(element.name in names for element in self.elements() if element is not self)

    def text(self) -> str:
        """Return its text, with each run of white space as one space."""
        parts: list[str] = []
        pending: list[Element | str] = [self]
        while pending:
            node = pending.pop()
            if isinstance(node, str):
                parts.append(node)
            elif node.name not in {"script", "style", "noscript", "template", "svg"}:
                parts.append(" " if node.name in {"br", "p", "div", "li", "td", "th"} else "")
                pending.extend(reversed(node.children))
        return _SPACE.sub(" ", html.unescape("".join(parts))).strip()

    def remove(self) -> None:
        """Leave the element out when the page is written, and its parent if that is then empty."""
        self.removed = True

    def remove_start(self, length: int) -> None:
        """Remove the first `length` characters of its text."""
        for index, child in enumerate(self.children):
            text = (
                child.text() if isinstance(child, Element) else _SPACE.sub(" ", html.unescape(child)).lstrip()
            )
            if len(text) <= length:
                length -= len(text)
                self.children[index] = ""
            elif isinstance(child, Element):
                child.remove_start(length)
                return
            else:
                self.children[index] = html.escape(text[length:].lstrip(), quote=False)
                return


def parse_page(text: str) -> Element:
    """Return the tree of a page or fragment under a root without a name, in linear time.

    Tags are recognised as in browsers (HTML §13.2.5): a quoted value begins after `=`, comments and
    declarations are dropped, `script` and `style` hold text. A tag truncated at the end is dropped; a longer
    rest without `>`, and a `<!--` that is never closed, are text.
    """
    tree = _Tree()
    at = line = counted = 0
    last = text.rfind(">")
    last_comment = text.rfind("-->") - 2  # `<!-->` is a comment
    pattern = _TAG
    while at <= last:
        start = text.find("<", at)
        if start == -1 or start > last:
            break
        if not _MARKUP.match(text, start) or (start > last_comment and text.startswith("<!--", start)):
            tree.add(f"{text[at:start]}&lt;")
            at = start + 1
            continue
        tree.add(text[at:start])
        at = start
        if text.startswith("<!--", start):
            at = text.index("-->", start + 2) + 3
            continue
        if not _TAG_BEGINS.match(text, start):
            at = text.index(">", start) + 1
            continue
        tag = pattern.match(text, start)
        if tag is None:
            # Its quotes are unbalanced up to the end of the page. Ignore quotes from here on, since every
            # further tag would be searched to the end as well.
            pattern = _TAG_WITHOUT_QUOTES
            continue
        at = tag.end()
        name = tag["name"].lower()
        if tag["closing"]:
            tree.close(name)
            continue
        line += text.count("\n", counted, start)
        counted = start
        tree.open(Element(name, _attributes(tag["attributes"]), tag.group(), 1 + line))
        if tag.group().endswith("/>") and name not in _VOID:
            tree.close(name)
        elif name in _RAW_ENDS:
            end = _RAW_ENDS[name].search(text, at)
            content_end = end.start() if end else len(text)
            tree.add(text[at:content_end])
            at = content_end
    tree.add(_rest(text[at:]))
    return tree.root


def _rest(text: str) -> str:
    """Return the text in the rest of a page, in which no tag ends: a short tag was truncated."""
    words, bracket, tag = text.partition("<")
    if bracket and (len(tag) > _LONGEST_TRUNCATED or not _MARKUP.match(bracket + tag)):
        words += html.escape(bracket + tag, quote=False)
    return words


def _attributes(text: str) -> dict[str, str]:
    """Return the attributes of a tag by lower-case name; of two with one name, the first."""
    attributes: dict[str, str] = {}
    for attribute in _ATTRIBUTE.finditer(text):
        value = attribute["double"] or attribute["single"] or attribute["bare"] or ""
        attributes.setdefault(attribute["name"].lower(), html.unescape(value))
    return attributes


def write_inner(element: Element) -> str:
    """Return the HTML within an element."""
    return "".join(child if isinstance(child, str) else _write(child) for child in element.children)


def _write(element: Element) -> str:
    if element.removed:
        return ""
    if element.name in _VOID:
        return element.opening
    inner = write_inner(element)
    emptied = not inner.strip() and any(isinstance(child, Element) for child in element.children)
    return "" if emptied else f"{element.opening}{inner}</{element.name}>"


class _Tree:
    """Builds the tree, and closes elements where browsers close them."""

    def __init__(self) -> None:
        self.root = Element("", {}, "", 1)
        self._open = [self.root]

    def open(self, element: Element) -> None:
        if element.name in _ENDS_PARAGRAPH:
            self._end(frozenset({"p"}))
        if element.name in _CLOSES:
            self._end(_CLOSES[element.name])
        self._open[-1].add(element)
        if element.name not in _VOID and len(self._open) < _DEEPEST:
            self._open.append(element)

    def close(self, name: str) -> None:
        for index in range(len(self._open) - 1, 0, -1):
            if self._open[index].name == name:
                del self._open[index:]
                return

    def add(self, text: str) -> None:
        if text:
            self._open[-1].add(text)

    def _end(self, names: frozenset[str]) -> None:
        if self._open[-1].name in names and len(self._open) > 1:
            del self._open[-1]
