"""How much work SQLite does, which no other load of the machine changes."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from service.index.database import connect

STEPS_PER_CALL = 10


@contextmanager
def counting_steps(file: Path) -> Iterator[tuple[sqlite3.Connection, list[int]]]:
    """A connection to a database, and a list whose last number is raised by the steps that it takes."""
    steps: list[int] = [0]

    def add() -> None:
        steps[-1] += STEPS_PER_CALL

    with closing(connect(file, mode="ro")) as connection:
        connection.set_progress_handler(add, STEPS_PER_CALL)
        yield connection, steps
