"""The text of an XML document of any size: its encoding, and pieces of it that a parser accepts."""

import codecs
import html.entities
import io
import re
from collections.abc import Callable
from types import TracebackType

from service.errors import ContentError
from service.importing.document import SourceDocument, document_of, unreadable
from service.markup import drop_illegal

PIECE_CHARACTERS = 65_536
MAX_ENTRY_BYTES = 50_000_000
"""How much one entry of an export or feed may take; the entry is in memory as a whole."""

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_MARK = "\ufeff"
_DECLARATION = re.compile(r"\A\s*<\?xml\b[^>]{0,200}?\?>")
_ENCODING = re.compile(rb"^\s*<\?xml\b[^>]{0,200}?\bencoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
_ENCODING_BYTES = 1000
_ROOT = re.compile(r"<([A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)(?=[\s/>])[^>]*>?")
_CLOSINGS = {"<![CDATA[": "]]>", "<!--": "-->"}
_TOKEN = re.compile(r"<!\[CDATA\[|<!--|&([A-Za-z][A-Za-z0-9]*);|&(?!#|[A-Za-z]\w*;)")
_LONGEST_OPENING = max(map(len, _CLOSINGS))
_LONGEST_ENTITY = 64
"""More than any entity of HTML has characters."""

_XML_ENTITIES = frozenset({"lt", "gt", "amp", "quot", "apos"})


def to_text(data: bytes) -> str:
    """The document as text: by its byte order mark, its declaration, UTF-8, or else Windows-1252."""
    with _open_text(document_of(data)) as file:
        return drop_illegal(file.read().removeprefix(_MARK))


def root_name(text: str) -> str | None:
    """The local name of the first element (`rss`, `feed`, `RDF`, `html`); None where there is none."""
    rest = text[:20_000]
    while True:
        rest = rest.lstrip("\ufeff \t\r\n")
        passed = re.match(
            r"<\?.*?\?>|<!--.*?-->|<!DOCTYPE(?:[^\[>]|\[[^\]]*\])*>", rest, re.DOTALL | re.IGNORECASE
        )
        if not passed:
            break
        rest = rest[passed.end() :]
    match = _ROOT.match(rest)
    return match.group(2) if match else None


class XmlPieces:
    """A document in UTF-8 for an XML parser, piece by piece.

    Entities of HTML are written as characters, and a bare `&` is escaped: feeds often contain both.
    `position` gives (bytes, line) of the beginning of what the parser has not finished with. Raises
    ContentError if the document cannot be read, or if an entry takes more than MAX_ENTRY_BYTES.
    """

    def __init__(self, document: SourceDocument, position: Callable[[], tuple[int, int]]) -> None:
        try:
            self._file = _open_text(document)
        except OSError as error:
            raise unreadable(error) from error
        self._position = position
        self._given = 0
        self._entry_began = 0
        self._rest = ""
        self._closing = ""

    def __enter__(self) -> "XmlPieces":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def begin_entry(self) -> None:
        """Count the size of an entry from here on: the one before has been read to its end."""
        self._entry_began = self._given

    def read(self, _size: int = -1, /) -> bytes:
        """The next piece; nothing at the end of the document."""
        parsed, line = self._position()
        if self._given - self._entry_began > MAX_ENTRY_BYTES:
            most = MAX_ENTRY_BYTES // 1_000_000
            raise ContentError(line, f"what begins before this line is larger than {most} MB; shorten it")
        # Expat before 2.6 reads a tag that is cut off again from its start with each piece: with pieces of
        # one size the time for a long tag grows with the square of its length.
        size = max(PIECE_CHARACTERS, (self._given - parsed) // 4)
        piece = b""
        while not piece:
            try:
                text = self._file.read(size)
            except OSError as error:
                raise unreadable(error) from error
            piece = self._escape(drop_illegal(self._without_declaration(text)), is_end=not text).encode()
            if not text:
                break
        self._given += len(piece)
        return piece

    def _without_declaration(self, text: str) -> str:
        return text if self._given else _DECLARATION.sub("", text.removeprefix(_MARK), count=1)

    def _escape(self, text: str, *, is_end: bool) -> str:
        """The text that goes on with `text`, up to where it is certain what the characters mean."""
        text = self._rest + text
        parts: list[str] = []
        start, end = 0, len(text) if is_end else _certain_end(text)
        while True:
            if self._closing:
                # What is never closed extends to the end, where the parser reports it.
                found = text.find(self._closing, start)
                if found < 0:
                    end = len(text) if is_end else max(start, len(text) - len(self._closing) + 1)
                    break
                parts.append(text[start : found + len(self._closing)])
                start = found + len(self._closing)
                self._closing = ""
            token = _TOKEN.search(text, start)
            if token is None or token.start() >= end:
                end = max(start, end)
                break
            parts += (text[start : token.start()], _replace(token))
            start = token.end()
            self._closing = _CLOSINGS.get(token.group(), "")
        parts.append(text[start:end])
        self._rest = text[end:]
        return "".join(parts)


def _open_text(document: SourceDocument) -> io.TextIOWrapper:
    """The text of a document, its byte order mark included. Raises OSError."""
    return io.TextIOWrapper(document.open(), _find_encoding(document), "replace", newline="")


def _find_encoding(document: SourceDocument) -> str:
    with document.open() as file:
        beginning = file.read(_ENCODING_BYTES)
    for mark, encoding in _BOMS:
        if beginning.startswith(mark):
            return encoding
    declared = _ENCODING.match(beginning)
    names = [declared.group(1).decode()] if declared else []
    return next((name for name in [*names, "utf-8"] if _is_encoded_as(document, name)), "cp1252")


def _is_encoded_as(document: SourceDocument, encoding: str) -> bool:
    """Whether a document is in `encoding`, perhaps cut off within its last character. Raises OSError."""
    try:
        b" ".decode(encoding)  # raises LookupError also for a codec that is not of text, such as hex
        decoder = codecs.getincrementaldecoder(encoding)()
        with document.open() as file:
            while piece := file.read(PIECE_CHARACTERS):
                decoder.decode(piece)
    except (LookupError, UnicodeError):
        return False
    return True


def _certain_end(text: str) -> int:
    """The place in `text` behind which a token may begin that goes on in the next piece."""
    entity = text.rfind("&", len(text) - min(len(text), _LONGEST_ENTITY))
    if entity >= 0 and ";" in text[entity:]:
        entity = -1
    opening = text.rfind("<", len(text) - min(len(text), _LONGEST_OPENING - 1))
    return min((place for place in (entity, opening) if place >= 0), default=len(text))


def _replace(token: re.Match[str]) -> str:
    """An entity of HTML (`&nbsp;`) as a character, a bare `&` escaped: feeds often contain both."""
    whole, name = token.group(), token.group(1)
    if whole == "&":
        return "&amp;"
    if name is None or name in _XML_ENTITIES:
        return whole
    return html.entities.html5.get(f"{name};", f"&amp;{name};")
