"""An index of an earlier version is rebuilt, and the addresses of deleted articles still answer 410."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import pytest

from service.errors import Gone, IndexUnavailable, NotFound
from service.index import Moved
from service.index.database import discard
from tests.support.index_folder import Folder

DUMPS = sorted(Path(__file__).parent.glob("index_version_*.sql"))
"""Some tables of indexes made by released versions, in which the article `deleted` was deleted."""


@pytest.fixture(params=DUMPS, ids=lambda path: path.stem)
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Folder:
    folder = Folder(tmp_path)
    folder.write("kept")
    with closing(sqlite3.connect(folder.file)) as connection:
        connection.executescript(request.param.read_text(encoding="utf-8"))
    return folder


def leftover_files(folder: Folder) -> list[Path]:
    return sorted(folder.file.parent.glob("*-slugs*"))


def change_version(folder: Folder) -> None:
    with closing(sqlite3.connect(folder.file)) as connection, connection:
        connection.execute("PRAGMA user_version = 1")


def require_deleted(folder: Folder) -> None:
    with pytest.raises(Gone, match="deleted"):
        folder.find_article("deleted")


def test_there_are_dumps() -> None:
    assert len(DUMPS) >= 3


def test_deleted_slugs_survive_a_change_of_version(folder: Folder) -> None:
    assert folder.refresh().articles == 1
    require_deleted(folder)
    assert folder.slugs() == ["kept"]
    assert leftover_files(folder) == []
    folder.refresh()
    require_deleted(folder)


def test_deleted_slugs_survive_a_build_that_is_killed_after_the_old_index_was_removed(folder: Folder) -> None:
    discard(folder.file, "it is of another version")
    assert not folder.file.exists()
    folder.refresh()
    require_deleted(folder)
    assert leftover_files(folder) == []


def test_deleted_slugs_survive_two_changes_of_version(folder: Folder) -> None:
    folder.refresh()
    change_version(folder)
    folder.refresh()
    require_deleted(folder)


def test_a_deleted_article_that_is_back_is_served(folder: Folder) -> None:
    folder.write("deleted")
    assert folder.refresh().articles == 2
    assert sorted(folder.slugs()) == ["deleted", "kept"]


def test_saved_slugs_that_cannot_be_read_are_reported(folder: Folder) -> None:
    discard(folder.file, "it is of another version")
    (saved,) = leftover_files(folder)
    saved.write_bytes(b"[")
    with pytest.raises(IndexUnavailable, match="remove it"):
        folder.refresh()
    saved.unlink()
    assert folder.refresh().articles == 1


def answers(folder: Folder, addresses: Iterable[str]) -> dict[str, str]:
    """What each address leads to: an article, another address, or nothing, with or without a memory of it."""
    found = {}
    for address in addresses:
        try:
            article = folder.find_article(address)
            found[address] = f"moved to {article.slug}" if isinstance(article, Moved) else article.title
        except Gone:
            found[address] = "gone"
        except NotFound:
            found[address] = "not found"
    return found


EXPECTED = {
    "kept": "kept",
    "deleted": "gone",
    "alias-of-deleted": "gone",
    "renamed": "not found",
    "another-name": "renamed",
    "moved": "moved",
    "alias-dropped": "not found",
    "line-1": "line-1",
    "line-2": "gone",
    "line-3": "line-3",
    "taken-over": "moved to successor",
    "scheduled": "not found",
    "/about": "gone",
}


@pytest.mark.parametrize("is_upgraded", [False, True])
@pytest.mark.parametrize("is_killed", [False, True])
def test_what_is_deleted_while_an_index_of_another_version_is_replaced_is_gone(
    tmp_path: Path, is_upgraded: bool, is_killed: bool
) -> None:
    """As if it had been deleted before or after that."""
    folder = Folder(tmp_path)
    for name in ("renamed", "moved", "taken-over"):
        folder.write(name)
    folder.write("kept", aliases=["alias-dropped"])
    folder.write("deleted", aliases=["alias-of-deleted"])
    folder.write("scheduled", date="2035-01-01")
    lines = [{"title": f"line-{number}", "slug": f"line-{number}"} for number in (1, 2, 3)]
    folder.write_many("lines", lines)
    (folder.root / "about.md").write_text("---\ntype: page\n---\nText.")
    folder.refresh()

    for name in ("deleted", "taken-over", "scheduled"):
        folder.remove(name)
    (folder.root / "about.md").unlink()
    folder.write("kept")
    folder.write("renamed", slug="another-name")
    folder.write("successor", aliases=["taken-over"])
    (folder.root / "elsewhere").mkdir()
    (folder.root / "moved.json").rename(folder.root / "elsewhere" / "moved.json")
    folder.write_many("lines", [lines[0], lines[2]])
    if is_upgraded:
        change_version(folder)
        if is_killed:
            discard(folder.file, "it is of another version")
    folder.refresh()

    assert answers(folder, EXPECTED) == EXPECTED
    assert leftover_files(folder) == []


def test_served_slugs_that_cannot_be_read_are_reported(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("kept")
    folder.refresh()
    change_version(folder)
    discard(folder.file, "it is of another version")
    (saved,) = leftover_files(folder)
    saved.write_bytes(saved.read_bytes()[:-3])
    with pytest.raises(IndexUnavailable, match="remove it"):
        folder.refresh()
    saved.unlink()
    assert folder.refresh().articles == 1
