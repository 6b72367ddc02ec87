"""Queries that name articles, or ask which of some match, look these up: others cost nothing."""

import sqlite3
from collections.abc import Callable
from typing import Any, get_args

import pytest

from service.index.differences.change_pages import find_changes, find_ids
from service.index.listings import RevisionCache, find
from service.query import Query, Sort
from tests.support.builders import at
from tests.support.index_folder import Folder
from tests.support.sqlite_steps import counting_steps

FEW, MANY = 50, 800
OLD, NEW = at("2000-01-01"), at("2030-01-01")

Values = dict[str, Any]

NAMES: dict[str, Values] = {"id": {"ids": ("id:a7",)}, "slugs": {"slugs": ("a7", "a8")}}
TERMS: dict[str, Values] = {
    "no term": {},
    "a tag": {"tags": ("a",)},
    "two tags": {"tags": ("a", "b")},
    "any tag": {"any_tags": ("a", "b")},
    "no such tag": {"exclude_tags": ("c",)},
}
TIMES: dict[str, Values] = {
    "any time": {},
    "since": {"since": OLD},
    "until": {"until": NEW},
    "since and until": {"since": OLD, "until": NEW},
    "updated since": {"updated_since": OLD},
}
SORTS: tuple[Sort, ...] = tuple(sort for sort in get_args(Sort) if sort not in ("relevance", "series"))


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Folder, Folder]:
    few, many = (Folder(tmp_path_factory.mktemp("folder")) for _ in range(2))
    for folder, count in ((few, FEW), (many, MANY)):
        days = [
            f"{2001 + number // 300}-{1 + number % 12:02}-{1 + number % 28:02}" for number in range(count)
        ]
        folder.write_many(
            "articles",
            [
                {
                    "title": f"a{number}",
                    "slug": f"a{number}",
                    "id": f"id:a{number}",
                    "tags": ["a", "b"],
                    "date": day,
                }
                for number, day in enumerate(days)
            ],
        )
        folder.refresh()
    return few, many


def list_articles(query: Query, connection: sqlite3.Connection) -> object:
    return find(connection, query, 20, RevisionCache())


def list_changes(query: Query, connection: sqlite3.Connection) -> object:
    return find_changes(connection, query, None, None, 1 << 20)


def match_changes(query: Query, connection: sqlite3.Connection) -> object:
    return find_ids(connection, query, [f"id:a{number}" for number in range(20)])


def find_growth(
    folders: tuple[Folder, Folder], work: Callable[[Query, sqlite3.Connection], object], query: Query
) -> float:
    """How many times as many steps `query` takes among MANY articles as among FEW."""
    steps = []
    for folder in folders:
        with counting_steps(folder.file) as (connection, counted):
            work(query, connection)
            steps.append(counted[0])
    return steps[1] / steps[0]


@pytest.mark.parametrize("times", TIMES)
@pytest.mark.parametrize("terms", TERMS)
@pytest.mark.parametrize("names", NAMES)
def test_named_articles_are_looked_up(
    folders: tuple[Folder, Folder], names: str, terms: str, times: str
) -> None:
    values = NAMES[names] | TERMS[terms] | TIMES[times]
    for sort in SORTS:
        assert find_growth(folders, list_articles, Query(**values, sort=sort)) < 1.5, sort
    assert find_growth(folders, list_changes, Query(**values)) < 1.5


@pytest.mark.parametrize("times", TIMES)
@pytest.mark.parametrize("terms", TERMS)
def test_changed_articles_are_looked_up(folders: tuple[Folder, Folder], terms: str, times: str) -> None:
    assert find_growth(folders, match_changes, Query(**TERMS[terms], **TIMES[times])) < 1.5
