"""Defaults of folders for the fields of their articles, and the globs that say for which."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from service.content.parsing.values import normal_key
from service.content.records import SiteContext

_MAX_GLOB = 200
_MAX_STARS = 8
_GLOB = re.compile(r"\*\*/?|\*|\?|\{[^{}]*\}|[^*?{]+|\{")


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
    """A glob as a regular expression: `*` within a folder, `**` across folders; None for one too complex."""
    if len(glob) > _MAX_GLOB or glob.count("*") > _MAX_STARS:
        return None
    return "".join(map(_part_pattern, _GLOB.findall(glob)))


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
