"""Formulas in TeX are shown as written; abbreviations and escaped tags become what their authors meant."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.content import load, load_parts, scan
from service.content.records import FilePart
from service.model import Article, Site


def load_article(text: str, matter: str = "title: T", path: str = "a.md") -> Article:
    loaded = load(Path("/nowhere"), path, f"---\n{matter}\n---\n{text}\n".encode(), Site())
    return loaded.articles[0]


def text_of(text: str, matter: str = "title: T") -> str:
    return load_article(text, matter).content_text


DECLARED = "title: T\nmath: true"
FORMULAS = [
    # Markdown where the article declares formulas, and its text.
    (r"\(x_1*y*z\) a", r"\(x_1*y*z\) a"),
    ("\\[\nf(x) = \\frac{1}{2} e^{x_1} \\\\ y_1\n\\]", "\\[ f(x) = \\frac{1}{2} e^{x_1} \\\\ y_1 \\]"),
    ("\\(a:_0_:z\\)", "\\(a:_0_:z\\)"),
    ("$a_{i}*b_{j}$ and $c*d$", "$a_{i}*b_{j}$ and $c*d$"),
    ("$$\na_1\n= b*c*\n$$", "$$ a_1 = b*c* $$"),
    ("$$a < b$$ & $x<y>z$", "$$a < b$$ & $x<y>z$"),
    ("- $x_1$ *a*\n- \\(y_1\\)", "$x_1$ a\n\\(y_1\\)"),
    ("| a |\n|---|\n| $x_1*y*$ |", "a\n$x_1*y*$"),
    ("It costs $5 and *then* $6.", "It costs $5 and then $6."),
    ("`$x_1$` and `\\(y\\)`", "$x_1$ and \\(y\\)"),
    ("<div>\n\\(x_1*y*\\)\n</div>", "\\(x_1*y*\\)"),
    ("$x{{y}}$ $x{%y%}z$", "$x{{y}}$ $x{%y%}z$"),
    ("\\(never closed *a*", "(never closed a"),
    ("\\(a\n\nb\\) *c*", "(a\n\nb) c"),
]


@pytest.mark.parametrize(("markdown", "text"), FORMULAS)
def test_declared_formulas_are_text(markdown: str, text: str) -> None:
    shown = text_of(markdown, DECLARED)
    assert (" ".join(shown.split()) if "$$\n" in markdown or "\\[" in markdown else shown) == text


@pytest.mark.parametrize(("markdown", "text"), FORMULAS)
def test_markdown_of_formulas_loads_to_the_same_html(markdown: str, text: str) -> None:
    article = load_article(markdown, DECLARED)
    for matter in (DECLARED, "title: T"):
        assert load_article(article.body.text, matter).content_html == article.content_html


TEX = st.text(st.sampled_from("abx019 _^{}*~[]<>&|=+-!.#:;,'/"), max_size=30).map(lambda text: f"a{text}z")


@given(TEX)
def test_any_declared_formula_is_text(formula: str) -> None:
    shown = text_of(f"Before \\({formula}\\) after", DECLARED)
    assert shown == " ".join(f"Before \\({formula}\\) after".split())


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        (r"Brackets \(escaped\) and \[more\].", "Brackets (escaped) and [more]."),
        (r"A \(\frac{a_1}{b_2}*c*d\) z", r"A \(\frac{a_1}{b_2}*c*d\) z"),
        ("$$\nx\n$$\n\nand \\(x_1*y*z\\)", "$$\nx\n$$\n\nand \\(x_1*y*z\\)"),
        ("From $5 to *ten* $6", "From $5 to ten $6"),
    ],
)
def test_formulas_that_nothing_declares(markdown: str, text: str) -> None:
    shown = text_of(markdown)
    assert " ".join(shown.split()) == " ".join(text.split())


@pytest.mark.parametrize("is_enabled", [True, False])
def test_hugo_declares_formulas_by_passthrough(is_enabled: bool, tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "hugo.toml").write_text(
        "baseURL = 'https://x.example/'\n[markup.goldmark.extensions.passthrough]\n"
        f"enable = {str(is_enabled).lower()}\n"
    )
    source = tmp_path / "content" / "a.md"
    source.write_text("---\ntitle: A\n---\n\\(x_1*y*z\\)\n")
    scanned = scan(tmp_path)
    part = FilePart("content/a.md", source.stat().st_size), source.read_bytes()
    (loaded,) = load_parts(tmp_path, [part], Site(), scanned.context, scanned.folders)
    assert loaded.articles[0].content_text == (r"\(x_1*y*z\)" if is_enabled else "(x_1yz)")


ABBREVIATIONS = [
    (
        "The HTML.\n\n*[HTML]: Hyper Text",
        '<p>The <abbr title="Hyper Text">HTML</abbr>.</p>',
    ),
    (
        '*[W3C]: "Web"\n*[W3C HTML]: Both\n\nW3C, W3C HTML, XW3C.',
        '<p><abbr title="&quot;Web&quot;">W3C</abbr>, <abbr title="Both">W3C HTML</abbr>, XW3C.</p>',
    ),
    (
        '[HTML](/HTML) `HTML` <b title="HTML">b</b>\n\n*[HTML]: H',
        '<p><a href="\x01/HTML"><abbr title="H">HTML</abbr></a> <code>HTML</code> <b title="HTML">b</b></p>',
    ),
    ("a *[b](https://x.example)* c", '<p>a <em><a href="https://x.example">b</a></em> c</p>'),
    ("*[Unused]: never\n\nText.", "<p>Text.</p>"),
    ("```\n*[HTML]: H\n```\n\nHTML", "<pre><code>*[HTML]: H\n</code></pre>\n<p>HTML</p>"),
]


@pytest.mark.parametrize(("markdown", "html"), ABBREVIATIONS)
def test_abbreviations_are_marked(markdown: str, html: str) -> None:
    article = load_article(markdown)
    assert article.content_html == html
    assert load_article(article.body.text).content_html == html


ESCAPED = [
    ('Write {{/* youtube(id="x") */}}.', 'Write {{ youtube(id="x") }}.'),
    ("{%/* quote() */%}Q{%/* end */%}", "{% quote() %}Q{% end %}"),
    ("A {{</* x */>}} b {{%/* y */%}}", "A {{< x >}} b {{% y %}}"),
    ("A {/* comment */} b", "A  b"),
]


@pytest.mark.parametrize(("markdown", "text"), ESCAPED)
def test_escaped_tag_is_text(markdown: str, text: str) -> None:
    article = load_article(markdown)
    assert article.content_text.split() == text.split()
    assert load_article(article.body.text).content_html == article.content_html
