"""The log of rows: it has the key of every row that a transaction changes."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from service.index import apply_due_transitions
from service.index.database import connect, writing
from service.index.schema import TABLES
from service.index.tables import row_log
from service.index.tables.row_log import (
    begin_log,
    copied_tables,
    log_rows,
    read_changes,
    read_place,
    save_logged_rows,
)
from tests.support.random_site import RandomSite

SERVICE = Path(row_log.__file__).parents[2]
VALUES = {"INTEGER": (1, 2), "TEXT": ("a", "b"), "BLOB": (b"\0", b"\1"), "REAL": (0.5, 1.5)}


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    """An index without content, whose changes are logged."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.executescript(TABLES)
        begin_log(connection)
        connection.execute("BEGIN")
        log_rows(connection)
        yield connection


def test_every_table_is_copied_but_the_log_and_those_of_the_full_text(connection: sqlite3.Connection) -> None:
    names = {
        name
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        if not name.startswith(("articles_fts", "site_pages_fts"))
    }

    assert names - copied_tables().keys() == {"row_changes"}


@pytest.mark.parametrize("name", copied_tables())
@pytest.mark.parametrize("change", ["insert", "replace", "update", "update of the key", "delete"])
def test_a_change_of_any_row_is_logged(connection: sqlite3.Connection, name: str, change: str) -> None:
    table = copied_tables()[name]
    facts = connection.execute(f"PRAGMA table_info({name})").fetchall()
    kinds = {column: kind for _, column, kind, *_ in facts}
    first, second = ({column: VALUES[kind][row] for column, kind in kinds.items()} for row in (0, 1))
    if "singleton" in kinds:
        second["singleton"] = 1
    key = tuple(first.get(column, 1) for column in table.key)
    insert = f"INTO {name} VALUES ({', '.join('?' * len(first))})"
    connection.execute(f"DELETE FROM {name}")  # noqa: S608
    if change != "insert":
        connection.execute(f"INSERT {insert}", (*first.values(),))
    connection.execute("DELETE FROM logged_rows")
    expected = {key}
    if change == "insert":
        connection.execute(f"INSERT {insert}", (*first.values(),))
    elif change == "replace":
        keys = {column: value for column, value in first.items() if column in table.key}
        connection.execute(f"INSERT OR REPLACE {insert}", (*(second | keys).values(),))
        expected = {key} if "rowid" not in table.key else {(2,)}
    elif change == "delete":
        connection.execute(f"DELETE FROM {name}")  # noqa: S608
    else:
        others = {column: value for column, value in second.items() if column not in table.key}
        changed = others if change == "update" else second
        if changed:
            assignments = ", ".join(f"{column} = ?" for column in changed)
            connection.execute(f"UPDATE {name} SET {assignments}", (*changed.values(),))  # noqa: S608
            expected |= {
                tuple(
                    changed.get(column, 1 if column == "rowid" else first.get(column)) for column in table.key
                )
            }
        else:
            expected = set()

    logged = connection.execute("SELECT * FROM logged_rows WHERE name = ?", (name,)).fetchall()
    assert {row[1 : 1 + len(table.key)] for row in logged} >= expected


def rows(file: Path) -> dict[str, set[tuple[Any, ...]]]:
    with closing(connect(file, mode="ro")) as connection:
        return {
            name: set(connection.execute(f"SELECT {', '.join(table.columns)} FROM {name}"))  # noqa: S608
            for name, table in copied_tables().items()
        }


def log_edits(path: Path, seed: int, edits: int) -> None:
    """Edit a site at random; after each transaction, the log has all keys of rows that differ."""
    site = RandomSite(path, seed)
    site.refresh(site.clock)
    with writing(site.file, build=False) as connection:
        begin_log(connection)
    for number in range(edits):
        before = rows(site.file)
        with closing(connect(site.file, mode="ro")) as connection:
            last = read_place(connection)
        site.edit()
        if site.random.random() < 0.2:
            apply_due_transitions(site.url, site.clock)
        elif site.random.random() < 0.1:
            (site.root / "picture.png").write_bytes(b"%d" % number)
            site.hash_files()
        else:
            site.refresh(site.clock)
        after = rows(site.file)
        with closing(connect(site.file, mode="ro")) as connection:
            changes = read_changes(connection, last)
        assert changes is not None
        for name, table in copied_tables().items():
            places = [table.columns.index(column) for column in table.key]
            changed = {tuple(row[place] for place in places) for row in before[name] ^ after[name]}
            assert name == "row_log" or changes.get(name, set()) >= changed, name


def test_every_row_that_edits_change_is_logged(tmp_path: Path) -> None:
    log_edits(tmp_path, 1, 25)


@pytest.mark.stress
@pytest.mark.parametrize("seed", range(2, 12))
def test_every_row_that_many_edits_change_is_logged(tmp_path: Path, seed: int) -> None:
    log_edits(tmp_path, seed, 200)


def test_only_one_function_writes_to_an_index_that_exists() -> None:
    """Others write to new files, or to copies, whose log is not read."""
    writers = {
        path.relative_to(SERVICE).as_posix()
        for path in SERVICE.rglob("*.py")
        if re.search(r"[^`]connect\(.*rwc|sqlite3\.connect\(", path.read_text())
    }

    assert writers == {
        "export/record.py",
        "index/database.py",
        "index/tables/row_log.py",
        "index/tables/full_text.py",
        "replication/index_copy.py",
        "replication/row_delta.py",
    }


def test_the_log_has_a_bound(connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(row_log, "MOST_ROWS", 5)
    places = [read_place(connection)]
    for number in range(5):
        connection.execute("INSERT INTO deleted_slugs VALUES (?)", (str(number),))
        save_logged_rows(connection)
        connection.execute("DELETE FROM logged_rows")
        places.append(read_place(connection))

    assert connection.execute("SELECT count(*) FROM row_changes").fetchone() == (5,)
    known = [read_changes(connection, place) for place in places]
    assert [changes and len(changes["deleted_slugs"]) for changes in known[:5]] == [None, None, None, 2, 1]
    assert known[5] == {}


def test_only_an_index_that_is_followed_has_a_log(tmp_path: Path) -> None:
    site = RandomSite(tmp_path, 1)
    for _ in range(3):
        site.edit()
        site.refresh(site.clock)
    with closing(connect(site.file, mode="ro")) as connection:
        assert read_place(connection).id == ""
        assert connection.execute("SELECT count(*) FROM row_changes").fetchone() == (0,)


def test_a_transaction_that_failed_is_not_logged(tmp_path: Path) -> None:
    site = RandomSite(tmp_path, 1)
    site.edit()
    site.refresh(site.clock)
    with writing(site.file, build=False) as connection:
        begin_log(connection)
    with closing(connect(site.file, mode="ro")) as reader:
        before = read_place(reader)
        with pytest.raises(sqlite3.IntegrityError), writing(site.file, build=False) as connection:
            connection.executemany("INSERT INTO deleted_slugs VALUES (?)", [("x",), ("x",)])
        assert (read_place(reader), read_changes(reader, before)) == (before, {})


def test_a_transaction_that_changes_nothing_writes_nothing(tmp_path: Path) -> None:
    site = RandomSite(tmp_path, 1)
    site.edit()
    site.refresh(site.clock)
    for is_followed in (False, True):
        if is_followed:
            with writing(site.file, build=False) as connection:
                begin_log(connection)
        with closing(connect(site.file, mode="ro")) as reader:
            before = reader.execute("PRAGMA data_version").fetchone()
            with writing(site.file, build=False):
                pass
            assert reader.execute("PRAGMA data_version").fetchone() == before


def test_a_copy_that_has_more_than_the_index_does_not_go_on(tmp_path: Path) -> None:
    """A power cut may take the last transactions from an index, and others follow."""
    site = RandomSite(tmp_path, 1)
    site.edit()
    site.refresh(site.clock)
    with writing(site.file, build=False) as connection:
        begin_log(connection)
    with writing(site.file, build=False) as connection:
        connection.execute("INSERT INTO deleted_slugs VALUES ('first')")
    saved = site.file.read_bytes()
    for slug in ("one", "two"):
        with writing(site.file, build=False) as connection:
            connection.execute("INSERT INTO deleted_slugs VALUES (?)", (slug,))
    with closing(connect(site.file, mode="ro")) as connection:
        place = read_place(connection)
    for suffix in ("-wal", "-shm"):
        site.file.with_name(f"{site.file.name}{suffix}").unlink(missing_ok=True)
    site.file.write_bytes(saved)
    for slug in ("three", "four", "five"):
        with closing(connect(site.file, mode="ro")) as connection:
            assert read_changes(connection, place) is None
        with writing(site.file, build=False) as connection:
            connection.execute("INSERT INTO deleted_slugs VALUES (?)", (slug,))
