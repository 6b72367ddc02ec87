"""Safe HTML made fit to stand in a page."""

import pytest

from service.markup import SITE
from service.markup.served_text.page_html import WIDE, adapt_to_page


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("<p>a</p>", "<p>a</p>"),
        ("<h1>a</h1><h2>b</h2><h1>c</h1>", "<h2>a</h2><h3>b</h3><h2>c</h2>"),
        ("<h2>a</h2><h3>b</h3>", "<h2>a</h2><h3>b</h3>"),
        ("<h3>a</h3><h4>b</h4>", "<h2>a</h2><h3>b</h3>"),
        ("<h2>a</h2><h5>b</h5><h5>c</h5>", "<h2>a</h2><h3>b</h3><h4>c</h4>"),
        ("<h5>a</h5><h6>b</h6>", "<h2>a</h2><h3>b</h3>"),
        ('<h1 id="a">b</h1>', '<h2 id="a">b</h2>'),
        ('<p id="bs-main">a</p>', "<p>a</p>"),
        ('<p title="x" id="bs-main" lang="de">a</p>', '<p title="x" lang="de">a</p>'),
        ('<p id="fn-1">a</p>', '<p id="fn-1">a</p>'),
        ("<main>a</main>", "<div>a</div>"),
        ("<pre>a</pre>", '<pre tabindex="0">a</pre>'),
        ("<table><tr><td>a</td></tr></table>", f"{WIDE}<table><tr><td>a</td></tr></table></div>"),
        (
            "<table><tr><td><table></table></td></tr></table>",
            f"{WIDE}<table><tr><td><table></table></td></tr></table></div>",
        ),
        (f'<img src="{SITE}/a">', f'<img src="{SITE}/a" alt="" loading="lazy" decoding="async">'),
        (
            f'<img src="{SITE}/a" alt="b" loading="eager">',
            f'<img src="{SITE}/a" alt="b" loading="eager" decoding="async">',
        ),
        (
            '<img src="https://a/">',
            '<img src="https://a/" alt="" loading="lazy" referrerpolicy="no-referrer" decoding="async">',
        ),
        ('<audio src="a"></audio>', '<audio src="a" controls preload="none"></audio>'),
        ('<video controls="" preload="auto">a</video>', '<video controls="" preload="auto">a</video>'),
        # What looks like a tag in a value is none.
        ('<p title="<h1>a</h1>">b</p>', '<p title="<h1>a</h1>">b</p>'),
    ],
)
def test_text_of_a_rendered_page(html: str, shown: str) -> None:
    assert adapt_to_page(html) == shown
