"""Characters that are illegal in XML 1.0 (§2.2), and those of them that mark references in safe HTML."""

import re

SITE = "\x01"
SELF = "\x02"
"""The prefixes of references to this site, and within the article; text never contains them."""

WHITE_SPACE = " \t\n\r"
"""White space of HTML, without illegal characters; any other space is text."""

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# C1 controls are mostly Windows-1252 read as ISO 8859-1. They stand for its characters, as `&#128;` does in
# HTML (https://html.spec.whatwg.org/#numeric-character-reference-end-state); "" for the five undefined ones.
_C1 = {code: bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)}
_C1_CONTROL = re.compile("[\x80-\x9f]")
_CONTROLS = bytes({*range(0x20)} - {*b"\t\n\r"})
_REFERENCE = re.compile(r"&#(?:[xX]0*([0-9a-fA-F]+)|0*([0-9]+));?")
_MOST_DIGITS = 7


def drop_illegal(text: str) -> str:
    """`text` without the characters that XML 1.0 forbids (§2.2), and without C1 controls."""
    # Nearly every text passes one of these checks, which are many times faster than the pattern.
    if text.isprintable():
        return text
    try:
        encoded = text.encode()
    except UnicodeEncodeError:  # a lone surrogate
        return drop_illegal(_ILLEGAL.sub("", text))
    if b"\xc2" in encoded:  # with which C1 controls begin in UTF-8
        text = _C1_CONTROL.sub(lambda match: _C1[ord(match[0])], text)
    # One search for each control character takes less time than one pass for all.
    is_illegal = any(map(encoded.__contains__, _CONTROLS)) or "\ufffe" in text or "\uffff" in text
    return _ILLEGAL.sub("", text) if is_illegal else text


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
    if code in _C1:
        return _C1[code] or "\ufffd"
    legal = code <= 0x10FFFF and not _ILLEGAL.match(chr(code))
    return match.group() if legal else "\ufffd"
