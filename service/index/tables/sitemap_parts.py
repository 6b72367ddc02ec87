"""The parts of the sitemap: a thousand visible articles each, of one month (UTC), in order of publication.

`SitemapPartWriter` keeps the table `sitemap_parts` while articles are shown and hidden, so that sitemaps and
counts by month read one row a part instead of one an article. The first part of a month begins at the first
row that the month may have; every other begins after the last row of the part before it.
"""

import sqlite3
from datetime import UTC, datetime

from service.index.instants import bucket, instant, seconds, seconds_of
from service.index.schema import SHIFT

PART_ARTICLES = 1000

LAST_ROW = 1 << 62

_LAST_MONTH = (9999, 12)

_COUNT = """
SELECT count(*), max(changed), max(row) FROM (
    SELECT changed, row FROM visible WHERE row >= ? AND row < ? ORDER BY row LIMIT ?
)
"""


def rows_of_month(year: int, month: int) -> range:
    """The rows of all that was published in one month (UTC)."""
    first = seconds(datetime(year, month, 1, tzinfo=UTC)) or 0
    if (year, month) == _LAST_MONTH:
        return range(first << SHIFT, LAST_ROW)
    next_month = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
    return range(first << SHIFT, (seconds(next_month) or 0) << SHIFT)


def month_around(row: int) -> range:
    """The rows of the month (UTC) to which `row` belongs; those of undated articles for one of them."""
    published = instant(seconds_of(row))
    return bucket(None) if published is None else rows_of_month(published.year, published.month)


class SitemapPartWriter:
    """Keeps the parts of the sitemap within one write transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._month = range(0)
        self._changed_rows: dict[range, range] = {}

    def note(self, row: int) -> None:
        """Remember that an article was shown or hidden at `row`."""
        if row not in self._month:
            self._month = month_around(row)
        rows = self._changed_rows.get(self._month, range(row, row + 1))
        self._changed_rows[self._month] = range(min(rows.start, row), max(rows.stop, row + 1))

    def flush(self) -> None:
        """Write the parts of every row that was noted, once `visible` has the rows of all articles."""
        for month, changed_rows in self._changed_rows.items():
            self._divide(month, changed_rows)
        self._changed_rows.clear()

    def _divide(self, month: range, changed_rows: range) -> None:
        """Divide a month again from its first changed row on, until the parts are the same as before."""
        execute = self._connection.execute
        (start,) = execute(
            "SELECT coalesce(max(first_row), ?1) FROM sitemap_parts"
            " WHERE first_row >= ?1 AND first_row <= ?2",
            (month.start, changed_rows.start),
        ).fetchone()
        while True:
            articles, changed, last = execute(_COUNT, (start, month.stop, PART_ARTICLES)).fetchone()
            end = last + 1 if articles == PART_ARTICLES else month.stop
            execute("DELETE FROM sitemap_parts WHERE first_row >= ? AND first_row < ?", (start, end))
            if articles:
                values = (start, articles, changed)
                execute("INSERT INTO sitemap_parts (first_row, articles, changed) VALUES (?, ?, ?)", values)
            if end == month.stop or (end >= changed_rows.stop and self._has_part(end)):
                return
            start = end

    def _has_part(self, first_row: int) -> bool:
        statement = "SELECT 1 FROM sitemap_parts WHERE first_row = ?"
        return self._connection.execute(statement, (first_row,)).fetchone() is not None
