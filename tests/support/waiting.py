"""Waiting for something to become so, as long as a slow machine needs."""

import time
from collections.abc import Callable

TIMEOUT_SECONDS = 120.0
"""How long a test waits for what comes unless there is a fault: only a test that fails takes so long."""

POLL_SECONDS = 0.05


def wait_until(fact: Callable[[], bool], what: str, seconds: float = TIMEOUT_SECONDS) -> None:
    """Ask again and again until `fact` holds; fail when it does not in time."""
    deadline = time.monotonic() + seconds
    while not fact():
        assert time.monotonic() < deadline, what
        time.sleep(POLL_SECONDS)
