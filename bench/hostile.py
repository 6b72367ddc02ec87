"""Latency of ordinary requests while hostile clients send the most expensive ones they can find.

make bench-hostile                                    50,000 articles, 8 hostile clients, 60 seconds
make bench-hostile ARGS="--seconds 20 --work DIR"     an index built earlier in DIR is used again
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode

from bench.articles import SEED, TAGS, vocabulary, write_lines
from bench.processes import children, pin
from service.ingest import refresh_index
from service.model import Site
from tests.support.server import ROOT, Server, serving

ARTICLES = 50_000


def hostile_addresses(seed: int) -> Iterator[str]:
    """Expensive addresses without end, hardly two alike, so that none is answered from a cache."""
    chance = random.Random(seed)
    words = vocabulary(random.Random(SEED))
    common, tags = words[:60], [f"t{number}" for number in range(60)]
    paths = ("/articles.json", "/articles.html", "/feed.atom", "/feed.json", "/articles.md", "/subscribe")
    while True:
        one, *some = chance.sample(common, 20)
        characters = [chr(0x4E00 + chance.randrange(60)) for _ in range(64)]
        letters = chance.sample("bcdfghjklmnpqrstvwxyz0123456789", 17)
        searches = (
            f"{chance.choice(letters)}*",
            " ".join(f"{letter}*" for letter in letters),
            f"{one} " + " ".join(f"-{letter}*" for letter in letters),
            " ".join(f"{word[:3]}*" for word in some[:4]),
            " ".join(f"-{word[:3]}*" for word in some[:4]),
            " ".join(chance.sample(common, 40)),
            "-" + " -".join(chance.sample(common, 40)),
            f"{one} -" + " -".join(some),
            f'"{" ".join(chance.choices(common[:3], k=100))}"',
            " ".join(f'-"{chance.choice(common[:9])} {word}"' for word in some),
            " ".join(characters),
            "-" + " -".join(characters),
            " OR ".join(some) + " NEAR(the of, 5)",
        )
        query: list[tuple[str, str]] = [("q", chance.choice(searches))]
        kind = chance.random()
        if kind < 0.2:
            query = [("exclude_tag", tag) for tag in chance.sample(tags, 20)]
        elif kind < 0.3:
            query += [("exclude_tag", tag) for tag in chance.sample(tags, 20)]
        elif kind < 0.35:
            query = [("tag", tag) for tag in chance.sample(tags[:9], 2)] + [("language", "en")]
        if chance.random() < 0.3:
            query.append(("updated_since", f"201{chance.randrange(10)}-01-01"))
        path = chance.choice(paths)
        if path.startswith("/articles") and query[0][0] == "q" and chance.random() < 0.3:
            query.append(("sort", "relevance"))
        if chance.random() < 0.05:
            path, query = "/articles.ndjson", query[:1]
        yield f"{path}?{urlencode(query)}"


def attack(base: str, clients: int, seconds: float) -> None:
    """Send hostile requests from `clients` threads; print how many were answered with which status."""
    deadline = time.monotonic() + seconds
    statuses: Counter[str] = Counter()

    def client(number: int) -> None:
        addresses = hostile_addresses(number)
        connection = connect(base)
        while time.monotonic() < deadline:
            address = next(addresses)
            try:
                connection.request("GET", address, headers={"Accept-Encoding": "br"})
                response = connection.getresponse()
                # Every stream is left after a few bytes, as by a client that aborts.
                aborted = address.startswith("/articles.ndjson")
                response.read(100 if aborted else None)
            except (OSError, HTTPException) as error:
                statuses[type(error).__name__] += 1
                aborted = True
            else:
                statuses["aborted" if aborted else str(response.status)] += 1
            if aborted:
                connection.close()
                connection = connect(base)
        connection.close()

    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps(statuses))


def connect(base: str) -> HTTPConnection:
    return HTTPConnection(base.removeprefix("http://"), timeout=60)


def probe(base: str, seconds: float) -> dict[str, list[float]]:
    """Milliseconds each ordinary request took, one after the other, by kind of request."""
    deadline = time.monotonic() + seconds
    taken: dict[str, list[float]] = {"cold tag feed": [], "/healthz": [], "remembered": []}
    cold = (f"/feed.atom?tag=t{tag}&limit={limit}" for limit in range(50, 0, -1) for tag in range(TAGS))
    connection = connect(base)
    while time.monotonic() < deadline:
        for kind, address in zip(taken, (next(cold), "/healthz", "/feed.atom"), strict=True):
            began = time.perf_counter()
            connection.request("GET", address)
            response = connection.getresponse()
            body = response.read()
            taken[kind].append((time.perf_counter() - began) * 1000)
            if response.status != HTTPStatus.OK:
                sys.exit(f"{address} was answered with {response.status}: {body[:300]!r}")
        time.sleep(0.005)
    connection.close()
    return taken


def measure(server: Server, clients: int, seconds: float) -> None:
    """Print the latencies with and without an attack, and what the attackers got."""
    server_core, client_core = sorted(os.sched_getaffinity(0))[:2]
    pin([server.process.pid, *children(server.process.pid)], server_core)
    os.sched_setaffinity(0, {client_core})
    probe(server.base, 1.0)
    print("| | requests | p50, ms | p99, ms | worst, ms |\n| --- | ---: | ---: | ---: | ---: |")
    report("alone", probe(server.base, seconds / 4))
    command = [sys.executable, "-m", "bench.hostile", "--attack", server.base, "--clients", str(clients)]
    with subprocess.Popen(
        [*command, "--seconds", str(seconds)], stdout=subprocess.PIPE, cwd=ROOT
    ) as attackers:
        time.sleep(1.0)
        taken = probe(server.base, seconds - 2.0)
        answered, _ = attackers.communicate(timeout=seconds + 120)
    report("under attack", taken)
    print(f"\nThe {clients} attackers were answered with {answered.decode().strip()}.")


def report(when: str, taken: dict[str, list[float]]) -> None:
    for kind, times in taken.items():
        cuts = statistics.quantiles(times, n=100)
        print(f"| {kind}, {when} | {len(times)} | {cuts[49]:.1f} | {cuts[98]:.1f} | {max(times):.1f} |")


def main() -> None:
    parser = argparse.ArgumentParser(description="Latency while hostile clients send expensive requests.")
    parser.add_argument("--articles", type=int, default=ARTICLES)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--work", type=Path, help="keep content and index here, and use those of last time")
    parser.add_argument("--attack", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.attack:
        attack(chosen.attack, chosen.clients, chosen.seconds)
        return
    with tempfile.TemporaryDirectory(prefix="broadsheet-bench-") as place:
        work: Path = (chosen.work or Path(place)).resolve()
        if not (work / "content").exists():
            write_lines(work / "content", chosen.articles)
        refresh_index(f"sqlite:///{work}/index.db", work / "content", Site())
        with serving(work / "content", work, "--workers", "1") as server:
            measure(server, chosen.clients, chosen.seconds)


if __name__ == "__main__":
    main()
