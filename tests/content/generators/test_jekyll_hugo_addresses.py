"""Addresses of Jekyll and Hugo: each row has settings, an article and its address."""

from pathlib import Path

import pytest

from service.content import load, read, scan
from service.model import Site
from tests.support.generator_sites import HUGO, NEW_YORK, POST, UTC, addresses, post

JEKYLL = [
    ("", "_posts/2019-03-07-Big-Vote.md", "---\n---\nX.", "/2019/03/07/Big-Vote.html"),
    ("", "_posts/2019-03-07-a.md", post(categories="Far East"), "/far/east/2019/03/07/a.html"),
    ("", "_posts/2019-03-07-a.md", post(category="Far East"), "/far east/2019/03/07/a.html"),
    ("", "news/_posts/2019-03-07-a.md", post(categories="[Sea, news]"), "/news/sea/2019/03/07/a.html"),
    ("", "_posts/old/2019-03-07-a.md", POST, "/2019/03/07/a.html"),
    ("", "_posts/2019-03-01-a.md", post(slug="Été 1.0!"), "/2019/03/07/Été-1.0!.html"),
    ("permalink: pretty", "_posts/2019-03-07-a.md", POST, "/2019/03/07/a"),
    ("permalink: ordinal", "_posts/2019-03-07-a.md", POST, "/2019/066/a.html"),
    ("permalink: weekdate", "_posts/2019-03-07-a.md", POST, "/2019/W10/THU/a.html"),
    ("permalink: none", "_posts/2019-03-07-a.md", POST, "/a.html"),
    ("permalink: /blog/:title", "_posts/2019-03-07-a.md", POST, "/blog/a"),
    (
        "permalink: /:short_year/:i_month/:i_day/:long_month/:hour:minute/:slug/",
        "_posts/2019-03-07-A.B.md",
        POST,
        "/19/3/7/March/2330/a-b",
    ),
    (
        "permalink: /:slugified_categories/:title_old",
        "_posts/2019-03-07-a.md",
        post(category="A b"),
        "/a-b/a_old",
    ),
    ("permalink: /caf%C3%A9/:title", "_posts/2019-03-07-a.md", POST, "/café/a"),
    ("collections: {posts: {permalink: '/p/:title'}}", "_posts/2019-03-07-a.md", POST, "/p/a"),
    ("collections: {talks: {output: true}}", "_talks/2018/One.md", POST, "/talks/2018/One.html"),
    ("permalink: pretty\ncollections: {talks: {output: true}}", "_talks/a.md", POST, "/talks/a"),
    ("collections: {talks: {output: true, permalink: '/t/:name'}}", "_talks/A_b.md", POST, "/t/a-b"),
    ("collections_dir: my\ncollections: {talks: {output: true}}", "my/_talks/a.md", POST, "/talks/a.html"),
    ("collections_dir: my", "my/_posts/2019-03-07-a.md", POST, "/2019/03/07/a.html"),
    ("source: src", "src/_posts/2019-03-07-a.md", POST, "/2019/03/07/a.html"),
    ("", "about/us.md", POST, "/about/us.html"),
    ("permalink: /:title/", "about/us.md", POST, "/about/us"),
    ("permalink: date", "guide/index.md", POST, "/guide"),
    ("", "_posts/2019-03-07-a.md", post(permalink="/:year/:title/"), "/2019/a"),
    ("", "_posts/2019-03-07-a.md", post(permalink="/:nothing/:title/"), None),
    (
        "defaults: [{scope: {path: '', type: posts}, values: {permalink: '/d/:title/'}}]",
        "_posts/2019-03-07-a.md",
        POST,
        "/d/a",
    ),
    ("", "_posts/2019-03-07-a.md", post(permalink="/news/vote.html"), "/news/vote.html"),
    ("", "_posts/2019-03-07-a.md", post(permalink="own"), "/own"),
    ("permalink: none", "_posts/2019-03-07-a.md", post(permalink="https://y.example/z"), "/a.html"),
]


@pytest.mark.parametrize(("settings", "path", "text", "address"), JEKYLL)
def test_jekyll(tmp_path: Path, settings: str, path: str, text: str, address: str | None) -> None:
    built = addresses(tmp_path, {"_config.yml": f"title: x\n{settings}\n"}, path, text, NEW_YORK)
    assert built == ((address,) if address else ())


HUGO_SITES = [
    ("", "content/posts/a.md", POST, "/posts/a"),
    ("", "content/posts/Big vote, now.md", POST, "/posts/big-vote-now"),
    ("", "content/posts/2019-03-07-a.md", POST, "/posts/2019-03-07-a"),
    ("", "content/Old Posts/deep/a/index.md", POST, "/old-posts/deep/a"),
    ("", "content/posts/a/index.md", post(slug="B c"), "/posts/b-c"),
    ("", "content/about.md", POST, "/about"),
    ("", "content/index.md", POST, None),
    ("", "notes/a.md", POST, None),
    ("contentDir = 'docs'", "docs/a.md", POST, "/a"),
    ("disablePathToLower = true", "content/Posts/A.md", POST, "/Posts/A"),
    ("removePathAccents = true", "content/été.md", POST, "/ete"),
    ("uglyURLs = true", "content/posts/a.md", POST, "/posts/a.html"),
    ("[uglyURLs]\nposts = true", "content/notes/a.md", POST, "/notes/a"),
    (
        "[permalinks]\nposts = '/:year/:month/:day/:title/'",
        "content/posts/a.md",
        POST,
        "/2019/03/07/whats-new",
    ),
    ("[permalinks.page]\nposts = '/:slug/'", "content/posts/a.md", post(slug="s"), "/s"),
    ("[permalinks]\nposts = '/:slug'", "content/posts/a.md", post(title="'C++ & É'"), "/c++-é"),
    ("[permalinks]\nposts = '/:section/:filename'", "content/posts/a/index.md", POST, "/posts/a"),
    ("[permalinks]\nposts = '/p/:slugorfilename'", "content/posts/a.md", POST, "/p/a"),
    ("[permalinks]\nposts = '/p/:contentbasename'", "content/posts/a.md", post(slug="s"), "/p/a"),
    ("[permalinks]\nposts = '/p/:slugorcontentbasename'", "content/posts/a.md", post(slug="s"), "/p/s"),
    (
        "[permalinks]\nposts = '/:monthname/:weekday/:weekdayname/:yearday/:06/:Jan'",
        "content/posts/a.md",
        POST,
        "/march/4/thursday/66/19/mar",
    ),
    ("[permalinks]\nposts = '/:sections/:filename'", "content/posts/old/a.md", POST, "/posts/a"),
    ("[permalinks]\nposts = '/:sections[last]/:filename'", "content/posts/a.md", POST, "/posts/a"),
    ("[permalinks]\nposts = '/x/:sections[1:]/:filename'", "content/posts/a.md", POST, "/x/a"),
    ("[permalinks]\n'/' = '/p/:filename'", "content/a.md", POST, "/p/a"),
    (
        "[permalinks]\nposts = '/p/:filename'\n'posts/old' = '/o/:filename'",
        "content/posts/old/a.md",
        POST,
        "/o/a",
    ),
    ("[permalinks]\nposts = '/p/:filename'", "content/postscript/a.md", POST, "/postscript/a"),
    ("[permalinks.section]\nposts = '/p/'", "content/posts/a.md", POST, "/posts/a"),
    (
        "[[permalinks]]\npattern = '/p/:filename'\n[permalinks.target]\npath = '/posts/**'",
        "content/posts/a.md",
        POST,
        "/p/a",
    ),
    (
        "[[permalinks]]\npattern = '/p/:filename'\n[permalinks.target]\npath = '{/notes,/posts/**}'",
        "content/posts/a.md",
        POST,
        "/p/a",
    ),
    (
        "[[permalinks]]\npattern = '/p/:filename'\n[permalinks.target.sites.matrix]\nlanguages = ['de']",
        "content/posts/a.md",
        POST,
        "/posts/a",
    ),
    (
        "[languages.fr]\n[[module.mounts]]\nsource = 'texts/fr'\ntarget = 'content'\nlang = 'fr'",
        "texts/fr/posts/a.md",
        POST,
        "/fr/posts/a",
    ),
    (
        "[[module.mounts]]\nsource = 'texts'\ntarget = 'content'\nlang = 'fr'",
        "texts/posts/a.md",
        POST,
        "/fr/posts/a",
    ),
    ("[frontmatter]\ndate = [':filename', 'date']", "content/posts/2019-03-07-a.md", POST, "/posts/a"),
    ("", "content/posts/a.md", post(url="/:year/x/"), "/2019/x"),
    ("", "content/posts/a.md", post(url="/own/"), "/own"),
    ("[languages.fr]", "content/posts/a.fr.md", post(url="own"), "/fr/own"),
    ("", "content/posts/a.md", post(url="https://y.example/z"), "/posts/a"),
    ("[permalinks]\nposts = '/x\\::filename'", "content/posts/a.md", POST, "/xa"),
    ("[permalinks]\nposts = '/:year/:slug'", "content/posts/a.md", "---\ntitle: T\n---\nX.", None),
    ("[languages.en]\n[languages.fr]", "content/posts/a.fr.md", POST, "/fr/posts/a"),
    ("[languages.en]\n[languages.fr]", "content/posts/a.md", POST, "/posts/a"),
    ("[languages.en]\n[languages.fr]", "content/posts/a.en.md", POST, "/posts/a"),
    (
        "defaultContentLanguageInSubdir = true\n[languages.en]\n[languages.fr]",
        "content/posts/a.md",
        POST,
        "/en/posts/a",
    ),
    (
        "[languages.en]\n[languages.fr]\ncontentDir = 'content.fr'",
        "content.fr/posts/a.md",
        POST,
        "/fr/posts/a",
    ),
    (
        "[languages.fr]\n[languages.fr.permalinks]\nposts = '/p/:filename'",
        "content/posts/a.fr.md",
        POST,
        "/fr/p/a",
    ),
    (
        "[languages.fr]\n[languages.fr.permalinks]\nposts = '/p/:filename'",
        "content/posts/a.md",
        POST,
        "/posts/a",
    ),
    (
        "[languages.en]\nbaseURL = 'https://e.example'\n[languages.fr]\nbaseURL = 'https://f.example'",
        "content/a.fr.md",
        POST,
        "/a",
    ),
]


@pytest.mark.parametrize(("settings", "path", "text", "address"), HUGO_SITES)
def test_hugo(tmp_path: Path, settings: str, path: str, text: str, address: str | None) -> None:
    built = addresses(tmp_path, {"hugo.toml": f"{HUGO}{settings}\n"}, path, text, UTC)
    assert built == ((address,) if address else ())


def test_hugo_settings_in_several_files_and_sections(tmp_path: Path) -> None:
    settings = {
        "config/_default/hugo.yaml": "baseURL: https://x.example/sub/\n",
        "config/_default/permalinks.yaml": "page: {posts: '/:sections/:slug/'}\n",
        "content/posts/old/_index.md": "---\ntitle: Old\n---\n",
    }
    built = addresses(tmp_path, settings, "content/posts/old/deep/a.md", post(slug="s"), UTC)
    assert built == ("/posts/old/s", "/sub/posts/old/s")


@pytest.mark.parametrize(
    "zero", ["0001-01-01T00:00:00Z", "0001-01-01", "'0001-01-01 00:00:00'", "0001-01-01T00:00:00+03:00"]
)
@pytest.mark.parametrize("site", [UTC, NEW_YORK])
def test_the_zero_time_of_hugo_is_no_date(tmp_path: Path, zero: str, site: Site) -> None:
    settings = {"hugo.toml": f"{HUGO}[permalinks]\nposts = '/:year/:month/:slug/'\n"}
    text = f"---\ntitle: N\ndate: {zero}\nlastmod: {zero}\nexpiryDate: {zero}\n---\nText.\n"
    files = {**settings, "content/posts/2024-05-06-n.md": text, "content/posts/z.md": text}
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    context = scan(tmp_path).context
    dated, undated = (
        load(tmp_path, path, read(tmp_path, path), site, context).articles[0]
        for path in ("content/posts/2024-05-06-n.md", "content/posts/z.md")
    )
    assert dated.published
    assert site.day(dated.published).isoformat() == "2024-05-06"
    assert dated.addresses == ("/2024/05/n",)
    assert (undated.published, undated.updated, undated.expires, undated.addresses) == (None, None, None, ())
