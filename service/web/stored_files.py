"""Static files on a replica: read from the store, and kept on the disk up to a size.

Whether a file may be served follows from the index: it has the hash of each that its publisher may serve.
"""

import contextlib
import logging
import os
import secrets
from collections.abc import AsyncGenerator
from functools import partial
from hashlib import sha256
from pathlib import Path

import msgspec

from service.content.files.access import is_never_served
from service.content.files.media_types import media_type
from service.errors import NotFound, StoreUnavailable
from service.index import FileHash, Index, sibling_path
from service.log_on_change import LogOnChange
from service.publisher.single_flight import SingleFlight
from service.replication.open_store import open_store
from service.replication.publication import damaged_object, file_name
from service.replication.store import Store
from service.web.content_files import File, FileReader, FolderFiles, policy_of, served_type
from service.web.problems.failure_log import FailureLog
from service.web.problems.types import FileUnavailable

LARGEST_KEPT_BYTES = 32 << 20
"""A file up to this size is fetched as a whole and kept; of a larger one only the requested part."""

RANGE_BYTES = 1 << 20


class PublishedFile(msgspec.Struct, frozen=True):
    """A file that the publisher of the index has stored.

    `address` and `linked_folder` are those of a LocatedFile.
    """

    address: str
    hash: FileHash
    media_type: str
    linked_folder: str

    @property
    def length(self) -> int:
        return self.hash.size

    @property
    def policy(self) -> str:
        """The Content-Security-Policy of a file that can contain scripts; "" for others."""
        return policy_of(self.media_type)

    def etag(self, known: FileHash | None) -> str:
        """The strong validator of the content; "" if another file has taken its place meanwhile."""
        return f'"{self.hash.sha256[:32]}"' if known == self.hash else ""


class StoredFiles(FileReader):
    """The files that `index` knows, in the store at `address`; at most `most_bytes` of them are kept.

    `setting` is the one that has the address, and is named in errors.
    """

    def __init__(self, index: Index, index_url: str, setting: str, address: str, most_bytes: int) -> None:
        super().__init__()
        self._index = index
        self._setting = setting
        self._address = address
        self._folder = sibling_path(index_url, "files")
        self._most_bytes = most_bytes
        self._store: Store | None = None
        self._fetching = SingleFlight()
        self._keep_log = LogOnChange(
            logging.WARNING, "files are fetched at each request", "files are kept again"
        )
        self._fetch_log = FailureLog("static files cannot be fetched", "static files are fetched again")

    async def find(self, path: str) -> PublishedFile:
        """The file at `path`, relative to the content folder, percent-decoded. Raises NotFound."""
        if is_never_served(path):
            raise NotFound("There is no such file.")
        try:
            address, linked_folder = await self._index.follow_links(path)
        except FileNotFoundError:
            raise NotFound("There is no such file.") from None
        record = await self._index.file_record(address)
        if record.hash is None:
            raise NotFound("There is no such file.")
        return PublishedFile(address, record.hash, served_type(media_type(path)), linked_folder)

    async def read(self, file: PublishedFile, start: int, length: int) -> AsyncGenerator[bytes, None]:
        """`length` bytes of `file` from `start`, in chunks, each read on demand. Raises FileUnavailable."""
        if file.length <= min(LARGEST_KEPT_BYTES, self._most_bytes):
            fetch = partial(self.in_thread, partial(self._fetch, file))
            is_kept = await self._fetching.share(file.hash.sha256, fetch)
        else:
            is_kept = False
        if is_kept:
            async for chunk in self.read_opened(partial(self._open, file), file.address, start, length):
                yield chunk
            return
        end = start + length
        while start < end:
            chunk = await self.in_thread(
                partial(self._read_range, file, start, min(end - start, RANGE_BYTES))
            )
            start += len(chunk)
            yield chunk

    def _fetch(self, file: PublishedFile) -> bool:
        """Fetch a file unless it is kept; whether it is now. Raises FileUnavailable."""
        kept = self._place(file)
        with contextlib.suppress(FileNotFoundError):
            # After a power failure it may be shorter than it was written.
            if kept.stat().st_size == file.length:
                return True
        content = self._read_range(file, 0, file.length) if file.length else b""
        unfinished = kept.with_name(f"{secrets.token_hex(8)}.tmp")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._make_room(file.length)
            unfinished.write_bytes(content)
            unfinished.replace(kept)
        except OSError as error:
            self._keep_log.report(f"{self._folder} cannot be written ({error.strerror or error})")
            unfinished.unlink(missing_ok=True)
            return False
        self._keep_log.report("")
        return True

    def _open(self, file: PublishedFile) -> int:
        """A descriptor of a file that is kept, or was until now. Raises FileUnavailable, OSError."""
        kept = self._place(file)
        try:
            os.utime(kept)
        except FileNotFoundError:
            self._fetch(file)
        return os.open(kept, os.O_RDONLY | os.O_CLOEXEC)

    def _make_room(self, length: int) -> None:
        """Delete the files that were not read for longest, until there is room for `length` bytes."""
        kept = [(entry.stat(), entry.path) for entry in os.scandir(self._folder)]
        size = sum(facts.st_size for facts, _ in kept)
        for facts, path in sorted(kept, key=lambda each: each[0].st_mtime_ns):
            if size + length <= self._most_bytes:
                return
            Path(path).unlink(missing_ok=True)
            size -= facts.st_size

    def _read_range(self, file: PublishedFile, start: int, length: int) -> bytes:
        """Some bytes of a file. Raises FileUnavailable, and logs why when that changes."""
        name = file_name(file.hash.sha256)
        try:
            self._store = self._store or open_store(self._setting, self._address)
            content = self._store.read_range(name, start, length)
            is_whole = length == file.length
            if len(content) != length or (is_whole and sha256(content).hexdigest() != file.hash.sha256):
                raise StoreUnavailable(self._setting, self._address, damaged_object(name))
        except StoreUnavailable as error:
            raise FileUnavailable(self._fetch_log.report(str(error))) from error
        self._fetch_log.report_success()
        return content

    def _place(self, file: PublishedFile) -> Path:
        return self._folder / file.hash.sha256


class FollowedFiles:
    """Files of the content folder, or those of the store while another publisher's index answers."""

    def __init__(self, index: Index, own: FolderFiles, stored: StoredFiles) -> None:
        self._index = index
        self._own = own
        self._stored = stored

    async def find(self, path: str) -> File | PublishedFile:
        """The file at `path`, relative to the content folder, percent-decoded. Raises NotFound."""
        return await (self._stored if self._index.is_followed else self._own).find(path)

    def read(self, file: File | PublishedFile, start: int, length: int) -> AsyncGenerator[bytes, None]:
        """`length` bytes of `file` from `start`, in chunks, each read on demand."""
        if isinstance(file, PublishedFile):
            return self._stored.read(file, start, length)
        return self._own.read(file, start, length)

    async def close(self) -> None:
        """Wait until no thread reads a file."""
        await self._own.close()
        await self._stored.close()
