"""Addresses as Jekyll makes them (https://jekyllrb.com/docs/permalinks/)."""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import msgspec

from service.content.generators.addresses.moments import write_moment
from service.content.generators.addresses.pattern import Pattern, keep_pattern, read_pattern
from service.content.generators.addresses.settings import below, path_of, table, text_of, truth
from service.content.generators.addresses.told import Told

_STYLES = {
    "date": "/:categories/:year/:month/:day/:title:output_ext",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title:output_ext",
    "weekdate": "/:categories/:year/W:week/:short_day/:title:output_ext",
    "none": "/:categories/:title:output_ext",
}
_MOMENTS = {
    "year": "Y",
    "short_year": "y",
    "w_year": "G",
    "month": "m",
    "i_month": "-m",
    "short_month": "^b",
    "long_month": "B",
    "day": "d",
    "i_day": "-d",
    "y_day": "j",
    "week": "V",
    "w_day": "u",
    "short_day": "^a",
    "long_day": "A",
    "hour": "H",
    "minute": "M",
    "second": "S",
}
_OF_JEKYLL = re.compile(r"(?!(?:.*/)?source/_posts/)(?:.*/)?_posts/")
_POST = re.compile(r"(?:(?P<above>.*)/)?_posts/(?P<path>.*)")
_DATED = re.compile(r"\d{2,4}-\d{1,2}-\d{1,2}-(?P<name>.*)")
_SUFFIX = re.compile(r"\.[^./]+$")
_CLEAN = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*")
_GAP = re.compile("\0+")
_PRETTY = "._~!$&'()+,;=@"


def is_post_of_jekyll(path: str) -> bool:
    """Whether it lies where Jekyll's posts do; those of Hexo lie in `source/_posts`."""
    return "_posts/" in path and bool(_OF_JEKYLL.match(path))


class Jekyll(msgspec.Struct, frozen=True):
    """`source` is the folder of the site's files, `holder` that of its collections below it, or "".

    `collections` are those that have pages, by folder. A pattern is None where that in the settings cannot be
    used.
    """

    folder: str = ""
    base: str = ""
    source: str = ""
    holder: str = ""
    posts: Pattern | None = None
    pages: Pattern | None = None
    collections: dict[str, Pattern | None] = {}

    def address(self, told: Told) -> str | None:
        if given := told.own_address("permalink"):
            return given
        page = self._page(told)
        return page.pattern.fill(page.word) if page and page.pattern else None

    def fill(self, pattern: str, told: Told) -> str | None:
        page = self._page(told)
        try:
            return _read(pattern).fill(page.word) if page else None
        except ValueError:
            return None

    def _page(self, told: Told) -> "_Page | None":
        """What Jekyll takes the file for; None where it makes no page of it."""
        path = below(self.source, told.path)
        if path is None:
            return None
        path = below(self.holder, path) or path
        if post := _POST.fullmatch(path):
            above = tuple(filter(None, (post["above"] or "").split("/")))
            return _Page(told, post["path"], self.posts, above, "posts")
        for folder, pattern in self.collections.items():
            if path.startswith(f"{folder}/"):
                return _Page(told, path.removeprefix(f"{folder}/"), pattern, (), folder.removeprefix("_"))
        if any(part.startswith("_") for part in path.split("/")):
            return None
        return _Page(told, path, _INDEX if path.rpartition("/")[2].startswith("index.") else self.pages)


class _Page(msgspec.Struct, frozen=True):
    """A file as Jekyll sees it: a document of a `collection`, its `path` from there, or a page ("").

    The folders `above` that of a post are categories.
    """

    told: Told
    path: str
    pattern: Pattern | None
    above: tuple[str, ...] = ()
    collection: str = ""

    def word(self, token: str) -> str | None:
        if token in _MOMENTS:
            return write_moment(self.told.moment, _MOMENTS[token])
        return _WORDS[token](self)

    @property
    def stem(self) -> str:
        return _SUFFIX.sub("", self.path)

    @property
    def name(self) -> str:
        return self.stem.rpartition("/")[2]

    @property
    def given(self) -> str:
        """The slug it gives, or its name without the date."""
        dated = _DATED.fullmatch(self.name) if self.collection else None
        return self.told.text("slug") or (dated["name"] if dated else self.name).rstrip(".")

    @property
    def categories(self) -> list[str]:
        """The folders above `_posts`, then `categories` (text is parted at spaces), then `category`."""
        given = self.told.value("categories")
        several = given.split() if isinstance(given, str) else self.told.words("categories")
        return [one.lower() for one in (*self.above, *several, *self.told.words("category"))]


_WORDS: dict[str, Callable[[_Page], str]] = {
    "output_ext": lambda _: ".html",
    "title": lambda page: _slug(page.given, _PRETTY, cased=True),
    "slug": lambda page: _slug(page.given),
    "name": lambda page: _slug(page.name),
    "basename": lambda page: page.name,
    "path": lambda page: page.stem if page.collection else page.stem.rpartition("/")[0],
    "collection": lambda page: page.collection,
    "categories": lambda page: "/".join(dict.fromkeys(page.categories)),
    "slugified_categories": lambda page: "/".join(dict.fromkeys(map(_slug, page.categories))),
}
_KNOWN = frozenset({*_MOMENTS, *_WORDS})
# `:title_old` is the title, then `_old`.
_TOKEN = re.compile(rf":({'|'.join(sorted(_KNOWN, key=len, reverse=True))}|[a-z_]+)")

_INDEX = read_pattern("/:path/", _TOKEN, _KNOWN.__contains__)

BARE = Jekyll()
"""The scheme of a post whose site's settings are not known: only patterns in the post itself count."""


def jekyll_scheme(folder: str, known: dict[str, Any], wrong: list[str]) -> Jekyll:
    """The scheme of a site by its `_config.yml`; what cannot be used in it is told as `wrong`."""
    style = known.get("permalink", "date")
    source = _joined(folder, text_of(known.get("source")))
    given = known.get("collections")
    names = dict.fromkeys(map(str, given)) if isinstance(given, list) else given
    collections: dict[str, Pattern | None] = {}
    posts = _STYLES.get(str(style), style)
    for name, value in table(names).items():
        said = table(value)
        if name == "posts":
            posts = said.get("permalink", posts)
        elif truth(said.get("output")):
            pattern = said.get("permalink", f"/:collection/:path{_ending(str(style))}")
            collections[f"_{name}"] = keep_pattern(f"collections.{name}.permalink", pattern, _read, wrong)
    return Jekyll(
        folder=folder,
        base=path_of(known.get("baseurl")),
        source=source,
        holder=_joined("", text_of(known.get("collections_dir"))),
        posts=keep_pattern("permalink", posts, _read, wrong),
        pages=_read(f"/:path/:basename{_ending(str(style))}"),
        collections=collections,
    )


def _ending(style: str) -> str:
    """How the addresses of pages end, which is as the style of posts does."""
    if style in {"date", "ordinal", "none"} or style.endswith(":output_ext"):
        return ":output_ext"
    return "/" if style == "pretty" or style.endswith("/") else ""


def _joined(folder: str, name: str) -> str:
    return "/".join(part for part in (folder, name.strip("./")) if part)


@lru_cache(maxsize=256)
def _read(text: str) -> Pattern:
    return read_pattern(text, _TOKEN, _KNOWN.__contains__)


def _slug(name: str, kept: str = "", *, cased: bool = False) -> str:
    """Everything but letters, marks, digits and what is `kept` as one hyphen, and none at either end."""
    if _CLEAN.fullmatch(name):  # as most are
        return name if cased else name.lower()
    parts = "".join(c if c.isalnum() or c in kept or _is_mark(c) else "\0" for c in name)
    slug = _GAP.sub("-", parts).removeprefix("-").removesuffix("-")
    return slug if cased else slug.lower()


def _is_mark(character: str) -> bool:
    return not character.isascii() and unicodedata.category(character)[0] == "M"
