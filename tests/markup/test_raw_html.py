"""No HTML in an article hides the text around it, unless the article's faults say so."""

import html as entities
import re
import time
from itertools import product
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from service.content import LoadedFile, load
from service.markup import SITE, TextFormat, render
from service.markup.raw_html import clean_raw_html, is_harmless
from service.model import Site

# WHATWG HTML §4 and §16.2 (obsolete), and elements of SVG and MathML that HTML treats apart.
NAMES = """
    a abbr acronym address applet area article aside audio b base basefont bdi bdo bgsound big blink
    blockquote body br button canvas caption center cite code col colgroup command content data datalist
    dd del details dfn dialog dir div dl dt element em embed fieldset figcaption figure font footer form
    frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe image img input ins isindex kbd
    keygen label legend li link listing main map mark marquee math menu menuitem meta meter multicol nav
    nextid nobr noembed noframes noscript object ol optgroup option output p param picture plaintext
    portal pre progress q rb rp rt rtc ruby s samp script search section select selectedcontent shadow
    slot small source spacer span strike strong style sub summary sup svg table tbody td template textarea
    tfoot th thead time title tr track tt u ul var video wbr xmp annotation-xml desc foreignObject mglyph
    mi mtext my-element
"""
# Those whose content an HTML parser does not read as HTML, or the sanitiser removes.
HIDING = """
    audio iframe math noembed noframes noscript object plaintext script select style svg template textarea
    title xmp
"""
FORMS = (
    "<{0}>",
    "<{0} />",
    "</{0}>",
    "<{0}>held</{0}>",
    "<{0} id=a data-b='c d'>",
    "<{0} src=a.png data='b' />",
    '<{0} title="a > b <i>">held</{0}>',
    '<{0} href="',
    "<{0} title='a",
    "<{0} a=\"b'c>",
    "<{0}\n>",
    "<{0}><!-- held --></{0} >",
    "<{0}><title>held</title></{0}>",
)
ODD = (
    *(
        "<!--",
        "<!-- a -->",
        "<!-->",
        "<!--- a",
        "<!-- a --!>",
        "<![CDATA[",
        "<![CDATA[ a > b ]]>",
        "]]>",
        "<?",
    ),
    *("<?php", "<?php echo '>' ?>", "<?xml version='1.0'?>", "<!DOCTYPE", "<!DOCTYPE html>", "<!ELEMENT a>"),
    *("<", "<<", "</", "</>", "</3", "<3", "< a", "<a", "<![if IE]>", "<![endif]>", "<!--[if IE]>", "-->"),
    *('"', "'", "`", "``", "*", "**", "[", "](", "|", "\\", "&lt;title>", "`<title>`", "`` <textarea> ``"),
    *("<svg><title/>", "<svg><style>", "<math><title>", "<table><tr><td>", "<table>", "<select><option>"),
    *("<script><!--<script>", "<p><p>", "<form><form>", "<scr<script></script>ipt>", "<details><summary>"),
)


def mixed(name: str) -> str:
    return "".join(letter.upper() if at % 2 else letter for at, letter in enumerate(name))


TAGS = st.builds(
    str.format,
    st.sampled_from(FORMS),
    st.sampled_from(NAMES.split()).flatmap(lambda name: st.sampled_from((name, mixed(name)))),
)
FRAGMENTS = (
    st.lists(TAGS | st.sampled_from(ODD), min_size=1, max_size=3)
    .map("".join)
    .filter(
        lambda fragment: "```" not in fragment  # a fence
    )
)

MATTER = "---\ntitle: Vote\n---\n"
KINDS = {
    "paragraph": ("a.md", MATTER + "Before {} after.\n"),
    "block": ("a.md", MATTER + "Before\n\n{} after\n\nmore\n"),
    "line": ("a.md", MATTER + "Before\n{}\nafter\n"),
    "item": ("a.md", MATTER + "- Before\n- {} after\n"),
    "cell": ("a.md", MATTER + "| Before | b |\n| --- | --- |\n| {} | c |\n\nafter\n"),
    "quotation": ("a.md", MATTER + "Before\n\n> {}\n> after\n"),
    "heading": ("a.md", MATTER + "Before\n\n## {} after\n"),
    "emphasis": ("a.md", MATTER + "Before **a {} b** after\n"),
    "link": ("a.md", MATTER + "Before [a {} b](c) after\n"),
    "footnote": ("a.md", MATTER + "Before[^1] and after\n\n[^1]: {}\n"),
    "component": ("a.mdx", MATTER + "import A from 'a'\n\nBefore {} after\n"),
    "fragment": ("a.html", MATTER + "<p>Before {} after</p>"),
    "scraped fragment": ("a.html", "<p>Before {} after</p>"),
    "record": ("a.json", '{{"title": "Vote", "content_html": "<p>Before {} after</p>"}}'),
}
SAID = re.compile("left out with their content|never closed")


def loaded(kind: str, fragment: str) -> LoadedFile:
    """An article of `kind` with `fragment` in it, and a line of its own that ends it."""
    path, text = KINDS[kind]
    if path.endswith(".json"):
        fragment = fragment.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    elif kind in {"cell", "heading", "item", "quotation", "footnote"}:
        fragment = fragment.replace("\n", " ")
    ending = "" if path.endswith(".json") else "\n\nLast.\n"
    return load(Path(), path, (text.format(fragment) + ending).encode(), Site())


def assert_all_is_shown_or_reported(kind: str, result: LoadedFile) -> None:
    (article,) = result.articles
    messages = [*(fault.message for fault in result.faults), *(receipt.why for receipt in result.receipts)]
    cut = [receipt.text for receipt in result.receipts]
    words = ["Before", "after"] if kind == "record" else ["Before", "after", "Last"]
    for word in words:
        shown = word in article.content_text
        assert shown == (word in re.sub("<[^>]*>", "", article.content_html))
        assert shown or any(word in text for text in cut) or any(map(SAID.search, messages)), (
            f"{word} is lost: {article.content_html!r} {messages}"
        )


@pytest.mark.parametrize("form", FORMS)
def test_no_tag_that_hides_content_hides_a_word(form: str) -> None:
    for kind, name in product(KINDS, HIDING.split()):
        assert_all_is_shown_or_reported(kind, loaded(kind, form.format(name)))


@pytest.mark.stress
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", FORMS)
def test_no_tag_hides_a_word(kind: str, form: str) -> None:
    for name in NAMES.split():
        assert_all_is_shown_or_reported(kind, loaded(kind, form.format(name)))


@settings(max_examples=3 * settings().max_examples)
@given(st.sampled_from(sorted(KINDS)), FRAGMENTS)
def test_no_html_hides_a_word(kind: str, fragment: str) -> None:
    assume(kind != "scraped fragment" or "<?" not in fragment)  # a template in PHP
    assert_all_is_shown_or_reported(kind, loaded(kind, fragment))


@pytest.mark.stress
@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=2_000, deadline=None)
@given(fragment=FRAGMENTS)
def test_much_html_hides_no_word(kind: str, fragment: str) -> None:
    assert_all_is_shown_or_reported(kind, loaded(kind, fragment))


# What articles commonly contain; each would otherwise be parsed and cleaned piece by piece.
COMMON = (
    "<p>a &amp; b</p>\n",
    "a <!-- more --> b",
    "<!--more-->\n\n<p>b</p>",
    "<!-- one\ntwo -- three --><!----><!-->",
    '<img src="a.png" alt="a &gt; b" />a<br/>b<hr>',
    '<div class="note"><a href="/b">b</a> <kbd>c</kbd></div>',
)


@pytest.mark.parametrize("html", COMMON)
def test_common_html_needs_no_change(html: str) -> None:
    assert is_harmless(html)


@given(fragment=FRAGMENTS)
def test_harmless_html_is_not_changed(fragment: str) -> None:
    if is_harmless(fragment):
        assert clean_raw_html(fragment) == (fragment, ())


@given(fragment=FRAGMENTS)
def test_code_stays_code(fragment: str) -> None:
    code = fragment.replace("`", "").replace("\n", " ").strip(" \\")
    result = load(Path(), "a.md", f"{MATTER}a ``{code} x`` b\n\n```\n{code}\n```\n\nLast.\n".encode(), Site())
    (article,) = result.articles
    written = entities.escape(code, quote=False)
    assert not result.faults
    assert f"<p>a <code>{written} x</code> b</p>" in article.content_html.replace("&quot;", '"')
    assert f"<pre><code>{written}\n</code></pre>" in article.content_html.replace("&quot;", '"')
    assert article.content_html.endswith("<p>Last.</p>")


@pytest.mark.parametrize("key", ["summary", "description", "excerpt"])
@given(fragment=FRAGMENTS)
def test_a_summary_keeps_its_words(key: str, fragment: str) -> None:
    value = f"Before {fragment} after".replace("\n", " ").replace("'", "''")
    result = load(Path(), "a.md", f"---\ntitle: Vote\n{key}: '{value}'\n---\nText.\n".encode(), Site())
    (article,) = result.articles
    is_reported = any(SAID.search(fault.message) and fault.line == 3 for fault in result.faults)
    assert is_reported or ("Before" in article.summary and "after" in article.summary)


SHOWN: list[tuple[str, str]] = [
    (
        "Every page needs a <title> in its head.\n\nNext.",
        "<p>Every page needs a &lt;title&gt; in its head.</p>\n<p>Next.</p>",
    ),
    ("a <title>\n\nb </title> c", "<p>a &lt;title&gt;</p>\n<p>b &lt;/title&gt; c</p>"),
    ("<textarea>\n\n*b*", "<p>&lt;textarea&gt;</p>\n<p><em>b</em></p>"),
    ("<script src=a.js />\n\n*b*", "<p>&lt;script src=a.js /&gt;</p>\n<p><em>b</em></p>"),
    ("<style />\n\n*b*\n\n<style>c</style>\n\nd", "<p>&lt;style /&gt;</p>\n<p><em>b</em></p>\n\n<p>d</p>"),
    ("a <select /> b", "<p>a &lt;select /&gt; b</p>"),
    ("a <plaintext> *b*</plaintext>", "<p>a &lt;plaintext&gt; <em>b</em>&lt;/plaintext&gt;</p>"),
    ("a <noembed>*b*</noembed> c", "<p>a <em>b</em> c</p>"),
    ("**a <title> b** c </title>", "<p><strong>a &lt;title&gt; b</strong> c &lt;/title&gt;</p>"),
    ("> <!-- a\n\nb", "<blockquote>\n</blockquote>\n<p>b</p>"),
    ("a <!DOCTYPE html> b", "<p>a &lt;!DOCTYPE html&gt; b</p>"),
    ('<div><a href="b>c</div>\n\nSaid "x".', '<div>&lt;a href="b&gt;c</div>\n<p>Said "x".</p>'),
    ('<img alt="a > b" src=/c>', '<img alt="a &gt; b" src="{site}/c">'),
    ("a <b> b\n\nc", "<p>a <b> b</b></p>\n<p>c</p>"),
    ("a <b>b <i>c</b>\n\nd", "<p>a <b>b <i>c</i></b></p>\n<p>d</p>"),
    ('a <a id="x"/> b\n\nc', '<p>a <a id="x"></a> b</p>\n<p>c</p>'),
    ("<a href=/x/>b</a>", '<p><a href="{site}/x/">b</a></p>'),
    ("<video src=/a.mp4 />\n\nb", '<video src="{site}/a.mp4"></video>\n<p>b</p>'),
    (
        "<video>\n<source src=/a.mp4>\n\nb",
        '<video>\n<source src="{site}/a.mp4"></video>\n<p>b</p>',
    ),
    ("<video src=/a.mp4>b</video>", '<p><video src="{site}/a.mp4">b</video></p>'),
    ("<iframe src=/a title=b></iframe> c", '<a href="{site}/a">b</a> c'),
    ("<svg>\n\n<title>a</title>\n\n</svg>\n\nb", "<p>b</p>"),
    ("<object><object>a</object>b</object>c", "<p>abc</p>"),
    ("a <object><object>b</object> c", "<p>a &lt;object&gt;b c</p>"),
    ("a <svg> <b>b</b>", "<p>a &lt;svg&gt; <b>b</b></p>"),
    ("a <xmp><i>b</i></xmp>", "<p>a &lt;i&gt;b&lt;/i&gt;</p>"),
    ("<![CDATA[a <b>]]>", "a &lt;b&gt;"),
    ("<!-- a -->\n<!--[if !IE]><!-->b<!--<![endif]-->", "b"),
]


@pytest.mark.parametrize(("text", "expected"), SHOWN)
def test_visible_text_of_raw_html(text: str, expected: str) -> None:
    assert render(text, "markdown", "/").html.replace(SITE, "{site}") == expected


def test_a_long_attribute_is_no_text() -> None:
    frame = f'<iframe src="https://example.org/" data-a="{"x" * 200_000}"></iframe>'
    link = '<a href="https://example.org/">https://example.org/</a>'
    assert render(f"{frame}\n\n*b*", "markdown", "/").html == f"{link}\n<p><em>b</em></p>"
    assert render(f"{frame}<i>b</i>", "html", "/").html == f"{link}<i>b</i>"


ADVICE = "; to show such a tag as text, write &lt; for its <"
OMITTED = {
    "a.md": (
        MATTER + "a\n\n<script>b</script>\n\n- <svg></svg>\n- <script>c</script>\n",
        [(6, "left out with their content: <script> (2 times), <svg>" + ADVICE)],
    ),
    "b.md": (
        MATTER + "{% include a %}{% include b %}\na\n\n{% raw %}\n<!--\n{% endraw %}\nb\n",
        [(8, "a comment is never closed and hides what follows it; close it with -->")],
    ),
    "c.html": (MATTER + "<p>a\n<?php b ?>", [(5, "left out with their content: <?php" + ADVICE)]),
    "d.html": (
        "<!doctype html>\n<html><head><script>x</script></head>\n<body><p>a\n<!-- b\n</body></html>\n",
        [(4, "a comment is never closed and hides what follows it; close it with -->")],
    ),
    "e.md": (
        "---\ntitle: Vote\nsummary: A <style>b</style> c\n---\nText.\n",
        [(3, "summary: left out with their content: <style>" + ADVICE)],
    ),
    "f.json": (
        '{"title": "Vote",\n"content_html": "<p>a</p>\\n<style>b</style>"}',
        [(1, "left out with their content: <style>" + ADVICE)],
    ),
    "g.mdx": (
        MATTER + "import A from 'a'\n\nexport const b = 1\n\n<script src='a.js' />\n\nb\n",
        [(8, "left out with their content: <script>" + ADVICE)],
    ),
}


@pytest.mark.parametrize("path", OMITTED)
def test_omitted_html_is_reported_with_its_line(path: str) -> None:
    text, expected = OMITTED[path]
    result = load(Path(), path, text.encode(), Site())
    faults = [(fault.line, fault.message) for fault in result.faults]
    assert [fault for fault in faults if "template tag" not in fault[1]] == expected
    assert result.articles


def test_cuts_of_a_saved_page_have_receipts() -> None:
    page = "<html><head><title>Vote</title></head>\n<body>\n<p>a <svg>b</svg></p></body></html>"
    result = load(Path(), "a.html", page.encode(), Site())
    assert not result.faults
    assert [(receipt.line, receipt.why) for receipt in result.receipts] == [
        (3, "left out with their content: <svg>" + ADVICE)
    ]


REPEATED = (
    *("<title>", "<title/>", "</title>", "<script>", "<svg>", "</svg>", "<svg><title>", "<object></object>"),
    *(
        "<!--",
        "<!-- a",
        "<?a",
        "<![CDATA[",
        "<!",
        "</",
        "<a b='",
        '<a b="',
        "<a b='\"",
        '<a b="<a c=\'"',
        "<b>",
    ),
    *(
        "<b/>",
        "<iframe src=a>",
        "<video>",
        "<source>",
        "<a ",
        "<a =",
        "a=",
        '"',
        "<",
        ">",
        "> ",
        "- ",
        "*a ",
        "[",
    ),
    *(
        "<title>\n\n",
        "- <!--\n\n",
        "\n<script>\n",
        "\n<style />\n",
        "<svg>\n\n",
        "<xmp>",
        "</xmp>",
        "<select>",
    ),
    *("<a x='<", "<p/", "<noembed>", "<textarea>\n\n</textarea>\n\n", "<script>\n\n</script>\n\n"),
)


def seconds(text: str, form: TextFormat) -> float:
    times = []
    for _ in range(3):
        start = time.process_time()
        render(text, form, "/")
        times.append(time.process_time() - start)
    return min(times)


@pytest.mark.stress
@pytest.mark.parametrize("form", ["markdown", "html"])
@pytest.mark.parametrize("token", REPEATED)
def test_time_grows_as_length_does(token: str, form: TextFormat) -> None:
    few, many = (seconds(f"<p><title>{token * (size // len(token))}", form) for size in (50_000, 200_000))
    assert many < 6 * few + 0.02


@pytest.mark.parametrize("form", ["markdown", "html"])
def test_time_grows_as_length_does_for_some(form: TextFormat) -> None:
    for token in ("<title>", "<!-- a", "<a b='", "<svg>\n\n"):
        few, many = (seconds(f"<p><title>{token * (size // len(token))}", form) for size in (5_000, 40_000))
        assert many < 16 * few + 0.05


DEEP = [(">", ""), ("> <b>", ""), ("![", "](x)"), ("*a **b ", "**b* "), ("- ", "")]


@pytest.mark.parametrize(("opening", "closing"), DEEP)
def test_depth_ends_no_process(opening: str, closing: str) -> None:
    text = f"{opening * 40_000}<title>{closing * 40_000}\n\nLast"
    assert "Last" in render(text, "markdown", "/").text
