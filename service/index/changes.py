"""Which files have changed since the last build, and what is in them now."""

import sqlite3
import zlib
from collections.abc import Generator, Iterator
from contextlib import closing

import msgspec

from service.content import DependencyCheck
from service.content.records import FileDependencies, Redirect, Scan, SourceFile
from service.errors import Fault
from service.index.answers import Progress
from service.index.connection import UnfitError, decoder
from service.index.parse_files import Asked, Parsed, Parsing
from service.index.rows import Row, encode

LOOK_AGAIN = -1
_NANOSECONDS = 1_000_000_000
_RECENT_SECONDS = 2
_decode = decoder(tuple[Fault, ...])
_measured = decoder(tuple[SourceFile, ...])
_consulted = decoder(FileDependencies)

_NOTE = """
INSERT INTO files (path, size, mtime_ns, ctime_ns, sha256, gave, faults, measured, consulted)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET size = excluded.size, mtime_ns = excluded.mtime_ns, ctime_ns = excluded.ctime_ns,
    sha256 = excluded.sha256, gave = excluded.gave, faults = excluded.faults, measured = excluded.measured,
    consulted = excluded.consulted
"""


class Trust(msgspec.Struct, frozen=True):
    """What of the last build may be believed.

    `folder`: it read the same folder, and symbolic links lead where they led, so that a file of the size,
    mtime and ctime it had is the same file. `names`: the folder holds what it held, by name, so that nothing
    has come or gone that an article asked for.
    """

    folder: bool
    names: bool


class Change(msgspec.Struct, frozen=True):
    """A file that is new, different or gone (`file` None), with the rows of the articles in it now.

    `sha256` is "" when it could not be read. `faults` are its own and those of its rows. `gave` is a hash of
    what was in it, `consulted` the other files which that depends on. `is_private` as in `LoadedFile`.
    """

    path: str
    file: SourceFile | None = None
    sha256: str = ""
    rows: tuple[Row, ...] = ()
    faults: tuple[Fault, ...] = ()
    redirects: tuple[Redirect, ...] = ()
    gave: str = ""
    consulted: FileDependencies = FileDependencies()
    is_private: bool = False


class Reading:
    """Compares the folder with what the last build saw.

    A file is read when its size, mtime or ctime differs (every file, when the index was made from another
    folder) and parsed when its bytes do, or another file that it asked for; `read` counts those. What cannot
    be read now stays as it was read before.
    """

    def __init__(self, connection: sqlite3.Connection, parsing: Parsing, now: int, trust: Trust) -> None:
        self._connection = connection
        self._parsing = parsing
        self._now = now
        self._trust = trust
        self.read = 0

    def changes(self, found: Scan, progress: Progress | None) -> Generator[Change, None, None]:
        """Every file whose bytes are not those of the last build; each must be noted before the next.

        What could not be looked at is left as it is. Close the iterator when something goes wrong: several
        processes may be reading ahead.
        """
        rows = self._connection.execute("SELECT path, size, mtime_ns, ctime_ns, sha256 FROM files").fetchall()
        known = {path: (SourceFile(path, *state), sha256) for path, *state, sha256 in rows}
        stale = self._stale()
        asked: list[Asked | None] = []
        for file in found.files:
            held, sha256 = known.pop(file.path, (None, None))
            believed = self._trust.folder and held == file
            if file.path in stale:
                asked.append(Asked(file.path, None))
            else:
                asked.append(None if believed else Asked(file.path, sha256))
        with closing(self._parsing.parse_all([one for one in asked if one])) as parsed:
            for done, (file, one) in enumerate(zip(found.files, asked, strict=True), 1):
                if one:
                    yield from self._change(file, next(parsed))
                if progress:
                    progress(done, len(found.files))
        for path in known:
            if not found.hides(path):
                yield Change(path)

    def note(self, change: Change) -> None:
        """Remember what was read, with its faults."""
        if change.file is None:
            self._connection.execute("DELETE FROM files WHERE path = ?", (change.path,))
            return
        told = msgspec.msgpack.encode(change.faults)
        mtime_ns = self._mtime(change.file, change.sha256)
        measured = tuple(
            msgspec.structs.replace(file, mtime_ns=self._mtime(file, "seen"))
            for file in change.consulted.measured
        )
        self._connection.execute(
            _NOTE,
            (
                change.path,
                change.file.size,
                mtime_ns,
                change.file.ctime_ns,
                change.sha256,
                change.gave,
                told,
                encode(measured) if measured else b"",
                _pack(change.consulted),
            ),
        )

    def faults(self) -> tuple[Fault, ...]:
        """The faults of every file, read now or before."""
        rows = self._connection.execute(
            "SELECT faults FROM files WHERE faults != ?", (msgspec.msgpack.encode(()),)
        )
        return tuple(fault for (told,) in rows for fault in _decode(told))

    def _change(self, file: SourceFile, parsed: Parsed) -> Iterator[Change]:
        if parsed.unreadable and self._keep_articles(file, parsed.faults):
            return
        if parsed.loaded is None:
            self._connection.execute(
                "UPDATE files SET size = ?, mtime_ns = ?, ctime_ns = ? WHERE path = ?",
                (file.size, self._mtime(file, parsed.sha256), file.ctime_ns, file.path),
            )
            return
        self.read += bool(parsed.sha256)
        loaded = parsed.loaded
        yield Change(
            path=file.path,
            file=file,
            sha256=parsed.sha256,
            rows=parsed.rows,
            faults=(*loaded.faults, *parsed.faults),
            redirects=loaded.redirects,
            gave=parsed.gave,
            consulted=loaded.dependencies,
            is_private=loaded.is_private or bool(parsed.faults),
        )

    def _keep_articles(self, file: SourceFile, faults: tuple[Fault, ...]) -> bool:
        """Leave what was read of `file` before, with the fault that it cannot be read now. False: nothing."""
        faults = tuple(
            msgspec.structs.replace(fault, message=f"{fault.message}; the articles known from it stay")
            for fault in faults
        )
        kept = self._connection.execute(
            # Without the hash of its bytes, it is parsed as soon as it can be read.
            "UPDATE files SET mtime_ns = ?, sha256 = '', faults = ? WHERE path = ? AND gave != ''",
            (LOOK_AGAIN, msgspec.msgpack.encode(faults), file.path),
        )
        return kept.rowcount > 0

    def _stale(self) -> set[str]:
        """The files whose articles would be told something else by the other files they asked for."""
        select = self._connection.execute
        if not self._trust.folder:
            known = select("SELECT path FROM files WHERE measured != x'' OR consulted != x''")
            return {path for (path,) in known}
        recheck = DependencyCheck(self._parsing.root)
        measured = select("SELECT path, measured FROM files WHERE measured != x''")
        stale = {path for path, told in measured if not recheck.measured(_measured(told))}
        if not self._trust.names:
            consulted = select("SELECT path, consulted FROM files WHERE consulted != x''")
            stale |= {path for path, told in consulted if not recheck.answers(_unpack(told))}
        return stale

    def _mtime(self, file: SourceFile, sha256: str) -> int:
        """What to remember a file by. One just written may be written again within the same tick of mtime."""
        recent = file.mtime_ns // _NANOSECONDS > self._now - _RECENT_SECONDS
        return LOOK_AGAIN if recent or not sha256 else file.mtime_ns


def _pack(consulted: FileDependencies) -> bytes:
    """Where files were looked for, as bytes: a tenth of the names, which differ by a folder only."""
    looked_for = msgspec.structs.replace(consulted, measured=())
    return zlib.compress(encode(looked_for), 1) if looked_for != FileDependencies() else b""


def _unpack(packed: bytes) -> FileDependencies:
    try:
        return _consulted(zlib.decompress(packed))
    except (zlib.error, TypeError) as error:
        raise UnfitError(f"it is damaged ({error})") from error
