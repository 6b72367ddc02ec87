"""Nikola: its settings (https://getnikola.com/handbook.html). Its addresses are not built."""

from typing import Any, ClassVar

from service.content.files.kinds import RESTRUCTURED_TEXT
from service.content.generators.addresses.scheme import Scheme
from service.content.generators.generator import (
    STATIC_FILES,
    THEME,
    Generator,
    GeneratorSettings,
    SettingsFile,
    SiteConfig,
)
from service.content.generators.site_settings.metadata import pick_metadata
from service.content.generators.site_settings.python_literals import parse_python_file
from service.content.generators.site_settings.values import as_text, join_path, relative_path, url_path

_METADATA = {
    "BLOG_TITLE": "title",
    "BLOG_DESCRIPTION": "description",
    "BLOG_AUTHOR": "author",
    "DEFAULT_LANG": "language",
    "TIMEZONE": "time_zone",
}


class NikolaScheme(Scheme, frozen=True, kw_only=True):
    """`sources` are the folders in `POSTS` and `PAGES`, `page_folders` those in `PAGES` alone.

    `restructured` are suffixes of reStructuredText.
    """

    dates_pages: ClassVar[bool] = True
    has_tag_status: ClassVar[bool] = True
    unread_suffixes: ClassVar[tuple[str, ...]] = ()

    sources: tuple[str, ...]
    page_folders: tuple[str, ...] = ()
    restructured: tuple[str, ...] = ()

    @property
    def source_folders(self) -> tuple[str, ...]:
        return self.sources

    def find_site_exclusion(self, path: str) -> str | None:
        return RESTRUCTURED_TEXT if path.lower().endswith(self.restructured) else None

    def is_post(self, path: str) -> bool:
        is_source = any(relative_path(folder, path) is not None for folder in self.sources)
        return is_source and self.page_path(path) is None

    def page_path(self, path: str) -> str | None:
        """See `PAGES` at https://getnikola.com/handbook.html#page-types-and-input-formats."""
        inner = (relative_path(folder, path) for folder in self.page_folders)
        return next((path for path in inner if path is not None), None)


def _read(file: SettingsFile) -> GeneratorSettings | None:
    """The metadata of the site; None for the `conf.py` of another program."""
    if file.values.keys().isdisjoint(("BLOG_TITLE", "BLOG_AUTHOR")):
        return None
    return GeneratorSettings("Nikola", file, pick_metadata(file.values, _METADATA))


def _build_scheme(site: SiteConfig) -> NikolaScheme:
    posts, pages = (
        [join_path(site.folder, glob.partition("*")[0].rpartition("/")[0]) for glob in _globs(site, name)]
        for name in ("POSTS", "PAGES")
    )
    folders = [*posts, *pages]
    return NikolaScheme(
        folder=site.folder,
        base=url_path(as_text(site.values.get("SITE_URL"))),
        sources=() if site.folder in folders else tuple(dict.fromkeys(folders)),
        page_folders=tuple(folder for folder in dict.fromkeys(pages) if folder not in {*posts, site.folder}),
        restructured=_read_compiler(site.values.get("COMPILERS")),
    )


def _read_compiler(compilers: Any) -> tuple[str, ...]:
    """The suffixes that `COMPILERS` gives to reStructuredText; in Nikola's own settings `.rst` and `.txt`."""
    suffixes = compilers.get("rest") if isinstance(compilers, dict) else (".rst", ".txt")
    return tuple(str(suffix).lower() for suffix in suffixes) if isinstance(suffixes, list | tuple) else ()


def _globs(site: SiteConfig, name: str) -> list[str]:
    return [row[0] for row in _rows(site.values.get(name)) if row and isinstance(row[0], str)]


def _rows(value: Any) -> list[tuple[Any, ...]]:
    return (
        [tuple(row) for row in value if isinstance(row, list | tuple)]
        if isinstance(value, list | tuple)
        else []
    )


NIKOLA = Generator(
    name="Nikola",
    settings_files=r"conf\.py",
    parse=parse_python_file,
    read=_read,
    excluded={
        "output": "a page made by Nikola",
        "cache": "a file made by Nikola",
        "files": STATIC_FILES,
        "galleries": STATIC_FILES,
        "images": STATIC_FILES,
        "listings": STATIC_FILES,
        "themes": THEME,
    },
    build_scheme=_build_scheme,
)
