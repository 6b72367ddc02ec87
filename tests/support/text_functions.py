"""Every function that reads text from outside, as one row a function: what the scaling test measures.

Most rows are found by walking over the modules: a function is a row for each of its parameters that takes a
text, where all its other parameters have a default or stand in `_SUPPLIED`. The rest are written out:
whole articles of every kind, every field of the front matter, settings, requests, imports and formats.
"""

import ast
import html
import importlib
import inspect
import json
import pkgutil
import tempfile
import typing
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from functools import cache, partial
from pathlib import Path
from types import ModuleType
from typing import Any
from xml.sax.saxutils import escape

import msgspec

import service.content
import service.formats
import service.importing
import service.markup
import service.model
from service.cli.checks.text_lint import lint_text
from service.content import load, scan
from service.content.files.dependencies import FileLookup
from service.content.front_matter.values import Entry
from service.content.generators.eleventy import parse_directory_data
from service.content.generators.registry import is_settings_file, read_settings
from service.content.records import SiteContext
from service.formats import Listing, SingleArticle
from service.formats.html.highlight import find_matches
from service.formats.registry import FORMATS
from service.importing.detect import feed_reader
from service.importing.document import document_of
from service.importing.item import ImportedItem, ImportOptions
from service.importing.output.compose import compose
from service.importing.output.file_links import link_files
from service.importing.output.output_folder import ItemFile
from service.importing.sources.html_pages import read_page
from service.importing.sources.native_files import SourceFolder, read_file
from service.importing.sources.wordpress.shortcodes import Uploads, resolve_shortcodes
from service.importing.sources.wordpress.text import to_html
from service.markup import TextFormat, render
from service.markup.served_text.body_references import write_references
from service.markup.served_text.comments import empty_comments
from service.markup.served_text.hidden_links import hide_links_of_body
from service.model import Article, Author, Body, ScrapedRule, Site, Tag
from service.query import Query
from service.settings import SETTINGS, Settings
from service.urls import FormatName, Urls
from service.web.addresses.base_url import Hosts
from service.web.http.negotiation import preferred_format
from service.web.query_string.parameters import PARAMETERS
from service.web.query_string.parsing import parse_query
from tests.support.builders import article, listing

SERVICE = Path(service.content.__path__[0]).parent


SPARSE = 8
"""Of how many tokens one will do, where a row is sparse."""


class Row(msgspec.Struct, frozen=True, order=True):
    """`function` takes a text of at most `longest` characters; what it raises for a bad one is an answer."""

    name: str
    function: Callable[[str], object]
    longest: int = 128_000
    is_sparse: bool = False
    """Whether one of SPARSE tokens will do: a list is repeated, or the function is one part of another."""


_folder = tempfile.TemporaryDirectory(prefix="broadsheet-scaling-")


def empty_folder() -> Path:
    """A folder without files, which is deleted when the process ends."""
    return Path(_folder.name)


def _load(path: str, text: str) -> object:
    return load(empty_folder(), path, text.encode("utf-8", "replace"), Site())


def _lint(path: str, text: str) -> object:
    return lint_text(path, text.encode("utf-8", "replace"))


FILES = {
    "text of a.md": ("# A\n\n", "\n"),
    "line of a.md": ("---\ntitle: A\n---\n\nBefore ", " after.\n"),
    "text of a.mdx": ("---\ntitle: A\n---\n\nimport x from 'y'\n\nBefore.\n\n", "\n"),
    "text of source/_posts/a.md": ("---\ntitle: A\n---\n\n", "\n"),
    "text of _posts/2019-01-28-a.md": ("---\ntitle: A\n---\n\n", "\n"),
    "beginning of a.md": ("", ""),
    "code span of a.md": ("# A\n\n`", "`\n"),
    "fence of a.md": ("# A\n\n```x\n", "\n```\n"),
    "link of a.md": ("# A\n\n[a](", ")\n"),
    "picture of a.md": ("# A\n\n![", "](a.png)\n"),
    "table of a.md": ("# A\n\n| a | b |\n|---|---|\n| ", " | c |\n"),
    "quotation of a.md": ("# A\n\n> ", "\n"),
    "list of a.md": ("# A\n\n- ", "\n"),
    "footnote of a.md": ("# A\n\nA[^1].\n\n[^1]: ", "\n"),
    "element of a.md": ('# A\n\n<div class="a">', "</div>\n"),
    "tag of a.md": ('# A\n\n<div class="', '">a</div>\n'),
    "comment of a.md": ("# A\n\n<!-- ", " -->\n"),
    "shortcode of a.md (Hugo)": ('# A\n\n{{< figure src="a.png" title="', '" >}}\n'),
    "within a shortcode of a.md (Hugo)": ("# A\n\n{{% note %}}", "{{% /note %}}\n"),
    "details of a.md (Hugo)": ('# A\n\n{{< details "', '" >}}a{{< /details >}}\n'),
    "tweet of a.md (Hugo)": ("# A\n\n{{< tweet ", " >}}\n"),
    "raw text of a.md (Liquid)": ("# A\n\n{% raw %}", "{% endraw %}\n"),
    "loop of a.md (Liquid)": ("# A\n\n{% for a in b %}", "{% endfor %}\n"),
    "picture of a.md (Hexo)": ("# A\n\n{% asset_img ", " %}\n"),
    "admonition of a.md (Python-Markdown)": ('# A\n\n!!! note "a"\n    ', "\n"),
    "tag of a.md (Liquid)": ("# A\n\n{% include a.html b='", "' %}\n"),
    "within a tag of a.md (Liquid)": ("# A\n\n{% highlight python %}", "{% endhighlight %}\n"),
    "expression of a.md (Liquid)": ("# A\n\n{{ page.", " | a: 'b' }}\n"),
    "shortcode of a.md (Zola)": ('# A\n\n{{ youtube(id="', '") }}\n'),
    "link of a.md (Zola)": ("# A\n\n[a](@/", ")\n"),
    "link of a.md (Pelican)": ("# A\n\n[a]({filename}", ")\n"),
    "attributes of a.md (kramdown)": ("# A\n\na\n{: .", "}\n"),
    "attribute of a.mdx": ("# A\n\nimport x from 'y'\n\n<A b={", "} />\n"),
    "within an element of a.mdx": ("# A\n\nimport x from 'y'\n\n<A>\n", "\n</A>\n"),
    "export of a.mdx": ("export const a = ", "\n\n# A\n"),
    "metadata of a.mdx": ("export const meta = {title: 'A', a: ", "}\n\nText.\n"),
    "expression of a.mdx": ("# A\n\nimport x from 'y'\n\n{", "}\n"),
    "beginning of a.html": ("", ""),
    "fragment a.html": ("---\ntitle: A\n---\n<p>Before.</p>", "<p>After.</p>"),
    "page a.html": (
        "---\ntitle: A\n---\n<!doctype html><html><head><title>A</title></head><body>",
        "</body></html>",
    ),
    "head of a.html": ("<!doctype html><html><head><title>A</title>", "</head><body><p>A</p></body></html>"),
    "scraped page a.html": (
        "<!doctype html><html><head><title>A</title></head><body><main><h1>A</h1><p>There was a pier.</p>",
        "</main></body></html>",
    ),
    "linked data of a.html": (
        '<!doctype html><html><head><script type="application/ld+json">{"@type": "Article", "headline": "',
        '"}</script></head><body><p>A</p></body></html>',
    ),
    "text of a.txt": ("---\ntitle: A\n---\n", "\n"),
    "scraped text a.txt": ("A headline\nBy Ada Osei\nJanuary 28, 2019\n\nThere was a pier.\n\n", "\n"),
    "beginning of scraped text a.txt": ("", "\n\nAfterwards, there was a pier.\n"),
    "end of scraped text a.txt": ("A headline\n\nThere was a pier.\n\n", ""),
    "file a.json": ("", ""),
    "file a.jsonl": ("", ""),
    "YAML of a.md": ("---\n", "\n---\n\nText.\n"),
    "value in YAML of a.md": ("---\ntitle: ", "\n---\n\nText.\n"),
    "list in YAML of a.md": ("---\ntitle: A\ntags: [", "]\n---\n\nText.\n"),
    "block in YAML of a.md": ("---\ntitle: A\nsummary: |\n  ", "\n---\n\nText.\n"),
    "TOML of a.md": ("+++\n", "\n+++\n\nText.\n"),
    "value in TOML of a.md": ('+++\ntitle = "', '"\n+++\n\nText.\n'),
    "list in TOML of a.md": ('+++\ntitle = "A"\ntags = [', "]\n+++\n\nText.\n"),
    "JSON of a.md": ("{", "}\n\nText.\n"),
    "headers of a.md": ("Title: A\nDate: 2019-01-28\nSummary: ", "\n\nText.\n"),
}  # fmt: skip


"""What stands before and after the text in files of every kind; the name of each says its path."""

# The settings of an engine, and the path of an article whose address they make.
_SITES = {
    "Jekyll": ({"_config.yml": "permalink: /:categories/:title/\n"}, "_posts/2019-01-28-a.md"),
    "Hugo": (
        {"hugo.toml": "baseURL = 'https://a.example/'\n[permalinks]\nposts = '/:year/:title/'\n"},
        "content/posts/a.md",
    ),
    "Hexo": (
        {"_config.yml": "new_post_name: :title.md\npermalink: :category/:title/\n"},
        "source/_posts/a.md",
    ),
    "Pelican": ({"pelicanconf.py": "SITENAME = 'A'\nARTICLE_URL = '{category}/{slug}/'\n"}, "content/a.md"),
    "Zola": ({"config.toml": "base_url = 'https://a.example'\n"}, "content/a.md"),
    "Docusaurus": (
        {"docusaurus.config.js": "module.exports = {title: 'A', baseUrl: '/'};\n"},
        "blog/2019-01-28-a.md",
    ),
    "Eleventy": ({".eleventy.js": "module.exports = {dir: {input: '.'}};\n"}, "posts/a.md"),
}


def _sites() -> Iterator[Row]:
    """Articles whose addresses are made as an engine makes them, of what they say of themselves."""

    def read(engine: str, field: str, text: str) -> object:
        front_matter = json.dumps({"title": "A", field: text}, ensure_ascii=False)
        path = _SITES[engine][1]
        return load(empty_folder(), path, f"{front_matter}\n\nText.\n".encode(), Site(), _context(engine))

    for engine in _SITES:
        for field in ("title", "slug", "permalink", "url", "categories", "date"):
            yield Row(f"site: {field} of an article of {engine}", partial(read, engine, field), 32_000)


@cache
def _context(engine: str) -> SiteContext:
    settings, path = _SITES[engine]
    root = empty_folder() / engine
    for name, written in {**settings, path: "---\ntitle: A\n---\n\nText.\n"}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(written, "utf-8")
    return scan(root).context


_RULED = Site(
    scraped=(
        ScrapedRule(cut="Share", cut_from="^Related", until="^Skip", author="^Words: (.+)", keep="^Keep"),
    )
)


def _files() -> Iterator[Row]:
    for name, (before, after) in FILES.items():
        path = next(word for word in name.split() if "." in word)
        yield Row(f"file: {name}", _between(before, after, partial(_load, path)))
    for key in ("content_html", "markdown", "content_text", "content"):
        yield Row(f"file: {key} of a.json", partial(_load_field, key))
    yield Row(
        "file: scraped text with rules of the site",
        lambda text: load(empty_folder(), "a.txt", f"A\n\nWords: {text}\n\n{text}".encode(), _RULED),
    )
    yield Row("file: scraped text of a.jsonl", lambda text: _load("a.jsonl", json.dumps({"text": text})))
    for path in ("a.md", "a.json"):
        yield Row(f"file: check of {path}", partial(_lint, path))


def _between(before: str, after: str, read: Callable[[str], object]) -> Callable[[str], object]:
    return lambda text: read(f"{before}{text}{after}")


def field_names() -> tuple[str, ...]:
    """The first name of every field that the code of `service.content` takes from front matter."""
    takes = {"take", "gives", "among", "peek", "text", "texts", "instant", "publication", "revision"}
    takes |= {"boolean", "take_boolean", "language", "reference"}
    names: dict[str, None] = {}
    for file in sorted((SERVICE / "content").rglob("*.py")):
        tree = ast.parse(file.read_text("utf-8"))
        constants = {
            target.id: node.value
            for node in tree.body
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in takes
            ):
                value = node.args[0] if node.args else None
                value = value.value if isinstance(value, ast.Starred) else value
                value = constants.get(value.id) if isinstance(value, ast.Name) else value
                value = value.elts[0] if isinstance(value, ast.Tuple) and value.elts else value
                if isinstance(value, ast.Call) and ast.unparse(value.func) == "tuple":  # tuple("a b".split())
                    value = next((part for part in ast.walk(value) if isinstance(part, ast.Constant)), None)
                first = str(value.value).split()[:1] if isinstance(value, ast.Constant) else []
                names.update(dict.fromkeys(filter(str.isidentifier, first)))
    return tuple(sorted(names))


def _pieces(text: str) -> list[str]:
    """The text in pieces, no two alike."""
    return [f"{number} {text[start : start + 20]}" for number, start in enumerate(range(0, len(text), 20))]


def _load_field(name: str, value: object) -> object:
    fields = {"title": "A", "content_text": "Text.", name: value}
    return _load("a.json", json.dumps(fields, ensure_ascii=False))


def _maps(text: str) -> list[dict[str, str]]:
    return [{"name": piece, "url": piece, "src": piece} for piece in _pieces(text)]


def _map(text: str) -> dict[str, str]:
    return dict.fromkeys(_pieces(text), text[:20])


def _fields() -> Iterator[Row]:
    shapes: dict[str, Callable[[str], object]] = {
        "a list": _pieces,
        "a list of maps": _maps,
        "a map of many keys": _map,
    }

    def read(name: str, shape: Callable[[str], object], text: str) -> object:
        return _load_field(name, shape(text))

    for name in field_names():
        yield Row(f"field: {name} as a text", partial(_load_field, name))
        for kind, shape in shapes.items():
            yield Row(f"field: {name} as {kind}", partial(read, name, shape), 32_000, True)
    yield Row(
        "field: many keys", lambda text: _load("a.json", json.dumps({"title": "A"} | _map(text))), 32_000
    )


def _settings() -> Iterator[Row]:
    def read_list(read: Callable[[object], object], text: str) -> object:
        return read(_pieces(text))

    for setting in SETTINGS:
        yield Row(f"setting: {setting.name} as a text", setting.read)
        yield Row(f"setting: {setting.name} as a list", partial(read_list, setting.read), 32_000, True)
    for path in (
        "_config.yml",
        "hugo.toml",
        "config.toml",
        "pelicanconf.py",
        "docusaurus.config.js",
        ".vitepress/config.ts",
        "_data/site.json",
    ):
        assert is_settings_file(path), path
        yield Row(f"settings of an engine: {path}", partial(read_settings, path))
    yield Row(
        "settings of an engine: title in pelicanconf.py",
        lambda text: read_settings("pelicanconf.py", f"SITENAME = '{text}'\n"),
    )
    yield Row(
        "settings of an engine: title in conf.py",
        lambda text: read_settings("conf.py", f"exclude_patterns = []\nBLOG_TITLE = '{text}'\n"),
    )
    yield Row("data of Eleventy in code", partial(parse_directory_data, "a/a.11tydata.js"))
    yield Row(
        "data of Eleventy in code, arguments",
        lambda text: parse_directory_data("a/a.11tydata.js", f"({{{text}"),
    )
    yield Row("blocks of Pandoc", lambda text: _load("a.md", f"A.\n\n---\n{text}"))
    yield Row(
        "settings of an engine: permalink in _config.yml",
        lambda text: read_settings("_config.yml", f"permalink: {json.dumps(text)}\n"),
    )


_HEADERS = (
    "host",
    "forwarded",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-forwarded-port",
    "x-forwarded-prefix",
)


def _requests() -> Iterator[Row]:
    def read(form: FormatName, before: str, text: str) -> object:
        return parse_query(f"{before}{text}".encode(), form, Site())

    forms: tuple[FormatName, ...] = ("json", "html", "atom")
    for form in forms:
        for parameter in PARAMETERS:
            yield Row(
                f"request: {parameter.name} of {form}", partial(read, form, f"{parameter.name}="), 64_000
            )
        yield Row(f"request: query of {form}", partial(read, form, ""), 64_000)
    yield Row(
        "request: Accept of a list",
        lambda text: preferred_format(text.encode(), ("html", "json", "atom")),
        64_000,
    )
    for site in (Site(), Site(public_url="https://news.example/blog")):
        settings = Settings(
            content=Path("content"), index="sqlite://", site=site, trusted_proxies=("127.0.0.1",)
        )
        hosts = Hosts(settings)
        kind = "with" if site.public_url else "without"
        for header in _HEADERS:
            for method in ("key", "base"):
                yield Row(
                    f"request: {header} {kind} a public URL, {method}",
                    partial(_host, hosts, method, header),
                    64_000,
                )


def _host(hosts: Hosts, method: str, header: str, text: str) -> object:
    headers = {b"host": b"a.example", header.encode(): text.encode("utf-8")}
    if method == "key":
        return hosts.key("http", "127.0.0.1", headers)
    return hosts.base("http", "127.0.0.1", "", headers, None)


_RSS = '<rss version="2.0"><channel><title>A</title>{}</channel></rss>'
_WORDPRESS = (
    '<rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/">'
    "<channel><item><title>A</title><wp:post_type>post</wp:post_type><wp:status>publish</wp:status>"
    "<content:encoded>{}</content:encoded></item></channel></rss>"
)
_ATOM = '<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title>{}</feed>'


def _link_files(text: str) -> object:
    item = ImportedItem(place="a", title="A", text=f"[b](b.md) {text}", format="markdown", base="/files/")
    return link_files(item, {"b.md": "/articles/b"})


def _imports() -> Iterator[Row]:
    options = ImportOptions(Site(), "https://a.example/")

    def read(document: str) -> object:
        data = document.encode("utf-8", "replace")
        reader = feed_reader(data)
        assert reader, document[:200]
        return [
            composed(one) if isinstance(one, ImportedItem) else one
            for one in reader(document_of(data), "a.xml", options)
        ]

    def read_xml(document: str, text: str) -> object:
        return read(document.format(escape(_legal(text))))

    def read_json(document: str, text: str) -> object:
        return read(document.replace('"TEXT"', json.dumps(text)))

    def read_source(path: str, text: str) -> object:
        return list(read_file(text.encode(), path, path, options, SourceFolder(empty_folder())))

    def compose_html(text: str) -> object:
        return composed(ImportedItem(place="a", title="A", text=text))

    def composed(item: ImportedItem) -> object:
        return compose(item, ItemFile("a", "urn:a", "a.md"), empty_folder(), options.site)

    yield Row("import: links of Markdown to files", _link_files, 16_000)
    for field in ("title", "link", "guid", "pubDate", "author", "category", "source", "description"):
        item = f"<item><title>A</title><{field}>{{}}</{field}></item>"
        yield Row(f"import: {field} of RSS", partial(read_xml, _RSS.format(item)), 32_000)
    for field in ("title", "id", "updated", "content", "summary", "rights"):
        entry = f'<entry><title>A</title><{field} type="html">{{}}</{field}></entry>'
        yield Row(f"import: {field} of Atom", partial(read_xml, _ATOM.format(entry)), 32_000)
    yield Row("import: text of WordPress", partial(read_xml, _WORDPRESS), 32_000)
    yield Row("import: RSS", lambda text: read(_RSS.format(_legal(text))), 64_000)
    yield Row(
        "import: many items of RSS",
        lambda text: read(
            _RSS.format(
                "".join(
                    f"<item><title>{escape(_legal(piece))}</title></item>" for piece in _pieces(text)[:200]
                )
            )
        ),
        16_000,
    )
    for name, document in _JSON_EXPORTS.items():
        yield Row(f"import: {name}", partial(read_json, document), 32_000)
    for before, after in _HTML_TO_IMPORT:
        name = f"import: {before}…{after} as Markdown"
        yield Row(name, _between(before, after, compose_html), 32_000)
    yield Row(
        "import: Markdown",
        lambda text: composed(ImportedItem(place="a", title="A", text=text, format="markdown")),
        32_000,
    )
    yield Row(
        "import: shortcodes of WordPress",
        lambda text: to_html(
            resolve_shortcodes(
                f'[caption caption="{text}"]<img src="a.png">[/caption]'
                f"[youtube]{text}[/youtube][code]{text}[/code]",
                Uploads(),
            ).text
        ),
        32_000,
    )
    for path in ("a.md", "a.html", "a.txt", "a.jsonl"):
        yield Row(f"import: file {path}", partial(read_source, path), 32_000)


_JSON_EXPORTS = {
    "text of JSON Feed": """{"version": "https://jsonfeed.org/version/1.1", "title": "A",
        "items": [{"id": "a", "title": "A", "content_html": "TEXT"}]}""",
    "text of Ghost": """{"db": [{"data": {"posts":
        [{"id": "1", "title": "A", "slug": "a", "status": "published", "html": "TEXT"}]}}]}""",
    "Lexical of Ghost": """{"db": [{"data": {"posts": [{
        "id": "1", "title": "A", "slug": "a", "status": "published",
        "lexical": {"root": {"children": [
            {"type": "paragraph", "children": [{"type": "text", "text": "TEXT"}]},
            {"type": "html", "html": "TEXT"}, {"type": "image", "src": "TEXT", "caption": "TEXT"}]}}}]}}]}""",
    "Mobiledoc of Ghost": """{"db": [{"data": {"posts": [{
        "id": "1", "title": "A", "slug": "a", "status": "published",
        "mobiledoc": {"cards": [["html", {"html": "TEXT"}]],
            "sections": [[1, "p", [[0, [], 0, "TEXT"]]], [10, 0]]}}]}}]}""",
}
_MEDIUM = {
    "title": ('<html><body><article class="h-entry"><h1 class="p-name">', "</h1></article></body></html>"),
    "text": (
        '<html><body><article class="h-entry"><h1 class="p-name">A</h1><section class="e-content">',
        "</section></article></body></html>",
    ),
    "head": ("<html><head>", '</head><body><article class="h-entry">A</article></body></html>'),
}


def _pages() -> Iterator[Row]:
    options = ImportOptions(Site(), "https://a.example/")

    def read(before: str, after: str, text: str) -> object:
        data = f"{before}{text}{after}".encode()
        return list(read_page(data, "a.html", "a.html", options, SourceFolder(empty_folder())))

    for name, (before, after) in _MEDIUM.items():
        yield Row(f"import: {name} of a page of Medium", partial(read, before, after), 32_000)


_HTML_TO_IMPORT = (
    ("", ""),
    ("<h1>", "</h1>"),
    ('<p><a href="https://a.example/">', "</a></p>"),
    ('<p><img src="a.png" alt="', '"></p>'),
    ("<p><code>", "</code></p>"),
    ("<pre><code>", "</code></pre>"),
    ("<table><tr><th>a</th></tr><tr><td>", "</td></tr></table>"),
    ("<ul><li>", "</li></ul>"),
    ("<blockquote><p>", "</p></blockquote>"),
    ("<figure><img src=a.png><figcaption>", "</figcaption></figure>"),
    ('<p>a<sup id="r1"><a href="#n1">1</a></sup></p><ol><li id="n1">', ' <a href="#r1">b</a></li></ol>'),
)


def _legal(text: str) -> str:
    return "".join(character for character in text if character in "\t\n\r" or character >= " ")


def _formats() -> Iterator[Row]:
    urls = Urls("https://news.example/blog")
    site = Site(title="A", description="B")
    facts: dict[str, Callable[[str], dict[str, Any]]] = {
        "title": lambda text: {"title": text},
        "summary": lambda text: {"summary": text},
        "content": lambda text: {"content_html": f"<p>{html.escape(text)}</p>", "text": text},
        "tag": lambda text: {"tags": (text,)},
        "author": lambda text: {"authors": (text,)},
        "extra": lambda text: {"extra": {"a": text, text[:20]: 1}},
        "correction": lambda text: {"correction": text},
    }

    def list_one(render: Callable[[Listing, Urls], bytes], fact: str, text: str) -> object:
        return render(listing(article(**facts[fact](text)), of=site), urls)

    def search(render: Callable[[Listing, Urls], bytes], text: str) -> object:
        return render(listing(article(), of=site, query=Query(q=text)), urls)

    def show_one(render: Callable[[SingleArticle, Urls], bytes], fact: str, text: str) -> object:
        return render(SingleArticle(site, article(**facts[fact](text))), urls)

    def hide(text: str) -> object:
        body = Body(f"[a](b.md) {text}\n\n[c]: b.md\n", "markdown", "/files/")
        return hide_links_of_body(body, {"/files/b.md"})

    def empty(text: str) -> object:
        return empty_comments(Body(f"<!-- a --> {text}", "markdown", "/files/"))

    def write(text: str) -> object:
        body = Body(f"[a](/b) {text}", "markdown", "/files/")
        return write_references(body, render(body.text, body.format, body.base).html)

    yield Row("format: Markdown with a hidden link", hide, 32_000)
    yield Row("format: Markdown with references", write, 16_000)
    yield Row("format: Markdown with a comment", empty, 32_000)
    for name, form in FORMATS.items():
        for fact in facts:
            yield Row(f"format: {fact} in a list of {name}", partial(list_one, form.listing, fact))
            if form.article:
                yield Row(f"format: {fact} in one {name}", partial(show_one, form.article, fact))
        yield Row(f"format: search in a list of {name}", partial(search, form.listing))
    yield Row("search: a search in words", lambda text: find_matches("a word of text " * 100, text, "en"))
    yield Row("search: words in a text", lambda text: find_matches(text, 'word "a word" te*', "en"))


# Modules whose functions are looked at one by one.
_WALKED: tuple[ModuleType, ...] = (
    service.content,
    service.importing,
    service.markup,
    service.model,
    service.formats,
)
_NAMED = (
    "service.query",
    "service.urls",
    "service.index.search",
    "service.index.search",
    "service.settings.appearance",
    "service.settings.values",
    "service.web.addresses.encoding",
    "service.web.addresses.legacy_redirects",
    "service.web.http.conditional",
    "service.web.query_string.parsing",
    "service.web.content_files",
    "service.web.responses",
    "service.web.addresses.base_url",
    "service.web.http.negotiation",
    "service.web.query_string.values",
    "service.filter_parsers",
    "service.settings.webhooks",
)
_PATHS = {"path", "folder", "place", "file", "root", "stem"}
"""Names of parameters that hold a path within the folder: the operating system bounds it at 4,096 bytes."""
_TEXTS: dict[Any, Callable[[str], Any]] = {
    str: str,
    str | None: str,
    object: str,
    Any: str,
    bytes: str.encode,
    bytes | None: str.encode,
    list[str]: _pieces,
    list[str] | None: _pieces,
    tuple[str, ...]: lambda text: tuple(_pieces(text)),
    Iterable[str]: _pieces,
    Collection[str]: _pieces,
    Sequence[str]: _pieces,
    frozenset[str]: lambda text: frozenset(_pieces(text)),
    dict[str, Any]: lambda text: dict.fromkeys(_pieces(text), text[:20]),
    Mapping[str, Any]: lambda text: dict.fromkeys(_pieces(text), text[:20]),
}
_SUPPLIED: dict[Any, Callable[[], Any]] = {
    str: lambda: "a",
    str | None: lambda: "a",
    bytes: lambda: b"a",
    bytes | None: lambda: b"a",
    int: lambda: 1,
    bool: lambda: False,
    Any: lambda: "a",
    tzinfo: lambda: UTC,
    datetime: lambda: datetime(2019, 1, 28, tzinfo=UTC),
    datetime | None: lambda: datetime(2019, 1, 28, tzinfo=UTC),
    Site: Site,
    SiteContext: SiteContext,
    Urls: lambda: Urls("https://news.example/blog"),
    Query: Query,
    Article: article,
    Listing: lambda: listing(article()),
    Entry: lambda: Entry("a", 1, "a"),
    ImportOptions: lambda: ImportOptions(Site()),
    FileLookup: lambda: FileLookup(empty_folder()),
    TextFormat: lambda: "markdown",
    FormatName: lambda: "json",
    list[str]: lambda: ["a"],
    tuple[str, ...]: lambda: ("a",),
    Sequence[str]: lambda: ["english"],
    Iterable[str]: lambda: ["english"],
    Collection[str]: lambda: ["/files/b.md"],
    dict[str, Any]: dict,
    Mapping[str, str]: dict,
    Mapping[str, Any]: dict,
    tuple[Author, ...]: tuple,
    tuple[Tag, ...]: tuple,
    Callable[[str], bool]: lambda: bool,
}  # fmt: skip


UNMEASURED = {
    "service.content.body.omissions": "finds what was left out of a text, in the rows of whole files",
    "service.content.dates.date_field": "only its error takes a text, which it keeps",
    "service.content.discovery.listing_pages": "reads names of files, which the operating system bounds",
    "service.content.discovery.partial_scan": "reads names of files, which the operating system bounds",
    "service.content.discovery.page_bundles": "reads names of files, which the operating system bounds",
    "service.content.generators.addresses.excluding_scheme": "reads names of files, which the system bounds",
    "service.content.generators.nikola": "reads names of files, which the operating system bounds",
    "service.content.generators.sphinx": "reads names of files, which the operating system bounds",
    "service.importing.output.redirect_pages": "reads files through service.content.pipeline",
    "service.content.discovery.site_context": "gathers what service.content.generators has read",
    "service.content.records": "looks names of files up",
    "service.formats.opml": "writes what the settings say",
    "service.web.responses": "writes headers of addresses that are bounded",
}
"""Modules of which no function is measured, each with the reason."""

BOUNDED = {
    "importing.conversion.structure_fingerprint._tokens": "gets safe HTML: each `<` begins a tag",
    "importing.conversion.structure_fingerprint.structure_fingerprint": "gets safe HTML",
    "importing.conversion.to_markdown.text_with_spaces": "gets safe HTML",
    "markup.served_text.page_html.adapt_to_page": "gets safe HTML, in which each `<` begins a tag that ends",
    "content.dates.date_text._parse_other_form": "parse_date refuses what is longer than LONGEST_DATE",
    "content.files.addresses._check_spelling": "gets the path of a file that exists",
    "content.generators.site_settings.javascript_literals.find_objects(before)": "gets a pattern",
    "content.generators.site_settings.javascript_literals.find_object_texts(before)": "gets a pattern",
    "content.scraping.credits.byline._strip_role": "read_names refuses what is longer than LONGEST",
}
"""Functions, or parameters, that get no text from outside but what is bounded; each with the reason."""


def walked_modules() -> tuple[str, ...]:
    below = (info.name for one in _WALKED for info in pkgutil.walk_packages(one.__path__, f"{one.__name__}."))
    return tuple(sorted({*below, *(one.__name__ for one in _WALKED), *_NAMED}))


def _walked() -> Iterator[Row]:
    for module_name in walked_modules():
        module = importlib.import_module(module_name)
        for name, value in sorted(vars(module).items()):
            function = inspect.unwrap(value) if callable(value) else value
            full_name = f"{module_name.removeprefix('service.')}.{name}"
            if (
                inspect.isfunction(function)
                and function.__module__ == module_name
                and full_name not in BOUNDED
            ):
                yield from _rows_of(full_name, function)


def _rows_of(name: str, function: Callable[..., Any]) -> Iterator[Row]:
    try:
        hints = typing.get_type_hints(function)
    except NameError:  # a type that is imported for type checkers only
        return
    parameters = [
        parameter
        for parameter in inspect.signature(function).parameters.values()
        if parameter.kind != parameter.VAR_KEYWORD
    ]
    for subject in parameters:
        kind = hints.get(subject.name)
        if subject.name in _PATHS or kind not in _TEXTS or f"{name}({subject.name})" in BOUNDED:
            continue
        others = [parameter for parameter in parameters if parameter is not subject]
        if any(
            other.default is other.empty
            and hints.get(other.name) not in _SUPPLIED
            and other.kind != other.VAR_POSITIONAL
            for other in others
        ):
            continue
        required = [
            other for other in others if other.default is other.empty and other.kind != other.VAR_POSITIONAL
        ]
        positional = subject.kind == subject.VAR_POSITIONAL
        if positional and others:
            continue
        longest = 128_000 if kind in {str, str | None, bytes, bytes | None} else 32_000

        def call(
            text: str,
            subject: inspect.Parameter = subject,
            kind: Any = kind,
            required: Any = required,
            positional: bool = positional,
        ) -> object:
            if positional:
                return function(*_pieces(text))
            arguments = {one.name: _SUPPLIED[hints[one.name]]() for one in required} | {
                subject.name: _TEXTS[kind](text)
            }
            bound = inspect.signature(function).bind(**arguments) if not _positional_only(function) else None
            result = function(*bound.args, **bound.kwargs) if bound else function(*arguments.values())
            return list(result) if isinstance(result, Iterator) else result

        is_sparse = function.__name__.startswith("_") or longest < 128_000
        yield Row(f"{name}({subject.name})", call, longest, is_sparse)


def _positional_only(function: Callable[..., Any]) -> bool:
    return any(
        parameter.kind == parameter.POSITIONAL_ONLY
        for parameter in inspect.signature(function).parameters.values()
    )


@cache
def rows() -> tuple[Row, ...]:
    """Every row, in the order of its name."""
    made = (
        _files(),
        _sites(),
        _fields(),
        _settings(),
        _requests(),
        _imports(),
        _pages(),
        _formats(),
        _walked(),
    )
    return tuple(sorted((one for group in made for one in group), key=lambda row: row.name))
