"""Deltas of rows: an index to which they are applied holds what its publisher's holds."""

import random
import secrets
import shutil
import sqlite3
from collections.abc import Collection
from contextlib import closing, nullcontext
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import SnapshotUnusable
from service.index import apply_due_transitions
from service.index.database import reading
from service.index.tables import row_log
from service.index.tables.row_log import Changes, LogPlace, read_changes
from service.ingest import refresh
from service.model import Site
from service.replication import row_delta
from service.replication.index_copy import (
    PublishedCopy,
    copy_index,
    finish_copy,
    log_changes,
    read_content,
    show_published_rows,
)
from service.replication.row_delta import apply_delta, make_delta
from tests.support.index_contents import contents
from tests.support.index_folder import NOW, Folder
from tests.support.random_site import RandomSite

FIRST, NEXT = PublishedCopy(1, "first"), PublishedCopy(2, "next")


class Copies:
    """The copy of the index of `folder` that its publisher keeps, and a replica that has its deltas."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self.base = folder.file.with_name("base.db")
        self.expected = folder.file.with_name("expected.db")
        self.replica = folder.file.with_name("replica.db")
        log_changes(folder.file)
        self.copy(self.base)
        shutil.copyfile(self.base, self.replica)

    def copy(self, file: Path, published: PublishedCopy = FIRST) -> None:
        copy_index(self.folder.file, file)
        finish_copy(file, published)

    def make_delta(self, published: PublishedCopy = NEXT) -> bytes | None:
        with reading(self.base) as base, reading(self.folder.file) as index:
            index.execute("BEGIN")
            show_published_rows(index, published)
            return make_delta(base, index)

    def publish(self, unpublished: Collection[str] = ()) -> bytes:
        """Apply a delta with the last changes to the copy and the replica."""
        published = PublishedCopy(2, secrets.token_hex(8), frozenset(unpublished))
        self.copy(self.expected, published)
        delta = self.make_delta(published)
        assert delta is not None
        apply_delta(self.base, delta)
        apply_delta(self.replica, delta)
        return delta

    def require_equal(self) -> None:
        published = contents(self.expected)
        for copy in (self.base, self.replica):
            replicated = contents(copy)
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


def test_an_index_that_was_built_anew_is_no_delta(folder: Folder) -> None:
    copies = Copies(folder)
    folder.file.unlink()
    folder.refresh()
    log_changes(folder.file)

    assert copies.make_delta() is None


def test_a_refresh_of_many_files_is_no_delta(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refresh, "MOST_LOGGED_PARTS", 5)
    copies = Copies(folder)
    for count in (5, 6):
        written = [folder.write(f"a{number}", title=f"Edit {count}").name for number in range(count)]
        refresh.refresh_index(folder.url, folder.root, folder.site, now=NOW, paths=written)
        assert (copies.make_delta() is None) == (count == 6)


def test_many_changed_rows_are_no_delta(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    copies = Copies(folder)
    monkeypatch.setattr(row_log, "MOST_ROWS", 10)
    folder.write("a7", title="Edited")
    folder.refresh()

    assert copies.make_delta() is None


def test_a_copy_that_is_further_behind_than_the_log_gets_no_delta(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    copies = Copies(folder)
    monkeypatch.setattr(row_log, "MOST_ROWS", 300)
    for number in range(10):
        folder.write("a7", title=f"Edit {number}", date="2025-01-01")
        folder.refresh()
        if number < 2:
            copies.publish()
            copies.require_equal()

    assert copies.make_delta() is None


def test_settings_of_the_site_are_replicated(folder: Folder) -> None:
    copies = Copies(folder)
    folder.site = Site(title="Another", description="Changed")
    folder.refresh()
    copies.publish()

    copies.require_equal()


def test_files_are_replicated_once_they_are_published(folder: Folder) -> None:
    copies = Copies(folder)
    for name in ("one.png", "two.png"):
        (folder.root / name).write_bytes(name.encode())
    folder.write("a1", image="one.png")
    folder.write("a2", image="two.png")
    folder.refresh()
    folder.hash_files()
    for unpublished in (["one.png"], ["one.png", "two.png"], ["two.png"], []):
        copies.publish(unpublished)
        copies.require_equal()
        with reading(copies.replica) as replica:
            assert set(read_content(replica).files) == {"one.png", "two.png"} - {*unpublished}


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
def test_a_delta_without_a_changed_row_does_not_apply(
    folder: Folder, forgotten: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forget(connection: sqlite3.Connection, since: LogPlace) -> Changes | None:
        changes = read_changes(connection, since)
        assert changes is not None
        assert changes.pop(forgotten)
        return changes

    monkeypatch.setattr(row_delta, "SAMPLED_ROWS", 1000)
    copies = Copies(folder)
    folder.write("a7", title="Edited", text="Text.", tags=["new"])
    folder.refresh()
    monkeypatch.setattr(row_delta, "read_changes", forget)

    with pytest.raises(SnapshotUnusable):
        copies.publish()


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE documents SET language = 'xx' WHERE doc = 99",
        "DELETE FROM article_terms WHERE row = (SELECT max(row) FROM article_terms)",
        "INSERT INTO deleted_slugs (slug) VALUES ('another')",
    ],
)
def test_an_index_that_differs_elsewhere_is_not_changed(
    folder: Folder, damage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(row_delta, "SAMPLED_ROWS", 1000)
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


@given(
    st.one_of(
        st.lists(st.integers(-(1 << 63), (1 << 63) - 1), min_size=2, max_size=2),
        st.lists(st.binary(max_size=9), min_size=2, max_size=2),
        st.lists(st.text(alphabet=st.characters(codec="utf-8"), max_size=9), min_size=2, max_size=2),
    ),
    st.integers(0, (1 << row_delta.PLACE_BITS) - 1),
)
def test_a_sample_begins_between_the_first_and_the_last_key(values: list[Any], place: int) -> None:
    first, last = sorted(values)
    between = row_delta._between(first, last, place)
    if isinstance(first, str):
        first, last = first.encode(), last.encode()

    assert first <= between
    assert between <= (last if isinstance(last, int) else last.ljust(len(between), b"\0"))


def test_a_sample_is_sought_in_the_order_of_keys(folder: Folder) -> None:
    """Else it would take longer in a larger index."""
    statements: list[str] = []
    with reading(folder.file) as connection:
        row_delta._add_functions(connection)
        connection.set_trace_callback(statements.append)
        row_delta._sample_hash(connection, 1 << 60)
        connection.set_trace_callback(None)
        for statement in statements:
            plan = [step for *_, step in connection.execute(f"EXPLAIN QUERY PLAN {statement}")]
            assert not [step for step in plan if "B-TREE" in step], statement


def test_of_a_large_table_a_sample_is_compared(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(row_delta, "SAMPLED_ROWS", 10)
    copies = Copies(folder)
    with closing(sqlite3.connect(copies.replica)) as connection:
        connection.execute("UPDATE documents SET language = 'xx' WHERE doc = 60")
        connection.commit()
    folder.write("a7", title="Edited", text="Text.")
    folder.refresh()
    for place, is_found in (
        (17 << 58, True),
        (0, False),
    ):  # from a little before the middle on; the last ones
        monkeypatch.setattr(secrets, "randbits", lambda _, place=place: place)
        delta = copies.make_delta()
        assert delta is not None
        with pytest.raises(SnapshotUnusable) if is_found else nullcontext():
            apply_delta(copies.replica, delta)
