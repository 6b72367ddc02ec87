"""Alignment of edges, lines and numbers; printed pages; zoomed text."""

import pytest

from tests.support.page_view import ContextOptions, SharedPages, find_overflow
from tests.support.server import Server


def test_edges_and_numbers_are_aligned(pages: SharedPages, gazette: Server) -> None:
    """Feed links have one height, columns one edge, numbers one alignment."""
    with pages.open(ContextOptions()) as (page, _):
        page.goto(f"{gazette.base}/tags")
        heights = page.eval_on_selector_all(".feed", "all => all.map(one => one.offsetHeight)")
        assert len(set(heights)) == 1
        page.goto(f"{gazette.base}/articles/harbour-opens")
        column, beside = (page.locator(part).bounding_box() for part in ("article.reading", "nav.beside"))
        assert column is not None
        assert beside is not None
        assert (column["x"], column["width"]) == pytest.approx((beside["x"], beside["width"]), abs=0.5)
        numbers = page.locator(".body td:nth-child(2)").first
        assert numbers.evaluate("one => getComputedStyle(one).textAlign").endswith("right")
        place, first = (
            page.locator(part).first.evaluate("one => one.getClientRects()[0].bottom")
            for part in (".dateline", ".dateline + p")
        )
        assert place == pytest.approx(first, abs=8)


def test_printed_article_has_its_address(pages: SharedPages, gazette: Server) -> None:
    with pages.open(ContextOptions()) as (page, _):
        page.goto(f"{gazette.base}/articles/harbour-opens")
        assert not page.get_by_text(f"{gazette.base}/articles/harbour-opens", exact=True).is_visible()
        page.emulate_media(media="print")
        assert page.get_by_text(f"{gazette.base}/articles/harbour-opens", exact=True).is_visible()
        assert not page.get_by_role("search").is_visible()


@pytest.mark.parametrize("address", ["/", "/tags", "/subscribe?tag=harbour", "/articles/harbour-opens"])
def test_text_zoomed_twofold_fits(address: str, pages: SharedPages, gazette: Server) -> None:
    """WCAG 2.2 §1.4.4, on a phone."""
    with pages.open(ContextOptions(390)) as (page, _):
        page.goto(gazette.base + address)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert find_overflow(page) == []
        lines = page.locator(".bs-search button").evaluate(
            "one => { const range = document.createRange(); range.selectNodeContents(one);"
            " return range.getClientRects().length }"
        )
        assert lines == 1


MANY_COLUMNS = """() => document.querySelectorAll(".body tr").forEach(row => {
  for (let count = 0; count < 14; count++) row.append(row.lastElementChild.cloneNode(true));
})"""


def test_wide_table_shows_that_there_is_more_and_is_whole_on_paper(
    pages: SharedPages, gazette: Server
) -> None:
    with pages.open(ContextOptions(700)) as (page, _):
        page.goto(f"{gazette.base}/articles/harbour-opens")
        page.evaluate(MANY_COLUMNS)
        box = page.locator(".wide").first
        assert box.evaluate("box => box.scrollWidth > box.clientWidth")
        assert "gradient" in box.evaluate("box => getComputedStyle(box).backgroundImage")
        page.emulate_media(media="print")
        assert box.evaluate("box => getComputedStyle(box).overflowX") == "visible"
        assert box.evaluate("box => box.scrollWidth <= box.clientWidth")
        assert box.evaluate("box => getComputedStyle(box).backgroundImage") == "none"
