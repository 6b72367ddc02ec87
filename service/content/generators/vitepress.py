"""VitePress: its settings (https://vitepress.dev/reference/site-config). Its addresses are not built."""

from typing import Any

from service.content.generators.addresses.scheme import Scheme
from service.content.generators.generator import STATIC_FILES, Generator, SiteConfig
from service.content.generators.site_settings.folder_defaults import from_root, matches_glob
from service.content.generators.site_settings.javascript_literals import find_texts, read_properties
from service.content.generators.site_settings.values import join_path, relative_path, url_path

_METADATA = {"title": "title", "description": "description", "lang": "language"}


class VitePressScheme(Scheme, frozen=True, kw_only=True):
    """`source` is the folder of the pages, `excluded` are the globs of the files in it that have none."""

    source: str
    excluded: tuple[str, ...]

    @property
    def source_folders(self) -> tuple[str, ...]:
        return (self.source,) if self.source != self.folder else ()

    def find_site_exclusion(self, path: str) -> str | None:
        """See https://vitepress.dev/reference/site-config#srcexclude."""
        inner = relative_path(self.source, path)
        is_excluded = inner is not None and matches_glob(inner, self.excluded)
        return "excluded by srcExclude" if is_excluded else None


def _parse(_path: str, text: str) -> dict[str, Any]:
    names = frozenset({*_METADATA, "base", "srcDir"})
    return {"srcExclude": find_texts(text, "srcExclude"), **read_properties(text, names)}


def _build_scheme(site: SiteConfig) -> VitePressScheme:
    return VitePressScheme(
        folder=site.folder,
        base=url_path(site.values.get("base")),
        source=join_path(site.folder, site.values.get("srcDir", "")),
        excluded=tuple(from_root(site.values["srcExclude"])),
    )


VITEPRESS = Generator(
    name="VitePress",
    settings_files=r"\.vitepress/config(?:/index)?\.[cm]?[jt]s",
    parse=_parse,
    metadata=_METADATA,
    excluded={".vitepress": "a file of VitePress", "public": STATIC_FILES},
    build_scheme=_build_scheme,
)
