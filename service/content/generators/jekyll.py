"""Jekyll: its settings, and its addresses (https://jekyllrb.com/docs/permalinks/)."""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import Any, ClassVar

import msgspec

from service.content.generators.addresses.date_directives import format_directive
from service.content.generators.addresses.permalink_patterns import (
    Pattern,
    read_pattern,
    read_pattern_setting,
)
from service.content.generators.addresses.scheme import ArticleVariables, Scheme
from service.content.generators.generator import (
    DATA_SUFFIX,
    Generator,
    GeneratorSettings,
    SettingsFile,
    SiteConfig,
    parse_data_file,
)
from service.content.generators.site_settings.folder_defaults import glob_pattern, matches_glob
from service.content.generators.site_settings.metadata import read_metadata
from service.content.generators.site_settings.values import (
    as_list,
    as_table,
    as_text,
    as_texts,
    first_hidden_name,
    is_true,
    join_path,
    relative_path,
    url_path,
)
from service.content.generators.site_settings.variables import site_variables
from service.content.records import FolderDefault

_MAX_ITEMS = 200
_STYLES = {
    "date": "/:categories/:year/:month/:day/:title:output_ext",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title:output_ext",
    "weekdate": "/:categories/:year/W:week/:short_day/:title:output_ext",
    "none": "/:categories/:title:output_ext",
}
_DATE_TOKENS = {
    "year": "Y",
    "short_year": "y",
    "w_year": "G",
    "month": "m",
    "i_month": "-m",
    "short_month": "^b",
    "long_month": "B",
    "day": "d",
    "i_day": "-d",
    "y_day": "j",
    "week": "V",
    "w_day": "u",
    "short_day": "^a",
    "long_day": "A",
    "hour": "H",
    "minute": "M",
    "second": "S",
}
_POST_PATH = re.compile(r"(?!(?:.*/)?source/_posts/)(?:.*/)?_posts/")
_POST = re.compile(r"(?:(?P<above>.*)/)?_posts/(?P<path>.*)")
_DATED = re.compile(r"\d{2,4}-\d{1,2}-\d{1,2}-(?P<name>.*)")
_EXCLUDED = "excluded by _config.yml"
_DRAFT = re.compile(r"(?:^|/)_drafts/")
_SUFFIX = re.compile(r"\.[^./]+$")
_PLAIN_SLUG = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*")
_GAP = re.compile("\0+")
_PRETTY = "._~!$&'()+,;=@"


def is_jekyll_post(path: str) -> bool:
    """Whether the file at `path` is in a folder of Jekyll's posts; those of Hexo are in `source/_posts`."""
    return "_posts/" in path and bool(_POST_PATH.match(path))


class JekyllScheme(Scheme, frozen=True, kw_only=True):
    """`source` is the folder of the site's files, `collections_dir` that of its collections below it, or "".

    `collections` are those with pages, by folder.
    """

    unread_suffixes: ClassVar[tuple[str, ...]] = ()  # with front matter, they are pages

    source: str = ""
    collections_dir: str = ""
    posts: Pattern = Pattern(())
    pages: Pattern = Pattern(())
    collections: dict[str, Pattern] = msgspec.field(default_factory=dict)
    included: tuple[str, ...] = ()
    excluded_globs: tuple[str, ...] = ()

    @property
    def source_folders(self) -> tuple[str, ...]:
        return (self.source,) if self.source != self.folder else ()

    def find_site_exclusion(self, path: str) -> str | None:
        """Jekyll reads hidden names only in posts and collections, and no posts without a date in their name.

        See https://jekyllrb.com/docs/configuration/options/ (`include`).
        """
        path = relative_path(self.source, path) or path
        if matches_glob(path, self.excluded_globs) and not matches_glob(path, self.included):
            return _EXCLUDED
        inner = relative_path(self.collections_dir, path) or path
        if post := _POST.fullmatch(inner):
            above, _, name = post["path"].rpartition("/")
            # Hexo reads none of these, Jekyll none directly in `_posts`.
            if (hidden := first_hidden_name(above)) and not matches_glob(path, self.included):
                return f"it is in {hidden!r}, whose name begins with _"
            # The settings of a small Hexo site look like Jekyll's; its posts need no date.
            return (
                None
                if not is_jekyll_post(inner) or _DATED.fullmatch(name)
                else "it is not read as a post: its name has no date"
            )
        if _DRAFT.search(inner) or matches_glob(path, self.included):
            return None
        collection, _, rest = inner.partition("/")
        if collection in self.collections:
            inner = rest
        hidden = first_hidden_name(inner)
        return f"{hidden!r} is not read: its name begins with _" if hidden else None

    def is_post(self, path: str) -> bool:
        return bool(_POST.fullmatch(relative_path(self.source, path) or path))

    def page_path(self, path: str) -> str | None:
        """See https://jekyllrb.com/docs/pages/: what is neither a post nor in a collection."""
        inner = relative_path(self.source, path)
        if inner is None or any(part.startswith("_") for part in inner.split("/")):
            return None
        return inner

    @property
    def patterns(self) -> tuple[Pattern, ...]:
        return *self.collections.values(), self.posts

    def address(self, article: ArticleVariables) -> str | None:
        if address := article.explicit_address("permalink"):
            return address
        document = self._document(article)
        return document.pattern.fill(document.expand) if document else None

    def fill(self, pattern: str, article: ArticleVariables) -> str | None:
        """The address that the article's own `pattern` gives; None for a pattern that cannot be used."""
        document = self._document(article)
        try:
            return _read_pattern(pattern).fill(document.expand) if document else None
        except ValueError:
            return None

    def _document(self, article: ArticleVariables) -> "_Document | None":
        """The article as Jekyll sees it; None where Jekyll makes no page of the file."""
        path = relative_path(self.source, article.path)
        if path is None:
            return None
        path = relative_path(self.collections_dir, path) or path
        if post := _POST.fullmatch(path):
            above = tuple(filter(None, (post["above"] or "").split("/")))
            return _Document(article, post["path"], self.posts, above, "posts")
        for folder, pattern in self.collections.items():
            if path.startswith(f"{folder}/"):
                return _Document(
                    article, path.removeprefix(f"{folder}/"), pattern, (), folder.removeprefix("_")
                )
        if any(part.startswith("_") for part in path.split("/")):
            return None
        is_index = path.rpartition("/")[2].startswith("index.")
        return _Document(article, path, _INDEX if is_index else self.pages)


class _Document(msgspec.Struct, frozen=True):
    """A document of a `collection`, or a page (""); `path` is relative to the folder of the collection.

    The folders `above` that of a post are categories.
    """

    variables: ArticleVariables
    path: str
    pattern: Pattern
    above: tuple[str, ...] = ()
    collection: str = ""

    def expand(self, token: str) -> str | None:
        if token in _DATE_TOKENS:
            return format_directive(self.variables.local_date, _DATE_TOKENS[token])
        return _TOKENS[token](self)

    @property
    def stem(self) -> str:
        return _SUFFIX.sub("", self.path)

    @property
    def name(self) -> str:
        return self.stem.rpartition("/")[2]

    @property
    def slug(self) -> str:
        """Its `slug`, or its name without the date."""
        dated_name = _DATED.fullmatch(self.name) if self.collection else None
        return self.variables.text("slug") or (dated_name["name"] if dated_name else self.name).rstrip(".")

    @property
    def categories(self) -> list[str]:
        """The folders above `_posts`, then `categories` (text is split at spaces), then `category`."""
        value = self.variables.value("categories")
        categories = value.split() if isinstance(value, str) else self.variables.texts("categories")
        return [name.lower() for name in (*self.above, *categories, *self.variables.texts("category"))]


_TOKENS: dict[str, Callable[[_Document], str]] = {
    "output_ext": lambda _: ".html",
    "title": lambda document: _slugify(document.slug, _PRETTY, cased=True),
    "slug": lambda document: _slugify(document.slug),
    "name": lambda document: _slugify(document.name),
    "basename": lambda document: document.name,
    "path": lambda document: document.stem if document.collection else document.stem.rpartition("/")[0],
    "collection": lambda document: document.collection,
    "categories": lambda document: "/".join(dict.fromkeys(document.categories)),
    "slugified_categories": lambda document: "/".join(dict.fromkeys(map(_slugify, document.categories))),
}
_KNOWN = frozenset({*_DATE_TOKENS, *_TOKENS})
# `:title_old` is the title, then `_old`.
_TOKEN = re.compile(rf":({'|'.join(sorted(_KNOWN, key=len, reverse=True))}|[a-z_]+)")


@lru_cache(maxsize=256)
def _read_pattern(text: str) -> Pattern:
    return read_pattern(text, _TOKEN, _KNOWN.__contains__)


_INDEX = _read_pattern("/:path/")

DEFAULT_SCHEME = JekyllScheme()
"""The scheme of a post without settings of its site: only patterns in the post itself count."""


def _slugify(name: str, kept: str = "", *, cased: bool = False) -> str:
    """All but letters, marks, digits and the characters `kept` as one hyphen, and none at either end."""
    if _PLAIN_SLUG.fullmatch(name):  # most names
        return name if cased else name.lower()
    parts = "".join(c if c.isalnum() or c in kept or _is_mark(c) else "\0" for c in name)
    slug = _GAP.sub("-", parts).removeprefix("-").removesuffix("-")
    return slug if cased else slug.lower()


def _is_mark(character: str) -> bool:
    return not character.isascii() and unicodedata.category(character)[0] == "M"


def _read(file: SettingsFile) -> GeneratorSettings:
    defaults = _scoped_defaults(file.values.get("defaults"), file.folder)
    if separator := file.values.get("excerpt_separator"):
        defaults = (FolderDefault({"excerpt_separator": separator}), *defaults)
    if variables := _site_variables(file.values):
        defaults = (FolderDefault(variables), *defaults)
    return GeneratorSettings(
        "Jekyll",
        file,
        read_metadata(file.values),
        defaults=defaults,
        excluded=_excluded(file),
        replaces_emoji="jemoji" in [*as_list(file.values.get("plugins")), *as_list(file.values.get("gems"))],
    )


def _site_variables(values: dict[str, Any]) -> dict[str, str]:
    """The values of `{{ site.title }}` and its like in a text, with the address of the repository."""
    variables = site_variables(values)
    repository = as_text(values.get("repository"))
    if re.fullmatch(r"[\w.-]+/[\w.-]+", repository):
        variables["site.github.repository_url"] = f"https://github.com/{repository}"
    return variables


def _scoped_defaults(value: Any, folder: str) -> tuple[FolderDefault, ...]:
    """The `defaults` of each scope, a path and perhaps a type; narrower scopes come later and so win."""
    ranked: list[tuple[tuple[int, bool], FolderDefault]] = []
    for entry in map(as_table, as_list(value)[:_MAX_ITEMS]):
        values, scope = entry.get("values"), entry.get("scope")
        if not isinstance(values, dict) or not isinstance(scope, dict):
            continue
        path = as_text(scope.get("path")).strip("/")
        document_type = as_text(scope.get("type"))
        glob = glob_pattern(path)
        if glob is not None:
            pattern = _scope_pattern(folder, glob, document_type)
            ranked.append(((len(path), bool(document_type)), FolderDefault(values, pattern)))
    return tuple(default for _, default in sorted(ranked, key=lambda item: item[0]))


def _scope_pattern(folder: str, glob: str, document_type: str) -> str:
    start = re.escape(f"{folder}/") if folder else ""
    inside = rf"{glob}(?:/.*)?" if glob else ".*"
    if not document_type:
        return f"{start}{inside}"
    if document_type == "pages":
        return rf"(?!(?:.*/)?_){start}{inside}"
    return rf"(?=(?:.*/)?_{re.escape(document_type)}/){start}{inside}"


def _excluded(file: SettingsFile) -> dict[str, str]:
    """The paths that the settings exclude, the folder of the finished site, and collections without pages."""
    excluded = as_texts(file.values.get("exclude"))
    reasons = {name.strip("/"): _EXCLUDED for name in excluded if not re.search(r"[*?]", name)}
    reasons[as_text(file.values.get("destination"))] = "a page made by the generator"
    collections_dir = as_text(file.values.get("collections_dir"))
    for name, options in list(as_table(file.values.get("collections")).items())[:_MAX_ITEMS]:
        if as_table(options).get("output") is False:
            reason = f"data: the collection {name!r} has no pages"
            reasons[join_path(collections_dir, f"_{name}")] = reason
    return {join_path(file.folder, path): reason for path, reason in reasons.items() if join_path("", path)}


def _build_scheme(site: SiteConfig) -> JekyllScheme:
    settings = site.values
    style = settings.get("permalink", "date")
    posts = _STYLES.get(str(style), style)
    listed = settings.get("collections")
    collections: dict[str, Pattern] = {}
    for name, options in as_table(
        dict.fromkeys(map(str, listed)) if isinstance(listed, list) else listed
    ).items():
        options = as_table(options)
        if name == "posts":
            posts = options.get("permalink", posts)
        elif is_true(options.get("output")):
            pattern = options.get("permalink", f"/:collection/:path{_ending(str(style))}")
            setting = f"collections.{name}.permalink"
            collections[f"_{name}"] = read_pattern_setting(setting, pattern, _read_pattern)
    return JekyllScheme(
        folder=site.folder,
        base=url_path(settings.get("baseurl")),
        source=join_path(site.folder, as_text(settings.get("source"))),
        collections_dir=join_path("", as_text(settings.get("collections_dir"))),
        posts=read_pattern_setting("permalink", posts, _read_pattern),
        pages=_read_pattern(f"/:path/:basename{_ending(str(style))}"),
        collections=collections,
        included=as_texts(settings.get("include")),
        excluded_globs=tuple(name for name in as_texts(settings.get("exclude")) if re.search(r"[*?]", name)),
    )


def _ending(style: str) -> str:
    """The end of the addresses of pages, which depends on the style of posts."""
    if style in {"date", "ordinal", "none"} or style.endswith(":output_ext"):
        return ":output_ext"
    return "/" if style == "pretty" or style.endswith("/") else ""


JEKYLL = Generator(
    name="Jekyll",
    settings_files=rf"_config\.{DATA_SUFFIX}",
    parse=parse_data_file,
    read=_read,
    excluded={"vendor": "part of a library"},
    build_scheme=_build_scheme,
)
