"""VitePress: its settings (https://vitepress.dev/reference/site-config). Its addresses are not built."""

from typing import Any

from service.content.generators.addresses.excluding_scheme import ExcludingScheme
from service.content.generators.generator import STATIC_FILES, Generator, SiteConfig
from service.content.generators.site_settings.folder_defaults import from_root
from service.content.generators.site_settings.javascript_literals import read_properties
from service.content.generators.site_settings.values import join_path, url_path

_METADATA = {"title": "title", "description": "description", "lang": "language"}


def _parse(_path: str, text: str) -> dict[str, Any]:
    return dict(read_properties(text, frozenset({*_METADATA, "base", "srcDir"})))


def _build_scheme(site: SiteConfig) -> ExcludingScheme:
    return ExcludingScheme(
        folder=site.folder,
        base=url_path(site.values.get("base")),
        source=join_path(site.folder, site.values.get("srcDir", "")),
        setting="srcExclude",  # https://vitepress.dev/reference/site-config#srcexclude
        excluded=tuple(from_root(site.values["srcExclude"])),
    )


VITEPRESS = Generator(
    name="VitePress",
    settings_files=r"\.vitepress/config(?:/index)?\.[cm]?[jt]s",
    parse=_parse,
    metadata=_METADATA,
    excluded={".vitepress": "a file of VitePress", "public": STATIC_FILES},
    build_scheme=_build_scheme,
    globs="srcExclude",
)
