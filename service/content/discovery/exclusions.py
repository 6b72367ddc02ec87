"""Which files and records are not published as articles, and why; shown by `check --explain`."""

import re
from collections.abc import Mapping
from typing import Any

from service.content.discovery.publication_status import find_visibility_exclusion
from service.content.discovery.text_kinds import is_template_expression
from service.content.fields.authors import is_author_list
from service.content.fields.field_reader import Fields, as_boolean
from service.content.files.dependencies import FileLookup
from service.content.files.kinds import HTML_SUFFIXES, INDEX_NAMES, MARKDOWN_SUFFIXES
from service.content.generators.addresses.article_addresses import find_scheme
from service.content.generators.eleventy import is_directory_data, is_directory_data_name
from service.content.generators.obsidian import find_vault
from service.content.generators.site_settings.values import relative_path
from service.content.records import SiteContext

_META_FILES = re.compile(
    r"(?:readme|(?:un)?licen[cs]e|copying|contributing|contributors|changelog|code[-_]of[-_]conduct|security"
    r"|support|notices?|attribution|maintainers|third[-_]party[-_]notices|pull_request_template|issue_template)"
    r"(?:[-_.][^/]*)?\.(?:md|markdown|txt|html)"
    r"|(?:[^/]*[-_]licen[cs]e|todos?|eula|ofl)\.(?:md|markdown|txt|html)"
    r"|(?:robots|humans|ads|app-ads|llms|llms-full|CMakeLists|[^/]*requirements[^/]*|top_level|entry_points"
    r"|dependency_links|licen[cs]es)\.txt"
    # These verify the owner of a site to a search engine.
    r"|(?:google|baidu_verify_|yandex_|sogousiteverification|naver)[\w-]*\.html"
    # Instructions for programs that write code.
    r"|(?-i:AGENTS|CLAUDE|GEMINI)\.md",
    re.IGNORECASE,
)
_TOOL_SETTINGS = re.compile(
    r"(?:[tj]sconfig(?:[.-][\w.-]+)?|(?:package|composer|deno|npm-shrinkwrap)(?:-lock)?|tslint|renovate|biome"
    r"|typedoc|api-extractor|angular|babel\.config|jest\.config|nodemon|nx|turbo|lerna|vercel|now|firebase"
    r"|wrangler|dprint|cspell|devcontainer|netlify|manifest|browserconfig|components)\.json",
    re.IGNORECASE,
)
_UPLOAD_FOLDERS = frozenset({"upload", "uploads", "wp-content", "wp-includes", "wp-admin"})
_ASSET_FOLDERS = frozenset(
    {"assets", "attachments", "css", "downloads", "fonts", "images", "img", "js", "static"}
)
_GENERATOR_FOLDERS = {
    ".vitepress": "a file of VitePress",
    "_includes": "a part of a template",
    "_layouts": "a template",
    "_templates": "a template",
    "_data": "data for templates",
    "_sass": "a style",
    "_site": "a page made by a generator",
    "archetypes": "a Hugo template",
    "layouts": "a template",
    "scaffolds": "a Hexo template",
    "node_modules": "part of a library",
}
TEMPLATE_FOLDERS = frozenset(_GENERATOR_FOLDERS)
"""Names, in lower case, of folders that generators keep for templates, data and libraries."""

_LISTING_LAYOUTS = frozenset(
    """
    archive archives author authors blog categories category feed home index landing list listing redirect
    redirected search sitemap tag tags taxonomy 404
    """.split()
)
_AUTHOR_FOLDERS = frozenset({"authors", "author", "_authors", "_author"})
_PEOPLE_FOLDERS = frozenset({"people", "_people", "team", "_team", "contributors", "_contributors"})
_PART = "a part of other pages: its name begins with _"
_PERSONAL = tuple("short_name role position bio avatar job_title social socials organization".split())
_ARTICLE_KEYS = frozenset({"title", "headline", "slug", "id", "date", "published"})


def find_path_exclusion(path: str, excluded: Mapping[str, str], *, is_note: bool = False) -> str | None:
    """Why the path of a file excludes it whatever it contains; None if it may be an article.

    `excluded` are the folders and files that its generator keeps for itself, with the reason. `is_note` is
    whether the file is in a vault that no generator publishes, where every name of a folder is the author's.
    """
    *folders, name = path.split("/")
    if excluded:
        places = ("/".join(path.split("/")[: depth + 1]) for depth in range(len(folders) + 1))
        if place := next((place for place in places if place in excluded), None):
            return excluded[place]
    stem, _, suffix = name.rpartition(".")
    for folder in () if is_note else folders:
        if folder.lower() in _GENERATOR_FOLDERS:
            return _GENERATOR_FOLDERS[folder.lower()]
    if "_drafts" in map(str.lower, folders):
        return "a draft: it is in _drafts"
    if stem.partition(".")[0].lower() == "_index":
        return "the page of a section, not an article"
    if suffix.lower() == "json" and is_author_list(path):
        return "a list of authors"
    if _TOOL_SETTINGS.fullmatch(name):
        return "settings of a tool"
    if stem.lower() == "404":
        return "the page for addresses that are not found"
    return None


def find_site_exclusion(path: str, context: SiteContext) -> str | None:
    """Why the generator of the site around the file at `path` does not read it; None if it does."""
    scheme = find_scheme(context.schemes, path)
    if scheme is None:
        is_part = path.rpartition("/")[2].startswith("_") and find_vault(context.vaults, path) is None
        return _PART if is_part else None
    if scheme.folder not in context.read_sites:
        return None
    if path.lower().endswith(scheme.unread_suffixes):
        return f"the generator of the site reads no articles from files {path[path.rindex('.') :]!r}"
    folders = scheme.source_folders
    if folders and all(relative_path(folder, path) is None for folder in folders):
        return f"outside of the folders that are read: {', '.join(folders)}"
    return scheme.find_site_exclusion(path)


def is_in_source(path: str, context: SiteContext) -> bool:
    """Whether the generator of the site makes a page of each file around the one at `path`."""
    scheme = find_scheme(context.schemes, path)
    return scheme is not None and scheme.folder in context.read_sites and scheme.is_in_source(path)


def find_field_exclusion(
    fields: Fields,
    path: str,
    text: str,
    lookup: FileLookup,
    *,
    is_dated: bool,
    has_front_matter: bool,
    is_in_source: bool = False,
) -> str | None:
    """Why `fields` and `text` exclude the article; None if it is to be published.

    `is_dated` is whether the path gives a date, `has_front_matter` whether there is front matter,
    `is_in_source` whether it is in a folder where a generator makes a page of each file.
    """
    *folders, name = path.split("/")
    if not has_front_matter and (
        reason := _find_folder_exclusion(name, {folder.lower() for folder in folders})
    ):
        return reason
    if fields.peek("excalidraw_plugin") not in (None, False):
        return "a drawing of Excalidraw"
    title = fields.peek("title")
    if isinstance(title, str) and is_template_expression(title):
        return f"a template: its title is {title.strip()!r}"
    is_dated = (
        is_dated or fields.peek("date", "published", "pubdate", "publishdate", "publish_date") is not None
    )
    bare = not text.strip()
    is_named_only = not has_front_matter and not is_dated and not is_in_source
    if is_named_only and (reason := _find_name_exclusion(name, folders)):
        return reason
    if reason := find_visibility_exclusion(fields, text, is_dated=is_dated):
        return reason
    is_untranslated = as_boolean(fields.peek("untranslated")) or fields.peek("translated") is False
    if is_untranslated and not re.sub(r"\{[{%].*?[}%]\}", "", text).strip():
        return "a placeholder: not translated yet"
    kind = fields.peek("layout", "template", "type")
    layout = kind.rpartition("/")[2].partition(".")[0].lower() if isinstance(kind, str) else ""
    index = _is_index(name)
    if layout in _LISTING_LAYOUTS and (
        (bare and index) or (not is_dated and (bare or index or fields.peek("title") is None))
    ):
        return f"a page that lists others (layout {kind!r})"
    if not is_dated and bare and index and isinstance(kind, str):
        return "the page of a section, not an article"
    if not is_dated and _is_about_a_person(fields, folders):
        return "a page about an author"
    if not is_dated and bare and fields.peek("template", "layout") and fields.peek("title") is None:
        return f"a page that consists of template code only ({kind!r})"
    return _find_bundle_exclusion(path, lookup) if not has_front_matter and not is_dated else None


def _find_folder_exclusion(name: str, folders: set[str]) -> str | None:
    """Why a file without front matter is no article, by the names of its folders in lower case."""
    if not _UPLOAD_FOLDERS.isdisjoint(folders):
        return "an upload, not an article"
    is_markdown = name.lower().endswith(MARKDOWN_SUFFIXES)
    return None if is_markdown or _ASSET_FOLDERS.isdisjoint(folders) else "a file of the site, not an article"


def _find_name_exclusion(name: str, folders: list[str]) -> str | None:
    """Why a file without front matter and date is no article, by its name."""
    if _META_FILES.fullmatch(name):
        return "about the folder itself, not an article"
    if name.startswith("_"):
        return _PART
    if any(folder.startswith("_") and folder not in {"_posts", "_pages"} for folder in folders):
        return "without front matter, in a folder whose name begins with _"
    return None


def find_data_exclusion(path: str, entries: dict[str, Any], bodies: set[str]) -> str | None:
    """Why a JSON object is data and not an article; None if it has a title or a text."""
    if is_directory_data_name(path) and is_directory_data(path, entries):
        return "data of a folder: its values are those of the articles there that give none"
    if not bodies.isdisjoint(entries):
        return None
    if "$schema" in entries:
        return "data: it names a schema and has no text"
    if not _ARTICLE_KEYS.isdisjoint(entries):
        return None
    return "data: neither a title nor a text"


def _is_index(name: str) -> bool:
    return name.partition(".")[0].lower() in INDEX_NAMES


def _is_about_a_person(fields: Fields, folders: list[str]) -> bool:
    names = {folder.lower() for folder in folders}
    if names & _AUTHOR_FOLDERS:
        return True
    return bool(names & _PEOPLE_FOLDERS) and fields.peek("name", *_PERSONAL) is not None


def _find_bundle_exclusion(path: str, lookup: FileLookup) -> str | None:
    """Whether a page without front matter is part of the page bundle of another article."""
    folder, _, name = path.rpartition("/")
    if not folder or _is_index(name) or not name.lower().endswith((".html", ".htm", ".txt", ".json")):
        return None
    owner = next((index for index in _BUNDLE_PAGES if lookup.has(f"{folder}/{index}")), None)
    return f"a resource of {folder}/{owner}" if owner else None


_BUNDLE_PAGES = tuple(f"index{suffix}" for suffix in (*MARKDOWN_SUFFIXES, *HTML_SUFFIXES))
