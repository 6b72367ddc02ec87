"""Directories of all visible articles: terms with their counts, months (the site's time zone) with theirs.

The months of a sitemap are those of UTC.
"""

# ruff: noqa: S608 (statements are joined from constants, values are always bound)

import re
import sqlite3
from datetime import UTC, datetime
from typing import get_args
from zoneinfo import ZoneInfo

import msgspec

from service.index.articles import visible_article
from service.index.instants import FIRST_DATED, bucket, instant, seconds, seconds_of
from service.index.schema import SHIFT
from service.index.where import clean
from service.model import Article
from service.query import ArchiveMonths, Facet, FacetKind, MonthCount, month_period

_USUAL_NAME = (
    "(SELECT name FROM spellings WHERE spellings.term = terms.term ORDER BY articles DESC, name LIMIT 1)"
    " AS name"
)
_LAST_CHARACTER = "\U0010ffff"

MONTH_ARTICLES = 1000

UNDATED_MONTH = "undated"


class SitemapMonth(msgspec.Struct, frozen=True):
    """Up to MONTH_ARTICLES visible articles of one month (UTC), and when any of them last changed.

    `name` is the month and, where it fills several, a number: `2019-01`, `2019-01.2`, `undated`.
    """

    name: str
    articles: int
    changed: datetime | None


_NAME = re.compile(r"(?:([0-9]{4})-(0[1-9]|1[0-2])|undated)(?:\.([1-9][0-9]{0,5}))?", re.ASCII)

_LAST_MONTH = (9999, 12)
LAST_ROW = 1 << 62

_COUNT = """
SELECT count(*), max(changed), max(row) FROM (
    SELECT changed, row FROM visible WHERE row >= ? AND row < ? ORDER BY row LIMIT ?
)
"""

_ARTICLES = """
SELECT documents.slug, documents.id, number, unpack(article), translation, pending_update_at
FROM visible JOIN documents USING (doc) JOIN articles USING (doc)
WHERE visible.row >= ? AND visible.row < ? ORDER BY visible.row LIMIT ? OFFSET ?
"""


def sitemap_months(connection: sqlite3.Connection) -> tuple[SitemapMonth, ...]:
    """Every month with articles, in order of publication; the undated articles come last."""
    months: list[SitemapMonth] = []
    row = FIRST_DATED
    while (first := _first_from(connection, row)) is not None:
        rows = _month(first.year, first.month)
        months += _months_of(connection, f"{first.year:04}-{first.month:02}", rows)
        row = rows.stop
    return (*months, *_months_of(connection, UNDATED_MONTH, bucket(None)))


def sitemap_articles(connection: sqlite3.Connection, name: str) -> tuple[Article, ...]:
    """The articles of the month `name`, in order of publication."""
    match = _NAME.fullmatch(name)
    if not match or match[1] == "0000":
        return ()
    rows = _month(int(match[1]), int(match[2])) if match[1] else bucket(None)
    offset = (int(match[3] or 1) - 1) * MONTH_ARTICLES
    articles = connection.execute(_ARTICLES, (rows.start, rows.stop, MONTH_ARTICLES, offset)).fetchall()
    return tuple(visible_article(connection, *columns) for columns in articles)


def count_months(connection: sqlite3.Connection, zone: ZoneInfo) -> ArchiveMonths:
    """How many articles were published in each month of `zone`, newest first."""
    months: list[MonthCount] = []
    row: int | None = FIRST_DATED
    while row is not None and (first := _first_from(connection, row)) is not None:
        local = first.astimezone(zone)
        month = month_period(local.year, local.month, zone)
        end = seconds(month.end)
        next_row = None if end is None else end << SHIFT
        months.append(MonthCount(month, _count_rows(connection, range(row, next_row or LAST_ROW))))
        row = next_row
    return ArchiveMonths(tuple(months[::-1]), _count_rows(connection, bucket(None)))


def _count_rows(connection: sqlite3.Connection, rows: range) -> int:
    counted = "SELECT count(*) FROM visible WHERE row >= ? AND row < ?"
    return int(connection.execute(counted, (rows.start, rows.stop)).fetchone()[0])


def _months_of(connection: sqlite3.Connection, month: str, rows: range) -> list[SitemapMonth]:
    parts: list[SitemapMonth] = []
    start = rows.start
    while True:
        values = (start, rows.stop, MONTH_ARTICLES)
        articles, changed, last = connection.execute(_COUNT, values).fetchone()
        if not articles:
            return parts
        parts.append(
            SitemapMonth(f"{month}.{len(parts) + 1}" if parts else month, articles, instant(changed))
        )
        start = last + 1


def _first_from(connection: sqlite3.Connection, row: int) -> datetime | None:
    """When the first article at `row` or above was published."""
    (first,) = connection.execute("SELECT min(row) FROM visible WHERE row >= ?", (row,)).fetchone()
    return None if first is None else instant(seconds_of(first))


def _month(year: int, month: int) -> range:
    """The rows of all that was published in one month."""
    first = seconds(datetime(year, month, 1, tzinfo=UTC)) or 0
    if (year, month) == _LAST_MONTH:
        return range(first << SHIFT, LAST_ROW)
    following = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
    return range(first << SHIFT, (seconds(following) or 0) << SHIFT)


def facets(connection: sqlite3.Connection, kind: FacetKind) -> tuple[Facet, ...]:
    """Every term of `kind` by its most used name; of names used equally often, the first in order."""
    rows = connection.execute(
        f"SELECT slug, {_USUAL_NAME}, articles FROM terms"
        " WHERE kind = ? AND name IS NOT NULL ORDER BY articles DESC, slug",
        (kind,),
    )
    return tuple(Facet(slug, name, articles) for slug, name, articles in rows)


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
        (clean(slug), f"{clean(slug)}{_LAST_CHARACTER}", limit),
    )
    return tuple((kind, Facet(slug, name, articles)) for kind, slug, name, articles in rows)
