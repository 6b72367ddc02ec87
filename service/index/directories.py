"""Directories of all visible articles: terms with their counts, months (the site's time zone) with theirs.

The months of a sitemap are those of UTC.
"""

# ruff: noqa: S608 (statements are joined from constants, values are always bound)

import re
import sqlite3
from bisect import bisect_left
from datetime import datetime
from itertools import accumulate
from typing import get_args
from zoneinfo import ZoneInfo

import msgspec

from service.index.articles import read_article
from service.index.instants import FIRST_DATED, bucket, instant, seconds, seconds_of
from service.index.schema import SHIFT
from service.index.tables.sitemap_parts import LAST_ROW, month_around, rows_of_month
from service.index.where import replace_surrogates
from service.model import Article
from service.query import ArchiveMonths, Facet, FacetKind, MonthCount, month_period

_USUAL_NAME = (
    "(SELECT name FROM spellings WHERE spellings.term = terms.term ORDER BY articles DESC, name LIMIT 1)"
    " AS name"
)
# Each term by all its names, the most used first: a join is faster than a subquery for each term.
_FACETS = """
SELECT slug, name, terms.articles FROM terms CROSS JOIN spellings USING (term) WHERE kind = ?
ORDER BY terms.articles DESC, slug, spellings.articles DESC, name
"""
_LAST_CHARACTER = "\U0010ffff"

UNDATED_MONTH = "undated"


class SitemapMonth(msgspec.Struct, frozen=True):
    """Up to PART_ARTICLES visible articles of one month (UTC), and when any of them last changed.

    `name` is the month and, where it fills several, a number: `2019-01`, `2019-01.2`, `undated`.
    """

    name: str
    articles: int
    changed: datetime | None


_NAME = re.compile(r"(?:([0-9]{4})-(0[1-9]|1[0-2])|undated)(?:\.([1-9][0-9]{0,5}))?", re.ASCII)


def sitemap_months(connection: sqlite3.Connection) -> tuple[SitemapMonth, ...]:
    """Every month with articles, in order of publication; the undated articles come last."""
    dated: list[SitemapMonth] = []
    undated: list[SitemapMonth] = []
    rows, name, number = range(0), "", 1
    for first_row, articles, changed in connection.execute(
        "SELECT first_row, articles, changed FROM sitemap_parts ORDER BY first_row"
    ):
        if first_row in rows:
            number += 1
        else:
            rows, number = month_around(first_row), 1
            first = instant(seconds_of(first_row))
            name = UNDATED_MONTH if first is None else f"{first.year:04}-{first.month:02}"
        months = undated if first_row < FIRST_DATED else dated
        numbered = name if number == 1 else f"{name}.{number}"
        months.append(SitemapMonth(numbered, articles, instant(changed)))
    return (*dated, *undated)


def sitemap_articles(connection: sqlite3.Connection, name: str) -> tuple[Article, ...]:
    """The articles of the month `name`, in order of publication."""
    match = _NAME.fullmatch(name)
    if not match or match[1] == "0000":
        return ()
    rows = rows_of_month(int(match[1]), int(match[2])) if match[1] else bucket(None)
    part = connection.execute(
        "SELECT first_row, articles FROM sitemap_parts WHERE first_row >= ? AND first_row < ?"
        " ORDER BY first_row LIMIT 1 OFFSET ?",
        (rows.start, rows.stop, int(match[3] or 1) - 1),
    ).fetchone()
    docs = "SELECT doc FROM visible WHERE row >= ? ORDER BY row LIMIT ?"
    return tuple(read_article(connection, doc) for (doc,) in connection.execute(docs, part)) if part else ()


def count_months(connection: sqlite3.Connection, zone: ZoneInfo) -> ArchiveMonths:
    """How many articles were published in each month of `zone`, newest first."""
    counts = _PartCounts(connection)
    months: list[MonthCount] = []
    undated = before_month = counts.before(FIRST_DATED)
    row: int | None = FIRST_DATED
    while row is not None and (first := _first_from(connection, row)) is not None:
        local = first.astimezone(zone)
        month = month_period(local.year, local.month, zone)
        end = seconds(month.end)
        next_row = None if end is None else end << SHIFT
        before_next = counts.before(LAST_ROW if next_row is None else next_row)
        months.append(MonthCount(month, before_next - before_month))
        row, before_month = next_row, before_next
    return ArchiveMonths(tuple(months[::-1]), undated)


class _PartCounts:
    """Counts visible articles by the parts of the sitemap, and reads the articles of one part at most."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        parts = connection.execute(
            "SELECT first_row, articles FROM sitemap_parts ORDER BY first_row"
        ).fetchall()
        self._first_rows = [first_row for first_row, _ in parts]
        self._totals: list[int] = [0, *accumulate(articles for _, articles in parts)]

    def before(self, row: int) -> int:
        """How many visible articles have a row below `row`."""
        following = bisect_left(self._first_rows, row)
        if not following:
            return 0
        start = self._first_rows[following - 1]
        end = self._first_rows[following] if following < len(self._first_rows) else LAST_ROW
        # From the nearer end of the part: the month of a zone begins within a day of the same month in UTC.
        if end - row < row - start:
            return self._totals[following] - self._count(row, end)
        return self._totals[following - 1] + self._count(start, row)

    def _count(self, start: int, end: int) -> int:
        counted = "SELECT count(*) FROM visible WHERE row >= ? AND row < ?"
        return int(self._connection.execute(counted, (start, end)).fetchone()[0]) if start < end else 0


def _first_from(connection: sqlite3.Connection, row: int) -> datetime | None:
    """When the first article at `row` or above was published."""
    (first,) = connection.execute("SELECT min(row) FROM visible WHERE row >= ?", (row,)).fetchone()
    return None if first is None else instant(seconds_of(first))


def facets(connection: sqlite3.Connection, kind: FacetKind) -> tuple[Facet, ...]:
    """Every term of `kind` by its most used name; of names used equally often, the first in order."""
    by_slug: dict[str, tuple[str, str, int]] = {}
    for row in connection.execute(_FACETS, (kind,)):
        by_slug.setdefault(row[0], row)
    return tuple(Facet(*row) for row in by_slug.values())


def facet_kinds(connection: sqlite3.Connection) -> frozenset[FacetKind]:
    """The kinds of terms that any visible article has."""
    entry = "SELECT 1 FROM terms JOIN spellings USING (term) WHERE kind = ? LIMIT 1"
    kinds: tuple[FacetKind, ...] = get_args(FacetKind)
    return frozenset(kind for kind in kinds if connection.execute(entry, (kind,)).fetchone())


def prefix_search(
    connection: sqlite3.Connection, slug: str, limit: int
) -> tuple[tuple[FacetKind, Facet], ...]:
    """At most `limit` tags, authors and sources whose slug begins with `slug`, most frequent first."""
    rows = connection.execute(
        f"SELECT kind, slug, {_USUAL_NAME}, articles FROM terms"
        " WHERE kind IN ('tag', 'author', 'source') AND slug >= ? AND slug < ?"
        " ORDER BY articles DESC, slug, kind LIMIT ?",
        (replace_surrogates(slug), f"{replace_surrogates(slug)}{_LAST_CHARACTER}", limit),
    )
    return tuple((kind, Facet(slug, name, articles)) for kind, slug, name, articles in rows)
