"""A themed site in a browser: its script, style sheet and fonts load under the Content-Security-Policy."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser

from tests.support.page_view import ContextOptions, open_page
from tests.support.server import Server, serving

BASE = """\
{% extends "default/base.html" %}
{% block head %}{{ super() }}
<link rel="stylesheet" href="{{ asset('theme.css') }}">
<script src="{{ asset('theme.js') }}" type="module"></script>{% endblock %}
"""
STYLE = """\
@font-face { font-family: Theme; src: url(fonts/theme.ttf) }
@font-face { font-family: Beside; src: url(/files/beside.ttf) }
h1 { font-family: Theme } body { font-family: Beside; border-block-start: 7px solid }
"""


@pytest.fixture(scope="module")
def themed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    fonts = sorted(Path("/usr/share/fonts").rglob("*.ttf"), key=lambda path: path.stat().st_size)
    if not fonts:
        pytest.skip("there is no TrueType font on this machine")
    work = tmp_path_factory.mktemp("themed")
    content = work / "content"
    files: dict[str, str | bytes] = {
        "site.toml": 'title = "Themed"\ntemplates = ".theme"\n',
        "a.md": "---\ntitle: A\ndate: 2026-01-01\n---\n[Script](beside.js) and text.\n",
        "beside.js": "document.title = 'run'",
        "beside.ttf": fonts[0].read_bytes(),
        ".theme/base.html": BASE,
        ".theme/theme.css": STYLE,
        ".theme/theme.js": 'import { mark } from "./parts/mark.js"; mark();',
        ".theme/parts/mark.js": "export const mark = () => { document.body.dataset.marked = 'yes'; };",
        ".theme/fonts/theme.ttf": fonts[0].read_bytes(),
    }
    for name, body in files.items():
        (content / name).parent.mkdir(parents=True, exist_ok=True)
        (content / name).write_bytes(body.encode() if isinstance(body, str) else body)
    with serving(content, work) as server:
        yield server


def test_script_style_and_fonts_of_a_theme_load(browser: Browser, themed: Server) -> None:
    with open_page(browser, themed.base, ContextOptions()) as (page, troubles):
        page.goto(f"{themed.base}/articles/a", wait_until="networkidle")
        assert page.evaluate("getComputedStyle(document.body).borderBlockStartWidth") == "7px"
        assert page.evaluate("document.body.dataset.marked") == "yes"
        page.evaluate("document.fonts.ready.then(() => true)")
        loaded = page.evaluate("[...document.fonts].map(font => `${font.family} ${font.status}`)")
    assert sorted(loaded) == ["Beside loaded", "Theme loaded"]
    assert troubles == []


def test_script_beside_an_article_is_never_run(themed: Server) -> None:
    answer = httpx.get(f"{themed.base}/files/beside.js", trust_env=False)
    assert answer.status_code == 404 or answer.headers["content-type"].startswith("text/plain")
    page = httpx.get(f"{themed.base}/articles/a", headers={"Accept": "text/html"}, trust_env=False)
    scripts = page.headers["content-security-policy"].split("script-src ")[1].partition(";")[0]
    assert scripts == f"'self' {themed.base}/assets/"
