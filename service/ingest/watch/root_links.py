"""The symbolic links in the path of a folder: to replace one of them is to replace the folder."""

import os

MOST_LINKS = 40
"""As many as Linux follows on one path (path_resolution(7))."""


def links_on_path(path: str) -> list[tuple[str, str]]:
    """(folder, name) of each symbolic link in the path `path`, and of its last or first missing part.

    No folder contains a link.
    """
    links: list[tuple[str, str]] = []
    place, last = "/", ("/", "")
    names = _names(os.path.join(os.getcwd(), path))  # noqa: PTH109, PTH118 - a Path would resolve `..` too early
    while names:
        name = names.pop()
        if name == "..":
            place = os.path.dirname(place)  # noqa: PTH120
            continue
        last = (place, name)
        step = f"{place.rstrip('/')}/{name}"
        try:
            target = os.readlink(step)  # noqa: PTH115
        except FileNotFoundError:
            break
        except OSError:
            place = step  # not a link
            continue
        links.append(last)
        if len(links) >= MOST_LINKS:
            break
        names += _names(target)
        if target.startswith("/"):
            place = "/"
    return list(dict.fromkeys((*links, last)))


def _names(path: str) -> list[str]:
    """The parts of a path, the last one first."""
    return [name for name in reversed(path.split("/")) if name not in {"", "."}]
