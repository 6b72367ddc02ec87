"""Pelican: its settings, and its addresses (https://docs.getpelican.com/en/latest/settings.html#url-settings)."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, ClassVar

import msgspec

from service.content.generators.addresses.date_directives import format_date, is_date_format
from service.content.generators.addresses.permalink_patterns import (
    Pattern,
    read_pattern,
    read_pattern_setting,
)
from service.content.generators.addresses.scheme import ArticleVariables, Scheme
from service.content.generators.addresses.transliteration import to_ascii
from service.content.generators.generator import THEME, Generator, GeneratorSettings, SettingsFile, SiteConfig
from service.content.generators.site_settings.folder_defaults import matches_glob
from service.content.generators.site_settings.metadata import pick_metadata
from service.content.generators.site_settings.python_literals import read_python_literals
from service.content.generators.site_settings.values import (
    as_table,
    as_text,
    as_texts,
    is_true,
    join_path,
    relative_path,
    url_path,
)
from service.content.records import FolderDefault

_METADATA = {
    "SITENAME": "title",
    "AUTHOR": "author",
    "DEFAULT_LANG": "language",
    "TIMEZONE": "time_zone",
    "SITESUBTITLE": "description",
}

_TOKEN = re.compile(r"\{([^{}]*)\}")
_DATE = re.compile(r"date:(?P<format>(?:%-?[A-Za-z]|[^%{}])+)")
_DATED = re.compile(r"\d{4}-\d{2}-\d{2}[-_](?P<name>.+)")
_NOT_IN_SLUG = re.compile(r"[^\w\s-]")
_GAPS = re.compile(r"[-\s]+")


class PelicanScheme(Scheme, frozen=True, kw_only=True):
    """`slug_source` is `title`, `name` (of the file) or `undated` (that name without its date).

    The `translated_` patterns are for articles in another language than `language`, that of the site.
    """

    dates_pages: ClassVar[bool] = True

    content: str
    language: str
    articles: Pattern
    pages: Pattern
    translated_articles: Pattern
    translated_pages: Pattern
    slug_source: str = "title"
    category: str = "misc"
    author: str = ""
    page_folders: tuple[str, ...] = ("pages",)
    category_from_folder: bool = True
    sources: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    ignored_files: tuple[str, ...] = ()

    @property
    def source_folders(self) -> tuple[str, ...]:
        return self.sources

    def find_site_exclusion(self, path: str) -> str | None:
        """See `ARTICLE_EXCLUDES` and `IGNORE_FILES` among Pelican's basic settings."""
        if any(relative_path(folder, path) is not None for folder in self.excluded):
            return "excluded by ARTICLE_EXCLUDES or PAGE_EXCLUDES"
        return "excluded by IGNORE_FILES" if matches_glob(path, self.ignored_files) else None

    def is_post(self, path: str) -> bool:
        return relative_path(self.content, path) is not None and self.page_path(path) is None

    def page_path(self, path: str) -> str | None:
        """See `PAGE_PATHS` among Pelican's basic settings."""
        folders = (join_path(self.content, folder) for folder in self.page_folders)
        inner = (relative_path(folder, path) for folder in folders)
        return next((path for path in inner if path is not None), None)

    @property
    def patterns(self) -> tuple[Pattern, ...]:
        return self.articles, self.pages, self.translated_articles, self.translated_pages

    def address(self, article: ArticleVariables) -> str | None:
        if address := article.explicit_address("url"):
            return address
        path = relative_path(self.content, article.path)
        if path is None:
            return None
        translated = (article.text("lang", "language") or self.language).lower() != self.language.lower()
        if any(relative_path(folder, path) is not None for folder in self.page_folders):
            pattern = self.translated_pages if translated else self.pages
        else:
            pattern = self.translated_articles if translated else self.articles
        return pattern.fill(_Post(article, path, self).expand)


class _Post(msgspec.Struct, frozen=True):
    """An article or a page of Pelican: its `path` is relative to the folder of content."""

    variables: ArticleVariables
    path: str
    site: PelicanScheme

    def expand(self, token: str) -> str | None:
        if date := _DATE.fullmatch(token):
            return format_date(self.variables.written_date, date["format"])
        return _TOKENS[token](self)

    @property
    def slug_source(self) -> str:
        """The text of its slug where it has no `slug` of its own."""
        stem = self.path.rpartition("/")[2].rpartition(".")[0]
        if self.site.slug_source == "title":
            return self.variables.title
        dated_name = _DATED.fullmatch(stem) if self.site.slug_source == "undated" else None
        return dated_name["name"] if dated_name else stem

    @property
    def category(self) -> str:
        in_folder = self.site.category_from_folder
        folder = self.path.rpartition("/")[0].rpartition("/")[2] if in_folder else ""
        return self.variables.text("category") or folder or self.site.category


_TOKENS: dict[str, Callable[[_Post], str | None]] = {
    "slug": lambda post: post.variables.text("slug") or _slugify(post.slug_source),
    "lang": lambda post: post.variables.text("lang", "language") or post.site.language,
    "author": lambda post: _slugify(post.variables.text("author") or post.site.author) or None,
    "category": lambda post: _slugify(post.category),
}


def _slugify(name: str) -> str | None:
    """A slug as Pelican makes it; None for scripts it transliterates by tables of its own."""
    text = _NOT_IN_SLUG.sub("", to_ascii(name))
    return _GAPS.sub("-", text.strip()).lower() if text.isascii() else None


def _is_known(token: str) -> bool:
    date = _DATE.fullmatch(token)
    return is_date_format(date["format"]) if date else token in _TOKENS


@lru_cache(maxsize=256)
def _read_pattern(text: str) -> Pattern:
    return read_pattern(text, _TOKEN, _is_known)


def _parse(_path: str, text: str) -> dict[str, Any]:
    return read_python_literals(text)


def _read(file: SettingsFile) -> GeneratorSettings:
    """The metadata of the site, and the defaults of its articles, such as the status `draft`."""
    defaults = as_table(file.values.get("DEFAULT_METADATA"))
    return GeneratorSettings(
        "Pelican",
        file,
        pick_metadata(file.values, _METADATA),
        defaults=(FolderDefault(defaults),) if defaults else (),
    )


def _build_scheme(site: SiteConfig) -> PelicanScheme:
    settings = site.values

    def pattern(name: str, default: str) -> Pattern:
        value = settings.get(f"{name}_URL", settings.get(f"{name}_SAVE_AS", default))
        return read_pattern_setting(f"{name}_URL", value, _read_pattern) if value else Pattern(())

    metadata_pattern = as_text(settings.get("FILENAME_METADATA"))
    slug_source = "name" if settings.get("SLUGIFY_SOURCE") == "basename" else "title"
    if "(?P<slug>" in metadata_pattern:
        slug_source = "undated" if "(?P<date>" in metadata_pattern else "name"
    page_paths = settings.get("PAGE_PATHS", ["pages"])
    page_paths = page_paths if isinstance(page_paths, list | tuple) else ["pages"]
    content = join_path(site.folder, as_text(settings.get("PATH")))
    article_paths = as_texts(settings.get("ARTICLE_PATHS")) or ("",)
    excludes = (*as_texts(settings.get("ARTICLE_EXCLUDES")), *as_texts(settings.get("PAGE_EXCLUDES")))
    sources = [join_path(content, path) for path in (*article_paths, *map(as_text, page_paths))]
    return PelicanScheme(
        folder=site.folder,
        base=url_path(settings.get("SITEURL")),
        content=content,
        sources=() if site.folder in sources else tuple(sources),
        excluded=tuple(join_path(content, path) for path in excludes),
        ignored_files=as_texts(settings.get("IGNORE_FILES")),
        language=as_text(settings.get("DEFAULT_LANG")) or "en",
        articles=pattern("ARTICLE", "{slug}.html"),
        pages=pattern("PAGE", "pages/{slug}.html"),
        translated_articles=pattern("ARTICLE_LANG", "{slug}-{lang}.html"),
        translated_pages=pattern("PAGE_LANG", "pages/{slug}-{lang}.html"),
        slug_source=slug_source,
        category=as_text(settings.get("DEFAULT_CATEGORY")) or "misc",
        page_folders=tuple(folder for path in page_paths if (folder := as_text(path).strip("/"))),
        author=as_text(settings.get("AUTHOR")),
        category_from_folder=is_true(settings.get("USE_FOLDER_AS_CATEGORY", True)),
    )


PELICAN = Generator(
    name="Pelican",
    settings_files=r"pelicanconf\.py",
    parse=_parse,
    read=_read,
    excluded={"output": "a page made by Pelican", "themes": THEME},
    build_scheme=_build_scheme,
)
