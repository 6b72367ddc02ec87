"""The tags of safe HTML: what each opens or closes, and what it means to a reader of text alone."""

import re

import msgspec

from service.markup.characters import WHITE_SPACE
from service.markup.marks import SELF
from service.markup.sanitise import ELEMENTS

# Safe HTML quotes every attribute with `"` and escapes `<` in text, so these find tags and nothing else.
TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)([^>"]*+(?:"[^"]*"[^>"]*+)*+)>')
_WHOLE_TAG = re.compile(r'(<[^>"]*+(?:"[^"]*"[^>"]*+)*+>)')
_NAME = re.compile(r"</?([a-z][a-z0-9]*)")

MARK = "\x00"
"""Begins what stands for a tag in text, which never holds it (see `characters`); a kind follows."""
BLOCK, CODE, CODE_END, ROW, CELL, CELL_END, ITEM, ITEM_END, LINE, NOTE, BACK, LINK_END = (
    MARK + kind for kind in "bpqrcdijnfka"
)

_BLOCK_NAMES = """
    address article aside audio blockquote caption center details dir div dl fieldset figcaption figure footer
    h1 h2 h3 h4 h5 h6 header hgroup hr main menu nav ol p picture section summary table ul video
"""
_OPENING = {
    **dict.fromkeys(_BLOCK_NAMES.split(), BLOCK),
    **dict.fromkeys(("li", "dt", "dd"), ITEM),
    **dict.fromkeys(("td", "th"), CELL),
    "br": LINE,
    "pre": CODE,
    "tr": ROW,
}
_ENDS = {ITEM: ITEM_END, CELL: CELL_END, CODE: CODE_END}
_FOOTNOTE = f'href="{SELF}#fn-'
_BACKWARD = f'href="{SELF}#fnref-'

ALONE = frozenset({"area", "base", "br", "col", "hr", "img", "source", "track", "wbr"})
"""The elements that hold nothing and have no closing tag (HTML §13.1.2)."""


class Tag(msgspec.Struct, frozen=True, gc=False):
    """A tag as safe HTML has it, which opens (1) or closes (-1) the element `name`, or is all of it (0).

    `mark` is what stands for it in text: "" for one that text does not show.
    """

    written: str
    name: str
    step: int
    mark: str


def opening(name: str, attributes: str = "") -> Tag:
    """The tag that opens `name`; each of `attributes`, as safe HTML has them, follows a space."""
    mark = _OPENING.get(name, "")
    if name == "a" and "#fn" in attributes:
        mark = BACK if _BACKWARD in attributes else NOTE if _FOOTNOTE in attributes else ""
    return Tag(f"<{name}{attributes}>", name, 0 if name in ALONE else 1, mark)


def closing(name: str) -> Tag:
    """The tag that closes `name`."""
    mark = _OPENING.get(name, "")
    return Tag(f"</{name}>", name, -1, _ENDS.get(mark, mark))


BARE = {tag.written: tag for tag in map(opening, ELEMENTS)}
"""Every tag without attributes, by how it is written."""
BARE |= {tag.written: tag for tag in map(closing, ELEMENTS - ALONE)}


def take_apart(html: str) -> tuple[list[str], list[Tag]]:
    """Safe HTML as the texts around its tags, of which there is one more, and these."""
    if "<" not in html:
        return [html], []
    pieces = _WHOLE_TAG.split(html)
    others = set(pieces[1::2]) - BARE.keys()
    known = BARE | {written: _read(written) for written in others} if others else BARE
    return pieces[::2], [known[written] for written in pieces[1::2]]


def _read(written: str) -> Tag:
    name = _NAME.match(written)
    return opening(name[1], written[name.end() : -1]) if name else Tag(written, "", 0, "")


def put_together(texts: list[str], tags: list[Tag]) -> str:
    """The safe HTML that these make."""
    return interleave(texts, [tag.written for tag in tags]).strip(WHITE_SPACE)


def interleave(texts: list[str], between: list[str]) -> str:
    """The `texts` with what stands `between` each two of them, of which there is one less."""
    pieces = [""] * (len(texts) + len(between))
    pieces[::2] = texts
    pieces[1::2] = between
    return "".join(pieces)
