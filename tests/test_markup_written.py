"""HTML as comrak and most authors write it is made safe without a parser, as the sanitiser would."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.markup import drop_illegal
from service.markup.rendering import markdown_to_html
from service.markup.sanitise import sanitise
from service.markup.tags import put_together
from service.markup.written import read_written
from tests.server import ROOT

BASE = "/files/posts/"
CORPORA = ROOT.parent / "shared" / "corpora"

KNOWN = [
    "[a](<>) ```b<c\n\n```d<e\nf\n```",
    'a *b* **c** ~~d~~ `e<"` "f" \'g\' &nbsp;h\u00a0i &copy; &#39;\\\nj  \nk',
    "# h `c`\n\n> q\n\n---\n\n```rust\nVec<u8>\n```\n\n    <b>",
    "- a\n- b\n\n  c\n\n3. d",
    "<p>a &copy; b &mdash; c &#39; &#x27; d & e &nbsp; &#150; &notit; f&<b>g</b> &1 &lt;</p>",
    '| a | b |\n|:--|--:|\n| "c" | d |',
    "a[^1] b[^1]\n\n[^1]: c\n\n    - d",
    '[a](b.md \'c "d" <e>\') ![f "g"](../h.png "i") [j](#k) [l](?m=n&o=\'p\') [![q](r)](s)',
    "a <!-- b --> <br> <b>c</b>\n\n<!-- more -->\n\n<!-- d\ne -->",
    '<div class="a" style="b" id="c">\n\nd\n\n</div>',
    "<aside class='a'\n  id='b'>\n\n<dl>\n<dt>c</dt><dd>d\n\n> e\n\n</dd></dl></aside>",
    '<p><img src="a"></img></p>',
    "<div><span>\n\na\n\n</span>\n</div>",
    "<table>\n<tr><td>a</td></tr>\n<tr><td>b</td>\n</tr>\n</table>\n<table><thead></thead><tr></tr></table>",
    "a <progress value='1'>b</progress>",
    "<details><summary>a</summary>\n\nb <a href='http://c.d/'>e</a>\n\n</details>",
    '<figure>\n<img alt="a" src="b.png" onload="c"/>\n<figcaption>\n\nd\n\n</figcaption>\n</figure>',
    '<span lang="fr" id="a b" data-c>d</span> <a href="e" target="_blank" rel="f">g</a>',
    "http://a.b/c?d=e&f='g' www.a.b a@b.c <https://d.e/f> [g](//h.i/j) [k](http://localhost/)",
]
LEFT = [
    "<b>a",
    "a</b>",
    "<b><p>a</p></b>",
    "<a href='b\"'>c</a>",
    "<a href=b>c</a>",
    '<p><a href="b"><a href="c">d</a></a></p>',
    "<ul>a</ul>",
    "<table>\u00a0</table>",
    "<table><tr><td>a</td></tr><tbody></tbody></table>",
    "<pre>\na</pre>",
    "<p>a &bogus; b</p>",
    "<p>a &copy b</p>",
    "<p>a &am<b>p;</b></p>",
    "<p>a &shy; b</p>",
    "<table>&nbsp;</table>",
    "<p>a > b</p>",
    '<p title="&copy;">a</p>',
    '<q cite="a">b</q>',
    '<img src="a" srcset="b 2x">',
    '<a href="b" href="c">d</a>',
    "<div/>",
    "<svg></svg>",
    "<script>a</script>",
    "[a](javascript:b)",
    "![a](data:image/png;base64,AA)",
    "[a](b:c)",
    "[a](http://xn--a.b/)",
    "[a](http://1.2.3/)",
    "[a](http://b:99999/)",
    "[a[^1]](b)\n\n[^1]: c",
    "> " * 600 + "a",
]
PIECES = r"""
    a é 日本 * ** _ ~~ ` ``` [ ] ( ) ]( ![ \ \[ < > & " ' | [x](y) [x](/y'q') ![i](j.png) [![i](j)](k) [^1]
    [a[^1]](b) [^é] <http://x.y> <a@b.c> www.x.com https://x mailto:a@b.c ftp://f.g [t](a:b) [t](//h/i) [t]()
    &amp; &#1; &#39; &nbsp; &copy; [r] <b> </b> </p> </a> <!--c--> <br> <script> <?p?> <![CDATA[x]]> <a/b=c>
    <img/src=x> [j](javascript:a) ![d](data:image/png,x) [t](http://xn--a.b/) [t](http://a:80/) [l](HTTP://A.b)
"""
LINES = r"""
    \n \n\n \n>\s \n-\s \n1.\s \n---\n \n===\n \n```rust\n \n```\n \n|\sa\s|\sb\s|\n|:-:|--|\n \n-\s[x]\s
    \n#\s \n\n[^1]:\sn\n \n\n[r]:\ss\s'T<'\n \s \s\s\s\s [x](y\s"q'")
"""
WRITTEN = [
    *PIECES.split(),
    *(piece.replace(r"\s", " ").replace(r"\n", "\n") for piece in LINES.split()),
    *("\t", "\r", "\u00a0", "\u2028", "\ufeff"),
]


ATTRIBUTES = [
    *('href="a.md?b=c&amp;d"', 'href="http://a.b/c"', 'href="#f"', 'href="a:b"', 'src="i.png"', 'cite="x"'),
    *('alt="&quot;a&quot;"', 'title="t&#x27;"', 'id="i"', 'id="a b"', 'class="language-x y"', 'class="c"'),
    *("id='i'", "href='x.md'", "title='a\nb'", "href='http://a.b/?c&d'", 'src="a\nb"', "alt='&amp;'"),
    *('style="s"', 'lang="fr"', "dir", 'start="3"', 'align="left"', "data-x", 'target="_blank"'),
]


def element(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """An element that holds some of `inner`, mostly such as there are."""
    names = (
        "p div em a b li ul ol table thead tbody tr th td h2 pre code figure figcaption img br sup x "
        "aside details summary dl dt dd header progress kbd span ins"
    )
    attributes = st.lists(st.sampled_from(ATTRIBUTES), max_size=2).map(
        lambda some: "".join(f"{' ' if len(one) % 2 else chr(10)}{one}" for one in some)
    )
    content = st.lists(inner, max_size=3).map("".join)
    return st.builds(
        lambda name, given, held: f"<{name}{given}>{held}</{name}>",
        st.sampled_from(names.split()),
        attributes,
        content,
    )


ELEMENTS = st.recursive(
    st.sampled_from(
        [
            "a",
            " ",
            "\n",
            "\u00a0",
            "&amp;",
            "&quot;",
            "&",
            "&#39;",
            "&para;",
            "&lt",
            "&no",
            "#3;",
            "<br>",
            "<!-- c -->",
            '<img src="i">',
            "</b>",
        ]
    ),
    element,
)


def written(html: str) -> str | None:
    known = read_written(html, BASE)
    return None if known is None else put_together(*known)


def both(text: str) -> tuple[str | None, str]:
    """What is known of `text` as comrak writes it, and what the sanitiser makes of it."""
    html = drop_illegal(markdown_to_html(drop_illegal(text)))
    return written(html), sanitise(html, BASE)


@pytest.mark.parametrize("text", KNOWN)
def test_what_comrak_writes_is_known(text: str) -> None:
    known, sanitised = both(text)
    assert known == sanitised


@pytest.mark.parametrize("text", LEFT)
def test_what_only_the_sanitiser_can_judge_is_left_to_it(text: str) -> None:
    assert both(text)[0] is None


@settings(max_examples=500)
@given(st.lists(st.sampled_from(WRITTEN), max_size=30).map("".join))
def test_it_is_what_the_sanitiser_makes_of_it(text: str) -> None:
    known, sanitised = both(text)
    assert known in {None, sanitised}


@settings(max_examples=500)
@given(st.lists(ELEMENTS, max_size=4).map("".join))
def test_html_by_hand_is_what_the_sanitiser_makes_of_it(html: str) -> None:
    assert written(html) in {None, sanitise(html, BASE)}


@given(st.text())
def test_whatever_is_written(text: str) -> None:
    known, sanitised = both(text)
    assert known in {None, sanitised}


@pytest.mark.skipif(not CORPORA.is_dir(), reason=f"{CORPORA} is not there")
def test_it_is_so_in_real_blogs() -> None:
    texts = [path.read_text(errors="replace") for path in sorted(CORPORA.rglob("*.md"))]
    told = [both(text) for text in texts]
    assert [known for known, _ in told if known is not None] == [
        sanitised for known, sanitised in told if known is not None
    ]
    assert sum(1 for known, _ in told if known is not None) > 0.9 * len(texts)
