"""A browser for each module, and a service with the sample newspaper for each session.

The browser lasts no longer: Playwright keeps an event loop running for as long as it is open, and other
tests start their own.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.support.requirements import tool
from tests.support.sample_newspaper import write
from tests.support.server import Server, serving


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = tool("chromium", "chromium")
    with sync_playwright() as playwright:
        # CI runs as root, for whom chromium has no sandbox; it only ever sees our own pages.
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def gazette(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The service on the newspaper."""
    work = tmp_path_factory.mktemp("gazette")
    with serving(write(work / "content"), work) as server:
        yield server
