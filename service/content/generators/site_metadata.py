"""The metadata of a site in the settings of its generator, for the settings of the service."""

from pathlib import Path
from typing import Any

import msgspec

from service.content.files.regular_files import open_regular
from service.content.generators.registry import read_settings
from service.content.parsing.decoding import decode
from service.errors import ContentError

_MAX_BYTES = 1_000_000
_SUFFIXES = ("toml", "yaml", "yml", "json")
_STEMS = ("hugo", "config/_default/hugo", "config/_default/config", "config", "_config")
_CODE = tuple(
    """
    pelicanconf.py mkdocs.yml mkdocs.yaml conf.py docusaurus.config.js docusaurus.config.ts gatsby-config.js
    quartz.config.ts
    """.split()
)
_DATA = tuple(
    f"{folder}_data/{stem}.{suffix}"
    for folder in ("", "src/", "content/")
    for stem in ("metadata", "site", "meta")
    for suffix in ("json", "yaml", "yml", "js", "cjs", "mjs")
)
METADATA_FILES = (*(f"{stem}.{suffix}" for stem in _STEMS for suffix in _SUFFIXES), *_CODE, *_DATA)
"""Where the metadata may stand, by paths in the content folder."""


class SiteMetadata(msgspec.Struct, frozen=True):
    """Title, description, language, author and time zone under the keys of `site.toml`, each with its file.

    `unreadable` are the settings files that cannot be read; `scan` reports why.
    """

    values: dict[str, tuple[str, Any]]
    unreadable: tuple[str, ...] = ()


def read_site_metadata(root: Path) -> SiteMetadata:
    """The metadata in the settings files of the folder `root` itself; the first file with a value counts."""
    values: dict[str, tuple[str, Any]] = {}
    unreadable = []
    for name in METADATA_FILES:
        file = root / name
        try:
            data = read_settings_bytes(file)
            settings = read_settings(name, decode(data)[0]) if data else None
        except ContentError:
            unreadable.append(str(file))
            continue
        for key, value in (settings.metadata if settings else {}).items():
            values.setdefault(key, (str(file), value))
    return SiteMetadata(values, tuple(unreadable))


def read_settings_bytes(file: Path) -> bytes:
    """The bytes of a settings file; none where it cannot be read or is too large for settings."""
    try:
        with open_regular(file) as opened:
            data = opened.read(_MAX_BYTES + 1)
    except OSError:
        return b""
    return data if len(data) <= _MAX_BYTES else b""
