"""`serve` watches the folder before it builds, so that no edit waits for another look at everything."""

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest

from service.cli import serve
from service.cli.build_progress import build_index
from service.ingest import Report
from service.ingest.watch import FolderWatch
from service.ingest.watch.pending_changes import Activity
from service.settings import Settings
from tests.support.article_files import write_article


@pytest.fixture
def passed(content: Path, monkeypatch: pytest.MonkeyPatch) -> list[FolderWatch | None]:
    """What `serve` is given to watch with, after a build during which an article was edited."""
    watches: list[FolderWatch | None] = []

    def build_and_edit(settings: Settings) -> Report:
        report = build_index(settings)
        write_article(content, "one.md", title="Edited", date="2020-01-01")
        return report

    def serve_nothing(
        settings: Settings,
        report: Report,
        webhook_keys: Mapping[str, tuple[bytes, ...]],
        purge_tokens: Mapping[str, str],
        watch: FolderWatch | None,
    ) -> None:
        watches.append(watch)

    monkeypatch.setattr(serve, "build_index", build_and_edit)
    monkeypatch.setattr(serve, "serve", serve_nothing)
    return watches


def test_an_edit_during_the_build_is_reported(
    content: Path, tmp_path: Path, passed: list[FolderWatch | None]
) -> None:
    serve.run(content=str(content), index=f"sqlite:///{tmp_path}/index.db")

    (watch,) = passed
    assert watch is not None
    with closing(watch):
        assert watch.read().activities == {"one.md": Activity.WRITTEN}


def test_nothing_is_watched_where_the_folder_is_not_looked_at(
    content: Path, tmp_path: Path, passed: list[FolderWatch | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BROADSHEET_REFRESH_SECONDS", "0")
    serve.run(content=str(content), index=f"sqlite:///{tmp_path}/index.db")

    assert passed == [None]
