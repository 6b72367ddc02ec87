"""The file at an address below `/files/`, and its canonical address."""

import os
import unicodedata
from pathlib import Path

import msgspec


class LocatedFile(msgspec.Struct, frozen=True):
    """A file below the content folder: `place` is absolute and without symbolic links.

    `address` is its own path relative to the folder, whatever link it was reached by. A file in a hidden
    folder has none: there `address` is the path that was asked for, and `linked_folder` the link, by its
    path, that leads into the hidden folder; else "".
    """

    place: str
    address: str
    linked_folder: str = ""


def is_utf8(path: str) -> bool:
    """Whether a path on disk is UTF-8, so that an address can contain it."""
    if path.isascii():
        return True
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def locate_file(root: Path, path: str) -> LocatedFile:
    """Find the file at `path`, relative to the content folder `root`.

    Raises OSError or ValueError if the folder has no file of exactly this name: disks that ignore case or
    normal forms also find files by names that no rule covers.
    """
    real_root = os.path.realpath(root)
    place = os.path.realpath(f"{real_root}/{path}", strict=True)
    if not place.startswith(real_root.rstrip("/") + "/"):
        raise FileNotFoundError(path)
    relative = place[len(real_root.rstrip("/")) + 1 :]
    _check_spelling(real_root, relative)
    address = published_path(relative)
    if address is not None:
        return LocatedFile(place, address)
    return LocatedFile(place, path, _link_into_hidden(real_root, path))


def published_path(relative: str) -> str | None:
    """The address of the file at `relative`, a path without symbolic links; None if it is hidden.

    Kubernetes keeps what it mounts in folders whose names begin with two dots, and links to it from outside:
    such a folder does not count.
    """
    segments = [segment for segment in relative.split("/") if not is_mount_folder(segment)]
    return None if any(segment.startswith(".") for segment in segments) else "/".join(segments)


def is_mount_folder(name: str) -> bool:
    """Whether `name` is that of a folder in which Kubernetes keeps the files of a ConfigMap or Secret."""
    return name.startswith("..") and len(name) > len("..")


def _link_into_hidden(real_root: str, path: str) -> str:
    """The first link on the way along `path` that leads to a hidden folder. Raises FileNotFoundError."""
    folders = path.split("/")[:-1]
    for depth in range(1, len(folders) + 1):
        folder = "/".join(folders[:depth])
        if os.path.islink(f"{real_root}/{folder}"):  # noqa: PTH114 - making a Path takes longer
            target = os.path.realpath(f"{real_root}/{folder}")[len(real_root) + 1 :]
            if published_path(target) is None:
                return folder
    raise FileNotFoundError(path)


def _check_spelling(real_root: str, relative: str) -> None:
    """Raise FileNotFoundError unless its folder lists every part of `relative` exactly."""
    folder = real_root
    for name in relative.split("/"):
        if _may_be_misspelled(folder, name) and name not in os.listdir(folder):  # noqa: PTH208
            raise FileNotFoundError(relative)
        folder = f"{folder}/{name}"


def _may_be_misspelled(folder: str, name: str) -> bool:
    """Whether the disk may have found `name` under another: it finds variants, or drops dots and spaces."""
    variants = {name.swapcase()}
    if not name.isascii():
        variants |= {unicodedata.normalize("NFC", name), unicodedata.normalize("NFD", name)}
    variants.discard(name)
    return name.endswith((".", " ")) or any(os.path.lexists(f"{folder}/{variant}") for variant in variants)
