"""What a build costs: memory that does not grow with a file, the size of the index, the rows it rewrites."""

import json
import random
import sqlite3
import subprocess
import sys
from contextlib import closing
from itertools import accumulate
from pathlib import Path

import pytest

from service.content.parsing.json_lines import hash_bytes
from service.index.tables import lines
from tests.support.index_folder import Folder
from tests.support.server import ROOT

MAX_MEMORY_GROWTH = 1.3
"""The peak for four times the lines, as a multiple."""

MAX_SIZE = 3.0
"""The index, as a multiple of the articles it was made from."""

# Bounded in any case, by values so high that few lines do not reach them.
BUILD = """
import resource, sys
from pathlib import Path
from service.index import database, visibility
from service.ingest import refresh_index
from service.model import Site
database.LARGER_CACHE_KIB = database.CACHE_KIB = 1000
visibility.KEPT_BYTES = 1_000_000
refresh_index(f"sqlite:///{sys.argv[1]}/index.db", Path(sys.argv[1]) / "articles", Site())
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def write_articles(root: Path, count: int) -> int:
    """Articles of about 1.5 kB in one file, in words as frequent as in a language; their size in bytes."""
    chance = random.Random(11)  # noqa: S311
    letters = "abcdefghiklmnoprstuvw"
    words = ["".join(chance.choices(letters, k=chance.randint(2, 10))) for _ in range(20_000)]
    weights = [*accumulate(1 / rank for rank in range(2, len(words) + 2))]
    records = [
        json.dumps(
            {
                "title": f"{' '.join(chance.choices(words, cum_weights=weights, k=5))} {number}",
                "date": f"20{number % 20:02}-{number % 12 + 1:02}-{number % 28 + 1:02}",
                "author": f"{words[number % 300]} {words[number % 17]}",
                "tags": chance.sample(words[:200], 3),
                "markdown": "\n\n".join(
                    " ".join(chance.choices(words, cum_weights=weights, k=70)) for _ in range(3)
                ),
            }
        )
        for number in range(count)
    ]
    root.mkdir(parents=True, exist_ok=True)
    return (root / "all.jsonl").write_text("\n".join(records))


def peak_memory(folder: Path, count: int) -> int:
    write_articles(folder / "articles", count)
    command = [sys.executable, "-c", BUILD, str(folder)]
    return int(subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured as Linux does")
def test_memory_does_not_grow_with_the_lines_of_a_file(tmp_path: Path) -> None:
    few, many = (peak_memory(tmp_path / str(count), count) for count in (1500, 6000))
    assert many < MAX_MEMORY_GROWTH * few


def test_an_index_is_about_three_times_as_large_as_its_articles(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    size = write_articles(folder.root, 3000)
    folder.refresh()
    assert folder.file.stat().st_size < MAX_SIZE * size
    with closing(sqlite3.connect(folder.file)) as connection:
        (dictionaries,) = connection.execute("SELECT count(*) FROM dictionaries").fetchone()
    assert dictionaries == 1


def test_a_line_that_moves_is_not_written_anew(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    records = [{"title": f"Title {number}", "date": "2019-01-01"} for number in range(100)]
    folder.write_many("many", records)
    folder.refresh()

    def rows() -> dict[str, list[int]]:
        with closing(sqlite3.connect(folder.file)) as connection:
            statement = "SELECT slug, doc, row, number FROM documents"
            return {slug: columns for slug, *columns in connection.execute(statement)}

    before = rows()
    folder.write_many("many", [*records[:10], {"title": "New"}, *records[10:]])
    folder.refresh()
    after = rows()
    assert after.pop("new")[2] == 10
    assert {slug: (doc, row, number + (number >= 10)) for slug, (doc, row, number) in before.items()} == {
        slug: tuple(columns) for slug, columns in after.items()
    }


def test_recognising_lines_takes_time_in_proportion_to_their_number() -> None:
    def count_steps(count: int) -> int:
        """Thousands of instructions of SQLite."""
        steps = 0

        def count_step() -> int:
            nonlocal steps
            steps += 1
            return 0

        with closing(sqlite3.connect(":memory:")) as connection:
            connection.execute("CREATE TABLE documents (doc INTEGER PRIMARY KEY, path, number, line_hash)")
            lines.create_tables(connection)
            hashes = [hash_bytes(str(number).encode()) for number in range(count)]
            connection.executemany(
                "INSERT INTO documents (path, number, line_hash) VALUES ('a', ?, ?)", enumerate(hashes)
            )
            connection.execute("CREATE UNIQUE INDEX documents_place ON documents (path, number)")
            lines.add_lines(connection, 0, hashes[::-1])
            connection.execute("INSERT INTO examined_lines VALUES ('a', 0, ?)", (count,))
            connection.set_progress_handler(count_step, 1000)
            for statement in (lines._STORED, lines._MATCH):
                connection.execute(statement, ("a",))
            connection.set_progress_handler(None, 1000)
            assert [*lines.known_numbers(connection, "a")] == [*range(count)]
        return steps

    assert count_steps(4000) < 6 * count_steps(1000)
