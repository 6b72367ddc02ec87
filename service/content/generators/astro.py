"""Astro: what it reads (docs.astro.build/en/guides/content-collections). Its addresses are not built."""

import re
from typing import Any

from service.content.generators.addresses.scheme import Scheme
from service.content.generators.generator import STATIC_FILES, Generator, SiteConfig
from service.content.generators.site_settings.javascript_literals import (
    find_properties,
    read_properties,
    without_comments,
)
from service.content.generators.site_settings.values import (
    first_hidden_name,
    join_path,
    relative_path,
    url_path,
)

_SOURCES = ("src/pages", "src/content")
_COLLECTIONS = re.compile(r"(?:.*/)?src/content(?:/|\.)config\.[cm]?[jt]s")
_LOADER = re.compile(r"\bglob\s*\(")


class AstroScheme(Scheme, frozen=True, kw_only=True):
    """`sources` are its folders of pages and collections, in which no name begins with `_`.

    `are_all` is whether there is nothing outside of these and `src`.
    """

    sources: tuple[str, ...]
    are_all: bool

    @property
    def source_folders(self) -> tuple[str, ...]:
        return (join_path(self.folder, "src"), *self.sources) if self.are_all else ()

    def is_in_source(self, path: str) -> bool:
        return any(relative_path(folder, path) is not None for folder in self.sources)

    def find_site_exclusion(self, path: str) -> str | None:
        for folder in self.sources:
            inner = relative_path(folder, path)
            if inner is not None and (hidden := first_hidden_name(inner)):
                return f"Astro does not read {hidden!r}: its name begins with _"
        return None


def _parse(path: str, text: str) -> dict[str, Any]:
    """The base path; or the folders of collections, `glob({base: './posts', …})`."""
    if not _COLLECTIONS.fullmatch(path):
        return read_properties(text, frozenset({"base"}))
    code = without_comments(text)
    bases = [value for name, value in find_properties(code) if name == "base"]
    return {"collections": bases, "are_all": len(bases) == len(_LOADER.findall(code))}


def _build_scheme(site: SiteConfig) -> AstroScheme:
    bases = [base for base in site.values.get("collections", ()) if ".." not in base.split("/")]
    folders = [join_path(site.folder, folder) for folder in bases]
    return AstroScheme(
        folder=site.folder,
        base=url_path(site.values.get("base")),
        sources=(*(join_path(site.folder, folder) for folder in _SOURCES), *folders),
        are_all=site.values.get("are_all", True) and site.folder not in folders,
    )


ASTRO = Generator(
    name="Astro",
    settings_files=r"(?:astro\.config\.[cm]?[jt]s|src/content(?:/|\.)config\.[cm]?[jt]s)",
    parse=_parse,
    excluded={"dist": "a page made by Astro", "public": STATIC_FILES},
    build_scheme=_build_scheme,
)
