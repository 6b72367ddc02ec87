"""Which files differ from those of the last build."""

import sqlite3
from pathlib import Path

import msgspec

from service.content import DependencyCheck
from service.content.records import Scan, SourceFile
from service.index import source_files


class Changes(msgspec.Struct, frozen=True):
    """The files to read, in order of their paths, and the paths of those that were deleted.

    A file in `known_hashes` is parsed only if the hash of its bytes differs from the one there.
    """

    to_read: tuple[SourceFile, ...]
    known_hashes: dict[str, str]
    deleted: tuple[str, ...]


def find_changes(
    connection: sqlite3.Connection, root: Path, scanned: Scan, *, same_folder: bool, same_names: bool
) -> Changes:
    """Compare the scanned folder with the last build.

    In the `same_folder`, with symbolic links to the same places, a file of equal size, mtime and ctime is the
    same file; elsewhere every file is read. With the `same_names` in it, no file that an article looked for
    has been added or removed. A file is parsed when its bytes differ or those of a file it depends on.
    """
    previous_files = source_files.read_all(connection)
    outdated = _outdated(connection, root, same_folder=same_folder, same_names=same_names)
    to_read, known_hashes = [], {}
    for file in scanned.files:
        previous, sha256 = previous_files.pop(file.path, (None, None))
        if file.path in outdated:
            to_read.append(file)
        elif not same_folder or previous != file:
            to_read.append(file)
            if sha256 is not None:
                known_hashes[file.path] = sha256
    deleted = tuple(path for path in previous_files if not scanned.hides(path))
    return Changes(tuple(to_read), known_hashes, deleted)


def _outdated(connection: sqlite3.Connection, root: Path, *, same_folder: bool, same_names: bool) -> set[str]:
    """The files that must be parsed again because other files they depend on may have changed."""
    if not same_folder:
        return source_files.paths_with_dependencies(connection)
    recheck = DependencyCheck(root)
    measured = source_files.read_measured(connection)
    outdated = {path for path, files in measured if not recheck.measured(files)}
    if not same_names:
        looked_up = source_files.read_looked_up(connection)
        outdated |= {path for path, dependencies in looked_up if not recheck.answers(dependencies)}
    return outdated
