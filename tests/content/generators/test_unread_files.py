"""What a generator does not read does not become public: what is read of each site, and what is not."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from service.content import load, read, scan
from service.model import Site

POST = "---\ntitle: Vote\ndate: 2024-05-06\n---\nText of the post.\n"

HEXO = {"_config.yml": "title: A\nsource_dir: source\n"}
JEKYLL = {"_config.yml": "title: A\nmarkdown: kramdown\n"}
HUGO = {"hugo.toml": "baseURL = 'https://x.example/'\n"}
ZOLA = {"config.toml": "base_url = 'https://x.example'\nignored_content = ['*.draft.md', 'private/**']\n"}
PELICAN = {"pelicanconf.py": "PATH = 'content'\nARTICLE_EXCLUDES = ['extra']\nIGNORE_FILES = ['wip-*']\n"}
DOCUSAURUS = {"docusaurus.config.js": "module.exports = {title: 'A', baseUrl: '/'};\n"}
ELEVENTY = {
    "eleventy.config.js": "module.exports = c => { c.ignores.add('src/wip/**');"
    " return { dir: { input: 'src', includes: '_parts' } } };\n",
    ".eleventyignore": "# not these\nsrc/secret.md\nlater/\n",
}
ASTRO = {"astro.config.mjs": "export default defineConfig({ base: '/blog' });\n"}
MKDOCS = {
    "mkdocs.yml": "site_name: A\nexclude_docs: |\n  private/\n  *.part.md\n  !keep.part.md\n"
    "draft_docs: |\n  later.md\n"
    "markdown_extensions:\n  - pymdownx.emoji:\n      emoji_index: !!python/name:material.emoji.twemoji\n"
}
NIKOLA = {
    "conf.py": "BLOG_TITLE = 'A'\nPOSTS = (('posts/*.md', 'posts', 'post.tmpl'),)\n"
    "PAGES = (('pages/*.md', '', 'page.tmpl'),)\n"
}

MDBOOK_SUMMARY = """# Summary

[Preface](a.md)

# Part

- [B](<deep/b c.md>)
    - [Draft]()
    - [D](./d.md#part)
<!-- - [Commented](commented.md) -->
"""

SITES: list[tuple[str, Mapping[str, str], Iterable[str], Iterable[str]]] = [
    (
        "Hexo",
        HEXO,
        ["source/_posts/a.md", "source/about/index.md", "source/_posts/deep/b.md"],
        [
            "source/_discarded/x.md",
            "source/deep/_old/x.md",
            "source/_posts/_old/x.md",
            "source/_x.md",
            "notes/x.md",
            "source/_drafts/x.md",
        ],
    ),
    (
        "Hexo with settings that Jekyll has too",
        {"_config.yml": "title: A\nurl: https://x.example\n"},
        ["source/_posts/a.md", "source/_posts/deep/b.md"],
        ["source/_discarded/x.md", "source/_drafts/x.md", "source/_posts/_old/x.md"],
    ),
    (
        "Hexo with a setting of its own",
        {"_config.yml": "title: A\npost_asset_folder: true\n"},
        ["source/_posts/a.md"],
        ["notes/x.md"],
    ),
    (
        "Hexo with include and exclude",
        {
            "_config.yml": "source_dir: source\ninclude: ['_shown/**']\n"
            "exclude: ['secret/**', '_posts/no-*.md']\n"
        },
        ["source/_posts/a.md", "source/_shown/x.md"],
        ["source/secret/x.md", "source/_posts/no-x.md"],
    ),
    (
        "Jekyll",
        JEKYLL,
        ["_posts/2024-05-06-a.md", "about.md", "news/_posts/2024-05-06-b.md"],
        ["_notes/x.md", "_posts/undated.md", "deep/_hidden/x.md", "_x.md", "_drafts/x.md", "#x.md"],
    ),
    (
        "Nikola",
        {"conf.py": 'BLOG_TITLE = "x"\nPOSTS = (("posts/*.md", "p", "t"), ("posts/*.txt", "p", "t"))\n'},
        ["posts/a.md"],
        ["posts/b.txt", "listings/x.txt", "galleries/x.html", "pages/x.md"],
    ),
    (
        "Nikola with Markdown in .txt",
        {
            "conf.py": 'BLOG_TITLE = "x"\nPOSTS = (("posts/*.txt", "p", "t"),)\n'
            'COMPILERS = {"rest": [".rst"], "markdown": [".md", ".txt"]}\n'
        },
        ["posts/b.txt"],
        [],
    ),
    (
        "Jekyll with collections",
        {
            "_config.yml": "markdown: kramdown\ninclude: [_pages]\ncollections:\n"
            "  recipes: {output: true}\n  staff: {output: false}\n  quiet: {}\n"
        },
        ["_posts/2024-05-06-a.md", "_recipes/x.md", "_pages/about.md"],
        ["_staff/x.md", "_quiet/x.md", "_recipes/_old/x.md"],
    ),
    (
        "Jekyll with a source",
        {"_config.yml": "markdown: kramdown\nsource: src\n"},
        ["src/a.md"],
        ["notes/x.md"],
    ),
    ("Hugo", HUGO, ["content/posts/a.md", "content/_b.md"], ["notes/x.md", "x.md", "archive/2019/x.md"]),
    (
        "Hugo with languages",
        {
            "hugo.toml": "baseURL = 'https://x.example/'\nignoreFiles = ['secret-.*\\.md$', 'content/old/']\n"
            "[languages.en]\n[languages.fr]\ndisabled = true\n[languages.de]\ncontentDir = 'content.de'\n"
        },
        ["content/a.md", "content.de/a.md", "content/c.en.md"],
        ["content/b.fr.md", "content/secret-x.md", "content/old/x.md"],
    ),
    (
        "Hugo with mounts",
        {
            "hugo.toml": "baseURL = 'https://x.example/'\n[module]\n[[module.mounts]]\nsource = 'blog'\n"
            "target = 'content/blog'\n"
        },
        ["content/a.md", "blog/b.md"],
        ["notes/x.md"],
    ),
    ("Zola", ZOLA, ["content/a.md", "content/_b.md"], ["x.md", "content/b.draft.md", "content/private/x.md"]),
    (
        "Pelican",
        PELICAN,
        ["content/a.md", "content/pages/b.md"],
        ["x.md", "content/extra/x.md", "content/wip-x.md"],
    ),
    (
        "Docusaurus",
        DOCUSAURUS,
        ["blog/2024-05-06-a.md", "docs/b.md", "versioned_docs/version-1/c.md", "src/pages/d.md"],
        ["blog/_x.md", "docs/_parts/x.md", "notes/x.md"],
    ),
    (
        "Eleventy",
        ELEVENTY,
        ["src/a.md", "src/_b.md"],
        ["x.md", "src/wip/x.md", "src/secret.md", "src/later/x.md", "src/_parts/x.md"],
    ),
    (
        "Astro",
        ASTRO,
        ["src/content/blog/a.md", "src/data/b.md", "src/pages/c.html"],
        [
            "src/content/blog/_x.md",
            "src/pages/_old/x.md",
            "notes/x.md",
            "docs/x.md",
            "src/content/blog/x.txt",
        ],
    ),
    (
        "Astro with collections outside of src",
        {
            **ASTRO,
            "src/content.config.ts": "const a = defineCollection({loader: glob({base: './posts/en'})});\n"
            "const b = defineCollection({ loader: glob({ pattern: '**/*.md', base: \"notes\" }) });\n",
        },
        ["src/content/blog/a.md", "posts/en/b.md", "notes/c.md"],
        ["posts/x.md", "docs/x.md", "notes/_x.md"],
    ),
    *(
        (
            f"Astro with collections that only the program knows, {loader}",
            {**ASTRO, "src/content/config.ts": f"const a = defineCollection({{loader: glob({loader})}})\n"},
            ["src/content/blog/a.md", "notes/b.md"],
            ["src/content/_x.md"],
        )
        for loader in ("{base: `./${NOTES}`}", "{pattern: 'notes/*.md'}", "{base: '.'}", "options")
    ),
    ("Zola with other files", ZOLA, ["content/a.md"], ["content/x.txt", "content/b/x.html", "content/X.TXT"]),
    ("Hugo with text files", HUGO, ["content/a.md", "content/b.html"], ["content/x.txt"]),
    ("Docusaurus with other files", DOCUSAURUS, ["blog/a.md"], ["blog/x.txt", "docs/x.html"]),
    ("Jekyll with text files", JEKYLL, ["_posts/2020-01-02-a.md", "b.txt"], []),
    (
        "MkDocs",
        MKDOCS,
        ["docs/a.md", "docs/blog/posts/b.md", "docs/_c.md", "docs/keep.part.md"],
        ["x.md", "docs/private/x.md", "docs/x.part.md", "docs/later.md", "docs/templates/x.md"],
    ),
    (
        "mdBook",
        {"book.toml": '[book]\ntitle = "A"\n', "src/SUMMARY.md": MDBOOK_SUMMARY},
        ["src/a.md", "src/deep/b c.md", "src/d.md"],
        [
            "src/x.md",
            "src/deep/x.md",
            "notes/x.md",
            "src/commented.md",
            "src/x.txt",
            "book/x.md",
            "theme/x.md",
        ],
    ),
    (
        "mdBook with a folder of its own",
        {"book.toml": '[book]\nsrc = "."\n', "SUMMARY.md": "# Summary\n\n- [A](./a.md)\n"},
        ["a.md"],
        ["x.md"],
    ),
    ("mdBook without a summary", {"book.toml": "[book]\n"}, ["src/a.md"], ["x.md"]),
    ("Nikola", NIKOLA, ["posts/a.md", "posts/2024/b.md", "pages/c.md"], ["drafts/x.md", "x.md"]),
]


def load_paths(root: Path, files: Mapping[str, str]) -> tuple[set[str], dict[str, str]]:
    """The paths that give articles or pages, and the reasons of the others."""
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    scanned = scan(root)
    assert scanned.faults == ()
    articles: set[str] = set()
    reasons: dict[str, str] = {}
    for file in scanned.files:
        loaded = load(root, file.path, read(root, file.path), Site(), scanned.context, scanned.folders)
        articles |= {article.path for article in (*loaded.articles, *loaded.pages)}
        reasons |= {exclusion.path: exclusion.reason for exclusion in loaded.exclusions}
    return articles, reasons


@pytest.mark.parametrize(("name", "settings", "articles", "unread"), SITES, ids=[row[0] for row in SITES])
def test_only_what_the_generator_reads_is_an_article(
    tmp_path: Path, name: str, settings: Mapping[str, str], articles: list[str], unread: list[str]
) -> None:
    files = {**settings, **dict.fromkeys([*articles, *unread], POST)}
    published, reasons = load_paths(tmp_path, files)
    assert (name, published) == (name, set(articles))
    assert set(unread) <= set(reasons)
    inner = {f"site/{path}": text for path, text in files.items()}
    published, _ = load_paths(tmp_path / "outer", {**inner, "x.md": POST})
    assert published == {"x.md", *(f"site/{path}" for path in articles)}


@pytest.mark.parametrize("settings", [HUGO, ZOLA, HEXO, PELICAN, NIKOLA], ids=lambda settings: min(settings))
def test_a_folder_without_the_usual_folder_of_articles_is_read_whole(
    tmp_path: Path, settings: Mapping[str, str]
) -> None:
    published, _ = load_paths(tmp_path, {**settings, "blog/a.md": POST, "b.md": POST})
    assert published == {"blog/a.md", "b.md"}


def test_the_settings_of_sphinx_are_not_those_of_a_blog(tmp_path: Path) -> None:
    published, _ = load_paths(tmp_path, {"conf.py": "project = 'A'\nprint 'Python 2'\n", "a.md": POST})
    assert published == {"a.md"}


def test_a_draft_section_of_zola_is_left_out_whole(tmp_path: Path) -> None:
    section = "+++\ntitle = 'S'\ndraft = {}\n+++\n"
    files = {
        **ZOLA,
        "content/a.md": POST,
        "content/shown/_index.md": section.format("false"),
        "content/shown/b.md": POST,
        "content/later/_index.md": section.format("true"),
        "content/later/x.md": POST,
        "content/later/deep/y.md": POST,
    }
    published, reasons = load_paths(tmp_path, files)
    assert published == {"content/a.md", "content/shown/b.md"}
    assert reasons["content/later/deep/y.md"] == "a draft: content/later/_index.md is one"


@pytest.mark.parametrize(
    ("settings", "page", "other"),
    [
        ({"book.toml": "[book]\n", "src/SUMMARY.md": "[A](README.md)"}, "src/README.md", "README.md"),
        (MKDOCS, "docs/license.md", "LICENSE.md"),
        (DOCUSAURUS, "docs/README.md", "README.md"),
        (HUGO, "content/posts/changelog.md", "CHANGELOG.md"),
        (ASTRO, "src/content/docs/support.md", "src/components/README.md"),
        (NIKOLA, "pages/contributors.md", "CONTRIBUTORS.md"),
    ],
)
def test_a_page_may_have_the_name_of_a_file_about_the_folder(
    tmp_path: Path, settings: Mapping[str, str], page: str, other: str
) -> None:
    published, _ = load_paths(tmp_path, {**settings, page: "# A\n\nText.\n", other: "# B\n\nText.\n"})
    assert published == {page}
