"""What is read of changed files: the whole, or of JSON Lines those parts that hold lines which are not known.

A file of JSON Lines is read twice, here to find its parts and later to parse them, so that memory holds
neither the file nor its articles.
"""

import hashlib
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from service.content.parsing.json_lines import FilePart, is_json_lines, read_parts, split_lines
from service.content.records import FileDependencies, SourceFile
from service.errors import ContentError, Fault, UnreadableFile
from service.index.tables import lines
from service.index.tables.source_files import ParsedFile


class PartToRead(msgspec.Struct, frozen=True):
    """`size` bytes of a file from `offset` on; of JSON Lines they are `lines` lines (see also `FilePart`)."""

    path: str
    size: int
    offset: int = 0
    first_line: int = 1
    lines: int = 0
    known: frozenset[int] = frozenset()


class ChangedFile(msgspec.Struct, frozen=True):
    """A file to read, in `parts`; `sha256` is the hash of its bytes where it has been read already.

    `has_known` is whether the index has some of its lines, `is_unchanged` whether it has all of the file.
    """

    file: SourceFile
    parts: tuple[PartToRead, ...]
    sha256: str = ""
    has_known: bool = False
    is_unchanged: bool = False
    is_unreadable: bool = False
    fault: Fault | None = None

    @property
    def is_in_lines(self) -> bool:
        return is_json_lines(self.file.path)


def whole_file(file: SourceFile) -> PartToRead:
    return PartToRead(file.path, file.size)


def find_parts(
    connection: sqlite3.Connection, root: Path, files: Sequence[SourceFile], known_hashes: Mapping[str, str]
) -> Iterator[ChangedFile]:
    """The parts to read of the changed `files`, in order; lines that are known are marked in the index."""
    for file in files:
        if is_json_lines(file.path):
            yield _find_lines(connection, root, file, known_hashes.get(file.path))
        else:
            yield ChangedFile(file, (whole_file(file),))


def _find_lines(
    connection: sqlite3.Connection, root: Path, file: SourceFile, known_hash: str | None
) -> ChangedFile:
    has_known = known_hash is not None and lines.has_lines(connection, file.path)
    digest = hashlib.sha256()
    parts: list[PartToRead] = []
    try:
        for offset, part in read_parts(root, file.path):
            digest.update(part.data)
            if has_known:
                lines.add_lines(connection, part.first_line - 1, map(lines.hash_line, split_lines(part.data)))
            parts.append(_to_read(part, offset))
    except ContentError as error:
        lines.forget_lines(connection)
        fault = Fault(file.path, error.line, error.message)
        return ChangedFile(file, (), fault=fault, is_unreadable=isinstance(error, UnreadableFile))
    sha256 = digest.hexdigest()
    if sha256 == known_hash:
        lines.forget_lines(connection)
        return ChangedFile(file, (), sha256, is_unchanged=True)
    if has_known:
        lines.match_lines(connection, file.path)
        parts = [*_without_known(parts, lines.known_numbers(connection, file.path))]
    return ChangedFile(file, tuple(parts), sha256, has_known)


def _to_read(part: FilePart, offset: int) -> PartToRead:
    return PartToRead(part.path, len(part.data), offset, part.first_line, len(split_lines(part.data)))


def _without_known(parts: list[PartToRead], known: Iterator[int]) -> Iterator[PartToRead]:
    """The parts that hold unknown lines, with those that are known; `known` numbers ascend."""
    number = next(known, None)
    for part in parts:
        first = part.first_line - 1
        places = set()
        while number is not None and number < first + part.lines:
            places.add(number - first)
            number = next(known, None)
        if len(places) < part.lines:
            yield msgspec.structs.replace(part, known=frozenset(places))


def join_parts(changed: ChangedFile, parts: Sequence[ParsedFile], known: FileDependencies) -> ParsedFile:
    """What was found in all parts of a file, without rows; `known` is what its known lines depend on."""
    results = [*parts]
    if changed.fault:
        results.append(ParsedFile("parsed", faults=(changed.fault,), is_private=True))
    is_unreadable = changed.is_unreadable or any(part.status == "unreadable" for part in parts)
    dependencies = [known, *(part.dependencies for part in results)]
    measured = {file.path: file for each in dependencies for file in each.measured}
    return ParsedFile(
        status="unreadable" if is_unreadable else "parsed",
        sha256="" if is_unreadable else changed.sha256,
        pages=tuple(page for part in results for page in part.pages),
        redirects=tuple(redirect for part in results for redirect in part.redirects),
        faults=tuple(fault for part in results for fault in part.faults),
        dependencies=FileDependencies(
            existing=tuple(sorted({path for each in dependencies for path in each.existing})),
            missing=tuple(sorted({path for each in dependencies for path in each.missing})),
            measured=tuple(measured[path] for path in sorted(measured)),
        ),
        is_private=any(part.is_private for part in results),
    )
