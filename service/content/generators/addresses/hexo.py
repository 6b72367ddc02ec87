"""Addresses as Hexo makes them (https://hexo.io/docs/permalinks)."""

import hashlib
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import msgspec

from service.content.generators.addresses.latin import without_accents
from service.content.generators.addresses.moments import write_moment
from service.content.generators.addresses.pattern import LONGEST, Pattern, keep_pattern, read_pattern
from service.content.generators.addresses.settings import below, path_of, table, text_of
from service.content.generators.addresses.told import Told
from service.content.parsing.values import normal_key, written

_MOMENTS = {
    "year": "Y",
    "month": "m",
    "i_month": "-m",
    "day": "d",
    "i_day": "-d",
    "hour": "H",
    "minute": "M",
    "second": "S",
    "timestamp": "s",
}
_TOKEN = re.compile(r":(\w*[^_\W])")
_SPECIAL = re.compile(r"[\s~`!@#$%^&*()\-_+=\[\]{}|\\;:\"'<>,.?/]+")
# What the name of a file may be made of (`new_post_name`); anything else there stands for one part of it.
_NAMES = {
    "year": r"\d{4}",
    "month": r"\d{2}",
    "day": r"\d{2}",
    "i_month": r"\d{1,2}",
    "i_day": r"\d{1,2}",
    "hash": r"[0-9a-f]{12}",
}


class Hexo(msgspec.Struct, frozen=True):
    """`names` is what names of files match, a regular expression whose groups say what; `case` of slugs."""

    folder: str
    base: str
    source: str
    pattern: Pattern | None
    names: str = "(?P<title>.+)"
    case: str = ""
    category: str = "uncategorized"
    categories: dict[str, str] = {}
    defaults: dict[str, str] = {}

    def address(self, told: Told) -> str | None:
        if given := told.own_address("permalink"):
            return given
        path = below(f"{self.source}/_posts", told.path)
        if path is not None:
            return self.pattern.fill(self._words(told, path)) if self.pattern else None
        page = below(self.source, told.path)
        if page is None or any(part.startswith("_") for part in page.split("/")):
            return None
        return f"{page.rpartition('.')[0]}.html"

    def _words(self, told: Told, path: str) -> Callable[[str], str | None]:
        stem = path.rpartition(".")[0]
        found = _compiled(self.names).fullmatch(stem)
        named = {name: text for name, text in found.groupdict().items() if text} if found else {}
        return _Post(told, self, {"title": _slug(stem), **named}).word


class _Post(msgspec.Struct, frozen=True):
    """A post as Hexo sees it; `named` is what the name of its file says, `title` at least."""

    told: Told
    site: Hexo
    named: dict[str, str]

    def word(self, token: str) -> str | None:
        if token in _MOMENTS:
            return write_moment(self.told.moment, _MOMENTS[token])
        if token in _WORDS:
            return _WORDS[token](self)
        given = self.told.text(normal_key(token))
        return given or self.named.get(token) or self.site.defaults.get(token)

    @property
    def hash(self) -> str | None:
        at = write_moment(self.told.moment, "s")
        named = f"{self.named['title']}{at}".encode()
        return hashlib.sha1(named, usedforsecurity=False).hexdigest()[:12] if at else None

    @property
    def category(self) -> str:
        """The last of its categories with those around it: each is in the one before, unless listed apart."""
        value = self.told.value("categories", "category")
        lists = value if isinstance(value, list) else [value]
        last = lists[-1] if lists and isinstance(lists[-1], list) else lists
        names = [name for name in map(written, last) if name]
        slugs = "/".join(_slug(self.site.categories.get(name, name)) for name in names)
        cased = {"1": slugs.lower(), "2": slugs.upper()}.get(self.site.case, slugs)
        return cased or self.site.category


_WORDS: dict[str, Callable[[_Post], str | None]] = {
    "title": lambda post: post.named["title"],
    "name": lambda post: post.named["title"].rpartition("/")[2],
    "post_title": lambda post: _slug(post.told.title).lower(),
    "hash": lambda post: post.hash,
    "category": lambda post: post.category,
}


def hexo_scheme(folder: str, known: dict[str, Any], wrong: list[str]) -> Hexo:
    """The scheme of a site by its `_config.yml`; what cannot be used in it is told as `wrong`."""
    source = text_of(known.get("source_dir")) or "source"
    permalink = known.get("permalink") or ":year/:month/:day/:title/"
    return Hexo(
        folder=folder,
        base=path_of(known.get("root")) or path_of(known.get("url")),
        source="/".join(part for part in (folder, source.strip("./")) if part),
        pattern=keep_pattern("permalink", permalink, _read, wrong),
        names=_names(text_of(known.get("new_post_name")) or ":title.md"),
        case=text_of(known.get("filename_case")),
        category=text_of(known.get("default_category")) or "uncategorized",
        categories={name: text_of(slug) for name, slug in table(known.get("category_map")).items()},
        defaults={name: text_of(value) for name, value in table(known.get("permalink_defaults")).items()},
    )


def _names(pattern: str) -> str:
    """The names of files that `:year-:month-:day-:title.md` gives; any name, for what cannot be used."""
    parts = _TOKEN.split(pattern.rpartition(".")[0] or pattern)
    names = parts[1::2]
    loose = [name for name in names if name not in _NAMES]
    # Each loose part may end anywhere: two of them are tried at every place, three would take too long.
    usable = len(pattern) <= LONGEST and len(set(names)) == len(names) and len(loose) <= 2
    if not usable or not all(re.fullmatch(r"[A-Za-z]\w*", name, re.ASCII) for name in names):
        return "(?P<title>.+)"
    parts[::2] = map(re.escape, parts[::2])
    parts[1::2] = [f"(?P<{name}>{_NAMES.get(name, '.+?')})" for name in names]
    return "".join(parts)


def _slug(text: str) -> str:
    return _SPECIAL.sub("-", without_accents(text.replace("ß", "s"))).strip("-")


@lru_cache(maxsize=256)
def _read(text: str) -> Pattern:
    # Any key of a post may stand in it.
    return read_pattern(text, _TOKEN, lambda _: True)


@lru_cache(maxsize=32)
def _compiled(names: str) -> re.Pattern[str]:
    return re.compile(names)
