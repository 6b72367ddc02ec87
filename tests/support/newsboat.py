"""Run newsboat, a feed reader."""

import subprocess
from pathlib import Path

from tests.support.waiting import TIMEOUT_SECONDS


def reload_newsboat(newsboat: str, home: Path) -> None:
    """Reload all feeds once, with the configuration and the cache in the folder `home` only."""
    files = [
        "-u",
        home / "urls",
        "-c",
        home / "cache.db",
        "-C",
        home / "config",
        "-d",
        home / "log",
        "-l",
        "6",
    ]
    done = subprocess.run(
        [newsboat, "-x", "reload", *map(str, files)],
        env={"HOME": str(home), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
        capture_output=True,
        timeout=TIMEOUT_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
