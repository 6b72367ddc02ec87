"""Settings and data files of generators: each row is a small blog and what it gives its articles."""

from pathlib import Path
from typing import Any

import pytest

from service.content import load, read, scan
from service.markup import SITE
from service.model import Article, Author, Site
from tests.support.load_settings import load_settings

HUGO = 'baseURL = "https://x.example/"\n'
POST = "---\ntitle: T\n---\nText.\n"

BLOGS: list[tuple[dict[str, str], str, dict[str, Any]]] = [
    (
        {
            "content/posts/_index.md": "---\ncascade:\n  author: Ann Lee\n---\n",
            "content/posts/a/index.md": POST,
        },
        "content/posts/a/index.md",
        {"authors": ["Ann Lee"]},
    ),
    (
        {
            "content/_index.md": "+++\n[[cascade]]\nauthor = 'A'\n[cascade._target]\npath = 'news/*'\n+++\n",
            "content/news/a.md": POST,
            "content/talks/b.md": POST,
        },
        "content/talks/b.md",
        {"authors": []},
    ),
    (
        {
            "content/_index.md": "---\ncascade: [{target: {path: '/news/*'}, params: {author: Ann}}]\n---\n",
            "content/news/_index.md": "---\ncascade: {tags: [near]}\n---\n",
            "content/news/a.md": POST,
        },
        "content/news/a.md",
        {"authors": ["Ann"], "tags": ["near"]},
    ),
    (
        {
            "content/_index.md": "---\ncascade: {author: Ann}\n---\n",
            "content/_index.fr.md": "---\ncascade: {author: Anne}\n---\n",
            "content/a.md": POST,
            "content/a.fr.md": POST,
        },
        "content/a.fr.md",
        {"authors": ["Anne"], "language": "fr"},
    ),
    (
        {"hugo.toml": HUGO + "[[cascade]]\nauthors = ['Ann']\n", "content/a.md": POST},
        "content/a.md",
        {"authors": ["Ann"]},
    ),
    (
        {
            "hugo.toml": HUGO + "[taxonomies]\ncontributor = 'people'\nlabel = 'labels'\n"
            "category = 'fields'\nseries = 'series'\n",
            "content/a.md": "---\npeople: [Ann]\nLabels: sea\nfields: [Far]\nseries: [One]\n---\nX.",
        },
        "content/a.md",
        {"authors": ["Ann"], "tags": ["sea", "Far"], "extra": {}},
    ),
    (
        {
            "old/config/_default/taxonomies.yaml": "contributor: people\ntag: tags\nauthor: [no]\n",
            "old/content/a.md": "---\nauthors: [Ann]\npeople: [Bo]\ntags: [sea]\n---\nX.",
        },
        "old/content/a.md",
        {"authors": ["Ann"], "tags": ["sea"], "extra": {"people": ["Bo"]}},
    ),
    (
        {
            "content/_index.md": "---\ncascade: {author: Ann}\n---\n",
            "content/a.md": "---\nauthors: [Bo]\n---\nX.",
        },
        "content/a.md",
        {"authors": ["Bo"]},
    ),
    (
        {
            "config/_default/hugo.toml": HUGO,
            "config/_default/languages.toml": "[en]\ncontentDir = 'content/one'\n[jp]\n"
            "languageCode = 'ja'\ncontentDir = 'content/two'\n",
            "content/one/a.md": POST,
            "content/two/a.md": POST,
            "content/two/b.jp.md": POST,
        },
        "content/two/a.md",
        {"language": "ja"},
    ),
    (
        {
            "_config.yml": "defaults:\n- scope: {path: '', type: posts}\n  values: {author: Ann, lang: de}\n"
            "- scope: {path: _posts/guest}\n  values: {author: Bo}\n",
            "_posts/guest/2020-01-02-a.md": POST,
        },
        "_posts/guest/2020-01-02-a.md",
        {"authors": ["Bo"], "language": "de"},
    ),
    (
        {
            "_config.yml": "defaults:\n- scope: {path: '', type: posts}\n  values: {author: Ann}\n",
            "about.md": POST,
        },
        "about.md",
        {"authors": []},
    ),
    (
        {
            "old/_config.yml": "lang: fr\nauthor: {name: Ann, url: 'https://a.example'}\n",
            "old/_posts/2020-1-2-a.md": POST,
        },
        "old/_posts/2020-1-2-a.md",
        {"language": "fr", "authors": ["Ann"]},
    ),
    (
        {"_posts/2020-01-02-a.md": "---\ntags: a b\ncategories: Big News, Sea\ncategory: Far East\n---\nX."},
        "_posts/2020-01-02-a.md",
        {"tags": ["a", "b", "Big News", "Sea", "Far East"]},
    ),
    (
        {"source/_posts/a.md": "---\ntitle: T\ntags: Far East\n---\nX."},
        "source/_posts/a.md",
        {"tags": ["Far East"]},
    ),
    (
        {
            "posts/posts.json": '{"author": "Ann", "tags": ["posts", "trips"], "date": "Created"}',
            "posts/a.md": "---\ntitle: T\ntags: sea\n---\nX.",
        },
        "posts/a.md",
        {"authors": ["Ann"], "tags": ["sea", "trips"], "published": None},
    ),
    (
        {
            "_config.yml": "authors: {al: {name: Ann Lee, uri: 'https://a.example'}}",
            "_posts/2020-01-02-a.md": "---\nauthor: al\n---\nX.",
        },
        "_posts/2020-01-02-a.md",
        {"authors": ["Ann Lee"]},
    ),
    (
        {"posts/a.11tydata.json": '{"author": "Ann"}', "posts/a.md": POST},
        "posts/a.md",
        {"authors": ["Ann"]},
    ),
    (
        {"posts/posts.json": '{"date": "never", "layout": "post"}', "posts/a.md": POST},
        "posts/a.md",
        {"title": "T", "extra": {}},
    ),
    (
        {
            "content/authors/ann/_index.md": "---\ntitle: Ann Lee\nwebsite: https://ann.example\n---\nHello.",
            "content/posts/a.md": "---\nauthors: [ann]\n---\nX.",
        },
        "content/posts/a.md",
        {"authors": ["Ann Lee"]},
    ),
    (
        {
            "_authors/ann.md": "---\nshort_name: al\nname: Ann Lee\n---\nHello.",
            "_posts/2020-01-02-a.md": "---\nauthor: al\n---\nX.",
        },
        "_posts/2020-01-02-a.md",
        {"authors": ["Ann Lee"]},
    ),
]


def write_files(root: Path, files: dict[str, str]) -> Path:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    return root


def loaded(root: Path, path: str) -> Article:
    scanned = scan(root)
    assert scanned.faults == ()
    (article,) = load(root, path, read(root, path), Site(), scanned.context).articles
    return article


def facts(article: Article) -> dict[str, Any]:
    names = {field: getattr(article, field) for field in Article.__struct_fields__}
    return names | {
        "authors": [author.name for author in article.authors],
        "tags": [tag.name for tag in article.tags],
    }


@pytest.mark.parametrize(("files", "path", "expected"), BLOGS)
def test_defaults_of_a_folder(
    tmp_path: Path, files: dict[str, str], path: str, expected: dict[str, Any]
) -> None:
    found = facts(loaded(write_files(tmp_path, files), path))
    assert {name: found[name] for name in expected} == expected


SCRIPTS = [
    ({}, "今日は海へ行きました。", "ja"),
    ({}, "오늘은 바다에 갔다.", "ko"),
    ({}, "今天我们去了海边。" * 20, "zh"),
    ({}, "Сегодня мы были у моря, и там было очень хорошо и тепло. " * 5, "ru"),
    ({}, "امروز به کنار دریا رفتیم و هوا بسیار خوب بود و ما خوشحال بودیم. " * 5, "fa"),
    ({}, "Heute waren wir am Meer, und es war sehr schön dort. " * 5, "en"),
    ({}, "The word 海 means the sea, and that is all there is to say of it.", "en"),
    ({"_config.yml": "lang: en\n"}, "今日は海へ行きました。", "en"),
    ({"site.toml": "language = 'de'\n"}, "今日は海へ行きました。", "de"),
]


@pytest.mark.parametrize(("settings", "text", "language"), SCRIPTS)
def test_the_language_of_the_script_counts_where_none_is_set(
    tmp_path: Path, settings: dict[str, str], text: str, language: str
) -> None:
    write_files(tmp_path, {**settings, "a.md": f"---\ntitle: T\n---\n{text}\n"})
    site = load_settings({"content": str(tmp_path)}, {}).site
    scanned = scan(tmp_path)
    (one,) = load(tmp_path, "a.md", read(tmp_path, "a.md"), site, scanned.context).articles
    assert one.language == language


SITES: list[tuple[str, str, dict[str, Any]]] = [
    ("hugo.toml", HUGO + "title = 'X'\ndefaultContentLanguage = 'de'\n", {"title": "X", "language": "de"}),
    ("config.toml", HUGO + "languageCode = 'pt-br'\n[params]\nauthor = 'Ann'\n", {"language": "pt-BR"}),
    ("config.toml", "base_url = 'https://x.example'\ndefault_language = 'fr'\n", {"language": "fr"}),
    (
        "_config.yml",
        "title: X\ntimezone: Asia/Tokyo\nlang: ja\n",
        {"time_zone": "Asia/Tokyo", "language": "ja"},
    ),
    ("_config.yml", "author: {name: Ann, email: a@x.example}\n", {"authors": (Author("Ann", "ann"),)}),
    ("_config.yml", "timezone: Moon/Sea\n", {"time_zone": "UTC"}),
    ("_config.yml", "languages: [ja, ko]\n", {"language": "ja"}),
    ("_config.yml", "default_lang: de\nlanguages: [en, de]\n", {"language": "de"}),
    ("pelicanconf.py", "DEFAULT_LANG = u'pt'\n", {"language": "pt"}),
    (
        "pelicanconf.py",
        "AUTHOR = 'Ann'\nDEFAULT_LANG = 'it'\nSITENAME = 'X'\n",
        {"language": "it", "title": "X"},
    ),
    ("pelicanconf.py", '"""SITENAME = \'A\'\n\nSITENAME = \'B\'\n"""\nSITENAME = "X"\n', {"title": "X"}),
    ("pelicanconf.py", "SITENAME = ('A long '\n    'title')\n", {"title": "A long title"}),
    ("pelicanconf.py", "SITENAME = 'A ' \\\n    'title'\n", {"title": "A title"}),
    ("pelicanconf.py", "SITENAME: str = 'X'\n", {"title": "X"}),
    ("pelicanconf.py", "SITENAME, DEFAULT_LANG = 'X', 'it'\n", {"title": "X", "language": "it"}),
    ("pelicanconf.py", "SITENAME = 'A'\nSITENAME = 'X'\n", {"title": "X"}),
    ("pelicanconf.py", "SITENAME = SITETITLE = 'X'\n", {"title": "X"}),
    ("pelicanconf.py", "*A, SITENAME = 'B', 'C', 'X'\n", {"title": "Broadsheet"}),
    ("pelicanconf.py", "SITENAME: str\n", {"title": "Broadsheet"}),
    (
        "pelicanconf.py",
        "SITENAME = 'X'; TIMEZONE = 'Asia/Tokyo'\n",
        {"title": "X", "time_zone": "Asia/Tokyo"},
    ),
    ("pelicanconf.py", "SITENAME = 'It\\'s \\u00c9t\\u00e9\\n\\ud800'\n", {"title": "It's Été"}),
    ("pelicanconf.py", "SITENAME = 'X'\nSITENAME = getenv('A') or SITENAME\n", {"title": "X"}),
    ("pelicanconf.py", "P = '\\d'\nSITENAME = 'X'\n", {"title": "X"}),
    ("pelicanconf.py", "SITENAME = b'X'\n", {"title": "Broadsheet"}),
    ("pelicanconf.py", "if True:\n    SITENAME = 'X'\n", {"title": "Broadsheet"}),
    ("pelicanconf.py", "SITENAME = 'X'\nprint 'Y'\n", {"title": "Broadsheet"}),
    ("pelicanconf.py", "SITENAME = " + "-" * 50_000 + "1\n", {"title": "Broadsheet"}),
    (
        "docusaurus.config.js",
        "export default {\n  title: 'X',\n  i18n: {defaultLocale: 'ko', locales: ['ko']},\n};\n",
        {"title": "X", "language": "ko"},
    ),
    (
        "gatsby-config.js",
        "module.exports = { plugins: [{title: 'no'}], siteMetadata: {\n title: `X`,\n} }",
        {"title": "X"},
    ),
    (
        "_data/metadata.json",
        '{"title": "X", "language": "sv", "author": {"name": "Eva"}}',
        {"title": "X", "language": "sv", "authors": (Author("Eva", "eva"),)},
    ),
    ("src/_data/site.js", "module.exports = {\n  title: 'X',\n  lang: 'sv',\n};\n", {"language": "sv"}),
    ("_data/site.json", '{"pages": [1], "title": "X"}', {"title": "Broadsheet"}),
    ("config.toml", "title = 'Other'\n", {"title": "Broadsheet"}),
    ("_config.yml", "{{ broken: [", {"title": "Broadsheet"}),
]


@pytest.mark.parametrize(("name", "text", "expected"), SITES)
def test_metadata_of_the_generator_is_the_default_of_the_site(
    tmp_path: Path, name: str, text: str, expected: dict[str, Any]
) -> None:
    write_files(tmp_path, {name: text})
    site = load_settings({"content": str(tmp_path)}, {}).site
    assert {fact: getattr(site, fact) for fact in expected} == expected
    (tmp_path / "site.toml").write_text('title = "Ours"\nlanguage = "sv"\n', "utf-8")
    site = load_settings({"content": str(tmp_path)}, {"BROADSHEET_TIME_ZONE": "Europe/Oslo"}).site
    assert (site.title, site.language, site.time_zone) == ("Ours", "sv", "Europe/Oslo")


def test_a_settings_file_that_is_not_valid_python_is_a_fault_with_its_line(tmp_path: Path) -> None:
    write_files(tmp_path, {"pelicanconf.py": "SITENAME = 'X'\nSITEURL = (\n", "a.md": POST})
    (fault,) = scan(tmp_path).faults
    assert (fault.path, fault.line) == ("pelicanconf.py", 2)
    assert "invalid Python: '(' was never closed" in fault.message


def test_unreadable_settings_are_faults(tmp_path: Path) -> None:
    write_files(tmp_path, {"_config.yml": "title: a: b", "posts/posts.json": "{", "a.md": POST})
    scanned = scan(tmp_path)
    assert [fault.path for fault in scanned.faults] == ["_config.yml", "posts/posts.json"]


LEFT_OUT = [
    (
        {"hugo.toml": HUGO, "public/a/index.html": "<p>Text.</p>"},
        "public/a/index.html",
        "a page made by Hugo",
    ),
    (
        {"_config.yml": "collections_dir: c\ncollections: {dates: {output: false}}", "c/_dates/a.md": POST},
        "c/_dates/a.md",
        "data: the collection 'dates' has no pages",
    ),
    ({"_config.yml": "exclude: [notes, x.md]", "notes/a.md": POST}, "notes/a.md", "excluded by _config.yml"),
    (
        {".eleventy.js": "module.exports = {dir: {output: 'www'}}", "www/a.html": "<p>Text.</p>"},
        "www/a.html",
        "a page made by Eleventy",
    ),
    (
        {"hugo.toml": HUGO, "content/home/index.md": POST, "content/home/in/about.md": POST},
        "content/home/in/about.md",
        "a resource of content/home/index.md",
    ),
    (
        {"config.toml": "base_url = ''", "content/a/index.md": POST, "content/a/note.md": POST},
        "content/a/note.md",
        "a resource of content/a/index.md",
    ),
    ({"pelicanconf.py": "", "output/a.html": "<p>Text.</p>"}, "output/a.html", "a page made by Pelican"),
]


@pytest.mark.parametrize(("files", "path", "reason"), LEFT_OUT)
def test_output_and_resources_of_generators_are_no_articles(
    tmp_path: Path, files: dict[str, str], path: str, reason: str
) -> None:
    scanned = scan(write_files(tmp_path, files))
    reports = load(tmp_path, path, read(tmp_path, path), Site(), scanned.context).exclusions
    assert [report.reason for report in reports] == [reason]


def test_translations_in_a_bundle_are_pages(tmp_path: Path) -> None:
    page = "content/posts/a/index.fr.md"
    write_files(
        tmp_path, {"hugo.toml": HUGO, "content/posts/a/index.md": POST, page: POST, "content/index.md": POST}
    )
    assert loaded(tmp_path, page).language == "fr"
    assert loaded(tmp_path, "content/posts/a/index.md").title == "T"


def test_directory_data_in_javascript_is_reported(tmp_path: Path) -> None:
    write_files(tmp_path, {"posts/posts.11tydata.js": "module.exports = {}", "posts/a.md": POST})
    (report,) = scan(tmp_path).exclusions
    assert report.path == "posts/posts.11tydata.js"
    assert "not run" in report.reason


PICTURES = [
    ("assets/a b.png", "_posts/2020-01-02-a.md", "![x](/assets/a%20b.png)", "/files/assets/a%20b.png"),
    (
        "static/images/a.png",
        "content/posts/a.md",
        "![x](/images/a.png?w=3)",
        "/files/static/images/a.png?w=3",
    ),
    ("blog/static/img/a.png", "blog/content/a.md", '<img src="/img/a.png">', "/files/blog/static/img/a.png"),
    ("static/img/a.png", "blog/a.mdx", "![x](@site/static/img/a.png)", "/files/static/img/a.png"),
    ("src/assets/a.png", "src/content/a.md", "![x](~/assets/a.png)", "/files/src/assets/a.png"),
    ("src/assets/a.png", "src/content/a.md", "![x](@assets/a.png)", "/files/src/assets/a.png"),
    ("src/assets/a.png", "src/content/a.md", "![x](@/assets/a.png)", "/files/src/assets/a.png"),
    ("src/content/@x/a.png", "src/content/a.md", "![x](@x/a.png)", "/files/src/content/@x/a.png"),
    (
        "content/p/a.png",
        "content/p/i.md",
        '{{ resize_image(path="p/a.png", width=1) }}',
        "/files/content/p/a.png",
    ),
    *(
        (file, "content/p/i.md", f'{{{{ resize_image(path="{path}", width=1) }}}}', f"/files/{file}")
        for file, path in (
            ("static/p/a.png", "p/a.png"),
            ("static/p/a.png", "static/p/a.png"),
            ("content/p/a.png", "a.png"),
            ("content/q/a.png", "q/a.png"),
        )
    ),
    ("a.png", "_posts/2020-01-02-a.md", "![x]({{ site.baseurl }}/a.png)", "/files/a.png"),
    ("a.png", "posts/a.md", "![x](/b.png)", "/b.png"),
    ("a.md", "posts/a.md", "[x](/a.md)", "/a.md"),
    ("a.png", "posts/a.md", "[x](/%2e%2e/a.png)", "/%2e%2e/a.png"),
]


@pytest.mark.parametrize(("file", "path", "text", "address"), PICTURES)
def test_links_to_files_of_the_old_site_are_resolved(
    tmp_path: Path, file: str, path: str, text: str, address: str
) -> None:
    write_files(tmp_path, {file: "x", path: f"---\ntitle: T\n---\n{text}\n"})
    assert f'="{SITE}{address}"' in loaded(tmp_path, path).content_html


@pytest.mark.parametrize("reference", ["/blog/images/a.png", "/images/a.png"])
def test_the_path_prefix_of_gatsby_is_no_folder(tmp_path: Path, reference: str) -> None:
    settings = "module.exports = {\n  pathPrefix: `/blog`,\n  siteMetadata: {title: 'X'},\n};\n"
    write_files(tmp_path, {"gatsby-config.js": settings, "static/images/a.png": "x"})
    write_files(tmp_path, {"content/a.md": f"---\ntitle: T\n---\n![x]({reference})\n"})
    assert f'="{SITE}/files/static/images/a.png"' in loaded(tmp_path, "content/a.md").content_html


@pytest.mark.parametrize("reference", ["/images/a.png", "images/a.png"])
def test_a_lead_image_is_resolved_as_themes_do(tmp_path: Path, reference: str) -> None:
    write_files(
        tmp_path,
        {
            "static/images/a.png": "x",
            "content/posts/a.md": f"---\nimage: {reference}\naudio: {reference}\n---\nX.",
        },
    )
    article = loaded(tmp_path, "content/posts/a.md")
    assert article.image is not None
    assert article.image.url == "/files/static/images/a.png"
    assert [(attachment.url, attachment.length) for attachment in article.attachments] == [
        ("/files/static/images/a.png", 1)
    ]
