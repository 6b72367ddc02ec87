"""The row that describes a static site generator, and what is read from the settings of one site."""

from collections.abc import Callable
from typing import Any

import msgspec

from service.content.front_matter.splitting import parse_data
from service.content.front_matter.values import normal_key
from service.content.generators.addresses.scheme import Scheme
from service.content.records import FolderDefault
from service.errors import ContentError

DATA_SUFFIX = r"(?:ya?ml|toml|json)"
"""A pattern of the suffixes of settings files that hold data."""

STATIC_FILES = "a file of the site, not an article"
THEME = "part of a theme"


class SettingsFile(msgspec.Struct, frozen=True):
    """The settings file at `path`; `folder` is that of its site, both below the content folder.

    `values` are its settings by normal key, or by name where the file is code.
    """

    path: str
    folder: str
    values: dict[str, Any]


class GeneratorSettings(msgspec.Struct, frozen=True):
    """The settings in one file.

    `metadata` has the keys of `site.toml`. `languages` maps folders to the language of their articles,
    `codes` the site's own language codes to language tags, `excluded` paths without articles to the reason.
    `content` is the folder of the articles, `bundles` are the folders in which a page may be a folder with an
    `index.md`. `keys` maps the site's own names of authors and tags to the usual ones.
    `replaces_emoji` is whether short codes such as `:tada:` become emoji, `has_notes` whether its pages are
    notes of Obsidian, with the titles and comments they have there. `faults` are those of what hides files.
    """

    generator: str
    file: SettingsFile
    metadata: dict[str, Any] = {}
    defaults: tuple[FolderDefault, ...] = ()
    languages: dict[str, str] = {}
    codes: dict[str, str] = {}
    excluded: dict[str, str] = {}
    content: str = ""
    bundles: tuple[str, ...] = ()
    keys: dict[str, str] = {}
    replaces_emoji: bool = False
    has_notes: bool = False
    faults: tuple[ContentError, ...] = ()

    @property
    def folder(self) -> str:
        return self.file.folder


class SiteConfig(msgspec.Struct, frozen=True):
    """The settings of one site, all files together, and the paths of its section pages (`_index.md`)."""

    folder: str
    values: dict[str, Any]
    section_pages: tuple[str, ...] = ()


class Generator(msgspec.Struct, frozen=True):
    """A static site generator.

    `settings_files` is a pattern of the paths of its settings files below the folder of a site. `parse` gives
    the values of such a file (path, text), `read` what they say; each gives None for a file of another kind.
    Without `read` they say no more than the values that `metadata` maps to keys of `site.toml`.
    `excluded` maps the folders without articles to the reason. `build_scheme` gives the address scheme of a
    site; None where addresses are built by programs. `globs` is the setting in code that lists
    what has no page.
    """

    name: str
    settings_files: str
    parse: Callable[[str, str], dict[str, Any] | None]
    excluded: dict[str, str]
    build_scheme: Callable[[SiteConfig], Scheme] | None
    read: Callable[[SettingsFile], GeneratorSettings | None] | None = None
    metadata: dict[str, str] = {}
    globs: str = ""


def parse_data_file(path: str, text: str) -> dict[str, Any] | None:
    """The settings in a YAML, TOML or JSON file by normal key. Raises ContentError."""
    value = parse_data(path, text)
    return {normal_key(str(key)): item for key, item in value.items()} if isinstance(value, dict) else None
