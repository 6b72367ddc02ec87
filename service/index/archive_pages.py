"""The pages of feeds: the first page with what its changelog adds, and archive pages (RFC 5005 §4).

Where an archive page ends is decided by each row alone, so that no change elsewhere moves the end of a page:
a row begins a page by a hash of its key, about one in 64. All pages but those around a change hold the same
rows as before; an end forced by size is followed by an ordinary one at the next such row.
"""

import hashlib
import sqlite3
from collections.abc import Sequence

import msgspec

from service.index.article_row import HEAD_BYTES
from service.index.changelog import NEWEST, Changelog, ChangelogEnd, tombstones
from service.index.pages import RevisionCache, Totals, count_fitting, find, read_article
from service.index.state import IndexState
from service.query import ArchiveCursor, ArchivePage, Page, Query, Tombstone, has_archive

ONE_IN = 64
MOST_ROWS = 100
MOST_TOMBSTONES = 100


def begins_page(position: ArchiveCursor) -> bool:
    """Whether an archive page begins at the row with this key, whatever precedes it."""
    digest = hashlib.sha256(f"{position.changed} {position.id_hash}".encode()).hexdigest()
    return int(digest[:8], 16) % ONE_IN == 0


def page_length(rows: Sequence[tuple[ArchiveCursor, int]], max_bytes: int) -> int:
    """How many of `rows`, from the first on, one archive page holds; each row is given with its size.

    It ends before the next row that begins a page, after MOST_ROWS, or before the row that would exceed
    `max_bytes`.
    """
    fitting = count_fitting((size for _, size in rows[:MOST_ROWS]), max_bytes)
    return next((number for number in range(1, fitting) if begins_page(rows[number][0])), fitting)


def find_feed_page(
    connection: sqlite3.Connection,
    state: IndexState,
    query: Query,
    limit: int,
    max_bytes: int,
    known_totals: RevisionCache[Totals],
    known_ends: RevisionCache[ChangelogEnd],
) -> Page:
    """The page of `query`, of at most `max_bytes`; the first with its tombstones and its first archive page.

    A search or an interval has no changelog, but gives the tombstones of the articles it selects from.
    """
    room = max_bytes - HEAD_BYTES
    if query.cursor:
        return find(connection, state, query, limit, known_totals, room)
    changelog = Changelog(connection, query, state.transition)
    removals = changelog.removals(NEWEST, MOST_TOMBSTONES + 1)
    room -= sum(row.size for row in removals[:MOST_TOMBSTONES])
    page = find(connection, state, query, limit, known_totals, room)
    shown = _tombstones_on(page, tombstones(removals[:MOST_TOMBSTONES]))
    is_whole = page.next is None and len(shown) == len(removals)
    archive = None
    if has_archive(query) and not is_whole and (rows := changelog.rows(NEWEST, 1)):
        end = _find_end(changelog, state, query, known_ends)
        archive = end.with_window(rows[0].position)
    return msgspec.structs.replace(page, tombstones=shown, archive=archive)


def archive_page(
    connection: sqlite3.Connection,
    state: IndexState,
    query: Query,
    position: ArchiveCursor,
    max_bytes: int,
    known_ends: RevisionCache[ChangelogEnd],
) -> ArchivePage:
    """The archive page of `query` that begins at `position`, of about `max_bytes` at most."""
    changelog = Changelog(connection, query, state.transition)
    rows = changelog.rows(position.key, MOST_ROWS + 1)
    length = page_length([(row.position, row.size) for row in rows], max_bytes - HEAD_BYTES)
    end = _find_end(changelog, state, query, known_ends)
    return ArchivePage(
        position=end.with_window(position),
        articles=tuple(read_article(connection, row.doc) for row in rows[:length] if row.tombstone is None),
        tombstones=tombstones(rows[:length]),
        following=end.with_window(rows[length].position) if length < len(rows) else None,
    )


def _find_end(
    changelog: Changelog, state: IndexState, query: Query, known_ends: RevisionCache[ChangelogEnd]
) -> ChangelogEnd:
    end = known_ends.get(state.revision, query)
    if end is None:
        end = changelog.end()
        known_ends.put(state.revision, query, end)
    return end


def _tombstones_on(page: Page, removed: tuple[Tombstone, ...]) -> tuple[Tombstone, ...]:
    """Those not older than the page's oldest article; all of them on the last page, or if one is undated."""
    dates = [article.published for article in page.articles if article.published is not None]
    if page.next is None or len(dates) < len(page.articles):
        return removed
    return tuple(tombstone for tombstone in removed if tombstone.at >= min(dates))
