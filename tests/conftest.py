"""Fixtures every test may ask for."""

import gc
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import httpx
import hypothesis
import pytest

from tests.support.article_files import write_article
from tests.support.http_client import open_client
from tests.support.published_folder import PublishedFolder, newspaper
from tests.support.s3_server import S3Server, s3_server
from tests.support.server import CONTENT, Server, serving
from tests.support.shared_routes import share_routes
from tests.support.unsynced_files import leave_files_unsynced

# No example has a deadline: a busy machine is not a fault of the code. `make stress` takes the long profile.
hypothesis.settings.register_profile("short", deadline=None, max_examples=30)
hypothesis.settings.register_profile("long", deadline=None, max_examples=1_000)
hypothesis.settings.load_profile("short")


STRESS = Path(__file__).with_name("stress")

WORKERS_PER_CORE = 2
"""With `-n auto`: nearly half of the time, tests wait for servers and browsers."""


def pytest_xdist_auto_num_workers() -> int:
    return WORKERS_PER_CORE * (os.cpu_count() or 1)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--sample",
        type=int,
        metavar="N",
        help="run every N-th case of the tests marked `stress`; leave out those with fewer cases than N",
    )


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Skip the folder of long repetitions in a run without them: its cases take a second to list."""
    return True if config.option.markexpr == "not stress" and collection_path == STRESS else None


def pytest_collection() -> None:
    """Collect no garbage while modules are imported and tests made: they last for the whole run."""
    gc.disable()


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Select the cases of `--sample`."""
    step = config.getoption("--sample")
    if not step:
        return
    cases: dict[str, list[pytest.Item]] = {}
    for item in items:
        if item.get_closest_marker("stress"):
            cases.setdefault(item.nodeid.partition("[")[0], []).append(item)
    selected = {item for same in cases.values() for item in same[step - 1 :: step]}
    deselected = {item for same in cases.values() for item in same} - selected
    config.hook.pytest_deselected(items=[item for item in items if item in deselected])
    items[:] = [item for item in items if item not in deselected]


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A folder with one article, `one.md`."""
    folder = tmp_path / "content"
    folder.mkdir()
    write_article(folder, "one.md", title="One", date="2020-01-01")
    return folder


@pytest.fixture(scope="session", autouse=True)
def routes_are_shared() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        share_routes(patch)
        yield


@pytest.fixture(scope="session", autouse=True)
def files_are_unsynced() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        leave_files_unsynced(patch)
        yield


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The service on the sample articles, one process per pytest worker; nobody changes its content."""
    # Without a token, the address that takes it would not be there for those who test every operation.
    token = secrets.token_urlsafe()
    work = tmp_path_factory.mktemp("service")
    with serving(CONTENT, work, BROADSHEET_RELOAD_TOKEN=token) as server:
        yield server


@pytest.fixture
def client(service: Server) -> Iterator[httpx.Client]:
    """A client of `service` that follows no redirect and heeds no proxy of the environment."""
    with open_client(service.base) as client:
        yield client


@pytest.fixture(scope="session")
def news(tmp_path_factory: pytest.TempPathFactory) -> PublishedFolder:
    """A site of 400 articles; what asks it leaves it as it is."""
    return newspaper(tmp_path_factory.mktemp("news"))


@pytest.fixture(scope="module")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    with s3_server(tmp_path_factory.mktemp("s3")) as server:
        yield server
