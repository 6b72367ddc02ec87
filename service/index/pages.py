"""Pages: the rows of one query from one place on, with what stands before, after and around them."""

# ruff: noqa: S608 (statements are joined from constants, values are always bound)

import sqlite3
from collections.abc import Iterable
from typing import Any, Generic, TypeVar

import msgspec

from service.index.changelog import newest_removal
from service.index.connection import IncompatibleIndex
from service.index.instants import instant, seconds_of
from service.index.keyset import SortKey, beginning, common, end, ordering, place_of, ranked_page, spans
from service.index.schema import UNDATED
from service.index.state import IndexState, Revision
from service.index.visibility import before_update, decode
from service.index.where import EVERY_ROW, Selection, bounds, select, statement
from service.model import Article, Translation
from service.query import Cursor, Page, Query, Sort, bind

T = TypeVar("T")


class QueryMemory(Generic[T]):
    """Holds at most `most` values, all of one revision; when it moves on, or is full, all are forgotten."""

    def __init__(self, most: int = 500) -> None:
        self._most = most
        self._held: dict[Query, T] = {}
        self._revision: Revision | None = None

    def get(self, revision: Revision, query: Query) -> T | None:
        return self._held.get(_bare(query)) if revision == self._revision else None

    def put(self, revision: Revision, query: Query, value: T) -> None:
        if revision != self._revision or len(self._held) >= self._most:
            self._held = {}
            self._revision = revision
        self._held[_bare(query)] = value


def _bare(query: Query) -> Query:
    """Which articles, and nothing of their order or how much of them."""
    return msgspec.structs.replace(
        query, sort="newest", limit=None, cursor=None, archive=None, content="full", fields=()
    )


def fitting(weights: Iterable[int], most_bytes: int) -> int:
    """How many of these weights, from the first on, fit into `most_bytes`; always at least one."""
    count, room = 0, most_bytes
    for weight in weights:
        room -= weight
        if room < 0 and count:
            break
        count += 1
    return count


MOST_COUNTED = 10_000


_ARTICLE = """
SELECT slug, id, article, translation, pending_update_at
FROM documents CROSS JOIN articles USING (doc) WHERE doc = ?
"""


_TRANSLATIONS = """
SELECT slug, language FROM documents
WHERE translation = ? AND slug != ? AND row IS NOT NULL ORDER BY language, slug
"""


class Found(msgspec.Struct, frozen=True):
    """One row of an answer."""

    row: int
    doc: int
    id: str
    changed: int

    def place(self, sort: Sort) -> SortKey:
        if sort == "updated":
            return SortKey(None if self.changed == UNDATED else self.changed, self.id)
        return SortKey(seconds_of(self.row), self.id)


class Sum(msgspec.Struct, frozen=True):
    """How many rows a query finds (None: more than MOST_COUNTED), and the newest change or departure."""

    total: int | None
    changed: int | None


def find(
    connection: sqlite3.Connection,
    state: IndexState,
    query: Query,
    limit: int,
    sums: QueryMemory[Sum],
    most_bytes: int | None = None,
) -> Page:
    """The page of `query`, of at most `limit` articles and about `most_bytes`, but at least one article.

    Raises StaleCursor, InvalidParameter (a cursor no walk of ours has given).
    """
    selection = select(query, connection, state.articles)
    found = sums.get(state.revision, query)
    if found is None:
        found = _sum(connection, selection)
        left = newest_removal(connection, query, state.transition)
        found = msgspec.structs.replace(found, changed=_later(found.changed, left))
        sums.put(state.revision, query, found)
    if query.sort == "relevance":
        docs, following, preceding = ranked_page(connection, selection, query, limit)
    else:
        docs, following, preceding = _page(connection, selection, query, limit, found, most_bytes)
    return Page(
        articles=tuple(read(connection, doc) for doc in docs),
        total=found.total,
        total_at_least=MOST_COUNTED if found.total is None else None,
        next=following,
        previous=preceding,
        modified=instant(found.changed),
        names=selection.names,
    )


def _page(
    connection: sqlite3.Connection,
    selection: Selection,
    query: Query,
    limit: int,
    found: Sum,
    most_bytes: int | None,
) -> tuple[list[int], Cursor | None, Cursor | None]:
    cursor, sort = query.cursor, query.sort
    place = place_of(cursor) if cursor else None
    backwards = cursor is not None and cursor.backwards
    few = found.total is not None and selection.kept is None

    def rows(place: SortKey | None, backwards: bool, limit: int) -> list[Found]:
        return _rows(connection, selection, sort, place, backwards, limit, few)

    def lies(place: SortKey, backwards: bool) -> bool:
        return bool(rows(place, backwards, 1))

    def at(place: SortKey, backwards: bool) -> Cursor:
        return Cursor(backwards, place.key, place.id, bind(query))

    onward = rows(place, backwards, limit + 1)
    if most_bytes is not None:
        weights = (_weight(connection, row.doc, query) for row in onward[:limit])
        limit = fitting(weights, most_bytes)
    more = len(onward) > limit
    shown = onward[:limit][:: -1 if backwards else 1]
    first = shown[0].place(sort) if shown else (beginning(sort) if backwards else end(sort))
    last = shown[-1].place(sort) if shown else first
    follows = lies(last, False) if backwards else more
    precedes = more if backwards else place is not None and lies(first, True)
    following, preceding = at(last, False) if follows else None, at(first, True) if precedes else None
    return [row.doc for row in shown], following, preceding


def _rows(
    connection: sqlite3.Connection,
    selection: Selection,
    sort: Sort,
    place: SortKey | None,
    backwards: bool,
    limit: int,
    few: bool,
) -> list[Found]:
    """At most `limit` rows from `place` on; `few`: all there are may be found first, then sorted."""
    row, changed = selection.row, selection.changed
    # Of two indexes SQLite cannot know the better one; a plus sign takes one out of its choice.
    if sort == "updated":
        row = row if few else f"+{row}"
    elif selection.changed_from is not None:
        row, changed = (f"+{row}", changed) if few else (row, f"+{changed}")
    order = ordering(sort, backwards, row, changed)
    found: list[Found] = []
    for span in spans(connection, sort, place, backwards, selection.changed):
        within = common(span.rows, selection.rows)
        if within and len(found) < limit:
            conditions, values = bounds(selection, within, row, changed)
            if span.condition:
                conditions.append(span.condition)
                values += span.values
            text = statement(selection, "v.row, v.doc, v.id, v.changed", conditions)
            values.append(limit - len(found))
            answer = connection.execute(f"{text} ORDER BY {order} LIMIT ?", values)
            found += [Found(*one) for one in answer]
    return found


def _sum(connection: sqlite3.Connection, selection: Selection) -> Sum:
    if selection.kept is not None:
        return Sum(selection.kept, _newest_change(connection, selection))
    conditions, values = bounds(selection, selection.rows, selection.row, selection.changed)
    rows = statement(selection, f"{selection.changed} AS changed", conditions)
    if selection.searches:
        rows += " ORDER BY articles_fts.rowid DESC"
    counted, changed = connection.execute(
        f"SELECT count(*), max(changed) FROM ({rows} LIMIT ?)",
        (*values, MOST_COUNTED + 1),
    ).fetchone()
    if counted <= MOST_COUNTED:
        return Sum(counted, changed)
    # Sorting all a common word finds would take long: there, the newest matches speak for all.
    return Sum(None, changed if selection.searches else _newest_change(connection, selection))


def _newest_change(connection: sqlite3.Connection, selection: Selection) -> int | None:
    row = f"+{selection.row}" if selection.rows != EVERY_ROW else selection.row
    conditions, values = bounds(selection, selection.rows, row, selection.changed)
    rows = statement(selection, selection.changed, conditions)
    found = connection.execute(f"{rows} ORDER BY {selection.changed} DESC LIMIT 1", values).fetchone()
    return None if found is None else int(found[0])


def _later(one: int | None, other: int | None) -> int | None:
    return max((known for known in (one, other) if known is not None), default=None)


def _weight(connection: sqlite3.Connection, doc: int, query: Query) -> int:
    columns = "SELECT rest_bytes, text_bytes FROM documents WHERE doc = ?"
    rest, text = connection.execute(columns, (doc,)).fetchone() or (0, 0)
    return int(rest) + (int(text) if query.content == "full" else 0)


def read(connection: sqlite3.Connection, doc: int) -> Article:
    """The stored article `doc`, which is visible."""
    found = connection.execute(_ARTICLE, (doc,)).fetchone()
    if found is None:
        raise IncompatibleIndex("it is damaged (a visible article is missing)")
    return article(connection, *found)


def article(
    connection: sqlite3.Connection,
    slug: str,
    article_id: str,
    blob: Any,
    translation: str | None,
    pending_update_at: int | None,
) -> Article:
    """A visible article with the slug and id it was given, and its visible translations by language."""
    found = decode(blob) if pending_update_at is None else before_update(decode(blob))
    others: tuple[Translation, ...] = ()
    if translation is not None:
        rows = connection.execute(_TRANSLATIONS, (translation, slug)).fetchall()
        others = tuple(Translation(language, name) for name, language in rows)
    return msgspec.structs.replace(found, slug=slug, id=article_id, translations=others)
