"""The filters of a query as SQL: terms and words of the query as a whole, other filters a clause each."""

# ruff: noqa: S608 (statements are joined from constants, values are always bound)

import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from service.index.instants import FIRST_DATED, seconds
from service.index.schema import SHIFT, UNDATED
from service.index.search import Clause, Phrase, algorithms, parse, term_token, title_tokens
from service.query import (
    Query,
    TermKey,
    TermName,
    alternative_terms,
    excluded_terms,
    has_kept_count,
    required_terms,
)

EVERY_ROW = range(-(1 << 62), 1 << 62)
_LATEST_SECOND = 1 << 40

_HAS = "EXISTS (SELECT 1 FROM article_terms AS other WHERE other.term = ? AND other.row = {row})"
_HAS_ANY = (
    "EXISTS (SELECT 1 FROM article_terms AS other WHERE other.term IN ({placeholders}) AND other.row = {row})"
)
_NO_MATCH = "v.number NOT IN (SELECT -rowid FROM articles_fts WHERE articles_fts MATCH ?)"
_VISIBLE = "visible AS v"
_WITH_TERM = "article_terms AS c CROSS JOIN visible AS v ON v.row = c.row"
_SEARCHED = "articles_fts CROSS JOIN visible AS v ON v.number = -articles_fts.rowid"

Value = int | str


class Clauses(msgspec.Struct, frozen=True):
    """Conditions on visible rows, with their values."""

    conditions: tuple[str, ...] = ()
    values: tuple[Value, ...] = ()


class RowColumn(msgspec.Struct, frozen=True):
    """A column to sort and bound rows by.

    If it `is_in_full_text`, it holds the negatives of their numbers, which descend as rows ascend.
    """

    name: str
    is_in_full_text: bool = False

    @property
    def without_index(self) -> "RowColumn":
        """The same column, of which SQLite uses no index."""
        return RowColumn(f"+{self.name}", self.is_in_full_text)

    def order(self, *, descending: bool) -> str:
        """The ORDER BY of rows."""
        return f"{self.name} {'DESC' if descending != self.is_in_full_text else 'ASC'}"

    @property
    def row(self) -> str:
        """A column that holds the rows themselves."""
        return _VISIBLE_ROW.name if self.is_in_full_text else self.name

    def among(self, rows: str) -> str:
        """The condition that a row is one of those that the statement `rows` selects."""
        selected = f"SELECT -number FROM visible WHERE row IN ({rows})" if self.is_in_full_text else rows
        return f"{self.name} IN ({selected})"

    def within(self, rows: range) -> Clauses:
        """The conditions that a row is one of `rows`."""
        from_start, before_stop = f"{self.name} >= ?", f"{self.name} < ?"
        if self.is_in_full_text:
            # Numbers that no article has stand for bounds beyond all articles.
            from_start = f"{self.name} <= ifnull(({_FIRST_ROWID}), {EVERY_ROW.start})"
            before_stop = f"{self.name} >= ifnull(({_LAST_ROWID}), {EVERY_ROW.stop})"
        bounds: list[tuple[str, Value]] = []
        if rows.start != EVERY_ROW.start:
            bounds.append((from_start, rows.start))
        if rows.stop != EVERY_ROW.stop:
            bounds.append((before_stop, rows.stop))
        return Clauses(tuple(condition for condition, _ in bounds), tuple(value for _, value in bounds))


_VISIBLE_ROW = RowColumn("v.row")
FULL_TEXT_ROW = RowColumn("articles_fts.rowid", is_in_full_text=True)
_FIRST_ROWID = "SELECT -number FROM visible WHERE row >= ? ORDER BY row LIMIT 1"
_LAST_ROWID = "SELECT -number FROM visible WHERE row < ? ORDER BY row DESC LIMIT 1"


class Selection(msgspec.Struct, frozen=True, kw_only=True):
    """Which rows a query finds: `SELECT … FROM {tables} WHERE {conditions}`, and the bounds of the row.

    `row` and `changed` are the columns to sort and bound by. `kept_count` is the number of rows, if it is
    stored. `changed_from` bounds `changed`, in seconds since 1970. `words` are FTS5 expressions, one for each
    word that every row has; `title_words` find the same words in titles alone. `match` is an expression that
    finds the same rows in the full text alone, but for their bounds; "" if there is none.
    """

    tables: str
    row: RowColumn
    changed: str
    conditions: tuple[str, ...]
    values: tuple[Value, ...]
    rows: range
    kept_count: int | None
    changed_from: int | None
    words: tuple[str, ...]
    title_words: tuple[str, ...]
    match: str
    names: tuple[TermName, ...]


class Bounds(msgspec.Struct, frozen=True):
    """The rows a filter bounds a query to, or from which second since 1970 on they changed."""

    rows: range = EVERY_ROW
    changed_from: int | None = None


BOUNDS: Mapping[str, Callable[[Any], Bounds]] = {
    "year": lambda period: Bounds(_dated(period.first, period.end)),
    "month": lambda period: Bounds(_dated(period.first, period.end)),
    "since": lambda value: Bounds(_dated(first=value)),
    "until": lambda value: Bounds(_dated(end=value)),
    "updated_since": lambda value: Bounds(changed_from=seconds(value)),
}
"""How each filter by an instant bounds a query. Terms and words are joined to one statement in `select`."""

INSTANT_FILTERS = frozenset(BOUNDS)
"""The fields of Query that `is_within` decides."""

CLAUSES: Mapping[str, Callable[[sqlite3.Connection, Any, RowColumn], Clauses]] = {
    "ids": lambda _, ids, row: _listed("id", ids, row),
    "slugs": lambda _, slugs, row: _listed("slug", slugs, row),
    "related": lambda connection, slug, row: _related(connection, slug, row),
}
"""The clauses of each other filter, by its field of Query, given its value and the column of rows."""


def is_within(query: Query, published: int | None, changed: int | None) -> bool:
    """Whether an article with these instants, in seconds since 1970, passes every filter in BOUNDS."""
    given = [bounds_of(value) for field, bounds_of in BOUNDS.items() if (value := getattr(query, field))]
    row = UNDATED if published is None else published
    return all(
        row << SHIFT in within.rows
        and (within.changed_from is None or (changed is not None and changed >= within.changed_from))
        for within in given
    )


def select(query: Query, connection: sqlite3.Connection, visible: int) -> Selection:
    """Select what `query` finds among the `visible` articles of the index."""
    required = [find_term(connection, term) for term in required_terms(query)]
    excluded = [find_term(connection, term) for term in excluded_terms(query)]
    groups = [[find_term(connection, term) for term in terms] for terms in alternative_terms(query)]
    required.sort(key=lambda term: (term.articles, term.number))
    terms = (*required, *excluded, *(term for group in groups for term in group))
    named = dict.fromkeys(term.name for term in terms if term.name)
    conditions: list[str] = []
    values: list[Value] = []
    tables, row, changed = _VISIBLE, _VISIBLE_ROW, "v.changed"
    words = _parse_words(connection, query)
    match = _match_expression(words, required, groups, excluded)
    if words.required:
        # The full text holds the terms, too.
        tables, row = _SEARCHED, FULL_TEXT_ROW
        filters = [Clauses(("articles_fts MATCH ?",), (match,))]
    else:
        others = list(required)
        if required:
            tables, row, changed = _WITH_TERM, RowColumn("c.row"), "c.changed"
            conditions.append("c.term = ?")
            values.append(others.pop(0).number)
        filters = _term_clauses(others, groups, excluded, row.name)
        if words.excluded:
            filters.append(Clauses((_NO_MATCH,), (" OR ".join(words.excluded),)))
        elif query.q.strip() or query.title.strip():
            filters.append(Clauses(("0",)))
            match = ""
    other_filters = [
        clause_of(connection, value, row)
        for field, clause_of in CLAUSES.items()
        if (value := getattr(query, field))
    ]
    for clause in (*filters, *other_filters):
        conditions += clause.conditions
        values += clause.values
    if query.ids or query.slugs:
        # Few articles are named. SQLite would walk a range of rows instead; a plus sign excludes that.
        row, changed = row.without_index, f"+{changed}"
    rows, changed_from = EVERY_ROW, None
    for name, bounds_of in BOUNDS.items():
        if value := getattr(query, name):
            bounds = bounds_of(value)
            rows = range(max(rows.start, bounds.rows.start), min(rows.stop, bounds.rows.stop))
            changed_from = bounds.changed_from if changed_from is None else changed_from
    return Selection(
        tables=tables,
        row=row,
        changed=changed,
        conditions=tuple(conditions),
        values=tuple(values),
        rows=rows,
        kept_count=(required[0].articles if required else visible) if has_kept_count(query) else None,
        changed_from=changed_from,
        words=words.required,
        title_words=words.required_in_title,
        match="" if other_filters else match,
        names=tuple(sorted(named, key=lambda name: (name.kind, name.slug))),
    )


def select_numbers(selection: Selection, numbers: Sequence[int]) -> Selection:
    """The articles with these `numbers`, which `selection` finds, instead of all."""
    return msgspec.structs.replace(
        selection,
        tables=_VISIBLE,
        row=_VISIBLE_ROW.without_index,
        changed="v.changed",
        conditions=("v.number IN (SELECT value FROM json_each(?))",),
        values=(json.dumps(numbers),),
    )


class StoredTerm(msgspec.Struct, frozen=True):
    """A term with the number of articles that carry it; 0, and without a name, if none does."""

    number: int = 0
    articles: int = 0
    name: TermName | None = None


def find_term(connection: sqlite3.Connection, term: TermKey) -> StoredTerm:
    """The term of this kind and slug, if any visible article carries it."""
    row = connection.execute(
        "SELECT term, articles, (SELECT name FROM spellings WHERE spellings.term = terms.term"
        " ORDER BY articles DESC, name LIMIT 1) FROM terms WHERE kind = ? AND slug = ?",
        term,
    ).fetchone()
    if row is None:
        return StoredTerm()
    number, articles, name = row
    return StoredTerm(number, articles, TermName(*term, name or term[1]))


def _term_clauses(
    required: Sequence[StoredTerm],
    groups: Sequence[Sequence[StoredTerm]],
    excluded: Sequence[StoredTerm],
    row: str,
) -> list[Clauses]:
    has = _HAS.format(row=row)
    clauses = [Clauses((has,), (term.number,)) for term in required]
    clauses += [_has_any([term.number for term in group], row) for group in groups]
    return clauses + [Clauses((f"NOT {has}",), (term.number,)) for term in excluded if term.articles]


def _has_any(terms: Sequence[int], row: str) -> Clauses:
    return Clauses((_HAS_ANY.format(placeholders=placeholders(len(terms)), row=row),), tuple(terms))


def _listed(column: str, texts: tuple[str, ...], row: RowColumn) -> Clauses:
    """The visible articles whose id or slug is one of `texts`."""
    listed = f"{column} IN ({placeholders(len(texts))})"
    rows = f"SELECT row FROM documents WHERE {listed} AND row IS NOT NULL"
    return Clauses((row.among(rows),), tuple(map(replace_surrogates, texts)))


def _related(connection: sqlite3.Connection, slug: str, row: RowColumn) -> Clauses:
    """The articles that share a tag with the visible article at `slug`, in its language, without itself."""
    own = connection.execute(
        "SELECT row, language FROM documents WHERE slug = ? AND row IS NOT NULL", (replace_surrogates(slug),)
    ).fetchone()
    if own is None:
        return Clauses(("0",))
    own_row, language = own
    tags = connection.execute(
        "SELECT terms.term FROM terms JOIN article_terms ON article_terms.term = terms.term"
        " WHERE terms.kind = 'tag' AND article_terms.row = ?",
        (own_row,),
    ).fetchall()
    language_term = find_term(connection, ("language", language.partition("-")[0]))
    shared = _has_any([term for (term,) in tags], row.row)
    return Clauses(
        (*shared.conditions, _HAS.format(row=row.row), f"{row.row} != ?"),
        (*shared.values, language_term.number, own_row),
    )


def placeholders(count: int) -> str:
    """Placeholders for `count` values."""
    return ", ".join("?" * count)


def replace_surrogates(text: str) -> str:
    """Text that SQLite accepts: lone surrogates, which are in no slug, id or path, become question marks."""
    return text.encode("utf-8", "replace").decode()


def _dated(first: datetime | None = None, end: datetime | None = None) -> range:
    """The rows published at `first` or later and before `end`; never undated ones."""
    start, stop = seconds(first), seconds(end)
    return range(
        FIRST_DATED if start is None else max(FIRST_DATED, start << SHIFT),
        (_LATEST_SECOND if stop is None else stop) << SHIFT,
    )


class _Words(msgspec.Struct, frozen=True):
    """FTS5 expressions for the words of a query: every one of `required` must match, none of `excluded`."""

    required: tuple[str, ...] = ()
    required_in_title: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()


def _parse_words(connection: sqlite3.Connection, query: Query) -> _Words:
    """The words of a query; nothing is required and nothing excluded if it has none or nothing can match."""
    if not query.q.strip() and not query.title.strip():
        return _Words()
    languages = query.languages or [
        slug for (slug,) in connection.execute("SELECT slug FROM terms WHERE kind = 'language'")
    ]
    names = algorithms(languages)
    required: list[str] = []
    required_in_title: list[str] = []
    excluded: list[str] = []
    for parameter, in_title in (("q", False), ("title", True)):
        text = getattr(query, parameter)
        search = parse(text, names, parameter)
        if text.strip() and not search:
            return _Words()
        required += [_any(clause, in_title=in_title) for clause in search.required]
        required_in_title += [_any(clause, in_title=True) for clause in search.required]
        excluded += [_any(clause, in_title=in_title) for clause in search.excluded]
    return _Words(tuple(required), tuple(required_in_title), tuple(excluded))


def match_words(connection: sqlite3.Connection, query: Query) -> str:
    """The FTS5 expression for the words of a query alone; "" if it requires none."""
    return _match_expression(_parse_words(connection, query), (), (), ())


def _match_expression(
    words: _Words,
    required: Sequence[StoredTerm],
    groups: Sequence[Sequence[StoredTerm]],
    excluded: Sequence[StoredTerm],
) -> str:
    """The FTS5 expression for all words and terms; "" if nothing is required."""
    wanted = [*words.required, *map(_term, required)]
    wanted += [f"({' OR '.join(map(_term, group))})" for group in groups]
    unwanted = [*words.excluded, *map(_term, excluded)]
    if not wanted or not unwanted:
        return " AND ".join(wanted)
    return f"({' AND '.join(wanted)}) NOT ({' OR '.join(unwanted)})"


def _term(term: StoredTerm) -> str:
    # In no other column: a filter of columns would be applied to every match.
    return f'"{term_token(term.number)}"'


def _any(clause: Clause, *, in_title: bool) -> str:
    return f"({' OR '.join(_phrase(phrase, in_title=in_title) for phrase in clause)})"


def _phrase(phrase: Phrase, *, in_title: bool) -> str:
    """Tokens hold letters, digits and marks only, so that nothing in them needs quoting."""
    tokens = " ".join(phrase.tokens)
    return f'"{title_tokens(tokens) if in_title else tokens}"{" *" if phrase.prefix else ""}'


def bounds(selection: Selection, rows: range, row: RowColumn, changed: str) -> tuple[list[str], list[Value]]:
    """Every condition of a selection within `rows`, with `row` and `changed` as the columns to bound."""
    within = row.within(rows)
    conditions = [*selection.conditions, *within.conditions]
    values = [*selection.values, *within.values]
    if selection.changed_from is not None:
        conditions.append(f"{changed} >= ?")
        values.append(selection.changed_from)
    return conditions, values


def statement(selection: Selection, columns: str, conditions: list[str]) -> str:
    """The SELECT of `columns`, without an order."""
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    return f"SELECT {columns} FROM {selection.tables}{where}"
