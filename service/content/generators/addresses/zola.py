"""Addresses as Zola makes them: the folders of a page and its slug (https://www.getzola.org/documentation)."""

import re
from typing import Any

import msgspec

from service.content.generators.addresses.latin import in_ascii
from service.content.generators.addresses.settings import below, path_of, plain_table, table, text_of, truth
from service.content.generators.addresses.told import Told

_DATED = re.compile(
    r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?:T[\d:.]+(?:Z|[-+]\d{2}:\d{2}))?\s?[-_](?P<name>.+)"
)
_FORBIDDEN = str.maketrans("", "", '<>:"/\\|?*')


class Zola(msgspec.Struct, frozen=True):
    """`slugs` is how slugs are made: on, safe or off; `languages` are those besides the `default`."""

    folder: str
    base: str
    content: str
    default: str
    languages: tuple[str, ...]
    slugs: str
    keeps_dates: bool

    def address(self, told: Told) -> str | None:
        if given := told.own_address("path"):
            return given
        path = below(self.content, told.path)
        if path is None:
            return None
        *folders, file = path.split("/")
        stem, _, language = file.rpartition(".")[0].rpartition(".")
        if not stem or language not in (*self.languages, self.default):
            stem, language = file.rpartition(".")[0], self.default
        if stem == "index" and folders:
            stem = folders.pop()
        dated = None if self.keeps_dates else _DATED.fullmatch(stem)
        slug = self._slug(told.text("slug") or (dated["name"] if dated else stem))
        spoken = [] if language == self.default else [language]
        return "/".join((*spoken, *folders, slug)) if slug else None

    def _slug(self, name: str) -> str | None:
        if self.slugs == "off":
            return name
        if self.slugs == "safe":
            return name.rstrip(" .").translate(_FORBIDDEN)
        plain = in_ascii(name)
        # What Zola makes of other scripts is in tables of its own.
        return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-") if plain.isascii() else None


def zola_scheme(folder: str, known: dict[str, Any]) -> Zola:
    """The scheme of a site by its `config.toml`."""
    given = known.get("languages")
    codes = (
        [text_of(plain_table(one).get("code")) for one in given] if isinstance(given, list) else table(given)
    )
    default = text_of(known.get("default_language")) or "en"
    slugify = plain_table(known.get("slugify"))
    slugs = text_of(slugify.get("paths")) or "on"
    return Zola(
        folder=folder,
        base=path_of(known.get("base_url")),
        content=f"{folder}/content" if folder else "content",
        default=default,
        languages=tuple(code for code in codes if code and code != default),
        slugs=slugs if slugs in {"safe", "off"} else "on",
        keeps_dates=truth(slugify.get("paths_keep_dates")),
    )
