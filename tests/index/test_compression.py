"""Compression: articles are stored small, read back as they were, and recognised when they are damaged."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from service.errors import IndexUnusable
from service.index.compression import LEAST_SAMPLES, add_unpack, make_packer
from service.index.database import writing
from service.index.schema import TABLES
from tests.support.index_folder import Folder

SAMPLES = [
    f"Article {number} of a set in which {number % 7} words recur. ".encode() * 20 for number in range(500)
]


@pytest.fixture
def connection() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.executescript(TABLES)
    add_unpack(connection)
    return connection


def unpack(connection: sqlite3.Connection, packed: bytes | None) -> bytes | None:
    (article,) = connection.execute("SELECT unpack(?)", (packed,)).fetchone()
    assert article is None or isinstance(article, bytes)
    return article


def count_dictionaries(connection: sqlite3.Connection) -> int:
    (count,) = connection.execute("SELECT count(*) FROM dictionaries").fetchone()
    return int(count)


def test_articles_packed_before_and_after_a_dictionary_are_unpacked(connection: sqlite3.Connection) -> None:
    early = make_packer(connection, SAMPLES[: LEAST_SAMPLES - 1])(SAMPLES[0])
    assert count_dictionaries(connection) == 0
    assert unpack(connection, early) == SAMPLES[0]
    late = make_packer(connection, SAMPLES)(SAMPLES[0])
    assert len(late) < len(early)
    assert [unpack(connection, packed) for packed in (early, late)] == [SAMPLES[0]] * 2


def test_one_dictionary_is_trained_and_kept(connection: sqlite3.Connection) -> None:
    first = make_packer(connection, SAMPLES)
    other = make_packer(connection, [sample[::-1] for sample in SAMPLES])
    assert count_dictionaries(connection) == 1
    assert [first(sample) for sample in SAMPLES] == [other(sample) for sample in SAMPLES]


@pytest.mark.parametrize("sample", [b"x", b"the same " * 100])
def test_samples_of_which_no_dictionary_can_be_made(connection: sqlite3.Connection, sample: bytes) -> None:
    pack = make_packer(connection, [sample] * LEAST_SAMPLES)
    assert unpack(connection, pack(sample)) == sample


def test_what_is_no_packed_article_is_null(connection: sqlite3.Connection) -> None:
    packed = make_packer(connection, SAMPLES)(SAMPLES[0])
    assert unpack(connection, packed[:-4]) is None
    connection.execute("DELETE FROM dictionaries")
    with closing(sqlite3.connect(":memory:")) as other:
        other.executescript(TABLES)
        add_unpack(other)
        assert [unpack(other, damaged) for damaged in (packed, b"", b"text", None)] == [None] * 4


def test_a_damaged_article_is_reported(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("one")
    folder.refresh()
    with writing(folder.file) as connection:
        connection.execute("UPDATE articles SET article = substr(article, 1, 20)")
    with pytest.raises(IndexUnusable, match="damaged"):
        folder.find_article("one")
