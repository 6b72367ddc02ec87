"""Converts plain text to HTML paragraphs by its line breaks."""

import html
import re

_BLANK = re.compile(r"\n[ \t\u00a0\u3000]*(?:\n[ \t\u00a0\u3000]*)+")
_SHORT = 80
_WRAP_WIDTHS = range(40, 121)


def text_to_html(text: str) -> str:
    """Convert `text` to escaped paragraphs.

    Blank lines separate paragraphs. Within one, lines wrapped at a margin are joined, short lines (verse, an
    address) are separated by `<br>`, and long lines become paragraphs.
    """
    blocks = _BLANK.split(text.strip("\n"))
    return "\n".join(f"<p>{paragraph}</p>" for block in blocks for paragraph in _paragraphs(block))


def _paragraphs(block: str) -> list[str]:
    lines = [html.escape(line.strip(), quote=False) for line in block.split("\n") if line.strip()]
    if len(lines) < 2:
        return lines
    if _is_wrapped(lines):
        return [" ".join(lines)]
    if all(len(line) <= _SHORT for line in lines):
        return ["<br>".join(lines)]
    return lines


def _is_wrapped(lines: list[str]) -> bool:
    """Whether each line ends where the next word would have crossed the margin."""
    width = max(map(len, lines))
    if width not in _WRAP_WIDTHS:
        return False
    following = (line.split(maxsplit=1)[0] for line in lines[1:])
    return all(len(line) + 1 + len(word) > width for line, word in zip(lines, following, strict=False))
