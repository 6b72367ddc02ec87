"""Connections to the index: read-only ones, and the write transaction of a build.

Errors of SQLite are raised as IndexUnavailable, or as IncompatibleIndex if the index must be rebuilt.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TypeVar

import msgspec

from service.errors import IndexUnavailable, IndexUnusable
from service.index.index_file import (
    BUSY_SECONDS,
    OTHER_FOLDER,
    TRY_LATER,
    connect,
    deleted_slugs_file,
    lock_for_writing,
    make_folder,
    remove,
    reported_damage,
    require_index,
    saved_deleted_slugs,
)
from service.index.schema import APPLICATION_ID, PAGE_BYTES, TABLES, VERSION

CHECKED_BYTES = 64 << 20
"""A file up to this size is checked for damage before a build; checking larger ones takes too long."""

NO_INDEX = "there is no index yet; run `broadsheet index`"

_ADVICE = {
    sqlite3.SQLITE_FULL: "free space on the disk",
    sqlite3.SQLITE_BUSY: TRY_LATER,
    sqlite3.SQLITE_LOCKED: TRY_LATER,
    sqlite3.SQLITE_PROTOCOL: TRY_LATER,
    sqlite3.SQLITE_READONLY: OTHER_FOLDER,
    sqlite3.SQLITE_CANTOPEN: OTHER_FOLDER,
    sqlite3.SQLITE_PERM: OTHER_FOLDER,
    sqlite3.SQLITE_IOERR: "check the disk, or choose another with --index",
}

T = TypeVar("T")


class IncompatibleIndex(Exception):
    """The file is damaged or of another version; the message says which."""


def open_reader(path: Path) -> sqlite3.Connection | None:
    """A read-only connection; None when there is no index of this version.

    The version is read through SQLite, not from the file (see `condition`). Raises sqlite3.Error.
    """
    with suppress(PermissionError):  # SQLite reports it
        if not path.exists():
            return None
    connection = connect(path, mode="ro")
    try:
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
    except BaseException:
        connection.close()
        raise
    if (application, version) == (APPLICATION_ID, VERSION):
        return connection
    connection.close()
    return None


@contextmanager
def writing(path: Path, *, build: bool = True) -> Iterator[sqlite3.Connection]:
    """A connection to an undamaged index within one write transaction.

    It is committed at the end and rolled back on any error. A `build` checks for damage, and creates an empty
    index where there is none; otherwise there must be one. Raises IncompatibleIndex, IndexUnavailable.
    """
    require_index(path)
    make_folder(path)
    with lock_for_writing(path):
        kind = require_index(path)
        if kind == "unfit":
            raise IncompatibleIndex("it is damaged or of another version")
        if not build and kind != "ours":
            raise IndexUnusable(path, NO_INDEX)
        if kind == "missing":
            remove(path)
        elif (reason := reported_damage(path)) is not None:
            raise IncompatibleIndex(reason)
        with translate_errors(path), closing(connect(path, mode="rwc", timeout=BUSY_SECONDS)) as connection:
            _enable_wal(connection)
            connection.execute("BEGIN IMMEDIATE")
            try:
                _prepare(connection, path, check=build)
                yield connection
            except BaseException:
                with suppress(sqlite3.Error):
                    connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")
        if kind != "ours":
            # Now they are in the index.
            with suppress(OSError):
                deleted_slugs_file(path).unlink(missing_ok=True)


def decoder(kind: type[T]) -> Callable[[bytes], T]:
    """A function that decodes a `kind` from the MessagePack in a column. It raises IncompatibleIndex."""
    decode = msgspec.msgpack.Decoder(kind).decode

    def read(column: bytes) -> T:
        try:
            return decode(column)
        except (msgspec.DecodeError, TypeError, UnicodeDecodeError) as error:
            raise IncompatibleIndex(f"it is damaged ({error})") from error

    return read


@contextmanager
def translate_errors(path: Path) -> Iterator[None]:
    """Raise errors of SQLite as IndexUnavailable, and damage as IncompatibleIndex."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if _is_damage(error):
            raise IncompatibleIndex(f"it is damaged ({error})") from error
        advice = _advice(error)
        if advice is None:
            raise
        raise IndexUnavailable(path, f"{error}; {advice}") from error


def _enable_wal(connection: sqlite3.Connection) -> None:
    """Turn on WAL, so that readers see the previous index until the transaction is committed."""
    connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")  # effective in a new file only
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            # Of two processes that create the file at once, SQLite refuses one without waiting.
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            # A power cut may lose the last build, which is repeated; WAL mode prevents corruption.
            connection.execute("PRAGMA synchronous = NORMAL")
            return


def _prepare(connection: sqlite3.Connection, path: Path, *, check: bool) -> None:
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    if application != APPLICATION_ID:
        for statement in TABLES.split(";\n"):
            connection.execute(statement)
        slugs = [(slug,) for slug in saved_deleted_slugs(path)]
        connection.executemany("INSERT INTO deleted_slugs (slug) VALUES (?)", slugs)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {VERSION}")
    elif check and path.stat().st_size <= CHECKED_BYTES:
        (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        if verdict != "ok":
            raise IncompatibleIndex(f"it is damaged ({verdict})")


def _is_damage(error: sqlite3.Error) -> bool:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    unknown_table = code == sqlite3.SQLITE_ERROR and "no such" in str(error)
    bad_text = str(error).startswith("Could not decode to UTF-8")  # an error without a code
    cut_short = getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_IOERR_SHORT_READ
    return code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB} or unknown_table or bad_text or cut_short


def _advice(error: sqlite3.Error) -> str | None:
    """What to do about an error of the environment; None for a programming error."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return _ADVICE.get(code)
