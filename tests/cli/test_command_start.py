"""How a command begins: with no import it does not need, and Ctrl-C at any moment without a traceback."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.server import ROOT, clean_environment, free_port
from tests.support.waiting import TIMEOUT_SECONDS

COMMANDS = ("serve", "check", "index", "import", "webhooks", "render", "new")
HELP = [("--version",), ("--help",), *((command, "--help") for command in COMMANDS)]

HEAVY = {"asyncio", "bs4", "feedgen", "granian", "httpx", "jinja2", "litestar", "lxml", "sqlite3", "yaml"}
OURS = {"service", "service.cli", "service.cli.commands", "service.cli.interruption", "service.errors"}
MOST_MODULES = 250

NOT_FOR_AN_INDEX = (HEAVY - {"asyncio", "sqlite3", "yaml"}) | {
    *("email", "feedparser", "http.client", "idna", "imagesize", "markdownify", "pycld2", "xml"),
    *("service.content.dates.printed_dates", "service.content.scraping", "service.formats"),
}
MOST_MODULES_FOR_AN_INDEX = 550  # Python 3.13 has some more of its own than 3.11
MOST_PATTERNS_FOR_AN_INDEX = 440

RUN = """
import atexit, json, os, re, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where tests run in the background
patterns = 0
def compile(pattern, flags=0, compile=re.compile):
    global patterns
    patterns += sys._getframe(1).f_globals["__name__"].startswith("service.")
    return compile(pattern, flags)
re.compile = compile
def report():
    state = {
        "modules": sorted(sys.modules),
        "patterns": patterns,
        "dies": signal.getsignal(signal.SIGINT) is signal.SIG_DFL,
    }
    os.write(2, json.dumps(state).encode())
atexit.register(report)
from service.cli import main
sys.argv = ["broadsheet", *sys.argv[1:]]
main()
"""
"""A command that prints at its end what was imported, how many regular expressions Broadsheet compiled, and
whether Ctrl-C would have ended it at once."""

BEGIN = """
import signal, sys
from service.cli import main
sys.argv = ["broadsheet", *sys.argv[1:]]
signal.signal(signal.SIGINT, signal.SIG_DFL)
print("begun", flush=True)
main()
"""
"""A command that prints when it begins: a Ctrl-C while Python itself starts is not ours to handle."""


def python(script: str, *arguments: str) -> list[str]:
    return [sys.executable, "-c", script, *arguments]


@pytest.mark.parametrize("arguments", HELP, ids=" ".join)
def test_help_imports_nothing_heavy(arguments: tuple[str, ...]) -> None:
    printed = subprocess.run(python(RUN, *arguments), capture_output=True, text=True, check=True, cwd=ROOT)
    state = json.loads(printed.stderr)
    modules = state["modules"]

    assert printed.stdout
    assert state["dies"]
    assert HEAVY.isdisjoint(modules)
    assert {name for name in modules if name.startswith("service")} <= OURS
    assert len(modules) <= MOST_MODULES


def test_an_index_of_markdown_imports_only_what_it_needs(tmp_path: Path) -> None:
    content = tmp_path / "content"
    content.mkdir()
    (content / "a.md").write_text("---\ntitle: A\ndate: 2019-01-28\n---\n\nText.\n", "utf-8")
    arguments = ("index", "--content", str(content), "--index", f"sqlite:///{tmp_path}/index.db")
    printed = subprocess.run(python(RUN, *arguments), capture_output=True, text=True, check=True, cwd=ROOT)
    state = json.loads(printed.stderr)

    assert "1 article from 1 file" in printed.stdout
    assert NOT_FOR_AN_INDEX.isdisjoint(state["modules"])
    assert len(state["modules"]) <= MOST_MODULES_FOR_AN_INDEX
    assert 0 < state["patterns"] <= MOST_PATTERNS_FOR_AN_INDEX


MOMENTS = [tenth / 10 for tenth in range(20)]
"""Seconds after the command has begun."""


@pytest.mark.parametrize("moments", [MOMENTS[::8], pytest.param(MOMENTS, marks=pytest.mark.stress)], ids=len)
@pytest.mark.parametrize("command", ["serve", "check"])
def test_ctrl_c_in_the_first_two_seconds_ends_without_a_traceback(
    command: str, moments: list[float], tmp_path: Path
) -> None:
    content = tmp_path / "content"
    content.mkdir()
    for number in range(400):  # enough for several processes to read them
        (content / f"{number}.md").write_text(f"---\ntitle: Number {number}\n---\nText.\n", "utf-8")
    faults = []
    for moment in moments:
        process = subprocess.Popen(
            python(BEGIN, command),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            cwd=tmp_path,
            env=clean_environment(
                PYTHONPATH=str(ROOT), XDG_CACHE_HOME=str(tmp_path), BROADSHEET_PORT=str(free_port())
            ),
        )
        assert process.stdout
        assert process.stdout.readline() == b"begun\n"
        time.sleep(moment)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does
        output, _ = process.communicate(timeout=TIMEOUT_SECONDS)
        if b"Traceback" in output or process.returncode not in {0, 130, -signal.SIGINT}:
            faults.append((moment, process.returncode, output.decode()))

    assert faults == []
