"""Fixtures every test may ask for."""

from collections.abc import Iterator

import httpx
import hypothesis
import pytest

from tests.support.published_folder import Press, newspaper
from tests.support.server import CONTENT, Server, serving

# No example has a deadline: a busy machine is not a fault of the code. `make stress` takes the long profile.
hypothesis.settings.register_profile("short", deadline=None, max_examples=50)
hypothesis.settings.register_profile("long", deadline=None, max_examples=1_000)
hypothesis.settings.load_profile("short")


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The service on the sample articles, one process per pytest worker; nobody changes its content."""
    with serving(CONTENT, tmp_path_factory.mktemp("service")) as server:
        yield server


@pytest.fixture
def client(service: Server) -> Iterator[httpx.Client]:
    """A client of `service` that follows no redirect and heeds no proxy of the environment."""
    with httpx.Client(base_url=service.base, trust_env=False, timeout=30) as client:
        yield client


@pytest.fixture(scope="session")
def news(tmp_path_factory: pytest.TempPathFactory) -> Press:
    """A site of 400 articles; what asks it leaves it as it is."""
    return newspaper(tmp_path_factory.mktemp("news"))
