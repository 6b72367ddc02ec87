"""The paths of files that are known, and of those that a change adds."""

import random
import sqlite3

import pytest

from service.index.tables.source_files import KnownFiles

PATHS = ["a", "a.md", "a/", "a/b.md", "a/c.md", "a/c/d.md", "a0", "ä/b.md", "b/a.md", "b/\U0001f600.md"]


@pytest.mark.parametrize("seed", range(50))
def test_paths_that_begin_so_are_found_as_by_looking_at_each(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    stored = chance.sample(PATHS, chance.randrange(len(PATHS)))
    added = chance.sample(PATHS, chance.randrange(len(PATHS)))
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE source_files (path TEXT PRIMARY KEY)")
    connection.executemany("INSERT INTO source_files VALUES (?)", [(path,) for path in stored])
    known = KnownFiles(connection, added)
    for prefix in ("", "a", "a/", "a/c", "b/", "c", "ä/"):
        for start in ("", "a/c.md", "a0", "b/a.mdx"):
            for limit in (1, 2, 5, 100):
                expected = sorted(p for p in {*stored, *added} if p.startswith(prefix) and p >= start)
                assert known.beginning_with(prefix, limit, start) == expected[:limit]
    connection.close()
