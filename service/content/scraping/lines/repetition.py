"""Removes blocks that a page repeats word for word."""

from service.content.scraping.lines.line_buffer import Line, LineBuffer, display_width

_LONG_LINE = 80
_LONG_BLOCK = 300
_MANY_LINES = 5
_PLAIN_PUNCTUATION = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-"})


def drop_repetition(buffer: LineBuffer) -> None:
    """Cut every later copy of a paragraph, or of a block of lines.

    Short lines stay (a refrain, an answer) unless they are part of a long block.
    """
    lines = buffer.lines
    keys = [_comparison_key(line.text) for line in lines]
    first: dict[str, int] = {}
    index = 0
    while index < len(keys):
        original = first.setdefault(keys[index], index)
        length = _count_equal(keys, original, index) if original < index else 0
        if not length or not _is_long(lines[index : index + length]):
            index += 1
            continue
        for line, copied in zip(lines[index : index + length], lines[original:], strict=False):
            buffer.cut([line], "repetition", f"repeats line {copied.number} word for word", exact=True)
        index += length


def _count_equal(keys: list[str], original: int, index: int) -> int:
    """How many lines from `index` on repeat those from `original` on."""
    length = 0
    while original + length < index and index + length < len(keys):
        if keys[original + length] != keys[index + length]:
            break
        length += 1
    return length


def _is_long(lines: list[Line]) -> bool:
    widths = [display_width(line.text) for line in lines]
    return max(widths) >= _LONG_LINE or (len(lines) > _MANY_LINES and sum(widths) >= _LONG_BLOCK)


def _comparison_key(text: str) -> str:
    return " ".join(text.translate(_PLAIN_PUNCTUATION).split())
