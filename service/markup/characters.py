"""Characters that no text of ours may hold: those illegal in XML 1.0 (§2.2), our own marks among them."""

import re

WHITE_SPACE = " \t\n\r"
"""What is white space to HTML, illegal characters aside; any other space is text."""

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CONTROLS = bytes({*range(0x20)} - {*b"\t\n\r"})
_FIRST_OF_NONCHARACTERS = b"\xef"
_REFERENCE = re.compile(r"&#(?:[xX]0*([0-9a-fA-F]+)|0*([0-9]+));?")
_MOST_DIGITS = 7


def drop_illegal(text: str) -> str:
    """`text` without control characters, lone surrogates and noncharacters that XML forbids."""
    # One line that can be printed has none, which takes a moment to see; more lines need a closer look.
    if text.isprintable():
        return text
    try:
        return text if is_legal(text.encode()) else _ILLEGAL.sub("", text)
    except UnicodeEncodeError:
        return _ILLEGAL.sub("", text)


def is_legal(encoded: bytes) -> bool:
    """Whether nothing in this UTF-8 is illegal; may say no where only its characters can tell."""
    # One search for each takes less than one pass for all.
    return not any(map(encoded.__contains__, _CONTROLS)) and _FIRST_OF_NONCHARACTERS not in encoded


def drop_illegal_references(html: str) -> str:
    """`html` in which a numeric reference to an illegal character (`&#1;`) is U+FFFD instead.

    It is replaced, not removed, so that what stood around it cannot join to form another one.
    """
    return _REFERENCE.sub(_legal, html) if "&#" in html else html


def _legal(match: re.Match[str]) -> str:
    hexadecimal, decimal = match.groups()
    if len(hexadecimal or decimal) > _MOST_DIGITS:
        return "\ufffd"
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    legal = code <= 0x10FFFF and not _ILLEGAL.match(chr(code))
    return match.group() if legal else "\ufffd"
