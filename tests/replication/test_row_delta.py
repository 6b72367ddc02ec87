"""Deltas of rows: an index to which they are applied holds what its publisher's holds."""

import random
import secrets
import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from service.errors import SnapshotUnusable
from service.index import apply_due_transitions
from service.index.database import connect
from service.replication import row_delta
from service.replication.changed_keys import Key, find_changed_keys
from service.replication.index_copy import copy_index, finish_copy
from service.replication.row_delta import apply_delta, make_delta
from tests.support.index_folder import NOW, Folder
from tests.support.random_site import RandomSite

VOCABULARIES = ("articles_fts", "site_pages_fts")
READABLE = {"article": "unpack(article)"}
"""What is compressed, which other versions of the library may do otherwise."""


def contents(file: Path) -> dict[str, list[Any]]:
    """All rows of all tables, and every token of the full texts with its places."""
    with closing(connect(file, mode="ro")) as connection:
        tables = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%\\_fts%' ESCAPE '\\'"
        ).fetchall()
        found = {}
        for (table,) in tables:
            names = [name for _, name, *_ in connection.execute(f"PRAGMA table_info({table})")]
            is_article = table == "articles"
            columns = ", ".join(READABLE.get(name, name) if is_article else name for name in names)
            found[table] = sorted(map(repr, connection.execute(f"SELECT {columns} FROM {table}")))  # noqa: S608
        for table in VOCABULARIES:
            connection.execute(
                f"CREATE VIRTUAL TABLE temp.{table}_tokens USING fts5vocab ('main', '{table}', 'instance')"
            )
            found[table] = sorted(connection.execute(f"SELECT * FROM {table}_tokens"))  # noqa: S608
    return found


class Copies:
    """Copies of the index of `folder` as they are published, and a replica that has their deltas."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self.last = folder.file.with_name("last.db")
        self.next = folder.file.with_name("next.db")
        self.replica = folder.file.with_name("replica.db")
        self.copy(self.last)
        shutil.copyfile(self.last, self.replica)

    def copy(self, file: Path) -> None:
        copy_index(self.folder.file, file)
        finish_copy(file, ())

    def make_delta(self) -> bytes | None:
        self.copy(self.next)
        return make_delta(self.last, self.next)

    def publish(self) -> bytes:
        """Apply a delta with the last changes to the replica."""
        delta = self.make_delta()
        assert delta is not None
        apply_delta(self.replica, delta)
        self.next.replace(self.last)
        return delta

    def require_equal(self) -> None:
        published, replicated = contents(self.last), contents(self.replica)
        for table, rows in published.items():
            assert replicated[table] == rows, table


def replicate(path: Path, seed: int, edits: int) -> None:
    """Edit a site at random, as `edits` publications of one or several edits."""
    site = RandomSite(path, seed)
    site.refresh(site.clock)
    copies = Copies(site)
    for _ in range(edits):
        for _ in range(site.random.choice([0, 1, 1, 3])):
            site.edit()
            if site.random.random() < 0.2:
                apply_due_transitions(site.url, site.clock)
            else:
                site.refresh(site.clock)
        copies.publish()
        copies.require_equal()


def test_a_replica_holds_what_was_published_after_any_edits(tmp_path: Path) -> None:
    replicate(tmp_path, 1, 25)


@pytest.mark.stress
@pytest.mark.parametrize("seed", range(20))
def test_a_replica_holds_what_was_published_after_many_edits(tmp_path: Path, seed: int) -> None:
    replicate(tmp_path, seed, 200)


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """Articles of 2 kB in words that do not repeat, which hardly compress."""
    folder = Folder(tmp_path_factory.mktemp("original"))
    chance = random.Random(1)  # noqa: S311
    for number in range(120):
        text = " ".join(f"{chance.getrandbits(36):x}" for _ in range(200))
        tags = [f"t{number % 9}", f"t{number % 7}"]
        folder.write(f"a{number}", text=text, tags=tags, date="2025-01-01", author=f"Author {number % 5}")
    folder.refresh()
    return folder


@pytest.fixture
def folder(original: Folder, tmp_path: Path) -> Folder:
    folder = original.copy_to(Folder(tmp_path))
    folder.refresh()
    return folder


@pytest.mark.parametrize("edits", [12, pytest.param(60, marks=pytest.mark.stress)])
def test_an_edit_takes_less_than_the_article(folder: Folder, edits: int) -> None:
    copies = Copies(folder)
    sizes = []
    for number in range(edits):
        name = f"a{number}"
        text = folder.find_article(name).content_text  # type: ignore[union-attr]
        file = folder.write(name, title=f"Edit {number}", text=text, date="2025-01-01")
        folder.refresh(NOW + timedelta(seconds=number))
        sizes.append(len(copies.publish()) / file.stat().st_size)
    copies.require_equal()

    assert max(sizes) < 1


@pytest.mark.parametrize(
    "size", [10, 5_000, 200_000], ids=["small", "compressed to less than a page", "of several pages"]
)
def test_articles_of_any_size_are_replicated(folder: Folder, size: int) -> None:
    chance = random.Random(size)  # noqa: S311
    copies = Copies(folder)
    for _ in range(5):
        folder.write("a7", text=f"{chance.randbytes(size // 2).hex()}", date="2025-01-01")
        folder.refresh()
        copies.publish()
        copies.require_equal()


def test_a_merge_of_the_full_text_changes_no_row(folder: Folder) -> None:
    copies = Copies(folder)
    with closing(sqlite3.connect(folder.file)) as connection:
        connection.execute("INSERT INTO articles_fts (articles_fts) VALUES ('optimize')")
        connection.commit()

    assert len(copies.publish()) < 300
    copies.require_equal()


def test_an_index_that_was_built_anew_is_replicated(folder: Folder) -> None:
    copies = Copies(folder)
    folder.file.unlink()
    folder.write("another", date="2024-01-01")
    folder.refresh()
    copies.publish()

    copies.require_equal()


def test_a_delta_of_another_state_changes_nothing(folder: Folder) -> None:
    copies = Copies(folder)
    folder.write("a7", title="Edited", text="Text.")
    folder.refresh()
    delta = copies.publish()
    before = contents(copies.replica)

    for damaged in (delta, delta[:-4], b"Bsd1" + delta[4:], b"", delta[:20]):
        with pytest.raises(SnapshotUnusable):
            apply_delta(copies.replica, damaged)
        assert contents(copies.replica) == before


def test_large_changes_are_no_delta(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    copies = Copies(folder)
    folder.write("a7", title="Edited", text="Text. " * 300)
    folder.refresh()
    monkeypatch.setattr(row_delta, "MOST_BYTES", 1000)

    assert copies.make_delta() is None


def test_other_tables_are_no_delta(folder: Folder) -> None:
    copies = Copies(folder)
    with closing(sqlite3.connect(folder.file)) as connection:
        connection.execute("CREATE TABLE another (number INTEGER)")

    assert copies.make_delta() is None


@pytest.mark.parametrize("forgotten", ["articles", "documents", "content_nodes", "article_terms"])
def test_a_delta_without_a_changed_row_is_not_published(
    folder: Folder, forgotten: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def forget(*files: Any) -> dict[str, set[Key]]:
        return {
            name: keys if name != forgotten else set() for name, keys in find_changed_keys(*files).items()
        }

    copies = Copies(folder)
    folder.write("a7", title="Edited", text="Text.", tags=["new"])
    folder.refresh()
    monkeypatch.setattr(row_delta, "find_changed_keys", forget)

    assert copies.make_delta() is None
    assert f"not all changed rows of {forgotten} were found" in caplog.text


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE documents SET language = 'xx' WHERE doc = 99",
        "DELETE FROM article_terms WHERE row = (SELECT max(row) FROM article_terms)",
        "INSERT INTO deleted_slugs (slug) VALUES ('another')",
    ],
)
def test_an_index_that_differs_elsewhere_is_not_changed(folder: Folder, damage: str) -> None:
    copies = Copies(folder)
    with closing(sqlite3.connect(copies.replica)) as connection:
        assert connection.execute(damage).rowcount > 0
        connection.commit()
    before = contents(copies.replica)
    folder.write("a7", title="Edited", text="Text.")
    folder.refresh()
    with pytest.raises(SnapshotUnusable, match="makes another index of this one than was published"):
        copies.publish()

    assert contents(copies.replica) == before


def test_of_a_large_table_a_sample_is_compared(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(row_delta, "SAMPLED_ROWS", 10)
    copies = Copies(folder)
    with closing(sqlite3.connect(copies.replica)) as connection:
        connection.execute("UPDATE documents SET language = 'xx' WHERE doc = 60")
        connection.commit()
    folder.write("a7", title="Edited", text="Text.")
    folder.refresh()
    monkeypatch.setattr(secrets, "randbits", lambda _: 55)
    with pytest.raises(SnapshotUnusable):
        copies.publish()
    monkeypatch.setattr(secrets, "randbits", lambda _: 0)
    copies.publish()
