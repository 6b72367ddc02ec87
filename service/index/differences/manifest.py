"""The manifest: digests of all visible articles, with which a client finds every difference to its copy."""

import sqlite3

import msgspec

from service.index.differences import journal
from service.index.state import IndexState
from service.index.tables.content_tree import bucket_keys, read_buckets

_BUCKET = """
SELECT documents.id, value, slug FROM manifest_entries CROSS JOIN documents USING (doc)
WHERE key >= ? AND key < ? ORDER BY key
"""


class Manifest(msgspec.Struct, frozen=True):
    """The revision of all visible articles, their number, and the digest of each of the 256 buckets.

    An article is in the bucket of the first byte of the SHA-256 of its id. Digests are 32 hex digits.
    """

    revision: str
    total: int
    buckets: tuple[str, ...]


class ManifestEntry(msgspec.Struct, frozen=True, array_like=True):
    """A visible article in a bucket: its id, etag and slug."""

    id: str
    etag: str
    slug: str


def read_manifest(connection: sqlite3.Connection) -> Manifest:
    newest = journal.require_newest(connection)
    buckets = tuple(digest.hex() for digest in read_buckets(connection))
    return Manifest(newest.articles, IndexState.read(connection).articles, buckets)


def read_bucket(connection: sqlite3.Connection, bucket: int) -> tuple[ManifestEntry, ...]:
    """The articles in a bucket, 0 to 255, in the order of the tree."""
    rows = connection.execute(_BUCKET, bucket_keys(bucket))
    return tuple(ManifestEntry(article_id, etag.hex(), slug) for article_id, etag, slug in rows)
