"""Latency of ordinary requests while articles are edited, and how much of it is made anew.

    python -m bench.live_edits                          504 articles, an edit a second, 6 clients, 60 seconds
    python -m bench.live_edits --new 1 --seconds 20     every edit is a new article

Clients ask for pages, feeds and articles, Zipf-distributed, over kept connections, and accept gzip.
"""

import argparse
import itertools
import random
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path

from bench.articles import article_records, write_files
from tests.support.server import serving

ARTICLES = 504
TAGS = 40


def addresses(seed: int, articles: int) -> Iterator[str]:
    """Addresses as readers ask for them, without end."""
    chance = random.Random(seed)
    ranked = ["/", "/feed.atom", "/feed.rss", "/articles.json", "/feed.json", "/tags", "/feeds.opml"]
    for tag in range(TAGS):
        ranked += [f"/feed.atom?tag=t{tag}", f"/articles.html?tag=t{tag}", f"/articles.json?tag=t{tag}"]
    ranked += [f"/articles/article-{number}" for number in range(articles)]
    ranked += [f"/articles/article-{number}.json" for number in range(articles)]
    weights = list(itertools.accumulate(1 / (rank + 5) for rank in range(len(ranked))))
    while True:
        yield chance.choices(ranked, cum_weights=weights)[0]


def edit(content: Path, stop: threading.Event, share_of_new: float) -> int:
    """Change an article every second, or write a new one; how many edits were made until `stop`."""
    chance = random.Random(0)
    files = sorted(content.rglob("*.md"))
    records = article_records(100_000, seed=1)
    edits = 0
    while not stop.wait(1.0):
        edits += 1
        if chance.random() < share_of_new:
            record = next(records)
            tags = ", ".join(record["tags"])
            moment = datetime.now(UTC).isoformat()
            text = f"---\ntitle: New {edits}\ndate: {moment}\ntags: [{tags}]\n---\n\n{record['text']}\n"
            (content / f"new-{edits}.md").write_text(text, "utf-8")
        else:
            with chance.choice(files).open("a", encoding="utf-8") as file:
                file.write(f"\n\nAdded by edit {edits}.\n")
    return edits


def ask(base: str, seed: int, articles: int, stop: threading.Event, taken: list[float]) -> None:
    """Send one request after the other until `stop`; add the milliseconds of each to `taken`."""
    connection = HTTPConnection(base.removeprefix("http://"), timeout=60)
    for address in addresses(seed, articles):
        if stop.is_set():
            break
        began = time.perf_counter()
        connection.request("GET", address, headers={"Accept-Encoding": "gzip", "Accept": "text/html"})
        response = connection.getresponse()
        body = response.read()
        taken.append((time.perf_counter() - began) * 1000)
        if response.status != HTTPStatus.OK:
            raise SystemExit(f"{address} was answered with {response.status}: {body[:300]!r}")
        time.sleep(0.005)
    connection.close()


def main() -> None:
    parser = argparse.ArgumentParser(description="Latency while articles are edited.")
    parser.add_argument("--articles", type=int, default=ARTICLES)
    parser.add_argument("--clients", type=int, default=6)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--new", type=float, default=0.2, help="share of the edits that are new articles")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="broadsheet-bench-") as place:
        work = Path(place)
        write_files(work / "content", chosen.articles)
        with serving(work / "content", work, "--workers", "2") as server:
            stop = threading.Event()
            taken: list[list[float]] = [[] for _ in range(chosen.clients)]
            threads = [
                threading.Thread(target=ask, args=(server.base, seed, chosen.articles, stop, times))
                for seed, times in enumerate(taken)
            ]
            editor = threading.Thread(target=edit, args=(work / "content", stop, chosen.new))
            for thread in threads:
                thread.start()
            time.sleep(5.0)
            for times in taken:
                times.clear()
            editor.start()
            time.sleep(chosen.seconds)
            stop.set()
            for thread in (*threads, editor):
                thread.join()
        times = sorted(itertools.chain.from_iterable(taken))
        cuts = statistics.quantiles(times, n=100)
        print(
            f"{len(times)} requests: p50 {cuts[49]:.1f} ms, p99 {cuts[98]:.1f} ms, worst {times[-1]:.1f} ms"
        )


if __name__ == "__main__":
    main()
