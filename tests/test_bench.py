"""The queries of `bench.growth` are answered, and tables of benchmarks say what was measured."""

import asyncio
from pathlib import Path

import pytest

from bench import in_process
from bench.articles import write_files
from bench.growth import Costs, folder_table, measure_queries, query_table
from bench.peers.compare import BROADSHEET_PATHS, CASES, FIRST_FEED, PEERS, STATIC_PATHS, Edit
from bench.peers.compare import table as peer_table
from bench.queries import ROWS
from bench.serve import Load
from service.ingest import refresh_index
from service.model import Site

ARTICLES = 60


def test_every_query_is_answered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_process, "ROUNDS", 1)
    write_files(tmp_path / "content", ARTICLES)
    index = tmp_path / "index.db"
    report = refresh_index(f"sqlite:///{index}", tmp_path / "content", Site())
    assert (report.articles, report.faults) == (ARTICLES, ())
    milliseconds = asyncio.run(measure_queries(ARTICLES, tmp_path / "content", index))
    assert milliseconds.keys() == {row.name for row in ROWS}
    assert min(milliseconds.values()) > 0


def test_growth_is_told_from_ten_thousand_articles() -> None:
    measured = [
        Costs(
            articles=articles,
            folder={"build, s": articles / 1000},
            queries={row.name: float(factor) for row in ROWS},
        )
        for articles, factor in ((1000, 1), (10_000, 2), (100_000, 5))
    ]
    assert folder_table(measured).splitlines() == [
        "|  | 1,000 | 10,000 | 100,000 |",
        "| --- | ---: | ---: | ---: |",
        "| build, s | 1.00 | 10.0 | 100 |",
    ]
    lines = query_table(measured).splitlines()
    assert lines[0] == "|  | 1,000 | 10,000 | 100,000 | growth | at most, ms |"
    assert lines[2] == "| first page, JSON | 1.00 | 2.00 | 5.00 | 2.5 | 2 |"
    assert len(lines) == 2 + len(ROWS)


def test_every_peer_is_measured_by_the_same_cases() -> None:
    assert all(peer.paths.keys() == BROADSHEET_PATHS.keys() == STATIC_PATHS.keys() for peer in PEERS)


def test_the_table_of_peers_shows_medians_and_what_is_missing() -> None:
    loads = {("Broadsheet", case): [Load(rate, 40.0) for rate in (900.0, 5000.0, 2000.0)] for case in CASES}
    loads[("files behind nginx", FIRST_FEED)] = [Load(7000.0, 19.6)]
    lines = peer_table(loads, {"Broadsheet": Edit(0.25, 0.031)}).splitlines()
    assert lines[2] == f"| Broadsheet |{' 2,000 (40 µs) |' * len(CASES)} 0.25 s | 31 ms |"
    assert lines[3] == f"| files behind nginx | 7,000 (20 µs) |{' – |' * (len(CASES) - 1)} – | – |"
