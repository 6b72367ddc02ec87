"""Copies of the database of an index: made to be published, or to replace the one that is served."""

import os
import shutil
import sqlite3
from collections.abc import Collection
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
)
from service.index.differences import journal
from service.index.instants import instant
from service.index.instants import now as present
from service.index.state import IndexState

_FILES = "SELECT path, size, mtime_ns, ctime_ns, sha256 FROM file_hashes ORDER BY path"


class IndexContent(msgspec.Struct, frozen=True):
    """What an index serves: its revision, and the static files by path, as they were hashed."""

    revision: Revision
    files: dict[str, FileHash]


def read_revision(path: Path) -> Revision:
    """The revision of the index at `path`. Raises IndexUnavailable."""
    with reading(path) as connection:
        return IndexState.read(connection).revision


def copy_index(path: Path, copy: Path) -> IndexContent:
    """Copy the index at `path`, as of its last transaction, to the file `copy`. Raises IndexUnavailable."""
    delete_database(copy)
    with reading(path) as source, closing(sqlite3.connect(copy, isolation_level=None)) as target:
        target.execute("PRAGMA synchronous = OFF")
        source.backup(target)
    content = read_content(copy)
    delete_sidecars(copy)
    return content


def read_content(path: Path) -> IndexContent:
    """What the index at `path` serves. Raises IndexUnavailable."""
    with reading(path) as connection:
        files = {file: FileHash(*facts) for file, *facts in connection.execute(_FILES)}
        return IndexContent(IndexState.read(connection).revision, files)


def finish_copy(copy: Path, unpublished: Collection[str]) -> None:
    """Delete from the database `copy` the `unpublished` files, and where the folder of articles is."""
    with closing(connect(copy, mode="rwc")) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("BEGIN")
        connection.executemany("DELETE FROM file_hashes WHERE path = ?", [(path,) for path in unpublished])
        connection.execute("UPDATE state SET folder = '', location = ''")
        connection.execute("COMMIT")
    delete_sidecars(copy)


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

    It was published with `revision`, and its publisher's clock may be ahead of this one: what was applied
    there is not taken back. Raises IndexUnavailable.
    """
    published_at = instant(revision.transition)
    return apply_due_transitions(f"{PREFIX}{path}", max(present(), published_at) if published_at else None)


def carry_revisions(path: Path, candidate: Path) -> None:
    """Let `candidate` know the revisions that scheduled changes made of the index at `path` it will replace.

    Its publisher may have changed the articles before that. Raises IndexUnavailable, and IndexUnusable if the
    index at `path` is missing or damaged.
    """
    with reading(path) as served, closing(connect(candidate, mode="rwc")) as connection:
        connection.execute("BEGIN")
        journal.carry_revisions(served, connection)
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
    """Delete a database that nobody has open, with all files that were made next to it."""
    path.unlink(missing_ok=True)
    delete_sidecars(path)


def delete_sidecars(path: Path) -> None:
    """Delete the write-ahead log, which was written back, and the lock of a database nobody has open."""
    for suffix in ("-wal", "-shm", "-journal", ".lock"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
