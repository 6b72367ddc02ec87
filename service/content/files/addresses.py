"""The file at an address below `/files/`, and its canonical address."""

import os
import unicodedata
from collections.abc import Callable
from pathlib import Path

import msgspec

# Where git-sync and similar programs keep what a link shows of a site, one release after the other.
_RELEASES = frozenset({".worktrees", ".releases"})


class LocatedFile(msgspec.Struct, frozen=True):
    """A file below the content folder: `place` is absolute and without symbolic links.

    `address` is its own path relative to the folder, whatever link it was reached by. A file in a hidden
    folder has none: there `linked_folder` is the path of the link that leads into the hidden folder, below
    which `address` is; else "".
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
    linked_folder, hidden = _link_into_hidden(real_root, path)
    return LocatedFile(place, _address_below(linked_folder, hidden, _unmounted(relative)), linked_folder)


def find_link(real_root: str, path: str) -> tuple[str, str] | None:
    """Where the symbolic link at `path`, relative to the folder, is and where it leads, without other links.

    None if that is not in the folder, or there is no link. Both are relative to the folder, and without the
    folders of Kubernetes (see `published_path`), through which no address leads elsewhere.
    """
    link = f"{real_root}/{path}"
    if not os.path.islink(link):  # noqa: PTH114 - a Path takes longer to make
        return None
    parent, name = os.path.split(link)
    beginning = real_root.rstrip("/") + "/"
    try:
        place = f"{os.path.realpath(parent)}/{name}"
        target = f"{os.path.realpath(link, strict=True)}/"
    except OSError:
        return None
    if not place.startswith(beginning) or not target.startswith(beginning) or not is_utf8(place + target):
        return None
    place, target = _unmounted(place[len(beginning) :]), _unmounted(target[len(beginning) :].rstrip("/"))
    return (place, target) if place not in {"", target} else None


def follow_links(path: str, find_target: Callable[[str], str | None]) -> tuple[str, str]:
    """The `address` and `linked_folder` of the file at `path`, as `locate_file` finds them.

    `find_target` is asked where the link at a place leads, both as `find_link` gives them; None if there is
    none. Whether there is such a file is not known here. Raises FileNotFoundError.
    """
    place = linked_folder = hidden = ""
    names = path.split("/")
    for depth, name in enumerate(names, start=1):
        place = f"{place}/{name}" if place else name
        target = find_target(place)
        if target is not None:
            place = target
            is_folder = depth < len(names)
            if is_folder and not linked_folder and published_path(target) is None:
                linked_folder, hidden = "/".join(names[:depth]), target
    address = published_path(place)
    if address is not None:
        return address, ""
    if not linked_folder:
        raise FileNotFoundError(path)
    return _address_below(linked_folder, hidden, place), linked_folder


def _address_below(linked_folder: str, hidden: str, place: str) -> str:
    """The address of a file at `place` in a folder that is `hidden`, and to which a link leads.

    Raises FileNotFoundError if it lies elsewhere: another link led there.
    """
    if not place.startswith(f"{hidden}/"):
        raise FileNotFoundError(place)
    return f"{linked_folder}{place[len(hidden) :]}"


def _unmounted(relative: str) -> str:
    return "/".join(segment for segment in relative.split("/") if not is_mount_folder(segment))


def published_path(relative: str) -> str | None:
    """The address of the file at `relative`, a path without symbolic links; None if it is hidden.

    Kubernetes keeps what it mounts in folders whose names begin with two dots, and links to it from outside:
    such a folder does not count.
    """
    path = _unmounted(relative)
    return None if any(segment.startswith(".") for segment in path.split("/")) else path


def is_hidden_path(relative: str) -> bool:
    """Whether what lies at `relative`, a path without symbolic links, stays hidden behind a link as well.

    A link opens only what it leads to in the folders of Kubernetes and of releases. "." is the root itself.
    """
    return relative != "." and any(
        name.startswith(".") and name not in _RELEASES and not is_mount_folder(name)
        for name in relative.split("/")
    )


def is_mount_folder(name: str) -> bool:
    """Whether `name` is that of a folder in which Kubernetes keeps the files of a ConfigMap or Secret."""
    return name.startswith("..") and len(name) > len("..")


def _link_into_hidden(real_root: str, path: str) -> tuple[str, str]:
    """The first link on the way along `path` that leads to a hidden folder, and where that is.

    Raises FileNotFoundError.
    """
    folders = path.split("/")[:-1]
    for depth in range(1, len(folders) + 1):
        folder = "/".join(folders[:depth])
        if os.path.islink(f"{real_root}/{folder}"):  # noqa: PTH114 - making a Path takes longer
            target = os.path.realpath(f"{real_root}/{folder}")[len(real_root) + 1 :]
            if published_path(target) is None:
                return folder, _unmounted(target)
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
