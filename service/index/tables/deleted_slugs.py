"""The slugs of deleted articles, which outlive an index in a file: the folder cannot give them again.

They are saved before an index of another version is discarded, and the new index begins with them.
"""

import os
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import msgspec

from service.errors import IndexUnavailable


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
