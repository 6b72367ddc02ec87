"""Files read and parsed, as rows of the index."""

import hashlib
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path

import msgspec

from service.content import load_all, read
from service.content.records import Folders, LoadedFile, SiteContext
from service.errors import ContentError, Fault, UnreadableFile
from service.index.rows import Row, encode, rows_of
from service.index.workers import shared
from service.model import Site

MOST_BYTES_TOGETHER = 1_000_000
"""How much is read before it is parsed."""


class Asked(msgspec.Struct, frozen=True):
    """A file to be read, and the hash of its bytes at the last build; None where they must be parsed."""

    path: str
    known: str | None


class Parsed(msgspec.Struct, frozen=True, array_like=True):
    """What a file holds. `loaded` is without its articles, which are `rows`; None when its bytes are known.

    `sha256` is "" when there are no bytes to parse, which are `unreadable` when the system did not give them.
    `gave` is a hash of its articles and redirects.
    """

    sha256: str
    loaded: LoadedFile | None = None
    rows: tuple[Row, ...] = ()
    faults: tuple[Fault, ...] = ()
    gave: str = ""
    unreadable: bool = False


_File = tuple[str, Parsed, bytes | None]
"""A path, what is told of it as it is, and its bytes if they must be parsed."""


class Parsing(msgspec.Struct, frozen=True):
    """How the files below `root` are parsed."""

    root: Path
    site: Site
    context: SiteContext = SiteContext()
    folders: Folders | None = None

    def parse(self, asked: Sequence[Asked]) -> list[Parsed]:
        """Read these files, and parse those whose bytes are not known."""
        parsed: list[Parsed] = []
        for group in self._groups(asked):
            files = [(path, data) for path, _, data in group if data is not None]
            loaded = iter(load_all(self.root, files, self.site, self.context, self.folders))
            parsed += [
                known if data is None else self._parsed(path, known.sha256, next(loaded))
                for path, known, data in group
            ]
        return parsed

    def _groups(self, asked: Sequence[Asked]) -> Iterator[list[_File]]:
        """The files, as many together as have MOST_BYTES_TOGETHER: a large one is not held beside others."""
        group: list[_File] = []
        size = 0
        for one in asked:
            file = self._read(one)
            group.append(file)
            size += len(file[2] or b"")
            if size >= MOST_BYTES_TOGETHER:
                yield group
                group, size = [], 0
        yield group

    def _read(self, asked: Asked) -> _File:
        try:
            data = read(self.root, asked.path)
        except ContentError as error:
            fault = Fault(asked.path, error.line, error.message)
            unreadable = isinstance(error, UnreadableFile)
            nothing = LoadedFile((), is_private=True)
            return asked.path, Parsed("", nothing, (), (fault,), unreadable=unreadable), None
        sha256 = hashlib.sha256(data).hexdigest()
        return asked.path, Parsed(sha256), None if sha256 == asked.known else data

    def _parsed(self, path: str, sha256: str, loaded: LoadedFile) -> Parsed:
        rows, faults = rows_of(path, loaded.articles, self.site)
        gave = hashlib.sha256(encode(loaded.redirects))
        for row in rows:
            gave.update(row.article)
        return Parsed(sha256, msgspec.structs.replace(loaded, articles=()), rows, faults, gave.hexdigest())

    def parse_all(
        self, asked: Sequence[Asked], processes: int | None = None
    ) -> Generator[Parsed, None, None]:
        """Read every file, in order, in as many `processes` as there are cores to spare.

        Close the iterator to end the processes.
        """
        return shared(self.parse, asked, Parsed, processes)
