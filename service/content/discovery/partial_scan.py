"""Scans some paths of the content folder; everything else is known to be unchanged."""

import os
import stat
from collections.abc import Collection
from pathlib import Path

import msgspec

from service.content.discovery.path_summary import KnownPaths
from service.content.discovery.scan import is_metadata_file
from service.content.files.addresses import is_utf8
from service.content.files.kinds import SUFFIXES
from service.content.generators.obsidian import VAULT_FOLDER
from service.content.generators.registry import is_hidden
from service.content.records import ScanMemory, SourceFile

MAX_ENTRIES = 20_000
"""With more files than these to examine, all are examined."""


class PartialScan(msgspec.Struct, frozen=True):
    """The article files among some paths, and the known ones that are gone; both sorted.

    `names` are the paths of all files among them and of folders where any may be gone, which end in a slash:
    articles that looked for such files may find another answer now.
    """

    files: tuple[SourceFile, ...]
    deleted: tuple[str, ...]
    names: frozenset[str]


def scan_paths(
    root: Path, paths: Collection[str], memory: ScanMemory, known: KnownPaths
) -> PartialScan | None:
    """Look at `paths` below `root`; a folder stands for its entries, and for all below it if it is new.

    `memory` is that of the last scan of the whole folder, `known` are the article files of the last build.
    None where a change may concern other files too, or what is found must be reported: settings, symbolic
    links, vaults, names that are not UTF-8, what cannot be read.
    """
    if not memory.is_partial_possible or len(paths) > MAX_ENTRIES:
        return None
    scanner = _PathScanner(root, memory, known)
    try:
        for path in sorted(paths):
            scanner.at(path)
    except (_UnclearError, OSError):
        return None
    files = {path: file for path, file in scanner.files.items() if path not in scanner.deleted}
    return PartialScan(
        tuple(sorted(files.values())), tuple(sorted(scanner.deleted)), frozenset(scanner.names)
    )


class _UnclearError(Exception):
    """Everything must be looked at."""


class _PathScanner:
    def __init__(self, root: Path, memory: ScanMemory, known: KnownPaths) -> None:
        self._root = str(root)
        self._memory = memory
        self._known = known
        self._room = MAX_ENTRIES
        self.files: dict[str, SourceFile] = {}
        self.deleted: set[str] = set()
        self.names: set[str] = set()

    def at(self, path: str) -> None:
        """Look at a file or folder that may have changed, come or gone."""
        path = path.rstrip("/")
        segments = path.split("/")
        if not {"", ".", ".."}.isdisjoint(segments) or VAULT_FOLDER in segments or not is_utf8(path):
            raise _UnclearError
        if any(is_hidden(segment) for segment in segments):
            return
        try:
            facts = os.lstat(f"{self._root}/{path}")
        except (FileNotFoundError, NotADirectoryError):
            self._gone(path)
            return
        if stat.S_ISDIR(facts.st_mode):
            self._require_file_gone(path)
            self._folder(f"{path}/", is_known=bool(self._known.beginning_with(f"{path}/", 1)))
        else:
            self._file(path, facts)

    def _file(self, path: str, facts: os.stat_result) -> None:
        self._room -= 1
        if self._room < 0 or stat.S_ISLNK(facts.st_mode) or is_metadata_file(path):
            raise _UnclearError
        self.names.add(path)
        self._gone_below(path)
        if stat.S_ISREG(facts.st_mode) and path.lower().endswith(SUFFIXES):
            self.files[path] = SourceFile(path, facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns)
        else:
            self._require_file_gone(path)

    def _folder(self, prefix: str, *, is_known: bool) -> None:
        """The entries of a folder; those of known folders in it are as they were."""
        names = set()
        with os.scandir(f"{self._root}/{prefix}") as entries:
            for entry in entries:
                path = prefix + entry.name
                if entry.name == VAULT_FOLDER or entry.is_symlink() or not is_utf8(entry.name):
                    raise _UnclearError
                if is_hidden(entry.name):
                    continue
                names.add(entry.name)
                if not entry.is_dir(follow_symlinks=False):
                    self._file(path, entry.stat(follow_symlinks=False))
                elif not (is_known and self._known.beginning_with(f"{path}/", 1)):
                    self._folder(f"{path}/", is_known=False)
        self.names.add(prefix)  # what is gone from it is known by name only if it was an article
        if is_known:
            for name in self._known_names(prefix):
                if name not in names:
                    self._gone(prefix + name)

    def _known_names(self, prefix: str) -> list[str]:
        """The names of known files and folders directly in a folder."""
        names: list[str] = []
        after = ""
        while paths := self._known.beginning_with(prefix, 1, after):
            name, slash, _ = paths[0][len(prefix) :].partition("/")
            names.append(name)
            # "0" follows "/", and a file follows itself with any character added.
            after = prefix + name + ("0" if slash else "\0")
        return names

    def _gone(self, path: str) -> None:
        """A file, or a folder with all that was below."""
        if any(file == path or file.startswith(f"{path}/") for file in self._memory.metadata_files):
            raise _UnclearError
        self.names |= {path, f"{path}/"}
        self._require_file_gone(path)
        self._gone_below(path)

    def _require_file_gone(self, path: str) -> None:
        if self._known.beginning_with(path, 1) == [path]:
            self.deleted.add(path)

    def _gone_below(self, path: str) -> None:
        """All known files below `path`, which is no folder any more."""
        below = self._known.beginning_with(f"{path}/", MAX_ENTRIES)
        if len(below) == MAX_ENTRIES:
            raise _UnclearError
        self.deleted.update(below)
        if below:
            self.names.add(f"{path}/")
