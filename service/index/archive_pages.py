"""The pages of feeds: the first page with what its changelog adds, and archive pages (RFC 5005 §4).

Where an archive page ends is decided by each row alone, so that no change elsewhere moves the end of a page:
a row begins a page by a hash of its key, about one in 64. All pages but those around a change hold the same
rows as before; an end forced by size is followed by an ordinary one at the next such row.
"""

import hashlib
import sqlite3
from collections.abc import Sequence
from datetime import datetime

import msgspec

from service.index.article_row import HEAD_BYTES
from service.index.changelog import NEWEST, Changelog, End, tombstones
from service.index.pages import QueryMemory, Sum, find, fitting, read
from service.index.state import IndexState
from service.query import ArchiveCursor, ArchivePage, Page, Query, Tombstone, has_archive

ONE_IN = 64


MOST_ROWS = 100


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


MOST_TOMBSTONES = 100


def find_feed_page(
    connection: sqlite3.Connection,
    state: IndexState,
    query: Query,
    limit: int,
    most_bytes: int,
    sums: QueryMemory[Sum],
    ends: QueryMemory[End],
) -> Page:
    """The page of `query`, of at most `most_bytes`; the first with its tombstones and where its log begins.

    A search or an interval has no log, but gives the tombstones of the articles it chooses from.
    """
    room = most_bytes - HEAD_BYTES
    if query.cursor:
        return find(connection, state, query, limit, sums, room)
    log = Changelog(connection, query, state.transition)
    left = log.removals(NEWEST, MOST_TOMBSTONES + 1)
    room -= sum(row.weight for row in left[:MOST_TOMBSTONES])
    page = find(connection, state, query, limit, sums, room)
    buried = _newer(tombstones(left[:MOST_TOMBSTONES]), page)
    whole = page.next is None and len(buried) == len(left)
    archive = None
    if has_archive(query) and not whole and (rows := log.rows(NEWEST, 1)):
        archive = _end(log, state, query, ends).address(rows[0].position)
    return msgspec.structs.replace(page, tombstones=buried, archive=archive)


def archive_page(
    connection: sqlite3.Connection,
    state: IndexState,
    query: Query,
    position: ArchiveCursor,
    most_bytes: int,
    ends: QueryMemory[End],
) -> ArchivePage:
    """The archive document of `query` that begins at `position`, of about `most_bytes` at most."""
    log = Changelog(connection, query, state.transition)
    rows = log.rows(position.key, MOST_ROWS + 1)
    held = cut([(row.position, row.weight) for row in rows], most_bytes - HEAD_BYTES)
    end = _end(log, state, query, ends)
    return ArchivePage(
        position=end.address(position),
        articles=tuple(read(connection, row.doc) for row in rows[:held] if row.tombstone is None),
        tombstones=tombstones(rows[:held]),
        following=end.address(rows[held].position) if held < len(rows) else None,
    )


def _end(log: Changelog, state: IndexState, query: Query, ends: QueryMemory[End]) -> End:
    end = ends.get(state.revision, query)
    if end is None:
        end = log.end()
        ends.put(state.revision, query, end)
    return end


def _newer(buried: tuple[Tombstone, ...], page: Page) -> tuple[Tombstone, ...]:
    """Those not older than the page's oldest article; all of them where it is the last page, or undated."""
    published = [article.published for article in page.articles]
    dated: list[datetime] = [one for one in published if one is not None]
    if page.next is None or len(dated) < len(published):
        return buried
    return tuple(tombstone for tombstone in buried if tombstone.at >= min(dated))
