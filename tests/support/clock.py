"""A clock that jumps: libfaketime before the system's own, for the processes of a service."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

_SITE = Path(__file__).with_name("faketime")
_LIBRARY = "faketime/libfaketimeMT.so.1"


class FakeClock:
    """What goes into the environment of the processes, and how far their clock is ahead, kept in `file`."""

    def __init__(self, file: Path) -> None:
        library = next(Path("/usr/lib").glob(f"*/{_LIBRARY}"), None)
        if library is None:
            missing = "libfaketime is missing (Debian: apt install libfaketime)"
            pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
        self._file = file
        ours = (str(_SITE), os.environ.get("PYTHONPATH", ""))
        self.environment = {
            "PYTHONPATH": os.pathsep.join(filter(None, ours)),
            "LD_PRELOAD": str(library),
            "FAKETIME_TIMESTAMP_FILE": str(file),
            "FAKETIME_CACHE_DURATION": "1",
            # As when an operator sets the clock: what is measured goes on, and files keep their times.
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
        }
        self.set(timedelta())

    def set(self, ahead: timedelta) -> None:
        """Let the clock be so far ahead of the real one, or behind it."""
        new = self._file.with_name(f"{self._file.name}.new")
        new.write_text(f"{ahead.total_seconds():+.0f}\n", "ascii")
        new.replace(self._file)
