"""The record of an export: its files and redirects, in a database, because there may be millions.

All changes are one transaction, which `save` ends: without it, the record is that of the previous export.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from service.errors import ExportError
from service.export.responses import Headers
from service.index import Revision

_TABLES = """
CREATE TABLE IF NOT EXISTS facts (singleton INTEGER PRIMARY KEY CHECK (singleton = 1), facts BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS headers (number INTEGER PRIMARY KEY, headers BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS files (
    name TEXT PRIMARY KEY,
    address TEXT NOT NULL,
    headers INTEGER NOT NULL,
    linked_on TEXT NOT NULL,    -- of an archive document
    file BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS files_address ON files (address);
CREATE INDEX IF NOT EXISTS files_linked_on ON files (linked_on) WHERE linked_on != '';
CREATE TABLE IF NOT EXISTS copies (  -- further addresses of a file
    address TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    headers INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS redirects (address TEXT PRIMARY KEY, redirect BLOB NOT NULL) WITHOUT ROWID;
CREATE TEMP TABLE written (name TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TEMP TABLE copied (address TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TEMP TABLE asked (address TEXT PRIMARY KEY) WITHOUT ROWID;
"""
_FILE = "SELECT name, address, headers, linked_on, file FROM files"
_STALE = "name NOT IN (SELECT name FROM written)"

_encode = msgspec.msgpack.Encoder().encode


class FileFacts(msgspec.Struct, frozen=True, array_like=True):
    """A file: the hash of its bytes, their number, and the suffixes of its compressed forms.

    `keys` are hashes of its cache keys, one after the other, `following` the addresses that it links to as
    further pages.
    """

    sha256: bytes
    length: int = 0
    variants: tuple[str, ...] = ()
    keys: bytes = b""
    following: tuple[str, ...] = ()


class ExportedFile(msgspec.Struct, frozen=True):
    """A file of an export: its name and its address below the public URL.

    `headers` is the number of its headers, 0 if it has none. `linked_on` is the date, of an archive document,
    on which something last led to it.
    """

    name: str
    address: str
    facts: FileFacts
    headers: int = 0
    linked_on: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Its name, and those of its compressed forms."""
        return (self.name, *(self.name + suffix for suffix in self.facts.variants))


class RecordedRedirect(msgspec.Struct, frozen=True, array_like=True):
    """The answer at a former address: a redirect to `location`, or nothing that is exported (status 0).

    `source` is what the index said of the address, `cache_control` the header of the redirect.
    """

    status: int
    location: str
    source: str
    cache_control: str = ""


class ExportFacts(msgspec.Struct, frozen=True):
    """The state of program and content that an export was made from.

    `made_by` is a hash of the program and the settings, `layout` how files are named, `generation` and
    `revision` those of the index, `articles` a hash of all articles. `navigation` is a hash of what all pages
    link to, `search` one of what the search was made of, "" if there is none.
    """

    made_by: str = ""
    layout: str = ""
    generation: int = 0
    revision: Revision | None = None
    articles: str = ""
    navigation: str = ""
    search: str = ""


class ExportRecord:
    """The record of an export; `facts` are those of the previous one.

    What was `written` is of this export; all other files are of the previous one.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        connection.executescript(_TABLES)
        connection.execute("BEGIN IMMEDIATE")
        row = connection.execute("SELECT facts FROM facts").fetchone()
        self.facts = msgspec.msgpack.decode(row[0], type=ExportFacts) if row else ExportFacts()
        self._headers = {
            msgspec.msgpack.decode(headers, type=Headers): number
            for number, headers in connection.execute("SELECT number, headers FROM headers")
        }

    def find(self, address: str) -> ExportedFile | None:
        """The file that an export wrote for `address`, also if that is a further address of the file."""
        copy = "SELECT name, copies.address, copies.headers, '', file FROM copies JOIN files USING (name)"
        return self._read_file("WHERE address = ?", address) or next(
            self._read_rows(f"{copy} WHERE copies.address = ?", address), None
        )

    def file_at(self, name: str) -> ExportedFile | None:
        """The file of this name, without a suffix of a compressed form."""
        return self._read_file("WHERE name = ?", name)

    def is_written(self, name: str) -> bool:
        """Whether this export has written or kept the file."""
        return self._has("SELECT 1 FROM written WHERE name = ?", name)

    def has_written(self, address: str) -> bool:
        """Whether this export has a file for `address`."""
        return self._has(
            "SELECT 1 FROM files JOIN written USING (name) WHERE address = ?", address
        ) or self._has("SELECT 1 FROM copied WHERE address = ?", address)

    def number_of(self, headers: Headers) -> int:
        """The number of these headers."""
        number = self._headers.get(headers)
        if number is None:
            number = self._headers[headers] = len(self._headers) + 1
            self._connection.execute("INSERT INTO headers VALUES (?, ?)", (number, _encode(headers)))
        return number

    def write(self, file: ExportedFile) -> None:
        """Remember that this export has the file."""
        values = (file.name, file.address, file.headers, file.linked_on, _encode(file.facts))
        self._connection.execute("REPLACE INTO files VALUES (?, ?, ?, ?, ?)", values)
        self._mark_written(file.name)

    def write_copy(self, file: ExportedFile) -> None:
        """Remember that the address of `file` has the file of this name, which another address has too."""
        execute = self._connection.execute
        execute("REPLACE INTO copies VALUES (?, ?, ?)", (file.address, file.name, file.headers))
        execute("INSERT OR IGNORE INTO copied VALUES (?)", (file.address,))

    def keep(self, file: ExportedFile) -> None:
        """Remember that this export has the file of the previous one at this address."""
        self._mark_written(file.name)
        self._connection.execute(
            "INSERT OR IGNORE INTO copied SELECT address FROM copies WHERE address = ?", (file.address,)
        )

    def _mark_written(self, name: str) -> None:
        self._connection.execute("INSERT OR IGNORE INTO written VALUES (?)", (name,))

    def keep_below(self, folder: str) -> None:
        """Remember that this export has the files of the previous one in `folder`."""
        self._connection.execute(
            "INSERT OR IGNORE INTO written SELECT name FROM files WHERE name > ? || '/' AND name < ? || '0'",
            (folder, folder),
        )

    def files_below(self, folder: str) -> Iterator[ExportedFile]:
        return self._read_files("WHERE name > ? || '/' AND name < ? || '0'", folder, folder)

    def linked_since(self, day: str) -> list[ExportedFile]:
        """The archive documents that are not written yet, and that something led to on `day` or later."""
        return [*self._read_files(f"WHERE linked_on >= ? AND linked_on != '' AND {_STALE}", day)]

    def stale_files(self) -> Iterator[ExportedFile]:
        """The files of the previous export that this one has not."""
        return self._read_files(f"WHERE {_STALE}")

    def stale_copies(self) -> Iterator[str]:
        """The further addresses of files of the previous export that this one has not."""
        stale = "SELECT address FROM copies WHERE address NOT IN (SELECT address FROM copied)"
        return (address for (address,) in self._connection.execute(stale))

    def lost_below(self, folder: str) -> list[str]:
        """The addresses in `folder` of files and redirects of the previous export that this one has not."""
        rows = self._connection.execute(
            f"SELECT address FROM files WHERE address > ?1 AND address < ?2 AND {_STALE}"  # noqa: S608
            " UNION SELECT address FROM copies WHERE address > ?1 AND address < ?2"
            " UNION SELECT address FROM redirects WHERE address > ?1 AND address < ?2"
            " EXCEPT SELECT address FROM copied EXCEPT SELECT address FROM asked",
            (folder, f"{folder[:-1]}0"),
        )
        return [address for (address,) in rows]

    def count_written(self) -> int:
        (count,) = self._connection.execute("SELECT count(*) FROM written").fetchone()
        return int(count)

    def hosted(self) -> Iterator[tuple[str, Headers]]:
        """Each address of this export whose response has headers, and these."""
        headers = {number: headers for headers, number in self._headers.items()}
        rows = self._connection.execute(
            "SELECT address, headers FROM files WHERE headers != 0 AND name IN (SELECT name FROM written)"
            " UNION ALL SELECT address, headers FROM copies JOIN copied USING (address) ORDER BY address"
        )
        return ((address, headers[number]) for address, number in rows)

    def find_redirect(self, address: str) -> RecordedRedirect | None:
        row = self._connection.execute(
            "SELECT redirect FROM redirects WHERE address = ?", (address,)
        ).fetchone()
        return row and msgspec.msgpack.decode(row[0], type=RecordedRedirect)

    def write_redirect(self, address: str, redirect: RecordedRedirect) -> None:
        """Remember how a former address is answered."""
        self._connection.execute("REPLACE INTO redirects VALUES (?, ?)", (address, _encode(redirect)))
        self.keep_redirect(address)

    def keep_redirect(self, address: str) -> None:
        """Remember that a former address is answered as by the previous export."""
        self._connection.execute("INSERT OR IGNORE INTO asked VALUES (?)", (address,))

    def redirects(self) -> Iterator[tuple[str, RecordedRedirect]]:
        """The redirects of this export, by address."""
        rows = self._connection.execute(
            "SELECT address, redirect FROM redirects JOIN asked USING (address) ORDER BY address"
        )
        for address, blob in rows:
            redirect = msgspec.msgpack.decode(blob, type=RecordedRedirect)
            if redirect.status:
                yield address, redirect

    def save(self, facts: ExportFacts) -> None:
        """End the export: what is remembered is what this one wrote and kept."""
        execute = self._connection.execute
        execute(f"DELETE FROM files WHERE {_STALE}")  # noqa: S608 - a constant
        execute("DELETE FROM copies WHERE address NOT IN (SELECT address FROM copied)")
        execute("DELETE FROM redirects WHERE address NOT IN (SELECT address FROM asked)")
        execute("REPLACE INTO facts VALUES (1, ?)", (_encode(facts),))
        execute("COMMIT")

    def _has(self, statement: str, value: str) -> bool:
        return self._connection.execute(statement, (value,)).fetchone() is not None

    def _read_file(self, condition: str, value: str) -> ExportedFile | None:
        return next(self._read_files(condition, value), None)

    def _read_files(self, condition: str, *values: str) -> Iterator[ExportedFile]:
        return self._read_rows(f"{_FILE} {condition}", *values)

    def _read_rows(self, statement: str, *values: str) -> Iterator[ExportedFile]:
        for name, address, headers, linked_on, blob in self._connection.execute(statement, values):
            facts = msgspec.msgpack.decode(blob, type=FileFacts)
            yield ExportedFile(name, address, facts, headers, linked_on)


class ObjectSizes:
    """The sizes of the objects of a bucket by their names, on disk, because there may be millions."""

    def __init__(self, sizes: Iterable[tuple[str, int]]) -> None:
        self._connection = sqlite3.connect("")
        self._connection.execute("CREATE TABLE objects (name TEXT PRIMARY KEY, size INTEGER) WITHOUT ROWID")
        self._connection.executemany("INSERT OR REPLACE INTO objects VALUES (?, ?)", sizes)

    def __bool__(self) -> bool:
        return self._connection.execute("SELECT 1 FROM objects").fetchone() is not None

    def find(self, name: str) -> int | None:
        row = self._connection.execute("SELECT size FROM objects WHERE name = ?", (name,)).fetchone()
        return row and int(row[0])

    def names_below(self, folder: str) -> list[str]:
        rows = self._connection.execute(
            "SELECT name FROM objects WHERE name > ? || '/' AND name < ? || '0'", (folder, folder)
        )
        return [name for (name,) in rows]

    def close(self) -> None:
        self._connection.close()


@contextmanager
def open_record(path: Path) -> Iterator[ExportRecord]:
    """The record in the database at `path`, which is created if it is missing.

    Unless it is saved, it stays that of the previous export. Raises ExportError.
    """
    connection: sqlite3.Connection | None = None
    try:
        connection = sqlite3.connect(path, isolation_level=None)
        yield ExportRecord(connection)
    except (sqlite3.Error, msgspec.MsgspecError) as error:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
            raise ExportError(f"{path} cannot be written: the disk is full; make room") from error
        raise ExportError(
            f"{path}: the record of the export cannot be used: {error}; export to an empty folder"
        ) from error
    finally:
        if connection is not None:
            connection.close()
