"""Long forms of tests/server/test_operation.py.

`make stress ARGS="-rP -k long_operation"` shows the figures.
"""

import sys
import time
from pathlib import Path

import pytest

from tests.support.kills import KINDS, survive_kills
from tests.support.server import FRESH, serving
from tests.support.traffic import run_traffic, usage_of, write_site

pytestmark = [
    pytest.mark.stress,
    pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's"),
]

ARTICLES = 500
WORKERS = "4"
WARM_UP_SECONDS = 30
SECONDS = 480
ROUNDS = 200


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "content"
    write_site(folder, ARTICLES)
    return folder


def test_eight_minutes_of_traffic_leak_nothing(content: Path, tmp_path: Path) -> None:
    index = tmp_path / "index.db"
    settings = {"BROADSHEET_REFRESH_SECONDS": "1"}
    with serving(content, tmp_path, "--workers", WORKERS, prefix=FRESH, **settings) as server:
        run_traffic(server, content, ARTICLES, WARM_UP_SECONDS)
        start = usage_of(server, index)
        traffic = run_traffic(server, content, ARTICLES, SECONDS)
        end = usage_of(server, index)
        table = traffic.table(start, end)
        sys.stdout.write(f"{table}\n")
        assert not traffic.failures, table
        assert end.processes.keys() == start.processes.keys(), table
        assert end.log_bytes <= 2 * start.log_bytes + 20_000_000, table
        for pid, used in start.processes.items():
            assert end.processes[pid].descriptors <= used.descriptors + 8, table
            assert end.processes[pid].memory_kb <= 1.3 * used.memory_kb + 10_000, table
        assert "Traceback" not in server.output()


def test_two_hundred_kills_are_survived(content: Path, tmp_path: Path) -> None:
    began = time.monotonic()
    killed = survive_kills(content, tmp_path, ROUNDS, seed=200)
    sys.stdout.write(f"killed {killed} in {time.monotonic() - began:.0f} s\n")
    assert set(killed) == set(KINDS)
    assert min(killed.values()) > ROUNDS // 10
