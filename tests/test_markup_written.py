"""What comrak writes of Markdown without HTML is made safe without a parser, as the sanitiser does it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.markup import drop_illegal
from service.markup.rendering import RAW, SAFE, markdown_to_html
from service.markup.sanitise import sanitise
from service.markup.written import safe_as_written
from tests.server import ROOT

BASE = "/files/posts/"
CORPORA = ROOT.parent / "shared" / "corpora"

KNOWN = [
    'a *b* **c** ~~d~~ `e<"` "f" \'g\' &nbsp;h\u00a0i &copy; &#39;\\\nj  \nk',
    "# h `c`\n\n> q\n\n---\n\n```rust\nVec<u8>\n```\n\n    <b>",
    "- a\n- b\n\n  c\n\n3. d\n\n- [ ] e\n- [x] f",
    '| a | b |\n|:--|--:|\n| "c" | d |',
    "a[^1] b[^1]\n\n[^1]: c\n\n    - d",
    '[a](b.md \'c "d" <e>\') ![f "g"](../h.png "i") [j](#k) [l](?m=n&o=\'p\') [![q](r)](s)',
    "http://a.b/c?d=e&f='g' www.a.b a@b.c <https://d.e/f> [g](//h.i/j) [k](http://localhost/)",
]
LEFT = [
    "<b>a</b>",
    "a <!-- b -->",
    "[a](javascript:b)",
    "![a](data:image/png;base64,AA)",
    "[a](b:c)",
    "[a](http://xn--a.b/)",
    "[a](http://1.2.3/)",
    "[a](http://b:99999/)",
    "[a](<>)",
    "[a[^1]](b)\n\n[^1]: c",
    "> " * 600 + "a",
    "```a<b\nc\n```",
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


def both(text: str) -> tuple[str | None, str]:
    """What is known of `text` as comrak writes it, and what the sanitiser makes of it."""
    text = drop_illegal(text)
    return safe_as_written(markdown_to_html(text, SAFE), BASE), sanitise(markdown_to_html(text, RAW), BASE)


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
    assert sum(1 for known, _ in told if known is not None) > len(texts) / 2
