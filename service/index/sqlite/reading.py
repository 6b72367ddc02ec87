"""Which files have changed since the last build, and what is in them now."""

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from service.content import load, read
from service.content.loaded import Loaded, SourceFile
from service.errors import ContentError, Fault
from service.index.answers import Progress
from service.model import Article, Site

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
    """A file that is new, different or gone (`file` None), with the articles in it now.

    `sha256` is "" when it could not be read.
    """

    path: str
    file: SourceFile | None
    sha256: str
    loaded: Loaded

    @property
    def articles(self) -> tuple[Article, ...]:
        return self.loaded.articles


class Reading:
    """Compares the folder with what the last build saw.

    A file is read when its size or mtime differs (every file, unless `trusting`, when the index was made from
    another folder) and parsed when its bytes do. Files are parsed one by one; `read` counts them.
    """

    def __init__(
        self, connection: sqlite3.Connection, root: Path, site: Site, now: int, *, trusting: bool
    ) -> None:
        self._connection = connection
        self._root = root
        self._site = site
        self._now = now
        self._trusting = trusting
        self.read = 0

    def changes(self, files: Sequence[SourceFile], progress: Progress | None) -> Iterator[Change]:
        """Every file whose bytes are not those of the last build; each must be noted before the next."""
        rows = self._connection.execute("SELECT path, size, mtime_ns, sha256 FROM files").fetchall()
        known = {path: (size, mtime_ns, sha256) for path, size, mtime_ns, sha256 in rows}
        for done, file in enumerate(files, 1):
            size, mtime_ns, sha256 = known.pop(file.path, (0, LOOK_AGAIN, None))
            if not (self._trusting and (size, mtime_ns) == (file.size, file.mtime_ns)):
                yield from self._change(file, sha256)
            if progress:
                progress(done, len(files))
        for path in known:
            yield Change(path, None, "", Loaded((), ()))

    def note(self, change: Change, faults: tuple[Fault, ...]) -> None:
        """Remember what was read, with its own faults and the further `faults` of storing it."""
        if change.file is None:
            self._connection.execute("DELETE FROM files WHERE path = ?", (change.path,))
            return
        told = msgspec.msgpack.encode((*change.loaded.faults, *faults))
        size, mtime_ns = change.file.size, self._mtime(change.file, change.sha256)
        self._connection.execute(_NOTE, (change.path, size, mtime_ns, change.sha256, told))

    def faults(self) -> tuple[Fault, ...]:
        """The faults of every file, read now or before."""
        rows = self._connection.execute(
            "SELECT faults FROM files WHERE faults != ?", (msgspec.msgpack.encode(()),)
        )
        return tuple(fault for (told,) in rows for fault in _decode(told))

    def _change(self, file: SourceFile, known: str | None) -> Iterator[Change]:
        try:
            data = read(self._root, file.path)
        except ContentError as error:
            fault = Fault(file.path, error.line, error.message)
            yield Change(file.path, file, "", Loaded((), (fault,)))
            return
        sha256 = hashlib.sha256(data).hexdigest()
        if sha256 == known:
            self._connection.execute(
                "UPDATE files SET size = ?, mtime_ns = ? WHERE path = ?",
                (file.size, self._mtime(file, sha256), file.path),
            )
            return
        self.read += 1
        yield Change(file.path, file, sha256, load(self._root, file.path, data, self._site))

    def _mtime(self, file: SourceFile, sha256: str) -> int:
        """What to remember a file by. One just written may be written again within the same tick of mtime."""
        recent = file.mtime_ns // _NANOSECONDS > self._now - _RECENT_SECONDS
        return LOOK_AGAIN if recent or not sha256 else file.mtime_ns
