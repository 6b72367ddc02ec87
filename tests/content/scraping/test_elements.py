"""The parser of scraped pages: recognises tags as browsers do, and loses no text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.content.records import Receipt
from service.content.scraping.dom.elements import parse_page, write_inner
from service.content.scraping.dom.main_content import find_main_content

INNER = (
    # A page, and what is written of it.
    ("a <b>c</b> d", "a <b>c</b> d"),
    ("<P Class=x>a</P>", "<P Class=x>a</p>"),
    ("a < b > c", "a &lt; b > c"),
    ("1 <2 and 3> 2", "1 &lt;2 and 3> 2"),
    ("&copy 2019 AT&T &nbsp;&#60;", "&copy 2019 AT&T &nbsp;&#60;"),
    ("a<!-- b <i> -->c", "ac"),
    ("a<!-->b", "ab"),
    ("a<!--->b", "ab"),
    ("a<!-- b <i>c</i>", "a&lt;!-- b <i>c</i>"),
    ("<!doctype html><?php x ?>a</ b>c</>d", "acd"),
    ("<![CDATA[x]]>a", "a"),
    ("<br>a<br/>b<img src=x>", "<br>a<br/>b<img src=x>"),
    ("<div/>a", "<div/></div>a"),
    ("<p>a<p>b<div>c", "<p>a</p><p>b</p><div>c</div>"),
    ("<ul><li>a<li>b</ul>c", "<ul><li>a</li><li>b</li></ul>c"),
    ("<script>a < b; '</i>'</script>c", "<script>a < b; '</i>'</script>c"),
    ("<STYLE>a</STYLE >c", "<STYLE>a</style>c"),
    ("<script>never <b>closed", "<script>never <b>closed</script>"),
    ("<script/>a <b>c</b>", "<script/></script>a <b>c</b>"),
    ("a<b", "a"),
    ('a<b c="', "a"),
    ("a <3 b", "a &lt;3 b"),
    ("a<" + "b" * 2_001, "a&lt;" + "b" * 2_001),
    ('<i title="a > b">c</i>', '<i title="a > b">c</i>'),
    ("<i title=it's>a</i> it's", "<i title=it's>a</i> it's"),
    ('<i title="a>b</i> c', '<i title="a>b</i> c'),
    ('<i a=">" <i a=">"', '<i a=">" <i a=">"</i></i>'),
)


@pytest.mark.parametrize(("page", "inner"), INNER)
def test_page_is_written_as_it_was_read(page: str, inner: str) -> None:
    assert write_inner(parse_page(page)) == inner


ATTRIBUTES: tuple[tuple[str, dict[str, str]], ...] = (
    ("<i>", {}),
    ("<i a b=c D='e f' g=\"h\">", {"a": "", "b": "c", "d": "e f", "g": "h"}),
    ("<i a = b c= 'd'>", {"a": "b", "c": "d"}),
    ("<i a=1 A=2>", {"a": "1"}),
    ("<i a=b/c d/e>", {"a": "b/c", "d": "", "e": ""}),
    ("<i a='&lt;&copy;'>", {"a": "<©"}),
    ("<i a=>", {"a": ""}),
    ('<i a="b" c>', {"a": "b", "c": ""}),
)


@pytest.mark.parametrize(("tag", "attributes"), ATTRIBUTES)
def test_attributes_of_a_tag(tag: str, attributes: dict[str, str]) -> None:
    (element,) = parse_page(f"{tag}</i>").children
    assert not isinstance(element, str)
    assert element.attributes == attributes


def test_line_of_each_element() -> None:
    page = "<p>a</p>\n\n<p\nclass=b>\n<i>c</i></p><!--\n--><hr>"
    assert [(element.name, element.line) for element in parse_page(page).elements()] == [
        ("", 1), ("p", 1), ("p", 3), ("i", 5), ("hr", 6),
    ]  # fmt: skip


FRAGMENT = st.lists(
    st.sampled_from(
        ("<p>", "</p>", "<div class='a'>", "</div>", "<br/>", "<b", "<", ">", "&", "&amp;", '"', "'", "=",
         " ", "a", "</", "<!--", "-->", "<!", "]]>", "<i a=", "\n", "<li>", "<td>", "<img src='x'>"),
    ),
    max_size=20,
).map("".join)  # fmt: skip


@given(FRAGMENT)
def test_text_outside_tags_is_kept(fragment: str) -> None:
    text = parse_page(f"<p>before</p>{fragment}<p>after</p>").text()
    assert "before" in text
    # Within a comment, or a tag or declaration that the fragment leaves open, words are no text.
    opens = fragment.rpartition("<")[2] if "<" in fragment else ""
    assert "after" in text or "<!--" in fragment or ">" not in opens


@given(FRAGMENT)
def test_written_page_parses_to_the_same_tree(fragment: str) -> None:
    once = write_inner(parse_page(fragment))
    assert write_inner(parse_page(once)) == once


def test_blocks_around_the_article_have_one_receipt() -> None:
    page = (
        "<body><nav>Menu <form>Search</form></nav><div class=share>Share</div>"
        f"<article><p>{'Words of the article. ' * 20}</p><form>Vote</form></article>"
        "<footer>Foot</footer></body>"
    )
    main, receipts = find_main_content(parse_page(page))
    assert main.name == "article"
    assert main.text() == ("Words of the article. " * 20).strip()
    assert {(receipt.text, receipt.why) for receipt in receipts} == {
        ("Menu Search", "<nav> is no part of an article"),
        ("Share", "has the class or id 'share'"),
        ("Vote", "<form> is no part of an article"),
        ("Foot", "<footer> is no part of an article"),
    }
    assert len(receipts) == 4
    assert all(isinstance(receipt, Receipt) for receipt in receipts)
