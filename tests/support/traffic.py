"""Mixed traffic on a running service while its articles are edited, and what the service uses meanwhile."""

import itertools
import random
import statistics
import threading
import time
from collections import Counter
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from tests.support.process_use import Use, read_process_use
from tests.support.processes import children
from tests.support.server import Server
from tests.support.waiting import TIMEOUT_SECONDS

CLIENTS = 4
REQUESTS_A_CONNECTION = 50
EDIT_SECONDS = 1.0
ADDRESSES = (
    *("/", "/feed.atom", "/feed.rss", "/feed.json", "/articles.json", "/articles.html", "/tags.json"),
    *("/articles/a{n}.json", "/articles/a{n}", "/articles.json?tag=t{d}", "/feed.atom?tag=t{d}"),
    *("/articles.json?q=text+word{n}", "/articles.md?limit={d}", "/sitemap.xml", "/articles.ndjson"),
    *("/files/picture{d}.png", "/healthz", "/readyz", "/metrics", "/articles/unknown{n}"),
)
EXPECTED = {200, 301, 304, 404}


def write_article(folder: Path, number: int, words: str) -> None:
    head = f"title: Article {number}\ntags: [t{number % 7}]\ndate: 2020-01-{1 + number % 28:02}\n"
    text = f"Text of word{number}. ![](picture{number % 10}.png) {words} " * 20
    (folder / f"a{number}.md").write_text(f"---\n{head}---\n\n{text}\n", "utf-8")


def write_site(folder: Path, articles: int) -> None:
    """A folder of articles with ten files that they refer to."""
    folder.mkdir()
    for number in range(articles):
        write_article(folder, number, "At first.")
    for number in range(10):
        (folder / f"picture{number}.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(20_000))


class Usage(msgspec.Struct, frozen=True):
    """What the service used at one moment: by process, and the bytes of the write-ahead log."""

    processes: dict[int, Use]
    log_bytes: int


class Traffic(msgspec.Struct):
    """What came of it: latencies in milliseconds, answers by status, and what went wrong."""

    milliseconds: list[float] = []
    statuses: Counter[int] = msgspec.field(default_factory=Counter)
    failures: Counter[str] = msgspec.field(default_factory=Counter)
    edits: int = 0

    def table(self, start: Usage, end: Usage) -> str:
        """A small table for people."""
        cuts = statistics.quantiles(self.milliseconds, n=100)
        lines = [
            f"requests   {len(self.milliseconds)}, edits {self.edits}",
            f"statuses   {dict(sorted(self.statuses.items()))}",
            f"failures   {dict(self.failures)}",
            f"latency    p50 {cuts[49]:.1f} ms, p99 {cuts[98]:.1f} ms",
            f"log        {start.log_bytes / 1e6:.1f} → {end.log_bytes / 1e6:.1f} MB",
        ]
        for pid, used in start.processes.items():
            then = end.processes[pid]
            memory = f"{used.memory_kb / 1000:.1f} → {then.memory_kb / 1000:.1f} MB"
            lines.append(f"process    {memory}, descriptors {used.descriptors} → {then.descriptors}")
        return "\n".join(lines)


def usage_of(server: Server, index: Path) -> Usage:
    pids = [server.process.pid, *children(server.process.pid)]
    log = index.with_name(f"{index.name}-wal")
    return Usage({pid: read_process_use(pid) for pid in pids}, log.stat().st_size if log.exists() else 0)


def run_traffic(server: Server, content: Path, articles: int, seconds: float) -> Traffic:
    """Ask for everything from CLIENTS threads for so long, with an edit each second."""
    traffic = Traffic()
    ends = time.monotonic() + seconds
    clients = [
        threading.Thread(target=_ask, args=(server, articles, ends, random.Random(seed), traffic))  # noqa: S311
        for seed in range(CLIENTS)
    ]
    for client in clients:
        client.start()
    for edit in itertools.count(1):
        if time.monotonic() >= ends:
            break
        write_article(content, edit % articles, f"Edited {edit} times.")
        traffic.edits = edit
        time.sleep(min(EDIT_SECONDS, max(0.0, ends - time.monotonic())))
    for client in clients:
        client.join()
    return traffic


def _ask(server: Server, articles: int, ends: float, chance: random.Random, traffic: Traffic) -> None:
    while time.monotonic() < ends:
        with closing(
            HTTPConnection("127.0.0.1", urlsplit(server.base).port, timeout=TIMEOUT_SECONDS)
        ) as connection:
            for _ in range(REQUESTS_A_CONNECTION):
                address = chance.choice(ADDRESSES).format(
                    n=chance.randrange(articles), d=chance.randrange(1, 7)
                )
                began = time.perf_counter()
                try:
                    connection.request(
                        "GET", address, headers={"Accept-Encoding": chance.choice(("gzip", "br"))}
                    )
                    response = connection.getresponse()
                    response.read()
                except (OSError, HTTPException) as error:
                    traffic.failures[f"{address}: {type(error).__name__}"] += 1
                    break
                traffic.milliseconds.append((time.perf_counter() - began) * 1000)
                traffic.statuses[response.status] += 1
                if response.status not in EXPECTED:
                    traffic.failures[f"{address}: {response.status}"] += 1
                if time.monotonic() >= ends:
                    break
