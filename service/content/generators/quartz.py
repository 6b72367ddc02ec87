"""Quartz: title and language of a site that publishes notes of Obsidian (quartz.jzhao.xyz/configuration)."""

from typing import Any

from service.content.generators.generator import Generator, GeneratorSettings, SettingsFile
from service.content.generators.site_settings.javascript_literals import read_properties
from service.content.generators.site_settings.metadata import pick_metadata

_METADATA = {"pageTitle": "title", "locale": "language"}


def _parse(_path: str, text: str) -> dict[str, Any]:
    return read_properties(text, frozenset(_METADATA))


def _read(file: SettingsFile) -> GeneratorSettings:
    return GeneratorSettings("Quartz", file, pick_metadata(file.values, _METADATA), has_notes=True)


QUARTZ = Generator(
    name="Quartz",
    settings_files=r"quartz\.config\.ts",
    parse=_parse,
    read=_read,
    excluded={
        "docs": "documentation of Quartz itself",
        "quartz": "a program of Quartz",
        "public": "a page made by Quartz",
        "content/private": "Quartz does not publish it",
        "content/templates": "a template of Quartz",
    },
    build_scheme=None,
)
