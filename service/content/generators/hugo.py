"""What Hugo gives the pages below a section (`cascade`), and what a site calls tags and authors."""

import re
from collections.abc import Iterator
from typing import Any

from service.content.fields.language import named_language
from service.content.generators.defaults import glob_pattern
from service.content.parsing.values import normal_key
from service.content.records import FolderDefault

_CHOICES = frozenset({"target", "_target", "environment", "kind", "lang", "path"})
_MOST = 200
# What a taxonomy is about, by the name of one of it.
_AUTHORS = frozenset({"author", "byline", "contributor", "creator", "writer"})
_TAGS = frozenset({"category", "keyword", "label", "subject", "tag", "topic"})


def own_names(taxonomies: Any) -> dict[str, str]:
    """The keys under which a site has its authors and tags, where it calls them otherwise.

    `{contributor: people}` → `{"people": "authors"}`. What else groups articles (`series`) is neither.
    """
    named = taxonomies.items() if isinstance(taxonomies, dict) else ()
    keys: dict[str, str] = {}
    for one, several in list(named)[:_MOST]:
        usual = "authors" if normal_key(str(one)) in _AUTHORS else "tags"
        if isinstance(several, str) and normal_key(str(one)) in _AUTHORS | _TAGS:
            keys[normal_key(several)] = usual
    return keys


def cascades(value: Any, content: str, languages: tuple[str | None, ...] = ()) -> Iterator[FolderDefault]:
    """The defaults in a `cascade`: a map, or a list of maps each with a `target`.

    `content` is the folder that paths in a target begin at; `languages` those of the pages it is for.
    """
    # Where several targets fit, Hugo lets the first one stand: it must come last here.
    for one in reversed((value if isinstance(value, list) else [value])[:_MOST]):
        if not isinstance(one, dict):
            continue
        target = one.get("target", one.get("_target"))
        target = target if isinstance(target, dict) else {}
        if str(target.get("kind", "page")).lower() not in {"page", "{page,section}", "*", "**"}:
            continue
        values = {name: item for name, item in one.items() if normal_key(name) not in _CHOICES}
        inner = values.pop("params", None)
        values = {**(inner if isinstance(inner, dict) else {}), **values}
        pattern = _pattern(target.get("path"), content)
        if pattern == "":
            continue
        spoken = target.get("lang")
        only = (named_language(str(spoken)),) if spoken else languages
        yield FolderDefault(values, pattern, only)


def _pattern(path: Any, content: str) -> str | None:
    """The pattern of a target's path, `/posts/**`; None where it names none, "" where it cannot be read."""
    if path is None:
        return None
    glob = glob_pattern(str(path).strip().strip("/"))
    if glob is None:
        return ""
    folder = re.escape(f"{content}/") if content else ""
    return rf"{folder}{glob}(?:/_?index)?(?:\.[^/]+)?"
