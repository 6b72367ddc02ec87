"""A bucket of object storage as the target of an export: a file is an object, its headers are metadata."""

import secrets
import sys
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from service.errors import ExportError, ObjectChanged, ObjectMissing
from service.export.record import ExportRecord, ObjectSizes, open_record
from service.export.responses import Headers
from service.export.targets.target import MARKER, is_marked
from service.replication.open_store import open_bucket

if TYPE_CHECKING:
    from service.replication.object_store import BucketStore

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

SETTING = "the target of the export"
REQUESTS_AT_ONCE = 16
DELETED_AT_ONCE = 4000
MOST_WAITING = 400
MOST_WAITING_BYTES = 32_000_000
"""How many files, of how many bytes, are gathered before they are written together."""

RECORD = f"{MARKER}/record.db.zst"
_JOURNAL = f"{MARKER}/journal"
_ENCODINGS = {".br": "br", ".gz": "gzip", ".zst": "zstd"}
_METADATA = {"content-type": "Content-Type", "cache-control": "Cache-Control"}


class ExportBucket:
    """The objects of an export in `store`. Names are written down before the objects of these names.

    `record` is in the file `path`, a copy of the object that has `version`; `present` has all objects.
    """

    def __init__(
        self,
        store: "BucketStore",
        address: str,
        path: Path,
        version: str,
        record: ExportRecord,
        present: ObjectSizes,
    ) -> None:
        self.record = record
        self._store = store
        self._address = address
        self._path = path
        self._version = version
        self._present = present
        self._journals = present.names_below(_JOURNAL)
        self.unfinished = frozenset(
            name for journal in self._journals for name in self._read_journal(journal)
        )
        if not version and not self._journals and present:
            raise ExportError(f"{address} is not empty and no export; name another prefix")
        self._waiting: dict[str, tuple[bytes | Path, Headers]] = {}
        self._waiting_bytes = 0

    def write(
        self,
        name: str,
        parts: Mapping[str, bytes | Path],
        headers: Headers = (),
        *,
        replaced: Collection[str] = (),
        same_as: str = "",  # noqa: ARG002 - of a folder
    ) -> None:
        """Write objects, soon. Raises ExportError if an object of somebody else is there."""
        for suffix, data in parts.items():
            written = name + suffix
            is_ours = written in replaced or written in self.unfinished or is_marked(written)
            if not is_ours and self._present.find(written) is not None:
                raise ExportError(f"{self._address}/{written} was not written by an export; move it away")
            self._waiting[written] = data, headers
            self._waiting_bytes += len(data) if isinstance(data, bytes) else MOST_WAITING_BYTES
        if len(self._waiting) >= MOST_WAITING or self._waiting_bytes >= MOST_WAITING_BYTES:
            self._write_waiting()

    def has(self, name: str, length: int) -> bool:
        return self._present.find(name) == length

    def remove(self, names: Iterable[str]) -> None:
        self._write_waiting()
        remaining = iter(names)
        with ThreadPoolExecutor(REQUESTS_AT_ONCE) as threads:
            while gone := [*islice(remaining, DELETED_AT_ONCE)]:
                shares = [gone[first::REQUESTS_AT_ONCE] for first in range(REQUESTS_AT_ONCE)]
                list(threads.map(self._store.delete, shares))

    def finish(self) -> None:
        self._write_waiting()
        try:
            self._store.replace(RECORD, zstd.compress(self._path.read_bytes(), 3), self._version)
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
        self._waiting_bytes = 0

    def _write_object(self, item: tuple[str, tuple[bytes | Path, Headers]]) -> None:
        name, (data, headers) = item
        metadata = {_METADATA[header]: value for header, value in headers if header in _METADATA}
        encoding = _ENCODINGS.get(name[name.rfind(".") :])
        if encoding and metadata:
            metadata["Content-Encoding"] = encoding
        self._store.write(name, data, metadata)

    def _read_journal(self, name: str) -> list[str]:
        found = self._store.read(name)
        return found.content.decode().split("\0") if found else []


@contextmanager
def open_export_bucket(address: str) -> Iterator[ExportBucket]:
    """The bucket and prefix at `address`. Raises ExportError, StoreUnavailable."""
    store = open_bucket(SETTING, address)
    with (
        tempfile.TemporaryDirectory(prefix="broadsheet-") as work,
        closing(ObjectSizes(store.list_sizes())) as present,
    ):
        path = Path(work) / "record.db"
        version = _fetch_record(store, address, path)
        with open_record(path) as record:
            yield ExportBucket(store, address.rstrip("/"), path, version, record, present)


def _fetch_record(store: "BucketStore", address: str, path: Path) -> str:
    """Write the record of the bucket to `path`; its version, "" if there is none. Raises ExportError."""
    try:
        found = store.read(RECORD)
        if found is None:
            raise LookupError("a read without a version has a result")
        path.write_bytes(zstd.decompress(found.content))
    except ObjectMissing:
        return ""
    except zstd.ZstdError as error:
        raise ExportError(f"{address}/{RECORD} cannot be read: {error}; export to an empty prefix") from error
    return found.version
