"""Screenshots of the main pages with the sample articles, for the README: `make screenshots`.

JPEG, because a page of text is a third of its PNG and nobody reads the README pixel by pixel.
"""

import tempfile
from pathlib import Path

from tests.support.page_view import ContextOptions, open_browser, open_page
from tests.support.server import CONTENT, ROOT, serving

PICTURES = {
    "home": ("/", ContextOptions(1280)),
    "article": ("/articles/vote-on-us-troops", ContextOptions(1280)),
    "article-phone-dark": ("/articles/vote-on-us-troops", ContextOptions(390, "dark")),
    "subscribe": ("/subscribe?tag=iraq", ContextOptions(1280)),
}
QUALITY = 80


def main() -> None:
    """Write docs/NAME.jpg for each picture; fails when a page has any trouble."""
    docs = ROOT / "docs"
    docs.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as work,
        serving(CONTENT, Path(work)) as server,
        open_browser() as browser,
    ):
        for name, (address, options) in PICTURES.items():
            with open_page(browser, server.base, options) as (page, troubles):
                page.goto(server.base + address)
                page.screenshot(path=docs / f"{name}.jpg", type="jpeg", quality=QUALITY)
            if troubles:
                raise SystemExit(f"{address}: {troubles}")


if __name__ == "__main__":
    main()
