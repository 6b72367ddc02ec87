"""Addresses of the other generators: each row has settings, an article and its address."""

from pathlib import Path

import pytest

from tests.support.generator_sites import POST, UTC, addresses, post

HEXO = [
    ("", "source/_posts/Big vote.md", POST, "/2019/03/08/Big vote"),
    ("", "source/_posts/a/b.md", POST, "/2019/03/08/a/b"),
    ("permalink: :year/:name.html", "source/_posts/a/b.md", POST, "/2019/b.html"),
    (
        "permalink: :i_month-:i_day/:hour:minute:second/:post_title",
        "source/_posts/a.md",
        POST,
        "/3-8/043000/what-s-new",
    ),
    ("permalink: posts/:abbrlink/", "source/_posts/a.md", post(abbrlink="4a17b156"), "/posts/4a17b156"),
    ("permalink: posts/:abbrlink/", "source/_posts/a.md", POST, None),
    (
        "permalink: :category/:title",
        "source/_posts/a.md",
        post(categories="[Far East, Sea & co]"),
        "/Far-East/Sea-co/a",
    ),
    ("permalink: :category/:title", "source/_posts/a.md", post(categories="[[A, B], [C]]"), "/C/a"),
    ("permalink: :category/:title\nfilename_case: 1", "source/_posts/a.md", post(category="Far"), "/far/a"),
    (
        "permalink: :category/:title\ncategory_map: {Far: near}",
        "source/_posts/a.md",
        post(category="Far"),
        "/near/a",
    ),
    ("permalink: :category/:title", "source/_posts/a.md", POST, "/uncategorized/a"),
    ("permalink: :post_title", "source/_posts/a.md", post(title="Été — groß"), "/ete-—-gros"),
    ("permalink: :lang/:title\npermalink_defaults: {lang: en}", "source/_posts/a.md", POST, "/en/a"),
    (
        "permalink: :title-:hash",
        "source/_posts/hello-world.md",
        "---\ntitle: T\ndate: 2013-07-14 17:01:34\n---\nX.",
        "/hello-world-a2c8ac003b43",
    ),
    (
        "permalink: :title\nnew_post_name: :year-:month-:day-:title.md",
        "source/_posts/2019-03-07-a.md",
        POST,
        "/a",
    ),
    ("permalink: :title\nnew_post_name: :year-:month-:day-:title.md", "source/_posts/a b.md", POST, "/a-b"),
    ("permalink: :lang/:title\nnew_post_name: :lang/:title.md", "source/_posts/tw/a.md", POST, "/tw/a"),
    ("permalink: :title\nnew_post_name: :a:b:c:title.md", "source/_posts/a.md", POST, "/a"),
    ("permalink: :title", "source/about/index.md", POST, "/about/index.html"),
    ("permalink: :title", "source/_posts/a.md", post(permalink="own/"), "/own"),
    ("permalink: x/:title", "source/_posts/a.md", post(permalink="own"), "/own"),
]


@pytest.mark.parametrize(("settings", "path", "text", "address"), HEXO)
def test_hexo(tmp_path: Path, settings: str, path: str, text: str, address: str | None) -> None:
    files = {"_config.yml": f"source_dir: source\n{settings}\n"}
    built = addresses(tmp_path, files, path, text, UTC)
    assert built == ((address,) if address else ())


PELICAN = [
    ("", "content/a.md", POST, "/whats-new.html"),
    ("", "content/a.md", post(title="Ærlig – Größe"), "/aerlig-grosse.html"),
    ("", "content/a.md", post(title="日本"), None),
    ("", "content/a.md", post(slug="own"), "/own.html"),
    ("", "content/a.md", post(url="own"), "/own"),
    ("", "content/a.md", post(lang="fr"), "/whats-new-fr.html"),
    ("", "content/pages/a.md", POST, "/pages/whats-new.html"),
    ("PAGE_PATHS = [\n  'notes',\n]\nPAGE_URL = '{slug}'", "content/notes/a.md", POST, "/whats-new"),
    ("ARTICLE_URL = ARTICLE_LANG_URL = '{lang}/{slug}/'", "content/a.md", post(lang="fr"), "/fr/whats-new"),
    ("PAGE_PATHS = ('notes', 3, '')\nPAGE_URL = '{slug}'", "content/notes/a.md", POST, "/whats-new"),
    ("ARTICLE_URL = ('{lang}/'\n  '{slug}/')", "content/a.md", POST, "/en/whats-new"),
    ('"""\nARTICLE_URL = \'{lang}\'\n"""', "content/a.md", POST, "/whats-new.html"),
    ("SLUGIFY_SOURCE = 'basename'", "content/A_b.md", POST, "/a_b.html"),
    (
        r"FILENAME_METADATA = r'(?P<date>\d{4}-\d{2}-\d{2})_(?P<slug>.*)'",
        "content/2019-03-07_a.md",
        POST,
        "/a.html",
    ),
    ("ARTICLE_URL = '{date:%Y}/{date:%m}/{date:%d}/{slug}/'", "content/a.md", POST, "/2019/03/07/whats-new"),
    ('ARTICLE_SAVE_AS = "{date:%b}/{slug}/index.html"', "content/a.md", POST, "/Mar/whats-new/index.html"),
    ("ARTICLE_URL = '{category}/{slug}'", "content/Far East/a.md", POST, "/far-east/whats-new"),
    ("ARTICLE_URL = '{category}/{slug}'", "content/a.md", post(category="Sea"), "/sea/whats-new"),
    (
        "ARTICLE_URL = '{category}/{slug}'\nUSE_FOLDER_AS_CATEGORY = False",
        "content/b/a.md",
        POST,
        "/misc/whats-new",
    ),
    ("ARTICLE_URL = '{author}/{slug}'", "content/a.md", post(author="Ann Lee"), "/ann-lee/whats-new"),
    ("ARTICLE_URL = '{author}/{slug}'", "content/a.md", POST, None),
    ("ARTICLE_URL = '{author}/{slug}'\nAUTHOR = 'Bo B.'", "content/a.md", POST, "/bo-b/whats-new"),
    ("", "content/a.md", post(permalink="/:year/:title/"), "/whats-new.html"),
]


@pytest.mark.parametrize(("settings", "path", "text", "address"), PELICAN)
def test_pelican(tmp_path: Path, settings: str, path: str, text: str, address: str | None) -> None:
    files = {"pelicanconf.py": f"PATH = 'content'\n{settings}\n"}
    assert addresses(tmp_path, files, path, text, UTC) == ((address,) if address else ())


ZOLA = [
    ("", "content/posts/2019-03-07-Big vote.md", POST, "/posts/big-vote"),
    ("", "content/posts/2019-03-07T10:00:00Z_a.md", POST, "/posts/a"),
    ("", "content/Posts/a/index.md", POST, "/Posts/a"),
    ("", "content/a.md", post(slug="Été"), "/ete"),
    ("", "content/a.md", post(slug="日本"), None),
    ("", "content/a.md", post(path="2019/own"), "/2019/own"),
    ("", "content/posts/a.md", post(path="own"), "/own"),
    ("[slugify]\npaths = 'safe'", "content/Été 1?.md", POST, "/Été 1"),
    ("[slugify]\npaths = 'off'", "content/Été.md", POST, "/Été"),
    ("[slugify]\npaths_keep_dates = true", "content/2019-03-07_a.md", POST, "/2019-03-07-a"),
    ("[languages.fr]", "content/posts/a.fr.md", POST, "/fr/posts/a"),
    ("languages = [{code = 'fr'}]", "content/posts/a/index.fr.md", POST, "/fr/posts/a"),
    ("default_language = 'fr'", "content/posts/a.md", POST, "/posts/a"),
    ("[languages.fr]", "content/posts/a.de.md", POST, "/posts/a-de"),
]


@pytest.mark.parametrize(("settings", "path", "text", "address"), ZOLA)
def test_zola(tmp_path: Path, settings: str, path: str, text: str, address: str | None) -> None:
    files = {"config.toml": f"base_url = 'https://x.example'\n{settings}\n"}
    assert addresses(tmp_path, files, path, text, UTC) == ((address,) if address else ())


DOCUSAURUS = [
    ("", "blog/2021-05-06-hello.md", POST, "/blog/2021/05/06/hello"),
    ("", "blog/2021-5-6-hello/index.mdx", POST, "/blog/2021/5/6/hello"),
    ("", "blog/old/2021/05/06/hello.md", POST, "/blog/2021/05/06/old/hello"),
    ("", "blog/a-2021-05-06-b/hello.md", POST, "/blog/2021/05/06/a-b/hello"),
    ("", "blog/hello.md", POST, "/blog/hello"),
    ("", "blog/2021-05-06-hello.md", post(slug="hi"), "/blog/hi"),
    ("", "i18n/fr/docusaurus-plugin-content-blog/2021-05-06-a.md", POST, "/fr/blog/2021/05/06/a"),
    ("", "docs/02-guides/01-start.md", POST, "/docs/guides/start"),
    ("", "docs/guides/index.md", POST, "/docs/guides"),
    ("", "docs/guides/2019-01-a.md", POST, "/docs/guides/2019-01-a"),
    ("", "docs/guides/a.md", post(slug="b"), "/docs/guides/b"),
    ("presets: [['classic', {blog: {routeBasePath: '/'}}]],", "blog/2021-05-06-a.md", POST, "/2021/05/06/a"),
    (
        "presets: [['classic', {blog: {feed: {path: 'no'}, path: './news', routeBasePath: 'n'}}]],",
        "news/a.md",
        POST,
        "/n/a",
    ),
    (
        "presets: [['classic', {blog: {path: './news', routeBasePath: 'n'}}]],",
        "i18n/fr/docusaurus-plugin-content-blog/a.md",
        POST,
        "/fr/n/a",
    ),
    (
        "plugins: [['@docusaurus/plugin-content-blog', {id: 'log', routeBasePath: 'log', path: './log'}]],",
        "log/a.md",
        POST,
        "/log/a",
    ),
    ("plugins: [['@docusaurus/plugin-content-blog', {path: './log'}]],", "blog/a.md", POST, "/blog/a"),
    ("", "notes/a.md", POST, None),
]


@pytest.mark.parametrize(("settings", "path", "text", "address"), DOCUSAURUS)
def test_docusaurus(tmp_path: Path, settings: str, path: str, text: str, address: str | None) -> None:
    files = {"docusaurus.config.js": f"export default {{\n  baseUrl: '/',\n  {settings}\n}};\n"}
    assert addresses(tmp_path, files, path, text, UTC) == ((address,) if address else ())


OF_ELEVENTY = [
    ("", "posts/2019-03-07-a.md", POST, "/posts/2019-03-07-a"),
    ("", "2019-03-07-a.md", post(permalink="'/x/{{ page.filePathStem }}/'"), "/x/a"),
    ("", "2019-03-07-a/index.md", POST, "/2019-03-07-a"),
    ("", "posts/posts.md", POST, "/posts"),
    ("", "a.md", post(permalink="'/x/{{ page.filePathStem }}.html'"), "/x/a.html"),
    ("", "_drawer/a.md", POST, None),
    ("return {dir: {\n input: 'src', output: 'www'}}", "src/blog/a.md", POST, "/blog/a"),
    ("return {dir: {\n input: 'src'}}", "notes/a.md", POST, None),
    ('c.setInputDirectory("./content");', "content/blog/a.md", POST, "/blog/a"),
    ("return {\n  pathPrefix: '/',\n}", "a.md", POST, "/a"),
]


@pytest.mark.parametrize("name", [".eleventy.js", "eleventy.config.mjs"])
@pytest.mark.parametrize(("settings", "path", "text", "address"), OF_ELEVENTY)
def test_eleventy_by_its_settings(
    tmp_path: Path, name: str, settings: str, path: str, text: str, address: str | None
) -> None:
    files = {name: f"module.exports = function (c) {{\n{settings}\n}};\n"}
    assert addresses(tmp_path, files, path, text, UTC) == ((address,) if address else ())


ELEVENTY = [
    ("/blog/{{ page.fileSlug }}/", "posts/2019-03-07-a.md", POST, "/blog/a"),
    ("/blog/{{page.fileSlug}}.html", "posts/a/index.md", POST, "/blog/a.html"),
    ("blog/{{ title | slugify }}/index.html", "posts/a.md", POST, "/blog/whats-new/index.html"),
    ("{{ title | slug }}/", "posts/a.md", POST, "/what's-new"),
    ("{{ title | slugify }}/", "posts/a.md", post(title="Größe – 日本 1"), "/groesse-1"),
    ("{{ title | slug }}/", "posts/a.md", post(title="Größe – 日本 1"), "/grosse-1"),
    ("{{ title | slugify }}/", "posts/a.md", post(title="Привет"), None),
    (
        "{{ series | slugify }}/{{ slug }}/",
        "posts/a.md",
        post(series="Far & near", slug="s"),
        "/far-and-near/s",
    ),
    ("/{{ page.date | date: '%Y/%m/%d' }}/{{ page.fileSlug }}/", "posts/a.md", POST, "/2019/03/07/a"),
    ("/{{ page.filePathStem }}/", "posts/a.md", POST, None),
    ("/{{ title | mine }}/", "posts/a.md", POST, None),
    ("/{% if x %}a{% endif %}/{{ title }}/", "posts/a.md", POST, None),
    ("/{{ missing }}/", "posts/a.md", POST, None),
    ("/{{ page.date | date: '%s' }}/", "posts/a.md", POST, "/1552001400"),
    ("/own/", "posts/a.md", POST, "/own"),
]


@pytest.mark.parametrize(("pattern", "path", "text", "address"), ELEVENTY)
def test_eleventy(tmp_path: Path, pattern: str, path: str, text: str, address: str | None) -> None:
    files = {"posts/posts.11tydata.json": f'{{"permalink": "{pattern}"}}'}
    assert addresses(tmp_path, files, path, text, UTC) == ((address,) if address else ())
