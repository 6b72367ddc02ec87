"""What several processes count is one sum, and nothing is lost when a worker is replaced by another."""

import subprocess
import sys
from pathlib import Path

import pytest

from service.settings import Settings
from service.web.metrics.counters import (
    MAX_HUBS,
    STATUSES,
    create_counters,
    open_counters,
    private_counters,
)
from service.web.problems.types import PROBLEM_TYPES
from tests.support.builders import site

HUB = "https://hub.example/"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        content=tmp_path, index=f"sqlite:///{tmp_path}/index.db", site=site(hubs=(HUB,)), workers=2
    )


AS_A_WORKER = """
import sys
from pathlib import Path
from tests.support.load_settings import load_settings
from service.web.metrics.counters import open_counters

options = {"content": sys.argv[1], "index": sys.argv[2], "workers": "2"}
settings = load_settings(options, {"BROADSHEET_HUB": sys.argv[3]})
counters = open_counters(settings, worker=True)
for _ in range(int(sys.argv[4])):
    counters.responded("atom", 304)
print("counted", flush=True)
sys.stdin.read()
"""


def worker(settings: Settings, times: int) -> subprocess.Popen[bytes]:
    arguments = [str(settings.content), settings.index, HUB, str(times)]
    process = subprocess.Popen(
        [sys.executable, "-c", AS_A_WORKER, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout
    assert process.stdout.readline() == b"counted\n"
    return process


def end(process: subprocess.Popen[bytes]) -> None:
    process.communicate()
    assert process.returncode == 0


def test_workers_count_together_and_the_next_one_goes_on(settings: Settings) -> None:
    counters = create_counters(settings)
    first, second = worker(settings, 1000), worker(settings, 10)
    assert counters.responses("atom", 304) == 1010
    first.kill()
    first.communicate()
    third = worker(settings, 5)
    assert counters.responses("atom", 304) == 1015
    for process in (second, third):
        end(process)
    assert counters.responses("atom", 200) == 0


def test_a_new_service_starts_at_zero_and_keeps_those_of_another(settings: Settings) -> None:
    other = create_counters(settings)
    other.pinged(HUB, "sent")
    own = create_counters(settings)
    own.set(7, "faults")

    assert own.pings(HUB, "sent") == 0
    assert other.pings(HUB, "sent") == 1
    assert open_counters(settings).get("faults") == 7


@pytest.mark.parametrize("size", [None, 0, 5])
def test_where_the_file_is_missing_or_cut_off_a_process_counts_for_itself(
    settings: Settings, tmp_path: Path, size: int | None
) -> None:
    if size is not None:
        (tmp_path / "index.db.figures").write_bytes(bytes(size))
    counters = open_counters(settings, worker=True)
    counters.responded("html", 200)

    assert counters.responses("html", 200) == 1


def test_where_nothing_can_be_written_the_service_counts_for_itself(tmp_path: Path) -> None:
    settings = Settings(content=tmp_path, index=f"sqlite:///{tmp_path}/nowhere/index.db", site=site())
    counters = create_counters(settings)
    counters.add("refreshes")

    assert counters.get("refreshes") == 1


def test_an_unknown_status_is_ignored(settings: Settings) -> None:
    counters = private_counters(settings)
    counters.responded("atom", 299)
    counters.responded("strange", 200)

    assert counters.responses("atom", 200) == 0


def test_each_hub_has_its_own_counters(settings: Settings) -> None:
    counting, reading = create_counters(settings), open_counters(settings)
    hubs = [f"https://hub-{number}.example/" for number in range(MAX_HUBS)]
    for number, hub in enumerate(hubs):
        counting.set_pending(hub, number)
        for _ in range(number):
            counting.pinged(hub, "sent")

    assert [reading.pending(hub) for hub in hubs] == [*range(MAX_HUBS)]
    assert [reading.pings(hub, "sent") for hub in hubs] == [*range(MAX_HUBS)]
    counting.pinged("https://one-too-many.example/", "sent")
    assert reading.pings("https://one-too-many.example/", "sent") == 0


def test_every_status_of_a_problem_is_counted() -> None:
    assert {row.status for row in PROBLEM_TYPES} <= set(STATUSES)
