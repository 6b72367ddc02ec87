"""Links between the articles of an import lead to these articles; all others keep their address."""

import html
import json
from pathlib import Path

import pytest

from service.model import Article
from tests.support.import_folder import import_files, import_text
from tests.support.index_folder import Folder

OLD = "https://old.example"
WXR = (
    '<rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/"'
    ' xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
    f"<link>{OLD}</link><wp:base_blog_url>{OLD}</wp:base_blog_url>%s</channel></rss>"
)


def wordpress_item(number: int, name: str, text: str = "<p>Text.</p>", status: str = "publish") -> str:
    return (
        f"<item><title>{name}</title><link>{OLD}/2019/{name}/</link><guid>{OLD}/?p={number}</guid>"
        f"<content:encoded>{html.escape(text)}</content:encoded><wp:post_id>{number}</wp:post_id>"
        f"<wp:post_name>{name}</wp:post_name><wp:status>{status}</wp:status></item>"
    )


LINKS: list[tuple[str, str]] = [
    # the link in the post /2019/a/, what it becomes
    (f"{OLD}/2019/b/", "/2019/b/"),
    (f"{OLD}/2019/b", "/2019/b/"),
    ("http://www.old.example/2019/b/", "/2019/b/"),
    ("//old.example/2019/b/", "/2019/b/"),
    ("/2019/b/", "/2019/b/"),
    ("../b/", "/2019/b/"),
    (f"{OLD}/2019/b/#part", "/2019/b/#part"),
    (f"{OLD}/2019/b/?utm_source=x#part", "/2019/b/#part"),
    (f"{OLD}/?p=2", "/2019/b/"),
    (f"{OLD}/?p=2&preview=true", "/2019/b/"),
    (f"{OLD}/2019/caf%C3%A9/", "/2019/caf%C3%A9/"),
    (f"{OLD}/2019/café/", "/2019/caf%C3%A9/"),
    (f"{OLD}/2019/was-b/", "/2019/b/"),
    (f"{OLD}/2019/absent/", f"{OLD}/2019/absent/"),
    (f"{OLD}/2019/b/feed/", f"{OLD}/2019/b/feed/"),
    (f"{OLD}/?p=9", f"{OLD}/?p=9"),
    (f"{OLD}/tag/b/", f"{OLD}/tag/b/"),
    (f"{OLD}/", f"{OLD}/"),
    (f"{OLD}:443/2019/b/", "/2019/b/"),
    (f"{OLD}:8080/2019/b/", f"{OLD}:8080/2019/b/"),
    (f"{OLD}/wp-content/b.pdf", f"{OLD}/wp-content/b.pdf"),
    ("https://other.example/2019/b/", "https://other.example/2019/b/"),
    ("mailto:b@old.example", "mailto:b@old.example"),
]


@pytest.mark.parametrize(("link", "expected"), LINKS)
def test_a_link_between_posts_of_wordpress(tmp_path: Path, link: str, expected: str) -> None:
    former = "<wp:meta_key>_wp_old_slug</wp:meta_key><wp:meta_value>was-b</wp:meta_value>"
    items = (
        wordpress_item(1, "a", f'<p>See <a href="{link}">this</a>.</p>'),
        wordpress_item(2, "b").replace("</item>", f"<wp:postmeta>{former}</wp:postmeta></item>"),
        wordpress_item(3, "café"),
        wordpress_item(4, "draft", status="draft"),
    )
    imported = import_text("export.xml", WXR % "".join(items), tmp_path / "to")

    assert f"See [this]({expected}).\n" in imported.text("a.md")


PRIVATE_LINKS: list[tuple[str, str]] = [
    # what names the item that is not public: its status, and a link to it
    ("draft", f"{OLD}/2019/secret/"),
    ("draft", f"{OLD}/?p=4"),
    ("private", "/2019/secret/#part"),
    ("pending", "../secret"),
    ("trashed", f"{OLD}/2019/secret/?utm_source=x"),
    ("draft", "HTTP://WWW.OLD.EXAMPLE/2019/was-secret/"),
]


@pytest.mark.parametrize(("status", "link"), PRIVATE_LINKS)
def test_a_link_to_a_draft_of_the_import_is_shown_as_its_words(
    tmp_path: Path, status: str, link: str
) -> None:
    former = "<wp:meta_key>_wp_old_slug</wp:meta_key><wp:meta_value>was-secret</wp:meta_value>"
    text = f'<p>See <a class="x" href="{link}">the <b>words</b></a>, <a href="{OLD}/">home</a>.</p>'
    items = (
        wordpress_item(1, "a", text),
        wordpress_item(2, "b", text, "draft"),
        wordpress_item(4, "secret", status=status).replace(
            "</item>", f"<wp:postmeta>{former}</wp:postmeta></item>"
        ),
        wordpress_item(5, "home", status="draft").replace(f"{OLD}/2019/home/", f"{OLD}/"),
    )
    imported = import_text("export.xml", WXR % "".join(items), tmp_path / "to")

    assert f"See the **words**, [home]({OLD}/).\n" in imported.text("a.md")
    assert "[the **words**](" in imported.text("b.md")
    [note] = [note for note in imported.of("note") if "drafts of this import" in note]
    assert note.startswith("export.xml, item 1: links to drafts of this import are shown as their words: ")


def test_a_link_to_a_draft_that_shares_its_address_with_a_public_article_stays(tmp_path: Path) -> None:
    items = (
        wordpress_item(1, "a", f'<a href="{OLD}/2019/b/">b</a>'),
        wordpress_item(2, "b"),
        wordpress_item(3, "b", status="draft"),
    )
    imported = import_text("export.xml", WXR % "".join(items), tmp_path / "to")

    assert "[b](/2019/b/)" in imported.text("a.md")


def test_links_of_a_post_to_itself_and_pictures_are_as_before(tmp_path: Path) -> None:
    text = (
        f'<p>See<sup><a href="{OLD}/2019/a/#fn1" id="r1">1</a></sup> <a href="{OLD}/2019/b/">b</a>'
        f' <img src="{OLD}/i.png" alt="i"></p><ol><li id="fn1">A note. <a href="#r1">↩</a></li></ol>'
    )
    items = wordpress_item(1, "a", text), wordpress_item(2, "b")
    imported = import_text("export.xml", WXR % "".join(items), tmp_path / "to")

    assert f"See[^1] [b](/2019/b/) ![i]({OLD}/i.png)\n" in imported.text("a.md")
    assert "[^1]: A note.\n" in imported.text("a.md")


def test_a_path_that_two_sites_have_is_kept_absolute(tmp_path: Path) -> None:
    link = f'<a href="{OLD}/2019/b/">b</a>'
    first = WXR % (wordpress_item(1, "a", link) + wordpress_item(2, "b"))
    second = (WXR % wordpress_item(2, "b")).replace("old.example", "older.example")
    imported = import_files({"first.xml": first, "second.xml": second}, tmp_path / "to")

    assert f"[b]({OLD}/2019/b/)" in imported.text("a.md")


ENTRY = (
    '<entry><id>urn:{0}</id><title>{0}</title><link href="https://old.example/{0}.html"/>'
    '<content type="html">{1}</content></entry>'
)
ITEM = (
    "<item><title>{0}</title><link>https://old.example/{0}.html</link><description>{1}</description></item>"
)
MT = (
    "TITLE: {0}\nSTATUS: Publish\nUNIQUE URL: https://old.example/{0}.html\n-----\nBODY:\n{1}\n-----\n"
    "--------\n"
)
PAGE = (
    '<html><head><title>{0}</title><link rel="canonical" href="https://old.example/{0}.html"></head>'
    '<body><article class="h-entry"><h1 class="p-name">{0}</h1><a class="u-url" href="https://old.example/{0}.html"></a>'
    '<div class="e-content">{1}</div></article></body></html>'
)
TEXT = '<p>See <a href="https://old.example/b.html">this</a> and <a href="https://old.example/c.html">that</a>.</p>'
ATOM = '<feed xmlns="http://www.w3.org/2005/Atom">{}</feed>'
RSS = '<rss version="2.0"><channel>{}</channel></rss>'
BODIES = (("a", TEXT), ("b", "Text."))
EXPORTS = {
    "atom.xml": ATOM.format("".join(ENTRY.format(name, html.escape(text)) for name, text in BODIES)),
    "rss.xml": RSS.format("".join(ITEM.format(name, html.escape(text)) for name, text in BODIES)),
    "feed.json": json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "items": [
                {"id": f"urn:{name}", "title": name, "url": f"{OLD}/{name}.html", "content_html": text}
                for name, text in BODIES
            ],
        }
    ),
    "list.json": json.dumps(
        [{"title": name, "url": f"{OLD}/{name}.html", "content_html": text} for name, text in BODIES]
    ),
    "api.json": json.dumps(
        {
            "articles": [
                {"id": f"urn:{name}", "title": name, "permalink": f"{OLD}/{name}.html", "content_html": text}
                for name, text in BODIES
            ]
        }
    ),
    "lines.jsonl": "".join(
        json.dumps({"title": name, "url": f"{OLD}/{name}.html", "content_html": text}) + "\n"
        for name, text in BODIES
    ),
    "mt.txt": "".join(MT.format(name, text) for name, text in BODIES),
}


@pytest.mark.parametrize("name", EXPORTS)
def test_a_link_between_items_of_other_formats(tmp_path: Path, name: str) -> None:
    imported = import_text(name, EXPORTS[name], tmp_path / "to")

    assert f"See [this](/b.html) and [that]({OLD}/c.html).\n" in imported.text("a.md")
    assert imported.articles["a"].addresses[-1:] == ("/a.html",)
    assert imported.articles["a"].extra == {}


def test_links_between_articles_of_the_api(tmp_path: Path) -> None:
    records: list[dict[str, object]] = [
        {
            "id": f"urn:{name}",
            "slug": name,
            "url": f"{OLD}/articles/{name}",
            "title": name,
            "content_html": f'<a href="{OLD}/articles/b">b</a>' if name == "a" else "Text.",
            "formats": {},
            "reading_minutes": 1,
        }
        for name in ("a", "b")
    ]
    imported = import_text("api.json", json.dumps({"articles": records}), tmp_path / "to")

    assert "[b](/articles/b)" in imported.text("a.md")
    assert imported.articles["a"].extra == {}
    assert imported.articles["a"].aliases == ()


def test_a_link_between_pages_of_html(tmp_path: Path) -> None:
    pages = {f"{name}.html": PAGE.format(name, text) for name, text in BODIES}
    imported = import_files(pages, tmp_path / "to")

    assert f"See [this](/b.html) and [that]({OLD}/c.html).\n" in imported.text("a.md")


def test_links_lead_to_the_articles_whatever_they_are_called(tmp_path: Path) -> None:
    """Also if an article gets another slug because its own is taken."""
    folder = Folder(tmp_path)
    folder.write("b", title="Another")
    items = wordpress_item(1, "a", f'<a href="{OLD}/2019/b/#x">b</a>'), wordpress_item(2, "b", "The other.")
    import_text("export.xml", WXR % "".join(items), folder.root)
    folder.refresh()
    article = folder.find_article("a")
    (target,) = {*folder.slugs()} - {"a", "b"}

    assert isinstance(article, Article)
    assert f'/articles/{target}#x"' in article.content_html


FOLDER = {
    "posts/a.md": (
        "---\ntitle: A\n---\n[b](b.md#x) [c](sub/c/) [p](../pages/p.md) ![i](i.png) [t](t.pdf) [n](gone.md)"
        " `[b](b.md)`\n\n[r][]\n\n[r]: /posts/b.html\n"
    ),
    "posts/b.html": (
        '<title>B</title><h1>B</h1><p>See <a href="a.md">a</a> <a href="sub/c/index.md">c</a>.</p>'
    ),
    "posts/sub/c/index.md": "---\ntitle: C\nslug: see\n---\n[a](../../a.md)\n",
    "pages/p.md": "---\ntitle: P\n---\n[draft](../posts/d.md)\n",
    "posts/d.md": "---\ntitle: D\ndraft: true\n---\n[a](a.md)\n",
    "posts/i.png": "",
    "posts/t.pdf": "%PDF",
}


def test_links_between_files_lead_to_articles_and_no_source_is_copied(tmp_path: Path) -> None:
    files = FOLDER | {"posts/b.md": "---\ntitle: B2\nslug: b2\n---\nText.\n"}
    imported = import_files(files, tmp_path / "to")

    assert imported.text("a.md").endswith(
        "[b](/articles/b2#x) [c](/articles/see) [p](/p) ![i](i.png) [t](t.pdf) [n](gone.md) `[b](b.md)`\n\n"
        "[r][]\n\n[r]: /articles/b\n"
    )
    assert "base: /files/posts/\n" in imported.text("a.md")
    assert "See [a](/articles/a) [c](/articles/see).\n" in imported.text("b.md")
    assert imported.text("see.md").endswith("[a](/articles/a)\n")
    assert {each.path for each in imported.done} == {
        *("a.md", "b.md", "b2.md", "see.md", "pages/p.md", "d.md", "posts/i.png", "posts/t.pdf")
    }


def test_a_link_follows_the_slug_that_an_article_gets(tmp_path: Path) -> None:
    files = {
        "1/vote.md": "---\ntitle: One\ndate: 2020-01-01\n---\n[other](../2/vote.md)\n",
        "2/vote.md": "---\ntitle: Two\ndate: 2020-02-02\n---\n[other](../1/vote.md)\n",
    }
    imported = import_files(files, tmp_path / "to")

    assert "[other](/articles/vote-2020-02-02)" in imported.text("vote.md")
    assert "[other](/articles/vote)" in imported.text("vote-2020-02-02.md")


SAME_TITLE = '<title>Same</title><h1>Same</h1><p>Text {0}, <a href="{1}.html">next</a>.</p>{2}'
MOVED = '<meta http-equiv="refresh" content="0; url=/10002.html"><link rel="canonical" href="/10002.html">'


@pytest.mark.parametrize(
    ("rest", "others"),
    [("", {}), ("<script>x</script><form><input></form>", {}), ("", {"old/page.html": MOVED})],
    ids=["text", "widgets", "redirect page"],
)
def test_links_between_files_of_one_title_lead_to_the_files_written(
    tmp_path: Path, rest: str, others: dict[str, str]
) -> None:
    numbers = range(10001, 10006)
    files = {f"{each}.html": SAME_TITLE.format(each, each + 1, rest) for each in numbers}
    imported = import_files(files | others, tmp_path / "to")

    texts = {result.path.removesuffix(".md"): imported.text(result.path) for result in imported.done}
    by_number = {number: slug for number in numbers for slug, text in texts.items() if f"{number}," in text}
    assert len(set(by_number.values())) == len(numbers)
    for number in numbers[:-1]:
        assert f"[next](/articles/{by_number[number + 1]})" in texts[by_number[number]]
    again = import_files(files | others, tmp_path / "to")
    assert {result.outcome for result in again.done} == {"unchanged"}
