"""schemathesis takes `/openapi.json` at its word and finds nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.server import ROOT, Server

SECONDS = 240

# Each hook module with the checks it replaces. Without its cursor, an invalid request may be a valid one.
RUNS = {
    "fuzz_checks": "positive_data_acceptance,response_schema_conformance",
    "fuzz_without_cursors": ("positive_data_acceptance,negative_data_rejection,response_schema_conformance"),
}
# The short form tries boundary values of all parameters, and random values without cursors.
SHORT_EXAMPLES = 2
SHORT_PHASES = {"fuzz_checks": "examples,coverage", "fuzz_without_cursors": "examples,fuzzing"}
ALL_PHASES = "examples,coverage,fuzzing"
SHORT_PATHS = {
    # Their parameters are those of /articles.json, /articles.html or /feed.atom, or they take none at all.
    "fuzz_checks": (
        *(f"--exclude-path={path}" for path in ("/", "/articles", "/articles.md", "/articles.ndjson")),
        *(f"--exclude-path={path}" for path in ("/search", "/subscribe", "/feed.rss", "/feed.json")),
        "--exclude-tag=Former addresses",
        "--exclude-tag=Path forms",
    ),
    # One address of each way to read parameters: strict, lenient, and a feed.
    "fuzz_without_cursors": [
        f"--include-path={path}" for path in ("/articles.json", "/articles.html", "/feed.atom")
    ],
}


@pytest.mark.parametrize("examples", [SHORT_EXAMPLES, pytest.param(12, marks=pytest.mark.stress)])
@pytest.mark.parametrize("hooks", RUNS)
def test_responses_match_the_description(service: Server, tmp_path: Path, hooks: str, examples: int) -> None:
    run = subprocess.run(
        [
            str(Path(sys.executable).with_name("schemathesis")),
            "run",
            f"{service.base}/openapi.json",
            f"--phases={SHORT_PHASES[hooks] if examples == SHORT_EXAMPLES else ALL_PHASES}",
            f"--max-examples={examples}",
            "--generation-deterministic",
            "--continue-on-failure",
            f"--exclude-checks={RUNS[hooks]}",
            *(SHORT_PATHS[hooks] if examples == SHORT_EXAMPLES else ()),
        ],
        cwd=tmp_path,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "SCHEMATHESIS_HOOKS": f"tests.contract.{hooks}",
            "NO_PROXY": "127.0.0.1",
        },
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-8000:] + run.stderr[-2000:]
