"""Decode the bytes of a file."""

import codecs

from service.errors import ContentError
from service.markup import drop_illegal

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ANY_MARK = tuple(mark for mark, _ in _MARKS)
# Scraped text may hold a NUL; more than one in twenty bytes is an image, or UTF-16 without a mark.
_NULS_IN_TEXT = 20


def decode(data: bytes) -> tuple[str, ContentError | None]:
    """`data` as text with `\\n` as line end and without characters that XML forbids; a note if guessed.

    UTF-8, or UTF-16 and UTF-32 with a byte order mark; anything else is read as Windows-1252 with a note.
    Raises ContentError if the bytes are not text.
    """
    text, note = as_written(data)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return drop_illegal(text), note


def as_written(data: bytes) -> tuple[str, ContentError | None]:
    """As `decode`, with all characters and line ends unchanged."""
    if data.startswith(_ANY_MARK):
        mark, encoding = next(known for known in _MARKS if data.startswith(known[0]))
        return data[len(mark) :].decode(encoding, "replace"), None
    if 0 in data and data.count(0) > len(data) // _NULS_IN_TEXT:
        raise ContentError(1, "this is not text; save it as UTF-8, or move it out of the content folder")
    try:
        return data.decode(), None
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        note = ContentError(line, "not UTF-8 from here on: read as Windows-1252; save the file as UTF-8")
        return _western(data), note


def _western(data: bytes) -> str:
    """Windows-1252; the five bytes it leaves undefined are taken as Latin-1."""
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in data)
