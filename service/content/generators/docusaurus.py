"""Docusaurus: its settings, and the addresses of its blogs and docs (https://docusaurus.io/docs/blog)."""

import re
from typing import Any, ClassVar

from service.content.files.kinds import HTML_SUFFIXES
from service.content.generators.addresses.scheme import ArticleVariables, Scheme
from service.content.generators.generator import STATIC_FILES, Generator, SiteConfig
from service.content.generators.site_settings.folder_defaults import from_root, matches_glob
from service.content.generators.site_settings.javascript_literals import (
    find_globs,
    find_object_texts,
    find_objects,
    read_properties,
    without_comments,
)
from service.content.generators.site_settings.values import (
    first_hidden_name,
    join_path,
    relative_path,
    url_path,
)

_METADATA = {"title": "title", "tagline": "description", "defaultLocale": "language"}
_NAMES = frozenset({*_METADATA, "baseUrl"})

_POST = re.compile(r"(?P<above>.*)(?P<date>\d{4}[-/]\d{1,2}[-/]\d{1,2})[-/]?(?P<name>.*?)(?:/index)?\.mdx?")
_PAGE = re.compile(r"(?:/?index)?\.mdx?$", re.IGNORECASE)
_LOCALIZED = re.compile(r"i18n/(?P<locale>[^/]+)/docusaurus-plugin-content-(?P<kind>blog|docs)/(?P<path>.*)")
_CURRENT_VERSION = "current/"
# `01-intro` is `intro`; `2021-11-02` and `1.5-notes` stay.
_NUMBERED = re.compile(r"(?!\d+[-_.]\d)\d+\s*[-_.]+\s*(?P<name>[^-_.\s].*)")


class DocusaurusScheme(Scheme, frozen=True, kw_only=True):
    """`blogs` and `docs` map folders below that of the site to the path before their addresses.

    `excluded` are globs of the files in these folders that have no page; `included` those of the files that
    have one, by folder, none for all.

    The first of each is the default instance, whose translations lie under the name of the plugin.
    """

    reads_mdx: ClassVar[bool] = True
    unread_suffixes: ClassVar[tuple[str, ...]] = (".txt", *HTML_SUFFIXES)

    locale: str
    blogs: dict[str, str]
    docs: dict[str, str]
    excluded: tuple[str, ...]
    included: dict[str, tuple[str, ...]]

    @property
    def source_folders(self) -> tuple[str, ...]:
        folders = (*self.blogs, *self.docs)
        if any(".." in folder.split("/") for folder in folders):
            return ()  # outside of the site: anywhere
        versions = (f"versioned_{folder}" for folder in self.docs)
        return tuple(join_path(self.folder, name) for name in (*folders, *versions, "src/pages", "i18n"))

    def find_site_exclusion(self, path: str) -> str | None:
        """See `exclude` at https://docusaurus.io/docs/api/plugins/@docusaurus/plugin-content-docs."""
        inner = relative_path(self.folder, path) or path
        hidden = first_hidden_name(inner)
        if hidden:
            return f"Docusaurus does not read {hidden!r}: its name begins with _"
        below = (relative_path(folder, inner) for folder in (*self.blogs, *self.docs))
        is_excluded = any(path is not None and matches_glob(path, self.excluded) for path in below)
        for folder, globs in self.included.items():
            place = relative_path(folder, inner)
            is_excluded = is_excluded or bool(globs and place and not matches_glob(place, globs))
        return "excluded by docusaurus.config" if is_excluded else None

    def address(self, article: ArticleVariables) -> str | None:
        path = relative_path(self.folder, article.path) or ""
        prefix = ""
        if localized := _LOCALIZED.fullmatch(path):
            prefix = "" if localized["locale"] == self.locale else f"/{localized['locale']}"
            default = next(iter(self.blogs if localized["kind"] == "blog" else self.docs), "")
            path = f"{default}/{localized['path'].removeprefix(_CURRENT_VERSION)}"
        for routes, build in ((self.blogs, _post_address), (self.docs, _doc_address)):
            for folder, route in routes.items():
                if folder and (inner := relative_path(folder, path)):
                    return f"{prefix}{route}/{build(inner, article)}"
        return None


def _post_address(path: str, article: ArticleVariables) -> str:
    """Its slug, or the date with the rest of its path: `a/2021-05-06-b/index.md` → `2021/05/06/a/b`."""
    if slug := article.text("slug"):
        return slug
    post = _POST.fullmatch(path)
    if post is None:
        return _PAGE.sub("", path)
    return f"{post['date'].replace('-', '/')}/{post['above']}{post['name']}"


def _doc_address(path: str, article: ArticleVariables) -> str:
    """The folders and the name without the numbers that order them; an index is its folder."""
    *folders, file = path.split("/")
    above = [_without_number(folder) for folder in folders]
    name = article.text("id") or _without_number(re.sub(r"\.mdx?$", "", file))
    if slug := article.text("slug"):
        return slug if slug.startswith("/") else "/".join((*above, slug))
    if name.lower() in {"index", "readme"} or (above and name.lower() == above[-1].lower()):
        return "/".join(above)
    return "/".join((*above, name))


def _without_number(name: str) -> str:
    numbered = _NUMBERED.fullmatch(name)
    return numbered["name"] if numbered else name


def _parse(_path: str, text: str) -> dict[str, Any]:
    """The plain settings, and the options of each instance of the plugins for blogs and docs."""
    code = without_comments(text)
    return {
        **read_properties(code, _NAMES),
        "blogs": _instances("blog", code),
        "docs": _instances("docs", code),
    }


def _instances(kind: str, code: str) -> list[dict[str, Any]]:
    """The options of each instance of a plugin; the default instance needs none, unless it is turned off."""
    presets = _read_options(rf"\b{kind}\s*:", code)
    is_off = bool(re.search(rf"\b{kind}\s*:\s*false\b", code))
    return [*(presets or ([] if is_off else [{}])), *_read_options(rf"plugin-content-{kind}['\"]\s*,", code)]


def _read_options(before: str, code: str) -> list[dict[str, Any]]:
    """The texts in each object after the pattern `before`, and the globs of the files that it includes."""
    contents = find_object_texts(before, code)
    return [
        {**own, "include": find_globs(content, "include")[0]}
        for own, content in zip(find_objects(before, code), contents, strict=True)
    ]


def _build_scheme(site: SiteConfig) -> DocusaurusScheme:
    blogs, docs = site.values["blogs"], site.values["docs"]
    return DocusaurusScheme(
        folder=site.folder,
        base=url_path(site.values.get("baseUrl")),
        locale=site.values.get("defaultLocale", "en"),
        blogs=_routes(blogs, "blog"),
        docs=_routes(docs, "docs"),
        included={
            _folder_of(options, kind): tuple(from_root(options.get("include", ())))
            for instances, kind in ((blogs, "blog"), (docs, "docs"))
            for options in instances
        },
        excluded=tuple(from_root(site.values["exclude"])),
    )


def _folder_of(options: dict[str, Any], default: str) -> str:
    return str(options.get("path", default)).removeprefix("./").strip("/")


def _routes(instances: list[dict[str, Any]], default: str) -> dict[str, str]:
    """The folder of each instance, and what its addresses begin with; "" for the root of the site."""
    return {
        _folder_of(options, default): url_path(options.get("routeBasePath", default)) for options in instances
    }


DOCUSAURUS = Generator(
    name="Docusaurus",
    settings_files=r"docusaurus\.config\.[cm]?[jt]s",
    parse=_parse,
    metadata=_METADATA,
    excluded={"build": "a page made by Docusaurus", "static": STATIC_FILES},
    build_scheme=_build_scheme,
    globs="exclude",
)
