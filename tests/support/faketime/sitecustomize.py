"""Sleeping under libfaketime 0.9.10, which refuses the absolute deadline that Python sleeps until."""

import select
import time
from typing import SupportsIndex


def _sleep(seconds: float | SupportsIndex) -> None:
    select.select([], [], [], float(seconds))


time.sleep = _sleep
