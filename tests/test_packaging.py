"""The locked requirements: complete, hashed, without addresses, and the answer to pyproject.toml."""

import re
import tomllib
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.support.server import ROOT

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = ("requirements-build.txt", "requirements.txt", "requirements-dev.txt")
LOCKS_OF_OTHERS = ("bench/peers/requirements.txt",)


def locked(name: str) -> dict[str, str]:
    """The version each project is pinned to in a lock file, by its normalised name."""
    text = (ROOT / name).read_text(encoding="utf-8")
    pins = re.findall(r"^([A-Za-z0-9._-]+)==([^\s;]+)", text, flags=re.MULTILINE)
    return {canonicalize_name(project): version for project, version in pins}


def group(name: str) -> list[str]:
    """A dependency group of pyproject.toml with those it includes (PEP 735)."""
    requirements: list[str] = []
    for entry in PROJECT["dependency-groups"][name]:
        requirements += group(entry["include-group"]) if isinstance(entry, dict) else [entry]
    return requirements


@pytest.mark.parametrize("name", [*LOCKS, *LOCKS_OF_OTHERS])
def test_every_requirement_is_pinned_and_hashed_and_names_no_address(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*-", text.replace("    --hash=", ""), flags=re.MULTILINE), "an option of pip"
    entries = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]
    assert entries
    for entry in entries:
        assert re.match(r"\S+==\S+ (;.* )?\\\n    --hash=sha256:[0-9a-f]{64}\b", entry), entry


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("requirements.txt", PROJECT["project"]["dependencies"]),
        ("requirements-dev.txt", PROJECT["project"]["dependencies"] + group("dev")),
        ("requirements-build.txt", PROJECT["build-system"]["requires"]),
    ],
)
def test_the_lock_answers_pyproject(name: str, wanted: list[str]) -> None:
    pins = locked(name)
    for requirement in map(Requirement, wanted):
        version = pins.get(canonicalize_name(requirement.name))
        assert version, f"{requirement.name} is not in {name}; run `make lock`"
        assert requirement.specifier.contains(version), (
            f"{requirement} but {version} is locked; run `make lock`"
        )


def test_one_version_of_everything() -> None:
    everything = locked("requirements-dev.txt")
    for name in LOCKS[:2]:
        shared = everything.keys() & locked(name).keys()
        assert shared
        assert {project: everything[project] for project in shared} == {
            project: locked(name)[project] for project in shared
        }
