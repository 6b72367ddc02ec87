"""Addresses as Pelican makes them (https://docs.getpelican.com/en/latest/settings.html#url-settings)."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import msgspec

from service.content.generators.addresses.latin import in_ascii
from service.content.generators.addresses.moments import knows, write_moment
from service.content.generators.addresses.pattern import Pattern, keep_pattern, read_pattern
from service.content.generators.addresses.settings import below, path_of, text_of, truth
from service.content.generators.addresses.told import Told

_TOKEN = re.compile(r"\{([^{}]*)\}")
_DATE = re.compile(r"date:(?P<format>(?:%-?[A-Za-z]|[^%{}])+)")
_DIRECTIVE = re.compile(r"%(-?[A-Za-z])")
_DATED = re.compile(r"\d{4}-\d{2}-\d{2}[-_](?P<name>.+)")
_NO_PART = re.compile(r"[^\w\s-]")
_GAPS = re.compile(r"[-\s]+")


class Pelican(msgspec.Struct, frozen=True):
    """`named` is what slugs are made of: the title, the name of the file, or that without its date.

    The patterns that are `translated_…` are of what is not in the site's `language`.
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
    author: str = ""
    page_folders: tuple[str, ...] = ("pages",)
    by_folder: bool = True

    def address(self, told: Told) -> str | None:
        if given := told.own_address("url"):
            return given
        path = below(self.content, told.path)
        if path is None:
            return None
        own = (told.text("lang", "language") or self.language).lower() == self.language.lower()
        if any(below(folder, path) is not None for folder in self.page_folders):
            pattern = self.pages if own else self.translated_pages
        else:
            pattern = self.articles if own else self.translated_articles
        return pattern.fill(_Post(told, path, self).word) if pattern else None


class _Post(msgspec.Struct, frozen=True):
    """An article or a page as Pelican sees it: its `path` from the folder of content."""

    told: Told
    path: str
    site: Pelican

    def word(self, token: str) -> str | None:
        if found := _DATE.fullmatch(token):
            parts = _DIRECTIVE.split(found["format"])
            moment = self.told.as_written
            words = [write_moment(moment, part) if at % 2 else part for at, part in enumerate(parts)]
            return None if None in words else "".join(filter(None, words))
        return _WORDS[token](self)

    @property
    def named(self) -> str:
        """What its slug is made of where it gives none."""
        stem = self.path.rpartition("/")[2].rpartition(".")[0]
        if self.site.named == "title":
            return self.told.title
        dated = _DATED.fullmatch(stem) if self.site.named == "undated" else None
        return dated["name"] if dated else stem

    @property
    def category(self) -> str:
        last = self.path.rpartition("/")[0].rpartition("/")[2] if self.site.by_folder else ""
        return self.told.text("category") or last or self.site.category


_WORDS: dict[str, Callable[[_Post], str | None]] = {
    "slug": lambda post: post.told.text("slug") or _slug(post.named),
    "lang": lambda post: post.told.text("lang", "language") or post.site.language,
    "author": lambda post: _slug(post.told.text("author") or post.site.author) or None,
    "category": lambda post: _slug(post.category),
}


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
    folders = known.get("PAGE_PATHS")
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
        page_folders=tuple(folder for item in folders if (folder := text_of(item).strip("/")))
        if isinstance(folders, list | tuple)
        else ("pages",),
        author=text_of(known.get("AUTHOR")),
        by_folder=truth(known.get("USE_FOLDER_AS_CATEGORY", True)),
    )


def _slug(name: str) -> str | None:
    """None for a script whose letters Pelican writes in Latin by tables of its own."""
    plain = _NO_PART.sub("", in_ascii(name))
    return _GAPS.sub("-", plain.strip()).lower() if plain.isascii() else None


def _is_known(token: str) -> bool:
    found = _DATE.fullmatch(token)
    return all(map(knows, _DIRECTIVE.findall(found["format"]))) if found else token in _WORDS


@lru_cache(maxsize=256)
def _read(text: str) -> Pattern:
    return read_pattern(text, _TOKEN, _is_known)
