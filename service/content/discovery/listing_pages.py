"""Pages that may only list other articles: an index, or a page named as the folder next to it."""

import re
from collections import Counter
from collections.abc import Collection

from service.content.files.kinds import INDEX_NAMES

_DATED = re.compile(r"(?:^|/)\d{4}[-/]\d{1,2}[-/]")
MANY = 3
"""The number of articles without a date in their path that make a folder one of articles."""


def find_listing_pages(paths: Collection[str], folders_of_articles: Collection[str]) -> tuple[str, ...]:
    """The pages among `paths` whose folder holds dated articles or many; sorted.

    `folders_of_articles` are all folders around `paths`, without the outermost.
    """
    # Few pages are called as a folder is: the names are compared first.
    names = {folder.rpartition("/")[2] for folder in folders_of_articles}
    folders = {
        path: folder
        for path in paths
        if (stem := _stem(path)) in names or stem.lower() in INDEX_NAMES
        if (folder := listed_folder(path)) is not None and (not folder or folder in folders_of_articles)
    }
    wanted = set(folders.values())
    counts: Counter[str] = Counter()
    for path in paths if wanted else ():
        places = ["", *(path[: slash.start()] for slash in re.finditer("/", path))]
        for folder in wanted.intersection(places) - {folders.get(path)}:
            counts[folder] += MANY if is_dated(path, len(folder)) else 1
    return tuple(sorted(page for page, folder in folders.items() if counts[folder] >= MANY))


def _stem(path: str) -> str:
    return path[path.rfind("/") + 1 :].partition(".")[0]


def is_dated(path: str, start: int) -> bool:
    """Whether the folders of `path` from the position `start` on are those of a date."""
    return bool(_DATED.search(path, start))


def listed_folder(path: str) -> str | None:
    """The folder that a page stands for: that of an index, or `posts` of `posts.md`."""
    folder, stem = path.rpartition("/")[0], _stem(path)
    if stem.lower() in INDEX_NAMES:
        return folder
    return f"{folder}/{stem}".lstrip("/") if stem else None
