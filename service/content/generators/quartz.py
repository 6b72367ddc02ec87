"""Quartz: a site that publishes notes of Obsidian (quartz.jzhao.xyz/configuration)."""

import re
from typing import Any

from service.content.generators.addresses.excluding_scheme import ExcludingScheme
from service.content.generators.generator import Generator, GeneratorSettings, SettingsFile, SiteConfig
from service.content.generators.site_settings.javascript_literals import read_properties, without_comments
from service.content.generators.site_settings.metadata import pick_metadata
from service.content.generators.site_settings.values import join_path
from service.content.records import FolderDefault

_METADATA = {"pageTitle": "title", "locale": "language"}
_EXPLICIT = re.compile(r"\bExplicitPublish\s*\(")


def _parse(_path: str, text: str) -> dict[str, Any]:
    return {
        "explicitPublish": bool(_EXPLICIT.search(without_comments(text))),
        **read_properties(text, frozenset(_METADATA)),
    }


def _read(file: SettingsFile) -> GeneratorSettings:
    """The metadata of the site; with ExplicitPublish, only notes with `publish: true` are public."""
    return GeneratorSettings(
        "Quartz",
        file,
        pick_metadata(file.values, _METADATA),
        defaults=(FolderDefault({"publish": False}),) if file.values["explicitPublish"] else (),
        has_notes=True,
    )


def _build_scheme(site: SiteConfig) -> ExcludingScheme:
    return ExcludingScheme(
        folder=site.folder,
        source=join_path(site.folder, "content"),
        setting="ignorePatterns",  # one without a slash is for any file or folder of that name
        excluded=tuple(site.values["ignorePatterns"]),
    )


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
    build_scheme=_build_scheme,
    globs="ignorePatterns",
)
