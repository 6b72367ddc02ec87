"""How costs grow with the number of articles: each size is built, edited and queried.

    make bench-growth                                       1,000 to 1,000,000 articles: hours, 15 GB
    make bench-growth ARGS="--sizes 1000,10000"             minutes
    make bench-growth ARGS="--work DIR --save"              keep the content; write tables and chart

The articles are generated (`bench.articles`), 1.5 kB each, one Markdown file an article. Queries are asked of
the application in this process without any cache of responses (`bench.in_process`). They are measured in CPU
time, as the median of twenty requests, and compared with 10,000 articles. Needs Linux.
"""

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from bench.articles import change_title, write_files
from bench.in_process import median_milliseconds, request, uncached_application
from bench.processes import children, cpu_seconds, megabytes, run_measured, wait_until_idle
from bench.queries import ROWS, Oldest, choose_samples
from service.index import Index
from service.query import RevisionPoint
from tests.support.server import ROOT, command, serving

SIZES = (1000, 10_000, 100_000, 1_000_000)
COMPARED = 10_000
"""Growth is given as a ratio to the cost of this many articles."""

PAGE = ROOT / "docs" / "performance.md"
CHART = ROOT / "docs" / "growth.png"
BEGIN, END = "<!-- begin: make bench-growth -->", "<!-- end -->"
CHARTED = (
    "first page, JSON",
    "two tags",
    "feed of 20",
    "article, JSON",
    "common word",
    "common word, relevance",
    "two common words",
    "prefix",
    "suggestion",
    "sitemap",
)
EDITED = "0000/article-0.md"
VISIBLE_SECONDS = 600.0
POLL_SECONDS = 0.02


class Costs(msgspec.Struct, frozen=True, kw_only=True):
    """What one number of articles costs, by name; a name of `folder` ends in its unit.

    Queries are in milliseconds.
    """

    articles: int
    folder: dict[str, float]
    queries: dict[str, float]


def measure(articles: int, work: Path) -> Costs:
    """Generate `articles` below `work`, unless they are there, and measure everything."""
    content, index = work / "content", work / "index.db"
    if not content.exists():
        write_files(content, articles)
    for database_file in work.glob("index.db*"):
        database_file.unlink()
    build = [command(), "index", "--content", str(content), "--index", f"sqlite:///{index}"]
    # With compiled modules, as an installed command has them.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    built = run_measured(build, environment)
    restarted = run_measured(build, environment)
    change_title(content / EDITED, "Edited before a build")
    edited = run_measured(build, environment)
    visible_seconds, edit_cpu, serving_megabytes = _edit_while_serving(content, work)
    content_bytes = sum(path.stat().st_size for path in content.rglob("*.md"))
    folder = {
        "build, s": built.wall,
        "build, CPU µs an article": built.cpu / articles * 1e6,
        "build, memory MB": built.megabytes,
        "index, times the content": index.stat().st_size / content_bytes,
        "unchanged restart, s": restarted.wall,
        "unchanged restart, CPU s": restarted.cpu,
        "`index` after one edit, s": edited.wall,
        "`index` after one edit, CPU s": edited.cpu,
        "edit to visible while serving, s": visible_seconds,
        "edit while serving, CPU s": edit_cpu,
        "serving, memory MB": serving_megabytes,
    }
    return Costs(
        articles=articles, folder=folder, queries=asyncio.run(measure_queries(articles, content, index))
    )


async def measure_queries(articles: int, content: Path, index: Path) -> dict[str, float]:
    """The median milliseconds of each query of `bench.queries`."""
    async with uncached_application(content, index) as app:
        answer = await request(app, "/articles.json?sort=oldest&limit=21")
        last = msgspec.json.decode(answer.body)["articles"][-1]
        oldest = Oldest(int(datetime.fromisoformat(last["published"]).timestamp()), last["id"])
        counted = msgspec.json.decode((await request(app, "/archive.json")).body)["months"]
        opened = Index(f"sqlite:///{index}")
        newest = RevisionPoint((await opened.manifest()).revision, await opened.newest_generation())
        await opened.close()
        samples = choose_samples(articles, [month["month"] for month in counted], oldest, newest)
        return {row.name: await median_milliseconds(app, row.addresses(samples), row.item) for row in ROWS}


def _edit_while_serving(content: Path, work: Path) -> tuple[float, float, float]:
    """The seconds until an edit is public, the seconds of CPU the service used for it, and its memory."""
    with serving(content, work, "--workers", "1") as server:
        processes = [server.process.pid, *children(server.process.pid)]
        wait_until_idle(processes)
        before = cpu_seconds(processes)
        began = time.perf_counter()
        change_title(content / EDITED, "Edited while it is served")
        while server.get("/articles/article-0.json").json()["title"] != "Edited while it is served":
            if time.perf_counter() - began > VISIBLE_SECONDS:
                sys.exit(f"the edit was not public after {VISIBLE_SECONDS:.0f} s\n{server.output()}")
            time.sleep(POLL_SECONDS)
        return time.perf_counter() - began, cpu_seconds(processes) - before, megabytes(processes)


def folder_table(measured: Sequence[Costs]) -> str:
    """What building and following a folder costs, a row a figure, as Markdown."""
    rows = [_row(name, [_figure(costs.folder[name]) for costs in measured]) for name in measured[0].folder]
    return "\n".join([_heading(measured), *rows])


def query_table(measured: Sequence[Costs]) -> str:
    """The milliseconds of each query and their growth from COMPARED to the most articles, as Markdown."""
    base = next((costs for costs in measured if costs.articles == COMPARED), None)
    largest = measured[-1]
    lines = [_heading(measured, "growth", "at most, ms")]
    for row in ROWS:
        figures = [_figure(costs.queries[row.name]) for costs in measured]
        growth = largest.queries[row.name] / base.queries[row.name] if base else 1.0
        most = "" if row.most_milliseconds is None else f"{row.most_milliseconds:.0f}"
        lines.append(_row(row.name, [*figures, f"{growth:.1f}", most]))
    return "\n".join(lines)


def _heading(measured: Sequence[Costs], *others: str) -> str:
    columns = [*(f"{costs.articles:,}" for costs in measured), *others]
    return f"{_row('', columns)}\n| --- |{' ---: |' * len(columns)}"


def _row(name: str, cells: Sequence[str]) -> str:
    return f"| {name} | {' | '.join(cells)} |"


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def save(tables: str, measured: Sequence[Costs]) -> None:
    """Put the tables between their marks in PAGE, and draw CHART."""
    from bench.chart import draw_chart  # imports matplotlib, which those who do not draw need not wait for

    page = PAGE.read_text("utf-8")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n\n{tables}\n\n{END}{after}", "utf-8")
    lines = {name: [costs.queries[name] for costs in measured] for name in CHARTED}
    draw_chart([costs.articles for costs in measured], lines, CHART)


def main() -> None:
    parser = argparse.ArgumentParser(description="How costs grow with the number of articles.")
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="numbers of articles, with commas")
    parser.add_argument(
        "--work", type=Path, help="keep content, indexes and results here, and use the content again"
    )
    parser.add_argument("--save", action="store_true", help="write the tables and the chart into docs/")
    chosen = parser.parse_args()
    sizes = sorted({int(size) for size in chosen.sizes.split(",")})
    measured: list[Costs] = []
    with tempfile.TemporaryDirectory(prefix="broadsheet-bench-") as place:
        work: Path = (chosen.work or Path(place)).resolve()
        for articles in sizes:
            print(f"Measuring {articles:,} articles.", file=sys.stderr, flush=True)
            measured.append(measure(articles, work / str(articles)))
            (work / str(articles) / "costs.json").write_bytes(msgspec.json.encode(measured[-1]))
    tables = f"{folder_table(measured)}\n\n{query_table(measured)}"
    print(tables)
    if chosen.save:
        save(tables, measured)


if __name__ == "__main__":
    main()
