"""Markdown, HTML and plain text become safe HTML, plain text and a summary."""

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.markup import (
    SELF,
    SITE,
    TextFormat,
    folder_base,
    plain,
    render,
    resolve,
    summarise,
    words_and_minutes,
)
from service.markup.nesting import DEEPEST

BASE = "/files/posts/"
EMBEDDED = f"data:image/png;base64,{'iVBORw0KGgo' * 20}="


def html_of(text: str, form: TextFormat = "html", base: str = BASE) -> str:
    """Safe HTML with its marks written out, so that a table can show them."""
    return render(text, form, base).html.replace(SITE, "{site}").replace(SELF, "{self}")


SAFE = [
    ("<p onclick=x style='color:red' class=big>a</p>", "<p>a</p>"),
    ("a<script>alert(1)</script>b<style>p{}</style>c", "abc"),
    ("<a href='javascript:alert(1)'>a</a>", "<a>a</a>"),
    ("<a href=' java\nscript:alert(1)'>a</a>", "<a>a</a>"),
    ("<a href='&#1;javascript:alert(1)'>a</a>", "<a>a</a>"),
    ("<a href='data:text/html,x'>a</a>", "<a>a</a>"),
    ("<img src='data:image/png;base64,AA' onerror=x alt=a>", '<img alt="a">'),
    (f"<img src='{EMBEDDED}' onerror=x alt=a>", f'<img src="{EMBEDDED}" alt="a">'),
    (f"<a href='{EMBEDDED}'>a</a>", "<a>a</a>"),
    (f"<video src='{EMBEDDED}' poster='{EMBEDDED}'></video>", "<video></video>"),
    (f"<img srcset='{EMBEDDED} 1x'>", "<img>"),
    (f"<img src='{EMBEDDED.replace('png', 'svg+xml')}'>", "<img>"),
    ("<form><input name=a><button>b</button></form>", "b"),
    ("<svg><script>alert(1)</script></svg>a", "a"),
    ("<math><mtext></p><img src onerror=alert(1)></mtext></math>", ""),
    ("<p lang=fr dir=rtl id=a>b</p>", '<p lang="fr" dir="rtl" id="a">b</p>'),
    ("<pre><code class='hl language-py x'>a</code></pre>", '<pre><code class="language-py">a</code></pre>'),
    ("<time datetime=2019>a</time><mark>b</mark>", '<time datetime="2019">a</time><mark>b</mark>'),
    ("<!-- a -->b", "b"),
    ("a &#1; b &#x2; c &#xFFFE; d &#0000001e", "a \ufffd b \ufffd c \ufffd d \ufffde"),
    ("&#&#1;1;", "&amp;#\ufffd1;"),
    ("a\x01b\x02c\x00d\ud800e", "abcde"),
    ("<p>open<b>bold", "<p>open<b>bold</b></p>"),
    ("<noscript><p>a</noscript>b", "b"),
    ("<x><y><li><a href=b>c", '&lt;li&gt;<a href="{site}/files/posts/b">c</a>'),
    (
        "<a href=b><table><a href=#c>d",
        '<a href="{site}/files/posts/b">&lt;a href="#c"&gt;d<table></table></a>',
    ),
]


@pytest.mark.parametrize(("text", "expected"), SAFE)
def test_only_what_is_safe_is_left(text: str, expected: str) -> None:
    assert html_of(text) == expected


REFERENCES = [
    ("a.png", "/files/posts/a.png"),
    ("a b.png", "/files/posts/a%20b.png"),
    ("./a.png", "/files/posts/a.png"),
    ("../a.png", "/files/a.png"),
    ("../../../../etc/passwd", "/files/etc/passwd"),
    ("..\\..\\a.png", "/files/a.png"),
    ("sub/", "/files/posts/sub/"),
    ("..", "/files/"),
    ("other.md#top", "/files/posts/other.md#top"),
    ("a.png?x=1#y", "/files/posts/a.png?x=1#y"),
    ("ünder.png", "/files/posts/%C3%BCnder.png"),
    ("a%20b.png", "/files/posts/a%20b.png"),
    ("/articles/x", "/articles/x"),
    ("/../../x", "/x"),
    ("#top", "#top"),
    ("?q=1", "?q=1"),
    ("", ""),
    ("//example.org/a", "https://example.org/a"),
    ("https://example.org/a b?c=d&e", "https://example.org/a%20b?c=d&e"),
    ("https://bücher.example/ü", "https://xn--bcher-kva.example/%C3%BC"),
    ("https://b%C3%BCcher.example/%C3%BC?%C3%BC", "https://xn--bcher-kva.example/%C3%BC?%C3%BC"),
    ("//BÜCHER.example:8080/", "https://xn--bcher-kva.example:8080/"),
    ("https://straße.example", "https://xn--strae-oqa.example"),
    ("https://u:p@日本。example/", "https://u:p@xn--wgv71a.example/"),
    ("https://i❤.example/", "https://xn--i-7iq.example/"),
    ("https://a_b.ü.example/", "https://a_b.xn--tda.example/"),
    ("https://ex%61mple.org/%61", "https://example.org/%61"),
    ("https://a%2Fb.example/", "https://a%2Fb.example/"),
    ("https://%FF.example/", "https://%FF.example/"),
    ("https://example.org/a[1]?b[]=100%&c=%2f", "https://example.org/a%5B1%5D?b%5B%5D=100%25&c=%2f"),
    ("https://[::1]:80/a[1]", "https://[::1]:80/a%5B1%5D"),
    ("scan [2].png", "/files/posts/scan%20%5B2%5D.png"),
    ("mailto:a@example.org", "mailto:a@example.org"),
    ("javascript:alert(1)", None),
    ("JaVaScRiPt:alert(1)", None),
    ("java\nscript:alert(1)", None),
    ("vbscript:x", None),
    ("C:\\a.png", None),
]


@pytest.mark.parametrize(("reference", "expected"), REFERENCES)
def test_a_reference_is_resolved(reference: str, expected: str | None) -> None:
    assert resolve(reference, BASE) == expected


def test_a_reference_is_taken_from_an_absolute_base() -> None:
    assert resolve("../a.png", "https://example.org/x/y/") == "https://example.org/x/a.png"
    assert resolve("/a.png", "https://example.org/x/y/") == "https://example.org/a.png"


def test_the_base_of_a_file_is_its_folder() -> None:
    assert folder_base("a.md") == "/files/"
    assert folder_base("übung/a b/c.md") == "/files/%C3%BCbung/a%20b/"


MARKED = [
    ("<a href=a.png>x</a>", '<a href="{site}/files/posts/a.png">x</a>'),
    ("<a href=#n>x</a>", '<a href="{self}#n">x</a>'),
    ("<a href=/articles/x>x</a>", '<a href="{site}/articles/x">x</a>'),
    ("<a href=https://example.org/?a=1&amp;b=2>x</a>", '<a href="https://example.org/?a=1&amp;b=2">x</a>'),
    (
        "<img srcset='a.png, b.png 2x,c.png 100w'>",
        '<img srcset="{site}/files/posts/a.png, {site}/files/posts/b.png 2x, {site}/files/posts/c.png 100w">',
    ),
    ("<img srcset='data:image/png;base64,AA 1x'>", "<img>"),
    (
        "<video src=v.mp4 poster=p.png></video>",
        '<video src="{site}/files/posts/v.mp4" poster="{site}/files/posts/p.png"></video>',
    ),
    ("<q cite=a.html>x</q>", '<q cite="{site}/files/posts/a.html">x</q>'),
    ("<del cite='javascript:x'>x</del>", "<del>x</del>"),
    (
        '<iframe width=5 src="https://v.example/e?a=1&b=2" title="A > B"></iframe>',
        '<a href="https://v.example/e?a=1&amp;b=2">A &gt; B</a>',
    ),
    (
        "<IFRAME SRC='//v.example/e'>no frames</IFRAME>",
        '<a href="https://v.example/e">//v.example/e</a>no frames',
    ),
    ("<iframe src='javascript:x'></iframe>", "<a>javascript:x</a>"),
]


@pytest.mark.parametrize(("text", "expected"), MARKED)
def test_references_in_html_are_marked(text: str, expected: str) -> None:
    assert html_of(text) == expected


MARKDOWN = [
    ("a **b** ~~c~~ <b>d</b>", "<p>a <strong>b</strong> <del>c</del> <b>d</b></p>"),
    ("## A *b*", '<h2 id="a-b">A <em>b</em></h2>'),
    ("$$a_1 \\\\ *b* < c$$, $d\\,e*f*$", "<p>$$a_1 \\\\ *b* &lt; c$$, $d\\,e*f*$</p>"),
    ("$5 for *a* $", "<p>$5 for <em>a</em> $</p>"),
    ("**注意：**以下", "<p><strong>注意：</strong>以下</p>"),
    (
        "Tide\n: A rise\n: or a *fall*",
        "<dl>\n<dt>Tide</dt>\n<dd>A rise</dd>\n<dd>or a <em>fall</em></dd>\n</dl>",
    ),
    ("> [!x] said", "<blockquote>\n<p>[!x] said</p>\n</blockquote>"),
    ("- [x] a\n- [ ] b", "<ul>\n<li>☑ a</li>\n<li>☐ b</li>\n</ul>"),
    ("- [x] a\n\n- [ ] b", "<ul>\n<li>\n<p>☑ a</p>\n</li>\n<li>\n<p>☐ b</p>\n</li>\n</ul>"),
    ("https://e.org/", '<p><a href="https://e.org/">https://e.org/</a></p>'),
    ("```py\na<b\n```", '<pre><code class="language-py">a&lt;b\n</code></pre>'),
    ("[a](<b c.md>)", '<p><a href="{site}/files/posts/b%20c.md">a</a></p>'),
    ("[a]\n\n[a]: <b.md>", '<p><a href="{site}/files/posts/b.md">a</a></p>'),
    (f"![a][i]\n\n[i]: <{EMBEDDED}>", f'<p><img src="{EMBEDDED}" alt="a"></p>'),
    ("&#1;a", "<p>a</p>"),
    (
        '`<input type="checkbox" disabled="" />`',
        '<p><code>&lt;input type="checkbox" disabled="" /&gt;</code></p>',
    ),
]


@pytest.mark.parametrize(("text", "expected"), MARKDOWN)
def test_markdown_becomes_safe_html(text: str, expected: str) -> None:
    assert html_of(text, "markdown") == expected


def test_footnotes_link_within_the_article() -> None:
    markup = render("a[^1]\n\n[^1]: Note.", "markdown", BASE)
    assert f'<a href="{SELF}#fn-1" id="fnref-1">1</a>' in markup.html
    assert '<li id="fn-1">' in markup.html
    assert markup.text == "a[1]\n\nNote."


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("a^[{}] b", 1),
        ("| a^[{}] | b |\n|---|---|\n| c | d |", 1),
        ("# A heading^[{}]\n\ntext", 1),
        ("a[^x] b^[{}]\n\n[^x]: First.", 2),
    ],
)
@pytest.mark.parametrize("note", ["A note.", "A *note* with [a link](https://x.example/)."])
def test_a_footnote_within_the_text_is_one_below_it(text: str, number: int, note: str) -> None:
    within = render(text.replace("{}", note), "markdown", BASE)
    below = render(text.replace("^[{}]", "[^n]") + f"\n\n[^n]: {note}", "markdown", BASE)
    assert re.sub(r"-(?:inline|n)(?=\")", "", within.html.replace("-__inline_1", "-n")) == re.sub(
        r"-n(?=\")", "", below.html
    )
    assert within.text == below.text
    assert f">{number}</a>" in within.html


@pytest.mark.parametrize("text", ["`^[a]`", "a\\^[b]", "^[]", "^[a", "ESC^[[31m"])
def test_other_carets_begin_no_footnote(text: str) -> None:
    assert "footnote" not in html_of(text, "markdown")


TYPED = [
    ("a\n\n\nb & <c>", "<p>a</p>\n<p>b &amp; &lt;c&gt;</p>"),
    ("roses are red\nviolets are blue", "<p>roses are red<br>violets are blue</p>"),
    ("long " * 30 + "\n" + "more " * 30, f"<p>{'long ' * 29}long</p>\n<p>{'more ' * 29}more</p>"),
    ("lines that are wrapped at a margin, each\nas long as the next word lets it be, are\none", None),
    ("", ""),
]


@pytest.mark.parametrize(("text", "expected"), TYPED)
def test_plain_text_becomes_paragraphs(text: str, expected: str | None) -> None:
    assert html_of(text, "text") == (f"<p>{' '.join(text.split())}</p>" if expected is None else expected)


PLAIN = [
    ("<p>a\n b</p><p>c</p>", "a b\n\nc"),
    ("<h1>a</h1>b<hr>c", "a\n\nb\n\nc"),
    ("<ul><li>a</li><li><p>b</p><ul><li>c</li></ul></li></ul>d", "a\nb\nc\n\nd"),
    ("<table><tr><th>a</th><td>b</td></tr><tr><td>c</td></tr></table>", "a\tb\nc"),
    ("<p>a<br>b<br><br>c</p>", "a\nb\n\nc"),
    ("<p>x</p><pre><code>a\n\n\n  b\n</code></pre>c", "x\n\na\n\n\n  b\n\nc"),
    ("<p>a &lt;b&gt; &amp;amp; &nbsp;c <i>d</i>e</p>", "a <b> &amp; \xa0c de"),
    ('<p>a <img src="x" alt="not told > this"> b</p>', "a b"),
    ("<dl><dt>a</dt><dd>b</dd></dl>", "a\nb"),
]


@pytest.mark.parametrize(("html", "expected"), PLAIN)
def test_plain_text_keeps_what_is_read(html: str, expected: str) -> None:
    assert plain(html) == expected


def test_the_first_paragraphs_pass_over_headings() -> None:
    html = "<h2>a</h2><picture></picture><p>b</p><ul><li>c</li></ul><p id='x'>d</p>"
    assert render(html, "html", "/").opening() == "b\n\nd"
    assert render(html, "html", "/").opening(1) == "b"


SUMMARIES = [
    ("Short  text", 20, "Short text"),
    ("One sentence. Two sentences. Three sentences.", 30, "One sentence. Two sentences."),
    ("He met Mr. Smith in the city of Mosul today", 20, "He met Mr. Smith in…"),
    ("word " * 20, 12, "word word…"),
    ("x" * 30, 10, "x" * 9 + "…"),
    ("今日は晴れ。明日は雨。あさっては雪。", 12, "今日は晴れ。明日は雨。"),
]


@pytest.mark.parametrize(("text", "limit", "expected"), SUMMARIES)
def test_a_summary_is_whole_sentences_or_words(text: str, limit: int, expected: str) -> None:
    assert summarise(text, limit) == expected


@given(st.text(), st.integers(2, 50))
def test_a_summary_is_never_too_long(text: str, limit: int) -> None:
    assert len(summarise(text, limit)) <= limit


def test_words_and_minutes() -> None:
    assert words_and_minutes("one two — three's 4")[0] == 4
    assert words_and_minutes("日本語 and カナ")[0] == 6
    assert words_and_minutes("")[1] == 0
    assert words_and_minutes("one")[1] == 1
    assert words_and_minutes("word " * 231)[1] == 2
    assert words_and_minutes("語" * 1000)[1] == 2


@given(
    st.text(st.one_of(st.sampled_from(" \n\u00a0\u2003ab1_é’—-.!🙂²ⓐ"), st.characters(max_codepoint=0x2FFF)))
)
def test_a_word_is_a_stretch_with_a_letter_or_digit(text: str) -> None:
    assert words_and_minutes(text)[0] == sum(bool(re.search(r"\w", stretch)) for stretch in text.split())


@given(
    st.text(alphabet=st.sampled_from("<>/=\"'& \n#;ab&x1\x01\x02-[](){}*_`!:|pdivhrefsrc")),
    st.sampled_from(("markdown", "html", "text")),
)
def test_marks_stand_only_before_references(text: str, form: TextFormat) -> None:
    markup = render(text, form, BASE)
    assert SITE not in markup.text
    assert SELF not in markup.text
    left = markup.html.replace(f'="{SITE}/', "").replace(f'="{SELF}', "").replace(f", {SITE}/", "")
    assert SITE not in left
    assert SELF not in left


def depth(html: str) -> int:
    levels = itertools.accumulate(-1 if closing else 1 for closing in re.findall("<(/?)", html))
    return max(levels)


@pytest.mark.parametrize("tag", ["div", "b", "blockquote", "ul><li", "section", "span", "a href=x"])
def test_ten_thousand_nested_elements_keep_their_text(tag: str) -> None:
    markup = render(f"<{tag}>" * 10_000 + "deep", "html", BASE)
    assert markup.text == "deep"
    assert depth(markup.html) <= 2 * DEEPEST


def test_deep_markdown_keeps_its_text() -> None:
    assert render("> " * 10_000 + "deep", "markdown", BASE).text == "deep"


def test_many_paragraphs_in_a_row_are_no_depth() -> None:
    text = "<div><p>a<li>b</div>" * 2_000
    assert html_of(text).count("<p>a</p>") == 2_000
