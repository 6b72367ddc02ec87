"""Values for articles that do not give them themselves."""

import re
from functools import lru_cache
from typing import Any

from service.content.parsing.values import normal_key
from service.content.records import SiteContext

_LONGEST_GLOB = 200
_MOST_STARS = 8
_GLOB = re.compile(r"\*\*/?|\*|\?|\{[^{}]*\}|[^*?{]+|\{")


def defaults_of(context: SiteContext, path: str, language: str | None) -> dict[str, Any]:
    """The values that the folder gives the article at `path`, by normal key; of two the nearer one holds.

    `language` is what the place of the file says; None where it says nothing.
    """
    if not context.defaults:
        return {}
    values: dict[str, Any] = {}
    ends = [0, *(place.start() for place in re.finditer("/", path))]
    for end in ends:
        for default in context.defaults.get(path[:end], ()):
            if default.languages and language not in default.languages:
                continue
            if default.pattern is None or _compiled(default.pattern).fullmatch(path):
                values |= {normal_key(name): value for name, value in default.values.items()}
    return values


def glob_pattern(glob: str) -> str | None:
    """A glob as a regular expression: `*` within a folder, `**` across; None for one past all measure."""
    if len(glob) > _LONGEST_GLOB or glob.count("*") > _MOST_STARS:
        return None
    return "".join(map(_part, _GLOB.findall(glob)))


def _part(part: str) -> str:
    if part.startswith("**"):
        return ".*"
    if part in "*?":
        return f"[^/]{part.replace('?', '')}"
    if part.startswith("{") and part.endswith("}"):
        return f"(?:{'|'.join(map(re.escape, part[1:-1].split(',')))})"
    return re.escape(part)


@lru_cache(maxsize=1000)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
