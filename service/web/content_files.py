"""Files of the content folder: which file an address names, and its bytes or a range of them.

Whether a file may be served is decided in `content.files.access`. Nothing outside the content
folder is served; a symbolic link gives access to nothing that the address of its target would not.
"""

import asyncio
import errno
import functools
import os
import re
import stat
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol, TypeVar

import msgspec

from service.content.files.access import is_never_served
from service.content.files.addresses import locate_file
from service.content.files.media_types import media_type
from service.errors import NotFound
from service.index import FileHash

CHUNK_BYTES = 256 * 1024
THREADS = 4
"""How many files one worker opens or reads at the same time; a client that is slow to read holds none."""

_RANGE = re.compile(rb"bytes=\s*([0-9]{0,18})-([0-9]{0,18})\s*\Z", re.IGNORECASE)
_MARKUP = ("image/svg+xml", "text/html", "application/xhtml+xml", "application/xml", "text/xml")
_SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"

_OUT_OF_RESOURCES = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EIO})

T = TypeVar("T")


class File(msgspec.Struct, frozen=True):
    """A regular file that can be read: its place on disk, its address, its stat result, its media type.

    `address` and `linked_folder` are those of a LocatedFile.
    """

    place: str
    address: str
    linked_folder: str
    facts: os.stat_result
    media_type: str

    @property
    def length(self) -> int:
        return self.facts.st_size

    @property
    def policy(self) -> str:
        """The Content-Security-Policy of a file that can contain scripts; "" for others."""
        return policy_of(self.media_type)

    def etag(self, known: FileHash | None) -> str:
        """The strong validator of the content; "" until `known` is the hash of exactly this file."""
        return f'"{known.sha256[:32]}"' if known and known.is_of(self.facts) else ""


class FileSource(Protocol):
    """Where the files that `/files/` serves are: in the content folder, or on a replica in a store."""

    async def find(self, path: str) -> Any:
        """The file at `path`, relative to the content folder, percent-decoded. Raises NotFound."""

    def read(self, file: Any, start: int, length: int) -> AsyncGenerator[bytes, None]:
        """`length` bytes of what `find` found from `start`, in chunks, each read on demand."""

    async def close(self) -> None:
        """Wait until no thread reads a file."""


class FileReader:
    """Reads files in threads of its own."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="files")

    async def close(self) -> None:
        """Wait until no thread reads a file."""
        await asyncio.to_thread(self._threads.shutdown)

    async def in_thread(self, work: Callable[[], T]) -> T:
        """The result of `work`, done in one of the threads."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    async def read_opened(
        self, open_file: Callable[[], int], name: str, start: int, length: int
    ) -> AsyncGenerator[bytes, None]:
        """`length` bytes from `start` of the file that `open_file` opens, in chunks, each read on demand.

        Raises OSError, which names it `name`, if it becomes shorter, and what `open_file` raises.
        """
        opening = asyncio.ensure_future(self.in_thread(open_file))
        try:
            descriptor = await asyncio.shield(opening)
        except asyncio.CancelledError:
            opening.add_done_callback(_close_opened)
            raise
        try:
            end = start + length
            while start < end:
                wanted = min(end - start, CHUNK_BYTES)
                chunk = await self.in_thread(functools.partial(os.pread, descriptor, wanted, start))
                if not chunk:
                    raise OSError(f"{name} became shorter while it was sent")
                start += len(chunk)
                yield chunk
        finally:
            os.close(descriptor)


class FolderFiles(FileReader):
    """The files below one content folder; one is read only to send it, never to make its headers."""

    def __init__(self, content: Path) -> None:
        super().__init__()
        self._root = content

    async def find(self, path: str) -> File:
        """The file at `path`, relative to the content folder, percent-decoded. Raises NotFound."""
        return await self.in_thread(functools.partial(_find, self._root, path))

    def read(self, file: File, start: int, length: int) -> AsyncGenerator[bytes, None]:
        """`length` bytes of `file` from `start`, in chunks, each read on demand.

        Raises OSError when the file has been replaced or has become shorter.
        """
        return self.read_opened(functools.partial(_open, file), file.place, start, length)


def _find(root: Path, path: str) -> File:
    if is_never_served(path):
        raise NotFound("There is no such file.")
    try:
        located = locate_file(root, path)
        # O_NONBLOCK: a named pipe must not block; a file that cannot be read is not found.
        descriptor = os.open(located.place, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            facts = os.fstat(descriptor)
        finally:
            os.close(descriptor)
    except ValueError:
        raise NotFound("There is no such file.") from None
    except OSError as error:
        if error.errno in _OUT_OF_RESOURCES:
            raise
        raise NotFound("There is no such file.") from None
    if not stat.S_ISREG(facts.st_mode):
        raise NotFound("There is no such file.")
    return File(located.place, located.address, located.linked_folder, facts, served_type(media_type(path)))


def _close_opened(opening: asyncio.Future[int]) -> None:
    """Close the file that was opened for a client that has disconnected meanwhile."""
    if not opening.cancelled() and opening.exception() is None:
        os.close(opening.result())


def _open(file: File) -> int:
    descriptor = os.open(file.place, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    facts = os.fstat(descriptor)
    if (facts.st_ino, facts.st_size, facts.st_mtime_ns) != (
        file.facts.st_ino,
        file.facts.st_size,
        file.facts.st_mtime_ns,
    ):
        os.close(descriptor)
        raise OSError(f"{file.place} was replaced before it was sent")
    return descriptor


def requested_range(header: bytes | None, length: int) -> tuple[int, int] | None:
    """The first byte and the number of bytes that a Range asks for, or None for the whole (RFC 9110 §14.2).

    A request for several ranges, or for other than bytes, gets the whole file. Raises ValueError if the range
    lies outside of the file.
    """
    match = _RANGE.match(header) if header else None
    if not match or (not match[1] and not match[2]):
        return None
    if not match[1]:
        wanted = min(int(match[2]), length)
        if wanted == 0:
            raise ValueError("an empty range")
        return length - wanted, wanted
    first = int(match[1])
    last = min(int(match[2]), length - 1) if match[2] else length - 1
    if match[2] and int(match[2]) < first:
        return None
    if first >= length:
        raise ValueError("beyond the end")
    return first, last - first + 1


def range_applies(if_range: bytes | None, etag: str) -> bool:
    """Whether If-Range permits a range: it is absent, or equals the strong validator (RFC 9110 §13.1.5)."""
    return if_range is None or (bool(etag) and if_range.strip() == etag.encode())


def policy_of(served_type: str) -> str:
    """The Content-Security-Policy of a file of this type that can contain scripts; "" for others."""
    return _SANDBOX if served_type.startswith(_MARKUP) else ""


def served_type(stored_type: str) -> str:
    """The media type a file is sent as: scripts as text, because pages may run scripts of their origin."""
    served = "text/plain" if stored_type == "text/javascript" else stored_type
    return f"{served}; charset=utf-8" if served.startswith("text/") else served
