"""The folders below the content folder that have files to serve, or settings for these."""

import os
from collections.abc import Callable, Iterator

from service.content.files.addresses import is_mount_folder, published_path
from service.content.generators.obsidian import VAULT_FOLDER, VAULT_SETTINGS
from service.content.generators.registry import HIDDEN_NAMES


def walk_entries(
    root: str, start: str, enter: Callable[[str], bool]
) -> Iterator[tuple[str, os.DirEntry[str] | None]]:
    """Each file in the folder `start` below `root` and in those below it: (the folder, the file).

    Folders are relative to `root` and end in a slash; `root` itself is "". `enter` is called with each before
    it is listed, and False leaves it out. After its last file comes (the folder, None), also where it cannot
    be listed. Nothing is held but the folders that are still to be listed. A link is followed only to a
    folder that is not reached otherwise, and never out of `root`.
    """
    real_root = os.path.realpath(root)
    waiting, links, followed = [start], list[str](), set[str]()
    while waiting or links:
        folder = waiting.pop() if waiting else links.pop()
        if not enter(folder):
            continue
        try:
            with os.scandir(f"{root}/{folder}") as entries:
                for entry in entries:
                    path = f"{folder}{entry.name}/"
                    if entry.is_dir(follow_symlinks=False):
                        if is_walked(entry.name):
                            waiting.append(path)
                    elif not is_ignored(folder, entry.name):
                        yield folder, entry
                        target = _hidden_target(entry, real_root)
                        if target is not None and target not in followed:
                            followed.add(target)
                            links.append(path)
        except OSError:
            pass  # the look at the folder that follows says why it cannot be listed
        yield folder, None


def is_walked(name: str) -> bool:
    """Whether a folder of this name is walked through: it is not hidden, or something refers to it."""
    return not name.startswith(".") or is_mount_folder(name) or name in {VAULT_FOLDER, *HIDDEN_NAMES}


def is_ignored(folder: str, name: str) -> bool:
    """Whether a file of this name can say nothing: an editor's hidden copy, or the state of Obsidian."""
    _, in_vault, setting = f"/{folder}{name}".rpartition(f"/{VAULT_FOLDER}/")
    if in_vault:
        return setting not in VAULT_SETTINGS
    return name.startswith(".") and name not in HIDDEN_NAMES and not is_mount_folder(name)


def may_change_others(folder: str, name: str) -> bool:
    """Whether a change here says something about files elsewhere that it does not name."""
    return any(segment.startswith(".") for segment in folder.split("/")) or is_mount_folder(name)


def _hidden_target(entry: os.DirEntry[str], real_root: str) -> str | None:
    """The hidden folder in the content folder that a link leads to; any other is walked by its own name."""
    if not entry.is_symlink() or not os.path.isdir(entry.path):  # noqa: PTH112 - a Path takes longer to make
        return None
    target = os.path.realpath(entry.path)
    is_inside = target.startswith(f"{real_root}/")
    return target if is_inside and published_path(target[len(real_root) + 1 :]) is None else None
