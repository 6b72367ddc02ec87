"""JSON of unknown origin and any size, read value by value: memory holds one of them at a time."""

import codecs
import json
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from typing import Any

from service.content.parsing.decoding import decode, find_wide_encoding
from service.errors import ContentError
from service.importing.document import SourceDocument, unreadable
from service.importing.parsing.json_values import DECODER, syntax_error
from service.markup import drop_illegal

WHOLE_BYTES = 20_000_000
"""A document up to this size may be in any encoding that `decode` knows; a larger one must be UTF-8."""

PIECE_BYTES = 1_000_000
MAX_VALUE_CHARACTERS = 20_000_000

ValuePath = tuple[str | int, ...]
"""The names of members and the numbers of items, from 0, that lead to a value."""

IsOpened = Callable[[ValuePath, str], bool]
"""Whether the value at a path, if it is a list or an object, is read in parts and not as a whole.

It is given the first character of the value, and raises ValueError if no such value may be there.
"""

_SPACE = " \t\n\r"
_LONGEST_WORD = 16
"""An error so near to the end of what was read may be a word that was read in part: `-Infinity`."""


def read_values(document: SourceDocument, is_opened: IsOpened) -> Iterator[tuple[ValuePath, Any]]:
    """Each value in the document with its path, in order; what `is_opened` comes as its members and items.

    Raises ContentError with the line of a syntax error, or of a value that is too large.
    """
    with closing(_read_pieces(document)) as pieces:
        text = _Text(pieces)
        yield from _read_value(text, (), is_opened)
        if text.peek():
            raise text.error("extra data")


def _read_value(text: "_Text", path: ValuePath, is_opened: IsOpened) -> Iterator[tuple[ValuePath, Any]]:
    opening = text.peek()
    try:
        is_read_in_parts = is_opened(path, opening) and opening in "{["
    except ValueError as error:
        raise text.fault(str(error)) from None
    if not (opening and is_read_in_parts):
        yield path, text.read_value()
        return
    text.take(opening)
    closing_bracket = "]" if opening == "[" else "}"
    number = 0
    while not (number == 0 and text.peek() == closing_bracket):
        name: str | int = number
        if opening == "{":
            if text.peek() != '"':
                raise text.error("expecting property name enclosed in double quotes")
            name = str(text.read_value())
            text.take(":")
        yield from _read_value(text, (*path, name), is_opened)
        number += 1
        if text.peek() == closing_bracket:
            break
        text.take(",")
    text.take(closing_bracket)


class _Text:
    """The text of a document: what was read of it and is not used yet, and the line at which that begins."""

    def __init__(self, pieces: Iterator[str]) -> None:
        self._pieces = pieces
        self._text = ""
        self._position = 0
        self._line = 1
        self._column = 1
        self._decode = DECODER.raw_decode

    def peek(self) -> str:
        """The next character that is no white space; "" at the end."""
        while True:
            while self._position < len(self._text):
                if self._text[self._position] not in _SPACE:
                    return self._text[self._position]
                self._position += 1
            if not self._read_more():
                return ""

    def take(self, character: str) -> None:
        """Go on behind this character, which must be the next. Raises ContentError."""
        if self.peek() != character:
            raise self.error(f"expecting {character!r}")
        self._position += 1

    def read_value(self) -> Any:
        """The next value. Raises ContentError."""
        self.peek()
        while True:
            try:
                value, end = self._decode(self._text, self._position)
            except json.JSONDecodeError as error:
                is_cut = error.msg.startswith("Unterminated") or error.pos > len(self._text) - _LONGEST_WORD
                if not (is_cut and self._read_more()):
                    raise self.error(error.msg, error.pos) from None
            except RecursionError:
                raise self.fault("the JSON is nested too deep") from None
            else:
                # Behind a number that was read in part, the decoder leaves `.`, `e` or `e+`.
                if end + 2 < len(self._text) or not self._read_more():
                    self._position = end
                    return value

    def error(self, message: str, position: int | None = None) -> ContentError:
        """The fault to report for a syntax error here, or at a position in the text."""
        return syntax_error(*self._place_of(self._position if position is None else position), message)

    def fault(self, message: str) -> ContentError:
        """The fault to report for a value that begins here."""
        line, column = self._place_of(self._position)
        return ContentError(line, f"{message} (column {column})")

    def _place_of(self, position: int) -> tuple[int, int]:
        """The line and the column of a position in the text."""
        last = self._text.rfind("\n", 0, position)
        column = position - last if last >= 0 else self._column + position
        return self._line + self._text.count("\n", 0, position), column

    def _read_more(self) -> bool:
        """Read as much again as is not used yet; whether there was more. Raises ContentError."""
        unused = self._text[self._position :]
        if len(unused) > MAX_VALUE_CHARACTERS:
            most = MAX_VALUE_CHARACTERS // 1_000_000
            raise self.fault(f"a value is longer than {most} million characters; shorten it")
        added: list[str] = []
        length = 0
        while length <= len(unused) and (piece := next(self._pieces, "")):
            added.append(piece)
            length += len(piece)
        if added:
            self._line, self._column = self._place_of(self._position)
            self._text = "".join((unused, *added))
            self._position = 0
        return bool(added)


def _read_pieces(document: SourceDocument) -> Generator[str, None, None]:
    """The text of the document in pieces, none of which is empty. Raises ContentError."""
    if document.size <= WHOLE_BYTES:
        yield decode(document.read())[0]
        return
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    line = 1
    try:
        with document.open() as file:
            while data := file.read(PIECE_BYTES):
                if find_wide_encoding(data) and line == 1:
                    raise ContentError(1, "the file is too large to be read as UTF-16; save it as UTF-8")
                text = decoder.decode(data)
                line += text.count("\n")
                if piece := drop_illegal(text):
                    yield piece
            decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise ContentError(line, f"it is not UTF-8 ({error.reason}); save the file as UTF-8") from None
    except OSError as error:
        raise unreadable(error) from error
