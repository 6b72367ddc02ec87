"""Zola: its settings, and addresses of the folders and the slug of a page.

See https://www.getzola.org/documentation/content/page/.
"""

import re
from typing import ClassVar

from service.content.files.kinds import HTML_SUFFIXES
from service.content.generators.addresses.scheme import ArticleVariables, Scheme, is_in_no_section
from service.content.generators.addresses.transliteration import to_ascii
from service.content.generators.generator import (
    DATA_SUFFIX,
    STATIC_FILES,
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
    as_normal_table,
    as_table,
    as_text,
    as_texts,
    is_true,
    join_path,
    relative_path,
    url_path,
)

_DATED = re.compile(
    r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?:T[\d:.]+(?:Z|[-+]\d{2}:\d{2}))?\s?[-_](?P<name>.+)"
)
_FORBIDDEN = str.maketrans("", "", '<>:"/\\|?*')


class ZolaScheme(Scheme, frozen=True, kw_only=True):
    """`slugify` is `on`, `safe` or `off`; `languages` are those other than `default_language`."""

    compares_pages: ClassVar[bool] = True
    unread_suffixes: ClassVar[tuple[str, ...]] = (".txt", *HTML_SUFFIXES)

    content: str
    default_language: str
    languages: tuple[str, ...]
    slugify: str
    keeps_dates: bool
    ignored: tuple[str, ...]

    @property
    def source_folders(self) -> tuple[str, ...]:
        return (self.content,)

    def find_site_exclusion(self, path: str) -> str | None:
        """See `ignored_content` at https://www.getzola.org/documentation/getting-started/configuration/."""
        ignored = matches_glob(relative_path(self.content, path) or path, self.ignored)
        return "excluded by ignored_content" if ignored else None

    def is_post(self, path: str) -> bool:
        return relative_path(self.content, path) is not None and self.page_path(path) is None

    def page_path(self, path: str) -> str | None:
        """A page in no section but that of the site."""
        inner = relative_path(self.content, path)
        return inner if inner is not None and is_in_no_section(inner) else None

    def address(self, article: ArticleVariables) -> str | None:
        if address := article.explicit_address("path"):
            return address
        path = relative_path(self.content, article.path)
        if path is None:
            return None
        *folders, file = path.split("/")
        stem, _, language = file.rpartition(".")[0].rpartition(".")
        if not stem or language not in (*self.languages, self.default_language):
            stem, language = file.rpartition(".")[0], self.default_language
        if stem == "index" and folders:
            stem = folders.pop()
        dated_name = None if self.keeps_dates else _DATED.fullmatch(stem)
        slug = self._slug(article.text("slug") or (dated_name["name"] if dated_name else stem))
        prefix = [] if language == self.default_language else [language]
        return "/".join((*prefix, *folders, slug)) if slug else None

    def _slug(self, name: str) -> str | None:
        if self.slugify == "off":
            return name
        if self.slugify == "safe":
            return name.rstrip(" .").translate(_FORBIDDEN)
        ascii_name = to_ascii(name)
        # Zola transliterates other scripts by tables of its own.
        return re.sub(r"[^a-z0-9]+", "-", ascii_name.lower()).strip("-") if ascii_name.isascii() else None


def _read(file: SettingsFile) -> GeneratorSettings | None:
    """The settings in a `config` file that has Zola's `base_url` and not Hugo's `baseURL`."""
    if "base_url" not in file.values or "baseurl" in file.values:
        return None
    content = join_path(file.folder, "content")
    return GeneratorSettings(
        "Zola",
        file,
        read_metadata(file.values),
        bundles=(content,),
        replaces_emoji=is_true(as_normal_table(file.values.get("markdown")).get("render_emoji")),
    )


def _build_scheme(site: SiteConfig) -> ZolaScheme:
    languages = site.values.get("languages")
    codes = (
        [as_text(as_normal_table(language).get("code")) for language in languages]
        if isinstance(languages, list)
        else as_table(languages)
    )
    default_language = as_text(site.values.get("default_language")) or "en"
    slugify = as_normal_table(site.values.get("slugify"))
    paths = as_text(slugify.get("paths"))
    return ZolaScheme(
        folder=site.folder,
        base=url_path(site.values.get("base_url")),
        content=join_path(site.folder, "content"),
        default_language=default_language,
        languages=tuple(code for code in codes if code and code != default_language),
        slugify=paths if paths in {"safe", "off"} else "on",
        ignored=as_texts(site.values.get("ignored_content")),
        keeps_dates=is_true(slugify.get("paths_keep_dates")),
    )


ZOLA = Generator(
    name="Zola",
    settings_files=rf"config\.{DATA_SUFFIX}",
    parse=parse_data_file,
    read=_read,
    excluded={
        "public": "a page made by Zola",
        "static": STATIC_FILES,
        "templates": "a template",
        "themes": THEME,
    },
    build_scheme=_build_scheme,
)
