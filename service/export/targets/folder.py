"""The folder of an export: files are replaced as a whole, and only files of an export are touched."""

import fcntl
import os
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from service.errors import ExportError, reason_of
from service.export.record import ExportRecord, open_record
from service.export.responses import Headers
from service.export.targets.target import MARKER, is_marked

RECORD = "record.db"
_JOURNAL = "journal"
TEMPORARY = f"{MARKER}-new"
"""The name of a file that is being written, in the folder that it will be in."""

_FOLDER_FLAGS = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


class ExportFolder:
    """The folder `root`, open for one export. `record` is that of the previous one.

    A journal names the files that are written before they are.

    Names are opened one by one below `root`, without following symbolic links.
    """

    def __init__(self, root: Path, descriptor: int, record: ExportRecord, unfinished: set[str]) -> None:
        self.root = root
        self.record = record
        self.unfinished = frozenset(unfinished)
        self._descriptor = descriptor
        self._journal = os.open(
            f"{MARKER}/{_JOURNAL}",
            os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW,
            0o644,
            dir_fd=descriptor,
        )
        # A process that was killed leaves one next to the file that it was writing.
        self.remove({f"{name.rpartition('/')[0]}/{TEMPORARY}".removeprefix("/") for name in unfinished})

    def write(
        self,
        name: str,
        parts: Mapping[str, bytes | Path],
        headers: Headers = (),  # noqa: ARG002 - of a bucket
        *,
        replaced: Collection[str] = (),
        same_as: str = "",
    ) -> None:
        try:
            with self._folder_of(name) as (folder, last):
                for written in (name + suffix for suffix in parts):
                    if not (written in replaced or written in self.unfinished or is_marked(written)):
                        self._require_free(folder, written)
                os.write(self._journal, "".join(f"{name}{suffix}\0" for suffix in parts).encode())
                for suffix, data in parts.items():
                    if not (same_as and self._link(same_as + suffix, folder, last + suffix)):
                        self._replace(folder, last + suffix, data)
        except IsADirectoryError:
            raise ExportError(
                f"{self.root / name} cannot be written: a folder is there; move it away"
            ) from None
        except OSError as error:
            reason = reason_of(error)
            raise ExportError(f"{self.root / name} cannot be written: {reason}") from error

    def _require_free(self, folder: int, name: str) -> None:
        """Raise ExportError if the file `name`, whose open folder is `folder`, is there."""
        with suppress(FileNotFoundError):
            os.stat(name.rpartition("/")[2], dir_fd=folder, follow_symlinks=False)
            raise ExportError(f"{self.root / name} was not written by an export; move it away")

    def _link(self, same_as: str, folder: int, name: str) -> bool:
        """Make `name` in the open `folder` a hard link to a file of this export, if the file system can."""
        with self._folder_of(same_as, create=False) as (source, last):
            try:
                os.link(last, TEMPORARY, src_dir_fd=source, dst_dir_fd=folder, follow_symlinks=False)
            except OSError:
                return False
        os.rename(TEMPORARY, name, src_dir_fd=folder, dst_dir_fd=folder)
        return True

    def _replace(self, folder: int, name: str, data: bytes | Path) -> None:
        """Write a temporary file in the open `folder` and rename it to `name`."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        opened = os.open(TEMPORARY, flags, 0o644, dir_fd=folder)
        try:
            if isinstance(data, Path):
                with data.open("rb") as source, os.fdopen(os.dup(opened), "wb") as file:
                    shutil.copyfileobj(source, file)
            else:
                while data:
                    data = data[os.write(opened, data) :]
            os.rename(TEMPORARY, name, src_dir_fd=folder, dst_dir_fd=folder)
        except BaseException:
            with suppress(FileNotFoundError):
                os.unlink(TEMPORARY, dir_fd=folder)
            raise
        finally:
            os.close(opened)

    def has(self, name: str, length: int) -> bool:
        """Whether the file at `name` is there with this length."""
        try:
            with self._folder_of(name, create=False) as (folder, last):
                return os.stat(last, dir_fd=folder, follow_symlinks=False).st_size == length
        except FileNotFoundError:
            return False

    def remove(self, names: Iterable[str]) -> None:
        """Remove these files, which are of an export, and the folders that are empty then."""
        for name in sorted(names):
            self._remove(name)

    def _remove(self, name: str) -> None:
        with suppress(FileNotFoundError), self._folder_of(name, create=False) as (folder, last):
            os.unlink(last, dir_fd=folder)
        parts = name.split("/")[:-1]
        while parts:
            try:
                os.rmdir("/".join(parts), dir_fd=self._descriptor)
            except OSError:  # not empty, or gone
                return
            parts.pop()

    def finish(self) -> None:
        """End the export, whose record was saved."""
        os.ftruncate(self._journal, 0)

    def close(self) -> None:
        os.close(self._journal)

    @contextmanager
    def _folder_of(self, name: str, *, create: bool = True) -> Iterator[tuple[int, str]]:
        """The open folder of the file at `name`, and the last part of its name."""
        *folders, last = name.split("/")
        descriptor = os.dup(self._descriptor)
        try:
            for part in folders:
                try:
                    inner = _open_folder(part, descriptor, create=create)
                except NotADirectoryError:
                    raise ExportError(
                        f"{self.root / name} cannot be written: {part!r} in its path is not a folder, or a"
                        " symbolic link; move it away"
                    ) from None
                os.close(descriptor)
                descriptor = inner
            yield descriptor, last
        finally:
            os.close(descriptor)


def _open_folder(name: str, within: int, *, create: bool) -> int:
    """Open the folder `name` in an open folder."""
    try:
        return os.open(name, _FOLDER_FLAGS, dir_fd=within)
    except FileNotFoundError:
        if not create:
            raise
    with suppress(FileExistsError):
        os.mkdir(name, 0o755, dir_fd=within)
    return os.open(name, _FOLDER_FLAGS, dir_fd=within)


@contextmanager
def open_folder(root: Path) -> Iterator[ExportFolder]:
    """The folder at `root`, which is created if it is missing, for one export at a time.

    Raises ExportError if it has files but is no export, or if another export writes to it.
    """
    try:
        root.mkdir(parents=True, exist_ok=True)
        names = {entry.name for entry in root.iterdir()}
        if (names and MARKER not in names) or (root / MARKER).is_symlink():
            raise ExportError(f"{root} is not empty and no export; name an empty folder")
        (root / MARKER).mkdir(exist_ok=True)
        descriptor = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except (FileExistsError, NotADirectoryError):
        raise ExportError(f"{root} is a file, or below one; name a folder") from None
    except OSError as error:
        raise ExportError(f"{root} cannot be written: {reason_of(error)}") from error
    with ExitStack() as closing:
        closing.callback(os.close, descriptor)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ExportError(f"another export is writing to {root}; wait until it ends") from None
        path = root / MARKER / RECORD
        if path.is_symlink():
            raise ExportError(f"{path} is a symbolic link; export to an empty folder")
        record = closing.enter_context(open_record(path))
        try:
            folder = ExportFolder(root, descriptor, record, _read_journal(root))
        except OSError as error:  # such as an export on a file system that may only be read now
            raise ExportError(f"{root / MARKER / _JOURNAL} cannot be written: {reason_of(error)}") from error
        closing.callback(folder.close)
        yield folder


def _read_journal(root: Path) -> set[str]:
    """The files that an export began to write which did not end."""
    with suppress(FileNotFoundError):
        return set((root / MARKER / _JOURNAL).read_text("utf-8").split("\0")) - {""}
    return set()
