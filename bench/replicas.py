"""What replicas cost: a cold start, the bytes of an edit, and the time until all replicas serve it.

    python -m bench.replicas                              10,000 articles of 1.5 kB, two replicas: minutes
    python -m bench.replicas --articles 100000 --work DIR --store s3://bucket/prefix

Publisher and replicas are services on this machine with the default settings; the store is a folder unless
one is given. Times are from one machine's clock, as a client sees them. Needs Linux.
"""

import argparse
import shutil
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from bench.articles import change_title, write_files
from bench.processes import children, cpu_seconds, run_measured
from service.replication.open_store import open_store
from service.replication.publication import CURRENT, Publication, decode
from tests.support.server import Server, command, launch

EDITS = 10
POLL_SECONDS = 0.02
VISIBLE_SECONDS = 600.0


def measure(articles: int, work: Path, address: str) -> dict[str, float]:
    """Build, publish and edit `articles` below `work`; each figure by its name, which ends in its unit."""
    content = work / "content"
    if not content.exists():
        write_files(content, articles)
    index = [command(), "index", "--content", str(content), "--index", f"sqlite:///{work}/origin/index.db"]
    built = run_measured(index)
    unchanged = run_measured(index)
    published = run_measured([*index, "--publish", address])
    snapshot = read_current(address).snapshot
    figures = {
        "build of the index, CPU s": built.cpu,
        "database, MB": snapshot.database_bytes / 1e6,
        "snapshot, MB": snapshot.bytes / 1e6,
        "publication of a snapshot, s": published.wall - unchanged.wall,
        "publication of a snapshot, CPU s": published.cpu - unchanged.cpu,
    }
    with ExitStack() as running:
        began = time.perf_counter()
        replicas = [start(running, work / "replica-0", "--from", address)]
        figures["cold start of a replica, s"] = time.perf_counter() - began
        pid = replicas[0].process.pid
        figures["cold start of a replica, CPU s"] = cpu_seconds([pid, *children(pid)])
        replicas.append(start(running, work / "replica-1", "--from", address))
        origin = start(running, work / "origin", "--content", str(content), "--publish", address)
        sizes, ratios, seconds = [], [], []
        for number in range(EDITS):
            file = content / "0000" / f"article-{number}.md"
            began = time.perf_counter()
            change_title(file, f"Edit {number}")
            for server in (origin, *replicas):
                wait_for_title(server, number)
            seconds.append(time.perf_counter() - began)
            sizes.append(read_current(address).parts[-1].bytes)
            ratios.append(sizes[-1] / file.stat().st_size)
        figures["edit to all replicas, s"] = statistics.median(seconds)
        figures["edit to all replicas, longest, s"] = max(seconds)
        figures["bytes of an edit, kB"] = statistics.median(sizes) / 1000
        figures["bytes of an edit, times the article"] = statistics.median(ratios)
        figures["bytes of an edit, largest, times the article"] = max(ratios)
    return figures


def start(running: ExitStack, work: Path, *options: str) -> Server:
    """A service that is stopped with the others, once it is ready."""
    work.mkdir(exist_ok=True)
    server = launch(work, *options)
    running.callback(server.stop)
    return server


def wait_for_title(server: Server, number: int) -> None:
    deadline = time.perf_counter() + VISIBLE_SECONDS
    while server.get(f"/articles/article-{number}.json").json()["title"] != f"Edit {number}":
        if time.perf_counter() > deadline:
            sys.exit(f"the edit was not public after {VISIBLE_SECONDS:.0f} s\n{server.output()}")
        time.sleep(POLL_SECONDS)


def read_current(address: str) -> Publication:
    found = open_store("publish", address).read(CURRENT)
    if found is None:
        sys.exit(f"nothing is published at {address}")
    return decode(found.content)


def main() -> None:
    parser = argparse.ArgumentParser(description="What replicas cost.")
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--work", type=Path, help="where the articles are, or are written and kept")
    parser.add_argument("--store", help="the address of an empty store (default: a folder)")
    arguments = parser.parse_args()
    work = arguments.work or Path(tempfile.mkdtemp())
    work.mkdir(parents=True, exist_ok=True)
    try:
        figures = measure(arguments.articles, work, arguments.store or f"file://{work}/store")
    finally:
        if arguments.work is None:
            shutil.rmtree(work)
    for name, figure in figures.items():
        print(f"{name:46}{figure:10.2f}")


if __name__ == "__main__":
    main()
