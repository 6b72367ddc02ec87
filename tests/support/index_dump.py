"""What an index holds, so that two of them can be compared."""

import sqlite3
from contextlib import closing
from typing import Any

from tests.support.index_folder import Folder

_TABLES = {
    "state": "content, transition, articles, fingerprint, links",
    "documents": "path, number, slug, id, published, expires, withdrawn, changed_at, published_at,"
    " pending_update_at, language, translation, claim, names, identity_faults, row IS NULL",
    "counts": "files, visible, scheduled, expired, withdrawn, removals",
    "content_nodes": "node, digests",
    "manifest_nodes": "node, digests",
    "source_files": "path, iif(path LIKE '%.jsonl', '', sha256), is_parsed, faults, measured, looked_up",
    "terms": "kind, slug, articles",
    "redirects": "former, path, target",
    "private_files": "path",
    "deleted_slugs": "slug",
    "renames": "*",
}


def dump(folder: Folder, *without: str) -> dict[str, list[Any]]:
    """What the index holds, whatever its rows are."""
    with closing(sqlite3.connect(folder.file)) as connection:
        return {
            table: sorted(map(repr, connection.execute(f"SELECT {columns} FROM {table}")))  # noqa: S608
            for table, columns in _TABLES.items()
            if table not in without
        }
