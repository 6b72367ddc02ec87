"""The SQLite database of the index: its file, its lock, connections to it, and how a damaged one is replaced.

An index that is damaged or of another version is rebuilt; a file that is not an index is refused and left
unchanged. Errors of SQLite are raised as IndexUnavailable, or as IncompatibleIndex if it must be rebuilt.

Readers hold the file open, so a damaged one is never repaired in place: it is removed and a new one is built,
which readers recognise by its inode. A reader that meets damage writes a report next to the file, since only
builders may replace it.
"""

import errno
import fcntl
import logging
import os
import signal
import sqlite3
import struct
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Literal, TypeVar

import msgspec

from service.errors import IndexUnavailable, IndexUnusable, SettingsError
from service.index.compression import add_unpack
from service.index.schema import APPLICATION_ID, LATER_INDEXES, LISTING_INDEXES, PAGE_BYTES, TABLES, VERSION
from service.index.tables.deleted_slugs import (
    read_deleted_slugs,
    read_saved_slugs,
    remember_deleted,
    save_served_slugs,
    save_slugs,
    saved_slugs_file,
    served_slugs_file,
)
from service.index.tables.row_log import (
    LONGEST_UNREAD,
    end_unread_log,
    log_rows,
    published_copy,
    save_logged_rows,
)

PREFIX = "sqlite:///"

BUSY_SECONDS = 300.0
"""How long one builder waits for another."""

_MAGIC = b"SQLite format 3\0"

OTHER_FOLDER = "choose a folder that can be written with --index"

TRY_LATER = "another process is writing it; try again when it has ended"

_SYSTEM_ADVICE: dict[int | None, str] = {
    errno.ENOSPC: "free space on the disk",
    errno.EDQUOT: "free space on the disk",
    errno.EMFILE: "allow the process more open files",
    errno.ENFILE: "allow the system more open files",
}

_CACHE_SUFFIXES = {".db", ".sqlite", ".sqlite3"}

_SIDECARS = ("-wal", "-shm")

_LOCK_RETRY_SECONDS = 0.05

_log = logging.getLogger(__name__)

IndexFileKind = Literal["missing", "blank", "ours", "unfit", "foreign"]
"""`missing`: no file, or an empty one; `blank`: a database without tables, left by a killed build."""

Committing = Callable[[], AbstractContextManager[None]]
"""Makes the context in which a transaction is committed."""

FileId = tuple[int, int]
"""Device and inode of a file."""

LogFileIds = dict[Path, FileId | None]

FileFacts = tuple[int, int, int, int]
"""Device, inode, size and mtime_ns of a file."""

IndexFacts = tuple[FileFacts | None, FileFacts | None, FileFacts | None]

CHECKED_BYTES = 64 << 20
"""A file up to this size is checked for damage before a build; checking larger ones takes too long."""

CACHE_KIB = 16_384
"""How much of the index a build keeps in memory. Each generation of processes that parse keeps a copy of it
as it was when they were started, and to sort rows SQLite takes as much memory again."""

LARGER_CACHE_KIB = 65_536
"""The same while pages are changed often, so that they are written once."""

SYNCHRONOUS = "NORMAL"
"""A power cut may lose the last build, which is repeated; WAL mode prevents corruption."""

STOP_SIGNALS = {signal.SIGINT, signal.SIGTERM}

STEPS_BETWEEN_LOOKS = 1_000_000
"""How many instructions SQLite carries out before it looks for a signal: some hundredths of a second."""

NO_INDEX = "there is no index yet; run `broadsheet index`"

_SQLITE_ADVICE = {
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

    The version is read through SQLite, not from the file (see `index_file_kind`). Raises sqlite3.Error.
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
def reading(path: Path, missing: str = NO_INDEX) -> Iterator[sqlite3.Connection]:
    """A read-only connection to an index. Raises IndexUnavailable; `missing` says so if there is none."""
    try:
        with translate_errors(path):
            connection = open_reader(path)
            if connection is None:
                raise IndexUnusable(path, missing)
            with closing(connection):
                yield connection
    except IncompatibleIndex as error:
        raise IndexUnusable(path, f"{error}; run `broadsheet index`") from error


@contextmanager
def writing(
    path: Path,
    *,
    build: bool = True,
    check: bool = True,
    is_durable: bool = False,
    committing: Committing = nullcontext,
) -> Iterator[sqlite3.Connection]:
    """A connection to an index within one write transaction.

    It is committed at the end and rolled back on any error. A `build` makes a new index where there is none,
    which takes its place when it is complete, and with `check` looks for damage; otherwise there must be one.
    A change that `is_durable` is not lost by a power cut.
    Readers see the change from some instant within the context that `committing` makes.
    Raises IncompatibleIndex, IndexUnavailable.
    """
    require_index(path)
    make_folder(path)
    with lock_for_writing(path):
        kind = require_index(path)
        if kind == "unfit":
            raise IncompatibleIndex("it is damaged or of another version")
        if not build and kind != "ours":
            raise IndexUnusable(path, NO_INDEX)
        if kind != "ours":
            with _making(path, committing) as connection:
                yield connection
            return
        if (reason := reported_damage(path)) is not None:
            raise IncompatibleIndex(reason)
        with translate_errors(path), closing(connect(path, mode="rwc", timeout=BUSY_SECONDS)) as connection:
            _enable_wal(connection)
            if is_durable:
                connection.execute("PRAGMA synchronous = FULL")
            if build:
                connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
            connection.execute("BEGIN IMMEDIATE")
            try:
                if build and check:
                    _check(connection, path)
                _execute_all(connection, LATER_INDEXES)
                is_log_ended = build and end_unread_log(connection, path)
                log_rows(connection)
                yield connection
                save_logged_rows(connection)
            except BaseException:
                with suppress(sqlite3.Error):
                    connection.execute("ROLLBACK")
                raise
            with committing():
                connection.execute("COMMIT")
            if is_log_ended:
                days = LONGEST_UNREAD.days
                _log.info(
                    "index %s: not published for %d days; the next publication is a snapshot", path, days
                )
                with suppress(OSError):
                    for suffix in ("", *_SIDECARS):
                        _sidecar(published_copy(path), suffix).unlink(missing_ok=True)


@contextmanager
def larger_cache(connection: sqlite3.Connection) -> Iterator[None]:
    """Let a build keep more of the index in memory while no files are parsed (see CACHE_KIB)."""
    connection.execute(f"PRAGMA cache_size = -{LARGER_CACHE_KIB}")
    yield
    connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")


@contextmanager
def _making(path: Path, committing: Committing) -> Iterator[sqlite3.Connection]:
    """A connection to a new index, which takes the place at `path` at the end, and is deleted on any error.

    Nobody sees it until then, so it needs no journal. A build that is killed leaves a file that the next one
    deletes.
    """
    remove(path)
    file = _sidecar(path, ".new")
    new_files = [file.with_name(file.name + suffix) for suffix in ("", *_SIDECARS)]
    _delete(path, new_files)
    try:
        with translate_errors(path), closing(connect(file, mode="rwc")) as connection:
            connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")
            connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
            connection.execute("PRAGMA journal_mode = OFF")
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute("BEGIN EXCLUSIVE")
            _create_tables(connection, path)
            yield connection
            with interruptible(connection):
                _execute_all(connection, LISTING_INDEXES + LATER_INDEXES)
                remember_deleted(connection, path)
            connection.execute("COMMIT")
            connection.execute("PRAGMA journal_mode = WAL")
        try:
            with file.open("rb") as written:
                os.fsync(written.fileno())
            with committing():
                file.replace(_sidecar(path, ""))
        except OSError as error:
            raise cannot_write(path, error) from error
    finally:
        _delete(path, new_files)
    # Now they are in the index.
    with suppress(OSError):
        saved_slugs_file(path).unlink(missing_ok=True)
        served_slugs_file(path).unlink(missing_ok=True)


@contextmanager
def interruptible(connection: sqlite3.Connection) -> Iterator[None]:
    """Let SIGINT and SIGTERM end the statements in the block, which may take seconds in a large index.

    Python calls the handler of a signal only between statements. Here a signal is held back; while one is
    waiting, SQLite ends its statement, and the handler is called at the end of the block.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
    held_back = STOP_SIGNALS - before
    connection.set_progress_handler(lambda: bool(signal.sigpending() & held_back), STEPS_BETWEEN_LOOKS)
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
            raise
        # Another thread may have received the signal: then SQLite has dropped what its handler raised.
        raise KeyboardInterrupt from error
    finally:
        connection.set_progress_handler(None, STEPS_BETWEEN_LOOKS)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


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
        translated = translate_error(path, error)
        if translated is None:
            raise
        raise translated from error


def translate_error(path: Path, error: sqlite3.DatabaseError) -> IncompatibleIndex | IndexUnavailable | None:
    """The exception that `error` is raised as; None for one that is neither damage nor of the system."""
    if _is_damage(error):
        return IncompatibleIndex(f"it is damaged ({error})")
    advice = _advice(error)
    return None if advice is None else IndexUnavailable(path, f"{error}; {advice}")


def _enable_wal(connection: sqlite3.Connection) -> None:
    """Turn on WAL, so that readers see the previous index until the transaction is committed."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            # SQLite refuses it without waiting while another process opens or closes the file.
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            connection.execute(f"PRAGMA synchronous = {SYNCHRONOUS}")
            return


def _create_tables(connection: sqlite3.Connection, path: Path) -> None:
    _execute_all(connection, TABLES)
    slugs = [(slug,) for slug in read_saved_slugs(path)]
    connection.executemany("INSERT INTO deleted_slugs (slug) VALUES (?)", slugs)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {VERSION}")


def _execute_all(connection: sqlite3.Connection, statements: str) -> None:
    """Execute statements within the present transaction, which `executescript` would commit."""
    for statement in statements.split(";\n"):
        connection.execute(statement)


def _check(connection: sqlite3.Connection, path: Path) -> None:
    """Raise IncompatibleIndex if the index is damaged; a large one is not checked."""
    if path.stat().st_size <= CHECKED_BYTES:
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
    """Advice about an error of the environment; None for a programming error."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return _SQLITE_ADVICE.get(code)


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


def index_file_kind(path: Path) -> IndexFileKind:
    """The kind of file at `path`, by its header alone (the SQLite file format, §1.3).

    For builders only: closing a file releases all POSIX locks of the process on it, including those of
    SQLite. If a reading process did so, the next builder could delete a write-ahead log in use. Raises
    IndexUnavailable when the file cannot be read.
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
        # With the suffix of a database it is a damaged index; with any other it may be a file of the user.
        return "unfit" if path.suffix in _CACHE_SUFFIXES else "foreign"
    (schema_cookie,) = struct.unpack(">I", header[40:44])
    version, application = struct.unpack(">I4xI", header[60:72])
    if application == APPLICATION_ID:
        return "ours" if version == VERSION else "unfit"
    if application or schema_cookie:
        # Not opened: SQLite would write a leftover log of an index into it.
        return "foreign"
    return _logged_file_kind(path)


def connect(path: Path, *, mode: Literal["ro", "rwc"], timeout: float = 5.0) -> sqlite3.Connection:
    """A connection without implicit transactions, usable by one thread at a time.

    `ro` creates no file, and the last connection to close deletes no log: by then the log may belong to
    another file that has replaced the one it opened. In SQL, `unpack` decompresses an article.
    """
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    connection = sqlite3.connect(
        uri, uri=True, timeout=timeout, isolation_level=None, check_same_thread=False
    )
    add_unpack(connection)
    return connection


def discard(path: Path, why: str) -> None:
    """Make room for a new index: an index of any version is deleted, any other file moved to `NAME.unfit`.

    The slugs of deleted articles in an index of another version are kept for the new one: the folder cannot
    give them again. Raises IndexUnavailable.
    """
    with lock_for_writing(path):
        _log.warning("index %s: %s; it is rebuilt from the articles", path, why)
        file = Path(os.path.realpath(path))
        try:
            if _is_ours(file):
                _keep_deleted_slugs(path)
            else:
                file.replace(file.with_name(f"{file.name}.unfit"))
        except FileNotFoundError:
            pass
        except OSError as error:
            raise _irreplaceable(path, error) from error
        remove(path)


def _keep_deleted_slugs(path: Path) -> None:
    """Keep the slugs in an index of another version, where a build that is killed leaves them."""
    try:
        with closing(connect(path, mode="ro")) as connection:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version == VERSION:
                return
            save_slugs(path, read_deleted_slugs(connection))
            save_served_slugs(connection, path)
    except sqlite3.Error as error:
        _log.warning("index %s: addresses of deleted articles cannot be read (%s)", path, error)
    except OSError as error:
        raise cannot_write(path, error) from error


def file_id(path: Path) -> FileId | None:
    """The file at `path` now; None when there is none, or its folder cannot be read."""
    try:
        facts = path.stat()
    except OSError:
        return None
    return facts.st_dev, facts.st_ino


def file_facts(path: Path) -> FileFacts | None:
    """What tells a file from another one at `path`, or from itself after a write; None as for `file_id`."""
    try:
        facts = path.stat()
    except OSError:
        return None
    return facts.st_dev, facts.st_ino, facts.st_size, facts.st_mtime_ns


def index_facts(url: str) -> IndexFacts:
    """The files of the index at `url`: itself, its log and a damage report. A change of it changes one."""
    path = file_of(url)
    return file_facts(path), file_facts(_sidecar(path, "-wal")), file_facts(_damage_report(path))


def log_file_ids(path: Path) -> LogFileIds:
    """The write-ahead log of the index at `path` and the index of that log (`-shm`), as files.

    A connection keeps the files it has opened: when they are removed, it sees no later writes.
    """
    return {sidecar: file_id(sidecar) for sidecar in (_sidecar(path, suffix) for suffix in _SIDECARS)}


def is_log_removed(log: LogFileIds) -> bool:
    """Whether the files of `log`, as `log_file_ids` gave them, are not there any more.

    False while that cannot be seen.
    """
    for sidecar, before in log.items():
        try:
            facts = sidecar.stat()
        except FileNotFoundError:
            now = None
        except OSError:  # the folder cannot be read
            return False
        else:
            now = (facts.st_dev, facts.st_ino)
        if before not in {None, now}:
            return True
    return False


def report_damage(path: Path, file: FileId | None, why: str) -> bool:
    """Make the next builder replace the index at `path`, because `file`, which was opened there, is damaged.

    A file that has been replaced already is not reported. False when the report cannot be written.
    """
    if file is None or file != file_id(path) or reported_damage(path) is not None:
        return True
    try:
        _damage_report(path).write_text(f"{file[0]} {file[1]} {why}\n", "utf-8")
    except OSError:
        return False
    return True


def reported_damage(path: Path) -> str | None:
    """The reason given in a damage report on the file now at `path`; None without a report."""
    try:
        device, inode, reason = _damage_report(path).read_text("utf-8").split(" ", 2)
        reported = (int(device), int(inode))
    except OSError:
        return None
    except ValueError:  # written in part
        return "it was reported as damaged"
    return reason.strip() if reported == file_id(path) else None


def require_index(path: Path) -> IndexFileKind:
    """The kind of the file. Raises IndexUnavailable for a file that is not an index."""
    kind = index_file_kind(path)
    if kind == "foreign":
        raise IndexUnavailable(
            path, "is not a Broadsheet index and is left unchanged; choose another with --index"
        )
    return kind


@contextmanager
def lock_for_writing(path: Path) -> Iterator[None]:
    """Hold the lock of builders, so that none replaces a file that another has just created.

    The locks of SQLite do not help: they are on the file that is replaced. Raises IndexUnavailable.
    """
    deadline = time.monotonic() + BUSY_SECONDS
    try:
        descriptor = os.open(
            path.with_name(f"{path.name}.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666
        )
    except OSError as error:
        raise cannot_write(path, error) from error
    try:
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise IndexUnavailable(path, TRY_LATER) from None
            except OSError as error:
                raise cannot_write(path, error) from error
            time.sleep(_LOCK_RETRY_SECONDS)
        try:
            yield
        finally:
            # Closing would not release it: processes forked meanwhile have the file open too.
            fcntl.flock(descriptor, fcntl.LOCK_UN)
    finally:
        os.close(descriptor)


def make_folder(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_write(path, error) from error


def cannot_write(path: Path, error: OSError) -> IndexUnavailable:
    """The error that says why the index at `path` cannot be written, and what to do."""
    return IndexUnavailable(
        path, f"{error.strerror or error}; {_SYSTEM_ADVICE.get(error.errno, OTHER_FOLDER)}"
    )


def _sidecar(path: Path, suffix: str) -> Path:
    """A file that SQLite keeps next to the index: next to the target of a symbolic link."""
    return Path(f"{os.path.realpath(path)}{suffix}")


def _damage_report(path: Path) -> Path:
    return path.with_name(f"{path.name}.damaged")


def remove(path: Path) -> None:
    """Delete the index with its log and damage report."""
    # The index first: a reader that opens it in between would create a new log. A log that remained would
    # be read into the next file, and its `-shm` shared with readers of this one.
    sidecars = [_sidecar(path, suffix) for suffix in _SIDECARS]
    _delete(path, (_sidecar(path, ""), *sidecars, _damage_report(path)))


def _delete(path: Path, files: Iterable[Path]) -> None:
    """Delete the files of the index at `path` that exist."""
    try:
        for file in files:
            file.unlink(missing_ok=True)
    except OSError as error:
        raise _irreplaceable(path, error) from error


def _irreplaceable(path: Path, error: OSError) -> IndexUnavailable:
    why = f"is unusable and cannot be replaced ({error.strerror}); remove it or choose another with --index"
    return IndexUnavailable(path, why)


def _is_ours(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(72)[68:] == APPLICATION_ID.to_bytes(4, "big")


def _logged_file_kind(path: Path) -> IndexFileKind:
    """The kind of a database without an application id: its log may hold one, or a build was killed."""
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
