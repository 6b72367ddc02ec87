"""Converts Markdown to HTML; raw HTML is kept as far as it is closed within its block."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate

import comrak
import msgspec

from service.markup.callouts import CALLOUT_TYPES
from service.markup.nesting import FORMATTING
from service.markup.raw_html import (
    BARRIER,
    TAG,
    Omission,
    RawHtmlScan,
    apply_edits,
    clean_raw_html,
    find_omissions,
    is_harmless,
    select_outermost,
)


def _extensions(
    *, formulas: bool, callouts: bool = False, inline_footnotes: bool = True
) -> comrak.ExtensionOptions:
    return comrak.ExtensionOptions(
        math_dollars=formulas,
        ofm_callouts=callouts,  # those of Obsidian, which GitHub's alerts are a part of
        autolink=True,
        # `**注意：**以下` is meant as bold in Chinese and Japanese, though CommonMark does not read it so.
        cjk_friendly_emphasis=True,
        description_lists=True,
        footnotes=True,
        inline_footnotes=inline_footnotes,  # `^[…]` of Pandoc and Obsidian
        strikethrough=True,
        table=True,
        tasklist=True,
    )


_EXTENSIONS = {
    (formulas, callouts): _extensions(formulas=formulas, callouts=callouts)
    for formulas in (False, True)
    for callouts in (False, True)
}
_IN_LINE = {formulas: _extensions(formulas=formulas, inline_footnotes=False) for formulas in (False, True)}
_CALLOUT = re.compile(rf">[ \t]*+\[!(?:{'|'.join(sorted(CALLOUT_TYPES))})\]", re.IGNORECASE)
# With callouts enabled, comrak takes time that grows with the square of the depth of block quotes.
_DEEP_QUOTATION = re.compile(r"(?:>[ \t]*+){100}")
# Nested ones take time that grows with the square of their number.
_MOST_INLINE_FOOTNOTES = 3000
_FORMULA = re.compile(r'<span data-math-style="(inline|display)">([^<]*)</span>')
_RENDERING = comrak.RenderOptions(unsafe_=True)  # the sanitiser checks the result

_RAW_HTML = re.compile(r"<[a-zA-Z/!?]")
# comrak builds the document tree by recursion: about 10,000 levels crash the process. Each level of blocks
# takes a character at the start of a line, each level of inline elements one in a paragraph.
_DEEP_BLOCKS = re.compile(r"^(?:[ \t>*+\-\d.):]|\[\^[^\]\s]++\]:){200}", re.MULTILINE)
_BLANK_LINE = re.compile(r"\n[ \t]*+\n")
_INLINE_MARKS = "*_~["
_MOST_INLINE_MARKS = 800

# These start an HTML block that only their end tag ends (CommonMark 0.31.2 §4.6, start condition 1).
_BLOCK_NAMES = "script|style|textarea"
_BLOCK_TAG = re.compile(
    rf"(?:^(?P<before>[ \t>*+\-\d.):]*+)<(?P<opens>{_BLOCK_NAMES})|</(?P<ends>{_BLOCK_NAMES}))(?=[\s/>])",
    re.MULTILINE | re.IGNORECASE | re.ASCII,
)
# Replaces a `<` that starts no element; text never contains it (see `characters`).
_ESCAPED = "\x03"
# Stands before a line that must not begin a block; text never contains it.
_NO_BLOCK = "\x04"


def markdown_to_html(text: str) -> tuple[str, tuple[Omission, ...]]:
    """Convert Markdown to HTML that is not safe yet, and list the raw HTML that was removed (see `raw_html`).

    Elements of raw HTML end with their block. If `$$` shows that `text` has formulas, those are TeX, and
    backslashes and asterisks in them are not Markdown. `text` has no illegal characters.
    """
    text = _end_line(text)
    extensions = _choose_extensions(text)
    html = comrak.markdown_to_html(text, extensions, None, _RENDERING)
    removed_html: tuple[Omission, ...] = ()
    if "<" in text and _RAW_HTML.search(text) and not is_harmless(html):
        html, removed_html = _convert_with_raw_html(text, extensions)
    return (_FORMULA.sub(_restore_formula, html) if extensions.math_dollars else html), removed_html


def parse_markdown(text: str) -> comrak.AstNode | None:
    """The document tree of `text` as `markdown_to_html` reads it; None if it may be too deep to build."""
    return None if _nests_deep(text) else comrak.parse_document(_end_line(text), _choose_extensions(text))


def _end_line(text: str) -> str:
    """`text` with an end of its last line: without it, comrak does not read a definition `[a]: <b>` there."""
    return text if text.endswith("\n") else f"{text}\n"


def places_in(source: bytes) -> Callable[[comrak.AstNode], tuple[int, int]]:
    """A function that tells the range of bytes of a node in the `source` of its tree."""
    line_starts = [*accumulate((len(line) + 1 for line in source.split(b"\n")), initial=0)]

    def place(node: comrak.AstNode) -> tuple[int, int]:
        start, end = node.sourcepos.start, node.sourcepos.end
        return line_starts[start.line - 1] + start.column - 1, line_starts[end.line - 1] + end.column

    return place


def _choose_extensions(text: str) -> comrak.ExtensionOptions:
    formulas = "$" in text and "$$" in text
    callouts = (
        ">" in text and "[!" in text and bool(_CALLOUT.search(text)) and not _DEEP_QUOTATION.search(text)
    )
    if text.count("^[") > _MOST_INLINE_FOOTNOTES:
        return _extensions(formulas=formulas, callouts=callouts, inline_footnotes=False)
    return _EXTENSIONS[formulas, callouts]


def inline_to_html(text: str, definitions: Iterable[str]) -> str:
    """The Markdown within a line (CommonMark 0.31.2 §6) of `text` as HTML that is not safe yet.

    `text` is one paragraph, which may begin with any tag; `definitions` are those of link references.
    """
    if _nests_deep(text):
        return text
    extensions = _IN_LINE["$$" in text]
    lines = text.replace("\n", f"\n{_NO_BLOCK}")
    text = "\n\n".join((_NO_BLOCK + lines, *definitions))
    html = comrak.markdown_to_html(text, extensions, None, _RENDERING)
    html = html.replace(_NO_BLOCK, "").strip().removeprefix("<p>").removesuffix("</p>")
    return _FORMULA.sub(_restore_formula, html)


def _convert_with_raw_html(
    text: str, extensions: comrak.ExtensionOptions
) -> tuple[str, tuple[Omission, ...]]:
    text = _escape_open_blocks(text)
    if _nests_deep(text):
        html, removed_html = clean_raw_html(comrak.markdown_to_html(text, extensions, None, _RENDERING))
    else:
        document = comrak.parse_document(text, extensions)
        removed_html = tuple(sorted(_clean_raw_html(document)))
        html = comrak.format_html(document, extensions, None, _RENDERING)
    return html.replace(_ESCAPED, "&lt;"), removed_html


def _restore_formula(match: re.Match[str]) -> str:
    mark = "$$" if match[1] == "display" else "$"
    return f"{mark}{match[2]}{mark}"


def _nests_deep(text: str) -> bool:
    """Whether the document tree may be too deep to build; some shallow ones count as deep."""
    if _DEEP_BLOCKS.search(text):
        return True
    if sum(map(text.count, _INLINE_MARKS)) < _MOST_INLINE_MARKS:
        return False
    return any(
        sum(map(block.count, _INLINE_MARKS)) >= _MOST_INLINE_MARKS for block in _BLANK_LINE.split(text)
    )


def _escape_open_blocks(text: str) -> str:
    """Escape the start tags in `text` whose HTML block has no end tag."""
    tags = list(_BLOCK_TAG.finditer(text))
    last_ends = {tag["ends"].lower(): tag.start() for tag in tags if tag["ends"]}
    parts: list[str] = []
    done = 0
    for tag in tags:
        if not tag["opens"]:
            continue
        start = tag.end("before")
        whole = TAG.match(text, start)
        if start > last_ends.get(tag["opens"].lower(), -1) or (whole and whole[3].endswith("/")):
            parts += (text[done:start], _ESCAPED)
            done = start + 1
    return "".join((*parts, text[done:])) if parts else text


def _clean_raw_html(document: comrak.AstNode) -> Iterator[Omission]:
    """Remove elements that articles must not have from the raw HTML of `document`, and yield them.

    An element that does not end among the children of its parent is text.
    """
    pending = [document]
    while pending:
        parent = pending.pop()
        raw_indexes = [index for index, child in enumerate(parent.children) if raw_html(child) is not None]
        if raw_indexes:
            yield from _clean_raw_children(parent, raw_indexes)
        pending += parent.children


def raw_html(node: comrak.AstNode) -> str | None:
    """The HTML of a raw HTML node; None for any other node."""
    value = node.node_value
    if isinstance(value, comrak.HtmlInline):
        return value.value
    return value.value.literal if isinstance(value, comrak.HtmlBlock) else None


def _clean_raw_children(parent: comrak.AstNode, raw_indexes: list[int]) -> Iterator[Omission]:
    """Like `_clean_raw_html`, for the children of one node; those at the positions `raw` are raw HTML."""
    children = parent.children
    pieces = [raw_html(children[index]) or "" for index in raw_indexes]
    inline = isinstance(children[raw_indexes[0]].node_value, comrak.HtmlInline)
    html = BARRIER.join(pieces)
    scan = RawHtmlScan(html, inline=inline)
    edits = select_outermost(scan.repairs + scan.removals)
    cleaned = apply_edits(html, edits).split(BARRIER)
    starts = list(accumulate((len(piece) + 1 for piece in pieces), initial=0))
    lines = list(accumulate((piece.count("\n") for piece in pieces), initial=1))
    removed: set[int] = set()
    for edit, omission in find_omissions(html, edits):
        first, last = (bisect_right(starts, place) - 1 for place in (edit.start, edit.end))
        removed.update(range(raw_indexes[first] + 1, raw_indexes[last]))
        line = children[raw_indexes[first]].sourcepos.start.line + omission.line - lines[first]
        yield msgspec.structs.replace(omission, line=line)
    for index, before, after in zip(raw_indexes, pieces, cleaned, strict=True):
        if before != after:
            _replace(children[index], after)
    open_names = _open_formatting(cleaned) if inline else []
    if removed or open_names:
        place = children[raw_indexes[-1]].sourcepos
        ends = [comrak.AstNode(comrak.HtmlInline(f"</{name}>"), place, parent, []) for name in open_names]
        parent.children = [*(child for index, child in enumerate(children) if index not in removed), *ends]


def _replace(node: comrak.AstNode, html: str) -> None:
    value = node.node_value
    if isinstance(value, comrak.HtmlBlock):
        node.node_value = comrak.HtmlBlock(comrak.NodeHtmlBlock(value.value.block_type, html))
    else:
        node.node_value = comrak.HtmlInline(html)


def _open_formatting(pieces: list[str]) -> list[str]:
    """The formatting elements that these tags leave open, innermost first."""
    names: list[str] = []
    for piece in pieces:
        tag = TAG.fullmatch(piece)
        name = tag[2].lower() if tag else ""
        if tag and not tag[1] and name in FORMATTING:
            names.append(name)
        elif name in names:
            names.reverse()
            names.remove(name)
            names.reverse()
    return names[::-1]
