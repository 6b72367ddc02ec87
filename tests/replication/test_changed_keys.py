"""Which rows differ between two databases, found by their pages, against a comparison of all rows."""

import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from service.replication.changed_keys import Key, Tree, find_changed_keys

PAGE_SIZES = (512, 1024, 4096, 16_384, 65_536)
LAYOUTS: tuple[dict[str, int], ...] = (
    {"page_size": 1024},
    {"page_size": 1024, "secure_delete": 1},
    {"page_size": 512, "auto_vacuum": 1},
    {"page_size": 1024, "auto_vacuum": 2},
    {"page_size": 4096, "cache_size": 5},
    {"page_size": 16_384},
    {"page_size": 65_536, "auto_vacuum": 1},
)
TABLES = {
    "numbered": "CREATE TABLE numbered (number INTEGER PRIMARY KEY, content)",
    "keyless": "CREATE TABLE keyless (content)",
    "named": "CREATE TABLE named (content, name TEXT, number, PRIMARY KEY (name, number)) WITHOUT ROWID",
}
KEYS = {"numbered": ("number",), "keyless": ("rowid",), "named": ("name", "number")}
VALUES: tuple[Any, ...] = (
    None,
    0,
    1,
    -1,
    127,
    -(1 << 15),
    1 << 23,
    -(1 << 40),
    (1 << 63) - 1,
    1.5,
    "",
    "ü",
    b"",
)


def change(connection: sqlite3.Connection, chance: random.Random) -> None:
    """Insert, delete or update some rows, of which few fit on a page."""
    size = chance.choice([0, 10, 400, 3000, 3000, 70_000])
    content = chance.choice([*VALUES, chance.randbytes(size), "text" * size])
    number = chance.choice([chance.randrange(-50, 200), 1 << 40, -(1 << 62)])
    name = chance.choice(["", "a", "ä", "long name" * 20, chr(chance.randrange(97, 122))])
    kind, table = chance.random(), chance.choice([*TABLES])
    key = {"numbered": (number,), "keyless": (number,), "named": (name, number)}[table]
    where = " AND ".join(f"{column} = ?" for column in KEYS[table])
    if kind < 0.5:
        columns = ", ".join(("content", *KEYS[table]))
        marks = ", ".join(["?"] * (len(key) + 1))
        connection.execute(f"INSERT OR REPLACE INTO {table} ({columns}) VALUES ({marks})", (content, *key))  # noqa: S608
    elif kind < 0.75:
        connection.execute(f"UPDATE {table} SET content = ? WHERE {where}", (content, *key))  # noqa: S608
    elif kind < 0.8:
        connection.execute(f"DELETE FROM {table} WHERE {KEYS[table][-1]} > ?", (number,))  # noqa: S608
    elif kind < 0.9:
        # As long as before: SQLite may write the end of it alone, which is on another page.
        statement = (
            f"UPDATE {table} SET content = CAST(substr(content, 1, 2900) || zeroblob(100) AS BLOB)"  # noqa: S608
            f" WHERE length(content) = 3000 AND {where}"
        )
        connection.execute(statement, key)
    else:
        connection.execute(f"DELETE FROM {table} WHERE {where}", key)  # noqa: S608


def rows(connection: sqlite3.Connection, table: str) -> dict[Key, Any]:
    columns = ", ".join(KEYS[table])
    found = connection.execute(f"SELECT {columns}, typeof(content), content FROM {table}")  # noqa: S608
    return {tuple(row[:-2]): row[-2:] for row in found}


def trees(before: sqlite3.Connection, after: sqlite3.Connection) -> tuple[dict[str, Tree], dict[str, Tree]]:
    roots, roots_after = (
        dict(connection.execute("SELECT name, rootpage FROM sqlite_master").fetchall())
        for connection in (before, after)
    )
    keys = {"numbered": 0, "keyless": 0, "named": 2}
    tables = {name: Tree(roots[name], roots_after[name], keys[name]) for name in TABLES}
    others = {name: Tree(root, roots_after[name]) for name, root in roots.items() if name not in TABLES}
    return tables, {**others, "sqlite_master": Tree(1, 1)}


def rearrange(connection: sqlite3.Connection, chance: random.Random) -> None:
    """Have SQLite move pages, which changes no row."""
    if chance.random() < 0.05:
        if chance.random() < 0.5:
            connection.execute(f"PRAGMA page_size = {chance.choice(PAGE_SIZES)}")
        connection.execute("VACUUM")
    elif chance.random() < 0.1:
        connection.execute("PRAGMA incremental_vacuum(3)").fetchall()


def compare_with_all_rows(path: Path, seed: int, layout: dict[str, int], rounds: int) -> int:
    """How many rows were changed in so many transactions; all of them are found."""
    chance = random.Random(seed)  # noqa: S311
    before, after = path / "before.db", path / "after.db"
    found_in_all = 0
    with closing(sqlite3.connect(after, isolation_level=None)) as connection:
        for name, value in layout.items():
            connection.execute(f"PRAGMA {name} = {value}")
        connection.execute("PRAGMA synchronous = OFF")
        for statement in (*TABLES.values(), "CREATE INDEX keyless_content ON keyless (content)"):
            connection.execute(statement)
        for _ in range(rounds):
            shutil.copyfile(after, before)
            connection.execute("BEGIN")
            for _ in range(chance.choice([0, 1, 3, 100])):
                change(connection, chance)
            connection.execute("COMMIT")
            rearrange(connection, chance)
            with closing(sqlite3.connect(before)) as old:
                changed = find_changed_keys(before, after, *trees(old, connection))
                for table in TABLES:
                    rows_before, rows_after = rows(old, table), rows(connection, table)
                    truth = {
                        key
                        for key in rows_before.keys() | rows_after.keys()
                        if rows_before.get(key) != rows_after.get(key)
                    }
                    assert truth <= changed[table]
                    assert changed[table] <= rows_before.keys() | rows_after.keys()
                    found_in_all += len(truth)
    return found_in_all


@pytest.mark.parametrize("layout", LAYOUTS, ids=str)
def test_every_changed_row_is_found(tmp_path: Path, layout: dict[str, int]) -> None:
    assert compare_with_all_rows(tmp_path, 1, layout, rounds=60) > 100


@pytest.mark.stress
@pytest.mark.parametrize("seed", range(2, 22))
@pytest.mark.parametrize("layout", LAYOUTS, ids=str)
def test_every_changed_row_is_found_for_long(tmp_path: Path, layout: dict[str, int], seed: int) -> None:
    assert compare_with_all_rows(tmp_path, seed, layout, rounds=300) > 100


def test_equal_databases_have_no_changed_rows(tmp_path: Path) -> None:
    file = tmp_path / "a.db"
    with closing(sqlite3.connect(file)) as connection:
        for statement in TABLES.values():
            connection.execute(statement)
        connection.execute("INSERT INTO keyless VALUES (zeroblob(100000))")
        connection.commit()
        changed = find_changed_keys(file, file, *trees(connection, connection))

    assert changed == {name: set() for name in TABLES}
