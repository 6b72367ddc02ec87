"""What `/files/` serves of the roots of blogs, of every engine and of none, as it runs."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from tests.support.http_client import open_client
from tests.support.server import serving

POST = "---\ntitle: {title}\ndate: {date}\n{more}---\n\n{text}\n"

SETTINGS = {
    "jekyll/_config.yml": "title: J\npermalink: /:title/\n",
    "hugo/hugo.toml": 'baseURL = "https://example.org/"\ntitle = "H"\n',
    "zola/config.toml": 'base_url = "https://example.org"\ntitle = "Z"\n',
    "hexo/_config.yml": "title: X\nsource_dir: source\npublic_dir: public\n",
    "pelican/pelicanconf.py": "SITENAME = 'P'\nSECRET = 'x'\n",
    "docusaurus/docusaurus.config.js": "module.exports = {title: 'D', baseUrl: '/'}\n",
    "gatsby/gatsby-config.js": "module.exports = {siteMetadata: {title: 'G'}}\n",
    "eleventy/.eleventy.js": "module.exports = () => {}\n",
}
ARTICLES = {
    "jekyll/_posts/2019-01-28-a.md": ("J", "[zip](/assets/j.zip) ![](/assets/j.png)"),
    "hugo/content/posts/h/index.md": ("H", "![](h.png) [csv](h.csv)"),
    "zola/content/z/index.md": ("Z", "![](z.png)"),
    "hexo/source/_posts/x.md": ("X", "![](x/x.png) ![](/images/x.jpg)"),
    "pelican/content/p.md": ("P", "![](images/p.png)"),
    "docusaurus/blog/2019-01-28-d/index.md": ("D", "![](d.png)"),
    "gatsby/content/blog/g/index.md": ("G", "![](g.png)"),
    "eleventy/posts/e.md": ("E", "![](/img/e.png)"),
    "plain.md": ("Plain", "[keys](keys.asc) [tool](tools/run.py) [odd](.env) [settings](site.toml)"),
    "later/index.md": ("Later", "![](a.png) [zip](a.zip)"),
    "expired/index.md": ("Expired", "![](a.png)"),
    "draft/index.md": ("Draft", "![](a.png) [zip](/only-drafts-link-this.zip)"),
    "withdrawn/index.md": ("Withdrawn", "![](a.png) [zip](/only-it-links-this.zip)"),
}
MORE = {
    "later/index.md": "",
    "expired/index.md": "expires: 2020-01-01\n",
    "draft/index.md": "draft: true\n",
    "withdrawn/index.md": "withdrawn: It was false.\n",
}
SERVED = """
    jekyll/assets/j.zip jekyll/assets/j.png hugo/content/posts/h/h.png hugo/content/posts/h/h.csv
    hugo/static/unreferenced.jpg hugo/public/made.webp zola/content/z/z.png zola/static/a.woff2
    hexo/source/_posts/x/x.png hexo/source/images/x.jpg pelican/content/images/p.png
    docusaurus/blog/2019-01-28-d/d.png docusaurus/static/talk.mp4 gatsby/content/blog/g/g.png
    eleventy/img/e.png eleventy/public/sound.mp3 keys.asc tools/run.py minutes.pdf a.srt own.js
""".split()
LINKED = ["linked.png", "mounted.png", "folder/l.png", "images/linked.png"]
PRIVATE = """
    jekyll/_data/secret.yml jekyll/_data/photo.png jekyll/Gemfile jekyll/_site/a.png
    jekyll/vendor/bundle/a.svg jekyll/_includes/logo.svg jekyll/_plugins/a.rb jekyll/_drafts/a.png
    hugo/data/prices.json5 hugo/layouts/a.svg hugo/content/posts/h/unreferenced.csv
    hexo/node_modules/x/a.png hexo/scaffolds/a.png gatsby/package-lock.yaml gatsby/gatsby-node.js
    pelican/__pycache__/conf.pyc pelican/publishconf.py eleventy/_data/site.js eleventy/.env
    secrets.env id_rsa content.db docker-compose.yml dump.sql backup.tar.gz server.key .env
    tools/other.py only-drafts-link-this.zip only-it-links-this.zip later/a.png later/a.zip
    later/deep/a.pdf expired/a.png draft/a.png withdrawn/a.png
""".split()
TRICKS = """
    to-later.png to-folder/a.png to-site.png to-secret.png to-draft.png to-hidden.png to-source.png
    SITE.TOML loop.png loop/a.png outside.png later%2Fa.png later%2fa.png ./later/a.png
    x/..%2Flater/a.png later//a.png later%5Ca.png later/a.png%00 later/a.png. later/a.png%20
    Later/a.png LATER/A.PNG %6Cater/a.png later/a%2Epng later/a.png/
""".split()


@pytest.fixture(scope="module")
def blog(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[httpx.Client, Path]]:
    root: Path = tmp_path_factory.mktemp("blog")
    for path in [*SERVED, *PRIVATE, "..2026/mounted.png", ".hidden/a.png", "images/l.png"]:
        put(root / path, b"content of " + path.encode())
    for path, text in SETTINGS.items():
        put(root / path, text.encode())
    put(root / "site.toml", b'title = "Blog"\nfooter = "[theme](/files/own.js)"\n')
    soon = datetime.now(UTC) + timedelta(days=1)
    for path, (title, text) in ARTICLES.items():
        date = soon.isoformat() if path == "later/index.md" else "2019-01-28"
        put(root / path, POST.format(title=title, date=date, more=MORE.get(path, ""), text=text).encode())
    links = {
        "linked.png": "images/l.png",
        "folder": "images",
        "images/linked.png": "l.png",
        "..data": "..2026",
        "mounted.png": "..data/mounted.png",
        "to-later.png": "later/a.png",
        "to-folder": "later",
        "to-site.png": "site.toml",
        "to-secret.png": "secrets.env",
        "to-draft.png": "draft/a.png",
        "to-hidden.png": ".hidden/a.png",
        "to-source.png": "plain.md",
        "loop.png": "loop.png",
        "loop": "round",
        "round": "loop",
        "outside.png": "/etc/hostname",
    }
    for name, target in links.items():
        (root / name).symlink_to(target)
    with (
        serving(root, tmp_path_factory.mktemp("work")) as server,
        open_client(server.base) as client,
    ):
        yield client, root


def put(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


@pytest.mark.parametrize("path", [*SERVED, *LINKED])
def test_files_used_by_pages_are_served(blog: tuple[httpx.Client, Path], path: str) -> None:
    client, root = blog
    response = client.get(f"/files/{path}")
    assert (response.status_code, response.content) == (200, (root / path).read_bytes())
    assert response.headers["etag"].startswith('"')


@pytest.mark.parametrize("path", [*SETTINGS, "site.toml", *PRIVATE, *TRICKS])
def test_private_files_are_not_served(blog: tuple[httpx.Client, Path], path: str) -> None:
    client, _ = blog
    for address in (f"/files/{path}", f"/files//{path}"):
        response = client.get(address, follow_redirects=True)
        assert response.status_code in ({400, 404} if "%00" in path else {404}), path
        assert b"content of" not in response.content
        head = client.head(address, follow_redirects=True)
        assert head.status_code == response.status_code


def test_links_of_articles_lead_to_served_files(blog: tuple[httpx.Client, Path]) -> None:
    """Every picture and file that an article of an engine shows is there."""
    client, _ = blog
    shown = client.get("/articles.json?limit=100").json()["articles"]
    assert len(shown) == 9
    addresses = [
        element
        for article in shown
        for element in re.findall(r'(?:src|href)="([^"]+)"', article["content_html"])
    ]
    assert len(addresses) > 12
    for address in addresses:
        refused = address.endswith((".env", "site.toml"))
        assert client.get(address).status_code == (404 if refused else 200), address
