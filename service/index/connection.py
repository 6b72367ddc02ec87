"""The file: where it is, whether it is ours and sound, and how it is opened.

A file that is damaged or of another version is a cache that has to be made again; a file that is not ours is
refused and left as it is.

Readers hold the file open, so a damaged one is never repaired in place: it is removed and a new one is built,
which readers recognise by its inode. A reader that meets damage writes a report next to the file, since only
builders may replace it.
"""

import errno
import fcntl
import logging
import os
import sqlite3
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Literal, TypeVar

import msgspec

from service.errors import IndexUnavailable, IndexUnusable, SettingsError
from service.index.schema import APPLICATION_ID, PAGE_BYTES, TABLES, VERSION

PREFIX = "sqlite:///"
BUSY_SECONDS = 300.0
"""How long one builder waits for another."""

CHECKED_BYTES = 64 << 20
"""A file up to this size is checked for damage before it is built upon; larger ones take too long."""

NONE_YET = "there is no index yet; run `broadsheet index`"

_MAGIC = b"SQLite format 3\0"
_ELSEWHERE = "choose a folder that can be written with --index"
_LATER = "another process is writing it; try again when it has ended"
_ADVICE = {
    sqlite3.SQLITE_FULL: "make room on the disk",
    sqlite3.SQLITE_BUSY: _LATER,
    sqlite3.SQLITE_LOCKED: _LATER,
    sqlite3.SQLITE_PROTOCOL: _LATER,
    sqlite3.SQLITE_READONLY: _ELSEWHERE,
    sqlite3.SQLITE_CANTOPEN: _ELSEWHERE,
    sqlite3.SQLITE_PERM: _ELSEWHERE,
    sqlite3.SQLITE_IOERR: "look after the disk, or choose another with --index",
}
_SYSTEM_ADVICE: dict[int | None, str] = {
    errno.ENOSPC: "make room on the disk",
    errno.EDQUOT: "make room on the disk",
    errno.EMFILE: "allow the process more open files",
    errno.ENFILE: "allow the system more open files",
}
_CACHE_SUFFIXES = {".db", ".sqlite", ".sqlite3"}
_SIDECARS = ("-wal", "-shm")
_LOCK_RETRY_SECONDS = 0.05
_log = logging.getLogger(__name__)

T = TypeVar("T")

Condition = Literal["missing", "blank", "ours", "unfit", "foreign"]
"""`missing`: no file, or an empty one; `blank`: a database without tables, left by a killed build."""

FileId = tuple[int, int]
"""Device and inode of a file."""


class IncompatibleIndex(Exception):
    """The file is damaged or of another version; the message says which."""


def file_of(url: str) -> Path:
    """The file an index URL names: `sqlite:///data/index.db`, or `sqlite:////var/…` from the root.

    Raises SettingsError when it names none.
    """
    path = url.removeprefix(PREFIX)
    if not url.startswith(PREFIX) or not path.strip("/"):
        raise SettingsError((f"index: {url!r} names no SQLite file; use sqlite:///path/to/index.db",))
    return Path(path)


def sibling_path(url: str, name: str) -> Path:
    """A file next to the index at `url` that outlives a rebuild: `index.db`, `hubs` → `index.db.hubs`.

    Raises SettingsError.
    """
    path = file_of(url)
    return path.with_name(f"{path.name}.{name}")


def condition(path: Path) -> Condition:
    """What lies at `path`, by its header alone (the SQLite file format, §1.3).

    For builders only. To close a file is to give up every lock the process has on it, SQLite's too: were a
    process of readers to look, the next builder would take the log for unused and delete it under them.
    Raises IndexUnavailable when it cannot be read.
    """
    try:
        with path.open("rb") as file:
            header = file.read(100)
    except FileNotFoundError:
        return "missing"
    except OSError as error:
        advice = _SYSTEM_ADVICE.get(error.errno, "choose another with --index")
        raise IndexUnavailable(path, f"cannot be read ({error.strerror}); {advice}") from None
    if not header:
        return "missing"
    if len(header) < 100 or not header.startswith(_MAGIC):
        # Rubble under the name of a database is a damaged cache; any other name may be somebody's work.
        return "unfit" if path.suffix in _CACHE_SUFFIXES else "foreign"
    (schema_cookie,) = struct.unpack(">I", header[40:44])
    version, application = struct.unpack(">I4xI", header[60:72])
    if application == APPLICATION_ID:
        return "ours" if version == VERSION else "unfit"
    if application or schema_cookie:
        # Not opened: a log of ours that is still there would be written into it.
        return "foreign"
    return _logged_condition(path)


def connect(path: Path, *, mode: Literal["ro", "rwc"], timeout: float = 5.0) -> sqlite3.Connection:
    """A connection without implicit transactions that may be handed from thread to thread, not shared.

    `ro` makes no file where there is none, and deletes no log when it is closed last: by then the log may be
    that of another file, put in the place of the one that was opened.
    """
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    return sqlite3.connect(uri, uri=True, timeout=timeout, isolation_level=None, check_same_thread=False)


def open_reader(path: Path) -> sqlite3.Connection | None:
    """A connection that only reads; None when no index of ours is there, or not yet.

    SQLite is asked what it is, not the file (see `condition`). Raises sqlite3.Error.
    """
    with suppress(PermissionError):  # which SQLite tells of
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
    """A connection to a sound index within one write transaction.

    It is committed at the end and rolled back on any error. A `build` looks for damage first, and begins with
    an empty index if there was none; others need one. Raises IncompatibleIndex, IndexUnavailable.
    """
    _own_condition(path)
    _make_folder(path)
    with _exclusive(path):
        found = _own_condition(path)
        if found == "unfit":
            raise IncompatibleIndex("it is damaged or of another version")
        if not build and found != "ours":
            raise IndexUnusable(path, NONE_YET)
        if found == "missing":
            _remove(path)
        elif (reason := reported_damage(path)) is not None:
            raise IncompatibleIndex(reason)
        with translated(path), closing(connect(path, mode="rwc", timeout=BUSY_SECONDS)) as connection:
            _log_ahead(connection)
            connection.execute("BEGIN IMMEDIATE")
            try:
                _prepare(connection, path, check=build)
                yield connection
            except BaseException:
                with suppress(sqlite3.Error):
                    connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")
        if found != "ours":
            # Now they are in the index.
            with suppress(OSError):
                _deleted_slugs_file(path).unlink(missing_ok=True)


def discard(path: Path, why: str) -> None:
    """Make room for a new index: an index of any version is deleted, any other file moved to `NAME.unfit`.

    The slugs of deleted articles in an index of another version are kept for the new one: the folder cannot
    give them again. Raises IndexUnavailable.
    """
    with _exclusive(path):
        _log.warning("index %s: %s; it is built anew from the articles", path, why)
        file = Path(os.path.realpath(path))
        try:
            if _is_ours(file):
                _save_deleted_slugs(path)
            else:
                file.replace(file.with_name(f"{file.name}.unfit"))
        except FileNotFoundError:
            pass
        except OSError as error:
            raise _irreplaceable(path, error) from error
        _remove(path)


def _save_deleted_slugs(path: Path) -> None:
    """Write the slugs in an index of another version to a file, where a build that is killed leaves them."""
    try:
        with closing(connect(path, mode="ro")) as connection:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            slugs = _read_deleted_slugs(connection) if version != VERSION else []
    except sqlite3.Error as error:
        _log.warning("index %s: addresses of deleted articles cannot be read (%s)", path, error)
        return
    if not slugs:
        return
    file = _deleted_slugs_file(path)
    unfinished = file.with_name(f"{file.name}.tmp")
    try:
        with unfinished.open("wb") as output:
            output.write(msgspec.json.encode(sorted({*slugs, *_saved_deleted_slugs(path)})))
            output.flush()
            os.fsync(output.fileno())
        unfinished.replace(file)
    except OSError as error:
        raise _cannot_write(path, error) from error


def _read_deleted_slugs(connection: sqlite3.Connection) -> list[str]:
    """The slugs in an index of any version; earlier versions called the table `gone`."""
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    if "deleted_slugs" in tables:
        rows = connection.execute("SELECT slug FROM deleted_slugs")
    elif "gone" in tables:
        rows = connection.execute("SELECT slug FROM gone")
    else:
        return []
    return [slug for (slug,) in rows]


def _saved_deleted_slugs(path: Path) -> list[str]:
    try:
        return msgspec.json.decode(_deleted_slugs_file(path).read_bytes(), type=list[str])
    except FileNotFoundError:
        return []
    except (OSError, msgspec.DecodeError) as error:
        raise IndexUnavailable(_deleted_slugs_file(path), f"cannot be read ({error}); remove it") from error


def _deleted_slugs_file(path: Path) -> Path:
    return path.with_name(f"{path.name}.deleted-slugs")


def identity(path: Path) -> FileId | None:
    """Which file is at `path` now; None when there is none, or none that can be seen."""
    try:
        facts = path.stat()
    except OSError:
        return None
    return facts.st_dev, facts.st_ino


def log_identity(path: Path) -> tuple[FileId | None, ...]:
    """Which files are the write-ahead log of the index at `path` and the log's own index now.

    A connection keeps those it has opened: when they are removed, it never sees what is written afterwards.
    """
    return tuple(identity(_sidecar(path, suffix)) for suffix in _SIDECARS)


def report_damage(path: Path, file: FileId | None, why: str) -> bool:
    """Have the next builder replace the index at `path` because `file`, which it was, is damaged.

    Nothing is reported of a file that has been replaced already. False when the report cannot be written.
    """
    if file is None or file != identity(path) or reported_damage(path) is not None:
        return True
    try:
        _damage_report(path).write_text(f"{file[0]} {file[1]} {why}\n", "utf-8")
    except OSError:
        return False
    return True


def reported_damage(path: Path) -> str | None:
    """Why the index that is at `path` now was reported as damaged; None when it was not."""
    try:
        device, inode, reason = _damage_report(path).read_text("utf-8").split(" ", 2)
        reported = (int(device), int(inode))
    except OSError:
        return None
    except ValueError:  # half written
        return "it was reported as damaged"
    return reason.strip() if reported == identity(path) else None


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
def translated(path: Path) -> Iterator[None]:
    """Errors of SQLite as IndexUnavailable, those of a damaged file as IncompatibleIndex."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if _is_damage(error):
            raise IncompatibleIndex(f"it is damaged ({error})") from error
        advice = _advice(error)
        if advice is None:
            raise
        raise IndexUnavailable(path, f"{error}; {advice}") from error


def _own_condition(path: Path) -> Condition:
    """The condition of a file that may be built upon. Raises IndexUnavailable for one that is not ours."""
    found = condition(path)
    if found == "foreign":
        raise IndexUnavailable(path, "is no index of ours and stays as it is; choose another with --index")
    return found


@contextmanager
def _exclusive(path: Path) -> Iterator[None]:
    """Hold the lock of builders, so that none replaces a file that another has just made.

    SQLite's own locks are on the file that is replaced. Raises IndexUnavailable.
    """
    deadline = time.monotonic() + BUSY_SECONDS
    try:
        descriptor = os.open(
            path.with_name(f"{path.name}.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666
        )
    except OSError as error:
        raise _cannot_write(path, error) from error
    try:
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise IndexUnavailable(path, _LATER) from None
            except OSError as error:
                raise _cannot_write(path, error) from error
            time.sleep(_LOCK_RETRY_SECONDS)
        try:
            yield
        finally:
            # Closing alone would not do: processes that were forked meanwhile have the lock open too.
            fcntl.flock(descriptor, fcntl.LOCK_UN)
    finally:
        os.close(descriptor)


def _make_folder(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _cannot_write(path, error) from error


def _cannot_write(path: Path, error: OSError) -> IndexUnavailable:
    return IndexUnavailable(path, f"{error.strerror}; {_SYSTEM_ADVICE.get(error.errno, _ELSEWHERE)}")


def _sidecar(path: Path, suffix: str) -> Path:
    """The file that SQLite keeps next to the index: next to where a symbolic link leads."""
    return Path(f"{os.path.realpath(path)}{suffix}")


def _damage_report(path: Path) -> Path:
    return path.with_name(f"{path.name}.damaged")


def _remove(path: Path) -> None:
    """Delete the index with what belongs to it."""
    # The file first: a reader that comes in between finds nothing, instead of giving it a log anew. A log
    # that stays would be read into the next file, and its index shared with readers of this one.
    sidecars = [_sidecar(path, suffix) for suffix in _SIDECARS]
    try:
        for file in (_sidecar(path, ""), *sidecars, _damage_report(path)):
            file.unlink(missing_ok=True)
    except OSError as error:
        raise _irreplaceable(path, error) from error


def _irreplaceable(path: Path, error: OSError) -> IndexUnavailable:
    why = f"is unfit and cannot be replaced ({error.strerror}); remove it or choose another with --index"
    return IndexUnavailable(path, why)


def _log_ahead(connection: sqlite3.Connection) -> None:
    """Turn on WAL, so that readers see the old index until the new one is complete."""
    connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")  # which an index keeps from its first page on
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            # Of two who make the file at once, one is refused without waiting for the other.
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            # A lost last build is made again; a torn one cannot happen in WAL mode.
            connection.execute("PRAGMA synchronous = NORMAL")
            return


def _prepare(connection: sqlite3.Connection, path: Path, *, check: bool) -> None:
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    if application != APPLICATION_ID:
        for statement in TABLES.split(";\n"):
            connection.execute(statement)
        slugs = [(slug,) for slug in _saved_deleted_slugs(path)]
        connection.executemany("INSERT INTO deleted_slugs (slug) VALUES (?)", slugs)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {VERSION}")
    elif check and path.stat().st_size <= CHECKED_BYTES:
        (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        if verdict != "ok":
            raise IncompatibleIndex(f"it is damaged ({verdict})")


def _is_ours(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(72)[68:] == APPLICATION_ID.to_bytes(4, "big")


def _logged_condition(path: Path) -> Condition:
    """What a database without our mark is: not read from its log yet, or left by a killed build."""
    try:
        with closing(connect(path, mode="rwc")) as connection:
            (application,) = connection.execute("PRAGMA application_id").fetchone()
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.Error:
        return "foreign"
    if application == APPLICATION_ID:
        return "ours" if version == VERSION else "unfit"
    return "foreign" if tables else "blank"


def _is_damage(error: sqlite3.Error) -> bool:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    unknown_table = code == sqlite3.SQLITE_ERROR and "no such" in str(error)
    bad_text = str(error).startswith("Could not decode to UTF-8")  # which carries no code
    cut_short = getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_IOERR_SHORT_READ
    return code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB} or unknown_table or bad_text or cut_short


def _advice(error: sqlite3.Error) -> str | None:
    """What to do about an error that comes from outside; None for one that is a mistake of ours."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return _ADVICE.get(code)
