"""What one edit costs does not grow with the number of articles."""

import os
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from service.content.discovery import path_summary
from service.index import database
from service.ingest import refresh_index
from tests.support.index_folder import NOW, Folder

FEW, MANY = 150, 1500
GROWTH = 1.2
STEPS_PER_CALL = 10


class Work:
    """Counts steps of SQLite and questions to the file system."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.counts: Counter[str] = Counter()
        original = database.connect

        def connect(*arguments: Any, **options: Any) -> sqlite3.Connection:
            connection = original(*arguments, **options)
            connection.set_progress_handler(lambda: self._count("steps", STEPS_PER_CALL), STEPS_PER_CALL)
            return connection

        monkeypatch.setattr(database, "connect", connect)
        for name in ("scandir", "listdir", "stat", "lstat", "access"):
            monkeypatch.setattr(os, name, self._counting("files", getattr(os, name)))

    def _counting(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            self._count(name, 1)
            return function(*arguments, **options)

        return call

    def _count(self, name: str, number: int) -> None:
        self.counts[name] += number


def folder_with(path: Path, articles: int) -> Folder:
    """A folder of articles, of which every tenth is scheduled, expired or withdrawn; a few have conflicts."""
    folder = Folder(path)
    kinds: tuple[dict[str, Any], ...] = (
        {"date": "2031-01-01"},
        {"expires": "2020-01-01"},
        {"withdrawn": {"reason": "Wrong.", "at": "2020-01-01"}},
    )
    for number in range(articles):
        facts = kinds[number // 10 % len(kinds)] if number % 10 == 0 else {}
        if number in {1, 2, 3}:
            facts = {"slug": "same", "id": None}
        defaults = {
            "date": (datetime(2019, 1, 1, tzinfo=UTC) + timedelta(hours=number)).isoformat(),
            "tags": [f"tag {number % 40}"],
        }
        folder.write(f"{number % 5}/article-{number}", **defaults | facts)
    folder.refresh()
    return folder


def edits(folder: Folder) -> Iterator[tuple[str, set[str]]]:
    """Edits of one file each, with the paths that may have changed."""
    path = folder.write("1/article-11", date="2019-01-03", text="Changed.")
    yield "edited", {path.relative_to(folder.root).as_posix()}
    path = folder.write("1/another", date="2019-02-03")
    yield "added", {path.relative_to(folder.root).as_posix()}
    path = folder.write("1/another", slug="article-12")
    yield "in conflict", {path.relative_to(folder.root).as_posix()}
    folder.remove("1/another")
    yield "deleted", {path.relative_to(folder.root).as_posix()}
    yield "unchanged", {path.relative_to(folder.root).as_posix()}


def measure(work: Work, folder: Folder) -> dict[str, Counter[str]]:
    costs = {}
    for name, paths in edits(folder):
        work.counts.clear()
        refresh_index(folder.url, folder.root, folder.site, now=NOW, paths=paths)
        costs[name] = work.counts.copy()
    return costs


def test_an_edit_costs_the_same_among_ten_times_as_many_articles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small, large = folder_with(tmp_path / "few", FEW), folder_with(tmp_path / "many", MANY)
    work = Work(monkeypatch)
    among_few, among_many = measure(work, small), measure(work, large)
    for name, few in among_few.items():
        assert among_many[name]["files"] <= few["files"]
        assert among_many[name]["steps"] <= GROWTH * few["steps"]


def test_a_folder_that_is_moved_in_costs_what_its_files_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = folder_with(tmp_path / "site", FEW)
    # Among many articles, few of those that come would belong to the sample.
    monkeypatch.setattr(path_summary._PathChanges, "keeps_sample", lambda *_: True)
    work = Work(monkeypatch)
    steps = []
    for moved in (100, 400):
        for number in range(moved):
            folder.write(
                f"moved {moved}/in/article {moved} {number}", date=f"2020-01-01T00:{number % 60:02}:00Z"
            )
        work.counts.clear()
        report = refresh_index(folder.url, folder.root, folder.site, now=NOW, paths={f"moved {moved}/"})
        assert report.read == moved
        steps.append(work.counts["steps"])
    assert steps[1] < 5 * steps[0]
