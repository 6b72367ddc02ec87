"""Addresses as Hugo makes them (https://gohugo.io/configuration/permalinks/)."""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

import msgspec

from service.content.generators.addresses.moments import write_moment
from service.content.generators.addresses.pattern import Pattern, read_pattern
from service.content.generators.addresses.settings import below
from service.content.generators.addresses.told import Told

_MOMENTS = {
    "year": "Y",
    "month": "m",
    "monthname": "B",
    "day": "d",
    "weekday": "w",
    "weekdayname": "A",
    "yearday": "-j",
    # Go's own layout of dates: what 2 January 2006, 15:04:05, would be written as.
    "2006": "Y",
    "06": "y",
    "01": "m",
    "1": "-m",
    "Jan": "b",
    "January": "B",
    "02": "d",
    "2": "-d",
    "002": "j",
    "Mon": "a",
    "Monday": "A",
    "15": "H",
    "04": "M",
    "05": "S",
}
_SECTIONS = re.compile(r"sections\[(?:(?P<one>\d{1,3}|last)|(?P<low>\d{0,3}|last):(?P<high>\d{0,3}|last))\]")
_TOKEN = re.compile(r"(?<!\\):(\w+(?:\[[^\[\]]*\])?)")
_DATED = re.compile(r"(\d{4}-\d{2}-\d{2})[ _-]*(?P<name>.+)")
_CLEAN = re.compile(r"[A-Za-z0-9./_~-]*")
_ALLOWED = frozenset("./\\_#+~-")


class Rule(msgspec.Struct, frozen=True):
    """The pattern for the pages of a section (`posts`, `posts/old`; "": those in none), in one `language`.

    None as language is for all, as pattern one that cannot be used.
    """

    section: str
    pattern: Pattern | None
    language: str | None = None


class Hugo(msgspec.Struct, frozen=True):
    """`roots` are the folders of content, the inner ones first, each with the language it is for.

    `prefixes` are what addresses in a language begin with (`/fr`, or ""); `sections` the folders below a root
    that have a page of their own. `ugly` names the sections whose pages end in `.html`, "" for all.
    """

    folder: str
    base: str
    roots: tuple[tuple[str, str], ...]
    prefixes: dict[str, str]
    rules: tuple[Rule, ...] = ()
    sections: tuple[str, ...] = ()
    ugly: tuple[str, ...] = ()
    cased: bool = False
    plain: bool = False
    dated: bool = False

    def address(self, told: Told) -> str | None:
        page = self._page(told)
        if page is None:
            return None
        if given := told.own_address("url"):
            return self._there(given, page)
        rule = next((one for one in self.rules if _applies(one, page)), None)
        if rule is None:
            return self._finished("/".join((*page.folders, page.slug or page.name)), page)
        made = rule.pattern and rule.pattern.fill(page.word)
        return self._finished(made, page) if made else None

    def fill(self, pattern: str, told: Told) -> str | None:
        page = self._page(told)
        try:
            made = read(pattern).fill(page.word) if page else None
        except ValueError:
            return None
        return self._there(made, page) if page and made else None

    def _there(self, given: str, page: "_Page") -> str:
        """What a page gives itself: from the top of the site, or below its language where no slash leads."""
        return given if given.startswith("/") else f"{self.prefixes[page.language]}/{given}"

    def _page(self, told: Told) -> "_Page | None":
        for root, language in self.roots:
            path = below(root, told.path)
            if path is None:
                continue
            *folders, file = path.split("/")
            stem = file.rpartition(".")[0]
            name, _, code = stem.rpartition(".")
            if name and code.lower() in self.prefixes:
                stem, language = name, code.lower()
            if stem == "index":
                stem = folders.pop() if folders else ""
            if self.dated and (found := _DATED.fullmatch(stem)):
                stem = found["name"]
            return _Page(told, tuple(folders), stem, language, self) if stem else None
        return None

    def _finished(self, made: str, page: "_Page") -> str:
        ugly = "" in self.ugly or (page.folders[:1] or ("",))[0] in self.ugly
        return f"{self.prefixes[page.language]}/{self.clean(made).strip('/')}{'.html' if ugly else '/'}"

    def clean(self, text: str) -> str:
        """A path as Hugo writes it: white space as one hyphen, what an address does not like left out."""
        if _CLEAN.fullmatch(text):  # as most are
            return text if self.cased else text.lower()
        if self.plain:
            decomposed = unicodedata.normalize("NFD", text)
            text = unicodedata.normalize(
                "NFC", "".join(c for c in decomposed if not unicodedata.combining(c))
            )
        kept: list[str] = []
        gap = False
        for c in text:
            if c.isalnum() or c in _ALLOWED or unicodedata.category(c)[0] == "M":
                if gap and c != "-":
                    kept.append("-")
                kept.append(c)
                gap = False
            elif c.isspace() and kept and kept[-1] != "-":
                gap = True
        return "".join(kept) if self.cased else "".join(kept).lower()


class _Page(msgspec.Struct, frozen=True):
    """A page as Hugo sees it: the `folders` it lies in, its `name` (that of its bundle) and its language."""

    told: Told
    folders: tuple[str, ...]
    name: str
    language: str
    site: Hugo

    def word(self, token: str) -> str | None:
        if token in _MOMENTS:
            return write_moment(self.told.as_written, _MOMENTS[token])
        if part := _SECTIONS.fullmatch(token):
            return "/".join(_cut(self.section, part))
        return _WORDS[token](self)

    @property
    def slug(self) -> str:
        return self.told.text("slug") or ""

    @property
    def section(self) -> tuple[str, ...]:
        """The folders down to the last that is a section: the first is, a deeper one with its own page."""
        for depth in range(len(self.folders), 1, -1):
            if "/".join(self.folders[:depth]) in self.site.sections:
                return self.folders[:depth]
        return self.folders[:1]


_WORDS: dict[str, Callable[[_Page], str]] = {
    "section": lambda page: "".join(page.folders[:1]),
    "sections": lambda page: "/".join(page.section),
    "title": lambda page: page.site.clean(page.told.title),
    "slug": lambda page: page.site.clean(page.slug or page.told.title),
    "filename": lambda page: page.site.clean(page.name),
    "contentbasename": lambda page: page.site.clean(page.name),
    "slugorfilename": lambda page: page.site.clean(page.slug or page.name),
    "slugorcontentbasename": lambda page: page.site.clean(page.slug or page.name),
}


def _applies(rule: Rule, page: _Page) -> bool:
    if rule.language not in {None, page.language}:
        return False
    inside = "/".join(page.folders)
    if rule.section == "":
        return not inside
    return rule.section == "*" or f"{inside}/".startswith(f"{rule.section}/")


def _cut(folders: tuple[str, ...], part: re.Match[str]) -> tuple[str, ...]:
    """A stretch of the sections: `[1:]`, `[:last]`, `[0]`."""
    if one := part["one"]:
        at = len(folders) - 1 if one == "last" else int(one)
        return folders[at : at + 1]
    low, high = (
        len(folders) - 1 if end == "last" else end and int(end) for end in (part["low"], part["high"])
    )
    return folders[low or 0 : len(folders) if high == "" else high]


@lru_cache(maxsize=256)
def read(text: str) -> Pattern:
    """The pattern in `text`. Raises ValueError with the reason when it is none of Hugo's."""
    pattern = read_pattern(text, _TOKEN, _is_known)
    return Pattern(tuple(part.replace("\\:", ":") for part in pattern.parts))


def _is_known(token: str) -> bool:
    return token in _MOMENTS or token in _WORDS or bool(_SECTIONS.fullmatch(token))
