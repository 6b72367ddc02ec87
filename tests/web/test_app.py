"""The application factory: it opens nothing before it starts, and the `litestar` command lists its routes."""

import subprocess
import sys
from pathlib import Path

from service.web.app import create_app
from tests.support.in_memory_site import route_paths, settings
from tests.support.server import ROOT, clean_environment


def test_the_factory_opens_nothing(tmp_path: Path) -> None:
    database = tmp_path / "index.db"
    create_app(settings(tmp_path, index=f"sqlite:///{database}"))
    assert list(tmp_path.iterdir()) == []


def test_the_command_of_litestar_lists_the_routes(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "litestar", "--app", "service.web.app:create_app", "routes"]
    environment = clean_environment(PYTHONPATH=str(ROOT), COLUMNS="200")
    listed = subprocess.run(
        command, capture_output=True, text=True, check=True, cwd=tmp_path, env=environment, timeout=120
    ).stdout
    for path in route_paths():
        assert path.partition("{")[0] in listed
    assert list(tmp_path.iterdir()) == []
