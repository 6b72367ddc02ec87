"""`/readyz` and the metrics while refreshes fail: 200 as long as there is something to serve."""

import os
import signal
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

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
    text = fetch(f"{server.base}/metrics").text
    families = {family.name: family for family in text_string_to_metric_families(text)}
    return families["broadsheet_refresh_overdue_seconds"].samples[0].value


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "content"
    folder.mkdir()
    (folder / "one.md").write_text("---\ntitle: One\n---\nText.\n", "utf-8")
    return folder


def test_failing_refreshes_are_reported_and_counted(content: Path, tmp_path: Path) -> None:
    with serving(content, tmp_path, **SETTINGS) as server:
        assert ready(server) == {"status": "ready"}
        content.rename(tmp_path / "away")
        wait_until(lambda: "problems" in ready(server), "it is said")
        first = overdue(server)
        assert first >= 1
        wait_until(lambda: overdue(server) > first, "the seconds count up")
        assert "is overdue by" in str(ready(server)["problems"])
        assert "stale" not in server.output()
        (tmp_path / "away").rename(content)
        wait_until(lambda: ready(server) == {"status": "ready"}, "it is over")
        assert overdue(server) == 0


def test_hanging_refresher_is_reported(content: Path, tmp_path: Path) -> None:
    with serving(content, tmp_path, **SETTINGS) as server:
        (refresher,) = others(server.process.pid)
        os.kill(refresher, signal.SIGSTOP)
        wait_until(lambda: "is overdue by" in str(ready(server).get("problems")), "it is said")
        os.kill(refresher, signal.SIGCONT)
        wait_until(lambda: ready(server) == {"status": "ready"}, "it is over")


def test_nothing_is_reported_within_the_limit(content: Path, tmp_path: Path) -> None:
    with serving(content, tmp_path, BROADSHEET_REFRESH_SECONDS="1") as server:
        content.rename(tmp_path / "away")
        wait_until(lambda: overdue(server) > 2, "looks fail")
        assert ready(server) == {"status": "ready"}


def test_nothing_is_overdue_without_refreshes(content: Path, tmp_path: Path) -> None:
    environment = SETTINGS | {"BROADSHEET_REFRESH_SECONDS": "0"}
    with serving(content, tmp_path, **environment) as server:
        content.rename(tmp_path / "away")
        with pytest.raises(AssertionError, match="it is said"):
            wait_until(lambda: "problems" in ready(server), "it is said", seconds=4)


def test_unknown_time_is_not_overdue(tmp_path: Path) -> None:
    settings = Settings(content=tmp_path, index=f"sqlite:///{tmp_path}/index.db", site=site())

    assert create_counters(settings).overdue_seconds() == 0
