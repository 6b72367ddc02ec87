"""Addresses by the patterns of Eleventy that are no programs: `/blog/{{ page.fileSlug }}/`.

See https://www.11ty.dev/docs/permalinks/. What lies above the folder of the templates is not known from the
templates alone, so a pattern with their whole path comes to nothing.
"""

import re
from functools import lru_cache

from service.content.addresses.latin import without_accents
from service.content.addresses.moments import knows, write_moment
from service.content.addresses.pattern import Pattern, read_pattern
from service.content.addresses.told import Told
from service.content.values import normal_key

_TOKEN = re.compile(r"\{\{-?([^{}]*?)-?\}\}")
_SAID = re.compile(
    r"\s*(?P<name>[A-Za-z_][\w.]*)"
    r"(?:\s*\|\s*(?P<filter>slug|slugify|downcase|lower)\s*(?:\(\s*\))?"
    r"|\s*\|\s*date:\s*(?P<quote>[\"'])(?P<format>[^\"']*)(?P=quote))?\s*"
)
_DIRECTIVE = re.compile(r"%(-?[A-Za-z])")
_DATED = re.compile(r"\d{4}-\d{2}-\d{2}-(.+)")
_APOSTROPHE = re.compile(r"(?<=[a-z\d])'(?=[ts](?:\s|$))", re.IGNORECASE)
_NOT_IN_SLUG = re.compile(r"[^\w\s$*_+~.()'\"!:@-]+")


def fill(pattern: str, told: Told) -> str | None:
    """The address that a pattern in front matter or in the data of a folder comes to."""
    try:
        return _read(pattern).fill(lambda token: _word(token, told))
    except ValueError:
        return None


def _word(token: str, told: Told) -> str | None:
    said = _SAID.fullmatch(token)
    if said is None:
        return None
    name = said["name"]
    if said["format"] is not None:
        return _date(said["format"], told) if name in {"page.date", "date"} else None
    text = _file_slug(told.path) if name == "page.fileSlug" else told.text(normal_key(name))
    if name == "title":
        text = told.title
    if text is None or said["filter"] is None:
        return text
    if said["filter"] in {"downcase", "lower"}:
        return text.lower()
    return _slug(text) if said["filter"] == "slug" else _slugified(text)


def _file_slug(path: str) -> str:
    *folders, file = path.split("/")
    stem = file.rpartition(".")[0]
    name = stem if stem != "index" else folders[-1] if folders else ""
    dated = _DATED.fullmatch(name)
    return dated[1] if dated else name


def _date(layout: str, told: Told) -> str | None:
    parts = _DIRECTIVE.split(layout)
    words = [write_moment(told.as_written, part) if at % 2 else part for at, part in enumerate(parts)]
    return None if None in words else "".join(filter(None, words))


def _slugified(text: str) -> str | None:
    """As the filter `slugify`; None for a script it has tables of its own for."""
    plain = _APOSTROPHE.sub("", without_accents(text)).replace("&", " and ")
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-") if plain.isascii() else None


def _slug(text: str) -> str | None:
    """As the older filter `slug`, which keeps more."""
    plain = _NOT_IN_SLUG.sub("", without_accents(text).replace("&", "and")).strip()
    return re.sub(r"[-\s]+", "-", plain).lower() if plain.isascii() else None


def _is_known(token: str) -> bool:
    said = _SAID.fullmatch(token)
    return said is not None and all(map(knows, _DIRECTIVE.findall(said["format"] or "")))


@lru_cache(maxsize=256)
def _read(text: str) -> Pattern:
    if "{%" in text or text.count("{{") != len(_TOKEN.findall(text)):
        raise ValueError("it is a program")
    return read_pattern(text, _TOKEN, _is_known)
