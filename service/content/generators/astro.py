"""Astro: what it does not read (https://docs.astro.build/en/guides/routing/). Its addresses are not built."""

from typing import Any

from service.content.generators.addresses.scheme import Scheme
from service.content.generators.generator import STATIC_FILES, Generator, SiteConfig
from service.content.generators.site_settings.javascript_literals import read_properties
from service.content.generators.site_settings.values import (
    first_hidden_name,
    join_path,
    relative_path,
    url_path,
)

_SOURCES = ("src/pages", "src/content")


class AstroScheme(Scheme, frozen=True, kw_only=True):
    """Its pages and content collections have no names that begin with `_`."""

    def find_site_exclusion(self, path: str) -> str | None:
        for folder in _SOURCES:
            inner = relative_path(join_path(self.folder, folder), path)
            if inner is not None and (hidden := first_hidden_name(inner)):
                return f"Astro does not read {hidden!r}: its name begins with _"
        return None


def _parse(_path: str, text: str) -> dict[str, Any]:
    return read_properties(text, frozenset({"base"}))


def _build_scheme(site: SiteConfig) -> AstroScheme:
    return AstroScheme(folder=site.folder, base=url_path(site.values.get("base")))


ASTRO = Generator(
    name="Astro",
    settings_files=r"astro\.config\.(?:[cm]?js|[cm]?ts)",
    parse=_parse,
    excluded={"dist": "a page made by Astro", "public": STATIC_FILES},
    build_scheme=_build_scheme,
)
