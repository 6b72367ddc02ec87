"""Where an export is written to: a folder or a bucket, and what is remembered of it."""

from collections.abc import Iterable
from typing import Protocol

import msgspec

from service.export.responses import Headers
from service.index import Revision

MARKER = ".broadsheet-export"
"""The folder in an export that says what of it is of the export; without it, a folder must be empty."""

MANIFEST = f"{MARKER}/manifest.json"


class ExportedFile(msgspec.Struct, frozen=True, omit_defaults=True):
    """A file of an export: its address below the public URL, the hash of its bytes, and its variants.

    `variants` are the suffixes of its compressed forms. `linked_on` is the date, of an archive document, on
    which something last led to it. `headers` is the place of its headers in the manifest, `keys` are the
    hashes of its cache keys, `following` the addresses that its links lead to.
    """

    address: str
    sha256: str
    variants: tuple[str, ...] = ()
    linked_on: str = ""
    length: int = 0
    headers: int = -1
    keys: tuple[str, ...] = ()
    following: tuple[str, ...] = ()


class ExportManifest(msgspec.Struct, frozen=True):
    """The files of an export by their path, and what they were made from.

    `made_by` is a hash of the program and the settings, `layout` how files are named, `generation` and
    `revision` those of the index. `navigation` is a hash of what all pages link to; `has_search` whether the
    search was made of this revision.
    """

    files: dict[str, ExportedFile] = {}
    headers: tuple[Headers, ...] = ()
    made_by: str = ""
    layout: str = ""
    generation: int = 0
    revision: Revision | None = None
    navigation: str = ""
    has_search: bool = False


class ExportTarget(Protocol):
    """The files of an export, open for one export. `manifest` is that of the previous one.

    `unfinished` are names that an export began to write which did not end. Methods raise ExportError or
    StoreUnavailable.
    """

    manifest: ExportManifest
    unfinished: frozenset[str]

    def write(self, name: str, data: bytes, headers: Headers = ()) -> None:
        """Replace the file at `name` as a whole. Raises ExportError if something else is there."""

    def has(self, name: str, length: int) -> bool:
        """Whether the file at `name` is there with this length."""

    def owned(self) -> set[str]:
        """Every file that this or an earlier export has written, compressed forms included."""

    def remove(self, names: Iterable[str]) -> None:
        """Remove these files, which are of an export."""

    def save(self, manifest: ExportManifest) -> None:
        """End the export: what is there is what `manifest` says."""


def names_of(manifest: ExportManifest) -> set[str]:
    """The names of all files of an export, compressed forms included."""
    return {f"{name}{suffix}" for name, file in manifest.files.items() for suffix in ("", *file.variants)}
