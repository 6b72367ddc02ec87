"""Files of a theme: addresses with a hash, references between them, and templates that name them."""

import re
from pathlib import Path

import jinja2
import pytest

from service.errors import SettingsError
from service.formats.assets.theme import find_asset, theme_assets
from service.formats.html import HTML
from service.model import Site, Template, ThemeFile
from tests.support.builders import article, listing
from tests.support.load_settings import load_settings
from tests.support.sample_site import URLS

FILES = (
    ThemeFile(
        "theme.css", b'@import "more.css"; @font-face { src: url(fonts/a%20b.woff2), url("fonts/a.woff2#x") }'
    ),
    ThemeFile(
        "more.css", b"p { background: url( '../a.png' ) url(https://x.example/a.png) url(/files/a.png) }"
    ),
    ThemeFile("fonts/a.woff2", b"font"),
    ThemeFile("js/menu.js", b'import { a } from "./lib/a.js"; import("../js/lib/a.js"); f("./gone.js")'),
    ThemeFile("js/lib/a.js", b"export const a = 1"),
)


def site(*files: ThemeFile, **templates: str) -> Site:
    return Site(
        templates=tuple(Template(name.replace("_", "."), text) for name, text in templates.items()),
        theme_files=files,
    )


def test_name_has_a_hash_of_the_content() -> None:
    assets = theme_assets(site(*FILES))
    font = assets["fonts/a.woff2"]
    assert re.fullmatch(r"fonts-a-[0-9a-f]{12}\.woff2", font.name)
    assert (font.media_type, font.body, font.immutable) == ("font/woff2", b"font", True)
    assert len({asset.name for asset in assets.values()}) == len(FILES)
    other = theme_assets(site(ThemeFile("fonts/a.woff2", b"other"), *FILES[:2], *FILES[3:]))
    assert other["fonts/a.woff2"].name != font.name
    assert other["theme.css"].name != assets["theme.css"].name  # since it names the font


def test_files_refer_to_each_other_by_their_new_names() -> None:
    assets = theme_assets(site(*FILES))
    font, more, module = (assets[name].name for name in ("fonts/a.woff2", "more.css", "js/lib/a.js"))
    assert assets["theme.css"].body.decode() == (
        f'@import "./{more}"; @font-face {{ src: url(fonts/a%20b.woff2), url("./{font}#x") }}'
    )
    assert assets["more.css"].body == FILES[1].body
    assert assets["js/menu.js"].body.decode() == (
        f'import {{ a }} from "./{module}"; import("./{module}"); f("./gone.js")'
    )


def test_asset_is_found_by_its_name() -> None:
    themed = site(*FILES)
    asset = theme_assets(themed)["theme.css"]
    assert find_asset(asset.name, themed) == asset
    assert find_asset("feed.css", themed)
    assert find_asset("theme.css", themed) is None
    assert find_asset(asset.name, Site()) is None


def test_template_names_an_asset() -> None:
    text = '{% extends "default/base.html" %}{% block footer %}{{ asset("js/menu.js") }}{% endblock %}'
    themed = site(*FILES, base_html=text, site_css="@font-face { src: url({{ asset('fonts/a.woff2') }}) }")
    page = HTML.listing(listing(article(), of=themed), URLS).decode()
    for name in ("js/menu.js", "fonts/a.woff2"):
        assert f"{URLS.base}/assets/{theme_assets(themed)[name].name}" in page


def test_unknown_asset_is_an_error() -> None:
    text = '{% extends "default/base.html" %}{% block footer %}{{ asset("gone.js") }}{% endblock %}'
    with pytest.raises(jinja2.TemplateRuntimeError, match=r"there is no file 'gone\.js'"):
        HTML.listing(listing(article(), of=site(*FILES, base_html=text)), URLS)


def test_theme_is_read_from_the_folder_of_templates(tmp_path: Path) -> None:
    folder = tmp_path / ".theme"
    (folder / "fonts").mkdir(parents=True)
    (folder / "site.css").write_text("p { color: #123456 }")
    (folder / "theme.js").write_text("1")
    (folder / "fonts/a.woff2").write_bytes(b"\xff\x00")
    (folder / "notes.txt").write_text("not served")
    (folder / ".hidden.js").write_text("not served")
    (tmp_path / "site.toml").write_text('templates = ".theme"\n')
    loaded = load_settings({"content": tmp_path}, {}).site
    assert [file.name for file in loaded.theme_files] == ["fonts/a.woff2", "site.css", "theme.js"]
    assert [template.name for template in loaded.templates] == ["site.css"]

    (folder / "theme.js").write_bytes(b"\xff")
    with pytest.raises(SettingsError, match=r"theme\.js cannot be read"):
        load_settings({"content": tmp_path}, {})
    (folder / "theme.js").write_bytes(b"1" * 1_000_001)
    with pytest.raises(SettingsError, match=r"at most 1,000,000 bytes; theme\.js has 1,000,001"):
        load_settings({"content": tmp_path}, {})
