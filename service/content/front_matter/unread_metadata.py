"""Metadata in a text that is in no syntax of front matter: `<!-- draft: true -->`, or a block of Pandoc."""

import re
from collections.abc import Iterator

from service.content.front_matter.values import Entry

_MOST_LINES = 40
_MOST_CHARACTERS = 4000
_LONGEST_LINE = 300
_MARKS_ONLY = re.compile(r"[^\w<]*$")
# A heading, a comment, code in front matter's place, a title of Pandoc: text may follow, but none is above.
_NO_PROSE = re.compile(r"[#%;:—–=~+{@]|--|//|/\*|<!--|\[//\]: |\.\. |`{3}")
_CODE = re.compile(r"`{3}|~{3}|(?:export|import|const|let|var)\b")
_KEY = r"""["']?(?P<key>[^\W\d][\w-]{1,40})["']?\s*(?::{1,2}|=)\s*"""
_KEY_LINE = re.compile(rf"(?:[-*+]\s+)?[*_]{{0,2}}{_KEY}[^.!?]*(?:[.!?]\S[^.!?]*)*$")
_PAIR = re.compile(
    rf"""(?:^|(?<=[\s{{,("'#@:.;%/+*_-])){_KEY}[*_]{{0,2}}\s*["']?(?P<value>[\w][\w .-]{{0,60}}?)["']?\s*"""
    r"""(?:$|(?=[,;}\])>#"*\\]|--))"""
)
# The arguments of a shortcode of Hugo or a tag of Liquid, and attributes of kramdown.
_ARGUMENTS = re.compile(r"\{\{[<%][^{}]*[%>]\}\}|\{%[^{}]*%\}|\{:[^{}]*\}")
_CSS_HEADING = re.compile(r"#+\s+(?:display:\s*none|visibility:\s*hidden)\b")
_MARKS_BEFORE = re.compile(r"""^[^\w"']+""")
# Compiled at the first use: few texts have lines of `---`.
_FENCE_OR_BLOCK = (
    r"(?m)^ {0,3}(?:```|~~~)|^[ \t]*+\n---[ \t]*+\n((?=[^\s-])"
    r"(?:(?:[ \t]*+|[ \t#-][ \t]*+(?!--)[^\n]*+|[\w\"'][\w \"'-]{0,40}:(?:[ \t][^\n]*+)?)\n){1,40}+)"
    r"(?:---|\.\.\.)[ \t]*$"
)
_WITH_SEVERAL = ("{", "-", "<", "/", "'", '"')


def find_unread_metadata(text: str, line: int, *, has_front_matter: bool) -> Iterator[Entry]:
    """Each `key: value` above the first sentence of `text`, which begins on `line`; the value as text.

    Blocks of Pandoc count wherever they stand. Code counts only where it begins a text without front matter:
    its author may have fenced that.
    """
    yield from _find_first_lines(text, line, has_front_matter=has_front_matter)
    if "\n---\n" in text:
        yield from _find_blocks(text, line)


def _find_blocks(text: str, line: int) -> Iterator[Entry]:
    """Each `key: value` in a block of YAML between lines of `---`, or `---` and `...`, after a blank line.

    See https://pandoc.org/MANUAL.html#extension-yaml_metadata_block. A block in fenced code is no metadata.
    """
    in_code = False
    for found in re.finditer(_FENCE_OR_BLOCK, text):
        if found[1] is None:
            in_code = not in_code
        elif not in_code:
            first = line + text.count("\n", 0, found.start(1))
            for number, written in enumerate(found[1].split("\n"), first):
                if pair := _PAIR.match(written.strip()[:_LONGEST_LINE]):
                    yield Entry(pair["key"], number, pair["value"])


def _find_first_lines(text: str, line: int, *, has_front_matter: bool) -> Iterator[Entry]:
    is_first = not has_front_matter
    in_comment = is_title = False
    beginning = _ARGUMENTS.sub(_empty_braces, text[:_MOST_CHARACTERS])
    for number, written in enumerate(beginning.splitlines()[:_MOST_LINES], line):
        stripped = written.strip()[:_LONGEST_LINE]
        is_underline = stripped != "" and not stripped.strip("=-")
        if (is_title and not is_underline) or (not is_first and _CODE.match(stripped)):
            return
        is_first = is_first and not stripped
        if not (in_comment or any(known.match(stripped) for known in (_KEY_LINE, _MARKS_ONLY, _NO_PROSE))):
            if number > line or stripped.startswith("<"):
                return
            is_title = True  # unless the next line underlines it, it is a sentence
            continue
        is_title = False
        if in_comment or stripped.startswith(_WITH_SEVERAL):
            pairs = list(_PAIR.finditer(stripped))
        elif _CSS_HEADING.match(stripped):
            pairs = []
        else:
            pair = _PAIR.match(_MARKS_BEFORE.sub("", stripped))
            pairs = [pair] if pair else []
        yield from (Entry(pair["key"], number, pair["value"]) for pair in pairs)
        opened, closed = stripped.rfind("<!--"), stripped.rfind("-->")
        in_comment = opened > closed or (in_comment and closed < 0)


def _empty_braces(arguments: re.Match[str]) -> str:
    """Braces on as many lines."""
    return "{" + "\n" * arguments[0].count("\n") + "}"
