"""The parts of the sitemap, and counts by month made of them, are those of all visible articles, counted."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import groupby
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from service.index import apply_due_transitions
from service.index.directories import UNDATED_MONTH, SitemapMonth, count_months, sitemap_months
from service.index.instants import FIRST_DATED, bucket, instant, seconds_of
from service.index.schema import SHIFT, TABLES, UNDATED
from service.index.tables import sitemap_parts
from service.index.tables.sitemap_parts import SitemapPartWriter
from service.model import Site
from tests.support.builders import at
from tests.support.index_folder import Folder

PART_ARTICLES = 3
ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Pacific/Kiritimati", "Pacific/Apia", "Asia/Kathmandu"]


@pytest.fixture(autouse=True, scope="module")
def small_parts() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sitemap_parts, "PART_ARTICLES", PART_ARTICLES)
        yield


def rows() -> st.SearchStrategy[int]:
    """Rows around the beginnings of months, a few of the same second, some of undated articles."""
    starts = [datetime(year, month, 1, tzinfo=UTC) for year in (1969, 2011, 2024) for month in (1, 3, 12)]
    second = st.builds(
        lambda start, hours: int(start.timestamp()) + 3600 * hours,
        st.sampled_from(starts),
        st.integers(-15, 15),
    )
    dated = st.builds(lambda second, offset: (second << SHIFT) + offset, second, st.integers(0, 2))
    return dated | st.integers(0, 5).map(lambda offset: bucket(None).start + offset)


TRANSACTIONS = st.lists(st.dictionaries(rows(), st.none() | st.integers(0, 5), max_size=12), max_size=6)


def naive_parts(connection: sqlite3.Connection) -> tuple[SitemapMonth, ...]:
    articles = connection.execute(
        "SELECT row, changed FROM visible ORDER BY row < ?, row", (FIRST_DATED,)
    ).fetchall()
    parts: list[SitemapMonth] = []
    for month, in_month in groupby(articles, key=lambda article: month_name(article[0], UTC)):
        changes = [changed for _, changed in in_month]
        for number, start in enumerate(range(0, len(changes), PART_ARTICLES), 1):
            part = changes[start : start + PART_ARTICLES]
            name = month if number == 1 else f"{month}.{number}"
            parts.append(SitemapMonth(name, len(part), instant(max(part))))
    return tuple(parts)


def naive_months(connection: sqlite3.Connection, zone: ZoneInfo) -> dict[str, int]:
    published = connection.execute("SELECT row FROM visible ORDER BY row DESC").fetchall()
    return {
        month: len([*in_month]) for month, in_month in groupby(month_name(row, zone) for (row,) in published)
    }


def month_name(row: int, zone: tzinfo) -> str:
    published = instant(seconds_of(row))
    return UNDATED_MONTH if published is None else f"{published.astimezone(zone):%Y-%m}"


def counted_months(connection: sqlite3.Connection, zone: ZoneInfo) -> dict[str, int]:
    counted = count_months(connection, zone)
    undated = {UNDATED_MONTH: counted.undated} if counted.undated else {}
    return {month.month.text: month.count for month in counted.months} | undated


@example([{-1 << SHIFT: 0, 1 << SHIFT: 0}], "UTC")  # the month that ends at row 0
@given(TRANSACTIONS, st.sampled_from(ZONES))
def test_parts_follow_what_is_shown_and_hidden(
    transactions: list[dict[int, int | None]], zone_name: str
) -> None:
    zone = ZoneInfo(zone_name)
    with closing(sqlite3.connect(":memory:")) as connection:
        for statement in TABLES.split(";\n"):
            connection.execute(statement)
        for transaction in transactions:
            writer = SitemapPartWriter(connection)
            for row, changed in transaction.items():
                connection.execute("DELETE FROM visible WHERE row = ?", (row,))
                if changed is not None:
                    values = (row, row, UNDATED if changed == 0 else changed)
                    connection.execute("INSERT INTO visible VALUES (?, ?, 1, '', ?, '', '')", values)
                writer.note(row)
            writer.flush()
            assert sitemap_months(connection) == naive_parts(connection)
            assert counted_months(connection, zone) == naive_months(connection, zone)


def test_parts_of_an_index_follow_builds_edits_transitions_and_a_new_zone(tmp_path: Path) -> None:
    folder = Folder(tmp_path, Site(time_zone="Europe/Berlin"))

    def check(total: int) -> None:
        with closing(sqlite3.connect(folder.file)) as connection:
            zone = ZoneInfo(folder.site.time_zone)
            assert sitemap_months(connection) == naive_parts(connection)
            assert counted_months(connection, zone) == naive_months(connection, zone)
            assert sum(part.articles for part in naive_parts(connection)) == total

    for number in range(12):
        hours = timedelta(hours=8 * number)
        folder.write(f"a{number}", date=(at("2020-03-29T12:00:00") + hours).isoformat())
    folder.write("undated")
    folder.write("ending", date="2020-03-30", expires="2021-01-01")
    folder.write("later", date="2020-12-01")
    folder.refresh(at("2020-06-01"))
    check(14)
    folder.remove("a3")
    folder.write("a5", date="2020-04-02T00:00:00Z")
    folder.refresh(at("2020-06-01"))
    check(13)
    apply_due_transitions(folder.url, at("2020-12-02"))
    check(14)
    apply_due_transitions(folder.url, at("2021-01-01"))
    check(13)
    for name in ("a0", "a1", "a2", "a4", "a5"):
        folder.remove(name)
    folder.site = Site(time_zone="Asia/Tokyo")
    folder.refresh(at("2021-01-01"))
    check(8)


def test_sitemap_and_months_read_parts_and_not_articles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemap_parts, "PART_ARTICLES", 1000)

    def steps(articles: int) -> int:
        with closing(sqlite3.connect(":memory:")) as connection:
            for statement in TABLES.split(";\n"):
                connection.execute(statement)
            writer = SitemapPartWriter(connection)
            first = int(datetime(2020, 1, 10, tzinfo=UTC).timestamp())
            for number in range(articles):
                row = (first + number) << SHIFT
                connection.execute("INSERT INTO visible VALUES (?, ?, 1, '', 0, '', '')", (row, row))
                writer.note(row)
            writer.flush()
            counted = 0

            def count() -> None:
                nonlocal counted
                counted += 1

            connection.set_progress_handler(count, 1)
            assert sum(month.articles for month in sitemap_months(connection)) == articles
            assert counted_months(connection, ZoneInfo("Europe/Berlin")) == {"2020-01": articles}
            return counted

    assert steps(4000) <= steps(2000) + 100
