"""Generators of clients read `/openapi.json` without a complaint about it."""

import subprocess
from pathlib import Path

import httpx
import pytest

from tests.support.requirements import tool

TYPESCRIPT = Path(__file__).with_name("typescript_client")
PIP = "pip install -r tests/contract/python_clients/requirements.txt in a venv, then add its bin to PATH"
NPM = (
    "npm install --prefix FOLDER --no-package-lock with the package.json of tests/contract/typescript_client,"
    " then add FOLDER/node_modules/.bin to PATH"
)


@pytest.fixture
def saved(client: httpx.Client, tmp_path: Path) -> Path:
    """The document of the running service in a file."""
    path = tmp_path / "openapi.json"
    path.write_bytes(client.get("/openapi.json").content)
    return path


def run(*command: str | Path, folder: Path) -> str:
    """What `command` prints; it succeeds."""
    finished = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    assert finished.returncode == 0, finished.stdout[-4000:] + finished.stderr[-4000:]
    return finished.stdout + finished.stderr


def test_openapi_typescript(saved: Path, tmp_path: Path) -> None:
    generate = tool("openapi-typescript", install=NPM)
    run(generate, saved, "--output", tmp_path / "api.ts", folder=tmp_path)
    use = tmp_path / "use.ts"
    use.write_bytes((TYPESCRIPT / "use.ts").read_bytes())
    run(tool("tsc", install=NPM), "--noEmit", "--strict", use, folder=tmp_path)


def test_openapi_python_client(saved: Path, tmp_path: Path) -> None:
    generate = tool("openapi-python-client", install=PIP)
    (tmp_path / "config.yml").write_text("post_hooks: []\n")
    options = ("--meta", "none", "--config", "config.yml", "--output-path", tmp_path / "api_client")
    printed = run(generate, "generate", "--path", saved, *options, folder=tmp_path)
    # It supports JSON, text and bytes, and says so of every other media type.
    reasons = [line for line in printed.splitlines() if line.startswith(("Cannot", "ERROR", "Unable"))]
    assert [line for line in reasons if "Unsupported content_type" not in line] == []
    assert printed.count("WARNING parsing") == len(reasons), printed
    article = (tmp_path / "api_client/models/article.py").read_text()
    assert "\n    title: str\n" in article
    for source in (tmp_path / "api_client").rglob("*.py"):
        compile(source.read_text(), source, "exec")


def test_datamodel_code_generator(saved: Path, tmp_path: Path) -> None:
    generate = tool("datamodel-codegen", install=PIP)
    models = tmp_path / "models.py"
    options = ("--output-model-type", "dataclasses.dataclass", "--formatters", "builtin")
    printed = run(
        generate,
        "--input",
        saved,
        "--input-file-type",
        "openapi",
        *options,
        "--output",
        models,
        folder=tmp_path,
    )
    assert printed.strip() == ""
    article = models.read_text().partition("\nclass Article:")[2]
    assert "\n    title: str\n" in article
