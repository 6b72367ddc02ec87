"""Every kind of page, narrow and wide, light and dark, with and without scripts."""

import pytest
from playwright.sync_api import Browser, Page

from tests.support.page_view import (
    HEIGHT,
    ContextOptions,
    Scheme,
    SharedPages,
    find_accessibility_faults,
    find_contrast_faults,
    find_overflow,
    open_page,
    remove_repetition,
)
from tests.support.server import Server

PAGES = {
    "home": "/",
    "list": "/articles.html",
    "filtered list": "/articles.html?tag=harbour&language=en&author=ada-osei&since=2026-01-05",
    "search": "/articles.html?q=harbour",
    "nothing found": "/articles.html?q=zyzzyva&tag=harbour",
    "article": "/articles/harbour-opens",
    "Arabic": "/articles/harbour-opens-ar",
    "Japanese": "/articles/harbour-opens-ja",
    "long words": "/articles/long-words",
    "hostile": "/articles/hostile",
    "page": "/about",
    "tags": "/tags",
    "authors": "/authors",
    "sources": "/sources",
    "languages": "/languages",
    "subscribe": "/subscribe?tag=harbour",
    "docs": "/docs",
    "404": "/articles/nowhere",
    "410": "/articles/wall-fell",
    "400": "/articles.html?limit=0",
}
WITHOUT_SCRIPTS = ("home", "search", "article", "subscribe", "docs", "404")
"""One page of each template; all of them are among those of `make stress`."""

WIDEST = 2560
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
CONTEXT_OPTIONS = [
    ContextOptions(width, scheme, scripts)
    for width in (320, 1280)
    for scheme in SCHEMES
    for scripts in (True, False)
]


def load(page: Page, gazette: Server, kind: str) -> None:
    answer = page.goto(gazette.base + PAGES[kind])
    assert answer is not None
    assert answer.status == (int(kind) if kind.isdecimal() else 200)
    assert page.locator("h1").count() == 1
    assert page.title()


@pytest.mark.parametrize("kind", PAGES)
def test_page_is_valid_accessible_and_fits(kind: str, pages: SharedPages, gazette: Server) -> None:
    """Loaded once, then shown in other widths and schemes. `make stress` has axe look at repetitions too.

    Axe looks at the narrow window, where targets are smaller; in the dark scheme only at contrast.
    """
    with pages.open(ContextOptions(320, "light")) as (page, troubles):
        load(page, gazette, kind)
        faults: list[str] = []
        for width in (1280, WIDEST, 320):
            page.set_viewport_size({"width": width, "height": HEIGHT})
            faults += find_overflow(page)
        remove_repetition(page)
        faults += find_accessibility_faults(page)
        page.emulate_media(color_scheme="dark")
        faults += find_contrast_faults(page)
    assert [*troubles, *faults] == []


def test_pages_fit_without_scripts(pages: SharedPages, gazette: Server) -> None:
    """Colours do not depend on scripts, and axe is one."""
    faults: dict[str, list[str]] = {}
    with pages.open(ContextOptions(320, "dark", scripts=False)) as (page, troubles):
        for kind in WITHOUT_SCRIPTS:
            load(page, gazette, kind)
            faults[kind] = find_overflow(page)
    assert troubles == []
    assert faults == {kind: [] for kind in WITHOUT_SCRIPTS}


@pytest.mark.stress
@pytest.mark.parametrize("options", CONTEXT_OPTIONS, ids=str)
@pytest.mark.parametrize("kind", PAGES)
def test_page_loaded_in_each_look_is_accessible_and_fits(
    kind: str, options: ContextOptions, browser: Browser, gazette: Server
) -> None:
    with open_page(browser, gazette.base, options) as (page, troubles):
        load(page, gazette, kind)
        faults = find_overflow(page)
        if options.scripts:
            faults += find_accessibility_faults(page)
    assert [*troubles, *faults] == []
