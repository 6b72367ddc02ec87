"""mdBook: its settings, the chapters that it lists, and their addresses (rust-lang.github.io/mdBook)."""

import posixpath
import re
from typing import Any, ClassVar
from urllib.parse import unquote

from service.content.files.kinds import HTML_SUFFIXES
from service.content.generators.addresses.scheme import ArticleVariables, Scheme
from service.content.generators.generator import (
    Generator,
    GeneratorSettings,
    SettingsFile,
    SiteConfig,
    parse_data_file,
)
from service.content.generators.site_settings.metadata import read_metadata
from service.content.generators.site_settings.values import (
    as_normal_table,
    as_text,
    join_path,
    relative_path,
    url_path,
)

SUMMARY = "SUMMARY.md"
"""The file that lists the chapters of a book."""

_BUILT = "a page made by mdBook"
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_CHAPTER = re.compile(r"\]\((?:<([^<>\n]+)>|([^()\s]+))\)")


class MdBookScheme(Scheme, frozen=True, kw_only=True):
    """`source` is the folder of the book; `chapters` are its files there, None where there is no list."""

    unread_suffixes: ClassVar[tuple[str, ...]] = (".txt", *HTML_SUFFIXES)

    source: str
    chapters: frozenset[str] | None = None

    @property
    def source_folders(self) -> tuple[str, ...]:
        return (self.source,) if self.source != self.folder else ()

    @property
    def summary(self) -> str:
        return join_path(self.source, SUMMARY)

    def find_site_exclusion(self, path: str) -> str | None:
        inner = relative_path(self.source, path)
        if inner is None or self.chapters is None:
            return None
        if inner == SUMMARY:
            return "the table of contents of a book"
        return None if inner in self.chapters else f"mdBook has no page for it: it is not in {SUMMARY}"

    def address(self, article: ArticleVariables) -> str | None:
        """The path of the file; a `README.md` is the index of its folder."""
        inner = relative_path(self.source, article.path)
        if inner is None:
            return None
        folder, name = posixpath.split(posixpath.splitext(inner)[0])
        return posixpath.join(folder, f"{'index' if name.lower() == 'readme' else name}.html")


def read_chapters(summary: str) -> frozenset[str]:
    """The files that a summary lists (https://rust-lang.github.io/mdBook/format/summary.html)."""
    links = (unquote(enclosed or bare) for enclosed, bare in _CHAPTER.findall(_COMMENT.sub("", summary)))
    return frozenset(posixpath.normpath(link.partition("#")[0]) for link in links)


def _read(file: SettingsFile) -> GeneratorSettings:
    book = as_normal_table(file.values.get("book"))
    built = as_normal_table(file.values.get("build")).get("build_dir")
    excluded = {join_path(file.folder, as_text(built)): _BUILT} if built else {}
    return GeneratorSettings("mdBook", file, read_metadata(book), excluded=excluded)


def _build_scheme(site: SiteConfig) -> MdBookScheme:
    html = as_normal_table(as_normal_table(site.values.get("output")).get("html"))
    book: dict[str, Any] = as_normal_table(site.values.get("book"))
    return MdBookScheme(
        folder=site.folder,
        base=url_path(html.get("site_url")),
        source=join_path(site.folder, as_text(book.get("src")) or "src"),
    )


MDBOOK = Generator(
    name="mdBook",
    settings_files=r"book\.toml",
    parse=parse_data_file,
    read=_read,
    excluded={"book": _BUILT, "theme": "part of a theme"},
    build_scheme=_build_scheme,
)
