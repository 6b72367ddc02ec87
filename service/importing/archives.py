"""Unpacks zip archives of exports into temporary folders."""

import re
import shutil
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from service.errors import ContentError, reason_of
from service.importing.document import unreadable
from service.importing.item import Note

MAX_FILES = 100_000
MAX_BYTES = 2_000_000_000
# Text compresses to about a tenth; what compresses to less than a hundredth is made to fill a disk.
_MAX_RATIO = 100
_MAX_DEPTH = 100
_SMALL_BYTES = 50_000_000

_DRIVE = re.compile(r"[A-Za-z]:")
_DOCUMENTS = {
    "[Content_Types].xml": "a document of an office program: save it as HTML or Markdown",
    "mimetype": "a document or a book: save it as HTML or Markdown",
    "META-INF/MANIFEST.MF": "a Java archive",
}


@contextmanager
def unpack_archives(paths: tuple[Path, ...]) -> Iterator[tuple[tuple[Path, ...], tuple[Note, ...]]]:
    """`paths` with a folder in the place of each zip archive, and notes about archives that are refused.

    What can be read only once, such as a pipe, is copied first: exports are read several times. The folders
    are removed at the end of the block.
    """
    with ExitStack() as folders:
        unpacked_paths: list[Path] = []
        notes: list[Note] = []
        for given in paths:
            path = given
            if not (path.is_file() or path.is_dir()):
                folder = Path(folders.enter_context(TemporaryDirectory(prefix="broadsheet-import-")))
                try:
                    path = _copy(given, folder)
                except ContentError as error:
                    notes.append(Note("fault", f"{given.name}:{error.line}", error.message))
                    continue
            if not _is_archive(path):
                unpacked_paths.append(path)
                continue
            folder = Path(folders.enter_context(TemporaryDirectory(prefix="broadsheet-import-")))
            try:
                notes += _unpack_archive(path, folder)
                unpacked_paths.append(_innermost(folder))
            except ContentError as error:
                notes.append(Note("fault", path.name, error.message))
        yield tuple(unpacked_paths), tuple(notes)


def _copy(path: Path, folder: Path) -> Path:
    """A copy of what can be read at `path`, in `folder`. Raises ContentError."""
    copy = folder / path.name
    try:
        with path.open("rb") as source, copy.open("xb") as file:
            shutil.copyfileobj(source, file)
    except OSError as error:
        raise unreadable(error) from error
    return copy


def _is_archive(path: Path) -> bool:
    """Whether a file begins as a zip archive, perhaps cut off; a program with one at its end does not."""
    if not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            beginning = file.read(4)
            return beginning == b"PK\x03\x04" or (beginning[:2] == b"PK" and zipfile.is_zipfile(path))
    except OSError:
        return False  # reading it as a source raises the same error, which is reported then


def _unpack_archive(path: Path, folder: Path) -> list[Note]:
    """Unpack an archive into `folder`.

    Raises ContentError for a dangerous archive, of which nothing is written, and for a damaged one.
    """
    if not zipfile.is_zipfile(path):  # the list of its files, at its end, is missing
        raise ContentError(1, "the archive is cut off or damaged: copy or download it again")
    notes = []
    try:
        with zipfile.ZipFile(path) as archive:
            members = _check_members(archive, path.stat().st_size)
            for name, member in members.items():
                if stat.S_ISLNK(member.external_attr >> 16):
                    notes.append(Note("left out", f"{path.name}/{name}", "a symbolic link", "symbolic links"))
                    continue
                file = folder / name
                file.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(member) as packed, file.open("xb") as unpacked_file:
                    shutil.copyfileobj(packed, unpacked_file)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise ContentError(1, f"the archive is damaged or of an unsupported kind: {error}") from error
    except OSError as error:
        raise ContentError(1, f"the archive cannot be unpacked: {reason_of(error)}") from error
    return notes


def _innermost(folder: Path) -> Path:
    """The folder itself, or the single folder that it holds: many archives have one at the top."""
    while True:
        inside = list(folder.iterdir())
        if len(inside) != 1 or not inside[0].is_dir():
            return folder
        folder = inside[0]


def _check_members(archive: zipfile.ZipFile, packed_bytes: int) -> dict[str, zipfile.ZipInfo]:
    """The files of an archive by name, without hidden ones. Raises ContentError if one is dangerous."""
    listed = archive.infolist()
    size = sum(member.file_size for member in listed)
    if len(listed) > MAX_FILES or size > MAX_BYTES:
        most = f"{MAX_FILES} files or {MAX_BYTES // 1_000_000} MB"
        raise ContentError(1, f"the archive holds more than {most}: unpack it and import the folder")
    if size > _SMALL_BYTES and size > packed_bytes * _MAX_RATIO:
        raise ContentError(
            1, f"the archive of {packed_bytes} bytes claims to hold {size // 1_000_000} MB: it is refused"
        )
    members: dict[str, zipfile.ZipInfo] = {}
    for member in listed:
        name = member.filename.replace("\\", "/")
        parts = PurePosixPath(name).parts
        if kind := _DOCUMENTS.get(name):
            raise ContentError(1, f"this is {kind}")
        if name.startswith("/") or ".." in parts or _DRIVE.match(name):
            raise ContentError(1, f"the archive contains a path outside of it, {name!r}: it is refused")
        if len(parts) > _MAX_DEPTH:
            raise ContentError(1, f"the archive holds folders more than {_MAX_DEPTH} deep: it is refused")
        if member.flag_bits & 1:
            raise ContentError(
                1, f"{name} is encrypted: unpack the archive with its password and import the folder"
            )
        is_hidden = any(part.startswith(".") or part == "__MACOSX" for part in parts)
        if not (name.endswith("/") or is_hidden):
            members[name] = member
    return members
