"""Gatsby: the metadata in its settings. Programs build its addresses."""

from typing import Any

from service.content.generators.generator import STATIC_FILES, Generator, GeneratorSettings, SettingsFile
from service.content.generators.site_settings.javascript_literals import read_properties
from service.content.generators.site_settings.metadata import pick_metadata

_METADATA = {"title": "title", "description": "description", "language": "language"}


def _parse(_path: str, text: str) -> dict[str, Any]:
    return read_properties(text[max(0, text.find("siteMetadata")) :], frozenset(_METADATA))


def _read(file: SettingsFile) -> GeneratorSettings:
    return GeneratorSettings("Gatsby", file, pick_metadata(file.values, _METADATA))


GATSBY = Generator(
    name="Gatsby",
    settings_files=r"gatsby-config\.[cm]?[jt]s",
    parse=_parse,
    read=_read,
    excluded={"public": "a page made by Gatsby", "static": STATIC_FILES},
    build_scheme=None,
)
