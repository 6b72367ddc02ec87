"""A bucket of object storage as the target of an export: a file is an object, its headers are metadata."""

import secrets
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

import msgspec

from service.errors import ExportError, ObjectChanged, ObjectMissing
from service.export.responses import Headers
from service.export.target import MANIFEST, MARKER, ExportManifest, names_of
from service.replication.open_store import open_bucket

if TYPE_CHECKING:
    from service.replication.object_store import BucketStore

SETTING = "the target of the export"
REQUESTS_AT_ONCE = 16
MOST_WAITING = 400
MOST_WAITING_BYTES = 32_000_000
"""How many files, of how many bytes, are gathered before they are written together."""

_JOURNAL = f"{MARKER}/journal"
_ENCODINGS = {".br": "br", ".gz": "gzip", ".zst": "zstd"}
_METADATA = {"content-type": "Content-Type", "cache-control": "Cache-Control"}


class ExportBucket:
    """The objects of an export in `store`. Names are written down before the objects of these names."""

    def __init__(self, store: "BucketStore", address: str) -> None:
        self._store = store
        self._address = address
        self._present = dict(store.list_sizes())
        self.manifest, self._version = self._read_manifest()
        journals = [name for name in self._present if name.startswith(f"{_JOURNAL}/")]
        self.unfinished = frozenset(name for journal in journals for name in self._read_journal(journal))
        self._owned = names_of(self.manifest) | self.unfinished
        if not self._version and not journals and self._present:
            raise ExportError(f"{address} is not empty and no export; name another prefix")
        self._journals = journals
        self._waiting: dict[str, tuple[bytes, Headers]] = {}

    def write(self, name: str, data: bytes, headers: Headers = ()) -> None:
        """Write an object, soon. Raises ExportError if an object of somebody else is there."""
        if name not in self._owned and name in self._present:
            raise ExportError(f"{self._address}/{name} was not written by an export; move it away")
        self._owned.add(name)
        self._waiting[name] = data, headers
        waiting_bytes = sum(len(body) for body, _ in self._waiting.values())
        if len(self._waiting) >= MOST_WAITING or waiting_bytes >= MOST_WAITING_BYTES:
            self._write_waiting()

    def has(self, name: str, length: int) -> bool:
        return self._present.get(name) == length

    def owned(self) -> set[str]:
        return set(self._owned)

    def remove(self, names: Iterable[str]) -> None:
        self._write_waiting()
        gone = sorted(names)
        shares = [gone[first::REQUESTS_AT_ONCE] for first in range(REQUESTS_AT_ONCE)]
        with ThreadPoolExecutor(REQUESTS_AT_ONCE) as threads:
            list(threads.map(self._store.delete, shares))

    def save(self, manifest: ExportManifest) -> None:
        self._write_waiting()
        try:
            self._version = self._store.replace(MANIFEST, msgspec.json.encode(manifest), self._version)
        except ObjectChanged:
            raise ExportError(
                f"another export has written to {self._address} meanwhile; run this one again"
            ) from None
        self._store.delete(self._journals)

    def _write_waiting(self) -> None:
        """Write what is waiting, several objects at once, after a journal of their names."""
        if not self._waiting:
            return
        journal = f"{_JOURNAL}/{secrets.token_hex(8)}"
        self._store.write(journal, "\0".join(self._waiting).encode())
        self._journals.append(journal)
        with ThreadPoolExecutor(REQUESTS_AT_ONCE) as threads:
            list(threads.map(self._write_object, self._waiting.items()))
        self._waiting.clear()

    def _write_object(self, item: tuple[str, tuple[bytes, Headers]]) -> None:
        name, (data, headers) = item
        metadata = {_METADATA[header]: value for header, value in headers if header in _METADATA}
        encoding = _ENCODINGS.get(name[name.rfind(".") :])
        if encoding and metadata:
            metadata["Content-Encoding"] = encoding
        self._store.write(name, data, metadata)

    def _read_manifest(self) -> tuple[ExportManifest, str]:
        try:
            found = self._store.read(MANIFEST)
            if found is None:
                raise LookupError("a read without a version has a result")
            return msgspec.json.decode(found.content, type=ExportManifest), found.version
        except ObjectMissing:
            return ExportManifest(), ""
        except msgspec.MsgspecError as error:
            raise ExportError(
                f"{self._address}/{MANIFEST} cannot be read: {error}; export to an empty prefix"
            ) from error

    def _read_journal(self, name: str) -> list[str]:
        found = self._store.read(name)
        return found.content.decode().split("\0") if found else []


@contextmanager
def open_export_bucket(address: str) -> Iterator[ExportBucket]:
    """The bucket and prefix at `address`. Raises ExportError, StoreUnavailable."""
    yield ExportBucket(open_bucket(SETTING, address), address.rstrip("/"))
