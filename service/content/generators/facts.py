"""What a blog's own settings say of the site, for whoever starts the service."""

from pathlib import Path
from typing import Any

import msgspec

from service.content.generators.files import MOST_BYTES
from service.content.generators.reading import read_engine
from service.content.parsing.decoding import decode
from service.errors import ContentError

_SUFFIXES = ("toml", "yaml", "yml", "json")
_STEMS = ("hugo", "config/_default/hugo", "config/_default/config", "config", "_config")
_SCRIPTS = ("pelicanconf.py", "docusaurus.config.js", "docusaurus.config.ts", "gatsby-config.js")
_DATA = tuple(
    f"{folder}_data/{stem}.{suffix}"
    for folder in ("", "src/", "content/")
    for stem in ("metadata", "site", "meta")
    for suffix in ("json", "yaml", "yml", "js", "cjs", "mjs")
)
_FILES = (*(f"{stem}.{suffix}" for stem in _STEMS for suffix in _SUFFIXES), *_SCRIPTS, *_DATA)


class SiteFacts(msgspec.Struct, frozen=True):
    """Title, description, language, author and time zone by their names in `site.toml`, each with its file.

    `unreadable` are the files that could not be read; `scan` reports why.
    """

    facts: dict[str, tuple[str, Any]]
    unreadable: tuple[str, ...] = ()


def site_facts(root: Path) -> SiteFacts:
    """What the settings say of the site that lie in `root` itself."""
    facts: dict[str, tuple[str, Any]] = {}
    unreadable = []
    for name in _FILES:
        file = root / name
        try:
            engine = read_engine(name, decode(data)[0]) if (data := beginning(file)) else None
        except ContentError:
            unreadable.append(str(file))
            continue
        for fact, value in (engine.facts if engine else {}).items():
            facts.setdefault(fact, (str(file), value))
    return SiteFacts(facts, tuple(unreadable))


def beginning(file: Path) -> bytes:
    """The bytes of a settings file; none where it cannot be read or is larger than any settings are."""
    try:
        with file.open("rb") as opened:
            data = opened.read(MOST_BYTES + 1)
    except OSError:
        return b""
    return data if len(data) <= MOST_BYTES else b""
