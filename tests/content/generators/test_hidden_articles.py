"""What keeps an article from the public in each generator: settings, folders, names, keys and dates."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from service.content import load, read, scan
from service.model import Site
from tests.support.index_folder import NOW


def post(*lines: str, date: str = "date: 2020-01-01") -> str:
    return "\n".join(["---", "title: A", *filter(None, [date]), *lines, "---", "The text."])


ASTRO = {"astro.config.mjs": 'export default {site: "https://x.example"}'}
DOCUSAURUS = {"docusaurus.config.js": 'module.exports = {title: "x", url: "https://x.example", baseUrl: "/"}'}
ELEVENTY = {
    ".eleventy.js": 'module.exports = c => ({dir: {input: "src"}})',
    ".eleventyignore": "src/ignored\n",
}
DOCUSAURUS_EXCLUDED = {
    "docusaurus.config.ts": """export default {title: "x", baseUrl: "/", presets: [["classic", {
  docs: {path: "docs", exclude: ["mine/**", "**/*.part.md"]}, // exclude: ["public/**"]
}]]}"""
}
VITEPRESS = {
    ".vitepress/config.mts": """export default defineConfig({
  title: "x",
  srcExclude: ['mine/**', '**/*.part.md', "TODO.md"], /* srcExclude: ['public/**'] */
})
"""
}
VITEPRESS_SOURCE = {
    "docs/.vitepress/config.js": "module.exports = {title: 'x', srcDir: './src', srcExclude: ['mine']}"
}


def vitepress(setting: str) -> dict[str, str]:
    return {".vitepress/config.js": setting if "export" in setting else f"export default {{{setting}}}"}


def docusaurus(setting: str) -> dict[str, str]:
    code = f"export default {{title: 'x', presets: [['classic', {{docs: {{{setting}}}}}]]}}"
    return {"docusaurus.config.js": code}


def quartz(setting: str) -> dict[str, str]:
    return {"quartz.config.ts": f"const config = {{configuration: {{{setting}}}}}"}


EXCLUDING = (
    (vitepress, "srcExclude", ""),
    (docusaurus, "exclude", "docs/"),
    (quartz, "ignorePatterns", "content/"),
)
"""Sites of generators whose settings exclude files: the setting, and the folder of the pages."""

# The value of such a setting, and a file it excludes.
GLOBS = [
    ("['**/{draft,mine}/**']", "b/mine/a.md"),
    ("['**/{draft,mine}/**']", "b/draft/a.md"),
    ("['**/*.{part,later}.md']", "b/a.later.md"),
    ("['**/{mine,{later,part*}}/**']", "b/parts/a.md"),
    (r"['\\[draft\\]*']", "[draft] a.md"),
    ("['[ab]*.md']", "b.md"),
    ("['**/[!b].md']", "b/a.md"),
    ("['**/!(b).md']", "b/a.md"),
    ("['**/@(a|b).md']", "c/a.md"),
    ("['x]y/**', 'mine/**']", "mine/a.md"),
    ("['http://x', '/* b */', 'mine/**']", "mine/a.md"),
    (r"['it\'s/**']", "it's/a.md"),
    ("[`mine/**`,]", "mine/a.md"),
    ("[\n  // 'b',\n  'c', /* ] */\n  'mine/**' // d\n]", "mine/a.md"),
    ("['mine/**'] as string[]", "mine/a.md"),
    ("['mine/**'].concat(more)", "mine/a.md"),
    ("[...more, ('a', join('b', 'c')), ...(x ? ['a'] : b('c')), `${d}/e`, 'mine/**']", "mine/a.md"),
]
CONSTANTS = "const more = ['mine/**'];\nconst all: string[] = [...more]\nexport default {srcExclude: all}"
SPHINX = {"conf.py": "project = 'x'\nexclude_patterns = ['_build', 'mine', '*.part.md', 'a/**.md']\n"}
GATSBY = {"gatsby-config.js": 'module.exports = {siteMetadata: {title: "x"}}'}
GATSBY_SOURCE = (
    "const path = require('path');\nmodule.exports = {plugins: [\n"
    "  {resolve: 'gatsby-source-filesystem', options: {name: 'a', path: %s}},\n"
    "  {resolve: `gatsby-source-filesystem`, options: {path: `${__dirname}/src/images`}},\n]}\n"
)
HEXO = {"_config.yml": "title: x\nsource_dir: source\nnew_post_name: :title.md\n"}
HUGO = {"hugo.toml": 'baseURL = "https://x.example/"\ntitle = "x"\n'}
JEKYLL = {"_config.yml": "title: x\nexclude: [mine, '*.priv.md', 'old/**']\n"}
MKDOCS = {
    "mkdocs.yml": "site_name: x\nnot_in_nav: loose/\ndraft_docs: |\n  later/\n"
    "exclude_docs: |\n  mine/\n  *.part.md\n"
}
MKDOCS_PLUGIN = {
    "mkdocs.yml": "site_name: x\nplugins:\n  - search\n  - exclude:\n      glob: ['mine/*', '*.part.md']\n"
}
NIKOLA = {"conf.py": "BLOG_TITLE = 'x'\nPOSTS = (('posts/*.md', 'posts', 'post.tmpl'),)\nPAGES = ()\n"}
PELICAN = {"pelicanconf.py": "SITENAME = 'x'\nPATH = 'content'\nARTICLE_EXCLUDES = ['mine']\n"}
PELICAN_DRAFTS = {
    "pelicanconf.py": "SITENAME = 'x'\nPATH = 'content'\nDEFAULT_METADATA = {'status': 'draft'}\n"
}
QUARTZ = {
    "quartz.config.ts": """const config = {
  configuration: {pageTitle: "x", ignorePatterns: ["mine", "**/later/**", '*.part.md']},
  plugins: {filters: [Plugin.RemoveDrafts(), // Plugin.ExplicitPublish()
  ]},
}
"""
}
QUARTZ_EXPLICIT = {"quartz.config.ts": "const c = {plugins: {filters: [Plugin.ExplicitPublish()]}}\n"}
GARDEN = {".obsidian/plugins/digitalgarden/main.js": "", ".obsidian/app.json": "{}"}
GARDEN_ON = {**GARDEN, ".obsidian/community-plugins.json": '["dataview", "digitalgarden"]'}
GARDEN_OFF = {**GARDEN, ".obsidian/community-plugins.json": '["dataview"]'}
OBSIDIAN = {".obsidian/publish.json": '{"excluded": ["mine"], "included": []}'}
ZOLA = {"config.toml": 'base_url = "https://x.example/"\n'}
DRAFT_SECTION = "+++\ntitle = 'S'\ndraft = true\n+++\n"

# The settings of a site, a file that is hidden there, and other files that hide it.
HIDDEN: list[tuple[dict[str, str], str, str, dict[str, str]]] = [
    (ASTRO, "src/content/blog/a.md", post("draft: true"), {}),
    (ASTRO, "src/content/blog/a.md", post("isDraft: true"), {}),
    (ASTRO, "src/content/blog/_a.md", post(), {}),
    (ASTRO, "src/content/_part/a.md", post(), {}),
    (ASTRO, "src/content/blog/a.md", post(date="pubDatetime: 2099-01-01T00:00:00Z"), {}),
    (ASTRO, "src/content/blog/a.md", post(date="pubDate: Jan 01 2099"), {}),
    (ASTRO, "src/content/blog/a.md", post(date="publishedDate: 2099-01-01"), {}),
    (DOCUSAURUS, "blog/2020-01-01-a.md", post("unlisted: true"), {}),
    (DOCUSAURUS, "blog/_a.md", post(), {}),
    (DOCUSAURUS, "docs/_part/a.md", post(), {}),
    (DOCUSAURUS, "blog/2020-01-01-a.mdx", post("draft: true"), {}),
    (ELEVENTY, "src/b/a.md", post(), {"src/b/b.json": '{"draft": true}'}),
    (ELEVENTY, "src/b/a.md", post(), {"src/b/b.json": '{"permalink": false}'}),
    (ELEVENTY, "src/b/c/a.md", post(), {"src/b/b.11tydata.json": '{"published": false}'}),
    (ELEVENTY, "src/b/a.md", post(), {"src/b/b.json": '{"eleventyExcludeFromCollections": true}'}),
    (ELEVENTY, "src/b/a.md", post(), {"src/b/a.11tydata.json": '{"draft": true}'}),
    (ELEVENTY, "src/b/a.md", post(), {"src/b/a.json": '{"draft": true}'}),
    *(
        (ELEVENTY, f"src/b/{name}", post(), {f"src/b/{stem}.11tydata.{suffix}": code})
        for stem, name in (("b", "a.md"), ("a", "a.md"), ("b", "c/a.md"))
        for suffix, code in (
            ("js", "module.exports = {draft: true}"),
            ("js", 'module.exports = {\n  // more\n  "tags": ["x"],\n  "draft": true,\n}'),
            ("cjs", "module.exports = function() { return {eleventyExcludeFromCollections: true}; }"),
            ("mjs", "export default {permalink: false};"),
            ("ts", "export const draft: boolean = true"),
            ("js", "export default {eleventyComputed: {permalink: false}}"),
            ("js", "const data = {}; data.published = false;\nmodule.exports = data"),
            ("js", "module.exports = {status: 'draft', draft: null}"),
            ("js", "module.exports = {draft: isLater()}"),
            ("js", "module.exports = {draft: false, ...(x ? {draft: true} : {})}"),
            ("js", "module.exports = {eleventyComputed: {permalink: d => d.later ? false : d.permalink}}"),
            ("js", "module.exports = {eleventyExcludeFromCollections(d) { return d.later }}"),
            ("js", "const draft = process.env.DRAFT; module.exports = {draft}"),
        )
    ),
    (ELEVENTY, "src/a.md", post("eleventyComputed: {permalink: false}"), {}),
    (ELEVENTY, "src/ignored/a.md", post(), {}),
    (DOCUSAURUS_EXCLUDED, "docs/mine/a.md", post(), {}),
    (DOCUSAURUS_EXCLUDED, "docs/b/a.part.md", post(), {}),
    (VITEPRESS, "mine/a.md", post(), {}),
    (VITEPRESS, "b/a.part.md", post(), {}),
    (VITEPRESS, "TODO.md", post(), {}),
    (VITEPRESS, ".vitepress/a.md", post(), {}),
    *(
        (site(f"{setting}: {globs}"), folder + path, post(), {})
        for site, setting, folder in EXCLUDING
        for globs, path in GLOBS
    ),
    (vitepress(CONSTANTS), "mine/a.md", post(), {}),
    (VITEPRESS_SOURCE, "docs/src/mine/a.md", post(), {}),
    (VITEPRESS_SOURCE, "docs/a.md", post(), {"docs/src/b.md": post()}),
    (SPHINX, "mine/a.md", post(), {}),
    ({"conf.py": "exclude_patterns = []\ninclude_patterns = ['pub/**']\n"}, "mine/a.md", post(), {}),
    ({"conf.py": "exclude_patterns = []\nsource_suffix = {'.rst': 'x'}\n"}, "a.md", post(), {}),
    ({"conf.py": "exclude_patterns = []\nsource_suffix = ['.rst']\n"}, "a.md", post(), {}),
    *(
        (
            {"docusaurus.config.js": f"export default {{title: 'x', {code}}}"},
            path,
            post(),
            {"src/pages/b.md": post()},
        )
        for code, path in (
            ("presets: [['classic', {blog: false, docs: {}}]]", "blog/2020-01-01-a.md"),
            ("presets: [['classic', {docs: false, blog: {}}]]", "docs/a.md"),
            ("presets: [['classic', {docs: {include: ['pub/**/*.{md,mdx}'], x: {}}}]]", "docs/a.md"),
            ("plugins: [['@docusaurus/plugin-content-blog', {path: 'news', include: ['b*']}]]", "news/a.md"),
        )
    ),
    *(
        (
            {
                "hugo.toml": f"{HUGO['hugo.toml']}[[module.mounts]]\n{files}\n"
                "source = 'content'\ntarget = 'content'\n"
            },
            "content/mine/a.md",
            post(),
            {},
        )
        for files in (
            "excludeFiles = 'mine/*'",
            "excludeFiles = ['b', '/mine/**']",
            "includeFiles = ['posts/**']",
            "files = ['! mine/**']",
            "files = ['posts/**']",
        )
    ),
    *(
        ({"eleventy.config.js": code}, "a.md", post(), {})
        for code in (
            "export default {templateFormats: ['njk', 'html']}",
            'module.exports = (c) => { c.setTemplateFormats(["html"]); }',
            'module.exports = (c) => { c.setTemplateFormats("njk,liquid"); }',
        )
    ),
    *(
        ({"gatsby-config.js": GATSBY_SOURCE % path}, "notes/a.md", post(), {"content/b/c.md": post()})
        for path in (
            "`${__dirname}/content`",
            '"./content/b"',
            "path.join(__dirname, 'content')",
            "__dirname + '/content'",
        )
    ),
    (SPHINX, "b.part.md", post(), {}),
    (SPHINX, "a/b.md", post(), {}),
    (SPHINX, "_build/a.md", post(), {}),
    *(
        ({"conf.py": f"import os\n{code}\n"}, "mine/a.md", post(), {})
        for code in (
            "exclude_patterns = ['b'] + ['mine']",
            "exclude_patterns = ['b']\nexclude_patterns += ['mine']",
            "exclude_patterns = ['b']\nexclude_patterns.append('mine')",
            "exclude_patterns = []\nexclude_patterns.extend(['b', 'mine'])",
            "more = ['mine']\nexclude_patterns = ['b', *more]",
            "more = ['mine']\nexclude_patterns = more",
            "exclude_patterns = [os.environ['B'], f'{b}/c', 'mine']",
            "exclude_patterns = ['mine'] + os.listdir('b')",
            "exclude_patterns: list[str] = ['mine']\nexclude_patterns += later()",
        )
    ),
    (GATSBY, "content/blog/a/index.md", post("published: false"), {}),
    (GATSBY, "content/blog/a/index.mdx", post("draft: true"), {}),
    (HEXO, "source/_posts/a.md", post("published: false"), {}),
    (HEXO, "source/_posts/_a.md", post(), {}),
    (HEXO, "source/_drafts/a.md", post(), {}),
    (HEXO, "source/_discarded/a.md", post(), {}),
    (HEXO, "source/_posts/a.md", post("hidden: true"), {}),
    (HEXO, "source/_posts/a.md", post("password: sesame"), {}),
    (HEXO, "source/_posts/a.md", post("layout: draft"), {}),
    (HEXO, "source/_posts/a.md", post(date="date: 2099-01-01 10:00:00"), {}),
    *(
        (HUGO, "content/s/a.md", post(), {"content/s/_index.md": post(f"cascade: {{{keys}}}")})
        for keys in (
            "draft: true",
            "build: {render: never}",
            "params: {private: true}",
            "expiryDate: 2001-01-01",
        )
    ),
    (HUGO, "content/s/a/part.md", post(), {"content/s/a/index.md": post()}),
    (HUGO, "content/s/a/index.md", post("headless: true"), {}),
    (HUGO, "content/s/a/part.md", post(), {"content/s/a/index.md": post("headless: true")}),
    (HUGO, "content/s/a.md", post(date="date: 2099-01-01"), {}),
    *(
        (HUGO, "content/s/a.md", post(f"{key}: 2099-01-01"), {})
        for key in ("publishDate", "publishdate", "PubDate")
    ),
    *((HUGO, "content/s/a.md", post(f"{key}: 2001-01-01"), {}) for key in ("expiryDate", "unpublishdate")),
    (HUGO, "content/s/a.md", post("params: {hidden: true}"), {}),
    (JEKYLL, "mine/a.md", post(), {}),
    (JEKYLL, "a.priv.md", post(), {}),
    (JEKYLL, "old/2019/a.md", post(), {}),
    *(
        (JEKYLL, "_posts/2020-01-01-a.md", post(f"published: {word}", date=""), {})
        for word in ("false", "no", "nope", "Nein", "draft", "[false]")
    ),
    (JEKYLL, "_posts/2020-01-01-a.md", post("date: to be decided", date=""), {}),
    (
        {"_config.yml": "title: x\ndefaults: [{scope: {path: _posts/b}, values: {published: false}}]\n"},
        "_posts/b/2020-01-01-a.md",
        post(),
        {},
    ),
    ({"_config.yml": "title: x\ncollections: {notes: {output: false}}\n"}, "_notes/a.md", post(), {}),
    (MKDOCS, "docs/mine/a.md", post(), {}),
    (MKDOCS, "docs/later/a.md", post(), {}),
    (MKDOCS_PLUGIN, "docs/mine/a.md", post(), {}),
    (MKDOCS_PLUGIN, "docs/b/a.part.md", post(), {}),
    (MKDOCS, "docs/a.part.md", post(), {}),
    (MKDOCS, "docs/blog/posts/a.md", post("draft: true"), {}),
    (
        NIKOLA,
        "posts/a.md",
        "The text.",
        {"posts/a.meta": ".. title: A\n.. status: draft\n.. date: 2020-01-01\n"},
    ),
    (NIKOLA, "posts/a.md", ".. title: A\n.. date: 2020-01-01\n.. tags: b, private\n\nThe text.", {}),
    (NIKOLA, "posts/a.md", ".. title: A\n.. date: 2020-01-01\n.. password: sesame\n\nThe text.", {}),
    (NIKOLA, "posts/a.md", ".. title: A\n.. date: 2099-01-01\n\nThe text.", {}),
    (NIKOLA, "posts/a.html", "<!--\n.. title: A\n.. date: 2020-01-01\n.. status: private\n-->\n<p>Text.", {}),
    (NIKOLA, "posts/a.md", '+++\ntitle = "A"\nstatus = "private"\n+++\nThe text.', {}),
    *(
        (NIKOLA, "posts/a.md", post(line), {})
        for line in (
            "tags: [b, draft]",
            "tags: 'b, Private'",
            "Tags: [private]\nstatus: featured",
            "tags: draft",
        )
    ),
    (NIKOLA, "posts/a.md", "+++\ntitle = 'A'\ntags = ['draft']\n+++\nThe text.", {}),
    *(
        (NIKOLA, "posts/a.md", "The text.", {"posts/a.meta": matter})
        for matter in (
            ".. title: A\n.. tags: b, draft\n.. status: featured\n",
            "---\ntitle: A\ntags: [draft]\n---\n",
            "+++\ntitle = 'A'\ntags = ['b', 'private']\n+++\n",
        )
    ),
    (NIKOLA, "later/a.md", post(), {"posts/b.md": post()}),
    (PELICAN, "content/mine/a.md", post(), {}),
    *(
        (PELICAN, "content/a.md", f"Title: A\nDate: 2020-01-01\nStatus: {status}\n\nThe text.", {})
        for status in ("draft", "hidden", "skip", "Draft")
    ),
    (PELICAN_DRAFTS, "content/a.md", "Title: A\nDate: 2020-01-01\n\nThe text.", {}),
    (PELICAN, "content/a.html", "<html><head><meta name='status' content='draft'/></head><body>Text.", {}),
    (QUARTZ, "content/mine/a.md", post(), {}),
    (QUARTZ, "content/b/later/a.md", post(), {}),
    (QUARTZ, "content/b/a.part.md", post(), {}),
    (QUARTZ, "content/a.md", post("draft: true"), {}),
    (QUARTZ_EXPLICIT, "content/a.md", post(), {}),
    (GARDEN, "a.md", post(), {}),
    (GARDEN_ON, "a.md", post(), {}),
    (GARDEN, "b/a.md", "The text.", {}),
    (GARDEN, "a.md", post("dg-publish: false"), {}),
    (GARDEN, "a.md", post("dg-publish: later"), {}),
    (OBSIDIAN, "a.md", post("publish: false"), {}),
    (OBSIDIAN, "mine/a.md", post(), {}),
    (ZOLA, "content/s/a.md", post(), {"content/s/_index.md": DRAFT_SECTION}),
    (ZOLA, "content/s/a.md", "+++\ntitle = 'A'\nrender = false\n+++\nThe text.", {}),
    (ZOLA, "content/s/a.md", "+++\ntitle = 'A'\n[extra]\nhidden = true\n+++\nThe text.", {}),
]
ASKS_ARTICLES = """
const isShown = (data) => isDev || !("draft" in data && data.draft !== false);
module.exports = () => ({eleventyComputed: {
  eleventyExcludeFromCollections: (data) => isShown(data) ? data.eleventyExcludeFromCollections : true,
  permalink: (data) => (isShown(data) ? data.permalink : false),
}});
"""
CHOOSES = "export default {permalink: ({draft, permalink}) => !draft ? permalink : false}"
PUBLIC: list[tuple[dict[str, str], str, str]] = [
    ({**ELEVENTY, "src/b/b.11tydata.js": ASKS_ARTICLES}, "src/b/a.md", post()),
    ({**ELEVENTY, "src/b/b.11tydata.js": CHOOSES}, "src/b/a.md", post()),
    (ASTRO, "src/content/blog/a.md", post(date="pubDatetime: 2022-01-01T00:00:00Z")),
    (DOCUSAURUS_EXCLUDED, "docs/public/a.md", post()),
    (docusaurus("include: ['pub/**/*.{md,mdx}']"), "docs/pub/a.md", post()),
    (docusaurus("include: ['pub/**']"), "blog/2020-01-01-a.md", post()),
    (VITEPRESS, "public-notes/a.md", post()),
    (VITEPRESS, "b/TODO.md", post()),
    (vitepress("srcExclude: ['**/TODO.md', '!(b).md', '{mine']"), "b/NOTTODO.md", post()),
    (vitepress("srcExclude: ['**/TODO.md', '!(b).md']"), "b.md", post()),
    (VITEPRESS_SOURCE, "docs/src/a.md", post()),
    (SPHINX, "b/mine/a.md", post("orphan: true")),
    (MKDOCS, "docs/loose/a.md", post()),
    (NIKOLA, "posts/a.md", post("tags: [mathjax, drafts]")),
    ({"gatsby-config.js": GATSBY_SOURCE % "`${__dirname}/content`"}, "content/a.md", post()),
    ({"gatsby-config.js": GATSBY_SOURCE % "folders.notes"}, "notes/a.md", post()),
    ({"eleventy.config.js": "export default {templateFormats: ['md', ...more]}"}, "a.md", post()),
    ({"eleventy.config.js": "export default {templateFormats: ['md', 'njk']}"}, "a.md", post()),
    ({"conf.py": "exclude_patterns = []\nsource_suffix = ['.rst', '.md']\n"}, "a.md", post()),
    (PELICAN_DRAFTS, "content/a.md", "Title: A\nDate: 2020-01-01\nStatus: published\n\nThe text."),
    (QUARTZ, "content/a.md", post()),
    (GARDEN, "a.md", post("dg-publish: true")),
    (GARDEN_OFF, "a.md", post()),
    (OBSIDIAN, "a.md", post()),
    (QUARTZ_EXPLICIT, "content/a.md", post("publish: true")),
    (JEKYLL, "_posts/2020-01-01-a.md", post("published: true", date="")),
    (JEKYLL, "_posts/2020-01-01-a.md", post("date: 2020-01-01 99:00", date="")),
]


def visible(root: Path, files: dict[str, str]) -> Iterator[str]:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    scanned = scan(root)
    for file in scanned.files:
        loaded = load(root, file.path, read(root, file.path), Site(), scanned.context, scanned.folders)
        for article in (*loaded.articles, *loaded.pages):
            is_due = article.published is None or article.published <= NOW
            if is_due and (article.expires is None or article.expires > NOW):
                yield file.path


@pytest.mark.parametrize(("settings", "path", "text", "others"), HIDDEN)
def test_what_a_generator_hides_is_hidden(
    settings: dict[str, str], path: str, text: str, others: dict[str, str], tmp_path: Path
) -> None:
    assert path not in visible(tmp_path, {**settings, path: text, **others})


@pytest.mark.parametrize(("settings", "path", "text"), PUBLIC)
def test_what_a_generator_publishes_is_public(
    settings: dict[str, str], path: str, text: str, tmp_path: Path
) -> None:
    assert list(visible(tmp_path, {**settings, path: text})) == [path]


ELEVENTY_PUBLIC = [
    "const published = require('./published');\nmodule.exports = {layout: 'post', date: published.date}",
    "let draft = true\nexport default {tags: ['a', draft ? 'b' : 'c']}",
    "module.exports = {layout: 'post', tags: ['posts'], draft: false}",
    "module.exports = {permalink: '/b/{{ page.fileSlug }}/'}",
    "module.exports = {permalink: d => `/b/${d.page.fileSlug}/`}",
    "module.exports = {eleventyExcludeFromCollections: ['rss']}",
    "module.exports = {eleventyComputed: {permalink: data => data.draft ? false : data.permalink}}",
    "module.exports = {eleventyComputed: {draft: ({draft}) => draft && isProduction}}",
    "const hides = d => 'draft' in d; module.exports = {eleventyExcludeFromCollections: d => hides(d)}",
    "// draft: true\n/* draft: true */\nmodule.exports = {tags: ['draft: true']}",
]


@pytest.mark.parametrize("code", ELEVENTY_PUBLIC)
def test_code_that_hides_no_article_by_itself_leaves_it_public(code: str, tmp_path: Path) -> None:
    files = {**ELEVENTY, "src/b/a.md": post(), "src/b/b.11tydata.js": code}
    assert list(visible(tmp_path, files)) == ["src/b/a.md"]
    assert not scan(tmp_path).faults


def test_code_that_may_hide_articles_is_reported(tmp_path: Path) -> None:
    files = {
        **ELEVENTY,
        "src/b/a.md": post(),
        "src/b/b.11tydata.js": "module.exports = {\n  draft: later(),\n}",
    }
    assert list(visible(tmp_path, files)) == []
    [fault] = scan(tmp_path).faults
    assert str(fault).startswith("src/b/b.11tydata.js:2: draft is set by code, which is not run; write it ")


UNREAD_GLOBS = [
    "later()",
    "[...more]",
    "['a'].concat(more)",
    "[`${a}/b`]",
    "['a' + b]",
    "dev ? ['a'] : []",
    "['a'",
]


@pytest.mark.parametrize(("site", "setting", "folder"), EXCLUDING)
@pytest.mark.parametrize("value", UNREAD_GLOBS)
def test_globs_that_only_the_program_knows_are_reported(
    site: Callable[[str], dict[str, str]], setting: str, folder: str, value: str, tmp_path: Path
) -> None:
    files = {**site(f"title: 'x',\n  {setting}: {value}"), f"{folder}b.md": post()}
    assert list(visible(tmp_path, files)) == [f"{folder}b.md"]
    [fault] = scan(tmp_path).faults
    assert fault.line == 2
    assert fault.message.startswith(f"{setting} is set by code, which is not run; write it as a list ")


@pytest.mark.parametrize(("site", "setting", "folder"), EXCLUDING)
@pytest.mark.parametrize("value", ["[]", "['a'] as const", "/node_modules/", "undefined"])
def test_globs_that_are_known_are_not_reported(
    site: Callable[[str], dict[str, str]], setting: str, folder: str, value: str, tmp_path: Path
) -> None:
    files = {**site(f"{setting}: {value}"), f"{folder}b.md": post()}
    assert list(visible(tmp_path, files)) == [f"{folder}b.md"]
    assert not scan(tmp_path).faults


def test_settings_of_mkdocs_in_another_file_are_reported(tmp_path: Path) -> None:
    list(visible(tmp_path, {"mkdocs.yml": "INHERIT: base.yml\nsite_name: x\n", "docs/a.md": post()}))
    [fault] = scan(tmp_path).faults
    assert str(fault).startswith("mkdocs.yml:1: INHERIT is not followed: ")
