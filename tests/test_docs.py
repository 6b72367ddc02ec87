"""The documentation is true: its examples run, its tables are complete, and its links lead somewhere."""

import re
import subprocess

import pytest

from service.cli.commands import commands
from service.content import SUFFIXES
from service.content.front_matter.known_keys import OURS
from service.settings import SETTINGS
from service.urls import DIRECTORY_PATHS
from service.web.problems.types import PROBLEM_TYPES
from service.web.query_string.parameters import PARAMETERS
from tests.support.in_memory_site import route_paths
from tests.support.requirements import tool
from tests.support.server import ROOT, Server

PAGES = {
    path.relative_to(ROOT).as_posix(): path.read_text("utf-8")
    for path in [*sorted(ROOT.glob("*.md")), *sorted(ROOT.glob("docs/*.md"))]
}
README = PAGES["README.md"]
LONGEST_README = 220
BASE = "http://localhost:8000"
ELLIPSIS = "…"


def table(page: str, heading: str) -> list[list[str]]:
    """The cells of each row of the table in `docs/PAGE.md` whose first column is headed `heading`."""
    pattern = rf"^\| {heading} \|.*\n\|[ |-]+\|\n((?:\|.*\|\n)+)"
    match = re.search(pattern, PAGES[f"docs/{page}.md"], re.MULTILINE)
    assert match, f"docs/{page}.md has no table of {heading}"
    return [[cell.strip() for cell in row.strip("|").split(" | ")] for row in match[1].splitlines()]


def names(page: str, heading: str) -> list[str]:
    return [name for row in table(page, heading) for name in re.findall(r"`([^`]+)`", row[0])]


def examples() -> list[tuple[str, str]]:
    """(command, output) of every `$ …` in a console block."""
    blocks = re.findall(r"^```console\n(.*?)^```", "\n".join(PAGES.values()), re.MULTILINE | re.DOTALL)
    examples = [text for block in blocks for text in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]]
    return [(command, output) for command, _, output in (text.partition("\n") for text in examples)]


@pytest.mark.parametrize(("command", "output"), examples())
def test_an_example_prints_its_output(service: Server, command: str, output: str) -> None:
    tool("curl", "curl")
    assert output.strip()
    result = subprocess.run(
        ["bash", "-c", command.replace(BASE, service.base)], capture_output=True, text=True, check=True
    )
    shown = [re.escape(part) for part in output.strip().split(ELLIPSIS)]
    printed = result.stdout.replace(service.base, BASE).strip()

    assert re.fullmatch(r"(?:.|\n)*?".join(shown), printed), printed


def test_every_format_has_an_example() -> None:
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


def test_every_setting_is_documented_and_no_other() -> None:
    assert names("settings", "setting") == [setting.name for setting in SETTINGS]


def test_every_parameter_is_documented_and_no_other() -> None:
    assert names("api", "parameter") == list(dict.fromkeys(parameter.name for parameter in PARAMETERS))


def test_every_problem_is_documented_with_its_status() -> None:
    documented = {row[0].strip("`"): int(row[1]) for row in table("api", "problem")}

    assert documented == {row.name: row.status for row in PROBLEM_TYPES}


def test_every_command_is_documented_and_no_other() -> None:
    assert names("operations", "command") == [f"broadsheet {name}" for name in commands.commands]


def test_every_address_is_documented_and_no_other() -> None:
    documented = set()
    for row in table("api", "address"):
        addresses = re.findall(r"`([^`]+)`", row[0])
        suffixes = re.findall(r"`(\.\w+)`", row[1]) if "also with" in row[1] else []
        documented |= {f"{address}{suffix}" for address in addresses for suffix in ["", *suffixes]}
    routed = route_paths() | {
        f"{address}{suffix}"
        for address in (
            "/articles/{slug}",
            "/{page}",
            *(f"{path}/{{slug}}" for path in DIRECTORY_PATHS.values()),
        )
        for suffix in (".json", ".html", ".md")
    }

    assert documented == routed


def test_every_file_type_is_documented() -> None:
    section = PAGES["docs/articles.md"].partition("## File types")[2].partition("##")[0]

    assert set(re.findall(r"`(\.\w+)`", section)) == set(SUFFIXES) - {".htm"}


def test_every_documented_key_of_front_matter_is_read() -> None:
    documented = names("articles", "key")

    assert len(documented) == len(set(documented))
    assert set(documented) <= {*OURS, "id"}


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_somewhere(page: str) -> None:
    for target in re.findall(
        r"\]\(([^)#\s]*(?:#[^)\s]*)?)\)", re.sub(r"```.*?```", "", PAGES[page], flags=re.DOTALL)
    ):
        if target.startswith(("http://", "https://")):
            continue
        path, _, fragment = target.partition("#")
        linked = (ROOT / page).parent / path if path else ROOT / page
        assert linked.exists(), target
        if fragment:
            headings = re.findall(r"^#+ (.+)$", linked.read_text("utf-8"), re.MULTILINE)
            assert fragment in {
                re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings
            }


def test_every_package_is_in_the_layout() -> None:
    documented = re.findall(r"^\| `(\w+)` \|", PAGES["CONTRIBUTING.md"], re.MULTILINE)
    packages = {
        path.stem for path in (ROOT / "service").iterdir() if path.stem not in {"__init__", "__pycache__"}
    }

    assert packages <= set(documented)


def test_the_readme_is_short() -> None:
    assert len(README.splitlines()) <= LONGEST_README


def test_every_documented_target_of_make_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))

    documented = set(re.findall(r"`make ([a-z-]+)", "\n".join(PAGES.values())))
    assert documented | {"serve"} <= targets


def test_documentation_has_no_placeholders() -> None:
    assert not re.search(r"@[A-Z-]+@|TODO|TBD", "\n".join(PAGES.values()))
