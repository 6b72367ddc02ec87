"""Where archive documents begin and end: decided by each row alone, so that no change elsewhere moves a cut.

A row is a head by a hash of its key, about one in 64. A document ends before the next head, so all documents
but those around a change hold the same rows as before; a cut forced by size heals at the next head.
"""

import hashlib
from collections.abc import Iterable, Sequence

from service.query import ArchiveCursor

ONE_IN = 64
MOST_ROWS = 100
UNSETTLED_SECONDS = 7 * 86400
"""How far behind the newest row files may still arrive late."""


def is_head(position: ArchiveCursor) -> bool:
    """Whether a document begins at the row with this key, whatever stands before it."""
    digest = hashlib.sha256(f"{position.changed} {position.h}".encode()).hexdigest()
    return int(digest[:8], 16) % ONE_IN == 0


def cut(rows: Sequence[tuple[ArchiveCursor, int]], most_bytes: int) -> int:
    """How many of `rows`, from the first on, one document holds; each with about how many bytes it takes.

    It ends before the first further head, after MOST_ROWS, or before the row that would pass `most_bytes`.
    """
    held = fitting((weight for _, weight in rows[:MOST_ROWS]), most_bytes)
    heads = (number for number in range(1, held) if is_head(rows[number][0]))
    return next(heads, held)


def fitting(weights: Iterable[int], most_bytes: int) -> int:
    """How many of these weights, from the first on, fit into `most_bytes`; always at least one."""
    count, room = 0, most_bytes
    for weight in weights:
        room -= weight
        if room < 0 and count:
            break
        count += 1
    return count


def is_settled(changed: int, newest: int) -> bool:
    """Whether no row may arrive any more around `changed`, in a log whose newest row is at `newest`."""
    return newest - changed > UNSETTLED_SECONDS


def window(keys: Iterable[tuple[int, str]]) -> str:
    """The name of what stands in a log's unsettled end: it differs when a single one of its keys does."""
    lines = "".join(f"{changed}-{h}\n" for changed, h in keys)
    return hashlib.sha256(lines.encode()).hexdigest()[:8]
