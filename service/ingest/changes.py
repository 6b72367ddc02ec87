"""Which files differ from those of the last build."""

import sqlite3
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

import msgspec

from service.content import DependencyCheck
from service.content.discovery.partial_scan import scan_paths
from service.content.discovery.path_summary import read_sampled_facts, stays_the_same
from service.content.discovery.scan import location_of
from service.content.discovery.site_context import SiteSettings, build_site_context, read_site_settings
from service.content.records import PathSummary, Scan, SourceFile, SourceFiles
from service.index.state import IndexState
from service.index.tables import source_files


class Changes(msgspec.Struct, frozen=True):
    """The files to read, in order of their paths, and the paths of those that were deleted.

    A file in `known_hashes` is parsed only if the hash of its bytes differs from the one there.
    """

    to_read: Sequence[SourceFile]
    known_hashes: dict[str, str]
    deleted: tuple[str, ...]

    def without(self, paths: Collection[str]) -> "Changes":
        """The same without the files at `paths`: the next look finds that they differ."""
        return Changes(
            to_read=SourceFiles(file for file in self.to_read if file.path not in paths),
            known_hashes=self.known_hashes,
            deleted=tuple(path for path in self.deleted if path not in paths),
        )


def find_changed_files(
    connection: sqlite3.Connection, root: Path, scanned: Scan, *, same_folder: bool, same_names: bool
) -> Changes:
    """Compare the scanned folder with the last build.

    In the `same_folder`, with symbolic links to the same places, a file of equal size, mtime and ctime is the
    same file; elsewhere every file is read. With the `same_names` in it, no file that an article looked for
    has been added or removed. A file is parsed when its bytes differ or those of a file it depends on.
    """
    outdated = _outdated(connection, root, same_folder=same_folder, same_names=same_names)
    to_read = SourceFiles()
    known_hashes: dict[str, str] = {}
    deleted: list[str] = []
    # Both in order of their paths, so that nothing is kept of a file that did not change.
    stored = source_files.read_all(connection)
    row = next(stored, None)
    for facts in scanned.files.rows():
        path = facts[0]
        if row == facts and same_folder and path not in outdated:
            row = next(stored, None)
            continue
        while row and row[0] < path:
            deleted.append(row[0])
            row = next(stored, None)
        to_read.add(*facts)
        if row and row[0] == path:
            known = source_files.read_one(connection, path) if path not in outdated else None
            if known is not None:
                known_hashes[path] = known[1]
            row = next(stored, None)
    while row:
        deleted.append(row[0])
        row = next(stored, None)
    return Changes(
        # The files of a new index are kept once: a million of them take 60 MB.
        to_read if len(to_read) < len(scanned.files) else scanned.files,
        known_hashes,
        tuple(path for path in deleted if not scanned.hides(path)),
    )


def find_changed_files_at(
    connection: sqlite3.Connection, root: Path, previous: IndexState, paths: Collection[str]
) -> tuple[Scan, Changes] | None:
    """The changes where only `paths` may differ from the last build, whose state is `previous`.

    None where they do not tell enough: then everything must be compared.
    """
    memory = source_files.read_memory(connection)
    try:
        location = location_of(root, root.stat())
    except OSError:
        return None
    scanned = scan_paths(root, paths, memory, source_files.KnownFiles(connection))
    if scanned is None or location != previous.location:
        return None

    differences = _compare(connection, scanned.files, scanned.deleted)
    settings = read_site_settings(root, memory.metadata_files)
    if not _keeps_context(connection, root, settings, memory.summary, differences):
        return None

    context = build_site_context(root, settings, memory.summary, {}).context
    found = {file.path: file for file in scanned.files}
    outdated = _outdated_by(connection, root, scanned.names, found, set(scanned.deleted))
    to_read = {file.path: file for file in (*differences.added, *differences.edited)} | outdated
    has_new_names = bool(differences.added or scanned.deleted or scanned.names - found.keys())
    return (
        Scan(
            files=SourceFiles(sorted((found | to_read).values())),
            faults=memory.faults,
            context=context,
            names="" if has_new_names else previous.names,
            location=location,
            links=previous.links,
            memory=memory,
        ),
        Changes(
            to_read=tuple(sorted(to_read.values())),
            known_hashes={
                path: sha256 for path, sha256 in differences.known_hashes.items() if path not in outdated
            },
            deleted=scanned.deleted,
        ),
    )


class _Differences(msgspec.Struct, frozen=True):
    """How files differ from those of the last build, with the hashes that `edited` ones had."""

    added: tuple[SourceFile, ...]
    edited: tuple[SourceFile, ...]
    deleted: tuple[str, ...]
    known_hashes: dict[str, str]


def _compare(
    connection: sqlite3.Connection, files: Iterable[SourceFile], deleted: tuple[str, ...]
) -> _Differences:
    added, edited, known_hashes = [], [], {}
    for file in files:
        known = source_files.read_one(connection, file.path)
        if known is None:
            added.append(file)
        elif known[0] != file:
            edited.append(file)
            known_hashes[file.path] = known[1]
    return _Differences(tuple(added), tuple(edited), deleted, known_hashes)


def _keeps_context(
    connection: sqlite3.Connection,
    root: Path,
    settings: SiteSettings,
    summary: PathSummary,
    differences: _Differences,
) -> bool:
    """Whether the folder says the same of all articles as before these `differences`."""
    added = [file.path for file in differences.added]
    if (added or differences.deleted) and not stays_the_same(
        summary,
        source_files.KnownFiles(connection, added),
        added,
        differences.deleted,
        settings.bundles,
        settings.sources,
        settings.schemes,
    ):
        return False
    is_sampled = not {file.path for file in differences.edited}.isdisjoint(summary.sampled)
    return not is_sampled or read_sampled_facts(root, summary.sampled) == summary.sampled_facts


def _outdated_by(
    connection: sqlite3.Connection,
    root: Path,
    names: Collection[str],
    found: dict[str, SourceFile],
    deleted: Collection[str],
) -> dict[str, SourceFile]:
    """The files that must be parsed again because the files called `names` may have changed."""
    recheck = DependencyCheck(root)
    outdated = {}
    for path in source_files.paths_that_looked_for(connection, names) - {*deleted}:
        dependencies = source_files.read_dependencies(connection, path)
        answers = msgspec.structs.replace(dependencies, measured=())
        if not recheck.measured(dependencies.measured) or not recheck.answers(answers):
            known = source_files.read_one(connection, path)
            if known:
                outdated[path] = found.get(path, known[0])
    return outdated


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
