"""Two hundred stops at random moments, by every signal, to the process or to its group."""

import random
import time
from pathlib import Path

import pytest

from tests.support.stopping import STOPS, LaunchedService

ROUNDS = 200
SEED = 11


@pytest.mark.stress
def test_two_hundred_stops_are_orderly(tmp_path: Path) -> None:
    content = tmp_path / "content"
    content.mkdir()
    (content / "one.md").write_text("---\ntitle: One\n---\nText.\n", "utf-8")
    drawn = random.Random(SEED)  # noqa: S311
    faults = []
    for number in range(ROUNDS):
        with LaunchedService(content, tmp_path, "--workers", str(drawn.randint(1, 3))) as launched:
            launched.wait_until_ready()
            time.sleep(drawn.uniform(0.0, 0.5))  # the moment is what is tested
            faults += launched.stop_and_find_faults(STOPS[number % len(STOPS)])

    assert faults == []
