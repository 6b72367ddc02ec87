"""The numbers of visible articles in the full text: they ascend as rows do, and are small.

In a list of the full text FTS5 stores the difference to the article before, so a word of every tenth article
takes two bytes for each with numbers GAP apart, where rows take five or six.

An article gets a number between those of its neighbours. Where there is none left, the articles around it are
given other numbers, evenly spread: those of the smallest window of 2, 4, 8, … numbers that has room. The more
numbers a window has, the fewer may be taken (`MOST_TAKEN`), so that a window that was spread has room for
many articles before the next larger one is spread: this is order maintenance by list labelling (Bender et
al., Two Simplified Algorithms for Maintaining Order in a List, 2002).
"""

# ruff: noqa: S608 (statements are joined from constants, values are always bound)

import sqlite3
from collections.abc import Callable, Iterator, Sequence

import msgspec

from service.index.tables.full_text import delete_texts, insert_texts, read_text

GAP = 16
"""The difference between the numbers of neighbours, where nothing arrived between them later."""

MOST_TAKEN = 1.12
"""Of a window of `2 ** level` numbers, `MOST_TAKEN ** -level` may be taken after it was spread."""

MOST_ARRIVED = 0.5
"""So much of a window may be taken if most of its articles arrive now: after an import few follow."""

MOVED_AT_ONCE = 500
"""How many articles get other numbers before their full texts are written together."""


class NumberGap(msgspec.Struct, frozen=True):
    """The numbers before and after a place in the order of rows, and the row after it; None at an end."""

    below: int | None
    above: int | None
    row_above: int | None


def find_gap(connection: sqlite3.Connection, row: int) -> NumberGap:
    """The gap around `row`, which no article has."""
    below = connection.execute(
        "SELECT number FROM visible WHERE row < ? ORDER BY row DESC LIMIT 1", (row,)
    ).fetchone()
    above = connection.execute(
        "SELECT number, row FROM visible WHERE row > ? ORDER BY row LIMIT 1", (row,)
    ).fetchone()
    return NumberGap(below and below[0], *(above or (None, None)))


def find_numbers(gap: NumberGap, count: int, make_room: Callable[[int, int], Sequence[int]]) -> Sequence[int]:
    """Numbers for `count` articles in `gap`, ascending.

    Where there are not as many, those that `make_room` returns for the number below and `count`.
    """
    below, above = gap.below, gap.above
    if above is None:
        first = GAP + (below or 0)
        return range(first, first + GAP * count, GAP)
    if below is None:
        return range(above - GAP * count, above, GAP)
    if above - below <= count:
        return make_room(below, count)
    return [below + (above - below) * place // (count + 1) for place in range(1, count + 1)]


def make_room(connection: sqlite3.Connection, below: int, count: int) -> Sequence[int]:
    """Give other numbers to the article with the number `below` and those around it, with their full text.

    Returns numbers for `count` articles that follow it.
    """
    window = _find_window(connection, below, count)
    known = [number for (number,) in _read_window(connection, "number", window, " ORDER BY number")]
    taken = len(known) + count
    spread = [window.start + len(window) * (2 * place + 1) // (2 * taken) for place in range(taken)]
    place = known.index(below) + 1
    moves = [*zip(known, spread[:place] + spread[place + count :], strict=True)]
    # Downwards from the first on, upwards from the last on: so each moves to a number that is free.
    ordered = [move for move in moves if move[1] < move[0]]
    ordered += [move for move in reversed(moves) if move[1] > move[0]]
    for start in range(0, len(ordered), MOVED_AT_ONCE):
        _move(connection, ordered[start : start + MOVED_AT_ONCE])
    return spread[place : place + count]


def _find_window(connection: sqlite3.Connection, below: int, count: int) -> range:
    """The smallest window around `below` with room for `count` more articles."""
    level = 0
    while True:
        level += 1
        start = below >> level << level
        window = range(start, start + (1 << level))
        ((known,),) = _read_window(connection, "count(*)", window)
        most_taken = max(MOST_TAKEN**-level, MOST_ARRIVED if count >= known else 0)
        if known + count <= len(window) * most_taken:
            return window


def _read_window(
    connection: sqlite3.Connection, columns: str, window: range, order: str = ""
) -> Iterator[tuple[int, ...]]:
    statement = f"SELECT {columns} FROM visible WHERE number >= ? AND number < ?{order}"
    return connection.execute(statement, (window.start, window.stop))


def _move(connection: sqlite3.Connection, moves: Sequence[tuple[int, int]]) -> None:
    """Give articles other numbers, each given as (number before, number), in this order."""
    texts = {number: read_text(connection, "articles_fts", number) for number, _ in moves}
    delete_texts(connection, "articles_fts", [(number, text) for number, text in texts.items() if text])
    connection.executemany(
        "UPDATE visible SET number = ? WHERE number = ?", [(after, before) for before, after in moves]
    )
    insert_texts(
        connection, "articles_fts", [(after, text) for before, after in moves if (text := texts[before])]
    )
