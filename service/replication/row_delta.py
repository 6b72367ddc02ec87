"""Deltas between two states of an index: its changed rows, compressed against the same rows before.

The full text is not in them: it is made anew of the articles that changed. So a delta is about as large as
the articles that were edited, and how SQLite arranges its pages does not matter.
"""

# ruff: noqa: S608 (statements are joined from names in the schema, values are always bound)

import hashlib
import json
import secrets
import sqlite3
import struct
import sys
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, nullcontext
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from service.errors import SnapshotUnusable
from service.index.compression import make_packer
from service.index.database import Committing, IncompatibleIndex, connect, translate_errors
from service.index.tables.full_text import (
    FULL_TEXT_TABLES,
    Columns,
    FullTextTable,
    delete_texts,
    insert_texts,
    read_text,
)
from service.index.tables.row_log import Changes, CopiedTable, Key, copied_tables, read_changes, read_place
from service.replication.index_copy import read_published_copy

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

SAMPLED_ROWS = 100
"""How many rows of each table are compared after a delta: all of a small one, else from a random one on."""

PLACE_BITS = 63

_FORMAT = b"Bsd4"
_HEADER = struct.Struct("<4sIQ16s")
"""The format, the bytes of the compressed keys of rows to delete, the place of a sample, and its hash.

The keys follow, and then the new rows.
"""

_DECOMPRESSION: dict[int, int] = {zstd.DecompressionParameter.window_log_max: WINDOW_LOG + 1}

_FIRST, _LAST = "dictionaries", "counts"
"""Articles are compressed with dictionaries; triggers change the counts."""

_NUMBERS = "SELECT number FROM visible WHERE row IN (SELECT value FROM json_each(?))"

_ALWAYS_CHANGED = ("row_log", "published_copy", _LAST)
_ONLY_ROW = (1,)
"""Tables of one row that is in every delta, and its key."""

# Columns that are compressed in the index: a new value is compressed against the previous one.
_PACKED = {
    ("articles", "article"): ("unpack(article)", "pack(?)"),
    ("content_nodes", "digests"): ("inflate(digests)", "deflate(?)"),
    ("manifest_nodes", "digests"): ("inflate(digests)", "deflate(?)"),
}

Row = Sequence[Any]


class _Table(CopiedTable, frozen=True):
    """Reads and writes the rows of a table; columns that are compressed are read as what they hold."""

    def read(self, connection: sqlite3.Connection, key: Sequence[Any]) -> Row | None:
        row: Row | None = connection.execute(f"{self._select} WHERE {self._has_key}", key).fetchone()
        return row

    def sample(self, connection: sqlite3.Connection, place: int) -> list[Row]:
        """Some rows, which `place` chooses: all of a small table."""
        key, marks = ", ".join(self.key), ", ".join("?" * len(self.key))
        start = self._find_key(connection, place)
        if start is None:
            return []
        statement = f"{self._select} WHERE ({key}) >= ({marks}) ORDER BY {key} LIMIT {SAMPLED_ROWS}"
        rows = connection.execute(statement, start).fetchall()
        if len(rows) < SAMPLED_ROWS:
            backwards = ", ".join(f"{column} DESC" for column in self.key)
            statement = f"{self._select} ORDER BY {backwards} LIMIT {SAMPLED_ROWS}"
            rows = connection.execute(statement).fetchall()
        return rows

    def _find_key(self, connection: sqlite3.Connection, place: int) -> Key | None:
        """The key of a row, which `place` chooses; None if there is none. Each of its columns is sought."""
        key: list[Any] = []
        for column in self.key:
            known = " AND ".join([*(f"{name} = ?" for name in self.key[: len(key)]), "1"])
            rest = f"FROM {self.name} WHERE {known}"
            first, last = connection.execute(
                f"SELECT (SELECT min({column}) {rest}), (SELECT max({column}) {rest})", (*key, *key)
            ).fetchone()
            if first is None:
                return None
            mark = "CAST(? AS TEXT)" if isinstance(first, str) else "?"
            (found,) = connection.execute(
                f"SELECT min({column}) {rest} AND {column} >= {mark}", (*key, _between(first, last, place))
            ).fetchone()
            key.append(last if found is None else found)
        return tuple(key)

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


Keys = dict[str, list[Sequence[Any]]]
Rows = dict[str, list[Row]]
"""Keys to delete and rows to insert, by table, in the order in which tables are changed."""


def make_delta(before: sqlite3.Connection, after: sqlite3.Connection) -> bytes | None:
    """The delta that makes the copy `before` equal to the index `after`, as it is published.

    None if it would be too large, if the tables are others, or if the log of `after` does not go back so far.
    Raises sqlite3.DatabaseError if one of them is damaged.
    """
    for connection in (before, after):
        _add_functions(connection)
    changed = read_changes(after, read_place(before))
    if changed is None or _read_schema(before) != _read_schema(after):
        return None
    changed |= {name: {_ONLY_ROW} for name in _ALWAYS_CHANGED}
    unpublished = read_published_copy(before).unpublished | read_published_copy(after).unpublished
    changed.setdefault("file_hashes", set()).update((path,) for path in unpublished)
    deleted, inserted = Keys(), Rows()
    old_rows: list[bytes] = []
    old_bytes = new_bytes = 0
    for name, key, row_before, row_after in _differences(before, after, changed):
        if row_before is not None:
            deleted.setdefault(name, []).append(key)
            old_rows.append(msgspec.msgpack.encode(row_before))
            old_bytes += len(old_rows[-1])
        if row_after is not None:
            inserted.setdefault(name, []).append(row_after)
            new_bytes += len(msgspec.msgpack.encode(row_after))
        if max(old_bytes, new_bytes) > MOST_BYTES:
            return None
    packed = bytes(zstd.compress(msgspec.msgpack.encode(deleted), SMALL_LEVEL))
    content = _compress(msgspec.msgpack.encode(inserted), old_rows)
    place = secrets.randbits(PLACE_BITS)
    header = _HEADER.pack(_FORMAT, len(packed), place, _sample_hash(after, place))
    return b"".join((header, packed, content))


def apply_delta(database: Path, delta: bytes, committing: Committing = nullcontext) -> Changes:
    """Change the copy of an index as `delta` says, in one transaction; the keys of the changed rows.

    It is committed within the context that `committing` makes. Nothing has changed after an error. Raises
    SnapshotUnusable if the delta is of another state of the index, IndexUnavailable.
    """
    try:
        with translate_errors(database), closing(connect(database, mode="rwc")) as connection:
            connection.execute("PRAGMA synchronous = FULL")  # afterwards it is noted as done
            connection.execute("BEGIN IMMEDIATE")
            changed = _apply(connection, delta)
            with committing():
                connection.execute("COMMIT")
            return changed
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


def copy_rows(before: sqlite3.Connection, after: sqlite3.Connection, changed: Changes) -> None:
    """Make the index `before` equal to its later copy `after` by changing rows with these keys.

    Raises SnapshotUnusable if they differ in others.
    """
    for connection in (before, after):
        _add_functions(connection)
    deleted, inserted = Keys(), Rows()
    for name, key, row_before, row_after in _differences(before, after, changed):
        if row_before is not None:
            deleted.setdefault(name, []).append(key)
        if row_after is not None:
            inserted.setdefault(name, []).append(row_after)
    _replace_rows(before, deleted, inserted)
    place = secrets.randbits(PLACE_BITS)
    if _sample_hash(before, place) != _sample_hash(after, place):
        raise SnapshotUnusable("a delta makes another index of this one than was published")


def _differences(
    before: sqlite3.Connection, after: sqlite3.Connection, changed: Changes
) -> Iterator[tuple[str, Key, Row | None, Row | None]]:
    """The table, the key, and the row before and after, of those with the `changed` keys that differ.

    They are in the order in which tables are changed, and the counts are among them.
    """
    for name, table in _tables().items():
        for key in sorted(changed.get(name, ())):
            row_before, row_after = table.read(before, key), table.read(after, key)
            if row_before != row_after or name == _LAST:
                yield name, key, row_before, row_after


def _apply(connection: sqlite3.Connection, delta: bytes) -> Changes:
    known, packed_bytes, place, expected = _HEADER.unpack_from(delta)
    if known != _FORMAT:
        raise SnapshotUnusable("a delta was written by another version of Broadsheet")
    _add_functions(connection)
    rest = _HEADER.size + packed_bytes
    tables = _tables()
    deleted = msgspec.msgpack.decode(zstd.decompress(delta[_HEADER.size : rest]), type=Keys)
    old_rows = [_read_old(connection, tables[name], key) for name, keys in deleted.items() for key in keys]
    inserted = msgspec.msgpack.decode(_decompress(delta[rest:], old_rows), type=Rows)
    changed = _replace_rows(connection, deleted, inserted)
    if _sample_hash(connection, place) != expected:
        raise SnapshotUnusable("a delta makes another index of this one than was published")
    return changed


def _replace_rows(connection: sqlite3.Connection, deleted: Keys, inserted: Rows) -> Changes:
    """Delete and insert rows, with the full text of the articles that change; the keys of all these rows."""
    tables = _tables()
    changed: Changes = {name: {tuple(key) for key in keys} for name, keys in deleted.items()}
    for name, rows in inserted.items():
        changed.setdefault(name, set()).update(map(tables[name].key_of, rows))
    texts_before = _read_texts(connection, changed, ())
    for name, deleted_keys in deleted.items():
        tables[name].delete(connection, deleted_keys)
    for name, rows in inserted.items():
        tables[name].insert(connection, rows)
    texts = _read_texts(connection, changed, texts_before)
    differing = [place for place, text in texts.items() if text != texts_before.get(place)]
    for table in FULL_TEXT_TABLES:
        numbers = [number for name, number in differing if name == table]
        before = [(number, text) for number in numbers if (text := texts_before.get((table, number)))]
        after = [(number, text) for number in numbers if (text := texts[table, number])]
        delete_texts(connection, table, before)
        insert_texts(connection, table, after)
    return changed


def _sample_hash(connection: sqlite3.Connection, place: int) -> bytes:
    """A hash of some rows of each table, which `place` chooses."""
    digest = hashlib.sha256()
    for name, table in _tables().items():
        digest.update(msgspec.msgpack.encode((name, table.sample(connection, place))))
    return digest.digest()[:16]


def _between(first: Any, last: Any, place: int) -> Any:
    """A value from `first` to `last`, which `place` chooses: an integer, or the bytes of texts."""
    if isinstance(first, int):
        # Half of the time it is near the last one: rows of visible articles lie far from undated ones.
        narrowed = (last - first) >> max(0, place % 128 - 64)
        return last - (narrowed * place >> PLACE_BITS)
    texts = [value.encode() if isinstance(value, str) else value for value in (first, last)]
    length = max(map(len, texts))
    low, high = (int.from_bytes(text.ljust(length, b"\0")) for text in texts)
    return (low + ((high - low) * place >> PLACE_BITS)).to_bytes(length)


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
    """The full texts of articles and pages that rows with these `keys` belong to, by table and number.

    Also those at the numbers of `more`; None where there is none.
    """
    rows = {row for (row,) in keys.get("visible", ())} | {row for _, row in keys.get("article_terms", ())}
    for name in ("documents", "articles"):
        for key in keys.get(name, ()):
            found = connection.execute("SELECT row FROM documents WHERE doc = ?", key).fetchone()
            rows.update(found or ())
    found = connection.execute(_NUMBERS, (json.dumps([row for row in rows if row is not None]),))
    places: set[tuple[FullTextTable, int]] = {("articles_fts", number) for (number,) in found}
    places |= {("site_pages_fts", int(page)) for (page,) in keys.get("site_pages", ()) if page is not None}
    return {place: read_text(connection, *place) for place in places.union(more)}


def _read_schema(connection: sqlite3.Connection) -> list[tuple[Any, ...]]:
    return connection.execute("SELECT type, name, sql FROM sqlite_master ORDER BY name").fetchall()


@cache
def _tables() -> dict[str, _Table]:
    """All tables that are replicated, by name, in the order in which they are changed."""
    tables = [_Table(*msgspec.structs.astuple(table)) for table in copied_tables().values()]
    tables.sort(key=lambda table: (table.name != _FIRST, table.name == _LAST, table.name))
    return {table.name: table for table in tables}


def _add_functions(connection: sqlite3.Connection) -> None:
    """Add the SQL functions that _PACKED names."""

    @cache
    def packer() -> Any:
        return make_packer(connection, ())

    connection.create_function("pack", 1, lambda article: packer()(article))
    connection.create_function("inflate", 1, zlib.decompress, deterministic=True)
    connection.create_function("deflate", 1, lambda content: zlib.compress(content, zlib.Z_BEST_SPEED))


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
