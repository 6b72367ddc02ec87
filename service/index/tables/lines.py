"""Lines of JSON Lines that the index already has an article of, recognised by a hash of their bytes.

A line is recognised only if it gave an article and nothing else: neither a fault nor a slug made from its
place. Everything else about a file is reported again each time it is read.

Where part of a file has the same bytes as before, and all its lines were recognised, none of them is looked
at; those after a change get other numbers together. The lines of all other parts are examined.
"""

# ruff: noqa: S608 (statements are joined from constants, values are always bound)

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from service.content.records import LinePart
from service.index.database import decoder, interruptible

MOST_LINES = 1 << 62

_decode_parts = decoder(tuple[LinePart, ...])

# Of several equal lines the first is the article of the first, as it stands in the file. The stored lines are
# in a table, whose key finds them: two queries would be joined by comparing every row with every other.
_EXAMINED = (
    "examined_lines CROSS JOIN documents ON documents.path = examined_lines.path"
    " AND number >= first AND number < stop WHERE examined_lines.path = ?1"
)
_STORED = f"""
INSERT INTO stored_lines (hash, copy, doc)
SELECT line_hash, row_number() OVER (PARTITION BY line_hash ORDER BY number), doc
FROM {_EXAMINED} AND line_hash IS NOT NULL
"""
_MATCH = """
INSERT INTO kept_lines (path, number, doc) SELECT ?, number, doc FROM
    (SELECT number, hash, row_number() OVER (PARTITION BY hash ORDER BY number) AS copy FROM read_lines)
    CROSS JOIN stored_lines USING (hash, copy)
"""

_MOVE_DOCUMENTS = """
UPDATE documents SET number = -1 - kept_lines.number FROM kept_lines
WHERE documents.path = ?1 AND kept_lines.path = ?1 AND kept_lines.doc = documents.doc
    AND kept_lines.number != documents.number
RETURNING doc
"""
_MOVE_RENAMES = """
UPDATE renames SET number = -1 - kept_lines.number FROM kept_lines CROSS JOIN documents USING (doc)
WHERE renames.path = ?1 AND documents.path = ?1 AND kept_lines.path = ?1
    AND documents.number = renames.number AND kept_lines.number != documents.number
"""
_MOVE_TOGETHER = "UPDATE {} SET number = -1 - (number + ?) WHERE path = ? AND number >= ? AND number < ?"
# Of lines whose place a moved one has taken.
_DELETE_RENAMES = """
DELETE FROM renames
WHERE path = ?1 AND number IN (SELECT -1 - number FROM documents WHERE path = ?1 AND number < 0)
"""


class MovedLines(msgspec.Struct, frozen=True):
    """The lines from `first` to before `stop`, by the numbers they had, and how far they have moved."""

    first: int
    stop: int
    distance: int


def create_tables(connection: sqlite3.Connection) -> None:
    """Create the tables of one build: the lines of a file as they are read, and which articles are kept."""
    connection.execute("CREATE TEMP TABLE read_lines (number INTEGER PRIMARY KEY, hash BLOB)")
    connection.execute(
        "CREATE TEMP TABLE stored_lines (hash BLOB, copy INTEGER, doc INTEGER, PRIMARY KEY (hash, copy))"
        " WITHOUT ROWID"
    )
    connection.execute("CREATE TEMP TABLE examined_lines (path TEXT, first INTEGER, stop INTEGER)")
    connection.execute(
        "CREATE TEMP TABLE moved_lines (path TEXT, first INTEGER, stop INTEGER, distance INTEGER)"
    )
    connection.execute("CREATE TEMP TABLE unrecognised_lines (path TEXT, doc INTEGER)")
    connection.execute(
        "CREATE TEMP TABLE kept_lines (path TEXT, number INTEGER, doc INTEGER, PRIMARY KEY (path, number))"
        " WITHOUT ROWID"
    )


def has_lines(connection: sqlite3.Connection, path: str) -> bool:
    """Whether the index has lines of the file at `path` that can be recognised."""
    statement = "SELECT 1 FROM documents WHERE path = ? AND line_hash IS NOT NULL LIMIT 1"
    return connection.execute(statement, (path,)).fetchone() is not None


def add_lines(connection: sqlite3.Connection, first_number: int, hashes: Iterable[bytes]) -> None:
    """Add lines of the file that is being read, whose numbers ascend from `first_number`."""
    connection.executemany(
        "INSERT INTO read_lines (number, hash) VALUES (?, ?)", enumerate(hashes, first_number)
    )


def match_lines(
    connection: sqlite3.Connection,
    path: str,
    examined: Iterable[tuple[int, int]],
    moved: Iterable[MovedLines] = (),
) -> None:
    """Keep the articles of the lines that were added, wherever they stood among those `examined` at `path`.

    These are ranges (first, stop) of numbers that lines had; each of the others is the same, or has `moved`.
    """
    many = connection.executemany
    many("INSERT INTO examined_lines VALUES (?, ?, ?)", ((path, *numbers) for numbers in examined))
    many(
        "INSERT INTO moved_lines VALUES (?, ?, ?, ?)",
        ((path, *msgspec.structs.astuple(lines)) for lines in moved),
    )
    with interruptible(connection):
        connection.execute(_STORED, (path,))
        connection.execute(
            f"INSERT INTO unrecognised_lines SELECT ?1, doc FROM {_EXAMINED} AND line_hash IS NULL", (path,)
        )
        connection.execute(_MATCH, (path,))
    connection.execute("DELETE FROM stored_lines")
    forget_lines(connection)


def forget_lines(connection: sqlite3.Connection) -> None:
    """Forget the lines that were added."""
    connection.execute("DELETE FROM read_lines")


def known_numbers(connection: sqlite3.Connection, path: str) -> Iterator[int]:
    """The numbers of the lines that are kept, in order."""
    rows = connection.execute("SELECT number FROM kept_lines WHERE path = ? ORDER BY number", (path,))
    return (number for (number,) in rows)


def find_deleted(connection: sqlite3.Connection, path: str) -> list[int]:
    """The articles of examined lines that are not there any more, or whose number another line has now.

    The latter cannot be recognised; their lines are parsed again.
    """
    rows = connection.execute(
        f"SELECT doc FROM {_EXAMINED} AND doc NOT IN (SELECT doc FROM kept_lines WHERE path = ?1)"
        " AND (line_hash IS NOT NULL OR number IN (SELECT number FROM kept_lines WHERE path = ?1)"
        " OR EXISTS (SELECT 1 FROM moved_lines AS moved WHERE moved.path = ?1"
        " AND number >= moved.first + distance AND number < moved.stop + distance))",
        (path,),
    )
    return [doc for (doc,) in rows]


def move_kept(connection: sqlite3.Connection, path: str) -> list[int]:
    """Give the kept lines of the file at `path` the numbers they have now; the articles that were moved."""
    execute = connection.execute
    # Two lines may swap places: each is out of the way before any has its new number.
    execute(_MOVE_RENAMES, (path,))
    moved = execute(_MOVE_DOCUMENTS, (path,)).fetchall()
    for lines in execute(
        "SELECT distance, path, first, stop FROM moved_lines WHERE path = ?", (path,)
    ).fetchall():
        execute(_MOVE_TOGETHER.format("renames"), lines)
        moved += execute(f"{_MOVE_TOGETHER.format('documents')} RETURNING doc", lines).fetchall()
    execute(_DELETE_RENAMES, (path,))
    execute("UPDATE renames SET number = -1 - number WHERE path = ? AND number < 0", (path,))
    execute("UPDATE documents SET number = -1 - number WHERE path = ? AND number < 0", (path,))
    return [doc for (doc,) in moved]


def keep(connection: sqlite3.Connection, path: str, number: int, doc: int) -> None:
    """Keep the article of a line that gave the same article again."""
    connection.execute(
        "INSERT OR IGNORE INTO kept_lines (path, number, doc) VALUES (?, ?, ?)", (path, number, doc)
    )


def find_left_over(connection: sqlite3.Connection, path: str) -> list[int]:
    """The articles of examined lines that could not be recognised, and that no line gave again."""
    rows = connection.execute(
        "SELECT doc FROM unrecognised_lines AS lines JOIN documents USING (doc) WHERE lines.path = ?1"
        " AND doc NOT IN (SELECT doc FROM kept_lines WHERE path = ?1)",
        (path,),
    )
    return [doc for (doc,) in rows]


def find_others(connection: sqlite3.Connection, path: str, first_new: int) -> list[int]:
    """The articles of the file at `path`, older than `first_new`, that are not kept; no line was examined."""
    rows = connection.execute(
        "SELECT doc FROM documents WHERE path = ?1 AND doc < ?2"
        " AND doc NOT IN (SELECT doc FROM kept_lines WHERE path = ?1)",
        (path, first_new),
    )
    return [doc for (doc,) in rows]


def read_parts(connection: sqlite3.Connection, path: str, sha256: str) -> tuple[LinePart, ...]:
    """The parts of the file at `path` as it was read, with the hash `sha256`; () if they are not known."""
    row = connection.execute("SELECT parts FROM line_parts WHERE path = ?", (path,)).fetchone()
    parts = _decode_parts(row[0]) if row else ()
    return parts if hash_parts(parts) == sha256 else ()


def save_parts(connection: sqlite3.Connection, path: str, parts: Sequence[LinePart]) -> None:
    """Replace the parts of the file at `path`; () if they are not known."""
    if parts:
        connection.execute(
            "INSERT INTO line_parts (path, parts) VALUES (?, ?)"
            " ON CONFLICT DO UPDATE SET parts = excluded.parts",
            (path, msgspec.msgpack.encode(parts)),
        )
    else:
        connection.execute("DELETE FROM line_parts WHERE path = ?", (path,))


def hash_parts(parts: Iterable[LinePart]) -> str:
    """The hash of a file of JSON Lines, by those of its parts: it is read once for both."""
    return hashlib.sha256(b"".join(b"%d %b" % (part.size, part.digest) for part in parts)).hexdigest()
