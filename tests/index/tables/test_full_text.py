"""The full text of a large build is written in a database and a thread of its own, with the same result."""

import os
import random
import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from service.index import writer
from service.index.tables import full_text as full_text_table
from service.index.tables.full_text import FullTextBuilder
from tests.support.index_folder import Folder

OLD = 1_500_000_000
_TOKENS = """
SELECT tokens.doc, col, "offset", CASE col WHEN 'terms' THEN kind || ' ' || slug ELSE tokens.term END
FROM temp.tokens LEFT JOIN terms ON col = 'terms' AND tokens.term = '·' || terms.term
ORDER BY 1, 2, 4, 3
"""


def full_text(folder: Folder) -> dict[str, list[Any]]:
    """What was written to the full text, and the terms, whatever their numbers are."""
    with closing(sqlite3.connect(folder.file)) as connection:
        execute = connection.execute
        execute("INSERT INTO articles_fts (articles_fts) VALUES ('integrity-check')")
        execute("CREATE VIRTUAL TABLE temp.tokens USING fts5vocab (main, articles_fts, instance)")
        tokens = execute(_TOKENS).fetchall()
        return {
            "tokens": [row if row[1] != "terms" else (*row[:2], row[3]) for row in tokens],
            "sizes": execute("SELECT id, sz FROM articles_fts_docsize ORDER BY id").fetchall(),
            "terms": execute("SELECT kind, slug, articles FROM terms ORDER BY kind, slug").fetchall(),
        }


def write_articles(folder: Folder) -> None:
    chance = random.Random(3)  # noqa: S311
    for number in range(60):
        folder.write(
            f"a{number}",
            date=chance.choice([None, "2019-01-01", "2019-01-02", "2031-01-01"]),
            updated=chance.choice([None, None, "2021-01-01", "2030-01-01"]),
            correction=chance.choice([None, "A correction that is not shown before its update."]),
            tags=chance.sample(["Iraq", "Oil", "Iran", f"Alone {number}"], 2),
            withdrawn=chance.choice([None, None, None, "wrong"]),
            expires=chance.choice([None, None, "2020-01-01", "2029-01-01"]),
            text=chance.choice(["One text.", "A changed text.", "Running ministries."]) + f" Word{number}.",
        )
    for path in folder.root.iterdir():
        os.utime(path, (OLD, OLD))


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Folder, Folder]:
    """The same articles in two folders: the first was built as a large one is, the second as a small one."""
    large, small = Folder(tmp_path / "large"), Folder(tmp_path / "small")
    for folder in (large, small):
        write_articles(folder)
    small.refresh()
    monkeypatch.setattr(writer, "BATCH_BYTES", 2000)
    large.refresh()
    return large, small


def test_a_large_build_writes_the_same_full_text(folders: tuple[Folder, Folder]) -> None:
    large, small = folders
    written = full_text(large)
    assert written == full_text(small)
    assert len(written["sizes"]) > 20


def test_a_large_build_can_be_changed(folders: tuple[Folder, Folder]) -> None:
    for folder in folders:
        folder.remove("a1")
        folder.write("a2", date="2019-01-01", text="Quite another text.")
        folder.write("new", text="A text that was not there.")
        folder.refresh()
    large, small = folders
    assert full_text(large) == full_text(small)
    assert large.slugs(q="another") == ["a2"]
    assert set(large.slugs(q="there")) == {"new"}


def test_a_large_build_merges_its_full_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Folder(tmp_path)
    write_articles(folder)
    monkeypatch.setattr(writer, "BATCH_BYTES", 2000)
    gathered_often = full_text_table._GATHERED.replace("16777216", "1000")
    monkeypatch.setattr(full_text_table, "_GATHERED", gathered_often)
    folder.refresh()
    with closing(sqlite3.connect(folder.file)) as connection:
        assert connection.execute("SELECT count(DISTINCT segid) FROM articles_fts_idx").fetchone() == (1,)


def test_everything_is_written_anew_in_its_place(folders: tuple[Folder, Folder]) -> None:
    large, small = folders
    large.site = small.site = type(small.site)(time_zone="Asia/Tokyo")  # stored articles depend on it
    large.refresh()
    small.file.unlink()
    small.refresh()
    assert full_text(large) == full_text(small)


def test_a_failed_build_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Folder(tmp_path)
    write_articles(folder)
    monkeypatch.setattr(writer, "BATCH_BYTES", 2000)

    def fail(builder: FullTextBuilder, connection: sqlite3.Connection) -> None:
        raise KeyboardInterrupt

    threads = set(threading.enumerate())
    with monkeypatch.context() as patches:
        patches.setattr(FullTextBuilder, "move", fail)
        with pytest.raises(KeyboardInterrupt):
            folder.refresh()
    assert {path.name for path in tmp_path.iterdir()} <= {"articles", "index.db.lock"}
    assert set(threading.enumerate()) <= threads
    folder.refresh()
    assert full_text(folder)["tokens"]
