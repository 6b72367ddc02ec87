"""References with the base path of the site lead to the files of the folder."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from service.content import load, read, scan
from service.markup import SITE
from service.model import Site

JEKYLL = {"_config.yml": "markdown: kramdown\nbaseurl: /blog\n"}
HUGO = {"hugo.toml": "baseURL = 'https://x.example/blog/'\n"}
HEXO = {"_config.yml": "source_dir: source\nurl: https://x.example\nroot: /blog/\n"}
POST = "_posts/2020-01-02-a.md"


@pytest.mark.parametrize(
    ("settings", "site", "path", "picture"),
    [
        (JEKYLL, Site(), POST, "images/p.png"),
        (HUGO, Site(), "content/posts/a.md", "static/images/p.png"),
        (HEXO, Site(), "source/_posts/a.md", "source/images/p.png"),
        ({}, Site(public_url="https://x.example/blog"), "a.md", "images/p.png"),
    ],
)
def test_a_picture_below_the_base_path_is_found(
    tmp_path: Path, settings: Mapping[str, str], site: Site, path: str, picture: str
) -> None:
    text = (
        "![a](/blog/images/p.png) ![b](/images/p.png) ![c](/blog/images/gone.png) [d](/blog/images/p.png?x#y)"
    )
    front_matter = "---\ntitle: A\nimage: /blog/images/p.png\n---\n"
    files = {**settings, path: f"{front_matter}{text}\n", picture: "x"}
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    scanned = scan(tmp_path)
    (article,) = load(tmp_path, path, read(tmp_path, path), site, scanned.context, scanned.folders).articles
    assert article.content_html.count(f'src="{SITE}/files/{picture}"') == 2
    assert f'href="{SITE}/files/{picture}?x#y"' in article.content_html
    gone = "/images/gone.png" if site.public_url else "/blog/images/gone.png"
    assert f'src="{SITE}{gone}"' in article.content_html
    assert article.image
    assert article.image.url == f"/files/{picture}"


LINKS = {
    "/blog/about": "/about",
    "/blog/about/?a=/blog/b#c": "/about/?a=/blog/b#c",
    "/blog/2019/vote.html": "/2019/vote.html",
    "/blog/feed.atom": "/feed.atom",
    "/blog": "/",
    "/blog/": "/",
    "/blog?q=x": "/?q=x",
    "/blog#x": "/#x",
    "/blogs/x": "/blogs/x",
    "/about": "/about",
    "/news/blog/x": "/news/blog/x",
    "https://x.example/blog/x": None,
    "//x.example/blog/x": None,
    "blog/x": "/files/blog/x",
}


@pytest.mark.parametrize(("link", "path"), LINKS.items())
def test_a_link_with_the_path_of_the_public_url_leads_below_it(link: str, path: str | None) -> None:
    text = f"---\ntitle: A\n---\n[a]({link})\n".encode()
    with_path = Site(public_url="https://x.example/blog/")
    (article,) = load(Path("/nowhere"), "a.md", text, with_path).articles
    expected = link.replace("//x", "https://x") if path is None and link[0] == "/" else path or link
    assert f'href="{SITE if path else ""}{expected}"' in article.content_html
    (article,) = load(Path("/nowhere"), "a.md", text, Site(public_url="https://x.example")).articles
    if path is not None and link[0] == "/":
        assert f'href="{SITE}{link}"' in article.content_html


def test_the_path_of_the_public_url_is_a_fact_that_articles_depend_on() -> None:
    urls = (
        "https://x.example/blog",
        "https://y.example/blog/",
        "https://x.example/news",
        "https://x.example",
        None,
    )
    facts = [Site(public_url=url).article_facts for url in urls]
    assert facts[0] == facts[1]
    assert facts[3] == facts[4]
    assert facts[0] not in facts[2:]
    assert facts[2] not in facts[3:]


def test_a_file_below_the_own_address_of_a_bundle_is_found(tmp_path: Path) -> None:
    path = "content/posts/a/index.md"
    text = "---\ntitle: A\n---\n![x](/blog/posts/a/p.png) ![y](/posts/a/p.png) ![z](/posts/b/p.png)\n"
    for name, content in {**HUGO, path: text, "content/posts/a/p.png": "x"}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    scanned = scan(tmp_path)
    [article] = load(tmp_path, path, read(tmp_path, path), Site(), scanned.context, scanned.folders).articles
    assert article.content_html.count(f'src="{SITE}/files/content/posts/a/p.png"') == 2
    assert f'src="{SITE}/posts/b/p.png"' in article.content_html
