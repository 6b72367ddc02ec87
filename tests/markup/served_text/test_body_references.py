"""Links and pictures in the source of a text lead where those in its HTML do."""

from hypothesis import given
from hypothesis import strategies as st

from service.markup import SITE, render
from service.markup.served_text.body_references import write_references
from service.model import Body

PIECES = st.sampled_from(
    [
        *(
            "[w](b.md)",
            "é ",
            "[the *words* `[`](b.md) ",
            '[w](<b.md> "A title > x")',
            "[w](b.md#part?)",
            "a(b).md",
        ),
        *("[w][r] and [r]\n\n[r]: b.md 'T'\n\n", "> ", "| a |\n|---|\n| [t](b.md) |\n", "- ", "\n", "\n\n"),
        *(
            "[![p](/a.png)](b.md)",
            "**",
            "<a href='b.md'>w</a>",
            "<div>",
            "</div>",
            "`",
            "    ",
            "```\n",
            "\\",
        ),
        *("[^1]", "\n[^1]: ", "(b.md)", "[", "](b.md)", "<img src=/a.png>", "[q](</a b.pdf>)"),
    ]
)


@given(st.lists(PIECES, max_size=7).map("".join))
def test_the_source_renders_as_the_html(text: str) -> None:
    html = render(text, "markdown", "/files/").html
    for before, after in (("/files/b.md", "/articles/b"), ("/a.png", "/files/static/a.png")):
        html = html.replace(SITE + before, SITE + after)
    body = write_references(Body(text, "markdown", "/files/"), html)
    assert render(body.text.replace(SITE, ""), "markdown", "/files/").html == html


def test_a_reference_from_the_root_is_marked_and_others_stay() -> None:
    text = "[a](/about) [b](b.pdf) [c](https://c.example) [d](#d) [e](x/../e.pdf)"
    html = render(text, "markdown", "/files/").html
    marked = text.replace("/about", f"{SITE}/about")
    assert write_references(Body(text, "markdown", "/files/"), html).text == marked


def test_a_reference_that_climbs_above_the_files_leads_where_it_does_on_the_site() -> None:
    text = "[a](../../a.pdf)"
    html = render(text, "markdown", "/files/").html
    assert write_references(Body(text, "markdown", "/files/"), html).text == f"[a]({SITE}/files/a.pdf)"
