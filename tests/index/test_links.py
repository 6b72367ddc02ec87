"""Links between files lead to the present address of the article, in every syntax and layout of a site."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from service.index import dead_references
from service.markup import SITE
from service.model import Article, Site
from tests.support.index_folder import Folder

TARGET = "---\ntitle: B\nslug: bee\n---\nText.\n"

HUGO = {"hugo.toml": "baseURL = 'https://x.example/blog/'\n"}
JEKYLL = {"_config.yml": "markdown: kramdown\nbaseurl: /blog\n"}
ZOLA = {"config.toml": "base_url = 'https://x.example'\n"}

LINKS: list[tuple[str, Mapping[str, str], str, str, str]] = [
    # name, settings, path of the article, path of the target, Markdown
    ("file", {}, "posts/a.md", "posts/b.md", "[b](b.md)"),
    ("file with a dot", {}, "posts/a.md", "posts/b.md", "[b](./b.md)"),
    ("file above", {}, "posts/a.md", "b.md", "[b](../b.md)"),
    ("file in a folder", {}, "a.md", "x/b.md", "[b](x/b.md)"),
    ("encoded name", {}, "a.md", "x y/b é.md", "[b](x%20y/b%20%C3%A9.md)"),
    ("another suffix", {}, "a.md", "b.mkd", "[b](b.mkd)"),
    ("reference", {}, "a.md", "b.md", "[b][ref]\n\n[ref]: b.md"),
    ("HTML", {}, "a.md", "b.md", '<a href="b.md">b</a>'),
    ("page of the file", {}, "a.md", "b.md", "[b](b.html)"),
    ("name", {}, "posts/a.md", "posts/b.md", "[b](b)"),
    ("folder below", {}, "posts/a.md", "posts/b.md", "[b](b/)"),
    ("folder beside", {}, "posts/a.md", "posts/b.md", "[b](../b/)"),
    ("bundle", {}, "posts/a/index.md", "posts/b/index.md", "[b](../b/)"),
    ("bundle by file", {}, "posts/a/index.md", "posts/b/index.md", "[b](../b/index.md)"),
    ("from the root", {}, "posts/a.md", "posts/b.md", "[b](/posts/b.md)"),
    ("address from the root", {}, "posts/a.md", "posts/b.md", "[b](/posts/b/)"),
    ("Zola", ZOLA, "content/posts/a.md", "content/posts/b/index.md", "[b](@/posts/b/index.md)"),
    ("Zola's reference", ZOLA, "content/posts/a.md", "content/posts/b.md", "[b]\n\n[b]: @/posts/b.md"),
    ("Zola's full reference", ZOLA, "content/a.md", "content/b.md", "[b][r]\n\n[r]: <@/b.md> 'Title'"),
    ("Zola's HTML", ZOLA, "content/a.md", "content/b.md", '<a href="@/b.md">b</a>'),
    ("Jekyll", JEKYLL, "_posts/2020-01-01-a.md", "_posts/2020-02-02-b.md", "[b](/_posts/2020-02-02-b.md)"),
    ("Jekyll's reference", JEKYLL, "_posts/2020-01-01-a.md", "_posts/2020-02-02-b.md",
     "[b][r]\n\n[r]: /_posts/2020-02-02-b.md"),
    ("Jekyll's link", JEKYLL, "_posts/2020-01-01-a.md", "_posts/2020-02-02-b.md",
     "[b]({% link _posts/2020-02-02-b.md %})"),
    ("Jekyll's post_url", JEKYLL, "_posts/2020-01-01-a.md", "_posts/2020-02-02-b.md",
     "[b]({% post_url 2020-02-02-b %})"),
    ("Jekyll's address", JEKYLL, "_posts/2020-01-01-a.md", "_posts/2020-02-02-b.md",
     "[b](/2020/02/02/bee.html)"),
    ("Jekyll's base", JEKYLL, "_posts/2020-01-01-a.md", "_posts/2020-02-02-b.md",
     "[b](/blog/2020/02/02/bee.html)"),
    ("Hugo's ref", HUGO, "content/posts/a.md", "content/posts/b.md", '[b]({{< ref "b.md" >}})'),
    ("Hugo's relref", HUGO, "content/posts/a.md", "content/posts/b.md", '[b]({{% relref "/posts/b" %}})'),
    ("Hugo's address", HUGO, "content/posts/a.md", "content/posts/b.md", "[b](../b/)"),
    ("Hugo's section", HUGO, "content/posts/a.md", "content/news/b.md", "[b](../../news/b/)"),
]  # fmt: skip


def write(root: Path, files: Mapping[str, str]) -> None:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")


def link_addresses(folder: Folder, slug: str) -> list[str]:
    article = folder.find_article(slug)
    assert isinstance(article, Article)
    return re.findall(r'href="([^"]*)"', article.content_html)


@pytest.mark.parametrize(("name", "settings", "path", "target", "link"), LINKS, ids=[row[0] for row in LINKS])
@pytest.mark.parametrize("end", ["", "#part", "?x=1#part"])
def test_a_link_leads_to_the_article(
    tmp_path: Path, name: str, settings: Mapping[str, str], path: str, target: str, link: str, end: str
) -> None:
    folder = Folder(tmp_path)
    write(
        folder.root,
        {**settings, path: f"---\ntitle: A\nslug: a\n---\n{_with_end(link, end)}\n", target: TARGET},
    )
    assert folder.refresh().faults == ()
    assert (name, link_addresses(folder, "a")) == (name, [f"{SITE}/articles/bee{end}"])
    assert dead_references(folder.url, folder.root) == ()


def _with_end(link: str, end: str) -> str:
    """`link` with a query and fragment at the end of its destination."""
    if "{{" in link:
        return re.sub(r'"(?= [>%])', f'{end}"', link)
    if "{%" in link:
        return link.replace("%})", f"%}}{end})")
    if "href=" in link:
        return link.replace('">', f'{end}">')
    if "]: " in link:
        return re.sub(r"(\]: <?)([^\s>]+)", rf"\g<1>\g<2>{end}", link)
    return f"{link[:-1]}{end})"


def test_links_follow_the_present_slug(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    write(folder.root, {"a.md": "---\ntitle: A\n---\n[b](b.md)\n", "b.md": TARGET})
    folder.refresh()
    assert link_addresses(folder, "a") == [f"{SITE}/articles/bee"]
    write(folder.root, {"b.md": TARGET.replace("bee", "wasp")})
    folder.refresh()
    assert link_addresses(folder, "a") == [f"{SITE}/articles/wasp"]
    (article, *_) = folder.find(q="b").articles
    assert article.slug == "a"
    assert "/articles/wasp" in article.content_html


def test_a_link_to_what_is_no_visible_article_stays(tmp_path: Path) -> None:
    links = "[a](b.md) [b](gone.md) [c](c.pdf) [d](later.md) [e](https://x.example/b.md) [f](/tags) [g](#b)"
    folder = Folder(tmp_path, Site())
    write(
        folder.root,
        {
            "a.md": f"---\ntitle: A\n---\n{links}\n",
            "b.md": "---\ntitle: B\ndraft: true\n---\nText.\n",
            "c.pdf": "%PDF",
            "later.md": "---\ntitle: L\ndate: 9000-01-01\n---\nText.\n",
        },
    )
    folder.refresh()
    site = f"{SITE}/files/"
    assert link_addresses(folder, "a")[:6] == [
        f"{site}b.md",
        f"{site}gone.md",
        f"{site}c.pdf",
        f"{site}later.md",
        "https://x.example/b.md",
        f"{SITE}/tags",
    ]
    assert {dead.target for dead in dead_references(folder.url, folder.root)} == {"gone.md", "/tags"}
