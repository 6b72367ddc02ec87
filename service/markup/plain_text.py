"""Plain text from safe HTML: what a reader without a browser sees."""

import re

from service.markup.characters import WHITE_SPACE
from service.markup.tags import BACK, LINK_END, MARK, NOTE, Tag, interleave, take_apart

_PARAGRAPH = re.compile(r"<p(?:\s[^>]*)?>((?:[^<]++|<(?!/p>))*+)</p>")
_SPACES = re.compile(" {2,}")
# What parts two texts, the weakest first.
_GAPS = ("", "\t", "\n", "\n\n")
_NO_GAP, _TAB, _LINE, _PARAGRAPHS = range(len(_GAPS))
# What a mark changes: how many items and pieces of code are open, and the gap; None is for what parts
# paragraphs, but within an item only lines.
_SHAPES = {
    "b": (0, 0, None),
    "p": (0, 1, None),
    "q": (0, -1, None),
    "r": (0, 0, _LINE),
    "c": (1, 0, _TAB),
    "d": (-1, 0, _TAB),
    "i": (1, 0, _LINE),
    "j": (-1, 0, _LINE),
    "n": (0, 0, _NO_GAP),
}
# Between two paragraphs, and between two items: most of all stretches.
_MERGED = ((f"{MARK}b\n{MARK}b", f"{MARK}b"), (f"{MARK}j\n{MARK}i", f"{MARK}r"))
_BACKLINK = re.compile(f"{BACK}.*?{LINK_END}", re.DOTALL)
_FOOTNOTE = re.compile(f"{NOTE}([^{MARK}]*){LINK_END}")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&nbsp;", "\u00a0"), ("&amp;", "&"))


def plain(html: str) -> str:
    """The text of safe HTML: blocks apart by a blank line, items and rows on lines, code as it stands."""
    return text_of(*take_apart(html))


def paragraphs(html: str, least: int = 300) -> str:
    """The text of the first `<p>` elements of safe HTML, until there are `least` characters of it."""
    texts: list[str] = []
    for match in _PARAGRAPH.finditer(html):
        text = plain(match.group(1))
        if text:
            texts.append(text)
        if sum(map(len, texts)) >= least:
            break
    return "\n\n".join(texts)


def text_of(texts: list[str], tags: list[Tag]) -> str:
    """As `plain`, of safe HTML taken apart: each of `texts` but the first follows one of `tags`."""
    if not tags:
        return _unescaped(_evened(texts[0].lstrip(WHITE_SPACE))).rstrip()
    marks = [tag.mark for tag in tags]
    has_notes = NOTE in marks or BACK in marks
    if has_notes:
        marks = [LINK_END if tag.name == "a" and tag.step < 0 else tag.mark for tag in tags]
    marked = interleave(texts, marks)
    if has_notes:
        marked = _FOOTNOTE.sub(r"[\1]", _BACKLINK.sub("", marked)).replace(NOTE, "").replace(LINK_END, "")
    for unneeded, enough in _MERGED:
        marked = marked.replace(unneeded, enough)
    return _read(marked)


def _read(marked: str) -> str:
    """The text that is left when marks stand for tags, each as what it parts."""
    first, *stretches = marked.split(MARK)
    first = _evened(first.lstrip(WHITE_SPACE))
    parts = [_unescaped(first)] if first else []
    gap = items = code = 0
    for stretch in stretches:
        deeper, coded, parted = _SHAPES[stretch[0]]
        items += deeper
        code += coded
        if parted is None:
            parted = _LINE if items else _PARAGRAPHS
        elif parted == _NO_GAP:  # a line break: two are what parts paragraphs
            parted = _LINE if gap < _LINE else _PARAGRAPHS
        gap = max(gap, parted)
        text = stretch[1:] if code else _evened(stretch[1:].lstrip(WHITE_SPACE))
        if text:
            if parts:
                parts[-1] = parts[-1].rstrip(" \n")
                parts.append(_GAPS[gap])
            gap = _NO_GAP
            parts.append(_unescaped(text) if "&" in text else text)
    return "".join(parts).strip("\n").rstrip()


def _evened(text: str) -> str:
    """`text` with single spaces for white space; a pattern looking at every space takes ten times as long."""
    if "\n" in text:
        text = text.replace("\n", " ")
    if "\t" in text or "\r" in text:
        text = text.replace("\t", " ").replace("\r", " ")
    return _SPACES.sub(" ", text) if "  " in text else text


def _unescaped(text: str) -> str:
    """`text` with its characters for entities: safe HTML has these five only."""
    for entity, character in _ENTITIES:
        text = text.replace(entity, character)
    return text
