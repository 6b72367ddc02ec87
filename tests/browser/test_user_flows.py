"""What users do in a browser: search, subscribe, use the keyboard, read in any script."""

import pytest
from playwright.sync_api import Browser, Page

from tests.support.http_client import fetch
from tests.support.page_view import HEIGHT, ContextOptions, SharedPages, open_page
from tests.support.server import Server

FEED_TYPES = ("application/atom+xml", "application/rss+xml", "application/feed+json")
LISTS = ["/", "/articles.html?tag=reports", "/articles.html?q=harbour", "/articles.html?language=ar", "/tags"]
BLOCKING = (
    "performance.getEntriesByType('resource').filter(one => one.renderBlockingStatus === 'blocking').length"
)
FOCUSABLE = (
    "a[href], button:not([hidden]), input:not([type=hidden]), audio[controls], summary, [tabindex='0']"
)


def feeds_of(page: Page) -> list[str]:
    """The addresses of the feeds that the page announces: one of each kind."""
    links = page.locator("link[rel=alternate][title]")
    links_by_type = [(item.get_attribute("type"), item.get_attribute("href") or "") for item in links.all()]
    assert [kind for kind, _ in links_by_type if kind in FEED_TYPES] == list(FEED_TYPES)
    return [address for kind, address in links_by_type if kind in FEED_TYPES]


def slugs_of(page: Page) -> list[str]:
    """The articles the page lists, in its order."""
    links = page.locator("article.entry :is(h2, h3) a")
    return [(item.get_attribute("href") or "").rpartition("/")[2] for item in links.all()]


def test_search_and_copy_the_feed_address(browser: Browser, gazette: Server) -> None:
    with open_page(browser, gazette.base, ContextOptions()) as (page, troubles):
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.goto(gazette.base)
        page.keyboard.press("/")
        page.keyboard.type("skipper")
        page.keyboard.press("Enter")
        page.wait_for_url("**/articles.html?q=skipper")
        assert page.locator("article mark").count() > 0
        page.get_by_role("link", name="The harbour opens again").click()
        page.wait_for_url("**/articles/harbour-opens")
        page.go_back()
        page.get_by_role("link", name="Subscribe to this search").click()
        page.wait_for_url("**/subscribe?q=skipper")
        page.get_by_role("button", name="Copy the Atom address").click()
        page.get_by_role("status").get_by_text("Copied").wait_for()
        copied = page.evaluate("navigator.clipboard.readText()")
    assert troubles == []
    answer = fetch(copied)
    assert answer.headers["content-type"].startswith("application/atom+xml")
    assert "/articles/harbour-opens" in answer.text


def test_search_works_without_scripts(pages: SharedPages, gazette: Server) -> None:
    with pages.open(ContextOptions(scripts=False)) as (page, troubles):
        page.goto(gazette.base)
        page.get_by_role("searchbox").fill("skipper")
        page.get_by_role("button", name="Search").click()
        page.wait_for_url("**/articles.html?q=skipper")
        assert slugs_of(page) == ["harbour-opens"]
        page.get_by_role("link", name="Subscribe to this search").click()
        assert page.get_by_label("Atom").input_value() == f"{gazette.base}/feed.atom?q=skipper"
        assert page.get_by_role("button", name="Copy").count() == 0  # a button that can do nothing
    assert troubles == []


@pytest.mark.parametrize("address", LISTS)
def test_feeds_of_a_page_have_its_articles(address: str, pages: SharedPages, gazette: Server) -> None:
    with pages.open(ContextOptions()) as (page, _):
        page.goto(gazette.base + address)
        atom, rss, json_feed = feeds_of(page)
        listed = slugs_of(page)
    items = fetch(json_feed).json()["items"]
    assert [item["url"].rpartition("/")[2] for item in items][: len(listed)] == listed
    for feed in (atom, rss):
        text = fetch(feed).text
        assert all(item["id"] in text for item in items)


@pytest.mark.parametrize("address", ["/", "/articles/harbour-opens", "/subscribe?tag=harbour", "/tags"])
def test_keyboard_reaches_every_control_with_visible_focus(
    address: str, pages: SharedPages, gazette: Server
) -> None:
    with pages.open(ContextOptions()) as (page, troubles):
        page.goto(gazette.base + address)
        expected = page.locator(FOCUSABLE).count()
        page.keyboard.press("Tab")
        assert page.locator(":focus").inner_text() == "Skip to content"
        assert page.locator(":focus").bounding_box()["x"] >= 0  # type: ignore[index]
        reached = page.evaluate("() => { window.reached = new Set([document.activeElement]); return 1 }")
        for _ in range(expected * 2):
            page.keyboard.press("Tab")
            seen = page.evaluate(
                """() => {
                  const one = document.activeElement;
                  if (one === document.body) return null;
                  window.reached.add(one);
                  const style = getComputedStyle(one);
                  const outlined = style.outlineStyle !== "none" && style.outlineWidth !== "0px";
                  // Inside a player the browser's own controls have the focus, and show it.
                  return [window.reached.size, outlined || one.matches("audio, video")];
                }"""
            )
            if seen is None:
                break
            reached, visible = seen
            assert visible, page.locator(":focus").evaluate("one => one.outerHTML")
        assert reached == expected
    assert troubles == []


def test_skip_link_focuses_the_content(pages: SharedPages, gazette: Server) -> None:
    with pages.open(ContextOptions()) as (page, _):
        page.goto(f"{gazette.base}/articles/harbour-opens")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.locator("main :focus").count() == 1


@pytest.mark.parametrize(
    ("slug", "language", "direction"),
    [("harbour-opens-ar", "ar", "rtl"), ("harbour-opens-ja", "ja", "ltr"), ("long-words", "de", "ltr")],
)
def test_article_has_its_own_direction(
    slug: str, language: str, direction: str, pages: SharedPages, gazette: Server
) -> None:
    with pages.open(ContextOptions()) as (page, _):
        page.goto(f"{gazette.base}/articles/{slug}")
        heading = page.get_by_role("heading", level=1)
        assert heading.evaluate("one => one.closest('[lang]').lang") == language
        assert heading.evaluate("one => getComputedStyle(one).direction") == direction
        text = page.locator("article.reading .body p").first
        box, line = (
            text.bounding_box(),
            text.evaluate(
                "one => { const range = document.createRange(); range.selectNodeContents(one);"
                " const last = [...range.getClientRects()].at(-1); return [last.left, last.right] }"
            ),
        )
        assert box is not None
        if direction == "rtl":  # the last, short line begins at the right
            assert line[1] == pytest.approx(box["x"] + box["width"], abs=2)
        else:
            assert line[0] == pytest.approx(box["x"], abs=2)


def test_translations_link_to_each_other(pages: SharedPages, gazette: Server) -> None:
    with pages.open(ContextOptions()) as (page, troubles):
        page.goto(f"{gazette.base}/articles/harbour-opens")
        page.locator("main a[hreflang=ar]").click()
        page.wait_for_url("**/harbour-opens-ar")
        page.locator("main a[hreflang=en]").click()
        page.wait_for_url("**/harbour-opens")
    assert troubles == []


def test_hostile_text_is_escaped(pages: SharedPages, gazette: Server) -> None:
    with pages.open(ContextOptions()) as (page, troubles):
        page.goto(f"{gazette.base}/articles/hostile")
        assert "taken" not in page.title()
        assert page.get_by_text("The text goes on.").is_visible()
        assert (
            page.locator("article.reading form, article.reading [onclick], article.reading script").count()
            == 0
        )
        assert page.locator("#bs-main").count() == 1
        assert page.evaluate("document.activeElement === document.body")
    assert troubles == []


# Characters of the second line: the place stands before the first.
LINE_LENGTH = """one => {
  const text = one.firstChild, range = document.createRange(), ends = [];
  for (let at = 1, top = null; at < text.length; at++) {
    range.setStart(text, at); range.setEnd(text, at + 1);
    const y = range.getBoundingClientRect().top;
    if (top !== null && y > top + 4) ends.push(at);
    top = y;
  }
  return ends[1] - ends[0];
}"""


def test_line_length_is_readable(pages: SharedPages, gazette: Server) -> None:
    with pages.open(ContextOptions()) as (page, _):
        page.goto(f"{gazette.base}/articles/harbour-opens")
        paragraph = page.locator("article.reading .body p:not(.dateline)").first
        for width in (768, 1280, 2560):
            page.set_viewport_size({"width": width, "height": HEIGHT})
            assert 55 <= paragraph.evaluate(LINE_LENGTH) <= 80, width


def test_home_page_is_small(browser: Browser, gazette: Server) -> None:
    with open_page(browser, gazette.base, ContextOptions()) as (page, _):
        sizes: list[int] = []
        page.on("requestfinished", lambda done: sizes.append(done.sizes()["responseBodySize"]))
        page.goto(gazette.base, wait_until="networkidle")
        assert page.locator("article.entry").count() == 20
        assert page.evaluate(BLOCKING) == 0
    assert 0 < sum(sizes) < 60_000


def test_reader_on_this_device_gets_the_feed(pages: SharedPages, gazette: Server) -> None:
    with pages.open(ContextOptions()) as (page, _):
        page.goto(f"{gazette.base}/subscribe")
        link = page.get_by_role("link", name="The reader on this device")
        assert link.get_attribute("href") == f"feed:{gazette.base}/feed.atom"


@pytest.mark.parametrize("feed", ["/feed.atom", "/feed.rss"])
def test_feed_opened_in_a_browser_is_styled(feed: str, pages: SharedPages, gazette: Server) -> None:
    with pages.open(ContextOptions()) as (page, troubles):
        answer = page.goto(gazette.base + feed)
        assert answer is not None
        assert answer.headers["content-type"].startswith("application/xml")
        assert "sec-fetch-dest" in answer.headers["vary"].lower()
        notice = page.locator(":root").evaluate("one => getComputedStyle(one, '::before').content")
        assert "This is a feed" in notice
        for width in (1280, 320):
            page.set_viewport_size({"width": width, "height": HEIGHT})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            date = page.locator("entry > published, item > pubDate").first
            day = len("2019-01-28") if feed == "/feed.atom" else len("Mon, 28 Jan 2019")
            shown = date.evaluate("one => one.clientWidth / one.scrollWidth") * len(date.text_content() or "")
            assert shown == pytest.approx(day, abs=0.2)
    assert troubles == []
