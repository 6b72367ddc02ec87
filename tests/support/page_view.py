"""A page as one person sees it, and everything that went wrong while it was shown."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Literal

import msgspec
from axe_playwright_python.base import AXE_SCRIPT  # type: ignore[import-untyped]
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, sync_playwright

from tests.support.requirements import tool

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
HEIGHT = 800

Scheme = Literal["light", "dark"]


class ContextOptions(msgspec.Struct, frozen=True):
    """The options of a browser context: width in CSS pixels, colour scheme, with or without scripts."""

    width: int = 1280
    scheme: Scheme = "light"
    scripts: bool = True

    def __str__(self) -> str:
        return f"{self.width} {self.scheme}{'' if self.scripts else ' without scripts'}"


@contextmanager
def open_browser() -> Iterator[Browser]:
    """A Chromium; tests that need one are skipped where there is none.

    CI runs as root, for whom it has no sandbox; it only ever sees our own pages. A GPU that is emulated takes
    a second of processor time to start.
    """
    chromium = tool("chromium", "chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@contextmanager
def open_page(browser: Browser, base: str, options: ContextOptions) -> Iterator[tuple[Page, list[str]]]:
    """An empty page of its own context, and the list of what goes wrong on it, which fills as it is used.

    Wrong is an error or warning on the console, a script that fails, a request that fails or goes to
    anybody else. An answer of 400 and above is wrong for all but the page itself.
    """
    context = browser.new_context(
        viewport={"width": options.width, "height": HEIGHT},
        color_scheme=options.scheme,
        java_script_enabled=options.scripts,
        reduced_motion="reduce",
    )
    page = context.new_page()
    troubles: list[str] = []

    def console(message: ConsoleMessage) -> None:
        own = message.location.get("url") == page.url and message.text.startswith("Failed to load resource")
        if message.type in {"error", "warning"} and not own:
            troubles.append(f"console: {message.text}")

    def request(request: Request) -> None:
        if not request.url.startswith((f"{base}/", "data:", "blob:")):
            troubles.append(f"foreign request: {request.url}")

    def failed(request: Request) -> None:
        # A picture that was still on its way when the page was left is no trouble.
        if request.failure != "net::ERR_ABORTED":
            troubles.append(f"failed: {request.url} {request.failure}")

    def response(response: Response) -> None:
        if response.status >= 400 and not response.request.is_navigation_request():
            troubles.append(f"{response.status}: {response.url}")

    page.on("console", console)
    page.on("pageerror", lambda error: troubles.append(f"script: {error}"))
    page.on("request", request)
    page.on("requestfailed", failed)
    page.on("response", response)
    try:
        yield page, troubles
    finally:
        context.close()


class SharedPages:
    """One page for each set of options, which tests use in turn: a new context costs as much as six pages.

    What a page has loaded is in its cache from then on, and permissions that it is granted stay.
    """

    def __init__(self, browser: Browser, base: str, closed_by: ExitStack) -> None:
        self._browser = browser
        self._base = base
        self._closed_by = closed_by
        self._pages: dict[ContextOptions, tuple[Page, list[str]]] = {}

    @contextmanager
    def open(self, options: ContextOptions) -> Iterator[tuple[Page, list[str]]]:
        """As `open_page`."""
        if options not in self._pages:
            self._pages[options] = self._closed_by.enter_context(
                open_page(self._browser, self._base, options)
            )
        page, troubles = self._pages[options]
        page.set_viewport_size({"width": options.width, "height": HEIGHT})
        page.emulate_media(media="screen", color_scheme=options.scheme, reduced_motion="reduce")
        troubles.clear()
        try:
            yield page, troubles
        finally:
            page.goto("about:blank")


def find_overflow(page: Page) -> list[str]:
    """What sticks out of the window to the side, unless it lies in something that scrolls by itself."""
    overflowing: list[str] = page.evaluate(
        """() => {
          const width = document.documentElement.clientWidth;
          if (document.documentElement.scrollWidth <= width) return [];
          return [...document.body.querySelectorAll("*")]
            .filter(one => one.getBoundingClientRect().right > width + 1)
            .map(one => `${one.tagName.toLowerCase()}.${one.className}: ${one.textContent.slice(0, 60)}`)
            .concat([`scrolls to ${document.documentElement.scrollWidth} of ${width}`]);
        }"""
    )
    return overflowing


REPEATED = """() => {
  const kept = 2, signatures = new Map();
  const signatureOf = one => {
    const names = [...one.attributes].map(({ name, value }) => /^(class|role|type|hidden)$/.test(name)
      ? `${name}=${value}` : name).sort();
    const inner = new Set([...one.children].map(signatureOf));
    const signature = `${one.localName}[${names}](${[...inner].sort()})`;
    signatures.set(one, signature);
    return signature;
  };
  const prune = parent => {
    const counts = new Map();
    for (const one of [...parent.children]) {
      const signature = signatures.get(one), count = (counts.get(signature) ?? 0) + 1;
      counts.set(signature, count);
      if (count > kept) one.remove(); else prune(one);
    }
  };
  signatureOf(document.body);
  prune(document.body);
}"""


def remove_repetition(page: Page) -> None:
    """Keep two of the siblings that have the same tags, classes and attributes, also inside.

    They have the same style, so axe finds the same in them; on thousands of elements it takes many seconds.
    """
    page.evaluate(REPEATED)


def find_accessibility_faults(page: Page) -> list[str]:
    """What axe-core finds at WCAG 2.2 AA and in its best practices: rule, and where."""
    return _run_axe(page, {"type": "tag", "values": WCAG})


def find_contrast_faults(page: Page) -> list[str]:
    """What axe-core finds by the only rule whose result depends on the colour scheme."""
    return _run_axe(page, {"type": "rule", "values": ["color-contrast"]})


def _run_axe(page: Page, rules: dict[str, object]) -> list[str]:
    options = {"runOnly": rules, "resultTypes": ["violations"]}
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    violations = page.evaluate("options => axe.run(options).then(results => results.violations)", options)
    return [
        f"{violation['id']}: {node['html'][:200]} {node.get('failureSummary', '')}"
        for violation in violations
        for node in violation["nodes"]
    ]
