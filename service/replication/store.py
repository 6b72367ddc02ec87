"""The operations of a store: objects by name, ranges of them, and one conditional write."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Protocol

import msgspec


class StoredObject(msgspec.Struct, frozen=True):
    """The content of an object, and the version that a conditional read or write names."""

    content: bytes
    version: str


class Store(Protocol):
    """Objects by name, such as `deltas/6-7.zst`, below one address.

    Every method raises StoreUnavailable when the store does not answer or refuses; those that read one
    object raise ObjectMissing when there is none of that name.
    """

    def read(self, name: str, known_version: str = "") -> StoredObject | None:
        """An object as a whole; None while it still has `known_version`."""

    def read_range(self, name: str, start: int, length: int) -> bytes:
        """`length` bytes of an object from `start`; fewer at its end, and none behind it."""

    def write(self, name: str, content: bytes | Path) -> None:
        """Write an object whose name stands for its content, from memory or from a file."""

    def replace(self, name: str, content: bytes, known_version: str) -> str:
        """Replace an object that has `known_version`, or create it if that is ""; the new version.

        Raises ObjectChanged if another process has written it.
        """

    def list_sizes(self, folder: str) -> Iterator[tuple[str, int]]:
        """The name and the length in bytes of every object in `folder`."""

    def delete(self, names: Iterable[str]) -> None:
        """Delete these objects, where they exist."""

    def delete_unfinished(self, before: datetime) -> None:
        """Delete what killed processes have left of objects, if it was written `before` an instant."""
