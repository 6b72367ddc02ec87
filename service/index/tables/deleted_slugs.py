"""The slugs of deleted articles, which outlive an index in a file: the folder cannot give them again.

They are saved before an index of another version is discarded, and the new index begins with them. So are the
slugs that it served: what was deleted since its last build is found when the new one is complete.
"""

import os
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import msgspec

from service.errors import IndexUnavailable

# The path, number, slug and aliases of what is visible; the slug of a page that is no article is an address.
_SERVED = (
    """
    SELECT path, number, slug,
        (SELECT json_group_array(aliases.slug) FROM aliases WHERE aliases.doc = documents.doc)
    FROM documents WHERE slug IS NOT NULL AND row IS NOT NULL
    """,
    """
    SELECT path, number, address,
        (SELECT json_group_array(former) FROM site_page_aliases AS aliases WHERE aliases.page = visible.page)
    FROM visible_site_pages AS visible
    """,
)
_CREATE_FORMER = """
CREATE TEMP TABLE former (path TEXT, number INTEGER, slug TEXT PRIMARY KEY, aliases TEXT) WITHOUT ROWID
"""

# As `ArticleWriter` and `SitePageWriter` do after a deletion: what has only another slug now is not deleted.
_REMEMBER_DELETED = """
INSERT OR IGNORE INTO deleted_slugs
WITH deleted AS (
    SELECT slug, aliases FROM former
    WHERE NOT EXISTS (SELECT 1 FROM documents WHERE documents.slug = former.slug)
        AND NOT EXISTS (SELECT 1 FROM site_pages WHERE address = former.slug)
        AND NOT EXISTS (
            SELECT 1 FROM documents WHERE former.slug NOT LIKE '/%' AND documents.path = former.path
                AND documents.number = former.number
                -- Another line of JSON Lines may have moved to the place of one that was deleted.
                AND documents.slug NOT IN (SELECT slug FROM former)
        )
        AND NOT EXISTS (
            SELECT 1 FROM site_pages WHERE former.slug LIKE '/%' AND site_pages.path = former.path
                AND site_pages.number = former.number AND address NOT IN (SELECT slug FROM former)
        )
)
SELECT slug FROM (SELECT slug FROM deleted UNION ALL SELECT value FROM deleted, json_each(aliases)) AS gone
WHERE NOT EXISTS (SELECT 1 FROM documents WHERE documents.slug = gone.slug)
    AND NOT EXISTS (SELECT 1 FROM aliases WHERE aliases.slug = gone.slug)
    AND NOT EXISTS (SELECT 1 FROM site_pages WHERE address = gone.slug)
    AND NOT EXISTS (SELECT 1 FROM site_page_aliases WHERE former = gone.slug)
"""


def read_deleted_slugs(connection: sqlite3.Connection) -> list[str]:
    """The slugs in an index of any version; earlier versions called the table `gone`."""
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if "deleted_slugs" in tables:
        rows = connection.execute("SELECT slug FROM deleted_slugs")
    elif "gone" in tables:
        rows = connection.execute("SELECT slug FROM gone")
    else:
        return []
    return [slug for (slug,) in rows]


def saved_slugs_file(path: Path) -> Path:
    """The file next to the index at `path` with the slugs for the next one."""
    return path.with_name(f"{path.name}.deleted-slugs")


def read_saved_slugs(path: Path) -> list[str]:
    """The slugs that were saved for the index at `path`. Raises IndexUnavailable."""
    file = saved_slugs_file(path)
    try:
        return msgspec.json.decode(file.read_bytes(), type=list[str])
    except FileNotFoundError:
        return []
    except (OSError, ValueError) as error:  # ValueError: also for bytes that are not UTF-8
        raise IndexUnavailable(file, f"cannot be read ({error}); remove it") from error


def save_slugs(path: Path, slugs: Sequence[str]) -> None:
    """Add `slugs` to those saved for the index at `path`. Raises OSError, IndexUnavailable."""
    if not slugs:
        return
    file = saved_slugs_file(path)
    unfinished = file.with_name(f"{file.name}.tmp")
    with unfinished.open("wb") as output:
        output.write(msgspec.json.encode(sorted({*slugs, *read_saved_slugs(path)})))
        output.flush()
        os.fsync(output.fileno())
    unfinished.replace(file)


def served_slugs_file(path: Path) -> Path:
    """The file next to the index at `path` with the slugs that the one before it served."""
    return path.with_name(f"{path.name}.served-slugs")


def save_served_slugs(connection: sqlite3.Connection, path: Path) -> None:
    """Save the slugs and aliases of what an index of another version serves, for the next one at `path`.

    Raises OSError, and sqlite3.Error for a version that has other tables.
    """
    file = served_slugs_file(path)
    unfinished = file.with_name(f"{file.name}.tmp")
    try:
        with unfinished.open("wb") as output:
            for statement in _SERVED:
                for row in connection.execute(statement):
                    output.write(msgspec.json.encode(row) + b"\n")
            output.flush()
            os.fsync(output.fileno())
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)


def remember_deleted(connection: sqlite3.Connection, path: Path) -> None:
    """Add the slugs that the index before this one at `path` served, and that are deleted since.

    Raises IndexUnavailable.
    """
    file = served_slugs_file(path)
    try:
        with file.open("rb") as lines:
            connection.execute(_CREATE_FORMER)
            rows = map(msgspec.json.Decoder(tuple[str, int, str, str]).decode, lines)
            connection.executemany("INSERT OR IGNORE INTO former VALUES (?, ?, ?, ?)", rows)
    except FileNotFoundError:
        return
    except (OSError, ValueError) as error:
        raise IndexUnavailable(file, f"cannot be read ({error}); remove it") from error
    connection.execute(_REMEMBER_DELETED)
    connection.execute("DROP TABLE former")
