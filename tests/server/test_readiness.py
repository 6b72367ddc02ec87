"""`/readyz` and the metrics while refreshes fail: 200 as long as there is something to serve."""

import os
import signal
from pathlib import Path

import httpx
import pytest

from service.settings import Settings
from service.web.metrics.counters import create_counters
from tests.support.builders import site
from tests.support.http_client import fetch
from tests.support.processes import others
from tests.support.server import Server, serving
from tests.support.waiting import wait_until

SETTINGS = {"BROADSHEET_REFRESH_SECONDS": "1", "BROADSHEET_STALE_AFTER_SECONDS": "1"}


def ready(server: Server) -> dict[str, object]:
    answer = fetch(f"{server.base}/readyz")
    assert answer.status_code == httpx.codes.OK
    document: dict[str, object] = answer.json()
    return document


def overdue(server: Server) -> float:
    return server.metric("broadsheet_refresh_overdue_seconds")


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "content"
    folder.mkdir()
    (folder / "p.png").write_bytes(b"x")
    (folder / "site.toml").write_text('title = "Example"\n', "utf-8")
    (folder / "one.md").write_text("---\ntitle: One\n---\nText.\n", "utf-8")
    return folder


def test_a_folder_that_is_gone_is_reported_at_once(content: Path, tmp_path: Path) -> None:
    with serving(content, tmp_path, BROADSHEET_REFRESH_SECONDS="1") as server:
        assert ready(server) == {"status": "ready"}
        assert server.metric("broadsheet_content_unavailable") == 0
        content.rename(tmp_path / "away")
        wait_until(lambda: "problems" in ready(server), "it is said")
        assert "The content folder cannot be read; what was read until 20" in str(ready(server)["problems"])
        assert server.metric("broadsheet_content_unavailable") == 1
        assert fetch(f"{server.base}/files/p.png").status_code == httpx.codes.SERVICE_UNAVAILABLE
        wait_until(lambda: overdue(server) > 0, "the seconds count up")
        assert "there is no folder" in server.output()
        content.mkdir()
        wait_until(lambda: "another folder than before, and empty" in server.output(), "it is said")
        assert server.metric("broadsheet_content_unavailable") == 1
        assert len(fetch(f"{server.base}/articles.json").json()["articles"]) == 1
        content.rmdir()
        (tmp_path / "away").rename(content)
        wait_until(lambda: ready(server) == {"status": "ready"}, "it is over")
        assert fetch(f"{server.base}/files/p.png").status_code == httpx.codes.OK
        assert overdue(server) == server.metric("broadsheet_content_unavailable") == 0
        assert "settings" not in server.output(), "those of the empty folder were never used"


def test_hanging_refresher_is_reported(content: Path, tmp_path: Path) -> None:
    with serving(content, tmp_path, **SETTINGS) as server:
        (refresher,) = others(server.process.pid)
        os.kill(refresher, signal.SIGSTOP)
        wait_until(lambda: "is overdue by" in str(ready(server).get("problems")), "it is said")
        os.kill(refresher, signal.SIGCONT)
        wait_until(lambda: ready(server) == {"status": "ready"}, "it is over")


def test_nothing_is_reported_within_the_limit(content: Path, tmp_path: Path) -> None:
    with serving(content, tmp_path, BROADSHEET_REFRESH_SECONDS="1") as server:
        (refresher,) = others(server.process.pid)
        os.kill(refresher, signal.SIGSTOP)
        wait_until(lambda: overdue(server) > 2, "no look is completed")
        assert ready(server) == {"status": "ready"}
        os.kill(refresher, signal.SIGCONT)


def test_nothing_is_overdue_without_refreshes(content: Path, tmp_path: Path) -> None:
    environment = SETTINGS | {"BROADSHEET_REFRESH_SECONDS": "0"}
    with serving(content, tmp_path, **environment) as server:
        content.rename(tmp_path / "away")
        with pytest.raises(AssertionError, match="it is said"):
            wait_until(lambda: "problems" in ready(server), "it is said", seconds=4)


def test_unknown_time_is_not_overdue(tmp_path: Path) -> None:
    settings = Settings(content=tmp_path, index=f"sqlite:///{tmp_path}/index.db", site=site())

    assert create_counters(settings).overdue_seconds() == 0
