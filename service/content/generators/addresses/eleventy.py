"""Addresses as Eleventy makes them, and its patterns that are no programs: `/blog/{{ page.fileSlug }}/`.

See https://www.11ty.dev/docs/permalinks/.
"""

import re
from functools import lru_cache
from typing import Any

import msgspec

from service.content.generators.addresses.latin import in_ascii
from service.content.generators.addresses.moments import knows, write_moment
from service.content.generators.addresses.pattern import Pattern, read_pattern
from service.content.generators.addresses.settings import below, path_of, text_of
from service.content.generators.addresses.told import Told
from service.content.parsing.values import normal_key

_TOKEN = re.compile(r"\{\{-?([^{}]*?)-?\}\}")
_SAID = re.compile(
    r"\s*(?P<name>[A-Za-z_][\w.]*)"
    r"(?:\s*\|\s*(?P<filter>slug|slugify|downcase|lower)\s*(?:\(\s*\))?"
    r"|\s*\|\s*date:\s*(?P<quote>[\"'])(?P<format>[^\"']*)(?P=quote))?\s*"
)
_DIRECTIVE = re.compile(r"%(-?[A-Za-z])")
_DATED = re.compile(r"\d{4}-\d{2}-\d{2}-(.+)")
_SUFFIX = re.compile(r"\.[^./]+$")
# Neither filter has words for these: they are left out.
_EAST_ASIAN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_APOSTROPHE = re.compile(r"(?<=[a-z\d])'(?=[ts](?:\s|$))", re.IGNORECASE)
_SPELLED = str.maketrans({"$": "dollar", "%": "percent", "&": "and", "<": "less", ">": "greater", "|": "or"})
_NOT_IN_SLUG = re.compile(r"[^\w\s$*_+~.()'\"!:@-]+")


class Eleventy(msgspec.Struct, frozen=True):
    """`source` is the folder of the templates; None where it is not known."""

    folder: str = ""
    base: str = ""
    source: str | None = None

    def address(self, told: Told) -> str | None:
        """The place of the file; one called `index`, or as its folder is, is the folder."""
        if given := told.own_address("permalink"):
            return given
        path = self._below(told)
        if path is None or any(part.startswith("_") for part in path.split("/")):
            return None
        stem = _SUFFIX.sub("", path)
        folder, _, name = stem.rpartition("/")
        return folder if name in {"index", folder.rpartition("/")[2]} else stem

    def fill(self, pattern: str, told: Told) -> str | None:
        try:
            return _read(pattern).fill(lambda token: self._word(token, told))
        except ValueError:
            return None

    def _below(self, told: Told) -> str | None:
        return None if self.source is None else below(self.source, told.path)

    def _stem(self, told: Told) -> str | None:
        """The place of the file without the date in its name."""
        folder, slash, name = _SUFFIX.sub("", self._below(told) or "").rpartition("/")
        return f"{folder}{slash}{_undated(name)}" or None

    def _word(self, token: str, told: Told) -> str | None:
        said = _SAID.fullmatch(token)
        if said is None:
            return None
        name = said["name"]
        if said["format"] is not None:
            return _date(said["format"], told) if name in {"page.date", "date"} else None
        if name == "page.filePathStem":
            text = self._stem(told)
        else:
            text = {"page.fileSlug": _file_slug(told.path), "title": told.title}.get(name)
        text = text or told.text(normal_key(name))
        return _filtered(text, said["filter"]) if text and said["filter"] else text


BARE = Eleventy()
"""The scheme where settings are not known: only patterns count, and none with the place of the file."""


def eleventy_scheme(folder: str, known: dict[str, Any]) -> Eleventy:
    """The scheme of a site by the plain values in `eleventy.config.js`."""
    source = text_of(known.get("input")).strip("./")
    return Eleventy(
        folder=folder,
        base=path_of(known.get("pathPrefix")),
        source="/".join(part for part in (folder, source) if part),
    )


def _file_slug(path: str) -> str:
    *folders, file = path.split("/")
    stem = file.rpartition(".")[0]
    return _undated(folders[-1] if stem == "index" and folders else stem)


def _undated(name: str) -> str:
    dated = _DATED.search(name)
    return dated[1] if dated else name


def _filtered(text: str, by: str) -> str | None:
    if by in {"downcase", "lower"}:
        return text.lower()
    return _slug(text) if by == "slug" else _slugified(text)


def _date(layout: str, told: Told) -> str | None:
    parts = _DIRECTIVE.split(layout)
    words = [write_moment(told.as_written, part) if at % 2 else part for at, part in enumerate(parts)]
    return None if None in words else "".join(filter(None, words))


def _slugified(text: str) -> str | None:
    """As the filter `slugify`; None for a script it has tables of its own for."""
    plain = _APOSTROPHE.sub("", _EAST_ASIAN.sub(" ", in_ascii(text, german=True))).replace("&", " and ")
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-") if plain.isascii() else None


def _slug(text: str) -> str | None:
    """As the older filter `slug`, which keeps more."""
    plain = _NOT_IN_SLUG.sub("", _EAST_ASIAN.sub("", in_ascii(text)).translate(_SPELLED)).strip()
    return re.sub(r"[-\s]+", "-", plain).strip("-").lower() if plain.isascii() else None


def _is_known(token: str) -> bool:
    said = _SAID.fullmatch(token)
    return said is not None and all(map(knows, _DIRECTIVE.findall(said["format"] or "")))


@lru_cache(maxsize=256)
def _read(text: str) -> Pattern:
    if "{%" in text or text.count("{{") != len(_TOKEN.findall(text)):
        raise ValueError("it is a program")
    return read_pattern(text, _TOKEN, _is_known)
