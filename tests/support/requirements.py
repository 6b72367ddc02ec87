"""What a test needs from the machine: a tool, or data outside the repository."""

import importlib
import os
import shutil
import sysconfig
from pathlib import Path
from typing import Any

import pytest

from tests.support.server import ROOT


def tool(name: str, package: str = "", *, install: str = "") -> str:
    """The path of a command, which Debian has in `package`, or which `install` says how to install.

    Where it is missing the test is skipped, on CI (the variable CI is set) it fails: CI skips nothing.
    """
    program = shutil.which(name, path=os.pathsep.join((sysconfig.get_path("scripts"), os.environ["PATH"])))
    if program:
        return program
    missing = f"{name} is missing ({install or f'Debian: apt install {package}'})"
    if os.environ.get("CI"):
        pytest.fail(missing)
    pytest.skip(missing)


def varnish_module(name: str, package: str) -> None:
    """Require a module of Varnish, which Debian has in `package`; where it is missing, as `tool`."""
    if any(Path("/usr/lib").glob(f"**/varnish/vmods/libvmod_{name}.so")):
        return
    missing = f"the module {name} of Varnish is missing (Debian: apt install {package})"
    if os.environ.get("CI"):
        pytest.fail(missing)
    pytest.skip(missing)


def package(name: str) -> Any:
    """The package `name` of the requirements of development; where it is missing, as `tool`."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError:
        missing = f"the package {name} is missing (make develop)"
    if os.environ.get("CI"):
        pytest.fail(missing)
    pytest.skip(missing)


def shared(name: str) -> Path:
    """The folder `name` of the material beside the repository, which a mere clone does not have."""
    folder = ROOT.parent / "shared" / name
    if not folder.exists():
        pytest.skip(f"../shared/{name} is not here")
    return folder
