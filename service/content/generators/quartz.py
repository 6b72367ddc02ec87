"""Quartz: a site that publishes notes of Obsidian (quartz.jzhao.xyz/configuration)."""

import re
from typing import Any

from service.content.generators.addresses.scheme import Scheme
from service.content.generators.generator import Generator, GeneratorSettings, SettingsFile, SiteConfig
from service.content.generators.site_settings.folder_defaults import matches_glob
from service.content.generators.site_settings.javascript_literals import read_properties
from service.content.generators.site_settings.metadata import pick_metadata
from service.content.generators.site_settings.values import join_path, relative_path
from service.content.records import FolderDefault

_METADATA = {"pageTitle": "title", "locale": "language"}
_COMMENT = re.compile(r"/\*.*?\*/|^\s*//[^\n]*|,\s*//[^\n]*", re.DOTALL | re.MULTILINE)
_IGNORED = re.compile(r"\bignorePatterns\s*:\s*\[([^\[\]]{0,5000})\]")
_QUOTED = re.compile(r"(['\"`])([^'\"`\n]+)\1")
_EXPLICIT = re.compile(r"\bExplicitPublish\s*\(")


class QuartzScheme(Scheme, frozen=True, kw_only=True):
    """`content` is the folder of the notes, `ignored` are the globs of those that are not published."""

    content: str
    ignored: tuple[str, ...]

    def find_site_exclusion(self, path: str) -> str | None:
        """See `ignorePatterns`; a pattern without a slash is for any file or folder of that name."""
        inner = relative_path(self.content, path)
        is_ignored = inner is not None and matches_glob(inner, self.ignored)
        return "excluded by ignorePatterns" if is_ignored else None


def _parse(_path: str, text: str) -> dict[str, Any]:
    code = _COMMENT.sub("", text)
    ignored = _IGNORED.search(code)
    return {
        "ignorePatterns": [pattern for _, pattern in _QUOTED.findall(ignored[1])] if ignored else [],
        "explicitPublish": bool(_EXPLICIT.search(code)),
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


def _build_scheme(site: SiteConfig) -> QuartzScheme:
    content = join_path(site.folder, "content")
    return QuartzScheme(folder=site.folder, content=content, ignored=tuple(site.values["ignorePatterns"]))


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
)
