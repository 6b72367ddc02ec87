"""Which rows the last transactions changed, for copies of the index to follow.

`database.writing`, through which everything is written to an index, logs the keys of changed rows where the
table `row_log` has an id. Each transaction that changes rows gives it another one, at random, and ends its
rows in the log with that. A copy of the index has the row of this table, too, which says up to which
transaction it has the changes. It can go on if the log has the end of that one: not after one that was not
logged, nor after a power cut by which the index lost transactions that the copy has.
"""

# ruff: noqa: S608 (statements are joined from names in the schema, values are always bound)

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import chain
from pathlib import Path

import msgspec

from service.index.instants import now
from service.index.schema import TABLES

MOST_ROWS = 200_000
"""How many rows the log has at the most. A copy that is further behind is made again as a whole."""

LONGEST_UNREAD = timedelta(days=30)
"""How long rows are logged after a publisher has last looked after the copy that reads the log."""

Key = tuple[int | str | bytes, ...]
"""The values of the primary key of a row, or its rowid."""

Changes = dict[str, set[Key]]
"""The keys of changed rows, by table."""

_NOT_COPIED = {"row_changes"}
_KEY_COLUMNS = ("key1", "key2", "key3", "key4", "key5")
_COLUMNS = ", ".join(("name", *_KEY_COLUMNS))
_NEW_ID = "lower(hex(randomblob(8)))"
_SAVE = f"""
INSERT INTO row_changes (sequence, {_COLUMNS})
SELECT (SELECT last FROM row_log) + row_number() OVER (), * FROM (SELECT DISTINCT * FROM temp.logged_rows)
"""
_SAVE_END = """
INSERT OR REPLACE INTO row_changes (sequence, name, key1, key2)
SELECT last, 'row_log', singleton, id FROM row_log
"""
_HAS_END = "SELECT 1 FROM row_changes WHERE sequence = ? AND name = 'row_log' AND key2 = ?"


class CopiedTable(msgspec.Struct, frozen=True):
    """A table that copies have as well, and the columns of its key: the primary key, or the rowid."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]


class LogPlace(msgspec.Struct, frozen=True):
    """The end of a transaction in the log, up to which a copy has the changes; the id is "" without a log."""

    id: str
    last: int


@cache
def copied_tables() -> dict[str, CopiedTable]:
    """All tables that copies have as well, by name: all but the log, and those of the full text."""
    statement = (
        "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%!_fts%' ESCAPE '!'"
    )
    tables = {}
    with closing(sqlite3.connect("")) as connection:
        connection.executescript(TABLES)
        for name, sql in connection.execute(statement).fetchall():
            facts = connection.execute(f"PRAGMA table_info({name})").fetchall()
            columns = tuple(column for _, column, *_ in facts)
            key = tuple(column for place, column in sorted((fact[5], fact[1]) for fact in facts) if place)
            has_rowid = not sql.endswith("WITHOUT ROWID")
            if has_rowid and [kind for _, _, kind, *_, place in facts if place] != ["INTEGER"]:
                columns, key = ("rowid", *columns), ("rowid",)
            if name not in _NOT_COPIED:
                tables[name] = CopiedTable(name, columns, key)
    return tables


def read_place(connection: sqlite3.Connection) -> LogPlace:
    """How far the log goes."""
    return LogPlace(*connection.execute("SELECT id, last FROM row_log").fetchone())


def read_changes(connection: sqlite3.Connection, since: LogPlace) -> Changes | None:
    """The keys of rows that were changed after a place in the log; None if they are not known any more."""
    has_end = connection.execute(_HAS_END, (since.last, since.id)).fetchone()
    if not since.id or (since != read_place(connection) and not has_end):
        return None
    keys: Changes = {}
    tables = copied_tables()
    statement = f"SELECT {_COLUMNS} FROM row_changes WHERE sequence > ?"
    for name, *key in connection.execute(statement, (since.last,)):
        keys.setdefault(name, set()).add(tuple(key[: len(tables[name].key)]))
    return keys


def join_changes(parts: Iterable[Changes]) -> Changes:
    """All keys of several changes."""
    joined: Changes = {}
    for changes in parts:
        for name, keys in changes.items():
            joined.setdefault(name, set()).update(keys)
    return joined


def begin_log(connection: sqlite3.Connection) -> None:
    """Log what transactions change from the next one on, if they do not yet."""
    connection.execute(f"UPDATE row_log SET id = {_NEW_ID} WHERE id = ''")


def published_copy(path: Path) -> Path:
    """The file of the copy that the publisher of the index at `path` keeps of its last publication.

    It reads the log. Its publisher changes it, or its time alone, every five minutes.
    """
    return path.with_name(f"{path.name}.published")


def end_unread_log(connection: sqlite3.Connection, path: Path) -> bool:
    """Log nothing any more in the index at `path` if it has a copy that nobody looks after.

    Whether that is so: then the copy is of no use.
    """
    try:
        touched_at = datetime.fromtimestamp(published_copy(path).stat().st_mtime, UTC)
    except OSError:  # the first snapshot is being published
        return False
    if now() - touched_at <= LONGEST_UNREAD:
        return False
    connection.execute("UPDATE row_log SET id = ''")
    connection.execute("DELETE FROM row_changes")
    return True


def log_rows(connection: sqlite3.Connection) -> None:
    """Note which rows the present transaction changes, for `save_logged_rows`, if the index has a log."""
    if read_place(connection).id:
        connection.execute(f"CREATE TEMP TABLE logged_rows ({_COLUMNS})")
        for _, create in _triggers():
            connection.execute(create)


def forget_logged_rows(connection: sqlite3.Connection) -> None:
    """Delete all of the log, also what the present transaction has changed so far."""
    connection.execute("DELETE FROM row_changes")
    connection.execute("DELETE FROM temp.logged_rows")


def log_no_rows(connection: sqlite3.Connection) -> None:
    """Do not note any more what the present transaction changes, since it is too much: that is faster."""
    for name, _ in _triggers():
        connection.execute(f"DROP TRIGGER IF EXISTS temp.{name}")
    connection.execute("DROP TABLE IF EXISTS temp.logged_rows")


def save_logged_rows(connection: sqlite3.Connection) -> None:
    """Write to the log what the present transaction has changed, at its end; or begin another log."""
    execute = connection.execute
    if not read_place(connection).id:
        return
    is_logged = execute("SELECT 1 FROM sqlite_temp_master WHERE name = 'logged_rows'").fetchone()
    if is_logged and not execute("SELECT 1 FROM logged_rows LIMIT 1").fetchone():
        return
    added = 0
    if is_logged:
        execute(_SAVE_END)  # of the transaction before, which a copy that was installed does not have
        added = execute(_SAVE).rowcount
    if not is_logged or added > MOST_ROWS:
        execute("DELETE FROM row_changes")
    execute(f"UPDATE row_log SET id = {_NEW_ID}, last = last + ?", (added + 1,))
    execute(_SAVE_END)
    execute("DELETE FROM row_changes WHERE sequence <= (SELECT last FROM row_log) - ?", (MOST_ROWS,))


@cache
def _triggers() -> list[tuple[str, str]]:
    """The names of the triggers that log changed rows, and the statements that create them.

    They are temporary, so that those who only read an index need not know them.
    """
    return list(chain.from_iterable(_triggers_of(table) for table in copied_tables().values()))


def _triggers_of(table: CopiedTable) -> list[tuple[str, str]]:
    old, new = (
        [*(f"{row}.{column}" for column in table.key), *["NULL"] * (len(_KEY_COLUMNS) - len(table.key))]
        for row in ("OLD", "NEW")
    )
    log_old, log_new = (
        f"INSERT INTO logged_rows SELECT '{table.name}', {', '.join(values)}" for values in (old, new)
    )
    log_moved = f"{log_new} WHERE ({', '.join(new)}) IS NOT ({', '.join(old)})"
    events = {"insert": log_new, "update": f"{log_old}; {log_moved}", "delete": log_old}
    return [
        (name, f"CREATE TEMP TRIGGER {name} AFTER {event} ON main.{table.name} BEGIN {statements}; END")
        for event, statements in events.items()
        for name in (f"log_{event}_{table.name}",)
    ]
