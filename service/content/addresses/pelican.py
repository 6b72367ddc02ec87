"""Addresses as Pelican makes them (https://docs.getpelican.com/en/latest/settings.html#url-settings)."""

import re
from functools import lru_cache
from typing import Any

import msgspec

from service.content.addresses.latin import in_ascii
from service.content.addresses.moments import knows, write_moment
from service.content.addresses.pattern import Pattern, keep_pattern, read_pattern
from service.content.addresses.settings import below, path_of, text_of, truth
from service.content.addresses.told import Told

_TOKEN = re.compile(r"\{(\w+(?::[^{}]*)?)\}")
_DATE = re.compile(r"date:(?P<format>(?:%-?[A-Za-z]|[^%{}])+)")
_DIRECTIVE = re.compile(r"%(-?[A-Za-z])")
_KNOWN = frozenset({"slug", "lang", "category", "author"})
_DATED = re.compile(r"\d{4}-\d{2}-\d{2}[-_](?P<name>.+)")
_NO_PART = re.compile(r"[^\w\s-]")
_GAPS = re.compile(r"[-\s]+")


class Pelican(msgspec.Struct, frozen=True):
    """`named` is what slugs are made of: the title, the name of the file, or that without its date.

    `translated` are the patterns of what is not in the site's `language`.
    """

    folder: str
    base: str
    content: str
    language: str
    articles: Pattern | None
    pages: Pattern | None
    translated_articles: Pattern | None
    translated_pages: Pattern | None
    named: str = "title"
    category: str = "misc"
    by_folder: bool = True

    def address(self, told: Told) -> str | None:
        if given := told.own_address("url"):
            return given
        path = below(self.content, told.path)
        if path is None:
            return None
        own = (told.text("lang", "language") or self.language).lower() == self.language.lower()
        if path.startswith("pages/"):
            pattern = self.pages if own else self.translated_pages
        else:
            pattern = self.articles if own else self.translated_articles
        return pattern.fill(lambda token: self._word(token, told, path)) if pattern else None

    def _word(self, token: str, told: Told, path: str) -> str | None:
        if found := _DATE.fullmatch(token):
            parts = _DIRECTIVE.split(found["format"])
            words = [write_moment(told.as_written, part) if at % 2 else part for at, part in enumerate(parts)]
            return None if None in words else "".join(filter(None, words))
        folder, _, file = path.rpartition("/")
        if token == "slug":  # noqa: S105 - a word in a pattern
            given = told.text("slug")
            return given or _slug(self._name(told, file.rpartition(".")[0]))
        if token == "lang":  # noqa: S105
            return told.text("lang", "language") or self.language
        if token == "author":  # noqa: S105
            author = told.text("author")
            return _slug(author) if author else None
        last = folder.rpartition("/")[2] if self.by_folder else ""
        return _slug(told.text("category") or last or self.category)

    def _name(self, told: Told, stem: str) -> str:
        if self.named == "title":
            return told.title
        dated = _DATED.fullmatch(stem) if self.named == "undated" else None
        return dated["name"] if dated else stem


def pelican_scheme(folder: str, known: dict[str, Any], wrong: list[str]) -> Pelican:
    """The scheme of a site by the plain values in `pelicanconf.py`; what will not do is told as `wrong`."""

    def pattern(name: str, default: str) -> Pattern | None:
        given = known.get(f"{name}_URL", known.get(f"{name}_SAVE_AS", default))
        return keep_pattern(f"{name}_URL", given, _read, wrong) if given else None

    content = text_of(known.get("PATH")) or "."
    names = text_of(known.get("FILENAME_METADATA"))
    named = "name" if known.get("SLUGIFY_SOURCE") == "basename" else "title"
    if "(?P<slug>" in names:
        named = "undated" if "(?P<date>" in names else "name"
    return Pelican(
        folder=folder,
        base=path_of(known.get("SITEURL")),
        content="/".join(part for part in (folder, content.strip("./")) if part),
        language=text_of(known.get("DEFAULT_LANG")) or "en",
        articles=pattern("ARTICLE", "{slug}.html"),
        pages=pattern("PAGE", "pages/{slug}.html"),
        translated_articles=pattern("ARTICLE_LANG", "{slug}-{lang}.html"),
        translated_pages=pattern("PAGE_LANG", "pages/{slug}-{lang}.html"),
        named=named,
        category=text_of(known.get("DEFAULT_CATEGORY")) or "misc",
        by_folder=truth(known.get("USE_FOLDER_AS_CATEGORY", True)),
    )


def _slug(name: str) -> str | None:
    """None for a script whose letters Pelican writes in Latin by tables of its own."""
    plain = _NO_PART.sub("", in_ascii(name))
    return _GAPS.sub("-", plain.strip()).lower() if plain.isascii() else None


def _is_known(token: str) -> bool:
    found = _DATE.fullmatch(token)
    return all(map(knows, _DIRECTIVE.findall(found["format"]))) if found else token in _KNOWN


@lru_cache(maxsize=256)
def _read(text: str) -> Pattern:
    return read_pattern(text, _TOKEN, _is_known)
