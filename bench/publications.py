"""What a published edit costs in processor time, step by step, in one process.

    python -m bench.publications --articles 200000

The store is a folder. The steps are the refresh of the index, its publication, and on a replica the fetch and
the installation. Edits are of the kinds of `bench.replicas`.
"""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.articles import write_files
from bench.replicas import KINDS, make_edit
from service.ingest import refresh_index
from service.model import Site
from service.replication.folder_store import FolderStore
from service.replication.follow import SnapshotFollower
from service.replication.publish import SnapshotPublisher

EDITS = 24


def measure(articles: int, work: Path) -> dict[str, list[tuple[float, float]]]:
    """The seconds of processor time, and those on the clock, of each step of each edit."""
    content, url, replica_url = work / "content", f"sqlite:///{work}/index.db", f"sqlite:///{work}/replica.db"
    write_files(content, articles)
    refresh_index(url, content, Site())
    store = FolderStore(work / "store", "publish", f"file://{work}/store")
    publisher = SnapshotPublisher(store, url, content, delay_seconds=0.0)
    follower = SnapshotFollower(store, f"file://{work}/store", replica_url)
    taken: dict[str, list[tuple[float, float]]] = {}

    def time_step(name: str, step: Callable[..., Any], *values: Any, **options: Any) -> None:
        processor, clock = time.process_time(), time.perf_counter()
        step(*values, **options)
        seconds = time.process_time() - processor, time.perf_counter() - clock
        taken.setdefault(name, []).append(seconds)

    publisher.read_current()
    time_step("snapshot", publisher.publish)
    time_step("new replica", follower.fetch_newest)
    follower.install()
    chance = random.Random(articles)
    for number in range(EDITS):
        file = make_edit(content, KINDS[number % len(KINDS)], chance.randrange(articles), number)
        path = str(file.relative_to(content))
        time_step("refresh", refresh_index, url, content, Site(), paths=[path])
        publisher.read_current()
        time_step("publication", publisher.publish)
        time_step("fetch", follower.fetch_newest)
        time_step("installation", follower.install)
    return taken


def main() -> None:
    parser = argparse.ArgumentParser(description="What a published edit costs.")
    parser.add_argument("--articles", type=int, default=10_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="broadsheet-bench-") as work:
        for name, seconds in measure(arguments.articles, Path(work)).items():
            processor, clock = (statistics.median(values) for values in zip(*seconds, strict=True))
            print(f"{name:14}{processor:10.3f} CPU s{clock:10.3f} s")


if __name__ == "__main__":
    main()
