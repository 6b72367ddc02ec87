"""The table of article files: what each was when it was read, its faults and its dependencies."""

import hashlib
import posixpath
import re
import sqlite3
import unicodedata
import zlib
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

import msgspec

from service.content.records import FileDependencies, Redirect, ScanMemory, SourceFile
from service.errors import Fault
from service.index.article_row import ArticleRow
from service.index.database import IncompatibleIndex, decoder
from service.index.tables.site_pages import SitePageRow

READ_AGAIN = -1
"""An mtime no file has: the file is read again by the next build."""

_NANOSECONDS = 1_000_000_000
_RECENT_SECONDS = 2
_decode_faults = decoder(tuple[Fault, ...])
_decode_measured = decoder(tuple[SourceFile, ...])
_decode_dependencies = decoder(FileDependencies)
_decode_memory = decoder(ScanMemory)

_SAVE = """
INSERT INTO source_files (path, size, mtime_ns, ctime_ns, sha256, is_parsed, faults, measured, looked_up)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET size = excluded.size, mtime_ns = excluded.mtime_ns, ctime_ns = excluded.ctime_ns,
    sha256 = excluded.sha256, is_parsed = excluded.is_parsed, faults = excluded.faults,
    measured = excluded.measured, looked_up = excluded.looked_up
"""

_KNOWN_DEPENDENT = """
SELECT source_files.path FROM json_each(?)
CROSS JOIN source_files INDEXED BY source_files_dependent ON source_files.path = value
WHERE measured != x'' OR looked_up != x''
"""

SAVED_AT_ONCE = 500
"""How many files are gathered before they are written."""


class ParsedFile(msgspec.Struct, frozen=True, array_like=True):
    """The rows, pages, redirects and faults of one file, and the other files they depend on.

    An `unchanged` file has the known bytes and was not parsed; for an `unreadable` one the system gave an
    error. `sha256` is "" when there are no bytes to hash.
    `is_private` is whether the file holds an article kept from the public, or one with a fault.
    """

    status: Literal["parsed", "unchanged", "unreadable"]
    sha256: str = ""
    rows: tuple[ArticleRow, ...] = ()
    pages: tuple[SitePageRow, ...] = ()
    redirects: tuple[Redirect, ...] = ()
    faults: tuple[Fault, ...] = ()
    dependencies: FileDependencies = FileDependencies()
    is_private: bool = False


def read_all(connection: sqlite3.Connection) -> Iterator[tuple[str, int, int, int]]:
    """The (path, size, mtime_ns, ctime_ns) of every file when it was read, in order of the paths."""
    return connection.execute("SELECT path, size, mtime_ns, ctime_ns FROM source_files ORDER BY path")


def read_one(connection: sqlite3.Connection, path: str) -> tuple[SourceFile, str] | None:
    """The file at `path` as it was when it was read, with the hash of its bytes; None for an unknown one."""
    row = connection.execute(
        "SELECT size, mtime_ns, ctime_ns, sha256 FROM source_files WHERE path = ?", (path,)
    ).fetchone()
    return (SourceFile(path, *row[:3]), row[3]) if row else None


def read_dependencies(connection: sqlite3.Connection, path: str) -> FileDependencies:
    """The files that the articles in the file at `path` looked for and measured."""
    row = connection.execute(
        "SELECT measured, looked_up FROM source_files WHERE path = ?", (path,)
    ).fetchone()
    measured, looked_up = row or (b"", b"")
    dependencies = _unpack(looked_up) if looked_up else FileDependencies()
    if not measured:
        return dependencies
    return msgspec.structs.replace(dependencies, measured=_decode_measured(measured))


def paths_that_looked_for(connection: sqlite3.Connection, names: Iterable[str]) -> set[str]:
    """The article files that may have looked for one of these files; a folder ends in a slash."""
    keys = {_key(name if name.endswith("/") else name.rpartition("/")[2]) for name in names}
    rows = connection.execute(
        "SELECT DISTINCT lookups.path FROM json_each(?) CROSS JOIN lookups ON lookups.key = value",
        (msgspec.json.encode(sorted(keys)).decode(),),
    )
    return {path for (path,) in rows}


class KnownFiles:
    """The paths of article files: those in the index, and the `added` ones."""

    def __init__(self, connection: sqlite3.Connection, added: Iterable[str] = ()) -> None:
        self._connection = connection
        self._added = sorted(added)

    def beginning_with(self, prefix: str, limit: int, start: str = "") -> list[str]:
        """At most `limit` paths from `start` on that begin with `prefix`, in order."""
        end = prefix[:-1] + chr(ord(prefix[-1]) + 1) if prefix else "\U0010ffff"
        rows = self._connection.execute(
            "SELECT path FROM source_files WHERE path >= ? AND path < ? ORDER BY path LIMIT ?",
            (max(prefix, start), end, limit),
        )
        paths = [path for (path,) in rows]
        first = bisect_left(self._added, max(prefix, start))
        added = [path for path in self._added[first : first + limit] if path.startswith(prefix)]
        return sorted({*paths, *added})[:limit] if added else paths


def read_memory(connection: sqlite3.Connection) -> ScanMemory:
    """The results of the last scan of the whole folder."""
    row = connection.execute("SELECT memory FROM scan_memory").fetchone()
    return _decode_memory(row[0]) if row else ScanMemory()


def write_memory(connection: sqlite3.Connection, memory: ScanMemory) -> None:
    """Replace the memory of the last scan, if it differs from the one that is stored."""
    connection.execute(
        "INSERT INTO scan_memory (singleton, memory) VALUES (1, ?)"
        " ON CONFLICT DO UPDATE SET memory = excluded.memory WHERE memory != excluded.memory",
        (msgspec.msgpack.encode(memory, order="deterministic"),),
    )


def read_parsed_paths(connection: sqlite3.Connection) -> list[str]:
    """The paths of the files that could be read, now or before."""
    rows = connection.execute("SELECT path FROM source_files WHERE is_parsed = 1 ORDER BY path")
    return [path for (path,) in rows]


def read_faults(connection: sqlite3.Connection) -> Iterator[Fault]:
    """The faults of every file, of this build and of earlier ones."""
    statement = "SELECT faults FROM source_files INDEXED BY source_files_faulty WHERE faults != x'90'"
    for (faults,) in connection.execute(statement):
        yield from _decode_faults(faults)


def paths_with_dependencies(connection: sqlite3.Connection) -> set[str]:
    rows = connection.execute("SELECT path FROM source_files WHERE measured != x'' OR looked_up != x''")
    return {path for (path,) in rows}


def read_measured(connection: sqlite3.Connection) -> Iterator[tuple[str, tuple[SourceFile, ...]]]:
    """(path, the files whose size its articles asked for, as they were), where there are any."""
    for path, measured in connection.execute("SELECT path, measured FROM source_files WHERE measured != x''"):
        yield path, _decode_measured(measured)


def read_looked_up(connection: sqlite3.Connection) -> Iterator[tuple[str, FileDependencies]]:
    """(path, where its articles looked for other files), where they did."""
    for path, packed in connection.execute("SELECT path, looked_up FROM source_files WHERE looked_up != x''"):
        yield path, _unpack(packed)


class SourceFileWriter:
    """Stores what was found in files, many together. `now` is in seconds since 1970."""

    def __init__(self, connection: sqlite3.Connection, now: int) -> None:
        self._connection = connection
        self._now = now
        self._paths: list[str] = []
        self._rows: list[tuple[str | int | bytes, ...]] = []
        self._lookups: list[tuple[int, str]] = []

    def save(self, file: SourceFile, parsed: ParsedFile) -> None:
        measured = [
            msgspec.structs.replace(other, mtime_ns=_remembered_mtime(other, self._now))
            for other in parsed.dependencies.measured
        ]
        self._lookups += [(key, file.path) for key in sorted(lookup_keys(parsed.dependencies))]
        self._paths.append(file.path)
        self._rows.append(
            (
                file.path,
                file.size,
                _remembered_mtime(file, self._now) if parsed.sha256 else READ_AGAIN,
                file.ctime_ns,
                parsed.sha256,
                bool(parsed.sha256),
                msgspec.msgpack.encode(parsed.faults),
                msgspec.msgpack.encode(measured) if measured else b"",
                _pack(parsed.dependencies),
            )
        )
        if len(self._rows) >= SAVED_AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Write the files that are not written yet."""
        many = self._connection.executemany
        _delete_lookups(self._connection, self._paths)
        many("INSERT INTO lookups (key, path) VALUES (?, ?)", self._lookups)
        many(_SAVE, self._rows)
        for gathered in (self._paths, self._rows, self._lookups):
            gathered.clear()


def save_unchanged(connection: sqlite3.Connection, file: SourceFile, now: int) -> None:
    """Update the size and times of a file whose bytes are known."""
    connection.execute(
        "UPDATE source_files SET size = ?, mtime_ns = ?, ctime_ns = ? WHERE path = ?",
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
        "UPDATE source_files SET mtime_ns = ?, sha256 = '', faults = ? WHERE path = ? AND is_parsed = 1",
        (READ_AGAIN, msgspec.msgpack.encode(faults), path),
    )
    return updated.rowcount > 0


def delete(connection: sqlite3.Connection, path: str) -> None:
    _delete_lookups(connection, [path])
    connection.execute("DELETE FROM source_files WHERE path = ?", (path,))


def lookup_keys(dependencies: FileDependencies) -> set[int]:
    """Hashes of the names that an article looked for, and of all folders around what it found."""
    found = [*dependencies.existing, *(file.path for file in dependencies.measured)]
    keys = {_key(place.rpartition("/")[2]) for place in (*found, *dependencies.missing)}
    for place in found:
        normal = posixpath.normpath(place)
        keys |= {_key(normal[: slash.end()]) for slash in re.finditer("/", normal)}
    return keys


def _key(name: str) -> int:
    # Some disks ignore case, and how an accented letter is composed.
    folded = unicodedata.normalize("NFC", name).casefold()
    digest = hashlib.blake2b(folded.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)


def _delete_lookups(connection: sqlite3.Connection, paths: Sequence[str]) -> None:
    known = connection.execute(_KNOWN_DEPENDENT, (msgspec.json.encode(paths).decode(),)).fetchall()
    connection.executemany(
        "DELETE FROM lookups WHERE key = ? AND path = ?",
        [
            (key, path)
            for (path,) in known
            for key in sorted(lookup_keys(read_dependencies(connection, path)))
        ],
    )


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
