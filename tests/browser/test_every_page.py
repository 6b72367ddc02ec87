"""Every kind of page, narrow and wide, light and dark, with and without scripts."""

import pytest
from playwright.sync_api import Browser

from tests.support.page_view import (
    HEIGHT,
    Look,
    Scheme,
    find_accessibility_faults,
    find_overflow,
    open_page,
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
WIDEST = 2560
"""Axe looks at narrower windows, where targets are smaller, in both schemes: here it finds the same."""
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
# Each width, scheme and way of scripting once; the other combinations are repetition.
LOOKS = [Look(320, "light"), Look(320, "dark", scripts=False), Look(1280, "dark")]
MORE_LOOKS = [
    look
    for width in (320, 1280)
    for scheme in SCHEMES
    for scripts in (True, False)
    if (look := Look(width, scheme, scripts)) not in LOOKS
]


@pytest.mark.parametrize(
    "look", [*LOOKS, *(pytest.param(look, marks=pytest.mark.stress) for look in MORE_LOOKS)], ids=str
)
@pytest.mark.parametrize("kind", PAGES)
def test_page_is_valid_accessible_and_fits(kind: str, look: Look, browser: Browser, gazette: Server) -> None:
    with open_page(browser, gazette.base, look) as (page, troubles):
        answer = page.goto(gazette.base + PAGES[kind])
        assert answer is not None
        assert answer.status == (int(kind) if kind.isdecimal() else 200)
        assert page.locator("h1").count() == 1
        assert page.title()
        faults = find_overflow(page)
        if look.scripts:
            faults += find_accessibility_faults(page)
        if look.width != 320:
            page.set_viewport_size({"width": WIDEST, "height": HEIGHT})
            faults += find_overflow(page)
    assert [*troubles, *faults] == []
