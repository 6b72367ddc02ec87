"""What a static export costs, and requests per second of its files behind nginx.

    make bench-export                                        1,000 and 10,000 articles
    make bench-export ARGS="--sizes 100000 --work DIR"       hours; keeps folders, indexes and exports in DIR
    make bench-export ARGS="--sizes 1000 --rounds 7"         3 minutes

An export is made of an index that is up to date: first from nothing, then without a change, after a new title
and after a new word in the text of one article. Then nginx serves the export of the smallest size, once with
the files that the export wrote for it and once with a short configuration that is written by hand and answers
the measured addresses with the same headers. Each has one process on the same core, wrk has another; rounds
are interleaved, and the medians of their ratios count: of the rate, and of the CPU time of a request, which
does not count waiting for a busy machine. Needs Linux, for the requests also nginx and wrk (Debian:
nginx-light and wrk).

    make bench-export ARGS="--only-requests --work DIR"      of an export that an earlier run kept
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import msgspec

from bench.articles import add_paragraph, change_title, write_files
from bench.processes import Use, run_measured
from bench.serve import NGINX, Case, Load, check_tools, load, wait_for
from service.export.targets.folder import RECORD
from service.export.targets.target import MARKER
from tests.support.server import command, free_port

SIZES = (1000, 10_000)
CASES = (
    Case("an article", "/articles/article-7"),
    Case("an article as JSON", "/articles/article-7.json"),
    Case("a list", "/tags/t0"),
    Case("a list with .html", "/tags/t0.html"),
    Case("a feed", "/feed.atom"),
    Case("the feed of a tag", "/tags/t0/feed.rss"),
    Case("a feed → 304", "/feed.atom", conditional=True),
)
BY_HAND = """
  types {{
    "application/atom+xml; charset=utf-8" atom; "application/rss+xml; charset=utf-8" rss;
    application/json json; "text/html; charset=utf-8" html;
  }}
  default_type "text/html; charset=utf-8";
  server {{
    listen 127.0.0.1:{port}; root {root};
    gzip_static on; gzip_vary on;
    location ~ \\.(atom|rss)$ {{ {feed} }}
    location ~ \\.json$ {{ {data} }}
    location ~ \\.html$ {{ {copy} }}
    location /tags/ {{ try_files $uri $uri/index.html =404; {list} }}
    location / {{ try_files $uri $uri/index.html =404; {page} }}
  }}
"""
OF_LOCATIONS = {
    "feed": "/feed.atom",
    "data": "/articles/article-7.json",
    "copy": "/tags/t0.html",
    "list": "/tags/t0",
    "page": "/articles/article-7",
}
"""An address of each location of the configuration that is written by hand: all have its headers."""

MADE_BY_NGINX = frozenset(
    (
        *("server", "date", "content-type", "content-length", "content-encoding", "connection"),
        *("last-modified", "etag", "vary", "accept-ranges"),
    )
)
AS_EXPORTED = """
  include {root}/{marker}/nginx-http.conf;
  server {{ listen 127.0.0.1:{port}; root {root}; include {root}/{marker}/nginx-server.conf; }}
"""
SERVERS = ("export", "nginx by hand")


class Costs(msgspec.Struct, frozen=True):
    """What exports of one size cost; each figure by its name, which ends in its unit."""

    articles: int
    figures: dict[str, float]


def export(work: Path) -> Use:
    """Export the folder `content` below `work` by the index there."""
    return run_measured([command(), "export", str(work / "public"), *_place(work)])


def update_index(work: Path) -> None:
    """Bring the index up to date, so that an export has nothing left to read."""
    run_measured([command(), "index", *_place(work)])


def _place(work: Path) -> list[str]:
    return ["--content", str(work / "content"), "--index", f"sqlite:///{work}/index.db"]


def measure_export(articles: int, work: Path, port: int) -> Costs:
    """Export `articles` generated articles below `work` as a site at `port` of this machine."""
    content = work / "content"
    if not content.exists():
        write_files(content, articles)
    site = f'title = "Bench"\naddresses = "paths"\npublic_url = "http://127.0.0.1:{port}"\n'
    (content / "site.toml").write_text(site, "utf-8")
    update_index(work)
    figures: dict[str, float] = {}
    edited = content / "0000" / "article-7.md"
    for name in ("first export", "no change", "a new title", "a new text"):
        if name == "a new title":
            change_title(edited, f"Title {os.urandom(4).hex()}")
        elif name == "a new text":
            add_paragraph(edited, int.from_bytes(os.urandom(4), "big"))
        update_index(work)
        use = export(work)
        figures |= {f"{name}, s": use.wall, f"{name}, CPU s": use.cpu, f"{name}, memory MB": use.megabytes}
    files = [path for path in (work / "public").rglob("*") if path.is_file()]
    plain = [path for path in files if path.suffix not in {".br", ".gz", ".zst"} and MARKER not in path.parts]
    figures["files without compressed forms"] = len(plain)
    figures["files"] = len(files)
    figures["bytes without compressed forms, MB"] = sum(path.stat().st_size for path in plain) / 1e6
    figures["bytes, MB"] = sum(path.stat().st_size for path in files) / 1e6
    figures["record of the export, MB"] = (work / "public" / MARKER / RECORD).stat().st_size / 1e6
    return Costs(articles, figures)


@contextmanager
def nginx(
    work: Path, name: str, server: str, root: Path, port: int, core: int, headers: dict[str, str]
) -> Iterator[tuple[str, list[int]]]:
    """An nginx that serves `root` as `server` says, on `core`: its address and its process."""
    folder = work / name.replace(" ", "-")
    folder.mkdir(exist_ok=True)
    before, _, _ = NGINX.partition("  types {{")
    config = folder / "nginx.conf"
    block = server.format(root=root, port=port, marker=MARKER, **headers)
    config.write_text(before.format(folder=folder) + block + "}\n", "utf-8")
    arguments = ["nginx", "-p", str(folder), "-c", str(config), "-e", str(folder / "error.log")]
    process = subprocess.Popen(arguments, stdin=subprocess.DEVNULL)
    try:
        os.sched_setaffinity(process.pid, {core})
        wait_for(f"http://127.0.0.1:{port}/", process)
        yield f"http://127.0.0.1:{port}", [process.pid]
    finally:
        process.terminate()
        process.wait(10)


def headers_of(base: str, path: str) -> str:
    """The headers of a response of the export, as a configuration that is written by hand would have them."""
    headers = httpx.get(f"{base}{path}").headers.items()
    added = [(name, value) for name, value in headers if name not in MADE_BY_NGINX]
    return " ".join(f'add_header {name} "{value}" always;' for name, value in added)


def require_same_answers(base: str, other: str) -> None:
    """Exit unless both servers answer each case with the same bytes and headers."""
    for case in CASES:
        answers = [httpx.get(f"{address}{case.path}") for address in (base, other)]
        ours, theirs = ({**answer.headers, "date": "", "body": answer.text} for answer in answers)
        if differing := [name for name in ours | theirs if ours.get(name) != theirs.get(name)]:
            sys.exit(f"{case.path}: the configuration by hand answers with other {', '.join(differing)}")


def measure_requests(work: Path, port: int, rounds: int, seconds: int) -> dict[Case, dict[str, list[Load]]]:
    """The load of each server for each case, in each round; `port` is that of the site."""
    server_core, load_core = sorted(os.sched_getaffinity(0))[:2]
    root = (work / "public").resolve()
    results: dict[Case, dict[str, list[Load]]] = {case: {name: [] for name in SERVERS} for case in CASES}
    with ExitStack() as running:
        exported = running.enter_context(nginx(work, "export", AS_EXPORTED, root, port, server_core, {}))
        headers = {name: headers_of(exported[0], path) for name, path in OF_LOCATIONS.items()}
        by_hand = running.enter_context(
            nginx(work, "nginx by hand", BY_HAND, root, free_port(), server_core, headers)
        )
        require_same_answers(exported[0], by_hand[0])
        servers = dict(zip(SERVERS, (exported, by_hand), strict=True))
        for _ in range(rounds):
            for case in CASES:
                for name, (base, processes) in servers.items():
                    results[case][name].append(load(base, processes, case, load_core, seconds))
    return results


def export_table(measured: list[Costs]) -> str:
    """A row for each figure, a column for each size."""
    head = "|  | " + " | ".join(f"{costs.articles:,}" for costs in measured) + " |"
    rows = [head, "| --- |" + " ---: |" * len(measured)]
    for name in measured[0].figures:
        values = " | ".join(_figure(costs.figures[name]) for costs in measured)
        rows.append(f"| {name} | {values} |")
    return "\n".join(rows)


def request_table(results: dict[Case, dict[str, list[Load]]]) -> str:
    """A row for each case: requests a second, CPU time for one, and ratios of the export to the other."""
    rows = [
        "| | " + " | ".join(f"{name}, 1/s | CPU, µs" for name in SERVERS) + " | export / by hand | by CPU |",
        "| --- |" + " ---: |" * (2 * len(SERVERS) + 2),
    ]
    for case, loads in results.items():
        cells = [
            f"{statistics.median(measured.rate for measured in loads[name]):,.0f} |"
            f" {statistics.median(measured.cpu_microseconds for measured in loads[name]):.1f}"
            for name in SERVERS
        ]
        ratios = [
            statistics.median(map(compare, loads["export"], loads["nginx by hand"]))
            for compare in (_compare_rates, _compare_cpu)
        ]
        rows.append(f"| {case.name} | " + " | ".join([*cells, *(f"{ratio:.2f}" for ratio in ratios)]) + " |")
    return "\n".join(rows)


def _compare_rates(ours: Load, theirs: Load) -> float:
    return ours.rate / theirs.rate


def _compare_cpu(ours: Load, theirs: Load) -> float:
    return theirs.cpu_microseconds / ours.cpu_microseconds


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def main() -> None:
    parser = argparse.ArgumentParser(description="What a static export costs.")
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="numbers of articles, with commas")
    parser.add_argument("--work", type=Path, help="keep content, indexes and exports here")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=1, help="how long each server is asked; 0: not at all")
    parser.add_argument("--only-requests", action="store_true", help="by the export in the folder of --work")
    chosen = parser.parse_args()
    if chosen.seconds:
        check_tools()
    measured: list[Costs] = []
    with tempfile.TemporaryDirectory(prefix="broadsheet-bench-") as place:
        work: Path = (chosen.work or Path(place)).resolve()
        port = free_port()
        sizes = sorted({int(size) for size in chosen.sizes.split(",")})
        for articles in () if chosen.only_requests else sizes:
            print(f"Exporting {articles:,} articles.", file=sys.stderr, flush=True)
            folder = work / str(articles)
            folder.mkdir(parents=True, exist_ok=True)
            measured.append(measure_export(articles, folder, port))
        if measured:
            print(export_table(measured), flush=True)
        if chosen.seconds:
            print(f"\nOne core each, {chosen.rounds} rounds of {chosen.seconds} s, {sizes[0]:,} articles\n")
            print(request_table(measure_requests(work / str(sizes[0]), port, chosen.rounds, chosen.seconds)))


if __name__ == "__main__":
    main()
