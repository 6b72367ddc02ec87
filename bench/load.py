"""Files read a second: Broadsheet against a loader as one writes it in an afternoon, on the same files.

    make bench-load                                       three rounds of 4,000 files
    make bench-load ARGS="--files 1000 --rounds 5"
    make bench-load ARGS="--content ~/blog"               files of your own

The naive loader takes each file through python-frontmatter and markdown-it-py and throws away what it gets:
`naive` as CommonMark with tables, `naive GFM` as the Markdown that blogs are written in and that we read, in
which bare addresses are links too (markdown-it-py's own preset for it).
Broadsheet is measured twice: from the folder to articles (`articles`: found, read, parsed, made safe, with
plain text, summary, slugs, dates, languages and people, in the hands of one process), and from the folder to
an index built from nothing (`index`: the same, with search terms, stored, with full text). It uses the cores
there are, the naive loaders one.

The Markdown files of the folder are copied under other names until there are enough. Rounds are interleaved,
each measurement has a process of its own, and the median of the ratios counts: a virtual machine's speed
varies twofold between runs. CPU time, of all processes together, does not count waiting for a busy machine.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import frontmatter
import msgspec
from markdown_it import MarkdownIt

from service.content import load_parts, read, scan
from service.content.records import FilePart, LoadedFile, SourceFile
from service.ingest import refresh_index
from service.ingest.process_pool import run_in_processes
from service.model import Site
from tests.support.server import CONTENT, ROOT

CORPORA = ROOT.parent / "shared" / "corpora"
MOST_FILES = 50_000


class Spent(msgspec.Struct, frozen=True):
    """What one measurement took, in seconds; `cpu` of all its processes."""

    wall: float
    cpu: float


def naive(folder: Path) -> None:
    """Every file through python-frontmatter and markdown-it-py, one after the other."""
    markdown = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    for path in sorted(folder.rglob("*.md")):
        markdown.render(frontmatter.load(str(path)).content)


def naive_gfm(folder: Path) -> None:
    """The same, with Markdown as GitHub has it."""
    markdown = MarkdownIt("gfm-like")
    for path in sorted(folder.rglob("*.md")):
        markdown.render(frontmatter.load(str(path)).content)


def articles(folder: Path) -> None:
    """Every file to its articles, in this process's hands."""
    found = scan(folder)

    def loaded(files: Sequence[SourceFile]) -> list[LoadedFile]:
        held = [(FilePart(file.path, file.size), read(folder, file.path)) for file in files]
        return load_parts(folder, held, Site(), found.context, found.folders)

    with closing(run_in_processes(loaded, found.files, LoadedFile)) as each:
        for _ in each:
            pass


def index(folder: Path) -> None:
    """The folder to an index, built from nothing."""
    with tempfile.TemporaryDirectory(prefix="broadsheet-bench-") as place:
        report = refresh_index(f"sqlite:///{place}/index.db", folder, Site())
    if not report.articles:
        sys.exit(f"{folder} gave no article; nothing to compare.")


LOADERS: dict[str, Callable[[Path], None]] = {
    "naive": naive,
    "naive GFM": naive_gfm,
    "articles": articles,
    "index": index,
}


PEERS = ("naive", "naive GFM")


def measure(name: str, folder: Path) -> Spent:
    """One loader over the folder, in a process of its own; importing is not counted."""
    command = [sys.executable, "-m", "bench.load", "--only", name, "--content", str(folder)]
    printed = subprocess.run(command, capture_output=True, check=True, cwd=ROOT).stdout
    return msgspec.json.decode(printed, type=Spent)


def only(name: str, folder: Path) -> Spent:
    began, before = time.perf_counter(), os.times()
    LOADERS[name](folder)
    after = os.times()
    return Spent(time.perf_counter() - began, sum(after[:4]) - sum(before[:4]))


def fill(folder: Path, content: Path, files: int) -> int:
    """Copy Markdown files below `content` into `folder` until there are `files`; their average size."""
    found = sorted(path for path in content.rglob("*.md") if path.is_file())
    if not found:
        sys.exit(f"{content} holds no Markdown file; name a folder with --content.")
    size = 0
    for number in range(files):
        data = found[number % len(found)].read_bytes()
        size += len(data)
        place = folder / f"{number // len(found)}"
        place.mkdir(exist_ok=True)
        (place / f"{number:05}-{found[number % len(found)].name}").write_bytes(data)
    return size // files


def main() -> None:
    parser = argparse.ArgumentParser(description="Broadsheet against a naive loader: files a second.")
    parser.add_argument("--files", type=int, default=4_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--content", type=Path, help="Markdown files to take (default: ../shared/corpora)")
    parser.add_argument("--only", choices=LOADERS, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    content = (chosen.content or (CORPORA if CORPORA.is_dir() else CONTENT)).resolve()
    if chosen.only:
        print(msgspec.json.encode(only(chosen.only, content)).decode())
        return
    if not (0 < chosen.files <= MOST_FILES and chosen.rounds > 0):
        sys.exit(f"give at least one round, and between 1 and {MOST_FILES} files.")
    with tempfile.TemporaryDirectory(prefix="broadsheet-bench-") as place:
        folder = Path(place)
        size = fill(folder, content, chosen.files)
        cores = len(os.sched_getaffinity(0))
        print(
            f"{chosen.files} Markdown files of {size / 1000:.1f} kB, {cores} cores, {chosen.rounds} rounds\n"
        )
        rounds = [{name: measure(name, folder) for name in LOADERS} for _ in range(chosen.rounds)]
    print("| | files/s | times naive | times naive GFM | rounds of both | CPU, µs a file |")
    print("| --- | ---: | ---: | ---: | --- | ---: |")
    for name in LOADERS:
        print(row(name, rounds, chosen.files))


def row(name: str, rounds: list[dict[str, Spent]], files: int) -> str:
    """One line of the table: medians over the rounds, and how many times as fast as the naive loaders."""
    rate = statistics.median(files / spent[name].wall for spent in rounds)
    cpu = statistics.median(spent[name].cpu / files * 1e6 for spent in rounds)
    ratios = [[spent[peer].wall / spent[name].wall for spent in rounds] for peer in PEERS]
    times = " | ".join(f"**{statistics.median(each):.1f}**" for each in ratios)
    spread = ", ".join(" ".join(f"{ratio:.1f}" for ratio in each) for each in ratios)
    return f"| {name} | {rate:,.0f} | {times} | {spread} | {cpu:,.0f} |"


if __name__ == "__main__":
    main()
