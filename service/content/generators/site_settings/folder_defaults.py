"""Defaults of folders for the fields of their articles, and the globs that say for which."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from service.content.front_matter.values import normal_key
from service.content.records import SiteContext

_MAX_GLOB = 1000
_MAX_STARS = 8
_MAX_NEGATIONS = 2
# An escaped character, stars, the start of a group, a class, a mark, or text.
_GLOB = re.compile(
    r"\\.|\*\*/?|[!?*+@]\(|\[[!^]?\]?[^\]/]*\]|[\\*?{},()|\[!+@]|[^\\*?{},()|\[!+@]+", re.DOTALL
)
# What begins a group: what separates and ends its alternatives, and both ends of its pattern.
_GROUPS = {
    "{": (",", "}", "(?:", ")"),
    "@(": ("|", ")", "(?:", ")"),
    "?(": ("|", ")", "(?:", ")?"),
    "*(": ("|", ")", "(?:", "){0,2}"),  # more would take too long
    "+(": ("|", ")", "(?:", "){1,2}"),
    "!(": ("|", ")", "(?!(?:", "(?:/|$))[^/]*"),
}
_NEGATION = _GROUPS["!("]
_PARTS = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def find_defaults(context: SiteContext, path: str, language: str | None) -> dict[str, Any]:
    """The defaults for the article at `path`, by normal key; those of a nearer folder win.

    `language` is that of the file's path; None where the path says nothing.
    """
    if not context.defaults:
        return {}
    values: dict[str, Any] = {}
    ends = [0, *(slash.start() for slash in re.finditer("/", path))]
    for end in ends:
        for default in context.defaults.get(path[:end], ()):
            if default.languages and language not in default.languages:
                continue
            if default.pattern is None or _compiled(default.pattern).fullmatch(path):
                values |= {normal_key(name): value for name, value in default.values.items()}
    return values


def glob_pattern(glob: str) -> str | None:
    """A glob as a regular expression: `*` within a folder, `**` across folders; None for one too complex.

    Also with `{a,b}`, `[a-z]`, `!(a|b)` and escaped characters, as minimatch reads them.
    """
    if len(glob) > _MAX_GLOB or glob.count("*") > _MAX_STARS or glob.count("!(") > _MAX_NEGATIONS:
        return None
    parts = _GLOB.findall(glob)
    patterns: list[str] = []
    groups: list[tuple[str, str, str, str]] = []
    for position, part in enumerate(parts, 1):
        if part in _GROUPS:
            groups.append(_GROUPS[part])
            patterns.append(groups[-1][2])
        elif groups and part == groups[-1][0]:
            patterns.append("|")
        elif groups and part == groups[-1][1]:
            group = groups.pop()
            if group is _NEGATION:  # the name as a whole is another
                patterns.append(f"){glob_pattern(''.join(parts[position:]).partition('/')[0]) or ''}")
            patterns.append(group[3])
        else:
            patterns.append(_part_pattern(part))
    return "".join(map(_part_pattern, parts) if groups else patterns)


def from_root(globs: Iterable[str]) -> Iterator[str]:
    """`globs` for `matches_glob`, where one without a slash is for a name in the outermost folder alone."""
    return (glob if "/" in glob else f"./{glob}" for glob in globs)


def matches_glob(path: str, globs: Iterable[str]) -> bool:
    """Whether one of `globs` is for `path`, a folder above it, or (without a slash) a name in it."""
    for glob in globs:
        pattern = glob_pattern(glob.removeprefix("./").strip("/"))
        if pattern is None:
            continue
        start = "" if "/" in glob.strip("/") else "(?:.*/)?"
        if _compiled(f"{start}{pattern}(?:/.*)?").fullmatch(path):
            return True
    return False


def _part_pattern(part: str) -> str:
    if part in _PARTS:
        return _PARTS[part]
    if len(part) > 2 and part[0] == "[":
        members = re.sub(r"([\\\[&~|])", r"\\\1", part[1:-1])
        try:
            return re.compile(f"[{members.replace('!', '^', members.startswith('!'))}]").pattern
        except re.error:  # `[z-a]`
            return re.escape(part)
    return re.escape(part[1:] if len(part) == 2 and part[0] == "\\" else part)


@lru_cache(maxsize=1000)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
