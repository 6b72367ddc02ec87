"""The README shows only what is true: its examples run, its tables are complete, and the other way round."""

import re
import subprocess

import pytest

from service.cli.commands import commands
from service.content import SUFFIXES
from service.settings import SETTINGS
from service.web.problem_types import KINDS
from service.web.query_parameters import PARAMETERS
from service.web.routes import ROUTES
from tests.support.requirements import tool
from tests.support.server import ROOT, Server

README = (ROOT / "README.md").read_text("utf-8")
BASE = "http://localhost:8000"
ELLIPSIS = "…"


def table(heading: str) -> list[list[str]]:
    """The rows of the table whose first column is headed `heading`, each cell without its back quotes."""
    found = re.search(rf"^\| {heading} \|.*\n\|[ |-]+\|\n((?:\|.*\|\n)+)", README, re.MULTILINE)
    assert found, heading
    return [[cell.strip() for cell in row.strip("|").split(" | ")] for row in found[1].splitlines()]


def names(heading: str) -> list[str]:
    return [name for row in table(heading) for name in re.findall(r"`([^`]+)`", row[0])]


def examples() -> list[tuple[str, str]]:
    """(command, what it prints) of every `$ …` in the README's consoles."""
    blocks = re.findall(r"^```console\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    found = []
    for block in blocks:
        for example in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = example.partition("\n")
            found.append((command, output))
    return found


@pytest.mark.parametrize(("command", "output"), examples())
def test_an_example_prints_what_is_shown(service: Server, command: str, output: str) -> None:
    tool("curl", "curl")
    assert output.strip()
    result = subprocess.run(
        ["bash", "-c", command.replace(BASE, service.base)], capture_output=True, text=True, check=True
    )
    shown = [re.escape(part) for part in output.strip().split(ELLIPSIS)]
    printed = result.stdout.replace(service.base, BASE).strip()

    assert re.fullmatch(r"(?:.|\n)*?".join(shown), printed), printed


def test_there_is_an_example_of_every_format() -> None:
    commands = " ".join(command for command, _ in examples())

    for address in (
        "/articles.json",
        "/articles.md",
        "/articles.ndjson",
        "/feed.atom",
        "/feed.rss",
        "/feed.json",
    ):
        assert address in commands


def test_every_setting_is_there_and_no_other() -> None:
    assert names("setting") == [setting.name for setting in SETTINGS]


def test_every_parameter_is_there_and_no_other() -> None:
    assert names("parameter") == [parameter.name for parameter in PARAMETERS]


def test_every_problem_is_there_with_its_status_and_no_other() -> None:
    told = {row[0].strip("`"): int(row[1]) for row in table("problem")}

    assert told == {kind.name: kind.status for _, kind in KINDS}


def test_every_command_is_there_and_no_other() -> None:
    assert names("command") == [f"broadsheet {name}" for name in commands.commands]


def test_every_address_is_there_and_no_other() -> None:
    told = set()
    for row in table("address"):
        found = re.findall(r"`([^`]+)`", row[0])
        suffixes = re.findall(r"`(\.\w+)`", row[1]) if "also with" in row[1] else []
        told |= {f"{address}{suffix}" for address in found for suffix in ["", *suffixes]}
    routed = {re.sub(r":\w+}", "}", path) for path, _ in ROUTES} | {
        f"/articles/{{slug}}{suffix}" for suffix in (".json", ".html", ".md")
    }

    assert told == routed


def test_every_kind_of_file_is_there() -> None:
    told = set(re.findall(r"`(\.\w+)`", README.partition("## Write an article")[2].partition("```")[0]))

    assert told == set(SUFFIXES) - {".htm"}


def test_every_target_of_make_it_names_is_there() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))

    assert set(re.findall(r"`?\bmake ([a-z]+)`", README)) | {"serve"} <= targets


def test_nothing_is_left_to_be_filled_in() -> None:
    assert not re.search(r"@[A-Z-]+@|TODO|TBD", README)
