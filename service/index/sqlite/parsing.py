"""Files read and parsed, as rows of the index."""

import hashlib
from collections.abc import Generator, Sequence
from pathlib import Path

import msgspec

from service.content import load, read
from service.content.loaded import Context, Folders, Loaded
from service.errors import ContentError, Fault
from service.index.sqlite.processes import shared
from service.index.sqlite.rows import Row, encode, rows_of
from service.model import Site


class Asked(msgspec.Struct, frozen=True):
    """A file to be read, and the hash of its bytes at the last build; None where they must be parsed."""

    path: str
    known: str | None


class Parsed(msgspec.Struct, frozen=True, array_like=True):
    """What a file holds. `loaded` is without its articles, which are `rows`; None when its bytes are known.

    `sha256` is "" when the file could not be read; `gave` is a hash of its articles and redirects.
    """

    sha256: str
    loaded: Loaded | None = None
    rows: tuple[Row, ...] = ()
    faults: tuple[Fault, ...] = ()
    gave: str = ""


class Parsing(msgspec.Struct, frozen=True):
    """How the files below `root` are parsed."""

    root: Path
    site: Site
    context: Context = Context()
    folders: Folders | None = None

    def parse(self, asked: Asked) -> Parsed:
        """Read one file, and parse it if its bytes are not known."""
        try:
            data = read(self.root, asked.path)
        except ContentError as error:
            return Parsed("", Loaded((), (Fault(asked.path, error.line, error.message),)))
        sha256 = hashlib.sha256(data).hexdigest()
        if sha256 == asked.known:
            return Parsed(sha256)
        loaded = load(self.root, asked.path, data, self.site, self.context, self.folders)
        rows, faults = rows_of(asked.path, loaded.articles, self.site)
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
