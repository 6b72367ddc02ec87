"""Links between files lead to the present address of the article, in every syntax and layout of a site."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from service.content import load
from service.formats import SingleArticle
from service.formats.markdown import render_article
from service.index import dead_references
from service.markup import SITE
from service.model import Article, Site
from service.urls import Urls
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


NIKOLA = {"conf.py": 'BLOG_TITLE = "x"\nPOSTS = (("content/posts/*.md", "posts", "post.tmpl"),)\n'}
PELICAN = {"pelicanconf.py": 'SITENAME = "x"\nPATH = "content"\n'}

TEMPLATE_LINKS: list[tuple[Mapping[str, str], str, str]] = [
    # settings, Markdown in content/posts/a.md, address
    (HUGO, '[b](<{{< ref "b" >}}>)', "/articles/bee"),
    (HUGO, '[b]( {{< ref "b" >}} "Title")', "/articles/bee"),
    (HUGO, '[b]({{< ref path="b.md" lang="en" >}})', "/articles/bee"),
    (HUGO, "[b]({{< ref `b` >}}) and `code`", "/articles/bee"),
    (HUGO, "[b]({{% relref b.md#part %}})", "/articles/bee#part"),
    (HUGO, "[b]({{% relref b %}}#part)", "/articles/bee#part"),
    (HUGO, "See {{< ref b >}}.", "/articles/bee"),
    (HUGO, '{{< relref "b" >}}', "/articles/bee"),
    (HUGO, '[b][r]\n\n[r]: {{< ref "../posts/b.md" >}}', "/articles/bee"),
    (JEKYLL, "[b]({{ site.baseurl }}{% link content/posts/b.md %})", "/articles/bee"),
    (JEKYLL, "{% link content/posts/b.md %}", "/articles/bee"),
    (ZOLA, "<a href='@/posts/b.md'>b</a>", "/articles/bee"),
    (ZOLA, '[b]({{ get_url(path="@/posts/b.md") }})', "/articles/bee"),
    (ZOLA, '[c]({{ get_url(path="c.pdf") }})', "/files/content/posts/c.pdf"),
    (NIKOLA, "[b](link://slug/bee)", "/articles/bee"),
    (NIKOLA, "[b](link://slug/bee#part)", "/articles/bee#part"),
    (NIKOLA, "[b](<link://slug/bee>)", "/articles/bee"),
    (NIKOLA, "[b][r]\n\n[r]: link://slug/bee", "/articles/bee"),
    (NIKOLA, '<a href="link://filename/content/posts/b.md">b</a>', "/articles/bee"),
    (NIKOLA, "[t](link://tag/foo%20bar)", "/articles?tag=foo-bar"),
    (NIKOLA, "[t](link://category/foo)", "/articles?tag=foo"),
    (NIKOLA, "[t](link://author/ann)", "/articles?author=ann"),
    (NIKOLA, "[t](link://tag_rss/foo)", "/feed.rss?tag=foo"),
    (NIKOLA, "[t](link://rss)", "/feed.rss"),
    (NIKOLA, "[t](link://archive)", "/articles"),
    (NIKOLA, "[t](link://archive/2019)", "/articles?year=2019"),
    (NIKOLA, "[t](link://archive/2019/03)", "/articles?month=2019-03"),
    (NIKOLA, "[t](link://tag_index)", "/tags"),
    (PELICAN, "[b]({filename}b.md)", "/articles/bee"),
    (PELICAN, "[b]({filename}/posts/b.md#part)", "/articles/bee#part"),
    (PELICAN, "[b]({filename}../posts/b.md)", "/articles/bee"),
    (PELICAN, "[b](<{filename}b.md>)", "/articles/bee"),
    (PELICAN, "[b](|filename|b.md)", "/articles/bee"),
    (PELICAN, "[b][r]\n\n[r]: {filename}b.md", "/articles/bee"),
    (PELICAN, "[c]({attach}c.pdf)", "/files/content/posts/c.pdf"),
    (PELICAN, "[c]({static}/posts/c.pdf)", "/files/content/posts/c.pdf"),
    (PELICAN, "[c](|static|../posts/c.pdf)", "/files/content/posts/c.pdf"),
    (PELICAN, "[t]({tags})", "/tags"),
    (PELICAN, "[t]({archives})", "/articles"),
    (PELICAN, "[t]({tag}foo)", "/articles?tag=foo"),
]


@pytest.mark.parametrize(
    ("settings", "link", "address"), TEMPLATE_LINKS, ids=[row[1] for row in TEMPLATE_LINKS]
)
def test_a_link_of_a_template_language_is_resolved(
    tmp_path: Path, settings: Mapping[str, str], link: str, address: str
) -> None:
    folder = Folder(tmp_path)
    article = f"---\ntitle: A\nslug: a\n---\n{link}\n"
    files = {"content/posts/a.md": article, "content/posts/b.md": TARGET, "content/posts/c.pdf": "%PDF"}
    write(folder.root, {**settings, **files})
    assert folder.refresh().faults == ()
    assert link_addresses(folder, "a") == [f"{SITE}{address}"]


DEAD_TEMPLATE_LINKS = [
    (HUGO, '[b]({{< ref "gone" >}})'),
    (ZOLA, "[b](@/posts/gone.md)"),
    (ZOLA, "[b][r]\n\n[r]: @/posts/gone.md"),
    (NIKOLA, "[b](link://slug/gone)"),
    (PELICAN, "[b]({filename}gone.md)"),
]


@pytest.mark.parametrize(("settings", "link"), DEAD_TEMPLATE_LINKS)
def test_a_link_of_a_template_language_to_nothing_is_shown_as_its_words(
    tmp_path: Path, settings: Mapping[str, str], link: str
) -> None:
    folder = Folder(tmp_path)
    write(folder.root, {**settings, "content/posts/a.md": f"---\ntitle: A\nslug: a\n---\n{link}\n"})
    folder.refresh()
    article = folder.find_article("a")
    assert isinstance(article, Article)
    assert article.content_html.strip() == "<p>b</p>"
    assert [dead.target for dead in dead_references(folder.url, folder.root)] == ["/articles/gone"]


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
    present = f'<a href="https://x.example/blog/articles/bee{end}"'
    assert present in content_of_markdown(folder, "a")


PLACES = [
    # Markdown in posts/a.md, HTML of its Markdown loaded elsewhere, below https://x.example/blog
    ("![p](/p.png)", '<p><img src="/files/static/p.png" alt="p"></p>'),
    ("[![p](<p q.png>)](/articles/bee)",
     '<p><a href="/articles/bee"><img src="/files/posts/p%20q.png" alt="p"></a></p>'),
    ("[p *q*](/p.png 'T')", '<p><a href="/files/static/p.png" title="T">p <em>q</em></a></p>'),
    ("[b](/b(1).pdf)", '<p><a href="/b(1).pdf">b</a></p>'),
    ("[b](/about?a=1&b=2#c)", '<p><a href="/about?a=1&amp;b=2#c">b</a></p>'),
    ("> [b]\n>\n> [b]: /about 'T'", '<blockquote>\n<p><a href="/about" title="T">b</a></p>\n</blockquote>'),
    ('<a href="/about?a&amp;b">b</a> <img src=/p.png alt>',
     '<p><a href="/about?a&amp;b">b</a> <img src="/files/static/p.png" alt=""></p>'),
    ("`[b](/about)` [b](/about)\n\n    [b]: /about",
     '<p><code>[b](/about)</code> <a href="/about">b</a></p>\n<pre><code>[b]: /about\n</code></pre>'),
]  # fmt: skip


@pytest.mark.parametrize(("text", "html"), PLACES)
def test_the_markdown_of_an_article_leads_to_the_same_addresses(tmp_path: Path, text: str, html: str) -> None:
    folder = Folder(tmp_path)
    write(folder.root, {"posts/a.md": f"# A\n\n{text}\n", "static/p.png": "", "b.md": TARGET})
    folder.refresh()
    absolute = re.sub(r'(?<=href="|.src=")(?=/)', "https://x.example/blog", html)
    assert content_of_markdown(folder, "a") == absolute


def content_of_markdown(folder: Folder, slug: str) -> str:
    """The HTML of an article whose Markdown is loaded on another site."""
    article = folder.ask(lambda index: index.find_article(slug, with_body=True))
    assert isinstance(article, Article)
    urls = Urls("https://x.example/blog")
    markdown = render_article(SingleArticle(Site(), article), urls)
    [again] = load(folder.root / "elsewhere", "a.md", markdown, Site()).articles
    return urls.content_html(again).strip()


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


HIDDEN: list[tuple[str, str, str]] = [
    # front matter of the target, link, reason
    ("draft: true", "b.md", "it is a draft, private or faulty"),
    ("private: true", "b.md", "it is a draft, private or faulty"),
    ("status: unheard of", "b.md", "it is a draft, private or faulty"),
    ("date: 9000-01-01", "b.md", "it is scheduled"),
    ("expires: 2001-01-01", "b.md", "it has expired"),
    ("withdrawn: It was false.", "b.md", "it is withdrawn"),
    ("date: 9000-01-01", "b.md#part", "it is scheduled"),
    ("draft: true", '<b.md> "A title > with marks"', "it is a draft, private or faulty"),
]


HIDDEN_WITHOUT_SUFFIX: list[tuple[str, str, str, bool]] = [
    # link in posts/a.md, path of the target, its front matter, whether the link is shown as its words
    *(("b", "posts/b.md", fields, True) for fields in ("draft: true", "date: 9000-01-01", "withdrawn: No.")),
    ("b/#part", "posts/b.md", "draft: true", True),
    ("b", "posts/b/index.md", "draft: true", True),
    ("../b", "b.md", "{type: page, draft: true}", True),
    ("../b", "b.md", "{type: page, date: 9000-01-01}", True),
    ("/posts/b/", "content/posts/b.md", "draft: true", True),
    ("/", "index.md", "draft: true", False),
    ("/tags", "tags.md", "draft: true", False),
    ("/old", "old.md", "redirect_to: https://x.example/", False),
    ("b", "posts/c.md", "draft: true", False),
    ("b.pdf", "posts/b.md", "draft: true", False),
]


@pytest.mark.parametrize(("link", "path", "fields", "is_hidden"), HIDDEN_WITHOUT_SUFFIX)
def test_a_link_without_a_suffix_to_a_draft_is_shown_as_its_words(
    tmp_path: Path, link: str, path: str, fields: str, is_hidden: bool
) -> None:
    folder = Folder(tmp_path)
    source = {"posts/a.md": f"---\ntitle: A\n---\n[b]({link})\n", path: f"---\n{fields}\n---\nText.\n"}
    write(folder.root, source)
    folder.refresh()
    assert (link_addresses(folder, "a") == []) is is_hidden


DEAD: list[tuple[str, str, str, str, bool]] = [
    # link in posts/a.md, front matter of posts/b.md, target, reason, whether the link is shown as its words
    *(
        (link, fields, target, reason, True)
        for link, target in (("b", "posts/b"), ("b.html", "posts/b.html"), ("/posts/b.md", "/posts/b.md"))
        for fields, reason in (
            ("draft: true", "it is a draft, private or faulty"),
            ("date: 9000-01-01", "it is scheduled"),
            ("expires: 2001-01-01", "it has expired"),
            ("withdrawn: It was false.", "it is withdrawn"),
        )
    ),
    ("/articles/b", "date: 9000-01-01", "/articles/b", "it is scheduled", True),
    ("/articles/old", "{date: 9000-01-01, aliases: [old]}", "/articles/old", "it is scheduled", True),
    (
        "/articles/Old.json",
        "{date: 9000-01-01, aliases: [old]}",
        "/articles/Old.json",
        "it is scheduled",
        True,
    ),
    ("/articles/old", "{expires: 2001-01-01, aliases: [old]}", "/articles/old", "It has expired.", False),
    ("/articles/old", "{withdrawn: It was false., aliases: [old]}", "/articles/old", "It was false.", False),
    ("/old/b/", "{date: 9000-01-01, aliases: [/old/b/]}", "/old/b/", "it is scheduled", True),
    ("/b", "{type: page, slug: /b, date: 9000-01-01}", "/b", "it is scheduled", True),
    ("/articles/b", "expires: 2001-01-01", "/articles/b", "It has expired.", False),
    ("/articles/b.html", "withdrawn: It was false.", "/articles/b.html", "It was false.", False),
    ("/old/b/", "{withdrawn: It was false., aliases: [/old/b/]}", "/old/b/", "It was false.", False),
    ("/c", "{type: page, slug: /c, withdrawn: It was false.}", "/c", "It was false.", False),
    ("/articles/b", "draft: true", "/articles/b", "it is a draft, private or faulty", True),
    ("/nowhere/", "draft: true", "/nowhere/", "", False),
]


@pytest.mark.parametrize(("link", "fields", "target", "reason", "is_hidden"), DEAD)
def test_a_link_to_what_readers_cannot_see_is_reported_with_the_reason(
    tmp_path: Path, link: str, fields: str, target: str, reason: str, is_hidden: bool
) -> None:
    folder = Folder(tmp_path)
    source = {
        "posts/a.md": f"---\ntitle: A\n---\n[b]({link})\n",
        "posts/b.md": f"---\n{fields}\n---\nText.\n",
    }
    write(folder.root, source)
    folder.refresh()
    [dead] = dead_references(folder.url, folder.root)
    assert (dead.path, dead.target, dead.reason) == ("posts/a.md", target, reason)
    assert dead.is_hidden is is_hidden
    assert (link_addresses(folder, "a") == []) is is_hidden


@pytest.mark.parametrize(("fields", "link", "reason"), HIDDEN)
def test_a_link_to_an_article_that_readers_cannot_see_is_shown_as_its_words(
    tmp_path: Path, fields: str, link: str, reason: str
) -> None:
    folder = Folder(tmp_path)
    write(
        folder.root,
        {
            "a.md": f"---\ntitle: A\n---\nBefore [the *words*]({link}) and [c](c.md).\n",
            "b.md": f"---\ntitle: B\n{fields}\n---\nText.\n",
            "c.md": "---\ntitle: C\n---\nText.\n",
        },
    )
    folder.refresh()
    article = folder.ask(lambda index: index.find_article("a", with_body=True))
    assert isinstance(article, Article)
    assert article.content_html.strip() == (
        f'<p>Before the <em>words</em> and <a href="{SITE}/articles/c">c</a>.</p>'
    )
    markdown = render_article(SingleArticle(Site(), article), Urls("https://x.example/blog")).decode()
    assert "Before the *words* and [c](https://x.example/blog/articles/c)." in markdown
    assert "b.md" not in markdown
    [dead] = dead_references(folder.url, folder.root)
    assert (dead.target, dead.reason) == ("b.md", reason)


def test_an_article_with_a_hidden_link_that_cannot_be_cut_out_loads_again_identically(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    write(
        folder.root,
        {
            "posts/a.md": "# Title\n\n[b](b.md) [c](c.md) [d](#d)\n\n```\n[e]: b.md\n```\n",
            "posts/b.md": "---\ndraft: true\n---\nText.\n",
            "posts/c.md": "---\ntitle: C\n---\nText.\n",
        },
    )
    folder.refresh()
    article = folder.ask(lambda index: index.find_article("a", with_body=True))
    assert isinstance(article, Article)
    urls = Urls("https://x.example/blog")
    markdown = render_article(SingleArticle(Site(), article), urls)
    assert b"[b]" not in markdown
    [again] = load(tmp_path, "a.md", markdown, Site()).articles
    assert again.title == "Title"
    assert urls.content_html(again).strip() == urls.content_html(article).strip()


def test_a_link_to_a_deleted_article_is_reported_as_its_words(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    write(
        folder.root, {"a.md": "---\ntitle: A\n---\n[b](/articles/b)\n", "b.md": "---\ntitle: B\n---\nText.\n"}
    )
    folder.refresh()
    (folder.root / "b.md").unlink()
    folder.refresh()
    [dead] = dead_references(folder.url, folder.root)
    assert (dead.target, dead.reason, dead.is_hidden) == ("/articles/b", "It was deleted.", True)
    assert link_addresses(folder, "a") == []


@pytest.mark.parametrize(
    ("link", "alias", "shown"), [("/old/b/", "/old/b/", "b"), ("/articles/old", "old", "old")]
)
def test_a_link_to_a_scheduled_article_by_its_former_address_appears_with_it(
    tmp_path: Path, link: str, alias: str, shown: str
) -> None:
    folder = Folder(tmp_path)
    write(
        folder.root,
        {
            "a.md": f"---\ntitle: A\n---\n[b]({link})\n",
            "b.md": f"---\ntitle: B\naliases: [{alias}]\ndate: 2030-01-01\n---\nText.\n",
        },
    )
    folder.refresh()
    assert link_addresses(folder, "a") == []
    folder.refresh(now=datetime(2030, 1, 2, tzinfo=UTC))
    assert link_addresses(folder, "a") == [f"{SITE}/articles/{shown}"]


def test_a_link_to_anything_else_stays(tmp_path: Path) -> None:
    links = "[c](c.pdf) [b](gone.md) [n](gone.pdf) [e](https://x.example/b.md) [f](/tags) [h](/nowhere/)"
    folder = Folder(tmp_path, Site())
    write(folder.root, {"a.md": f"---\ntitle: A\n---\n{links}\n", "c.pdf": "%PDF"})
    folder.refresh()
    assert link_addresses(folder, "a") == [
        f"{SITE}/files/c.pdf",
        f"{SITE}/files/gone.pdf",
        "https://x.example/b.md",
        f"{SITE}/tags",
        f"{SITE}/nowhere/",
    ]
    assert {dead.target for dead in dead_references(folder.url, folder.root)} == {
        "gone.md",
        "gone.pdf",
        "/tags",
        "/nowhere/",
    }
