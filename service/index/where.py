"""The filters of a query as SQL: terms and words of the query as a whole, other filters a clause each."""

# ruff: noqa: S608 (statements are joined from constants, values are always bound)

import sqlite3
from collections.abc import Callable, Mapping
from datetime import datetime

import msgspec

from service.index.analyser import algorithm
from service.index.instants import FIRST_DATED, seconds
from service.index.schema import SHIFT
from service.index.search import Clause, Phrase, parse
from service.query import FacetKind, Query, TermName, excluded_terms, is_quick, required_terms

EVERY_ROW = range(-(1 << 62), 1 << 62)
_LATEST_SECOND = 1 << 40

_HAS = "EXISTS (SELECT 1 FROM article_terms AS other WHERE other.term = ? AND other.row = {row})"
_VISIBLE = "visible AS v"
_CARRIED = "article_terms AS c CROSS JOIN visible AS v ON v.row = c.row"
_SEARCHED = "articles_fts CROSS JOIN visible AS v ON v.row = articles_fts.rowid"

Value = int | str


class Selection(msgspec.Struct, frozen=True, kw_only=True):
    """Which rows a query finds: `SELECT … FROM {tables} WHERE {conditions}`, and the bounds of the row.

    `row` and `changed` are the columns to sort and bound by. `kept` is the number of rows where it is kept.
    `changed_from` bounds `changed`, in seconds since 1970; `searches` when it is a full-text search.
    """

    tables: str
    row: str
    changed: str
    conditions: tuple[str, ...]
    values: tuple[Value, ...]
    rows: range
    kept: int | None
    changed_from: int | None
    searches: bool
    names: tuple[TermName, ...]


class Bounds(msgspec.Struct, frozen=True):
    """The rows a filter bounds a query to, or from which second since 1970 on they changed."""

    rows: range = EVERY_ROW
    changed_from: int | None = None


BOUNDS: Mapping[str, Callable[[datetime], Bounds]] = {
    "since": lambda value: Bounds(_dated(first=seconds(value))),
    "until": lambda value: Bounds(_dated(last=seconds(value))),
    "updated_since": lambda value: Bounds(changed_from=seconds(value)),
}
"""How each filter by an instant bounds a query. Terms and words are joined to one statement in `select`."""


def select(query: Query, connection: sqlite3.Connection, visible: int) -> Selection:
    """Select what `query` finds among the `visible` articles of the index."""
    required = [known_term(connection, kind, slug) for kind, slug in required_terms(query)]
    excluded = [known_term(connection, kind, slug) for kind, slug in excluded_terms(query)]
    required.sort(key=lambda term: (term.articles, term.number))
    named = dict.fromkeys(term.name for term in (*required, *excluded) if term.name)
    conditions: list[str] = []
    values: list[Value] = []
    tables, row, changed = _VISIBLE, "v.row", "v.changed"
    others = list(required)
    if query.q.strip():
        match, negated = _match(connection, query.q, query.language)
        if match and not negated:
            tables, row = _SEARCHED, "articles_fts.rowid"
            conditions.append("articles_fts MATCH ?")
            values.append(match)
        elif match:
            conditions.append("v.row NOT IN (SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?)")
            values.append(match)
        else:
            conditions.append("0")
    if required and tables == _VISIBLE:
        tables, row, changed = _CARRIED, "c.row", "c.changed"
        conditions.append("c.term = ?")
        values.append(others.pop(0).number)
    has = _HAS.format(row=row)
    conditions += [has for _ in others] + [f"NOT {has}" for term in excluded if term.articles]
    values += [term.number for term in (*others, *(term for term in excluded if term.articles))]
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
        kept=(required[0].articles if required else visible) if is_quick(query) else None,
        changed_from=changed_from,
        searches=tables == _SEARCHED,
        names=tuple(sorted(named, key=lambda name: (name.kind, name.slug))),
    )


class StoredTerm(msgspec.Struct, frozen=True):
    """A term with the number of articles that carry it; none, and no name, where nothing does."""

    number: int = 0
    articles: int = 0
    name: TermName | None = None


def known_term(connection: sqlite3.Connection, kind: FacetKind, slug: str) -> StoredTerm:
    """The term of this kind and slug, as far as anything carries it."""
    found = connection.execute(
        "SELECT term, articles, (SELECT name FROM spellings WHERE spellings.term = terms.term"
        " ORDER BY articles DESC, name LIMIT 1) FROM terms WHERE kind = ? AND slug = ?",
        (kind, slug),
    ).fetchone()
    if found is None:
        return StoredTerm()
    number, articles, name = found
    return StoredTerm(number, articles, TermName(kind, slug, name or slug))


def _dated(first: int | None = None, last: int | None = None) -> range:
    """The rows published from second `first` on and before second `last`; undated ones never."""
    start = FIRST_DATED if first is None else max(FIRST_DATED, first << SHIFT)
    return range(start, (_LATEST_SECOND if last is None else last) << SHIFT)


def _match(connection: sqlite3.Connection, q: str, language: str | None) -> tuple[str, bool]:
    """The FTS5 expression for a search, and whether it says what must *not* match; "" when nothing can."""
    if language is None:
        rows = connection.execute("SELECT slug FROM terms WHERE kind = 'language'")
        names = sorted({algorithm(slug) or "" for (slug,) in rows} - {""})
    else:
        names = [name for name in (algorithm(language),) if name]
    search = parse(q, names)
    required = " AND ".join(_any(clause) for clause in search.required)
    excluded = " OR ".join(_any(clause) for clause in search.excluded)
    if required and excluded:
        return f"({required}) NOT ({excluded})", False
    return required or excluded, not required


def _any(clause: Clause) -> str:
    return f"({' OR '.join(_phrase(phrase) for phrase in clause)})"


def _phrase(phrase: Phrase) -> str:
    """Tokens hold letters, digits and marks only, so that nothing in them needs quoting."""
    quoted = f'"{" ".join(phrase.tokens)}"'
    # A prefix looks at words alone: the beginning of a stem is the beginning of other words too.
    return f"{{title text names}} : {quoted} *" if phrase.prefix else quoted


def bounds(selection: Selection, rows: range, row: str, changed: str) -> tuple[list[str], list[Value]]:
    """Every condition of a selection within `rows`, with `row` and `changed` as the columns to bound."""
    conditions, values = list(selection.conditions), list(selection.values)
    if rows.start != EVERY_ROW.start:
        conditions.append(f"{row} >= ?")
        values.append(rows.start)
    if rows.stop != EVERY_ROW.stop:
        conditions.append(f"{row} < ?")
        values.append(rows.stop)
    if selection.changed_from is not None:
        conditions.append(f"{changed} >= ?")
        values.append(selection.changed_from)
    return conditions, values


def statement(selection: Selection, columns: str, conditions: list[str]) -> str:
    """The SELECT of `columns`, without an order."""
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    return f"SELECT {columns} FROM {selection.tables}{where}"
