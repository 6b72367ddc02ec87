"""Copies of the database of an index: made to be published, or to replace the one that is served."""

# ruff: noqa: S608 (statements are joined from constants, values are always bound)

import os
import shutil
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from datetime import datetime
from pathlib import Path

import msgspec

from service.errors import IndexUnusable, SnapshotUnusable
from service.index import FileHash, Revision, apply_due_transitions
from service.index.database import (
    PREFIX,
    IncompatibleIndex,
    connect,
    file_id,
    lock_for_writing,
    make_folder,
    reading,
    remove,
    report_damage,
    translate_errors,
    writing,
)
from service.index.differences import journal
from service.index.instants import instant, seconds
from service.index.instants import now as present
from service.index.state import IndexState
from service.index.tables.row_log import LogPlace, begin_log, log_rows, read_place, save_logged_rows
from service.index.visibility import change_visibility, newest_transition

_FILES = "SELECT path, size, mtime_ns, ctime_ns, sha256 FROM file_hashes ORDER BY path"
_FILES_AT = _FILES.replace("ORDER", "WHERE path IN (SELECT value FROM json_each(?)) ORDER")

_PUBLISHED_ROWS = {
    "file_hashes": "SELECT * FROM main.file_hashes WHERE path NOT IN (SELECT path FROM unpublished_files)",
    "published_copy": "SELECT 1 AS singleton, generation, id, unpublished FROM this_copy",
    "state": (
        "SELECT singleton, content, transition, articles, fingerprint, '' AS folder, '' AS location, links,"
        " names FROM main.state"
    ),
}
"""The tables whose rows are published otherwise than they are in the index, and how."""


class IndexContent(msgspec.Struct, frozen=True):
    """What an index serves: its revision, and the static files by path, as they were hashed."""

    revision: Revision
    files: dict[str, FileHash]


class PublishedCopy(msgspec.Struct, frozen=True):
    """Which publication a copy of the index is, and the paths of files that replicas must not serve in it.

    These are files that were not any more as they were hashed when they were to be uploaded.
    """

    generation: int = 0
    id: str = ""
    unpublished: frozenset[str] = frozenset()


def read_revision(path: Path) -> Revision:
    """The revision of the index at `path`. Raises IndexUnavailable."""
    with reading(path) as connection:
        return IndexState.read(connection).revision


def log_changes(path: Path) -> None:
    """Have the index at `path` log which rows are changed, from now on. Raises IndexUnavailable."""
    with reading(path) as connection:
        if read_place(connection).id:
            return
    try:
        with writing(path, build=False) as connection:
            begin_log(connection)
    except IncompatibleIndex as error:
        raise IndexUnusable(path, f"{error}; run `broadsheet index`") from error


def read_log_place(path: Path) -> LogPlace:
    """Up to which place in the log the copy at `path` has the changes. Raises IndexUnavailable."""
    with reading(path) as connection:
        return read_place(connection)


def copy_index(path: Path, copy: Path) -> IndexContent:
    """Copy the index at `path`, as of its last transaction, to the file `copy`. Raises IndexUnavailable."""
    delete_database(copy)
    with reading(path) as source, closing(sqlite3.connect(copy, isolation_level=None)) as target:
        target.execute("PRAGMA synchronous = OFF")
        source.backup(target)
    with reading(copy) as connection:
        content = read_content(connection)
    delete_sidecars(copy)
    return content


def read_content(connection: sqlite3.Connection) -> IndexContent:
    """What an index serves."""
    return IndexContent(IndexState.read(connection).revision, read_files(connection))


def read_files(connection: sqlite3.Connection, paths: Iterable[str] | None = None) -> dict[str, FileHash]:
    """The static files as they were hashed, by path: those of them at `paths`, or all."""
    given = (_FILES,) if paths is None else (_FILES_AT, (msgspec.json.encode(sorted(paths)).decode(),))
    return {file: FileHash(*facts) for file, *facts in connection.execute(*given)}


def read_published_copy(connection: sqlite3.Connection) -> PublishedCopy:
    """Which publication a copy of the index is."""
    row = connection.execute("SELECT generation, id, unpublished FROM published_copy").fetchone()
    return PublishedCopy(row[0], row[1], frozenset(msgspec.json.decode(row[2]))) if row else PublishedCopy()


def finish_copy(copy: Path, published: PublishedCopy) -> None:
    """Let the database `copy` of an index be the copy that is published: see `show_published_rows`."""
    with closing(connect(copy, mode="rwc")) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("BEGIN")
        show_published_rows(connection, published)
        for table in _PUBLISHED_ROWS:
            connection.execute(f"CREATE TEMP TABLE published_rows AS SELECT * FROM temp.{table}")
            connection.execute(f"DROP VIEW temp.{table}")
            connection.execute(f"DELETE FROM main.{table}")
            connection.execute(f"INSERT INTO main.{table} SELECT * FROM published_rows")
            connection.execute("DROP TABLE published_rows")
        connection.execute("DELETE FROM row_changes")
        connection.execute("COMMIT")
    delete_sidecars(copy)


def show_published_rows(connection: sqlite3.Connection, published: PublishedCopy) -> None:
    """Let statements of the connection read the rows of an index that are published, and no others.

    These are all but the `unpublished` files, and where the folder of articles is.
    """
    execute = connection.execute
    execute("CREATE TEMP TABLE unpublished_files (path TEXT PRIMARY KEY) WITHOUT ROWID")
    rows = [(path,) for path in published.unpublished]
    connection.executemany("INSERT INTO unpublished_files VALUES (?)", rows)
    execute("CREATE TEMP TABLE this_copy (generation, id, unpublished)")
    unpublished = msgspec.json.encode(sorted(published.unpublished)).decode()
    execute("INSERT INTO this_copy VALUES (?, ?, ?)", (published.generation, published.id, unpublished))
    for table, rows_of_table in _PUBLISHED_ROWS.items():
        execute(f"CREATE TEMP VIEW {table} AS {rows_of_table}")


def require_sound(copy: Path, path: Path) -> None:
    """Have the index at `path` built again, and raise IndexUnusable, if the `copy` of it is damaged."""
    try:
        with translate_errors(copy), closing(connect(copy, mode="ro")) as connection:
            (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except IncompatibleIndex as error:
        verdict = str(error)
    if verdict != "ok":
        report_damage(path, file_id(path), verdict)
        raise IndexUnusable(
            path, f"it is damaged ({verdict}), so it is not published; run `broadsheet index`"
        )


def make_candidate(base: Path, candidate: Path, revision: Revision) -> None:
    """Copy the database `base`, which was published with `revision`, and apply what is due by now.

    Raises SnapshotUnusable if it does not have that revision.
    """
    delete_database(candidate)
    shutil.copyfile(base, candidate)
    try:
        found = read_revision(candidate)
    except IndexUnusable as error:
        raise SnapshotUnusable(f"the published index cannot be read ({error})") from error
    if found != revision:
        raise SnapshotUnusable("the published index is of another revision than current.json says")
    apply_transitions(candidate, revision)


def apply_transitions(path: Path, revision: Revision) -> datetime | None:
    """Apply the publications, updates and expiries of the index at `path` that are due; when the next one is.

    It was published with `revision`. Raises IndexUnavailable.
    """
    return apply_due_transitions(f"{PREFIX}{path}", _present_of(revision))


def _present_of(revision: Revision) -> datetime:
    """The present for an index that was published with `revision`.

    The clock of its publisher may be ahead of this one: what was applied there is not taken back.
    """
    moment = present()
    return max(moment, instant(revision.transition) or moment)


def switch_in_place(connection: sqlite3.Connection, path: Path, revision: Revision) -> None:
    """Within a transaction that made the index at `path` that of `revision`, do what else `install` needs.

    That is to apply what is due, and to carry revisions of the index that is served until then. Raises
    SnapshotUnusable if it is of another revision, IndexUnavailable.
    """
    if IndexState.read(connection).revision != revision:
        raise SnapshotUnusable("the deltas make an index of another revision than current.json says")
    moment = seconds(_present_of(revision)) or 0
    if newest_transition(connection, moment) != revision.transition:
        change_visibility(connection, path, moment)
    with reading(path) as served:
        journal.carry_revisions(served, connection)


def carry_revisions(path: Path, candidate: Path) -> None:
    """Let `candidate` know the revisions that scheduled changes made of the index at `path` it will replace.

    Its publisher may have changed the articles before that. Raises IndexUnavailable, and IndexUnusable if the
    index at `path` is missing or damaged.
    """
    with reading(path) as served, closing(connect(candidate, mode="rwc")) as connection:
        connection.execute("BEGIN")
        log_rows(connection)
        journal.carry_revisions(served, connection)
        save_logged_rows(connection)
        connection.execute("COMMIT")


def install(candidate: Path, path: Path) -> None:
    """Put the database `candidate` in the place of the index at `path`; readers notice it by its inode.

    Raises IndexUnavailable.
    """
    make_folder(path)
    delete_sidecars(candidate)
    with lock_for_writing(path):
        remove(path)
        candidate.replace(os.path.realpath(path))


def delete_database(path: Path) -> None:
    """Delete a database that no process has open, with all files that were made next to it."""
    path.unlink(missing_ok=True)
    delete_sidecars(path)


def delete_sidecars(path: Path) -> None:
    """Delete the write-ahead log, which was written back, and the lock of a database nobody has open."""
    for suffix in ("-wal", "-shm", "-journal", ".lock"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
