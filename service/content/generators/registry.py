"""The static site generators, one row each, and which files hold their settings."""

import re
from collections.abc import Iterable

import msgspec

from service.content.files.kinds import HTML_SUFFIXES, MARKDOWN_SUFFIXES
from service.content.generators.addresses.scheme import Scheme
from service.content.generators.astro import ASTRO
from service.content.generators.docusaurus import DOCUSAURUS
from service.content.generators.eleventy import ELEVENTY, ELEVENTY_DATA, is_directory_data_name
from service.content.generators.gatsby import GATSBY
from service.content.generators.generator import Generator, GeneratorSettings, SettingsFile, SiteConfig
from service.content.generators.hexo import HEXO
from service.content.generators.hugo import HUGO, is_section_page
from service.content.generators.jekyll import JEKYLL
from service.content.generators.mdbook import MDBOOK, SUMMARY
from service.content.generators.mkdocs import MKDOCS
from service.content.generators.nikola import NIKOLA
from service.content.generators.pelican import PELICAN
from service.content.generators.quartz import QUARTZ
from service.content.generators.site_settings.javascript_literals import find_globs
from service.content.generators.site_settings.metadata import pick_metadata
from service.content.generators.site_settings.values import join_path
from service.content.generators.sphinx import SPHINX
from service.content.generators.vitepress import VITEPRESS
from service.content.generators.zola import ZOLA
from service.content.records import Exclusion
from service.errors import ContentError

GENERATORS: tuple[Generator, ...] = (
    ELEVENTY_DATA,
    ELEVENTY,
    ASTRO,
    DOCUSAURUS,
    GATSBY,
    MDBOOK,
    MKDOCS,
    NIKOLA,
    PELICAN,
    QUARTZ,
    SPHINX,
    VITEPRESS,
    ZOLA,
    HUGO,
    HEXO,
    JEKYLL,
)
"""Where several have settings files of one name, the first whose `read` accepts the file counts."""

HIDDEN_NAMES = frozenset(
    {".eleventy.js", ".eleventy.cjs", ".eleventyignore", ".authors.yml", ".authors.yaml", ".vitepress"}
)
"""Files that are read although their names begin with a dot: settings, and authors (Material for MkDocs)."""

_OTHER_FOLDERS = frozenset({"node_modules", "themes", "examplesite"})
_ANY_SETTINGS = re.compile(
    rf"(?:.*/)?(?:{'|'.join(generator.settings_files for generator in GENERATORS)})", re.IGNORECASE
)
_SETTINGS = {
    generator.name: re.compile(rf"(?:(?P<folder>.*?)/)??{generator.settings_files}", re.IGNORECASE)
    for generator in GENERATORS
}


def is_hidden(name: str) -> bool:
    """Whether a scan for articles skips the file or folder of this name."""
    return name.startswith(".") and name not in HIDDEN_NAMES


def describes_articles(path: str) -> bool:
    """Whether the file at `path` may say something about articles in other files, by its name alone."""
    if is_section_page(path) or path.rpartition("/")[2] == SUMMARY:
        return True
    if path.endswith((*MARKDOWN_SUFFIXES, *HTML_SUFFIXES, ".txt")):
        return False
    return is_settings_file(path) or is_directory_data_name(path)


def is_settings_file(path: str) -> bool:
    """Whether the file has the name of a site's settings and does not belong to a theme or a library."""
    return bool(_ANY_SETTINGS.fullmatch(path)) and _OTHER_FOLDERS.isdisjoint(path.lower().split("/"))


def read_settings(path: str, text: str) -> GeneratorSettings | None:
    """The settings in the file at `path`; None for a file of another kind. Raises ContentError."""
    if not is_settings_file(path):
        return None
    matches = [
        (match["folder"] or "", generator)
        for generator in GENERATORS
        if (match := _SETTINGS[generator.name].fullmatch(path))
    ]
    # `config/_default/config.toml` matches as `config.toml` too: the outermost folder counts.
    folder = min((folder for folder, _ in matches), key=len)
    generators = [generator for matched, generator in matches if matched == folder]
    values = generators[0].parse(path, text)  # generators with one name of settings files parse them alike
    if values is None:
        return None
    faults: list[ContentError] = []
    if key := generators[0].globs:
        values[key], faults = find_globs(text, key)
    for generator in generators:
        file = SettingsFile(path, folder, values)
        settings = (
            generator.read(file)
            if generator.read
            else GeneratorSettings(generator.name, file, pick_metadata(values, generator.metadata))
        )
        if settings:
            excluded = {join_path(folder, name): reason for name, reason in generator.excluded.items()}
            return msgspec.structs.replace(
                settings, excluded=excluded | settings.excluded, faults=(*settings.faults, *faults)
            )
    return None


def build_schemes(
    settings: Iterable[GeneratorSettings], section_pages: Iterable[str]
) -> tuple[tuple[Scheme, ...], list[Exclusion]]:
    """The address scheme of each site, the inner sites first, and the settings that cannot be used.

    The files of one site count together; of a setting in several the first file wins.
    """
    generators = {generator.name: generator for generator in GENERATORS}
    sites: dict[tuple[str, str], list[SettingsFile]] = {}
    for settings_of_file in settings:
        sites.setdefault((settings_of_file.folder, settings_of_file.generator), []).append(
            settings_of_file.file
        )
    schemes: list[Scheme] = []
    unusable: list[Exclusion] = []
    pages = tuple(section_pages)
    for (folder, name), files in sorted(sites.items(), key=lambda site: (-len(site[0][0]), site[0])):
        if build_scheme := generators[name].build_scheme:
            values = {key: value for file in reversed(files) for key, value in file.values.items()}
            scheme = build_scheme(SiteConfig(folder, values, pages))
            schemes.append(scheme)
            problems = [pattern.problem for pattern in scheme.patterns if pattern.problem]
            unusable += [Exclusion(files[0].path, 1, problem) for problem in problems]
    return tuple(schemes), unusable
