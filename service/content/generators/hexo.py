"""Hexo: its settings, and its addresses (https://hexo.io/docs/permalinks)."""

import hashlib
import re
from collections.abc import Callable
from functools import lru_cache
from typing import ClassVar

import msgspec

from service.content.front_matter.values import as_items, normal_key, written
from service.content.generators.addresses.date_directives import format_directive
from service.content.generators.addresses.permalink_patterns import (
    MAX_PATTERN,
    Pattern,
    read_pattern,
    read_pattern_setting,
)
from service.content.generators.addresses.scheme import ArticleVariables, Scheme
from service.content.generators.addresses.transliteration import remove_accents
from service.content.generators.generator import (
    DATA_SUFFIX,
    THEME,
    Generator,
    GeneratorSettings,
    SettingsFile,
    SiteConfig,
    parse_data_file,
)
from service.content.generators.site_settings.folder_defaults import matches_glob
from service.content.generators.site_settings.metadata import read_metadata
from service.content.generators.site_settings.values import (
    as_list,
    as_normal_table,
    as_table,
    as_text,
    as_texts,
    first_hidden_name,
    is_true,
    join_path,
    relative_path,
    url_path,
)

# Settings that Hexo's `_config.yml` has and Jekyll's has not.
_OWN_SETTINGS = frozenset(
    """
    archive_dir category_dir category_map code_dir default_category default_layout external_link filename_case
    i18n_dir index_generator new_post_name pagination_dir permalink_defaults post_asset_folder pretty_urls
    prismjs public_dir relative_link render_drafts skip_render source_dir syntax_highlighter tag_dir tag_map
    titlecase updated_option
    """.split()
)
_DATE_TOKENS = {
    "year": "Y",
    "month": "m",
    "i_month": "-m",
    "day": "d",
    "i_day": "-d",
    "hour": "H",
    "minute": "M",
    "second": "S",
    "timestamp": "s",
}
_TOKEN = re.compile(r":(\w*[^_\W])")
_SPECIAL = re.compile(r"[\s~`!@#$%^&*()\-_+=\[\]{}|\\;:\"'<>,.?/]+")
# Tokens of file names (`new_post_name`); any other token matches any text.
_NAME_TOKENS = {
    "year": r"\d{4}",
    "month": r"\d{2}",
    "day": r"\d{2}",
    "i_month": r"\d{1,2}",
    "i_day": r"\d{1,2}",
    "hash": r"[0-9a-f]{12}",
}
_ANY_NAME = "(?P<title>.+)"


class HexoScheme(Scheme, frozen=True, kw_only=True):
    """`file_names` is a regular expression of file names with a group for each token.

    `filename_case` is "", `1` (lower case) or `2` (upper case).
    """

    dates_pages: ClassVar[bool] = True

    source: str
    pattern: Pattern
    file_names: str = _ANY_NAME
    filename_case: str = ""
    default_category: str = "uncategorized"
    category_map: dict[str, str]
    defaults: dict[str, str]
    included: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()

    @property
    def source_folders(self) -> tuple[str, ...]:
        return (self.source,)

    def find_site_exclusion(self, path: str) -> str | None:
        """Hexo reads no hidden files or folders but `_posts` and `_drafts` (https://hexo.io/docs/configuration)."""
        inner = relative_path(self.source, path) or path
        if matches_glob(inner, self.ignored):
            return "excluded by _config.yml"
        hidden = first_hidden_name(re.sub(r"^_(?:posts|drafts)/", "", inner))
        if hidden is None or matches_glob(inner, self.included):
            return None
        return f"Hexo does not read {hidden!r}: its name begins with _"

    def is_post(self, path: str) -> bool:
        return relative_path(join_path(self.source, "_posts"), path) is not None

    def page_path(self, path: str) -> str | None:
        """See https://hexo.io/docs/writing (`layout: page`)."""
        inner = relative_path(self.source, path)
        return None if inner is None or any(part.startswith("_") for part in inner.split("/")) else inner

    @property
    def patterns(self) -> tuple[Pattern, ...]:
        return (self.pattern,)

    def address(self, article: ArticleVariables) -> str | None:
        if address := article.explicit_address("permalink"):
            return address
        post_path = relative_path(join_path(self.source, "_posts"), article.path)
        if post_path is not None:
            return self.pattern.fill(self._post(article, post_path).expand)
        path = relative_path(self.source, article.path)
        if path is None or any(part.startswith("_") for part in path.split("/")):
            return None
        return f"{path.rpartition('.')[0]}.html"

    def _post(self, article: ArticleVariables, path: str) -> "_Post":
        stem = path.rpartition(".")[0]
        match = _compiled(self.file_names).fullmatch(stem)
        tokens = {name: text for name, text in match.groupdict().items() if text} if match else {}
        return _Post(article, self, {"title": _slugify(stem), **tokens})


class _Post(msgspec.Struct, frozen=True):
    """A post of Hexo; `file_name` has the tokens in the name of its file, `title` at least."""

    variables: ArticleVariables
    site: HexoScheme
    file_name: dict[str, str]

    def expand(self, token: str) -> str | None:
        if token in _DATE_TOKENS:
            return format_directive(self.variables.local_date, _DATE_TOKENS[token])
        if token in _TOKENS:
            return _TOKENS[token](self)
        field = self.variables.text(normal_key(token))
        return field or self.file_name.get(token) or self.site.defaults.get(token)

    @property
    def hash(self) -> str | None:
        timestamp = format_directive(self.variables.local_date, "s")
        text = f"{self.file_name['title']}{timestamp}".encode()
        return hashlib.sha1(text, usedforsecurity=False).hexdigest()[:12] if timestamp else None

    @property
    def category(self) -> str:
        """The last of its categories with its parents: each is in the one before, unless listed apart."""
        categories = as_items(self.variables.value("categories", "category"))
        branch = categories[-1] if categories and isinstance(categories[-1], list) else categories
        names = [name for name in map(written, branch) if name]
        slugs = "/".join(_slugify(self.site.category_map.get(name, name)) for name in names)
        cased = {"1": slugs.lower(), "2": slugs.upper()}.get(self.site.filename_case, slugs)
        return cased or self.site.default_category


_TOKENS: dict[str, Callable[[_Post], str | None]] = {
    "title": lambda post: post.file_name["title"],
    "name": lambda post: post.file_name["title"].rpartition("/")[2],
    "post_title": lambda post: _slugify(post.variables.title).lower(),
    "hash": lambda post: post.hash,
    "category": lambda post: post.category,
}


def _file_name_pattern(pattern: str) -> str:
    """`:year-:month-:day-:title.md` as a regular expression; any name, for one that cannot be used."""
    parts = _TOKEN.split(pattern.rpartition(".")[0] or pattern)
    names = parts[1::2]
    loose = [name for name in names if name not in _NAME_TOKENS]
    # A token of any text is tried at every length: two of them take quadratic time, three cubic.
    usable = len(pattern) <= MAX_PATTERN and len(set(names)) == len(names) and len(loose) <= 2
    if not usable or not all(re.fullmatch(r"[A-Za-z]\w*", name, re.ASCII) for name in names):
        return _ANY_NAME
    parts[::2] = map(re.escape, parts[::2])
    parts[1::2] = [f"(?P<{name}>{_NAME_TOKENS.get(name, '.+?')})" for name in names]
    return "".join(parts)


def _slugify(text: str) -> str:
    return _SPECIAL.sub("-", remove_accents(text.replace("ß", "s"))).strip("-")


@lru_cache(maxsize=256)
def _read_pattern(text: str) -> Pattern:
    # Any field of a post may be a token.
    return read_pattern(text, _TOKEN, lambda _: True)


@lru_cache(maxsize=32)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _read(file: SettingsFile) -> GeneratorSettings | None:
    if _OWN_SETTINGS.isdisjoint(file.values):
        return None
    filters = (as_normal_table(file.values.get(name)) for name in ("githubemojis", "emoji"))
    plugins = as_list(as_normal_table(file.values.get("markdown")).get("plugins"))
    replaces_emoji = any(is_true(options.get("enable")) for options in filters)
    return GeneratorSettings(
        "Hexo",
        file,
        read_metadata(file.values),
        replaces_emoji=replaces_emoji or "markdown-it-emoji" in plugins,
    )


def _build_scheme(site: SiteConfig) -> HexoScheme:
    settings = site.values
    permalink = settings.get("permalink") or ":year/:month/:day/:title/"
    category_map = as_table(settings.get("category_map"))
    defaults = as_table(settings.get("permalink_defaults"))
    return HexoScheme(
        folder=site.folder,
        base=url_path(settings.get("root")) or url_path(settings.get("url")),
        source=join_path(site.folder, as_text(settings.get("source_dir")) or "source"),
        pattern=read_pattern_setting("permalink", permalink, _read_pattern),
        file_names=_file_name_pattern(as_text(settings.get("new_post_name")) or ":title.md"),
        filename_case=as_text(settings.get("filename_case")),
        default_category=as_text(settings.get("default_category")) or "uncategorized",
        category_map={name: as_text(slug) for name, slug in category_map.items()},
        included=as_texts(settings.get("include")),
        ignored=(*as_texts(settings.get("exclude")), *as_texts(settings.get("ignore"))),
        defaults={name: as_text(value) for name, value in defaults.items()},
    )


HEXO = Generator(
    name="Hexo",
    settings_files=rf"_config\.{DATA_SUFFIX}",
    parse=parse_data_file,
    read=_read,
    excluded={"public": "a page made by Hexo", "themes": THEME},
    build_scheme=_build_scheme,
)
