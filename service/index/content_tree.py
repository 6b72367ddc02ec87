"""The hash of everything that is served, kept up to date at the cost of what changes: a Merkle tree.

An entry is an article, a redirect or another fact, under a key. It lies in one of 65,536 leaves, by the first
two bytes of the hash of its key; 256 leaves are a bucket, and the root is the hash of the buckets. The same
entries give the same root, whatever was there before.
"""

import hashlib
import sqlite3

_HASH_BYTES = 16
_LEAF_BYTES = 2
_BUCKET_BYTES = 1

_APPLY = """
INSERT INTO content_entries (key, value, doc) SELECT key, value, doc FROM
    (SELECT key, value, doc, max(rowid) FROM content_changes GROUP BY key)
WHERE value IS NOT NULL ORDER BY key
"""
_ENTRIES = "SELECT key, value FROM content_entries WHERE key BETWEEN ? AND ? ORDER BY key"
_LEAVES = "SELECT leaf, digest FROM content_leaves WHERE leaf BETWEEN ? AND ? ORDER BY leaf"


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
        for table in ("content_entries", "content_leaves", "content_buckets", "content_changes"):
            self._connection.execute(f"DELETE FROM {table}")  # noqa: S608 - the names are constants

    def hash(self) -> bytes:
        """The root of the tree: a hash of all entries."""
        execute = self._connection.execute
        execute("DELETE FROM content_entries WHERE key IN (SELECT key FROM content_changes)")
        execute(_APPLY)
        changed = execute("SELECT DISTINCT substr(key, 1, ?) FROM content_changes ORDER BY 1", (_LEAF_BYTES,))
        leaves = [leaf for (leaf,) in changed]
        execute("DELETE FROM content_changes")
        for leaf in leaves:
            self._save("content_leaves", "leaf", leaf, self._hash_range(_ENTRIES, leaf))
        for bucket in sorted({leaf[:_BUCKET_BYTES] for leaf in leaves}):
            self._save("content_buckets", "bucket", bucket, self._hash_range(_LEAVES, bucket))
        buckets = execute("SELECT bucket, digest FROM content_buckets ORDER BY bucket")
        return _hash(b"".join([bucket + digest for bucket, digest in buckets]))

    def _change(self, key: str, value: bytes | None, doc: int | None) -> None:
        self._connection.execute(
            "INSERT INTO content_changes (key, value, doc) VALUES (?, ?, ?)",
            (_hash(key.encode("utf-8", "surrogatepass")), value, doc),
        )

    def _hash_range(self, statement: str, prefix: bytes) -> bytes | None:
        """A hash of the rows whose key begins with `prefix`; None if there are none."""
        rows = self._connection.execute(statement, (prefix, prefix.ljust(_HASH_BYTES + 1, b"\xff")))
        joined = b"".join([key + value for key, value in rows])
        return _hash(joined) if joined else None

    def _save(self, table: str, column: str, key: bytes, digest: bytes | None) -> None:
        if digest is None:
            self._connection.execute(f"DELETE FROM {table} WHERE {column} = ?", (key,))  # noqa: S608
        else:
            statement = f"INSERT OR REPLACE INTO {table} ({column}, digest) VALUES (?, ?)"  # noqa: S608
            self._connection.execute(statement, (key, digest))


def _hash(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()[:_HASH_BYTES]
