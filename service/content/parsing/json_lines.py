"""JSON Lines: a file of any size, read in parts of whole lines; each line is an article of its own."""

import codecs
import hashlib
import os
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from service.content.parsing.decoding import find_wide_encoding
from service.content.records import FilePart, LinePart
from service.errors import ContentError, UnreadableFile, reason_of

PART_BYTES = 1_000_000
MAX_LINE_BYTES = 20_000_000
_FEW_PARTS = 16
_HASH_BYTES = 16

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


def hash_bytes(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()[:_HASH_BYTES]


def read_parts(
    root: Path, path: str, part_bytes: int | None = None
) -> Generator[tuple[FilePart, bytes], None, None]:
    """The lines of the `.jsonl` file at `path` below `root`, in parts, each with its bytes.

    Of a line that is longer than MAX_LINE_BYTES a part holds the beginning only. Raises UnreadableFile, and
    ContentError for a large file in UTF-16 or UTF-32 and for JSON that is not in lines.
    """
    for part, data, _ in compare_parts(root, path, (), part_bytes):
        yield part, data


def compare_parts(
    root: Path, path: str, known: Sequence[LinePart], part_bytes: int | None = None
) -> Generator[tuple[FilePart, bytes, int | None], None, None]:
    """As `read_parts`, with the place in `known` of the part that has the same bytes; None for another part.

    These are all parts of the file as it was before; the first ones and the last ones are found again. A part
    that is found again and `is_recognised` may be without its bytes.
    """
    has_lines = False
    with _opened(root, path) as descriptor:
        size = os.fstat(descriptor).st_size
        if find_wide_encoding(os.pread(descriptor, 4, 0)):
            if size > MAX_LINE_BYTES:
                raise ContentError(1, "the file is too large to be read as UTF-16; save it as UTF-8")
            data = os.pread(descriptor, size, 0)
            lines = split_lines(data)
            _require_lines(lines, 1, is_end=True)
            yield FilePart(path, len(data), lines=len(lines)), data, None
            return
        for part, data, place in _find_parts(descriptor, path, size, known, part_bytes or PART_BYTES):
            if not data and (not has_lines or (place is not None and not known[place].is_recognised)):
                data = os.pread(descriptor, part.size, part.offset)
            if not has_lines and data.removeprefix(codecs.BOM_UTF8).strip():
                _require_lines(split_lines(data), part.first_line, is_end=part.offset + len(data) >= size)
                has_lines = True
            yield part, data, place


def _find_parts(
    descriptor: int, path: str, size: int, known: Sequence[LinePart], part_bytes: int
) -> Iterator[tuple[FilePart, bytes, int | None]]:
    """As `compare_parts`; the parts found at the end are without their bytes."""
    if len(known) > _FEW_PARTS + 2 * size // part_bytes:
        known = ()  # many edits have made many small ones
    offset, first_line, same = 0, 1, 0
    for place, before in enumerate(known):
        data = os.pread(descriptor, before.size, offset)
        # A last line without an end may go on now.
        if (not data.endswith(b"\n") and offset + len(data) < size) or hash_bytes(data) != before.digest:
            break
        yield FilePart(path, len(data), offset, first_line, before.lines), data, place
        offset, first_line, same = offset + len(data), first_line + before.lines, place + 1
    end, end_place = size, len(known)
    # The first part may begin with a byte order mark, so it is the first part alone.
    while end_place > max(same, 1) and _is_at(descriptor, known[end_place - 1], offset, end):
        end_place -= 1
        end -= known[end_place].size
    while data := _read_whole_lines(descriptor, offset, end, part_bytes):
        lines = split_lines(data)
        yield FilePart(path, len(data), offset, first_line, len(lines)), data, None
        first_line += len(lines)
        offset += len(data)
        if len(data) > MAX_LINE_BYTES:
            offset = _find_line_end(descriptor, offset)
    for place in range(end_place, len(known)):
        before = known[place]
        yield FilePart(path, before.size, offset, first_line, before.lines), b"", place
        first_line += before.lines
        offset += before.size


def _is_at(descriptor: int, part: LinePart, first: int, end: int) -> bool:
    """Whether the bytes of `part` are those before `end`, and begin with a line, not before `first`."""
    start = end - part.size
    if start < first or (start > first and os.pread(descriptor, 1, start - 1) != b"\n"):
        return False
    return hash_bytes(os.pread(descriptor, part.size, start)) == part.digest


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


def _read_whole_lines(descriptor: int, offset: int, file_end: int, part_bytes: int) -> bytes:
    """About `part_bytes` from `offset` on, up to the end of a line; more where a line is longer.

    Nothing is read from `file_end` on.
    """
    data = b""
    while len(data) <= MAX_LINE_BYTES:
        start = offset + len(data)
        block = os.pread(descriptor, max(0, min(part_bytes, file_end - start)), start)
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
