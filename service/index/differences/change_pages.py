"""Pages of what changed for a query since a revision.

Changes are listed in the order of the tree of visible articles, which is equal on every replica. When the
index moves between two pages, those that follow are of the new revision, and the last of them leads to
another traversal: of what changed since the first page was made. So whoever reads until there is no next page
has exactly the articles of the last revision.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from functools import partial
from heapq import nsmallest
from itertools import chain
from math import isqrt

import msgspec

from service.errors import UnknownRevision
from service.index.articles import read_article
from service.index.differences import journal
from service.index.differences.journal import RecordedRevision
from service.index.differences.last_changes import ChangeEntry, find_last_changes
from service.index.keyset import intersection
from service.index.listings import feed_bytes, read_matches
from service.index.state import IndexState
from service.index.tables.content_tree import entry_key
from service.index.where import Selection, bounds, select, select_numbers, statement
from service.model import Article
from service.query import ChangeCursor, ChangePage, DroppedArticle, Query, bind, given_filters

MOST_CHANGES = 1000
"""On one page."""

DROP_BYTES = 200

READ_AS_ONE_IS_LOOKED_UP = 500
"""The number of matches of a word that are read in order in the time of looking up one row."""

LOOKED_UP_AT_ONCE = 100

MOST_MATCHES = 50_000
"""The most matches of words that are read at once. With more, SQLite finds sooner whether a row is one."""

_ROWS = """
SELECT row, id FROM documents WHERE id IN (SELECT value FROM json_each(?)) AND row IS NOT NULL
"""
_NUMBERS = "SELECT row, number FROM visible WHERE row IN (SELECT value FROM json_each(?))"
_EVERYTHING = """
SELECT key, documents.id, slug, NULL, doc, row FROM manifest_entries CROSS JOIN documents USING (doc)
WHERE key > ? ORDER BY key LIMIT ?
"""
_ENTRY = "SELECT id, slug, NULL, doc, row FROM documents WHERE doc = ?"


class _Traversal(msgspec.Struct, frozen=True):
    """A traversal of what changed after `start` (None: of all articles), after the entry `key`.

    At the revision `begun` its first page was made.
    """

    start: RecordedRevision | None
    begun: RecordedRevision
    key: bytes


def find_changes(
    connection: sqlite3.Connection,
    query: Query,
    since: str | None,
    cursor: ChangeCursor | None,
    max_bytes: int,
) -> ChangePage:
    """A page of what changed for `query` since the revision `since` (None: of all articles), or at `cursor`.

    It has at most MOST_CHANGES entries and about `max_bytes`, but at least one entry if there is any. Raises
    UnknownRevision.
    """
    newest = journal.require_newest(connection)
    traversal = _resume(connection, cursor) if cursor else _begin(connection, newest, since)
    visible = IndexState.read(connection).articles
    selection = select(query, connection, visible)
    is_filtered = bool(given_filters(query))
    if traversal.start is None:
        everything = _read_everything(connection, selection if is_filtered else None, visible, traversal.key)
        candidates: Iterable[tuple[ChangeEntry, bool]] = ((entry, True) for entry in everything)
    else:
        _require_same_matches(query, traversal.start, traversal.begun, newest)
        numbers = traversal.start.last_change, newest.last_change
        entries = find_last_changes(connection, *numbers, _following(traversal.key), MOST_CHANGES + 1)
        matches = (
            _look_up_matches(connection, selection, entries, visible)
            if is_filtered
            else (entry.row is not None for entry in entries)
        )
        candidates = zip(entries, matches, strict=True)
    # Read one by one: of most pages only the first tenth fits.
    page, room, has_more = list[tuple[ChangeEntry, bool]](), max_bytes, False
    for entry, is_match in candidates:
        room -= feed_bytes(connection, entry.doc, query) if entry.doc and is_match else DROP_BYTES
        has_more = len(page) == MOST_CHANGES or (room < 0 and bool(page))
        if has_more:
            break
        page.append((entry, is_match))
    following = None
    if has_more:
        start = journal.point_of(connection, traversal.start) if traversal.start else None
        begun = journal.point_of(connection, traversal.begun)
        following = ChangeCursor(start, begun, page[-1][0].key, bind(query))
    elif traversal.begun.generation != newest.generation:
        begun, end = (journal.point_of(connection, point) for point in (traversal.begun, newest))
        following = ChangeCursor(begun, end, b"", bind(query))
    return ChangePage(
        changes=tuple(make_change(connection, entry, is_match=is_match) for entry, is_match in page),
        revision=newest.articles,
        next=following,
    )


def _begin(connection: sqlite3.Connection, newest: RecordedRevision, since: str | None) -> _Traversal:
    """The traversal of what changed since a revision; None for all articles. Raises UnknownRevision."""
    if since is None:
        return _Traversal(None, newest, b"")
    start = journal.read_occurrence(connection, since)
    if start is None:
        raise UnknownRevision(since)
    return _Traversal(start, newest, b"")


def _resume(connection: sqlite3.Connection, cursor: ChangeCursor) -> _Traversal:
    """The traversal that `cursor` continues. Raises UnknownRevision."""
    start = journal.require_point(connection, cursor.since) if cursor.since else None
    return _Traversal(start, journal.require_point(connection, cursor.begun), cursor.key)


def _require_same_matches(
    query: Query, start: RecordedRevision, begun: RecordedRevision, newest: RecordedRevision
) -> None:
    """Raise UnknownRevision if articles that have not changed since `start` may match otherwise now.

    Words are searched for by their stems in all languages that any article has, unless the query names some.
    """
    is_search = bool(query.q or query.title) and not query.languages
    if is_search and {start.algorithms, begun.algorithms} != {newest.algorithms}:
        raise UnknownRevision(start.articles)


def _read_everything(
    connection: sqlite3.Connection, selection: Selection | None, visible: int, after: bytes
) -> Iterator[ChangeEntry]:
    """The next entries of all `visible` articles, or only of those that are selected."""
    if selection is None:
        return chain.from_iterable(_read_entries(connection, after))
    # Of few matches the keys are computed and sorted; many are met soon in the order of the tree. At this
    # limit both ways look at as many articles for a page, a tenth of the most.
    most = isqrt(visible * MOST_CHANGES // 10)
    find_matching: Callable[[list[int]], Set[int]] = partial(_find_matching, connection, selection, visible)
    count, most_read = selection.kept_count, max(most, MOST_MATCHES)
    if count is None and (numbers := read_matches(connection, selection, most_read + 1)) is not None:
        count = len(numbers)
        if count <= most:
            selection = select_numbers(selection, numbers)
        elif count <= MOST_MATCHES:
            find_matching = partial(_find_numbered, connection, set(numbers))
    if count is None or count <= most:
        conditions, values = bounds(selection, selection.rows, selection.row, selection.changed)
        matches = statement(selection, "v.doc, v.id", conditions)
        found = connection.execute(f"{matches} LIMIT ?", (*values, most + 1)).fetchall()
        if len(found) <= most:
            return _read_sorted(connection, found, after)
    return _read_matching(connection, find_matching, after)


def _read_entries(connection: sqlite3.Connection, after: bytes) -> Iterator[list[ChangeEntry]]:
    """The entries of the next articles in the order of the tree, some at once."""
    # A statement that stayed open in between could not be stopped with the query.
    while block := connection.execute(_EVERYTHING, (after, LOOKED_UP_AT_ONCE)).fetchall():
        yield [ChangeEntry(*columns) for columns in block]
        after = block[-1][0]


def _read_matching(
    connection: sqlite3.Connection, find_matching: Callable[[list[int]], Set[int]], after: bytes
) -> Iterator[ChangeEntry]:
    """Those of the next entries in the order of the tree whose rows match."""
    for entries in _read_entries(connection, after):
        matching = find_matching([entry.row for entry in entries if entry.row is not None])
        yield from (entry for entry in entries if entry.row in matching)


def _read_sorted(
    connection: sqlite3.Connection, found: Sequence[tuple[int, str]], after: bytes
) -> Iterator[ChangeEntry]:
    """The entries of the next of these visible articles, each a doc and an id, in the order of the tree."""
    keys = [(entry_key(article_id), doc) for doc, article_id in found]
    following = nsmallest(MOST_CHANGES + 1, [key for key in keys if key[0] > after])
    return (ChangeEntry(key, *connection.execute(_ENTRY, (doc,)).fetchone()) for key, doc in following)


def _following(key: bytes) -> bytes:
    """The first key after `key`; any after none."""
    return key + b"\0" if key else key


def find_ids(connection: sqlite3.Connection, query: Query, ids: Iterable[str]) -> frozenset[str]:
    """Those of the articles `ids` that `query` finds."""
    rows = dict(connection.execute(_ROWS, (json.dumps([*ids]),)).fetchall())
    visible = IndexState.read(connection).articles
    found = _find_matching(connection, select(query, connection, visible), visible, [*rows])
    return frozenset(rows[row] for row in found)


def _look_up_matches(
    connection: sqlite3.Connection, selection: Selection, entries: Sequence[ChangeEntry], visible: int
) -> Iterator[bool]:
    """Whether each of `entries` is selected; if that is costly, they are looked up in blocks on demand."""
    is_read_along = bool(selection.words) and _is_read_along(len(entries), visible)
    at_once = len(entries) if is_read_along or not selection.words else LOOKED_UP_AT_ONCE
    for start in range(0, len(entries), max(1, at_once)):
        block = entries[start : start + at_once]
        rows = [entry.row for entry in block if entry.row is not None]
        matching = _find_matching(connection, selection, visible, rows)
        yield from (entry.row in matching for entry in block)


def _is_read_along(rows: int, visible: int) -> bool:
    """Whether to find so many rows among all matches of a word, rather than to look each of them up."""
    return rows * READ_AS_ONE_IS_LOOKED_UP >= visible


def _find_matching(
    connection: sqlite3.Connection, selection: Selection, visible: int, rows: Sequence[int]
) -> Set[int]:
    """Those of `rows`, of `visible` articles, that are selected."""
    if not rows:
        return set()
    # Full text is read along its own order, unless the rows are few; anything else by the rows.
    is_read_along = bool(selection.words) and _is_read_along(len(rows), visible)
    listed, bounded = selection.row.without_index, selection.row
    if not is_read_along:
        listed, bounded = bounded, listed
    within = intersection(selection.rows, range(min(rows), max(rows) + 1))
    conditions, values = bounds(selection, within, bounded, f"+{selection.changed}")
    conditions.append(listed.among("SELECT value FROM json_each(?)"))
    found = connection.execute(statement(selection, "v.row", conditions), (*values, json.dumps([*rows])))
    return {row for (row,) in found}


def _find_numbered(connection: sqlite3.Connection, numbers: Set[int], rows: Sequence[int]) -> Set[int]:
    """Those of `rows` whose articles have one of `numbers`."""
    found = connection.execute(_NUMBERS, (json.dumps(rows),))
    return {row for row, number in found if number in numbers}


def make_change(
    connection: sqlite3.Connection, entry: ChangeEntry, *, is_match: bool
) -> Article | DroppedArticle:
    if entry.doc is not None and is_match:
        return read_article(connection, entry.doc)
    return DroppedArticle(entry.id, entry.slug, entry.reason or "unmatched")
