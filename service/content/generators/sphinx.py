"""Sphinx: what its settings exclude (https://www.sphinx-doc.org/en/master/usage/configuration.html)."""

from service.content.generators.addresses.excluding_scheme import ExcludingScheme
from service.content.generators.generator import Generator, GeneratorSettings, SettingsFile, SiteConfig
from service.content.generators.site_settings.folder_defaults import from_root
from service.content.generators.site_settings.python_literals import parse_python_file
from service.content.generators.site_settings.values import as_texts


def _read(file: SettingsFile) -> GeneratorSettings | None:
    """Settings that exclude something; None for any other `conf.py`."""
    return GeneratorSettings("Sphinx", file) if "exclude_patterns" in file.values else None


def _build_scheme(site: SiteConfig) -> ExcludingScheme:
    suffixes = site.values.get("source_suffix")
    return ExcludingScheme(
        folder=site.folder,
        source=site.folder,
        setting="exclude_patterns",
        excluded=tuple(from_root(as_texts(site.values.get("exclude_patterns")))),
        included=tuple(from_root(as_texts(site.values.get("include_patterns")))),
        suffixes=as_texts(list(suffixes) if isinstance(suffixes, dict) else suffixes),
    )


SPHINX = Generator(
    name="Sphinx",
    settings_files=r"conf\.py",
    parse=parse_python_file,
    read=_read,
    excluded={"_build": "a page made by Sphinx", "_static": "a file of the site, not an article"},
    build_scheme=_build_scheme,
)
