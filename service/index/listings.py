"""Pages: the articles of a query from a cursor on, the first page of a feed, and archive pages (RFC 5005 §4).

Where an archive page ends is decided by each row alone, so that no change elsewhere moves the end of a page:
a row begins a page by a hash of its key, about one in 64. All pages but those around a change hold the same
rows as before; an end forced by size is followed by an ordinary one at the next such row.
"""

# ruff: noqa: S608 (statements are joined from constants, values are always bound)

import hashlib
import json
import sqlite3
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from operator import neg
from typing import Generic, TypeVar

import msgspec

from service.index.article_row import HEAD_BYTES
from service.index.articles import name_articles, read_article
from service.index.changelog import NEWEST, Changelog, NewestEnd, newest_removal, tombstones
from service.index.instants import bucket, instant, seconds_of
from service.index.keyset import (
    MOST_RANKED,
    TEXT_ORDERS,
    SortKey,
    decode_sort_key,
    first_sort_key,
    intersection,
    last_sort_key,
    ordering,
    ranked_page,
    spans,
)
from service.index.schema import UNDATED, WHERE_UPDATED
from service.index.state import IndexState, Revision
from service.index.where import EVERY_ROW, FULL_TEXT_ROW, Selection, bounds, select, select_numbers, statement
from service.model import Article
from service.query import (
    ArchiveCursor,
    ArchivePage,
    Cursor,
    ListPosition,
    Page,
    Query,
    Sort,
    Tombstone,
    bind,
    given_filters,
    has_archive,
    hash_id,
    logical_query,
)

T = TypeVar("T")

_decode_numbers = msgspec.json.Decoder(list[int]).decode

MOST_COUNTED = 10_000
MOST_READ = 100
"""So many matches of a search are read from `visible` to find their newest change: to read a row of a large
index takes as long as to look through thirty of the last updates."""

MOST_UPDATES = 5000
"""So many articles that were updated are looked through for one that matches."""

NUMBERS_OF_A_SET = 16
"""So many numbers are put into a set in the time in which one is found by bisection."""

ONE_IN = 64
MOST_ROWS = 100
ONE_LISTED_IN = 16
MOST_LISTED = 40
"""As ONE_IN and MOST_ROWS, for the pages of lists by position."""

MOST_LOOKED_AT = 20 * MOST_LISTED
"""After so many articles of which none begins a page, a page ends all the same."""

MOST_TOMBSTONES = 100


class RevisionCache(Generic[T]):
    """What was computed once for a query, whatever its order and page, at one revision.

    Holds at most `max_items` values; it is emptied when it is full or the revision changes.
    """

    def __init__(self, max_items: int = 500) -> None:
        self._max_items = max_items
        self._values: dict[Query, T] = {}
        self._revision: Revision | None = None

    def get(self, revision: Revision, query: Query) -> T | None:
        return self._values.get(_unordered(query)) if revision == self._revision else None

    def put(self, revision: Revision, query: Query, value: T) -> None:
        if revision != self._revision or len(self._values) >= self._max_items:
            self._values = {}
            self._revision = revision
        self._values[_unordered(query)] = value


def _unordered(query: Query) -> Query:
    """Only the filters of `query`."""
    return msgspec.structs.replace(logical_query(query), sort="newest")


def _named_articles(query: Query) -> Iterator[str]:
    """The slugs of articles that `query` filters by."""
    for row, values in given_filters(query):
        if row.kind == "slug":
            yield from values


def count_fitting(sizes: Iterable[int], max_bytes: int) -> int:
    """How many of these sizes, from the first on, fit into `max_bytes`; always at least one."""
    count, room = 0, max_bytes
    for size in sizes:
        room -= size
        if room < 0 and count:
            break
        count += 1
    return count


class PageRow(msgspec.Struct, frozen=True):
    """One row of a page; `text_key` is its key in an order by text."""

    row: int
    doc: int
    id: str
    changed: int
    text_key: str

    def sort_key(self, sort: Sort) -> SortKey:
        if sort in TEXT_ORDERS:
            return SortKey(self.text_key, self.id)
        if sort == "updated":
            return SortKey(None if self.changed == UNDATED else self.changed, self.id)
        return SortKey(seconds_of(self.row), self.id)

    @property
    def position(self) -> ListPosition:
        return ListPosition(seconds_of(self.row), hash_id(self.id))


class PageRows(msgspec.Struct, frozen=True):
    """The rows of a page, and the first one beyond it in the direction of its cursor."""

    page: list[PageRow]
    further: PageRow | None


class Totals(msgspec.Struct, frozen=True):
    """How many rows a query finds (None: more than MOST_COUNTED), and the newest change or removal."""

    count: int | None
    changed: int | None


def find(
    connection: sqlite3.Connection,
    query: Query,
    limit: int,
    known_totals: RevisionCache[Totals],
    max_bytes: int | None = None,
) -> Page:
    """The page of `query`, of at most `limit` articles and about `max_bytes`, but at least one article.

    Raises StaleCursor, InvalidParameter (a cursor that its order never gives).
    """
    state = IndexState.read(connection)
    selection = select(query, connection, state.articles)
    totals = known_totals.get(state.revision, query)
    numbers = None
    if totals is None:
        if selection.kept_count is None:
            numbers = read_matches(connection, selection, MOST_COUNTED + 1)
        totals = _count(connection, selection) if numbers is None else _count_matches(connection, numbers)
        removed = newest_removal(connection, query, state.transition)
        totals = Totals(totals.count, _later(totals.changed, removed))
        known_totals.put(state.revision, query, totals)
    position = None
    if query.sort == "relevance":
        newest = _read_newest(connection, selection, MOST_RANKED) if numbers is None else numbers
        docs, next_cursor, previous_cursor = ranked_page(
            connection, selection, newest, totals.count, query, limit
        )
    else:
        if numbers is not None and query.sort == "newest" and query.cursor is None:
            selection = select_numbers(selection, numbers[: limit + 1])
        page_rows, next_cursor, previous_cursor = _keyset_page(
            connection, selection, query, limit, totals, max_bytes
        )
        docs = [row.doc for row in page_rows.page]
        if page_rows.further and query.sort == "newest" and query.cursor is None:
            position = page_rows.further.position
    return Page(
        articles=tuple(read_article(connection, doc) for doc in docs),
        total=totals.count,
        total_at_least=MOST_COUNTED if totals.count is None else None,
        next_cursor=next_cursor,
        previous_cursor=previous_cursor,
        next_position=position,
        modified=instant(totals.changed),
        names=(*selection.names, *name_articles(connection, _named_articles(query))),
    )


def find_first(
    connection: sqlite3.Connection, query: Query, limit: int, most: int, is_wanted: Callable[[Article], bool]
) -> tuple[Article, ...]:
    """The first `limit` articles that are wanted, of the first `most` of `query`, which are not counted."""
    selection = select(query, connection, IndexState.read(connection).articles)
    rows = _rows(connection, selection, query.sort, None, False, most, False)
    # Read one by one: usually the first ones are wanted.
    articles = (read_article(connection, row.doc) for row in rows)
    return tuple(islice(filter(is_wanted, articles), limit))


def _keyset_page(
    connection: sqlite3.Connection,
    selection: Selection,
    query: Query,
    limit: int,
    totals: Totals,
    max_bytes: int | None,
) -> tuple[PageRows, Cursor | None, Cursor | None]:
    cursor, sort = query.cursor, query.sort
    position = decode_sort_key(cursor, sort) if cursor else None
    backwards = cursor is not None and cursor.backwards
    few = totals.count is not None and selection.kept_count is None

    def has_rows(position: SortKey, backwards: bool) -> bool:
        return bool(_rows(connection, selection, sort, position, backwards, 1, few))

    def cursor_at(position: SortKey, backwards: bool) -> Cursor:
        return Cursor(backwards, position.key, position.id, bind(query))

    rows = _rows(connection, selection, sort, position, backwards, limit + 1, few)
    if max_bytes is not None:
        sizes = (feed_bytes(connection, row.doc, query) for row in rows[:limit])
        limit = count_fitting(sizes, max_bytes)
    has_more = len(rows) > limit
    page_rows = rows[:limit][:: -1 if backwards else 1]
    end_of_order = first_sort_key(sort) if backwards else last_sort_key(sort)
    first = page_rows[0].sort_key(sort) if page_rows else end_of_order
    last = page_rows[-1].sort_key(sort) if page_rows else first
    has_next = has_rows(last, False) if backwards else has_more
    has_previous = has_more if backwards else position is not None and has_rows(first, True)
    next_cursor = cursor_at(last, False) if has_next else None
    previous_cursor = cursor_at(first, True) if has_previous else None
    return PageRows(page_rows, rows[limit] if has_more else None), next_cursor, previous_cursor


def _rows(
    connection: sqlite3.Connection,
    selection: Selection,
    sort: Sort,
    position: SortKey | None,
    backwards: bool,
    limit: int,
    few: bool,
) -> list[PageRow]:
    """At most `limit` rows from `position` on; if they are `few`, SQLite may find all and then sort."""
    row, changed = selection.row, selection.changed
    # SQLite cannot know which of two indexes is better; a plus sign excludes one of them.
    if sort == "updated" or sort in TEXT_ORDERS:
        row = row if few else row.without_index
    elif selection.changed_from is not None:
        row, changed = (row.without_index, changed) if few else (row, f"+{changed}")
    order = ordering(sort, backwards, row, changed)
    columns = f"v.row, v.doc, v.id, v.changed, {TEXT_ORDERS.get(sort, repr(''))}"
    rows: list[PageRow] = []
    for span in spans(connection, sort, position, backwards, selection.changed):
        within = intersection(span.rows, selection.rows)
        if within and len(rows) < limit:
            conditions, values = bounds(selection, within, row, changed)
            if span.condition:
                conditions.append(span.condition)
                values += span.values
            text = statement(selection, columns, conditions)
            values.append(limit - len(rows))
            answer = connection.execute(f"{text} ORDER BY {order} LIMIT ?", values)
            rows += [PageRow(*row_values) for row_values in answer]
    return rows


def _count(connection: sqlite3.Connection, selection: Selection) -> Totals:
    if selection.kept_count is not None:
        return Totals(selection.kept_count, _newest_change(connection, selection))
    conditions, values = bounds(selection, selection.rows, selection.row, selection.changed)
    rows = statement(selection, f"{selection.changed} AS changed", conditions)
    counted, changed = connection.execute(
        f"SELECT count(*), max(changed) FROM ({rows} LIMIT ?)", (*values, MOST_COUNTED + 1)
    ).fetchone()
    if counted <= MOST_COUNTED:
        return Totals(counted, changed)
    return Totals(None, _newest_change(connection, selection))


def read_matches(connection: sqlite3.Connection, selection: Selection, most: int) -> list[int] | None:
    """The numbers of the newest `most` articles that are selected, newest first.

    None where the full text alone does not tell. To read a row of a table takes longer.
    """
    if not selection.match or selection.changed_from is not None:
        return None
    # One array, since 10,000 rows take three times as long to fetch.
    within = FULL_TEXT_ROW.within(selection.rows)
    conditions = " AND ".join(("articles_fts MATCH ?", *within.conditions))
    (found,) = connection.execute(
        "SELECT json_group_array(-rowid) FROM"
        f" (SELECT rowid FROM articles_fts WHERE {conditions} ORDER BY rowid LIMIT ?)",
        (selection.match, *within.values, most),
    ).fetchone()
    return sorted(_decode_numbers(found), reverse=True)


def _count_matches(connection: sqlite3.Connection, numbers: list[int]) -> Totals:
    """The totals of a search that finds `numbers`, as `read_matches` gives them."""
    count = len(numbers) if len(numbers) <= MOST_COUNTED else None
    # Few matches are read one by one; of many, one is soon found among the last changes, unless all are old.
    if len(numbers) > MOST_READ:
        # The newest match changed when it was published, or later: no older update is the newest change.
        (newest_row,) = connection.execute(
            "SELECT row FROM visible WHERE number = ?", (numbers[0],)
        ).fetchone()
        published = seconds_of(newest_row)
        since = UNDATED if published is None else published
        last_updates = connection.execute(
            f"SELECT number, changed FROM visible INDEXED BY visible_updated {WHERE_UPDATED} AND changed > ?"
            " ORDER BY changed DESC LIMIT ?",
            (since, MOST_UPDATES),
        ).fetchall()
        is_set_slower = len(numbers) > len(last_updates) * NUMBERS_OF_A_SET
        is_match = partial(_is_among, numbers) if is_set_slower else set(numbers).__contains__
        for number, changed in last_updates:
            if is_match(number):
                return Totals(count, changed)
        if len(last_updates) < MOST_UPDATES:
            return Totals(count, since)
    (newest,) = connection.execute(
        "SELECT max(changed) FROM visible WHERE number IN (SELECT value FROM json_each(?))",
        (json.dumps(numbers),),
    ).fetchone()
    return Totals(count, newest)


def _is_among(descending_numbers: Sequence[int], number: int) -> bool:
    place = bisect_left(descending_numbers, -number, key=neg)
    return place < len(descending_numbers) and descending_numbers[place] == number


def _read_newest(connection: sqlite3.Connection, selection: Selection, limit: int) -> list[int]:
    """The numbers of the newest `limit` articles that are selected, newest first."""
    numbers = read_matches(connection, selection, limit)
    if numbers is None:
        found = _select_newest(connection, selection, "v.number", selection.rows, limit)
        numbers = [number for (number,) in found]
    return numbers


def _select_newest(
    connection: sqlite3.Connection, selection: Selection, columns: str, rows: range, limit: int
) -> sqlite3.Cursor:
    """`columns` of the newest `limit` of `rows` that are selected, newest first."""
    conditions, values = bounds(selection, rows, selection.row, selection.changed)
    text = statement(selection, columns, conditions)
    order = selection.row.order(descending=True)
    return connection.execute(f"{text} ORDER BY {order} LIMIT ?", (*values, limit))


def _newest_change(connection: sqlite3.Connection, selection: Selection) -> int | None:
    row = selection.row.without_index if selection.rows != EVERY_ROW else selection.row
    conditions, values = bounds(selection, selection.rows, row, selection.changed)
    rows = statement(selection, selection.changed, conditions)
    row_found = connection.execute(f"{rows} ORDER BY {selection.changed} DESC LIMIT 1", values).fetchone()
    return None if row_found is None else int(row_found[0])


def _later(changed: int | None, removed: int | None) -> int | None:
    return max((moment for moment in (changed, removed) if moment is not None), default=None)


def feed_bytes(connection: sqlite3.Connection, doc: int, query: Query) -> int:
    """The estimated size of an article in a feed."""
    columns = "SELECT rest_bytes, text_bytes FROM documents WHERE doc = ?"
    rest, text = connection.execute(columns, (doc,)).fetchone() or (0, 0)
    return int(rest) + (int(text) if query.content == "full" else 0)


def begins_page(position: ArchiveCursor | ListPosition, one_in: int = ONE_IN) -> bool:
    """Whether a page begins at the row with this key, whatever precedes it; one in so many rows does."""
    digest = hashlib.sha256("{} {}".format(*position.key).encode()).hexdigest()
    return int(digest[:8], 16) % one_in == 0


def page_length(rows: Sequence[tuple[ArchiveCursor, int]], max_bytes: int) -> int:
    """How many of `rows`, from the first on, one archive page holds; each row is given with its size.

    It ends before the next row that begins a page, after MOST_ROWS, or before the row that would exceed
    `max_bytes`.
    """
    fitting = count_fitting((size for _, size in rows[:MOST_ROWS]), max_bytes)
    return next((number for number in range(1, fitting) if begins_page(rows[number][0])), fitting)


def find_from(connection: sqlite3.Connection, query: Query, position: ListPosition) -> Page:
    """The page of `query`, newest first, that begins at `position`; `listed_length` says where it ends.

    If there is no article at `position`, the page begins with those of the same second.
    """
    selection = select(query, connection, IndexState.read(connection).articles)
    room = intersection(range(EVERY_ROW.start, _row_at(connection, position) + 1), selection.rows)
    columns = "v.row, v.doc, v.id, v.changed, ''"
    answer = _select_newest(connection, selection, columns, room, MOST_LOOKED_AT)
    rows: list[PageRow] = []
    ends = False
    for row_values in answer:
        rows.append(PageRow(*row_values))
        ends = len(rows) > 1 and begins_page(rows[-1].position, ONE_LISTED_IN)
        if ends:
            break
    length = listed_length(len(rows) - 1 if ends else len(rows))
    return Page(
        articles=tuple(read_article(connection, row.doc) for row in rows[:length]),
        total=None,
        next_position=rows[length].position if length < len(rows) else None,
        modified=instant(max((row.changed for row in rows[:length]), default=None)),
        names=selection.names,
    )


def listed_length(rows: int) -> int:
    """How many articles a page has after which so many rows remain until the next one that begins a page.

    More than MOST_LISTED are divided from their older end, so that an article that arrives at the newer end,
    as most do, moves no page.
    """
    return (rows - 1) % MOST_LISTED + 1 if rows else 0


def _row_at(connection: sqlite3.Connection, position: ListPosition) -> int:
    """The row of the article at `position`, if it is visible, else the last row of its second."""
    room = bucket(position.published)
    ids = connection.execute(
        "SELECT row, id FROM visible WHERE row >= ? AND row < ? ORDER BY row", (room.start, room.stop)
    )
    return next(
        (int(row) for row, article_id in ids if hash_id(article_id) == position.id_hash), room.stop - 1
    )


def find_feed_page(
    connection: sqlite3.Connection,
    query: Query,
    limit: int,
    max_bytes: int,
    known_totals: RevisionCache[Totals],
    known_ends: RevisionCache[NewestEnd],
) -> Page:
    """The page of `query`, of at most `max_bytes`; the first with its tombstones and its first archive page.

    A search or an interval has no changelog, but gives the tombstones of the articles it selects from.
    """
    room = max_bytes - HEAD_BYTES
    if query.cursor:
        return find(connection, query, limit, known_totals, room)
    state = IndexState.read(connection)
    changelog = Changelog(connection, query, state.transition)
    removals = changelog.removals(NEWEST, MOST_TOMBSTONES + 1)
    room -= sum(row.size for row in removals[:MOST_TOMBSTONES])
    page = find(connection, query, limit, known_totals, room)
    page_tombstones = _tombstones_on(page, tombstones(removals[:MOST_TOMBSTONES]))
    is_whole = page.next_cursor is None and len(page_tombstones) == len(removals)
    archive = None
    if has_archive(query) and not is_whole and (rows := changelog.rows(NEWEST, 1)):
        end = _find_newest_end(changelog, state, query, known_ends)
        archive = end.with_window(rows[0].position)
    return msgspec.structs.replace(page, tombstones=page_tombstones, archive=archive)


def archive_page(
    connection: sqlite3.Connection,
    query: Query,
    position: ArchiveCursor,
    max_bytes: int,
    known_ends: RevisionCache[NewestEnd],
) -> ArchivePage:
    """The archive page of `query` that begins at `position`, of about `max_bytes` at most."""
    state = IndexState.read(connection)
    changelog = Changelog(connection, query, state.transition)
    rows = changelog.rows(position.key, MOST_ROWS + 1)
    length = page_length([(row.position, row.size) for row in rows], max_bytes - HEAD_BYTES)
    end = _find_newest_end(changelog, state, query, known_ends)
    next_position = rows[length].position if length < len(rows) else None
    return ArchivePage(
        position=end.with_window(position),
        articles=tuple(read_article(connection, row.doc) for row in rows[:length] if row.tombstone is None),
        tombstones=tombstones(rows[:length]),
        next=end.with_window(next_position) if next_position else None,
        is_cut_by_size=next_position is not None and length < MOST_ROWS and not begins_page(next_position),
    )


def _find_newest_end(
    changelog: Changelog, state: IndexState, query: Query, known_ends: RevisionCache[NewestEnd]
) -> NewestEnd:
    end = known_ends.get(state.revision, query)
    if end is None:
        end = changelog.newest_end()
        known_ends.put(state.revision, query, end)
    return end


def _tombstones_on(page: Page, removed: tuple[Tombstone, ...]) -> tuple[Tombstone, ...]:
    """Those not older than the page's oldest article; all of them on the last page, or if one is undated."""
    dates = [article.published for article in page.articles if article.published is not None]
    if page.next_cursor is None or len(dates) < len(page.articles):
        return removed
    return tuple(tombstone for tombstone in removed if tombstone.at >= min(dates))
