"""The bytes of an export or a feed, which may be more than fit into memory."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import msgspec

from service.errors import ContentError, reason_of

BEGINNING_BYTES = 200_000
"""The number of bytes that decide the kind of a document."""

MAX_WHOLE_BYTES = 200_000_000
"""Formats that cannot be read piece by piece may be so large."""


class SourceDocument(msgspec.Struct, frozen=True):
    """A document of `size` bytes, which `open` opens once more each time; it may raise OSError."""

    open: Callable[[], BinaryIO]
    size: int

    def beginning(self) -> bytes:
        """Its first BEGINNING_BYTES. Raises ContentError if it cannot be read."""
        return self._read(BEGINNING_BYTES)

    def read(self) -> bytes:
        """All of it. Raises ContentError if it cannot be read, or is larger than MAX_WHOLE_BYTES."""
        if self.size > MAX_WHOLE_BYTES:
            most = MAX_WHOLE_BYTES // 1_000_000
            raise ContentError(1, f"the file is larger than {most} MB, too large for its format; split it")
        return self._read(-1)

    def _read(self, size: int) -> bytes:
        try:
            with self.open() as file:
                return file.read(size)
        except OSError as error:
            raise unreadable(error) from error


def document_at(path: Path, size: int) -> SourceDocument:
    """The document in the file at `path`."""
    return SourceDocument(lambda: path.open("rb"), size)


def document_of(data: bytes) -> SourceDocument:
    """The document that `data` is."""
    return SourceDocument(lambda: io.BytesIO(data), len(data))


def unreadable(error: OSError) -> ContentError:
    return ContentError(1, f"cannot be read: {reason_of(error)}")
