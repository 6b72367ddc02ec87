"""All that an index holds, to be compared with what another one does."""

from contextlib import closing
from pathlib import Path
from typing import Any

from service.index.database import connect

VOCABULARIES = ("articles_fts", "site_pages_fts")
READABLE = {"article": "unpack(article)"}
"""What is compressed, which other versions of the library may do otherwise."""


def contents(file: Path) -> dict[str, list[Any]]:
    """All rows of all tables, and every token of the full texts with its places."""
    with closing(connect(file, mode="ro")) as connection:
        tables = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%\\_fts%' ESCAPE '\\'"
        ).fetchall()
        found = {}
        for (table,) in tables:
            names = [name for _, name, *_ in connection.execute(f"PRAGMA table_info({table})")]
            is_article = table == "articles"
            columns = ", ".join(READABLE.get(name, name) if is_article else name for name in names)
            found[table] = sorted(map(repr, connection.execute(f"SELECT {columns} FROM {table}")))  # noqa: S608
        for table in VOCABULARIES:
            connection.execute(
                f"CREATE VIRTUAL TABLE temp.{table}_tokens USING fts5vocab ('main', '{table}', 'instance')"
            )
            found[table] = sorted(connection.execute(f"SELECT * FROM {table}_tokens"))  # noqa: S608
    return found
