"""Looking up other files of the content folder, and recording which were looked up."""

import os
import stat
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

from service.content.records import FileDependencies, Folders, SourceFile


class FileLookup:
    """Looks up files below `root` for the articles of one file, and records every answer.

    Only files that `/files/` would serve exist for it: none with a hidden name, and none that a symbolic link
    brings in from outside. What `folders` says is missing is not looked for on disk.
    """

    def __init__(self, root: Path, folders: Folders | None = None) -> None:
        self.root = root
        self._folders = folders
        self._existing: set[str] = set()
        self._missing: set[str] = set()
        self._measured: dict[str, SourceFile] = {}

    def has(self, place: str) -> bool:
        """Whether there is a file at `place`."""
        if place in self._missing:
            return False
        if place in self._existing:
            return True
        if not place.isascii():
            try:
                place.encode()
            except UnicodeEncodeError:
                return False  # no URL can name it
        known = self._is_file(place)
        (self._existing if known else self._missing).add(place)
        return known

    def first(self, folders: Iterable[str], wanted: str) -> str | None:
        """The path of the file `wanted` in the first of `folders` that has it; each ends in a slash.

        `wanted` must be printable, so that a URL can name it.
        """
        listed = self._folders.listed if self._folders and not self._folders.linked else None
        for folder in folders:
            place = folder + wanted
            if listed is not None and folder not in listed:
                self._missing.add(place)
            elif self.has(place):
                return place
        return None

    def measure(self, place: str) -> SourceFile | None:
        """The state of the file at `place`, for readers of its content; None if there is none."""
        if place not in self._measured and self.has(place):
            try:
                facts = os.stat(f"{self.root}/{place}")  # noqa: PTH116 - as below
            except OSError:
                return None
            self._measured[place] = SourceFile(place, facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns)
        return self._measured.get(place)

    @property
    def dependencies(self) -> FileDependencies:
        """All lookups so far, sorted."""
        if not self._existing:
            return FileDependencies(missing=tuple(sorted(self._missing)))
        return FileDependencies(
            existing=tuple(sorted(self._existing.difference(self._measured))),
            missing=tuple(sorted(self._missing)),
            measured=tuple([self._measured[place] for place in sorted(self._measured)]),
        )

    def _is_file(self, place: str) -> bool:
        if self._folders and not self._folders.may_hold(place):
            return False
        name = f"{self.root}/{place}"  # making a Path takes longer than the check
        # `access` is fastest where there is no file: it raises nothing.
        if "\0" in name or not os.access(name, os.F_OK) or not os.path.isfile(name):  # noqa: PTH113
            return False
        hidden = any(part.startswith(".") and part.strip(".") for part in place.split("/"))
        return not hidden and os.path.realpath(name).startswith(self._inside)

    @cached_property
    def _inside(self) -> str:
        return os.path.join(os.path.realpath(self.root), "")  # noqa: PTH118 - as above


class DependencyCheck:
    """Checks whether recorded dependencies below `root` still hold; looks at each file once."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._neighbours = FileLookup(root)
        self._states: dict[str, SourceFile | None] = {}

    def measured(self, files: Iterable[SourceFile]) -> bool:
        """Whether each of `files` is unchanged."""
        return all(self._state(file.path) == file for file in files)

    def answers(self, dependencies: FileDependencies) -> bool:
        """Whether the same lookups would give the same answers."""
        has = self._neighbours.has
        return all(map(has, dependencies.existing)) and not any(map(has, dependencies.missing))

    def _state(self, place: str) -> SourceFile | None:
        """The present state of the file at `place`; None if there is none."""
        if place not in self._states:
            try:
                facts = os.stat(f"{self._root}/{place}")  # noqa: PTH116 - making a Path takes longer
                is_file = stat.S_ISREG(facts.st_mode)
                known = (facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns)
                state = SourceFile(place, *known) if is_file else None
            except (OSError, ValueError):
                state = None
            self._states[place] = state
        return self._states[place]
