"""The objects that a store must have for a publication, and those of them that it has lost."""

import hashlib
import logging
from collections.abc import Iterable, Mapping

import msgspec

from service.errors import ObjectMissing, SnapshotUnusable
from service.index import FileHash
from service.replication.publication import FOLDERS, Part, Publication, damaged_object, file_name
from service.replication.store import Store

RANGE_BYTES = 4 << 20
"""How much of an object is read at once to be verified."""

NAMED_OBJECTS = 3
"""How many objects are named in a message."""

log = logging.getLogger("broadsheet")


class ObjectContent(msgspec.Struct, frozen=True):
    """The length and the SHA-256 of an object."""

    bytes: int
    sha256: str


def needed_objects(publication: Publication, files: Mapping[str, FileHash]) -> dict[str, ObjectContent]:
    """All objects that replicas read of `publication` and its `files`, by name."""
    parts = {part.name: ObjectContent(part.bytes, part.sha256) for part in publication.parts}
    return parts | {file_name(file.sha256): ObjectContent(file.size, file.sha256) for file in files.values()}


def list_objects(store: Store) -> dict[str, int]:
    """The length of each snapshot, delta and file, by its name. Raises StoreUnavailable."""
    return dict(found for folder in FOLDERS for found in store.list_sizes(folder))


def find_lost(
    store: Store, needed: Mapping[str, ObjectContent], stored: Mapping[str, int], *, verify: bool
) -> set[str]:
    """The names of the `needed` objects that the store lacks, or has with another length.

    With `verify`, also of those with other bytes: all are read. Raises StoreUnavailable.
    """
    if verify:
        megabytes = sum(content.bytes for content in needed.values()) / 1e6
        log.info("verifying all objects of the store that are needed: %d, of %.1f MB", len(needed), megabytes)
    return {
        name
        for name, content in needed.items()
        if stored.get(name) != content.bytes or (verify and not _holds(store, name, content))
    }


def read_part(store: Store, part: Part) -> bytes:
    """The content of a delta. Raises SnapshotUnusable if it is damaged, ObjectMissing, StoreUnavailable."""
    content = store.read_range(part.name, 0, part.bytes)
    if hashlib.sha256(content).hexdigest() != part.sha256:
        raise SnapshotUnusable(damaged_object(part.name))
    return content


def name_some(names: Iterable[str]) -> str:
    """The first of these names in order, and how many there are more: `a, b, c and 2 more`."""
    ordered = sorted(names)
    more = len(ordered) - NAMED_OBJECTS
    return ", ".join(ordered[:NAMED_OBJECTS]) + (f" and {more} more" if more > 0 else "")


def _holds(store: Store, name: str, content: ObjectContent) -> bool:
    """Whether the store has this content as the object `name`."""
    digest = hashlib.sha256()
    try:
        for start in range(0, content.bytes, RANGE_BYTES):
            length = min(RANGE_BYTES, content.bytes - start)
            digest.update(store.read_range(name, start, length))
    except ObjectMissing:
        return False
    return digest.hexdigest() == content.sha256
