"""Which articles changed last in a part of the journal; each page of them costs the same."""

import json
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from functools import partial
from itertools import cycle
from pathlib import Path

import httpx
import pytest

from service.index import Index
from service.index.database import connect
from service.index.differences import change_days, change_pages, last_changes
from service.index.differences.change_days import find_changes_of, read_days
from service.index.differences.change_pages import find_changes
from service.index.differences.difference import ArticleDrop, ArticlePut
from service.index.differences.journal import JournalWriter, require_oldest
from service.index.differences.last_changes import find_last_changes
from service.index.state import Revision
from service.index.tables.content_tree import entry_key
from service.query import ChangeCursor, ChangePage, Query, TermKey
from tests.support.index_folder import NOW, Folder
from tests.support.published_folder import PublishedFolder
from tests.support.sqlite_steps import counting_steps

FEW, MANY = 1_000, 16_000
"""Changes in a journal."""

ARTICLES = 40
PER_REVISION = 50
PER_PAGE = 20
PAGE_BYTES = 1 << 20
DAY_SECONDS = 86_400
TERMS: tuple[TermKey, ...] = (("language", "en"), ("tag", "a"))
FILTERS = {
    "none": Query(),
    "tag": Query(tags=("a",)),
    "words": Query(q="text"),
    "words in a language": Query(q="text", languages=("en",)),
}


class Journal(Folder):
    """A folder of a few articles, whose journal has many changes of them and of others that are deleted."""

    def __init__(self, path: Path, changes: int, ids: int, days: int = 2) -> None:
        super().__init__(path)
        self.write_many("articles", [self.facts(number) for number in range(ARTICLES)])
        self.refresh()
        chance = random.Random(ids)  # noqa: S311
        with closing(connect(self.file, mode="rwc")) as connection:
            connection.execute("BEGIN")
            oldest = require_oldest(connection)
            revisions = changes // PER_REVISION
            self.revisions = [oldest.articles, *(f"{number:032x}" for number in range(1, revisions))]
            for number, articles in enumerate([*self.revisions[1:], oldest.articles]):
                writer = JournalWriter(connection)
                for _ in range(PER_REVISION):
                    self._change(writer, chance.randrange(ids))
                moment = oldest.generation + 1 + number * days * DAY_SECONDS // revisions
                writer.finish(Revision(articles, 0), articles, moment, has_other_changes=False)
            connection.execute("COMMIT")

    def steps_of_pages(self, query: Query, revision: int) -> list[int]:
        """How many steps of SQLite each page of what changed since a revision takes."""
        with counting_steps(self.file) as (connection, steps):
            since: str | None = self.revisions[revision]
            cursor: ChangeCursor | None = None
            steps.clear()
            while since or cursor:
                steps.append(0)
                page = find_changes(connection, query, since, cursor, PAGE_BYTES)
                assert page.next is None or isinstance(page.next, ChangeCursor)
                since, cursor = None, page.next
        return steps

    def steps_of_day(self, number: int) -> list[int]:
        """How many steps of SQLite each page of a day takes."""
        with counting_steps(self.file) as (connection, steps):
            position = read_days(connection)[number].position
            day = position.day
            steps.clear()
            while position.day == day:
                steps.append(0)
                page = find_changes_of(connection, position, PAGE_BYTES)
                if page.next is None:
                    break
                assert not isinstance(page.next, ChangeCursor)
                position = page.next
        return steps

    @staticmethod
    def facts(number: int) -> dict[str, object]:
        return {
            "title": f"a{number}",
            "slug": f"a{number}",
            "id": f"id:{number}",
            "tags": ["a"],
            "date": "2025-01-01",
        }

    @staticmethod
    def _change(writer: JournalWriter, number: int) -> None:
        article_id, etag = f"id:{number}", "00" * 16
        change: ArticlePut | ArticleDrop = ArticleDrop(article_id, f"a{number}", "deleted", etag, TERMS)
        if number < ARTICLES:
            change = ArticlePut(article_id, f"a{number}", etag, TERMS, etag_before=etag, terms_before=TERMS)
        writer.add(entry_key(article_id), change)


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (change_pages, change_days):
        monkeypatch.setattr(module, "MOST_CHANGES", PER_PAGE)


@pytest.fixture(scope="module")
def journals(tmp_path_factory: pytest.TempPathFactory) -> tuple[Journal, Journal]:
    """Two journals, in both of which most articles changed once or twice."""
    few, many = (Journal(tmp_path_factory.mktemp("journal"), changes, changes) for changes in (FEW, MANY))
    return few, many


@pytest.mark.parametrize("query", FILTERS.values(), ids=FILTERS.keys())
def test_each_page_of_a_long_catch_up_costs_the_same(journals: tuple[Journal, Journal], query: Query) -> None:
    few, many = (journal.steps_of_pages(query, 1) for journal in journals)

    assert len(many) > 12 * len(few)
    assert max(many) < 1.5 * max(few)
    assert max(many) < 1.5 * sorted(many)[len(many) // 2]


@pytest.mark.parametrize("query", [FILTERS["none"], FILTERS["tag"]], ids=["none", "tag"])
def test_a_page_of_all_articles_costs_the_same_however_many_there_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, query: Query
) -> None:
    monkeypatch.setattr(change_pages, "LOOKED_UP_AT_ONCE", 5)
    steps = []
    for articles in (ARTICLES, 16 * ARTICLES):
        folder = Folder(tmp_path / str(articles))
        folder.write_many("articles", [Journal.facts(number) for number in range(articles)])
        folder.refresh()
        with counting_steps(folder.file) as (connection, counted):
            counted[:] = [0]
            page = find_changes(connection, query, None, None, PAGE_BYTES)
            assert len(page.changes) == PER_PAGE
        steps.append(counted[0])
    assert steps[1] < 1.5 * steps[0]


@pytest.mark.parametrize("part", [2, 8, 40, 300])
def test_a_part_of_the_journal_costs_no_more_than_the_root_of_all(
    journals: tuple[Journal, Journal], part: int
) -> None:
    few, many = (
        max(journal.steps_of_pages(Query(), -max(1, len(journal.revisions) // part))) for journal in journals
    )
    assert many < 4 * 1.2 * few


@pytest.mark.parametrize("day", [0, -1])
def test_each_page_of_a_day_costs_the_same(journals: tuple[Journal, Journal], day: int) -> None:
    few, many = (journal.steps_of_day(day) for journal in journals)

    assert len(many) > 12 * len(few)
    assert max(many) < 1.5 * max(few)


def test_a_page_of_a_short_day_does_not_read_those_after_it(tmp_path: Path) -> None:
    few, many = (Journal(tmp_path / str(changes), changes, changes, days=80) for changes in (FEW, MANY))
    assert max(many.steps_of_day(1)) < 4 * 1.2 * max(few.steps_of_day(1))


@pytest.mark.parametrize("ids", [3, 60, 5_000], ids=["few articles", "some articles", "many articles"])
def test_both_ways_find_what_a_comparison_of_all_changes_finds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ids: int
) -> None:
    chance = random.Random(ids)  # noqa: S311
    journal = Journal(tmp_path, 1_000, ids)
    ways = last_changes._SORTED, last_changes._WALKED
    with closing(connect(journal.file, mode="ro")) as connection:
        changes = connection.execute("SELECT change, key FROM journal_articles ORDER BY change").fetchall()
        newest = changes[-1][0]
        for _ in range(60):
            before, last = sorted(chance.choices([0, 1, newest - 1, newest, chance.randrange(newest)], k=2))
            key, limit = (
                chance.choice([b"", chance.randbytes(16), changes[0][1]]),
                chance.choice([1, 7, 2000]),
            )
            expected = {key: change for change, key in changes}
            keys = sorted(
                found for found, change in expected.items() if before < change <= last and found >= key
            )
            for way in ways:
                for name in ("_SORTED", "_WALKED"):
                    monkeypatch.setattr(last_changes, name, way)
                entries = find_last_changes(connection, before, last, key, limit)
                assert [entry.key for entry in entries] == keys[:limit]


def test_the_index_of_an_earlier_version_gains_what_it_lacks_and_loses_nothing(tmp_path: Path) -> None:
    folder = PublishedFolder(tmp_path)
    for name in ("red", "green"):
        folder.write(name, date="2019-01-01")
    folder.refresh()
    since = folder.get("/manifest.json").json()["revision"]
    folder.remove("green")
    folder.refresh()
    inode = folder.file.stat().st_ino
    with closing(sqlite3.connect(folder.file)) as connection:
        connection.execute("DROP INDEX journal_articles_key")
    assert slugs_of_changes(folder, since) == {"green"}
    folder.write("blue", date="2019-01-01")
    folder.refresh(NOW + timedelta(days=1))

    with closing(sqlite3.connect(folder.file)) as connection:
        assert connection.execute("PRAGMA index_info(journal_articles_key)").fetchall()
    assert folder.file.stat().st_ino == inode
    assert slugs_of_changes(folder, since) == {"green", "blue"}
    assert folder.get("/articles/green").status_code == httpx.codes.GONE


def slugs_of_changes(folder: PublishedFolder, since: str) -> set[str]:
    lines = map(json.loads, folder.get(f"/changes?since={since}").content.splitlines())
    return {
        line["article"]["slug"] if line["op"] == "put" else line["slug"]
        for line in lines
        if line["op"] != "page"
    }


def test_cursors_are_equal_on_machines_that_build_their_own_index(tmp_path: Path) -> None:
    """Whenever they built it; and both continue at the cursor of the other."""
    folders = [Folder(tmp_path / name) for name in ("first", "second")]
    for folder, hours in zip(folders, (0, 5), strict=True):
        for number in range(4):
            folder.write(f"a{number if hours else 3 - number}")
        folder.refresh(NOW + timedelta(hours=hours))
    walks = [[*_walk_pages(folder, folders[1 - number])] for number, folder in enumerate(folders)]
    assert walks[0] == walks[1]
    assert len(walks[0]) == 4

    before = walks[0][-1].revision
    for folder, hours in zip(folders, (6, 7), strict=True):
        for name in ("a1", "a2", "a3"):
            folder.write(name, title="Another")
        folder.refresh(NOW + timedelta(hours=hours))
    walks = [[*_walk_pages(folder, folders[1 - number], before)] for number, folder in enumerate(folders)]
    assert walks[0] == walks[1]
    assert len(walks[0]) == 3


async def _find_one_change(index: Index, since: str | None, cursor: ChangeCursor | None) -> ChangePage:
    return await index.find_changes(Query(), since, cursor, 1)


def _walk_pages(folder: Folder, other: Folder, since: str | None = None) -> Iterator[ChangePage]:
    """The pages of what changed, of an article each, which two machines answer in turn."""
    cursor = None
    for machine in cycle((folder, other)):
        page = machine.ask(partial(_find_one_change, since=since, cursor=cursor))
        yield page
        if page.next is None:
            return
        assert isinstance(page.next, ChangeCursor)
        cursor = page.next
