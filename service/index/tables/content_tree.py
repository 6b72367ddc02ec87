"""The hash of everything that is served, kept up to date at the cost of what changes: a Merkle tree.

An entry is an article, a redirect, a page or a file beside the articles, under a key; whether it is visible
yet does not matter. It lies in one of 65,536 leaves, by the first two bytes of the hash of its key; 256
leaves are a bucket, and 256 buckets the root. What has no entries has a hash of zeros, so that the same
entries give the same root, whatever was there before.

Files are hashed after a build, by `ingest.file_hashes`: until that is done, replicas with the same files may
differ. A file that no article refers to any more, and that is not served by its type, keeps its entry until
the next pass over the folder.
"""

import hashlib
import sqlite3
from itertools import groupby
from operator import itemgetter

from service.index.database import interruptible

_HASH_BYTES = 16
_LEAF_BYTES = 2
_ROOT = -1
_EMPTY = bytes(_HASH_BYTES)
_EMPTY_NODE = bytes(256 * _HASH_BYTES)

_APPLY = """
INSERT INTO content_entries (key, value, doc) SELECT key, value, doc FROM
    (SELECT key, value, doc, max(rowid) FROM content_changes GROUP BY key)
WHERE value IS NOT NULL ORDER BY key
"""
_ENTRIES = "SELECT key, value FROM content_entries WHERE key BETWEEN ? AND ? ORDER BY key"


class ContentTree:
    """Changes entries of the tree within one write transaction; `hash` applies the changes."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        # The changes are applied in order of keys: in any other, each would rewrite a page of a large table.
        connection.execute("CREATE TEMP TABLE content_changes (key BLOB, value BLOB, doc INTEGER)")

    def put(self, key: str, value: bytes, doc: int | None = None) -> None:
        """Store what the entry `key` holds; `doc` is the article that it describes, if it is one."""
        self._change(key, _hash(value), doc)

    def remove(self, key: str) -> None:
        """Remove the entry `key`."""
        self._change(key, None, None)

    def clear(self) -> None:
        """Remove every entry."""
        for table in ("content_entries", "content_nodes", "content_changes"):
            self._connection.execute(f"DELETE FROM {table}")  # noqa: S608 - the names are constants

    def hash(self) -> bytes:
        """The root of the tree: a hash of all entries."""
        execute = self._connection.execute
        with interruptible(self._connection):
            execute("DELETE FROM content_entries WHERE key IN (SELECT key FROM content_changes)")
            execute(_APPLY)
        changed = execute("SELECT DISTINCT substr(key, 1, ?) FROM content_changes ORDER BY 1", (_LEAF_BYTES,))
        leaves = [leaf for (leaf,) in changed]
        execute("DELETE FROM content_changes")
        buckets = {}
        for number, leaves_of_bucket in groupby(leaves, key=itemgetter(0)):
            digests = {leaf[1]: self._hash_leaf(leaf) for leaf in leaves_of_bucket}
            buckets[number] = self._save_node(number, digests)
        return self._save_node(_ROOT, buckets)

    def _change(self, key: str, value: bytes | None, doc: int | None) -> None:
        self._connection.execute(
            "INSERT INTO content_changes (key, value, doc) VALUES (?, ?, ?)",
            (_hash(key.encode("utf-8", "surrogatepass")), value, doc),
        )

    def _hash_leaf(self, leaf: bytes) -> bytes:
        rows = self._connection.execute(_ENTRIES, (leaf, leaf.ljust(_HASH_BYTES + 1, b"\xff")))
        entries = b"".join([key + value for key, value in rows])
        return _hash(entries) if entries else _EMPTY

    def _save_node(self, node: int, changed: dict[int, bytes]) -> bytes:
        """Change the hashes with these numbers in a node; the hash of the node."""
        execute = self._connection.execute
        row = execute("SELECT digests FROM content_nodes WHERE node = ?", (node,)).fetchone()
        digests = bytearray(row[0] if row else _EMPTY_NODE)
        for number, digest in changed.items():
            digests[number * _HASH_BYTES : (number + 1) * _HASH_BYTES] = digest
        if digests == _EMPTY_NODE:
            execute("DELETE FROM content_nodes WHERE node = ?", (node,))
            return _EMPTY
        if changed:
            execute(
                "INSERT OR REPLACE INTO content_nodes (node, digests) VALUES (?, ?)", (node, bytes(digests))
            )
        return _hash(digests)


def _hash(data: bytes | bytearray) -> bytes:
    return hashlib.sha256(data).digest()[:_HASH_BYTES]
