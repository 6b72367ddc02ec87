"""Page bundles: the other files in the folder of an `index.md` belong to that page."""

import re
from collections.abc import Iterable

from service.content.files.kinds import HTML_SUFFIXES, MARKDOWN_SUFFIXES

_SUFFIXES = "|".join(map(re.escape, (*MARKDOWN_SUFFIXES, *HTML_SUFFIXES)))
_INDEX = re.compile(rf"index(?:\.[^./]+)?(?:{_SUFFIXES})", re.IGNORECASE)


def find_bundle_resources(folders: Iterable[str], paths: Iterable[str]) -> dict[str, str]:
    """The files among `paths` that are part of a page bundle in `folders`, each with the reason."""
    roots = tuple(f"{folder}/" for folder in folders)
    inside = [path for path in paths if path.startswith(roots)]
    pages: dict[str, str] = {}
    for path in sorted(inside):
        folder, _, name = path.rpartition("/")
        if _INDEX.fullmatch(name) and f"{folder}/" not in roots:
            pages.setdefault(folder, path)
    owners = {path: _owner(path, pages) for path in inside} if pages else {}
    return {path: f"a resource of {owner}" for path, owner in owners.items() if owner}


def is_bundle_page(path: str) -> bool:
    """Whether a file is the page of a bundle by its name."""
    return bool(_INDEX.fullmatch(path.rpartition("/")[2]))


def _owner(path: str, pages: dict[str, str]) -> str | None:
    """The page of the outermost bundle around a file; None for that page itself and its translations."""
    for slash in re.finditer("/", path):
        owner = pages.get(path[: slash.start()])
        if owner:
            return None if _INDEX.fullmatch(path, slash.end()) else owner
    return None
