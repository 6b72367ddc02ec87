"""An index of an earlier version is rebuilt, and the addresses of deleted articles still answer 410."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from service.errors import Gone, IndexUnavailable
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
    return sorted(folder.file.parent.glob("*deleted-slugs*"))


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
    with closing(sqlite3.connect(folder.file)) as connection, connection:
        connection.execute("PRAGMA user_version = 1")
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
