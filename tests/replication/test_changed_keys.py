"""Which rows differ between two databases, found by their pages, against a comparison of all rows."""

import random
import shutil
import sqlite3
import struct
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from service.replication.changed_keys import DamagedPages, Key, Tree, find_changed_keys

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


def damage_tree(content: bytearray, size: int) -> None:
    """Let an interior page of a table have itself as its last child."""
    number = next(
        number for number in range(2, len(content) // size + 1) if content[(number - 1) * size] == 5
    )
    struct.pack_into(">I", content, (number - 1) * size + 8, number)


def damage_row(content: bytearray, size: int) -> None:
    """Let the page that continues a row be continued by itself."""
    number = content.index(b"overflow") // size + 2
    struct.pack_into(">I", content, (number - 1) * size, number)


def damage_free_pages(content: bytearray, size: int) -> None:
    """Let the first page of the list of free pages be followed by itself."""
    (trunk,) = struct.unpack_from(">I", content, 32)
    struct.pack_into(">I", content, (trunk - 1) * size, trunk)


def damage_pointers(content: bytearray, size: int) -> None:
    """Let a page have more rows than fit on it."""
    for number in range(2, len(content) // size + 1):
        if content[(number - 1) * size] in {5, 10, 13}:
            struct.pack_into(">H", content, (number - 1) * size + 3, 0xFFFF)


def damage_end(content: bytearray, size: int) -> None:
    """Let the file end too early."""
    del content[4 * size :]


# What is not free is compared; free pages of the state before say nothing.
DAMAGES = [
    (damage, place)
    for damage in (damage_tree, damage_row, damage_free_pages, damage_pointers, damage_end)
    for place in ("before", "after")
    if (damage, place) != (damage_free_pages, "before")
]


@pytest.mark.parametrize(("damage", "place"), DAMAGES)
def test_damaged_pages_are_an_error(
    tmp_path: Path, damage: Callable[[bytearray, int], None], place: str
) -> None:
    sound, damaged = tmp_path / "sound.db", tmp_path / "damaged.db"
    with closing(sqlite3.connect(sound, isolation_level=None)) as connection:
        connection.execute("PRAGMA page_size = 1024")
        connection.execute("BEGIN")
        for statement in TABLES.values():
            connection.execute(statement)
        rows = [(number, "text" * 100) for number in range(600)]
        connection.executemany("INSERT INTO numbered (number, content) VALUES (?, ?)", rows)
        connection.execute("INSERT INTO keyless VALUES (?)", (b"overflow" * 2000,))
        connection.execute("DELETE FROM numbered WHERE number > 400")
        connection.execute("COMMIT")
        known = trees(connection, connection)
    content = bytearray(sound.read_bytes())
    damage(content, 1024)
    damaged.write_bytes(content)
    files = (damaged, sound) if place == "before" else (sound, damaged)

    with pytest.raises(DamagedPages):
        find_changed_keys(*files, *known)


@pytest.mark.parametrize("seed", range(3))
def test_no_damage_goes_on_without_end(tmp_path: Path, seed: int) -> None:
    """What is found on damaged pages is not right, and may be anything, but the search ends."""
    chance = random.Random(seed)  # noqa: S311
    compare_with_all_rows(tmp_path, seed, {"page_size": 512}, rounds=10)
    before, after = tmp_path / "before.db", tmp_path / "after.db"
    with closing(sqlite3.connect(before)) as old, closing(sqlite3.connect(after)) as new:
        known = trees(old, new)
    content, damaged = before.read_bytes(), tmp_path / "damaged.db"
    noticed = 0
    for _ in range(60):
        changed = bytearray(content)
        for _ in range(chance.choice([1, 5, 50])):
            changed[chance.randrange(32, len(changed))] = chance.choice([0, 2, 5, 10, 13, 255])
        damaged.write_bytes(changed)
        try:
            find_changed_keys(damaged, after, *known)
        except DamagedPages:
            noticed += 1
    assert noticed > 0
