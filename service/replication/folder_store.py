"""A folder as a store, for one machine and for tests: `file:///srv/snapshots`."""

import contextlib
import errno
import fcntl
import hashlib
import os
import secrets
from collections.abc import Iterable, Iterator
from datetime import datetime
from operator import attrgetter
from pathlib import Path

from service.errors import ObjectChanged, ObjectMissing, StoreUnavailable
from service.replication.publication import FOLDERS
from service.replication.store import StoredObject

COPIED_BYTES = 1 << 20

_PERMISSION = "let the user of this process read the folder and, if it publishes, write to it"
_ROOM = "make room on the disk"
_ADVICE = {
    errno.EACCES: _PERMISSION,
    errno.EPERM: _PERMISSION,
    errno.EROFS: "mount it so that it can be written",
    errno.ENOSPC: _ROOM,
    errno.EDQUOT: _ROOM,
    errno.ENOTDIR: "name a folder",
    errno.EEXIST: "name a folder",
}
"""What to do about an error of the system."""

_UNFINISHED = f"*.{'[0-9a-f]' * 8}.tmp"


class FolderStore:
    """The files below `folder`. `setting` and `address` are named in errors.

    The version of an object is a hash of its content. A file is complete when it gets its name.
    """

    def __init__(self, folder: Path, setting: str, address: str) -> None:
        self._folder = folder
        self._setting = setting
        self._address = address

    def read(self, name: str, known_version: str = "") -> StoredObject | None:
        with self._translate_errors(name):
            content = (self._folder / name).read_bytes()
        version = hashlib.sha256(content).hexdigest()
        return None if version == known_version else StoredObject(content, version)

    def read_range(self, name: str, start: int, length: int) -> bytes:
        with self._translate_errors(name), (self._folder / name).open("rb") as file:
            file.seek(start)
            return file.read(length)

    def write(self, name: str, content: bytes | Path) -> None:
        with self._translate_errors(name):
            self._write(name, content)

    def replace(self, name: str, content: bytes, known_version: str) -> str:
        with self._translate_errors(name):
            self._folder.mkdir(parents=True, exist_ok=True)
            with (self._folder / f"{Path(name).stem}.lock").open("ab") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                try:
                    present = self.read(name)
                except ObjectMissing:
                    present = None
                if (present.version if present else "") != known_version:
                    raise ObjectChanged(self._setting, self._address, name)
                self._write(name, content)
        return hashlib.sha256(content).hexdigest()

    def list_sizes(self, folder: str) -> Iterator[tuple[str, int]]:
        with self._translate_errors(folder), contextlib.suppress(FileNotFoundError):
            for entry in sorted(os.scandir(self._folder / folder), key=attrgetter("name")):
                with contextlib.suppress(FileNotFoundError):  # it was deleted meanwhile
                    if entry.is_file() and not entry.name.endswith(".tmp"):
                        yield f"{folder}/{entry.name}", entry.stat().st_size

    def delete(self, names: Iterable[str]) -> None:
        for name in names:
            with self._translate_errors(name):
                (self._folder / name).unlink(missing_ok=True)

    def delete_unfinished(self, before: datetime) -> None:
        with self._translate_errors("unfinished files"):
            for file in [file for name in ("", *FOLDERS) for file in (self._folder / name).glob(_UNFINISHED)]:
                with contextlib.suppress(FileNotFoundError):  # it was written to its end meanwhile
                    if file.stat().st_mtime < before.timestamp():
                        file.unlink()

    def _write(self, name: str, content: bytes | Path) -> None:
        """Write a file under another name, and rename it when it is on the disk."""
        file = self._folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        unfinished = file.with_name(f"{file.name}.{secrets.token_hex(4)}.tmp")
        try:
            with unfinished.open("wb") as output:
                if isinstance(content, Path):
                    with content.open("rb") as source:
                        while block := source.read(COPIED_BYTES):
                            output.write(block)
                else:
                    output.write(content)
                output.flush()
                os.fsync(output.fileno())
            unfinished.replace(file)
        finally:
            unfinished.unlink(missing_ok=True)

    @contextlib.contextmanager
    def _translate_errors(self, name: str) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError:
            raise ObjectMissing(self._setting, self._address, name) from None
        except OSError as error:
            advice = f"; {_ADVICE[error.errno]}" if error.errno in _ADVICE else ""
            reason = f"{name} cannot be read or written ({error.strerror or error}){advice}"
            raise StoreUnavailable(self._setting, self._address, reason) from error
