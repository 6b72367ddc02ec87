"""The parts of changed files to read: a whole file, or the parts of JSON Lines that have unknown lines.

A file of JSON Lines is read twice, here to find its parts and later to parse them, so that memory holds
neither the file nor its articles.
"""

import hashlib
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal

import msgspec

from service.content.parsing.json_lines import is_json_lines, read_parts, split_lines
from service.content.records import FileDependencies, FilePart, SourceFile
from service.errors import ContentError, UnreadableFile
from service.index.tables import lines
from service.index.tables.source_files import ParsedFile


class ChangedFile(msgspec.Struct, frozen=True):
    """A file to read, in `parts`; `sha256` is the hash of its bytes where it has been read already.

    `has_known` is whether the index has some of its lines. There is a `result` already if it has all of them,
    or if the file cannot be read.
    """

    file: SourceFile
    parts: tuple[FilePart, ...] = ()
    sha256: str = ""
    has_known: bool = False
    result: ParsedFile | None = None

    @property
    def is_in_lines(self) -> bool:
        return is_json_lines(self.file.path)


def find_parts(
    connection: sqlite3.Connection, root: Path, files: Sequence[SourceFile], known_hashes: Mapping[str, str]
) -> Iterator[ChangedFile]:
    """The parts to read of the changed `files`, in order; lines that are known are marked in the index."""
    for file in files:
        if is_json_lines(file.path):
            yield _find_lines(connection, root, file, known_hashes.get(file.path))
        else:
            yield ChangedFile(file, (FilePart(file.path, file.size),))


def _find_lines(
    connection: sqlite3.Connection, root: Path, file: SourceFile, known_hash: str | None
) -> ChangedFile:
    has_known = known_hash is not None and lines.has_lines(connection, file.path)
    digest = hashlib.sha256()
    parts: list[FilePart] = []
    try:
        for part, data in read_parts(root, file.path):
            digest.update(data)
            if has_known:
                lines.add_lines(connection, part.first_line - 1, map(lines.hash_line, split_lines(data)))
            parts.append(part)
    except ContentError as error:
        lines.forget_lines(connection)
        return ChangedFile(file, result=unread_file(file.path, error))
    sha256 = digest.hexdigest()
    if sha256 == known_hash:
        lines.forget_lines(connection)
        return ChangedFile(file, result=ParsedFile("unchanged", sha256))
    if has_known:
        lines.match_lines(connection, file.path)
        parts = [*_without_known(parts, lines.known_numbers(connection, file.path))]
    return ChangedFile(file, tuple(parts), sha256, has_known)


def unread_file(path: str, error: ContentError) -> ParsedFile:
    """The result for a file that `error` keeps from being read."""
    status: Literal["parsed", "unreadable"] = "unreadable" if isinstance(error, UnreadableFile) else "parsed"
    return ParsedFile(status, faults=(error.to_fault(path),), is_private=True)


def _without_known(parts: list[FilePart], known: Iterator[int]) -> Iterator[FilePart]:
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
    is_unreadable = any(part.status == "unreadable" for part in parts)
    dependencies = [known, *(part.dependencies for part in parts)]
    measured = {file.path: file for each in dependencies for file in each.measured}
    return ParsedFile(
        status="unreadable" if is_unreadable else "parsed",
        sha256="" if is_unreadable else changed.sha256,
        pages=tuple(page for part in parts for page in part.pages),
        redirects=tuple(redirect for part in parts for redirect in part.redirects),
        faults=tuple(fault for part in parts for fault in part.faults),
        dependencies=FileDependencies(
            existing=tuple(sorted({path for each in dependencies for path in each.existing})),
            missing=tuple(sorted({path for each in dependencies for path in each.missing})),
            measured=tuple(measured[path] for path in sorted(measured)),
        ),
        is_private=any(part.is_private for part in parts),
    )
