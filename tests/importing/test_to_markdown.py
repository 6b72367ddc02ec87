"""HTML as Markdown: what it looks like, and that nothing is lost on the way."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.importing.conversion.structure_fingerprint import structure_fingerprint
from service.importing.conversion.to_markdown import to_markdown, unmark_references
from service.importing.item import ImportedItem
from service.importing.output.compose import compose
from service.importing.output.output_folder import ItemFile
from service.markup import plain, render
from service.model import Site

BASE = "https://old.example/posts/one/"

ROWS = [
    ("<p>Hello <b>bold</b> and <i>leaning</i>.</p>", "Hello **bold** and *leaning*."),
    ("loose text", "loose text"),
    ("<h2>Part <code>a_b</code></h2><p>x</p>", "## Part `a_b`\n\nx"),
    ("<p>one<br>two</p>", "one\\\ntwo"),
    (
        '<p><a href="../two" title="A &quot;two&quot;">two</a></p>',
        '[two](https://old.example/posts/two "A \\"two\\"")',
    ),
    ('<p><a href="https://x.example/a_(b)">x</a></p>', "[x](<https://x.example/a_(b)>)"),
    ('<p><a href="https://x.example/">https://x.example/</a></p>', "<https://x.example/>"),
    ('<p><img src="a b.jpg" alt="A [b]"></p>', "![A \\[b\\]](https://old.example/posts/one/a%20b.jpg)"),
    ("<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>", "- a\n  - b\n- c"),
    ('<ol start="3"><li>c</li><li>d</li></ol>', "3. c\n4. d"),
    ("<ul><li>a</li></ul><ul><li>b</li></ul>", "- a\n\n<!-- -->\n\n- b"),
    ("<blockquote><p>a</p><p>b</p></blockquote><hr>", "> a\n>\n> b\n\n---"),
    ('<pre><code class="language-python">a\n\n  b `` c</code></pre>', "```python\na\n\n  b `` c\n```"),
    ('<pre class="brush: php; gutter: false">$a</pre>', "```php\n$a\n```"),
    (
        '<div class="highlight-source-ruby"><pre>puts <span class="k">1</span></pre></div>',
        "```ruby\nputs 1\n```",
    ),
    (
        '<div class="language-go highlighter"><div class="highlight"><pre><code>x</code></pre></div></div>',
        "```go\nx\n```",
    ),
    ("<pre>```\nfence\n```</pre>", "````\n```\nfence\n```\n````"),
    (
        """<table><tr><th>a</th><th align="right">b|c</th></tr>
        <tr><td>1<br>2</td><td><code>x|y</code></td></tr></table>""",
        "| a | b\\|c |\n| --- | --: |\n| 1<br>2 | `x\\|y` |",
    ),
    (
        '<table><tr><td colspan="2">a</td></tr><tr><td>b</td><td>c</td></tr></table>',
        '<table><tbody><tr><td colspan="2">a</td></tr><tr><td>b</td><td>c</td></tr></tbody></table>',
    ),
    (
        """<figure><img src="/a.jpg"><figcaption>Said <em>so</em></figcaption></figure>
        <figure><img src="/b.jpg"></figure>""",
        """<figure><img src="https://old.example/a.jpg"/><figcaption>Said <em>so</em></figcaption></figure>

![](https://old.example/b.jpg)""",
    ),
    ("<dl><dt>a</dt><dd>b</dd></dl>", "<dl><dt>a</dt><dd>b</dd></dl>"),
    (
        "<figure><pre>a\n  \n\nb</pre>\n\n<figcaption>c</figcaption></figure>",
        "<figure><pre>a&#10;  &#10;\nb</pre>\n<figcaption>c</figcaption></figure>",
    ),
    ('<div dir="rtl"><p>x</p></div>', '<div dir="rtl"><p>x</p></div>'),
    ("<p>x<sup>2</sup> H<sub>2</sub>O <kbd>Ctrl</kbd></p>", "x<sup>2</sup> H<sub>2</sub>O <kbd>Ctrl</kbd>"),
    (
        '<p>before</p><iframe width="560" src="https://video.example/e/1" allowfullscreen></iframe>',
        'before\n\n<iframe src="https://video.example/e/1" width="560"></iframe>',
    ),
    (
        "<p>1. one</p><p>- two</p><p># three</p><p>&gt; four</p>",
        "1\\. one\n\n\\- two\n\n\\# three\n\n\\> four",
    ),
    (
        "<p>5 * 3 * 2, snake_case, a_b_c, _x_, [sic] &amp;amp;</p>",
        "5 \\* 3 \\* 2, snake_case, a_b_c, \\_x\\_, [sic] \\&amp;",
    ),
    ("<p>{{ page.title }} {% raw %}</p>", "&#123;{ page.title }} &#123;% raw %}"),
    ("<p>これは<b>「強調」</b>です</p>", "これは**「強調」**です"),
    ("<p> </p><p>&nbsp;</p><p><strong></strong>x</p><script>y</script>", "x"),
    ("<div>a<p>b</p>c</div>", "a\n\nb\n\nc"),
    (
        """<p>A<sup id="fnref:1"><a href="#fn:1">1</a></sup> and B<sup><a href="#n2" id="r2">2</a></sup>.</p>
        <hr><div class="footnotes"><ol><li id="fn:1"><p>First <em>note</em>. <a href="#fnref:1">↩</a></p></li>
        <li id="n2"><p>Second.</p><p>More.<a href="#r2">back</a></p></li></ol></div>""",
        "A[^1] and B[^2].\n\n[^1]: First *note*.\n\n[^2]: Second.\n\n    More.",
    ),
    (
        '<p>See <a href="#part">below</a>.</p><h2 id="part">Part</h2>',
        'See [below](#part).\n\n<h2 id="part">Part</h2>',
    ),
]


@pytest.mark.parametrize(("html", "markdown"), ROWS)
def test_html_as_markdown(html: str, markdown: str) -> None:
    written = to_markdown(html, BASE)

    assert written.text == f"{markdown}\n"


@pytest.mark.parametrize("html", [html for html, _ in ROWS])
def test_markdown_renders_to_the_same_words(html: str) -> None:
    written = to_markdown(html, BASE).text

    assert written is not None
    if "iframe" not in html and "#fn" not in html:
        assert render(written, "markdown", BASE).text.split() == render(html, "html", BASE).text.split()


def test_remaining_html_is_counted() -> None:
    assert to_markdown("<p>a</p>", BASE).kept == 0
    assert to_markdown('<p>a</p><div dir="rtl"><p>x</p></div>', BASE).kept == 1


SHAPES = [
    ("<p>a <b>b</b></p>", "<p>a <strong>b</strong></p>", True),
    ("<p>a</p><p>b</p>", "<ul><li>a</li></ul><p>b</p>", False),
    ('<a href="https://x.example/">y</a>', '<a href="https://z.example/">y</a>', False),
    ('<a href="https://x.example">https://x.example</a>', "https://x.example", True),
    ('<img src="a" alt="x">', '<img src="a" alt="">', False),
    ('<pre><code class="language-c">x</code></pre>', "<pre><code>x</code></pre>", False),
    ("<pre>a\n\nb</pre>", "<pre>a\nb</pre>", True),
    ('<p id="n">a</p><a href="#n">b</a>', '<p>a</p><a href="#n">b</a>', False),
    ("<td>a</td>", '<td colspan="2">a</td>', False),
]


@pytest.mark.parametrize(("one", "other", "same"), SHAPES)
def test_structure_fingerprint(one: str, other: str, same: bool) -> None:
    assert (structure_fingerprint(one) == structure_fingerprint(other)) is same


_TEXT = st.text(alphabet="ab *_[]()<>&`#-+=.:!|~\\{}%\n\t1é字", max_size=12)
_NAME_LIST = """
    p div span b em i code pre ul ol li blockquote h2 h3 table tr td th a img figure figcaption sup br hr dl
    dt dd
"""
_NAMES = st.sampled_from(_NAME_LIST.split())


def _element(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(
        lambda name, inner: f"<{name}>{''.join(inner)}</{name}>", _NAMES, st.lists(children, max_size=4)
    )


HTML = st.recursive(_TEXT, _element, max_leaves=12)


@settings(max_examples=2 * settings().max_examples)
@given(HTML)
def test_whatever_html_becomes_markdown_of_the_same_shape_or_none(html: str) -> None:
    written = to_markdown(html, BASE)

    if written.text is not None:
        again = unmark_references(render(written.text, "markdown", BASE).html)
        shown_text = render(html, "html", BASE).text
        assert "".join(plain(again).split()).replace("[", "") == "".join(shown_text.split()).replace("[", "")


ANCHORED_NOTES = [
    # Substack
    (
        '<p>Text<a id="footnote-anchor-1" href="#footnote-1">1</a>.</p><div class="footnote">'
        '<a id="footnote-1" href="#footnote-anchor-1">1</a><div><p>The <em>note</em>.</p></div></div>'
    ),
    # Word
    (
        '<p>Text<a href="#_ftn1" id="_ftnref1">[1]</a>.</p>'
        '<p><a href="#_ftnref1" id="_ftn1">[1]</a> The <em>note</em>.</p>'
    ),
]


@pytest.mark.parametrize("html", ANCHORED_NOTES)
def test_footnotes_whose_links_lead_to_each_other(html: str, tmp_path: Path) -> None:
    item = ImportedItem(place="a", title="T", text=html)
    composed = compose(item, ItemFile("a", "urn:a", "a.md"), tmp_path, Site())

    assert composed.text is not None
    assert composed.text.endswith("Text[^1].\n\n[^1]: The *note*.\n")
