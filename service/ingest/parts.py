"""The parts of changed files to read: a whole file, or the parts of JSON Lines that have unknown lines.

A file of JSON Lines is read twice, here to find its parts and later to parse them, so that memory holds
neither the file nor its articles.
"""

import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Literal

import msgspec

from service.content.parsing.json_lines import compare_parts, hash_bytes, is_json_lines, split_lines
from service.content.records import FileDependencies, FilePart, LinePart, SourceFile
from service.errors import ContentError, UnreadableFile
from service.index.tables import lines
from service.index.tables.source_files import ParsedFile


class ChangedFile(msgspec.Struct, frozen=True):
    """A file to read, in `parts`; `sha256` is the hash of its bytes where it has been read already.

    `line_parts` are all parts of a file of JSON Lines, also those that need not be read again. `has_known` is
    whether the index has some of its lines. There is a `result` already if it has all of them, or if the file
    cannot be read.
    """

    file: SourceFile
    parts: tuple[FilePart, ...] = ()
    line_parts: tuple[LinePart, ...] = ()
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
    before = lines.read_parts(connection, file.path, known_hash) if has_known and known_hash else ()
    parts: list[FilePart] = []
    line_parts: list[LinePart] = []
    examined: list[FilePart] = []
    first_numbers: dict[int, int] = {}
    try:
        for part, data, place in compare_parts(root, file.path, before):
            parts.append(part)
            if place is not None and before[place].is_recognised:
                line_parts.append(before[place])
                first_numbers[place] = part.first_line - 1
                continue
            line_parts.append(LinePart(part.size, part.lines, hash_bytes(data), True))
            examined.append(part)
            if has_known:
                lines.add_lines(connection, part.first_line - 1, map(hash_bytes, split_lines(data)))
    except ContentError as error:
        lines.forget_lines(connection)
        return ChangedFile(file, result=unread_file(file.path, error))
    sha256 = lines.hash_parts(line_parts)
    if sha256 == known_hash:
        lines.forget_lines(connection)
        return ChangedFile(file, result=ParsedFile("unchanged", sha256))
    if has_known:
        lines.match_lines(connection, file.path, *_compare_numbers(before, first_numbers))
        examined = [*_without_known(examined, lines.known_numbers(connection, file.path))]
    # A line that is too long was read in part.
    is_complete = all(part.offset + part.size == after.offset for part, after in pairwise(parts))
    return ChangedFile(file, tuple(examined), tuple(line_parts) if is_complete else (), sha256, has_known)


def _compare_numbers(
    before: Sequence[LinePart], first_numbers: Mapping[int, int]
) -> tuple[list[tuple[int, int]], list[lines.MovedLines]]:
    """The ranges of lines of a file to examine, by the numbers they had, and those that have moved together.

    `before` are the parts that it had; `first_numbers` the numbers that the first lines have now of those
    that need not be examined, by their places.
    """
    if not before:
        return [(0, lines.MOST_LINES)], []
    examined: list[tuple[int, int]] = []
    moved: list[lines.MovedLines] = []
    first = 0
    for place, part in enumerate(before):
        stop = first + part.lines
        distance = first_numbers.get(place, first) - first
        if place not in first_numbers:
            examined.append((first, stop))
        elif distance and moved and (moved[-1].stop, moved[-1].distance) == (first, distance):
            moved[-1] = msgspec.structs.replace(moved[-1], stop=stop)
        elif distance:
            moved.append(lines.MovedLines(first, stop, distance))
        first = stop
    return examined, moved


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


def describe_parts(changed: ChangedFile, unrecognised: Collection[FilePart]) -> list[LinePart]:
    """The parts of a file of JSON Lines as it was read; those `unrecognised` have lines without a hash."""
    offsets = {part.offset for part in unrecognised}
    starts = accumulate((part.size for part in changed.line_parts), initial=0)
    return [
        msgspec.structs.replace(part, is_recognised=start not in offsets)
        for part, start in zip(changed.line_parts, starts, strict=False)
    ]


def join_parts(changed: ChangedFile, parts: Sequence[ParsedFile], known: FileDependencies) -> ParsedFile:
    """The results of all parts of a file, without rows; `known` are the dependencies of its known lines."""
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
