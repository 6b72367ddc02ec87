"""The folder as a whole: who its authors are, and which of its folders are languages."""

from collections.abc import Iterable
from pathlib import Path

from service.content.languages import language_folders
from service.content.loaded import Context, Person
from service.content.people import MOST_BYTES, read_people


def survey(root: Path, paths: Iterable[str], lists: Iterable[str]) -> Context:
    """What the article files at `paths` and the lists of authors at `lists` say of each article."""
    languages = language_folders(paths)
    above = (folder.rpartition("/")[0] for folder in languages)
    trees = {tree.removesuffix("i18n").rstrip("/") if _ends_in_i18n(tree) else tree for tree in above}
    people: dict[str, tuple[Person, ...]] = {}
    for path in sorted(lists):
        folder, found = read_people(path, _beginning(root / path))
        if found:
            people[folder] = (*people.get(folder, ()), *found)
    return Context(people=people, languages=languages, trees=tuple(sorted(trees)))


def _ends_in_i18n(folder: str) -> bool:
    return folder.rpartition("/")[2] == "i18n"


def _beginning(file: Path) -> bytes:
    """The bytes of a list; none where it cannot be read or is larger than any list of people is."""
    try:
        with file.open("rb") as opened:
            data = opened.read(MOST_BYTES + 1)
    except OSError:
        return b""
    return data if len(data) <= MOST_BYTES else b""
