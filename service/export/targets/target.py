"""The target of an export: a folder or a bucket."""

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Protocol

from service.export.record import ExportRecord
from service.export.responses import Headers

MARKER = ".broadsheet-export"
"""The folder in an export that says what of it is of the export; without it, a folder must be empty."""


class ExportTarget(Protocol):
    """The files of an export, open for one export; `record` says what the previous one wrote.

    `unfinished` are names that an export began to write which did not end. Methods raise ExportError or
    StoreUnavailable.
    """

    record: ExportRecord
    unfinished: frozenset[str]

    def write(
        self,
        name: str,
        parts: Mapping[str, bytes | Path],
        headers: Headers = (),
        *,
        replaced: Collection[str] = (),
        same_as: str = "",
    ) -> None:
        """Write the file at `name` and its compressed forms, each as a whole.

        `parts` are their bytes, or files that have them, by their suffixes. Raises ExportError if something
        else is there, unless the previous export wrote it: `replaced` are the names of what it did. If this
        export wrote the same parts `same_as` another name, both may be one file.
        """

    def has(self, name: str, length: int) -> bool:
        """Whether the file at `name` is there with this length."""

    def remove(self, names: Iterable[str]) -> None:
        """Remove these files, which are of an export."""

    def finish(self) -> None:
        """End the export, whose record was saved."""


def is_marked(name: str) -> bool:
    """Whether a name is in the folder where all files are of the export."""
    return name.startswith(f"{MARKER}/")
