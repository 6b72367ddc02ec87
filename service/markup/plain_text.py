"""Plain text from safe HTML: what a reader without a browser sees."""

import re
from collections.abc import Iterator

from service.markup.characters import WHITE_SPACE
from service.markup.tags import BACK, LINK_END, MARK, NOTE, Tag, take_apart

_PARAGRAPH = re.compile(r"<p(?:\s[^>]*)?>((?:[^<]++|<(?!/p>))*+)</p>")
_SPACES = re.compile(" {2,}")
_LINE = "<br>"
# What a mark changes: how many items and how many pieces of code are open, and what parts its texts; "" is
# for what parts paragraphs.
_SHAPES = {
    "b": (0, 0, ""),
    "p": (0, 1, ""),
    "q": (0, -1, ""),
    "r": (0, 0, "\n"),
    "c": (1, 0, "\t"),
    "d": (-1, 0, "\t"),
    "i": (1, 0, "\n"),
    "j": (-1, 0, "\n"),
    "n": (0, 0, _LINE),
}
# Between two paragraphs, and between two items: most of all stretches.
_MERGED = ((f"{MARK}b\n{MARK}b", f"{MARK}b"), (f"{MARK}j\n{MARK}i", f"{MARK}r"))
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
    if NOTE in marks or BACK in marks:
        marks = [LINK_END if tag.name == "a" and tag.step < 0 else tag.mark for tag in tags]
    pieces = [""] * (len(texts) + len(marks))
    pieces[::2] = texts
    pieces[1::2] = marks
    return _read("".join(pieces))


def _read(marked: str) -> str:
    """The text that is left when marks stand for tags, each as what it parts."""
    parts: list[str] = []
    pending = ""
    for unneeded, enough in _MERGED:
        marked = marked.replace(unneeded, enough)
    for gap, text, is_code in _stretches(marked):
        if gap == _LINE:
            pending = "\n\n" if pending.startswith("\n") else "\n"
        elif len(gap) > len(pending) or (gap and pending == "\t"):
            pending = gap
        if not is_code:
            if pending or not parts or parts[-1][-1] in WHITE_SPACE:
                text = text.lstrip(WHITE_SPACE)
            text = text and _evened(text)
        if not text:
            continue
        if pending:
            if parts:
                parts[-1] = parts[-1].rstrip(" \n")
                parts.append(pending)
            pending = ""
        parts.append(_unescaped(text) if "&" in text else text)
    return "".join(parts).strip("\n").rstrip()


def _stretches(marked: str) -> Iterator[tuple[str, str, int]]:
    """Each stretch of text with what parts it from the one before, and whether it is code."""
    items = code = 0
    is_skipped = in_footnote = False
    first, *rest = marked.split(MARK)
    yield "", first, code
    for stretch in rest:
        kind, text = stretch[0], stretch[1:]
        shape = _SHAPES.get(kind)
        gap = ""
        if shape:
            deeper, coded, gap = shape
            items += deeper
            code += coded
            gap = gap or ("\n" if items else "\n\n")
        elif kind == "f":
            in_footnote = True
            text = f"[{text}"
        elif kind == "k":
            is_skipped = True
        elif in_footnote or is_skipped:
            text = f"]{text}" if in_footnote else text
            in_footnote = is_skipped = False
        yield gap, "" if is_skipped else text, code


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
