"""Sphinx: what its settings exclude (https://www.sphinx-doc.org/en/master/usage/configuration.html)."""

from service.content.generators.addresses.scheme import Scheme
from service.content.generators.generator import Generator, GeneratorSettings, SettingsFile, SiteConfig
from service.content.generators.site_settings.folder_defaults import from_root, matches_glob
from service.content.generators.site_settings.python_literals import parse_python_file
from service.content.generators.site_settings.values import as_texts, relative_path


class SphinxScheme(Scheme, frozen=True, kw_only=True):
    """`excluded` are the globs of the files that have no page."""

    excluded: tuple[str, ...]

    def find_site_exclusion(self, path: str) -> str | None:
        """See `exclude_patterns`."""
        inner = relative_path(self.folder, path) or path
        return "excluded by exclude_patterns" if matches_glob(inner, self.excluded) else None


def _read(file: SettingsFile) -> GeneratorSettings | None:
    """Settings that exclude something; None for any other `conf.py`."""
    return GeneratorSettings("Sphinx", file) if "exclude_patterns" in file.values else None


def _build_scheme(site: SiteConfig) -> SphinxScheme:
    globs = as_texts(site.values.get("exclude_patterns"))
    return SphinxScheme(folder=site.folder, excluded=tuple(from_root(globs)))


SPHINX = Generator(
    name="Sphinx",
    settings_files=r"conf\.py",
    parse=parse_python_file,
    read=_read,
    excluded={"_build": "a page made by Sphinx", "_static": "a file of the site, not an article"},
    build_scheme=_build_scheme,
)
