"""A browser for each module, and a service with the sample newspaper for each session.

The browser lasts no longer: Playwright keeps an event loop running for as long as it is open, and other
tests start their own.
"""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.support.page_view import SharedPages
from tests.support.requirements import tool
from tests.support.sample_newspaper import write
from tests.support.server import Server, serving

# CI runs as root, for whom chromium has no sandbox; it only ever sees our own pages. A GPU that is emulated
# takes a second of processor time to start.
ARGUMENTS = ["--no-sandbox", "--disable-gpu"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = tool("chromium", "chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield browser
        browser.close()


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
