"""The hash of everything that is served, kept up to date at the cost of what changes: a Merkle tree.

An entry is an article, a redirect, a page or a static file, under a key; whether it is visible
yet does not matter. It lies in one of 65,536 leaves, by the first two bytes of the hash of its key; 256
leaves are a bucket, and 256 buckets the root. What has no entries has a hash of zeros, so that the same
entries give the same root, whatever was there before.

Files are hashed after a build, by `ingest.file_hashes`: until that is done, replicas with the same files may
differ. A file that no article refers to any more, and that is not served by its type, keeps its entry until
the next pass over the folder.
"""

# ruff: noqa: S608 (statements are joined from constants, values are always bound)

import hashlib
import sqlite3
import zlib
from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Literal

from service.index.database import interruptible

_HASH_BYTES = 16
_LEAF_BYTES = 2
_ROOT = -1
_EMPTY = bytes(_HASH_BYTES)
_EMPTY_NODE = bytes(256 * _HASH_BYTES)

_APPLY = """
INSERT INTO {name}_entries (key, value, doc) SELECT key, value, doc FROM
    (SELECT key, value, doc, max(rowid) FROM {name}_changes GROUP BY key)
WHERE value IS NOT NULL ORDER BY key
"""
_ENTRIES = "SELECT key, value FROM {name}_entries WHERE key BETWEEN ? AND ? ORDER BY key"

BATCH = 10_000
"""How many changes are gathered before they are written to their table."""

MANY_LEAVES = 16
"""With so many changed leaves in a bucket, all of its entries are read by one statement."""


TreeName = Literal["content", "manifest"]
"""The tree of all content, and that of the etags of visible articles (see `index.differences`)."""


class ContentTree:
    """Changes entries of the tree `name` within one write transaction; `hash` applies the changes."""

    def __init__(self, connection: sqlite3.Connection, name: TreeName = "content") -> None:
        self._connection = connection
        self._name = name
        self._gathered: list[tuple[bytes, bytes | None, int | None]] = []
        # The changes are applied in order of keys: in any other, each would rewrite a page of a large table.
        connection.execute(f"CREATE TEMP TABLE {name}_changes (key BLOB, value BLOB, doc INTEGER)")

    def put(self, key: str, value: bytes, doc: int | None = None) -> None:
        """Store what the entry `key` holds; `doc` is the article that it describes, if it is one."""
        self.put_hash(key, _hash(value), doc)

    def put_hash(self, key: str, value: bytes | None, doc: int | None) -> None:
        """Store a hash of what the entry `key` holds, 16 bytes, None for no entry; `doc` as for `put`."""
        self._gathered.append((entry_key(key), value, doc))
        if len(self._gathered) >= BATCH:
            self._write_changes()

    def remove(self, key: str) -> None:
        self.put_hash(key, None, None)

    def clear(self) -> None:
        """Remove every entry."""
        self._gathered.clear()
        for table in ("entries", "nodes", "changes"):
            self._connection.execute(f"DELETE FROM {self._name}_{table}")

    def hash(self) -> bytes:
        """The root of the tree: a hash of all entries."""
        execute, name = self._connection.execute, self._name
        self._write_changes()
        with interruptible(self._connection):
            execute(f"DELETE FROM {name}_entries WHERE key IN (SELECT key FROM {name}_changes)")
            execute(_APPLY.format(name=name))
        changed = execute(f"SELECT DISTINCT substr(key, 1, ?) FROM {name}_changes ORDER BY 1", (_LEAF_BYTES,))
        leaves = [leaf for (leaf,) in changed]
        execute(f"DELETE FROM {name}_changes")
        buckets = {}
        for number, leaves_of_bucket in groupby(leaves, key=itemgetter(0)):
            buckets[number] = self._save_node(number, self._hash_leaves([*leaves_of_bucket]))
        return self._save_node(_ROOT, buckets)

    def _write_changes(self) -> None:
        statement = f"INSERT INTO {self._name}_changes (key, value, doc) VALUES (?, ?, ?)"
        self._connection.executemany(statement, self._gathered)
        self._gathered.clear()

    def _hash_leaves(self, leaves: Sequence[bytes]) -> dict[int, bytes]:
        """The hashes of these leaves of one bucket, by number."""
        if len(leaves) < MANY_LEAVES:
            entries = {leaf: self._read_entries(leaf, leaf) for leaf in leaves}
        else:
            rows = groupby(self._read_entries(leaves[0], leaves[-1]), key=lambda row: row[0][:_LEAF_BYTES])
            entries = {leaf: [*rows_of_leaf] for leaf, rows_of_leaf in rows}
        return {leaf[1]: _hash_entries(entries.get(leaf, ())) for leaf in leaves}

    def _read_entries(self, first_leaf: bytes, last_leaf: bytes) -> Iterable[tuple[bytes, bytes]]:
        interval = first_leaf, last_leaf.ljust(_HASH_BYTES + 1, b"\xff")
        return self._connection.execute(_ENTRIES.format(name=self._name), interval)

    def _save_node(self, node: int, changed: dict[int, bytes]) -> bytes:
        """Change the hashes with these numbers in a node; the hash of the node."""
        execute, nodes = self._connection.execute, f"{self._name}_nodes"
        row = execute(f"SELECT digests FROM {nodes} WHERE node = ?", (node,)).fetchone()
        digests = bytearray(zlib.decompress(row[0]) if row else _EMPTY_NODE)
        for number, digest in changed.items():
            digests[number * _HASH_BYTES : (number + 1) * _HASH_BYTES] = digest
        if digests == _EMPTY_NODE:
            execute(f"DELETE FROM {nodes} WHERE node = ?", (node,))
            return _EMPTY
        if changed:
            # Most leaves of a small index are empty.
            values = (node, zlib.compress(digests, zlib.Z_BEST_SPEED))
            execute(f"INSERT OR REPLACE INTO {nodes} (node, digests) VALUES (?, ?)", values)
        return _hash(digests)


def entry_key(name: str) -> bytes:
    """The key of the entry `name` as it is stored."""
    return _hash(name.encode("utf-8", "surrogatepass"))


def bucket_keys(bucket: int) -> tuple[bytes, bytes]:
    """The first key that a bucket, 0 to 255, may hold, and one after all of them."""
    return bytes([bucket]), bytes([bucket]).ljust(_HASH_BYTES + 1, b"\xff")


def read_buckets(connection: sqlite3.Connection) -> list[bytes]:
    """The hashes of the 256 buckets of the manifest, 16 bytes each."""
    row = connection.execute("SELECT digests FROM manifest_nodes WHERE node = ?", (_ROOT,)).fetchone()
    digests = zlib.decompress(row[0]) if row else _EMPTY_NODE
    return [digests[start : start + _HASH_BYTES] for start in range(0, len(digests), _HASH_BYTES)]


def _hash_entries(entries: Iterable[tuple[bytes, bytes]]) -> bytes:
    joined = b"".join([key + value for key, value in entries])
    return _hash(joined) if joined else _EMPTY


def _hash(data: bytes | bytearray) -> bytes:
    return hashlib.sha256(data).digest()[:_HASH_BYTES]
