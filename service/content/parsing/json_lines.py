"""JSON Lines: a file of any size, read in parts of whole lines; each line is an article of its own."""

import codecs
import os
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from service.content.parsing.decoding import find_wide_encoding
from service.content.records import FilePart
from service.errors import ContentError, UnreadableFile, reason_of

PART_BYTES = 1_000_000
MAX_LINE_BYTES = 20_000_000

_ARRAY = (
    "this is one JSON array, but JSON Lines has an object on each line; convert it with `jq -c '.[]' FILE`"
)
_INDENTED = (
    "a JSON object takes several lines, but JSON Lines has one on each; convert it with `jq -c . FILE`"
)
_UNFINISHED = (b",", b"{", b"[", b":")


def is_json_lines(path: str) -> bool:
    return path.lower().endswith(".jsonl")


def unknown_lines(part: FilePart, data: bytes) -> Iterator[tuple[int, bytes]]:
    """(number of the line, its bytes) of every line in the `data` of `part` that is to be parsed."""
    for place, line in enumerate(split_lines(data)):
        if place not in part.known:
            yield part.first_line + place, line


def split_lines(data: bytes) -> list[bytes]:
    """The lines in `data`, which end in `\\n`, `\\r\\n` or `\\r`."""
    if encoding := find_wide_encoding(data):  # its lines do not end in a byte of their own
        data = data.decode(encoding, "replace").removeprefix("\ufeff").encode()
    return data.splitlines()


def read_parts(
    root: Path, path: str, part_bytes: int | None = None
) -> Generator[tuple[FilePart, bytes], None, None]:
    """The lines of the `.jsonl` file at `path` below `root`, in parts, each with its bytes.

    Of a line that is longer than MAX_LINE_BYTES a part holds the beginning only. Raises UnreadableFile, and
    ContentError for a large file in UTF-16 or UTF-32 and for JSON that is not in lines.
    """
    offset, first_line, has_lines = 0, 1, False
    with _opened(root, path) as descriptor:
        size = os.fstat(descriptor).st_size
        if find_wide_encoding(os.pread(descriptor, 4, 0)):
            if size > MAX_LINE_BYTES:
                raise ContentError(1, "the file is too large to be read as UTF-16; save it as UTF-8")
            data = os.pread(descriptor, size, 0)
            lines = split_lines(data)
            _require_lines(lines, 1, is_end=True)
            yield FilePart(path, len(data), lines=len(lines)), data
            return
        while data := _read_whole_lines(descriptor, offset, part_bytes or PART_BYTES):
            lines = split_lines(data)
            if not has_lines and data.removeprefix(codecs.BOM_UTF8).strip():
                _require_lines(lines, first_line, is_end=offset + len(data) >= size)
                has_lines = True
            yield FilePart(path, len(data), offset, first_line, len(lines)), data
            first_line += len(lines)
            offset += len(data)
            if len(data) > MAX_LINE_BYTES:
                offset = _find_line_end(descriptor, offset)


def _require_lines(lines: list[bytes], first_line: int, *, is_end: bool) -> None:
    """Raise ContentError if the first of `lines` begins an array, or an object that takes several lines.

    An array on one line is a file that is no JSON Lines only if it has no other line.
    """
    stripped = (line.removeprefix(codecs.BOM_UTF8).strip() for line in lines)
    filled = [(number, line) for number, line in enumerate(stripped, first_line) if line]
    number, line = filled[0]
    if line.startswith(b"[") and ((is_end and len(filled) == 1) or not _is_json(line)):
        raise ContentError(number, _ARRAY)
    if line.startswith(b"{") and line.endswith(_UNFINISHED) and not _is_json(line.removesuffix(b",")):
        raise ContentError(number, _INDENTED)


def _is_json(line: bytes) -> bool:
    try:
        msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False
    return True


def read_part(root: Path, part: FilePart) -> bytes:
    """The bytes of a part that `read_parts` found. Raises UnreadableFile."""
    with _opened(root, part.path) as descriptor:
        return os.pread(descriptor, part.size, part.offset)


@contextmanager
def _opened(root: Path, path: str) -> Iterator[int]:
    """A descriptor of the file, and no file object: that would warn if the garbage collector closed it."""
    try:
        descriptor = os.open(root / path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            yield descriptor
        finally:
            os.close(descriptor)
    except OSError as error:
        reason = reason_of(error)
        raise UnreadableFile(f"cannot be read: {reason}") from error


def _read_whole_lines(descriptor: int, offset: int, part_bytes: int) -> bytes:
    """About `part_bytes` from `offset` on, up to the end of a line; more where a line is longer."""
    data = b""
    while len(data) <= MAX_LINE_BYTES:
        block = os.pread(descriptor, part_bytes, offset + len(data))
        if not block:
            return data
        end = block.rfind(b"\n") + 1
        data += block
        if end:
            return data[: len(data) - len(block) + end]
        if end := data.rfind(b"\r", 0, -1) + 1:
            return data[:end]
    return data[: MAX_LINE_BYTES + 1]


def _find_line_end(descriptor: int, offset: int) -> int:
    """The offset at which the line that goes on at `offset` has ended; a part may begin there."""
    while block := os.pread(descriptor, PART_BYTES, offset):
        ends = [end for end in (block.find(b"\n"), block.find(b"\r")) if end >= 0]
        if ends:
            return offset + min(ends) + 1
        offset += len(block)
    return offset
