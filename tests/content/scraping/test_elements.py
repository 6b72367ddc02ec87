"""The tree of a scraped page: its text, its lines, and the removal of elements; no text is lost."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.content.records import Receipt
from service.content.scraping.dom.elements import (
    iterate_elements,
    line_of,
    parse_page,
    remove_element,
    remove_start,
    text_of,
)
from service.content.scraping.dom.main_content import find_main_content
from service.markup.nesting import DEEPEST

TEXTS = (
    # A page, and its text.
    ("a <b>c</b> d", "a c d"),
    ("a < b > c", "a < b > c"),
    ("1 <2 and 3> 2", "1 <2 and 3> 2"),
    ("a\n\n b\u00a0c &amp;&#60;", "a b c &<"),
    ("<p>a<p>b<br>c<ul><li>d<li>e</ul>f", "a b c d ef"),
    ("a<!-- b <i> -->c", "ac"),
    ("a<script>b</script><style>c</style><template>d</template><noscript>e</noscript>f", "af"),
    ("a<svg><title>b</title></svg>c", "ac"),
    ("<table><tr><td>a<td>b</table>", "a b"),
    ("", ""),
)


@pytest.mark.parametrize(("page", "text"), TEXTS)
def test_text_of_a_page(page: str, text: str) -> None:
    assert text_of(parse_page(page)) == text


def test_line_of_each_element() -> None:
    page = "<p>a</p>\n\n<p\nclass=b>\n<i>c</i></p><!--\n--><table><td>d</table>"
    assert [(element.tag, line_of(element)) for element in iterate_elements(parse_page(page))] == [
        ("html", 1), ("head", 1), ("body", 1), ("p", 1), ("p", 3), ("i", 5),
        ("table", 6), ("tbody", 6), ("tr", 6), ("td", 6),
    ]  # fmt: skip


def test_element_is_removed_with_those_it_leaves_empty() -> None:
    root = parse_page("<main>a<section> <div><p>b</p></div></section><ul><li>c<li>d</ul></main>")
    for name in ("p", "li"):
        element = root.find(name)
        assert element is not None
        remove_element(element, root)
    main = root.find("main")
    assert main is not None
    assert main.inner_html == "a<ul><li>d</li></ul>"


@pytest.mark.parametrize(
    ("length", "rest"),
    [
        (0, "ab <b>c d<img></b> &lt;e"),
        (1, "b <b>c d<img></b> &lt;e"),
        (2, "<b>c d<img></b> &lt;e"),
        (3, "<b>c d<img></b> &lt;e"),
        (4, "<b>d<img></b> &lt;e"),
        (6, "<b><img></b>&lt;e"),
        (7, "<b><img></b>&lt;e"),
        (8, "<b><img></b>e"),
        (9, "<b><img></b>"),
        (99, "<b><img></b>"),
    ],
)
def test_start_of_a_text_is_removed(length: int, rest: str) -> None:
    paragraph = parse_page("<p> ab <b>c d<img></b> &lt;e</p>").find("p")
    assert paragraph is not None
    remove_start(paragraph, length)
    assert paragraph.inner_html.strip() == rest


def test_deeply_nested_page_keeps_its_text() -> None:
    root = parse_page("<div>" * 5_000 + "deep" + "</div>" * 5_000)
    assert text_of(root) == "deep"
    assert sum(1 for _ in root.iter_elements("div")) == DEEPEST


FRAGMENT = st.lists(
    st.sampled_from(
        ("<p>", "</p>", "<div class='a'>", "</div>", "<br/>", "<b", "<", ">", "&", "&amp;", '"', "'", "=",
         " ", "a", "</", "<!--", "-->", "<!", "]]>", "<i a=", "\n", "<li>", "<td>", "<img src='x'>"),
    ),
    max_size=20,
).map("".join)  # fmt: skip


@given(FRAGMENT)
def test_text_outside_tags_is_kept(fragment: str) -> None:
    text = text_of(parse_page(f"<p>before</p>{fragment}<p>after</p>"))
    assert "before" in text
    # Within a comment, a quoted value, or a tag or declaration that is left open, words are no text.
    is_last_tag_open = "<" in fragment and ">" not in fragment.rpartition("<")[2]
    assert "after" in text or "<!--" in fragment or is_last_tag_open or re.search(r"=\s*[\"']", fragment)


def test_blocks_around_the_article_have_one_receipt() -> None:
    page = (
        "<body><nav>Menu <form>Search</form></nav><div class=share>Share</div>"
        f"<article><p>{'Words of the article. ' * 20}</p><form>Vote</form></article>"
        "<footer>Foot</footer></body>"
    )
    main, receipts = find_main_content(parse_page(page))
    assert main.tag == "article"
    assert text_of(main) == ("Words of the article. " * 20).strip()
    assert {(receipt.text, receipt.why) for receipt in receipts} == {
        ("Menu Search", "<nav> is not part of an article"),
        ("Share", "has the class or id 'share'"),
        ("Vote", "<form> is not part of an article"),
        ("Foot", "<footer> is not part of an article"),
    }
    assert len(receipts) == 4
    assert all(isinstance(receipt, Receipt) for receipt in receipts)
