"""What replicas cost: a cold start, an edit in bytes and processor time, and the time until all serve it.

    python -m bench.replicas                              10,000 articles of 2 kB, three replicas: minutes
    python -m bench.replicas --articles 100000 --work DIR --store s3://bucket/prefix

Publisher and replicas are services on this machine with the default settings; the store is a folder unless
one is given. Times are from one machine's clock, as a client sees them. Edits are of several kinds in turn: a
new title, a paragraph more, a new article, a withdrawal. Needs Linux.
"""

import argparse
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from bench.articles import FILES_OF_A_FOLDER, add_paragraph, change_title, withdraw, write_file, write_files
from bench.processes import children, cpu_seconds, run_measured, wait_until_idle
from service.replication.open_store import open_store
from service.replication.publication import CURRENT, Publication, decode
from tests.support.server import Server, command, launch

EDITS = 60
IDLE_SECONDS = 10.0
"""For how long services are watched that have nothing to do, since each looks for changes now and then."""

KINDS = ("title", "paragraph", "new article", "withdrawal")
POLL_SECONDS = 0.02
VISIBLE_SECONDS = 600.0


def measure(articles: int, work: Path, address: str, number_of_replicas: int) -> dict[str, float]:
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
        replicas += [
            start(running, work / f"replica-{number}", "--from", address)
            for number in range(1, number_of_replicas)
        ]
        origin = start(running, work / "origin", "--content", str(content), "--publish", address)
        revision = read_revision(origin)
        ratios: dict[str, list[float]] = {kind: [] for kind in KINDS}
        seconds = []
        chance = random.Random(articles)
        services = [origin, *replicas]
        wait_until_idle([origin.process.pid, *children(origin.process.pid)])
        idle = read_processor_seconds(services)
        time.sleep(IDLE_SECONDS)
        before = read_processor_seconds(services)
        idle = [(later - earlier) / IDLE_SECONDS for earlier, later in zip(idle, before, strict=True)]
        edits_began = time.perf_counter()
        for number in range(EDITS):
            kind = KINDS[number % len(KINDS)]
            began = time.perf_counter()
            file = make_edit(content, kind, chance.randrange(articles), number)
            revision = wait_for_revision(origin, revision)
            for server in replicas:
                wait_for_revision(server, revision, is_before=False)
            seconds.append(time.perf_counter() - began)
            parts = read_current(address).parts
            ratios[kind].append(parts[-1].bytes / file.stat().st_size)
        elapsed = time.perf_counter() - edits_began
        origin_seconds, *replica_seconds = (
            (later - earlier - rate * elapsed) / EDITS
            for earlier, later, rate in zip(before, read_processor_seconds(services), idle, strict=True)
        )
        figures["edit, on the publisher, CPU s"] = origin_seconds
        figures["edit, on a replica, CPU s"] = statistics.mean(replica_seconds)
        figures["edit to all replicas, s"] = statistics.median(seconds)
        figures["edit to all replicas, longest, s"] = max(seconds)
        for kind, values in ratios.items():
            figures[f"{kind}, times the article"] = statistics.median(values)
            figures[f"{kind}, largest, times the article"] = max(values)
    return figures


def start(running: ExitStack, work: Path, *options: str) -> Server:
    """A service that is stopped with the others, once it is ready."""
    work.mkdir(exist_ok=True)
    server = launch(work, *options)
    running.callback(server.stop)
    return server


def make_edit(content: Path, kind: str, article: int, number: int) -> Path:
    """Make the edit with this number, of an article that exists unless it is a new one; the file."""
    file = content / f"{article // FILES_OF_A_FOLDER:04}" / f"article-{article}.md"
    if kind == "title":
        change_title(file, f"Edit {number}")
    elif kind == "paragraph":
        add_paragraph(file, number)
    elif kind == "withdrawal":
        withdraw(file)
    else:
        file = content / "0000" / f"new-{number}.md"
        write_file(file, number)
    return file


def read_processor_seconds(services: Sequence[Server]) -> list[float]:
    """The processor time that each service has taken so far."""
    return [cpu_seconds([server.process.pid, *children(server.process.pid)]) for server in services]


def read_revision(server: Server) -> str:
    revision: str = server.get("/manifest.json").json()["revision"]
    return revision


def wait_for_revision(server: Server, revision: str, *, is_before: bool = True) -> str:
    """Wait until a service has another revision, or this one if it is not the one before; which it has."""
    deadline = time.perf_counter() + VISIBLE_SECONDS
    while ((found := read_revision(server)) == revision) == is_before:
        if time.perf_counter() > deadline:
            sys.exit(f"the edit was not public after {VISIBLE_SECONDS:.0f} s\n{server.output()}")
        time.sleep(POLL_SECONDS)
    return found


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
    parser.add_argument("--replicas", type=int, default=3, help="each has the index twice on the disk")
    arguments = parser.parse_args()
    work = arguments.work or Path(tempfile.mkdtemp())
    work.mkdir(parents=True, exist_ok=True)
    try:
        figures = measure(
            arguments.articles, work, arguments.store or f"file://{work}/store", arguments.replicas
        )
    finally:
        if arguments.work is None:
            shutil.rmtree(work)
    for name, figure in figures.items():
        print(f"{name:46}{figure:10.2f}")


if __name__ == "__main__":
    main()
