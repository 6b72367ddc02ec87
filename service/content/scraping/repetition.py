"""What stands in a page twice: a block pasted again is kept once."""

from service.content.scraping.line_buffer import Line, Sheet, width

_LONG = 80
_LONG_BLOCK = 300
_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-"})


def drop_repetition(sheet: Sheet) -> None:
    """Cut every later copy of a paragraph, or of a block of lines, that has stood before word for word.

    Short lines alone are let be (a refrain, an answer), unless they stand in a block that is long.
    """
    first: dict[str, int] = {}
    keys = [_key(line.text) for line in sheet.lines]
    lines = sheet.lines
    copies: list[tuple[int, int]] = []
    index = 0
    while index < len(keys):
        start = first.setdefault(keys[index], index)
        length = _same_run(keys, start, index) if start < index else 0
        if length and _counts(lines[index : index + length]):
            copies.append((index, length))
            index += length
        else:
            index += 1
    for index, length in copies:
        original = first[keys[index]]
        for offset in range(length):
            line, before = lines[index + offset], lines[original + offset]
            sheet.cut([line], "repetition", f"stands word for word on line {before.number}", exact=True)


def _same_run(keys: list[str], start: int, index: int) -> int:
    length = 0
    while start + length < index and index + length < len(keys):
        if keys[start + length] != keys[index + length]:
            break
        length += 1
    return length


def _counts(lines: list[Line]) -> bool:
    total = sum(width(line.text) for line in lines)
    return any(width(line.text) >= _LONG for line in lines) or (len(lines) > 5 and total >= _LONG_BLOCK)


def _key(text: str) -> str:
    return " ".join(text.translate(_QUOTES).split())
