"""The table of article files: what each was when it was read, its faults and its dependencies."""

import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from typing import Literal

import msgspec

from service.content.records import FileDependencies, Redirect, SourceFile
from service.errors import Fault
from service.index.article_row import ArticleRow
from service.index.database import IncompatibleIndex, decoder

READ_AGAIN = -1
"""An mtime no file has: the file is read again by the next build."""

_NANOSECONDS = 1_000_000_000
_RECENT_SECONDS = 2
_decode_faults = decoder(tuple[Fault, ...])
_decode_measured = decoder(tuple[SourceFile, ...])
_decode_dependencies = decoder(FileDependencies)
_NO_FAULTS = msgspec.msgpack.encode(())

_SAVE = """
INSERT INTO files (path, size, mtime_ns, ctime_ns, sha256, output_hash, faults, measured, looked_up)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET size = excluded.size, mtime_ns = excluded.mtime_ns, ctime_ns = excluded.ctime_ns,
    sha256 = excluded.sha256, output_hash = excluded.output_hash, faults = excluded.faults,
    measured = excluded.measured, looked_up = excluded.looked_up
"""


class ParsedFile(msgspec.Struct, frozen=True, array_like=True):
    """The rows, redirects and faults of one file, and the other files they depend on.

    An `unchanged` file has the known bytes and was not parsed; for an `unreadable` one the system gave an
    error. `sha256` is "" when there are no bytes to hash, `output_hash` a hash of the articles and redirects.
    `is_private` is whether the file holds an article kept from the public, or one with a fault.
    """

    status: Literal["parsed", "unchanged", "unreadable"]
    sha256: str = ""
    rows: tuple[ArticleRow, ...] = ()
    redirects: tuple[Redirect, ...] = ()
    faults: tuple[Fault, ...] = ()
    dependencies: FileDependencies = FileDependencies()
    output_hash: str = ""
    is_private: bool = False


def read_all(connection: sqlite3.Connection) -> dict[str, tuple[SourceFile, str]]:
    """Every file as it was when it was read, by path, with the hash of its bytes."""
    rows = connection.execute("SELECT path, size, mtime_ns, ctime_ns, sha256 FROM files")
    return {path: (SourceFile(path, *stat), sha256) for path, *stat, sha256 in rows}


def read_paths(connection: sqlite3.Connection) -> list[str]:
    return [path for (path,) in connection.execute("SELECT path FROM files ORDER BY path")]


def read_faults(connection: sqlite3.Connection) -> Iterator[Fault]:
    """The faults of every file, of this build and of earlier ones."""
    for (faults,) in connection.execute("SELECT faults FROM files WHERE faults != ?", (_NO_FAULTS,)):
        yield from _decode_faults(faults)


def paths_with_dependencies(connection: sqlite3.Connection) -> set[str]:
    rows = connection.execute("SELECT path FROM files WHERE measured != x'' OR looked_up != x''")
    return {path for (path,) in rows}


def read_measured(connection: sqlite3.Connection) -> Iterator[tuple[str, tuple[SourceFile, ...]]]:
    """(path, the files whose size its articles asked for, as they were), where there are any."""
    for path, measured in connection.execute("SELECT path, measured FROM files WHERE measured != x''"):
        yield path, _decode_measured(measured)


def read_looked_up(connection: sqlite3.Connection) -> Iterator[tuple[str, FileDependencies]]:
    """(path, where its articles looked for other files), where they did."""
    for path, packed in connection.execute("SELECT path, looked_up FROM files WHERE looked_up != x''"):
        yield path, _unpack(packed)


def save(connection: sqlite3.Connection, file: SourceFile, parsed: ParsedFile, now: int) -> None:
    measured = [
        msgspec.structs.replace(other, mtime_ns=_remembered_mtime(other, now))
        for other in parsed.dependencies.measured
    ]
    row = (
        file.path,
        file.size,
        _remembered_mtime(file, now) if parsed.sha256 else READ_AGAIN,
        file.ctime_ns,
        parsed.sha256,
        parsed.output_hash,
        msgspec.msgpack.encode(parsed.faults),
        msgspec.msgpack.encode(measured) if measured else b"",
        _pack(parsed.dependencies),
    )
    connection.execute(_SAVE, row)


def save_unchanged(connection: sqlite3.Connection, file: SourceFile, now: int) -> None:
    """Update the size and times of a file whose bytes are known."""
    connection.execute(
        "UPDATE files SET size = ?, mtime_ns = ?, ctime_ns = ? WHERE path = ?",
        (file.size, _remembered_mtime(file, now), file.ctime_ns, file.path),
    )


def keep_unreadable(connection: sqlite3.Connection, path: str, faults: Iterable[Fault]) -> bool:
    """Keep the articles of a file that cannot be read now, with these faults. False when it had none."""
    faults = [
        msgspec.structs.replace(fault, message=f"{fault.message}; the articles already read from it stay")
        for fault in faults
    ]
    updated = connection.execute(
        # Without the hash of its bytes, it is parsed as soon as it can be read.
        "UPDATE files SET mtime_ns = ?, sha256 = '', faults = ? WHERE path = ? AND output_hash != ''",
        (READ_AGAIN, msgspec.msgpack.encode(faults), path),
    )
    return updated.rowcount > 0


def delete(connection: sqlite3.Connection, path: str) -> None:
    connection.execute("DELETE FROM files WHERE path = ?", (path,))


def _remembered_mtime(file: SourceFile, now: int) -> int:
    """The mtime to store: a file just written may be written again within the same tick of its mtime."""
    is_recent = file.mtime_ns // _NANOSECONDS > now - _RECENT_SECONDS
    return READ_AGAIN if is_recent else file.mtime_ns


def _pack(dependencies: FileDependencies) -> bytes:
    """Where files were looked for, compressed to a tenth: the paths differ by a folder only."""
    looked_for = msgspec.structs.replace(dependencies, measured=())
    return zlib.compress(msgspec.msgpack.encode(looked_for), 1) if looked_for != FileDependencies() else b""


def _unpack(packed: bytes) -> FileDependencies:
    try:
        return _decode_dependencies(zlib.decompress(packed))
    except (zlib.error, TypeError) as error:
        raise IncompatibleIndex(f"it is damaged ({error})") from error
