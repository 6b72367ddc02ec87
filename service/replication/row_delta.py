"""Deltas between two states of an index: its changed rows, compressed against the same rows before.

The full text is not in them: it is made anew of the articles that changed. So a delta is about as large as
the articles that were edited, and how SQLite arranges its pages does not matter.
"""

# ruff: noqa: S608 (statements are joined from names in the schema, values are always bound)

import hashlib
import logging
import os
import re
import secrets
import sqlite3
import struct
import sys
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from service.errors import SnapshotUnusable
from service.index import Revision
from service.index.compression import make_packer
from service.index.database import Committing, IncompatibleIndex, connect, lock_for_writing, translate_errors
from service.index.differences import journal
from service.index.state import IndexState
from service.index.tables.full_text import Columns, FullTextTable, delete_texts, insert_texts, read_text
from service.replication.changed_keys import DamagedPages, Key, Tree, find_changed_keys

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MOST_BYTES = 64 << 20
"""How much the rows before or after may take; after a larger change, a snapshot is published instead."""

SMALL_BYTES = 4 << 20
SMALL_LEVEL, LARGE_LEVEL = 19, 9
"""The level of compression up to SMALL_BYTES of changed rows, which takes tenths of a second, and above."""

WINDOW_LOG = 27
"""The compressor finds repetitions within so many bits of distance: the rows before and after."""

SAMPLED_ROWS = 300
"""How many rows of each table are compared after a delta: all of a small one, others where chance has it."""

_FORMAT = b"Bsd3"
_HEADER = struct.Struct("<4sIQ16s")
"""The format, the bytes of the compressed keys of rows to delete, the place of a sample, and its hash.

The keys follow, and then the new rows.
"""

_DECOMPRESSION: dict[int, int] = {zstd.DecompressionParameter.window_log_max: WINDOW_LOG + 1}

_WITHOUT_ROWID = re.compile(r"\)\s*WITHOUT ROWID\s*$")
_FIRST, _LAST = "dictionaries", "counts"
"""Articles are compressed with dictionaries; triggers change the counts, so they are in every delta."""

# Columns that are compressed in the index: what they hold can be compressed against what they held.
_PACKED = {
    ("articles", "article"): ("unpack(article)", "pack(?)"),
    ("content_nodes", "digests"): ("inflate(digests)", "deflate(?)"),
    ("manifest_nodes", "digests"): ("inflate(digests)", "deflate(?)"),
}

Row = Sequence[Any]

log = logging.getLogger("broadsheet")


class _Table(msgspec.Struct, frozen=True):
    """A table that is replicated, and the columns of its key: the primary key, or the rowid."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    has_rowid: bool

    def read(self, connection: sqlite3.Connection, key: Sequence[Any]) -> Row | None:
        row: Row | None = connection.execute(f"{self._select} WHERE {self._has_key}", key).fetchone()
        return row

    def count(self, connection: sqlite3.Connection) -> int:
        return int(connection.execute(f"SELECT count(*) FROM {self.name}").fetchone()[0])

    def sample(self, connection: sqlite3.Connection, place: int) -> tuple[int, list[Row]]:
        """How many rows there are, and some of them, in the order of their keys."""
        count = self.count(connection)
        statement = f"{self._select} ORDER BY {', '.join(self.key)} LIMIT ? OFFSET ?"
        first = place % max(1, count - SAMPLED_ROWS + 1)
        return count, connection.execute(statement, (SAMPLED_ROWS, first)).fetchall()

    def read_between(self, connection: sqlite3.Connection, rows: Sequence[Row]) -> list[Row]:
        """The rows from the first to the last of `rows`, in the order of their keys."""
        if not rows:
            return []
        key, marks = ", ".join(self.key), ", ".join("?" * len(self.key))
        statement = f"{self._select} WHERE ({key}) >= ({marks}) AND ({key}) <= ({marks}) ORDER BY {key}"
        return connection.execute(statement, (*self.key_of(rows[0]), *self.key_of(rows[-1]))).fetchall()

    def without(self, rows: Iterable[Row], keys: Iterable[Row], others: Iterable[Row]) -> list[Row]:
        """Those of `rows` with none of these keys, and not with that of one of the `others`."""
        known = {*map(tuple, keys), *map(self.key_of, others)}
        return [row for row in rows if self.key_of(row) not in known]

    def delete(self, connection: sqlite3.Connection, keys: Sequence[Sequence[Any]]) -> None:
        connection.executemany(f"DELETE FROM {self.name} WHERE {self._has_key}", keys)

    def insert(self, connection: sqlite3.Connection, rows: Sequence[Row]) -> None:
        values = [_PACKED.get((self.name, column), ("", "?"))[1] for column in self.columns]
        columns = ", ".join(self.columns)
        connection.executemany(f"INSERT INTO {self.name} ({columns}) VALUES ({', '.join(values)})", rows)

    def key_of(self, row: Row) -> Key:
        return tuple(row[self.columns.index(column)] for column in self.key)

    @property
    def _select(self) -> str:
        values = [_PACKED.get((self.name, column), (column,))[0] for column in self.columns]
        return f"SELECT {', '.join(values)} FROM {self.name}"

    @property
    def _has_key(self) -> str:
        return " AND ".join(f"{column} = ?" for column in self.key)


Keys = list[tuple[str, list[Sequence[Any]]]]
Rows = list[tuple[str, list[Row]]]


def make_delta(before: Path, after: Path) -> bytes | None:
    """The delta that makes the index `before` equal to `after`; None if it would be too large.

    Also None if the tables are others, or if not all changed rows were found. Neither file may have a
    write-ahead log. Raises DamagedPages if one of them is damaged.
    """
    try:
        return _make_delta(before, after)
    except sqlite3.DatabaseError as error:
        raise DamagedPages(str(error)) from error


def _make_delta(before: Path, after: Path) -> bytes | None:
    with closing(_connect(before, "ro")) as old, closing(_connect(after, "ro")) as new:
        if _read_schema(old) != _read_schema(new):
            return None
        tables = _read_tables(old)
        changed = find_changed_keys(before, after, *_read_trees(old, new, tables))
        deleted, inserted = Keys(), Rows()
        old_rows: list[bytes] = []
        old_bytes = new_bytes = 0
        sampled_at, digest = secrets.randbits(63), hashlib.sha256()
        for name, table in tables.items():
            keys: list[Sequence[Any]] = []
            rows: list[Row] = []
            for key in [(1,)] if name == _LAST else sorted(changed[name], key=repr):
                row_before, row_after = table.read(old, key), table.read(new, key)
                if row_before == row_after and name != _LAST:
                    continue
                if row_before is not None:
                    keys.append(key)
                    old_rows.append(msgspec.msgpack.encode(row_before))
                    old_bytes += len(old_rows[-1])
                if row_after is not None:
                    rows.append(row_after)
                    new_bytes += len(msgspec.msgpack.encode(row_after))
                if max(old_bytes, new_bytes) > MOST_BYTES:
                    return None
            deleted += [(name, keys)] if keys else []
            inserted += [(name, rows)] if rows else []
            count, sample = table.sample(new, sampled_at)
            digest.update(msgspec.msgpack.encode((name, count, sample)))
            unchanged = table.without(sample, keys, rows)
            missed = unchanged != table.without(table.read_between(old, sample), keys, rows)
            if missed or count != table.count(old) - len(keys) + len(rows):
                log.error(
                    "not all changed rows of %s were found, so a snapshot is published; report this", name
                )
                return None
    packed = bytes(zstd.compress(msgspec.msgpack.encode(deleted), SMALL_LEVEL))
    content = _compress(msgspec.msgpack.encode(inserted), old_rows)
    header = _HEADER.pack(_FORMAT, len(packed), sampled_at, digest.digest()[:16])
    return b"".join((header, packed, content))


def apply_delta(database: Path, delta: bytes) -> None:
    """Change the index `database` as `delta` says; a file in which this was interrupted is damaged.

    Raises SnapshotUnusable if the delta is of another state of the index, IndexUnavailable.
    """
    with _changing(database) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("BEGIN IMMEDIATE")
        _apply(connection, delta)
        connection.execute("COMMIT")
    with database.open("rb") as written:
        os.fsync(written.fileno())


def apply_in_place(index: Path, deltas: Sequence[bytes], revision: Revision, committing: Committing) -> None:
    """Change an index that is being read as `deltas` say, to that of `revision`, in one transaction.

    Readers see the change from some instant within the context that `committing` makes, and nothing has
    changed after an error. Raises as `apply_delta`.
    """
    with lock_for_writing(index), _changing(index) as connection:
        connection.execute("PRAGMA synchronous = FULL")  # afterwards it is noted as done
        connection.execute("BEGIN IMMEDIATE")
        journal.delete_carried_revisions(connection)
        for delta in deltas:
            _apply(connection, delta)
        if IndexState.read(connection).revision != revision:
            raise SnapshotUnusable("the deltas make an index of another revision than current.json says")
        with committing():
            connection.execute("COMMIT")


@contextmanager
def _changing(database: Path) -> Iterator[sqlite3.Connection]:
    """A connection to apply deltas. Raises SnapshotUnusable if one does not match, IndexUnavailable."""
    try:
        with translate_errors(database), closing(_connect(database, "rwc")) as connection:
            yield connection
    except (
        zstd.ZstdError,
        struct.error,
        msgspec.DecodeError,
        UnicodeDecodeError,
        KeyError,
        sqlite3.IntegrityError,
        IncompatibleIndex,
    ) as error:
        raise SnapshotUnusable(f"a delta does not match the index that it is to change ({error})") from error


def _apply(connection: sqlite3.Connection, delta: bytes) -> None:
    known, packed_bytes, sampled_at, expected = _HEADER.unpack_from(delta)
    if known != _FORMAT:
        raise SnapshotUnusable("a delta was written by another version of Broadsheet")
    rest = _HEADER.size + packed_bytes
    tables = _read_tables(connection)
    deleted = msgspec.msgpack.decode(zstd.decompress(delta[_HEADER.size : rest]), type=Keys)
    old_rows = [_read_old(connection, tables[name], key) for name, keys in deleted for key in keys]
    inserted = msgspec.msgpack.decode(_decompress(delta[rest:], old_rows), type=Rows)
    keys: dict[str, set[Key]] = {name: {tuple(key) for key in keys} for name, keys in deleted}
    for name, rows in inserted:
        keys.setdefault(name, set()).update(map(tables[name].key_of, rows))
    texts_before = _read_texts(connection, keys, ())
    for name, deleted_keys in deleted:
        tables[name].delete(connection, deleted_keys)
    for name, rows in inserted:
        tables[name].insert(connection, rows)
    texts = _read_texts(connection, keys, texts_before)
    for place in sorted(texts):
        text_before, text = texts_before.get(place), texts[place]
        table, row = place
        if text != text_before:
            if text_before is not None:
                delete_texts(connection, table, [(row, text_before)])
            if text is not None:
                insert_texts(connection, table, [(row, text)])
    digest = hashlib.sha256()
    for name, each in tables.items():
        digest.update(msgspec.msgpack.encode((name, *each.sample(connection, sampled_at))))
    if digest.digest()[:16] != expected:
        raise SnapshotUnusable("a delta makes another index of this one than was published")


def _read_old(connection: sqlite3.Connection, table: _Table, key: Sequence[Any]) -> bytes:
    row = table.read(connection, key)
    if row is None:
        raise SnapshotUnusable(f"a delta changes a row of {table.name} that the index does not have")
    return msgspec.msgpack.encode(row)


def _read_texts(
    connection: sqlite3.Connection,
    keys: Mapping[str, Iterable[Key]],
    more: Iterable[tuple[FullTextTable, int]],
) -> dict[tuple[FullTextTable, int], Columns | None]:
    """The full texts that belong to rows with these `keys`, and `more`; None where there is no article."""
    rows = {row for (row,) in keys.get("visible", ())} | {row for _, row in keys.get("article_terms", ())}
    for name in ("documents", "articles"):
        for key in keys.get(name, ()):
            found = connection.execute("SELECT row FROM documents WHERE doc = ?", key).fetchone()
            rows.update(found or ())
    places: set[tuple[FullTextTable, int]] = {("articles_fts", int(row)) for row in rows if row is not None}
    places |= {("site_pages_fts", int(page)) for (page,) in keys.get("site_pages", ()) if page is not None}
    return {place: read_text(connection, *place) for place in places.union(more)}


def _read_schema(connection: sqlite3.Connection) -> list[tuple[Any, ...]]:
    return connection.execute("SELECT type, name, sql FROM sqlite_master ORDER BY name").fetchall()


def _read_tables(connection: sqlite3.Connection) -> dict[str, _Table]:
    """All tables but those of full text, by name."""
    statements = (
        "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%!_fts%' ESCAPE '!'"
    )
    tables = []
    for name, sql in connection.execute(statements).fetchall():
        facts = connection.execute(f"PRAGMA table_info({name})").fetchall()
        columns = tuple(column for _, column, *_ in facts)
        key = tuple(column for place, column in sorted((fact[5], fact[1]) for fact in facts) if place)
        has_rowid = not _WITHOUT_ROWID.search(sql)
        if has_rowid and [kind for _, _, kind, *_, place in facts if place] != ["INTEGER"]:
            columns, key = ("rowid", *columns), ("rowid",)
        tables.append(_Table(name, columns, key, has_rowid))
    tables.sort(key=lambda table: (table.name != _FIRST, table.name == _LAST, table.name))
    return {table.name: table for table in tables}


def _read_trees(
    old: sqlite3.Connection, new: sqlite3.Connection, tables: Mapping[str, _Table]
) -> tuple[dict[str, Tree], dict[str, Tree]]:
    """The trees of `tables`, and all others, both by name."""
    before, after = (
        dict(connection.execute("SELECT name, rootpage FROM sqlite_master WHERE rootpage > 0").fetchall())
        for connection in (old, new)
    )
    trees = {
        name: Tree(
            root, after[name], len(tables[name].key) if name in tables and not tables[name].has_rowid else 0
        )
        for name, root in before.items()
    }
    others = {name: tree for name, tree in trees.items() if name not in tables}
    others["sqlite_master"] = Tree(1, 1)
    return {name: trees[name] for name in tables}, others


def _connect(path: Path, mode: Any) -> sqlite3.Connection:
    """A connection with the SQL functions that _PACKED names."""
    connection = connect(path, mode=mode)

    @cache
    def packer() -> Any:
        return make_packer(connection, ())

    connection.create_function("pack", 1, lambda article: packer()(article))
    connection.create_function("inflate", 1, zlib.decompress, deterministic=True)
    connection.create_function("deflate", 1, lambda content: zlib.compress(content, zlib.Z_BEST_SPEED))
    return connection


def _compress(content: bytes, old_rows: Sequence[bytes]) -> bytes:
    """`content` compressed against what the rows were before."""
    options: dict[int, int] = {
        zstd.CompressionParameter.compression_level: SMALL_LEVEL
        if len(content) <= SMALL_BYTES
        else LARGE_LEVEL,
        zstd.CompressionParameter.window_log: WINDOW_LOG,
        zstd.CompressionParameter.checksum_flag: 1,
    }
    return bytes(zstd.compress(content, options=options, zstd_dict=_prefix(old_rows)))


def _decompress(content: bytes, old_rows: Sequence[bytes]) -> bytes:
    return bytes(zstd.decompress(content, options=_DECOMPRESSION, zstd_dict=_prefix(old_rows)))


def _prefix(rows: Sequence[bytes]) -> tuple[zstd.ZstdDict, int] | None:
    """What the compressor refers to; none if there is too little for a dictionary."""
    content = b"".join(rows)
    return zstd.ZstdDict(content, is_raw=True).as_prefix if len(content) >= 8 else None
