"""Extracts plain text from safe HTML."""

import re
from collections.abc import Iterator

from turbohtml import Element, Node, parse_fragment

from service.markup.characters import SELF, WHITE_SPACE

_SPACES = re.compile(" {2,}")
# The separators of two texts, the weakest first.
_GAPS = ("", "\t", "\n", "\n\n")
_NO_GAP, _TAB, _LINE, _PARAGRAPHS = range(len(_GAPS))
# How an element changes the numbers of open items and `pre` elements, and the separator; None separates
# paragraphs, or lines within an item.
_Shape = tuple[int, int, int | None]
_BLOCK: _Shape = (0, 0, None)
_BLOCK_NAMES = """
    address article aside audio blockquote caption center details dir div dl fieldset figcaption figure footer
    h1 h2 h3 h4 h5 h6 header hgroup hr main menu nav ol p picture section summary table ul video
"""
_BEGINNINGS: dict[str, _Shape] = {
    **dict.fromkeys(_BLOCK_NAMES.split(), _BLOCK),
    **dict.fromkeys(("li", "dt", "dd"), (1, 0, _LINE)),
    **dict.fromkeys(("td", "th"), (1, 0, _TAB)),
    "br": (0, 0, _NO_GAP),
    "pre": (0, 1, None),
    "tr": (0, 0, _LINE),
}
_ENDS: dict[str, _Shape] = {
    name: (-items, -code, gap) for name, (items, code, gap) in _BEGINNINGS.items() if name != "br"
}
# Elements of a paragraph that affect its text.
_PARTING = f'br, audio, picture, video, a[href^="{SELF}#fn"]'
_NOTE = f"{SELF}#fn-"
_BACK = f"{SELF}#fnref-"


def plain(html: str) -> str:
    """The text of safe HTML: blank lines between blocks, one line an item or row, code unchanged."""
    return text_of(parse_fragment(html, positions=False))


def first_paragraphs(tree: Element, least: int) -> str:
    """The text of the first `<p>` elements in a tree of safe HTML; titles of callouts are none.

    It has at least `least` characters if there are so many.
    """
    texts: list[str] = []
    length = 0
    for paragraph in tree.iter_elements("p"):
        text = "" if paragraph.has_class("callout-title") else text_of(paragraph)
        if text:
            texts.append(text)
            length += len(text)
        if length >= least:
            break
    return "\n\n".join(texts)


def text_of(tree: Element) -> str:
    """Like `plain`, of a tree of safe HTML."""
    extractor = _TextExtractor()
    extractor.read(tree)
    return extractor.text()


def collapse_spaces(text: str) -> str:
    """Collapse white space to single spaces; one pattern for all white space takes ten times as long."""
    text = text.strip(WHITE_SPACE)
    if "\n" in text:
        text = text.replace("\n", " ")
    if "\t" in text or "\r" in text:
        text = text.replace("\t", " ").replace("\r", " ")
    return _SPACES.sub(" ", text) if "  " in text else text


class _TextExtractor:
    """Collects texts and their separators in document order."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._words: list[str] = []
        self._gap = self._items = self._code = 0

    def text(self) -> str:
        self._end_text()
        return "".join(self._texts[1:]).strip("\n").rstrip()

    def read(self, tree: Element) -> None:
        # Most trees have only plain paragraphs, whose text is read at once.
        only_plain = tree.select_one(_PARTING) is None
        words = self._words
        around: list[tuple[Iterator[Node], str]] = []
        nodes, name = iter(tree), ""
        while True:
            for node in nodes:
                if not isinstance(node, Element):
                    text = node.text
                    if text != "\n" or words or self._code:
                        words.append(text)
                    continue
                tag = node.tag
                if only_plain and tag == "p":
                    self._paragraph(node.text)
                elif not only_plain and tag == "a" and (note := _note(node)) is not None:
                    words.append(note)
                else:
                    around.append((nodes, name))
                    nodes, name = iter(node), tag
                    if tag in _BEGINNINGS:
                        self._part(_BEGINNINGS[tag])
                    break
            else:
                if name in _ENDS:
                    self._part(_ENDS[name])
                if not around:
                    return
                nodes, name = around.pop()

    def _paragraph(self, text: str) -> None:
        if self._words:
            self._end_text()
        text = collapse_spaces(text)
        if text:
            gap = _LINE if self._items else _PARAGRAPHS
            self._texts += (_GAPS[max(self._gap, gap)], text)
            self._gap = gap

    def _part(self, shape: _Shape) -> None:
        """Apply the start or end of an element."""
        if self._words:
            self._end_text()
        items, code, gap = shape
        self._items += items
        self._code += code
        if gap is None:
            gap = _LINE if self._items else _PARAGRAPHS
        elif gap == _NO_GAP:  # `br`: two separate paragraphs
            gap = _LINE if self._gap < _LINE else _PARAGRAPHS
        if gap > self._gap:
            self._gap = gap

    def _end_text(self) -> None:
        text = "".join(self._words)
        self._words.clear()
        text = text.rstrip(" \n") if self._code else collapse_spaces(text)
        if text:
            self._texts += (_GAPS[self._gap], text)
            self._gap = _NO_GAP


def _note(link: Element) -> str | None:
    """The text of a link to or from a footnote; None for any other link."""
    href = link.attr("href") or ""
    if href.startswith(_NOTE):
        return f"[{link.text}]"
    return "" if href.startswith(_BACK) else None
