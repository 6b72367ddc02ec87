"""Admonitions and tabs of other converters as callouts and titles, which Markdown has.

`!!! note "Title"`, `??? tip` and `=== "Tab"` of Python-Markdown, `::: tip Title` of VuePress, VitePress,
Docusaurus and pandoc, `/// note | Title` of PyMdown.
"""

import re
from collections.abc import Sequence

import msgspec

from service.content.shortcodes.prefilter import Markers
from service.markup import CALLOUT_TYPES

_INDENTED = re.compile(
    r"""(?P<margin>[ \t]*)(?P<mark>!!!|\?\?\?\+?)[ \t]+(?P<kind>[\w-]+)(?:[ \t]+[\w-]+)*
    (?:[ \t]+"(?P<title>[^"]*)")?[ \t]*
    |(?P<tab_margin>[ \t]*)===[+!]*[ \t]+"(?P<tab>[^"]*)"[ \t]*""",
    re.VERBOSE,
)
_FENCED = re.compile(
    r"""(?P<margin>[ \t]*)(?P<mark>:{3,}|/{3,})[ \t]*
    (?:\{[ \t]*\.?(?P<braced>[A-Za-z][\w-]*)(?P<attributes>[^}]*)\}|\.?(?P<kind>[A-Za-z][\w-]*))
    (?:[ \t]*\[(?P<bracketed>(?:[^\[\]]|\[[^\[\]]*\](?:\([^()\s]*\))?)*+)\]
    |[ \t]*\|[ \t]*(?P<barred>.*?)|[ \t]+(?P<title>[^{]*?))?
    (?:[ \t]*\{[^}]*\})?[ \t]*""",
    re.VERBOSE,
)
_TITLE = re.compile(r'\btitle="([^"]*)"')
_END = re.compile(r"[ \t]*(:{3,}|/{3,})[ \t]*")
_FIRST_CHARACTERS = "!?=:/"
_BEGINNING = re.compile(r"^[ \t]*(?:!!!|\?\?\?|===[+!]*[ \t]+\"|:::|///)", re.MULTILINE)
_OPTION = re.compile(r"[ \t]{4,}[a-z]+:.*")
_CODE = re.compile(r"[ \t>]*(?:[-*+][ \t]+|\d+[.)][ \t]+)?(`{3,}+(?!.*`)|~{3,}+)")
_MOST_NESTED = 20
_WIDTH = 4


class _Container(msgspec.Struct, frozen=True):
    """A callout or tab: its lines are those from `start` to `end`, and what follows begins at `after`."""

    margin: str
    heading: str
    quotes: bool
    start: int
    end: int
    after: int


def has_admonitions(text: str, markers: Markers) -> bool:
    """Whether a line of `text`, which has these `markers`, may begin one."""
    return not markers.lines.isdisjoint(_FIRST_CHARACTERS) and bool(_BEGINNING.search(text))


def render_admonitions(text: str) -> str:
    """`text` with every admonition of a known type as a callout (`> [!note] Title`), and each tab as a title.

    Code in fences is not changed. Containers of other types stay.
    """
    return "\n".join(_render(text.split("\n"), 0))


def _render(lines: Sequence[str], depth: int) -> list[str]:
    ends = _find_ends(lines)
    rendered: list[str] = []
    code = ""
    position = 0
    while position < len(lines):
        line = lines[position]
        if mark := _CODE.match(line):
            is_end = code and mark[1].startswith(code) and not line[mark.end() :].strip("`~ \t")
            code = "" if is_end else code or mark[1]
        container = None if code or mark or depth == _MOST_NESTED else _read_container(lines, position, ends)
        if container is None:
            rendered.append(line)
            position += 1
            continue
        inner = _dedent(lines[container.start : container.end])
        prefix = container.margin + ("> " if container.quotes else "")
        rendered.append("")
        rendered += [
            f"{prefix}{inner_line}".rstrip()
            for inner_line in (*container.heading.split("\n"), *_render(_trim(inner), depth + 1))
        ]
        rendered.append("")
        position = container.after
    return rendered


def _read_container(lines: Sequence[str], position: int, ends: dict[int, int]) -> _Container | None:
    """The admonition or tab that begins on the line at `position`; None if none does."""
    line = lines[position]
    if opening := _INDENTED.fullmatch(line):
        margin = opening["margin"] if opening["tab"] is None else opening["tab_margin"]
        end = _end_of_indented(lines, position + 1, _columns(margin) + _WIDTH)
        if opening["tab"] is not None:
            has_text = end > position + 1
            heading = f"**{opening['tab']}**\n"
            return _Container(margin, heading, False, position + 1, end, end) if has_text else None
        folds = {"???": "-", "???+": "+"}.get(opening["mark"], "")
        if opening["title"] == "" and not folds:
            return _Container(margin, "", False, position + 1, end, end)
        heading = _heading(opening["kind"], opening["title"], folds) or _heading(
            "note", opening["title"] or opening["kind"].replace("-", " ").capitalize(), folds
        )
        return _Container(margin, heading, True, position + 1, end, end)
    opening = _FENCED.fullmatch(line) if position in ends else None
    if opening is None:
        return None
    named = _TITLE.search(opening["attributes"] or "")
    title = opening["bracketed"] or opening["barred"] or opening["title"] or (named[1] if named else "")
    heading = _heading(opening["kind"] or opening["braced"], title.strip())
    if not heading:
        return None
    start, end = position + 1, ends[position]
    while opening["mark"].startswith("/") and start < end and _OPTION.fullmatch(lines[start]):
        start += 1
    return _Container(opening["margin"], heading, True, start, end, end + 1)


def _heading(kind: str, title: str | None, folds: str = "") -> str:
    """The first line of a callout; "" for a type that has none."""
    name = kind.lower().removeprefix("callout-")
    if name == "details":
        return f"[!note]- {title or 'Details'}"
    return f"[!{name}]{folds} {title or ''}".strip() if name in CALLOUT_TYPES else ""


def _find_ends(lines: Sequence[str]) -> dict[int, int]:
    """The closing line of each fence of a container, by its opening line."""
    ends: dict[int, int] = {}
    opened: list[tuple[str, int]] = []
    code = ""
    for number, line in enumerate(lines):
        if mark := _CODE.match(line):
            is_end = code and mark[1].startswith(code) and not line[mark.end() :].strip("`~ \t")
            code = "" if is_end else code or mark[1]
        elif code or not line.lstrip().startswith((":::", "///")):
            continue
        elif closing := _END.fullmatch(line):
            same = [index for index, (fence, _) in enumerate(opened[-_MOST_NESTED:]) if fence == closing[1]]
            if same or (opened and opened[-1][0][0] == closing[1][0]):
                index = max(0, len(opened) - _MOST_NESTED) + same[-1] if same else len(opened) - 1
                ends[opened[index][1]] = number
                del opened[index:]
        elif opening := _FENCED.fullmatch(line):
            opened.append((opening["mark"], number))
    return ends


def _end_of_indented(lines: Sequence[str], start: int, columns: int) -> int:
    """The first line from `start` that is not indented by `columns`; blank lines before it do not count."""
    end = start
    for number in range(start, len(lines)):
        line = lines[number]
        if line.strip():
            if _columns(line[: len(line) - len(line.lstrip(" \t"))]) < columns:
                break
            end = number + 1
    return end


def _dedent(lines: Sequence[str]) -> list[str]:
    """`lines` without the indentation that all of them have that are not blank."""
    indents = [line[: len(line) - len(line.lstrip(" \t"))].expandtabs(_WIDTH) for line in lines]
    shared = min(
        (len(indent) for indent, line in zip(indents, lines, strict=True) if line.strip()), default=0
    )
    return [indent[shared:] + line.lstrip(" \t") for indent, line in zip(indents, lines, strict=True)]


def _trim(lines: list[str]) -> list[str]:
    """`lines` without blank ones at their beginning and end."""
    filled = [number for number, line in enumerate(lines) if line.strip()]
    return lines[filled[0] : filled[-1] + 1] if filled else []


def _columns(indent: str) -> int:
    return len(indent.expandtabs(_WIDTH))
