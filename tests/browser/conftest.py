"""A browser for each module, and a service with the sample newspaper for each session.

The browser lasts no longer: Playwright keeps an event loop running for as long as it is open, and other
tests start their own.
"""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser

from tests.support.page_view import SharedPages, open_browser
from tests.support.sample_newspaper import write
from tests.support.server import Server, serving


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def pages(browser: Browser, gazette: Server) -> Iterator[SharedPages]:
    """Pages of the newspaper that the tests of a module share."""
    with ExitStack() as closed:
        yield SharedPages(browser, gazette.base, closed)


@pytest.fixture(scope="session")
def gazette(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The service on the newspaper."""
    work = tmp_path_factory.mktemp("gazette")
    with serving(write(work / "content"), work) as server:
        yield server
