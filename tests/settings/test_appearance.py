"""What a site may say of its looks, and templates of its own."""

from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from service.errors import SettingsError
from service.formats.html import HTML
from service.model import READERS, NamedLink, Site
from service.urls import Urls
from tests.support.builders import article, listing
from tests.support.load_settings import load_settings

URLS = Urls("https://news.example")


def site_of(folder: Path, text: str) -> Site:
    (folder / "site.toml").write_text(text, "utf-8")
    return load_settings({"content": str(folder)}, {}).site


def problem_of(folder: Path, text: str) -> str:
    with pytest.raises(SettingsError) as caught:
        site_of(folder, text)
    (problem,) = caught.value.problems
    return problem


def page(site: Site) -> BeautifulSoup:
    return BeautifulSoup(HTML.listing(listing(article(), of=site), URLS), "html.parser")


def theme(folder: Path, **files: str) -> Path:
    """A folder with a hidden folder of templates: `base_html` is the file `base.html`."""
    (folder / ".theme").mkdir()
    for name, text in files.items():
        (folder / ".theme" / name.replace("_", ".")).write_text(text, "utf-8")
    return folder


@pytest.mark.parametrize(
    ("line", "field", "expected"),
    [
        ('accent = "#0B6E4F"', "accent", "#0b6e4f"),
        ('accent = "#0af"', "accent", "#00aaff"),
        ('logo = "marks/logo.svg"', "logo", "/files/marks/logo.svg"),
        (
            '[navigation]\nAbout = "/articles/about"\nShop = "https://shop.example/"',
            "navigation",
            (NamedLink("About", "/articles/about"), NamedLink("Shop", "https://shop.example/")),
        ),
        ('footer = "*Here*"', "footer", "*Here*"),
        (
            '[readers]\nOurs = "https://reader.example/?feed={url}"',
            "readers",
            (NamedLink("Ours", "https://reader.example/?feed={url}"),),
        ),
        ("readers = {}", "readers", ()),
        ("", "readers", READERS),
    ],
)
def test_appearance_settings_are_read(tmp_path: Path, line: str, field: str, expected: object) -> None:
    assert getattr(site_of(tmp_path, line), field) == expected


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('accent = "red; } body { display: none"', "a colour such as #8a2d16"),
        ('accent = "#12345"', "a colour such as #8a2d16"),
        ('navigation = ["/about"]', "a table of links"),
        ('navigation = {"" = "/about"}', "each with a name"),
        (
            'navigation = {About = "javascript:alert(1)"}',
            "site.toml:1: navigation: About: invalid value 'javascript:alert(1)': expected a path",
        ),
        ('navigation = {About = "about"}', "a path that begins with one /, a URL"),
        ('[navigation]\nHome = "/"\nShop = "https://"', "site.toml:3: navigation: Shop: invalid value"),
        (
            'title = "X"\nnavigation.Home = "/"\nnavigation."My page" = 5',
            "site.toml:3: navigation: 'My page': invalid value 5",
        ),
        ('[ "navigation" ]\nHome = "/"\nShop = 5', "site.toml:3: navigation: Shop: invalid value 5"),
        ('[navigation]\nHome = "//evil.example/"', "a path that begins with one /"),
        ('[navigation]\nHome = "/\\\\evil.example/"', "a path that begins with one /"),
        ("[readers]\nOurs = 5", "site.toml:2: readers: Ours: invalid value 5: expected a URL with {url}"),
        ('readers = {Ours = "https://reader.example/"}', "{url}"),
        ('readers = {Ours = "https:///{url}"}', "a valid host"),
        ('templates = "nowhere"', "there is no such folder that can be read"),
    ],
)
def test_invalid_appearance_names_the_expected_value(tmp_path: Path, line: str, message: str) -> None:
    assert message in problem_of(tmp_path, line)


def test_logo_navigation_and_footer_stand_on_the_page(tmp_path: Path) -> None:
    shown = page(
        site_of(
            tmp_path,
            'title = "Sea"\nlogo = "logo.svg"\nfooter = "See [us](us.pdf) <script>alert(1)</script>"\n'
            '[navigation]\nAbout = "/articles/about"',
        )
    )
    logo = shown.select_one("h1 img")
    links = {link.text: link["href"] for link in shown.select("header nav a")}

    assert logo
    assert (logo["src"], logo["alt"]) == ("https://news.example/files/logo.svg", "Sea")
    assert links == {
        "About": "https://news.example/articles/about",
        "Subscribe": "https://news.example/subscribe",
    }
    assert shown.select_one("footer .own a[href='https://news.example/files/us.pdf']")
    assert "alert" not in str(shown.select_one("footer"))


def test_a_template_may_extend_ours(tmp_path: Path) -> None:
    text = (
        '{% extends "default/base.html" %}{% block footer %}{{ super() }}<p>Ours & theirs</p>{% endblock %}'
    )
    shown = page(site_of(theme(tmp_path, base_html=text), 'templates = ".theme"'))

    footer = shown.select_one("footer")
    assert footer
    assert "Ours & theirs" in footer.text
    assert "JSON Feed" in footer.text


def test_own_style_sheet_follows_the_default(tmp_path: Path) -> None:
    shown = page(site_of(theme(tmp_path, site_css=":root { --ink: #123 }"), 'templates = ".theme"'))

    style = shown.select_one("style")
    assert style
    assert style.text.index("--ink: #123") > style.text.index("--ink: #1b1a18")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{% if %}", "article.html:1: "),
        (
            '{% extends "default/article.html" %}\n{% block main %}\n{{ gone }}{% endblock %}',
            "article.html:3",
        ),
        ('{% include "gone.html" %}', "there is no template gone.html"),
        ("\n{{ 1 / 0 }}", "article.html:2: division by zero"),
    ],
)
def test_broken_template_is_reported_before_serving(tmp_path: Path, text: str, message: str) -> None:
    assert message in problem_of(theme(tmp_path, article_html=text), 'templates = ".theme"')


def test_a_broken_template_is_reported_together_with_other_faults(tmp_path: Path) -> None:
    text = 'templates = ".theme"\naccent = "red"\n'
    (theme(tmp_path, article_html="{% if %}") / "site.toml").write_text(text, "utf-8")
    with pytest.raises(SettingsError) as caught:
        load_settings({"content": str(tmp_path)}, {})

    assert len(caught.value.problems) == 2
    assert "a colour such as" in caught.value.problems[0]
    assert "expected templates that render pages; article.html:1: " in caught.value.problems[1]
