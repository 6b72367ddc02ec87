"""Changes by the UTC day on which they were recorded: a log that lists each article once.

An article is in the pages of the day of its last change alone: when it changes again, it leaves them. So
pages of a day that is over only lose articles, and whoever reads all pages from a day on knows what changed.
Where a page ends is decided by each article alone, unless the page would be too large.
"""

import hashlib
import sqlite3
from datetime import UTC, datetime

import msgspec

from service.errors import NotFound
from service.index.differences.change_pages import DROP_BYTES, MOST_CHANGES, make_change
from service.index.differences.journal import require_oldest
from service.index.differences.last_changes import ChangeEntry, find_last_changes
from service.index.listings import count_fitting, feed_bytes
from service.query import ChangeDay, ChangePage, ChangePosition, Query

ONE_IN = 64
"""One article in so many begins a page."""

_DAY_SECONDS = 86_400
_KEY_DIGITS = 16
_START_DIGITS = 8
_NOT_KNOWN = "The changes of this day are not known, or not any more; `/changes.json` has the days that are."

_LAST_BEFORE = """
SELECT articles, last_change FROM journal_revisions WHERE generation < ? ORDER BY generation DESC LIMIT 1
"""
_FIRST_FROM = "SELECT min(generation) FROM journal_revisions WHERE generation >= ?"


class _Span(msgspec.Struct, frozen=True):
    """A day of the journal: its first page, its last revision, and the numbers of its changes.

    They are those after `change_before` up to `last_change`.
    """

    position: ChangePosition
    revision: str
    change_before: int
    last_change: int


def read_days(connection: sqlite3.Connection) -> tuple[ChangeDay, ...]:
    """The days of which the journal has changes, the oldest first."""
    return tuple(ChangeDay(span.position, span.revision) for span in _read_spans(connection))


def find_changes_of(connection: sqlite3.Connection, position: ChangePosition, max_bytes: int) -> ChangePage:
    """The page of changes at `position`, of about `max_bytes`, but at least one entry if there is any.

    The last page of a day leads to the next day. Raises NotFound.
    """
    spans = _read_spans(connection)
    first_page = msgspec.structs.replace(position, key="")
    number = next((number for number, span in enumerate(spans) if span.position == first_page), None)
    if number is None:
        raise NotFound(_NOT_KNOWN)
    span = spans[number]
    numbers = span.change_before, span.last_change
    entries = find_last_changes(connection, *numbers, bytes.fromhex(position.key), MOST_CHANGES + 1)
    most = min(len(entries), MOST_CHANGES)
    end = next((place for place in range(1, most) if _begins_page(entries[place])), most)
    sizes = [
        feed_bytes(connection, entry.doc, Query()) if entry.doc else DROP_BYTES for entry in entries[:end]
    ]
    length = count_fitting(sizes, max_bytes)
    is_settled = number + 1 < len(spans)
    following = entries[length] if length < len(entries) else None
    next_page = spans[number + 1].position if is_settled else None
    if following:
        next_page = msgspec.structs.replace(first_page, key=following.key.hex()[:_KEY_DIGITS])
    return ChangePage(
        changes=tuple(make_change(connection, entry, is_match=True) for entry in entries[:length]),
        revision=span.revision,
        next=next_page,
        is_settled=is_settled,
        next_id=following.id if following else None,
    )


def _begins_page(entry: ChangeEntry) -> bool:
    """Whether a page begins at this entry, whatever precedes it; its key is a hash."""
    return entry.key[-1] % ONE_IN == 0


def _read_spans(connection: sqlite3.Connection) -> list[_Span]:
    """The days that have a revision in the journal, by the numbers of the revisions, which only rise."""
    oldest = require_oldest(connection)
    start = hashlib.sha256(f"{oldest.generation} {oldest.articles}".encode()).hexdigest()[:_START_DIGITS]
    spans: list[_Span] = []
    change_before, generation = oldest.last_change, oldest.generation
    while generation is not None:
        day_end = (generation // _DAY_SECONDS + 1) * _DAY_SECONDS
        day = datetime.fromtimestamp(generation, UTC).date()
        articles, last_change = connection.execute(_LAST_BEFORE, (day_end,)).fetchone()
        spans.append(_Span(ChangePosition(day, "" if spans else start), articles, change_before, last_change))
        change_before = last_change
        (generation,) = connection.execute(_FIRST_FROM, (day_end,)).fetchone()
    return spans
