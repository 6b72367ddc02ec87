"""Which files have changed since the last build, and what is in them now."""

import sqlite3
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing

import msgspec

from service.content.loaded import Redirect, SourceFile
from service.errors import Fault
from service.index.answers import Progress
from service.index.sqlite.parsing import Asked, Parsed, Parsing
from service.index.sqlite.rows import Row

LOOK_AGAIN = -1
_NANOSECONDS = 1_000_000_000
_RECENT_SECONDS = 2
_decode = msgspec.msgpack.Decoder(tuple[Fault, ...]).decode

_NOTE = """
INSERT INTO files (path, size, mtime_ns, sha256, faults) VALUES (?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET size = excluded.size, mtime_ns = excluded.mtime_ns, sha256 = excluded.sha256,
    faults = excluded.faults
"""


class Change(msgspec.Struct, frozen=True):
    """A file that is new, different or gone (`file` None), with the rows of the articles in it now.

    `sha256` is "" when it could not be read. `faults` are its own and those of its rows.
    """

    path: str
    file: SourceFile | None = None
    sha256: str = ""
    rows: tuple[Row, ...] = ()
    faults: tuple[Fault, ...] = ()
    redirects: tuple[Redirect, ...] = ()


class Reading:
    """Compares the folder with what the last build saw.

    A file is read when its size or mtime differs (every file, unless `trusting`, when the index was made from
    another folder) and parsed when its bytes do; `read` counts those.
    """

    def __init__(self, connection: sqlite3.Connection, parsing: Parsing, now: int, *, trusting: bool) -> None:
        self._connection = connection
        self._parsing = parsing
        self._now = now
        self._trusting = trusting
        self.read = 0

    def changes(
        self, files: Sequence[SourceFile], progress: Progress | None
    ) -> Generator[Change, None, None]:
        """Every file whose bytes are not those of the last build; each must be noted before the next.

        Close the iterator when something goes wrong: several processes may be reading ahead.
        """
        rows = self._connection.execute("SELECT path, size, mtime_ns, sha256 FROM files").fetchall()
        known = {path: (size, mtime_ns, sha256) for path, size, mtime_ns, sha256 in rows}
        asked = []
        for file in files:
            size, mtime_ns, sha256 = known.pop(file.path, (0, LOOK_AGAIN, None))
            believed = self._trusting and (size, mtime_ns) == (file.size, file.mtime_ns)
            asked.append(None if believed else Asked(file.path, sha256))
        with closing(self._parsing.parse_all([one for one in asked if one])) as parsed:
            for done, (file, one) in enumerate(zip(files, asked, strict=True), 1):
                if one:
                    yield from self._change(file, next(parsed))
                if progress:
                    progress(done, len(files))
        for path in known:
            yield Change(path)

    def note(self, change: Change) -> None:
        """Remember what was read, with its faults."""
        if change.file is None:
            self._connection.execute("DELETE FROM files WHERE path = ?", (change.path,))
            return
        told = msgspec.msgpack.encode(change.faults)
        size, mtime_ns = change.file.size, self._mtime(change.file, change.sha256)
        self._connection.execute(_NOTE, (change.path, size, mtime_ns, change.sha256, told))

    def faults(self) -> tuple[Fault, ...]:
        """The faults of every file, read now or before."""
        rows = self._connection.execute(
            "SELECT faults FROM files WHERE faults != ?", (msgspec.msgpack.encode(()),)
        )
        return tuple(fault for (told,) in rows for fault in _decode(told))

    def _change(self, file: SourceFile, parsed: Parsed) -> Iterator[Change]:
        if parsed.loaded is None:
            self._connection.execute(
                "UPDATE files SET size = ?, mtime_ns = ? WHERE path = ?",
                (file.size, self._mtime(file, parsed.sha256), file.path),
            )
            return
        self.read += bool(parsed.sha256)
        faults = (*parsed.loaded.faults, *parsed.faults)
        yield Change(file.path, file, parsed.sha256, parsed.rows, faults, parsed.loaded.redirects)

    def _mtime(self, file: SourceFile, sha256: str) -> int:
        """What to remember a file by. One just written may be written again within the same tick of mtime."""
        recent = file.mtime_ns // _NANOSECONDS > self._now - _RECENT_SECONDS
        return LOOK_AGAIN if recent or not sha256 else file.mtime_ns
