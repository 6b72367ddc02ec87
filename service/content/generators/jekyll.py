"""What Jekyll's `_config.yml` says of articles: `defaults` by scope, and what is excluded."""

import re
from typing import Any

from service.content.generators.defaults import glob_pattern
from service.content.parsing.values import written
from service.content.records import FolderDefault

_MOST = 200


def scoped_defaults(value: Any, folder: str) -> tuple[FolderDefault, ...]:
    """The values of each scope, a path and perhaps a type; the narrower scope comes later, and so holds."""
    found: list[tuple[tuple[int, bool], FolderDefault]] = []
    for one in (value if isinstance(value, list) else [])[:_MOST]:
        values = one.get("values") if isinstance(one, dict) else None
        scope = one.get("scope") if isinstance(one, dict) else None
        if not isinstance(values, dict) or not isinstance(scope, dict):
            continue
        path = (written(scope.get("path")) or "").strip("/")
        kind = written(scope.get("type"))
        glob = glob_pattern(path)
        if glob is not None:
            found.append(((len(path), bool(kind)), FolderDefault(values, _pattern(folder, glob, kind))))
    return tuple(default for _, default in sorted(found, key=lambda one: one[0]))


def left_out_by_jekyll(known: dict[str, Any], folder: str) -> dict[str, str]:
    """The files and folders that the settings exclude, and where the finished site goes."""
    excluded = known.get("exclude")
    names = [one for one in excluded if isinstance(one, str)] if isinstance(excluded, list) else []
    reasons = {name.strip("/"): "excluded by _config.yml" for name in names if not re.search(r"[*?]", name)}
    if destination := written(known.get("destination")):
        reasons[destination.removeprefix("./").strip("/")] = "a page made by Jekyll"
    place = (written(known.get("collections_dir")) or "").strip("./")
    for name in _without_pages(known.get("collections")):
        reasons[f"{place}/_{name}" if place else f"_{name}"] = f"data: the collection {name!r} has no pages"
    return {f"{folder}/{name}" if folder else name: reason for name, reason in reasons.items() if name}


def _without_pages(collections: Any) -> list[str]:
    """The collections of which the settings say outright that Jekyll makes no pages."""
    if not isinstance(collections, dict):
        return []
    named = list(collections.items())[:_MOST]
    return [str(name) for name, said in named if isinstance(said, dict) and said.get("output") is False]


def _pattern(folder: str, glob: str, kind: str | None) -> str:
    start = re.escape(f"{folder}/") if folder else ""
    inside = rf"{glob}(?:/.*)?" if glob else ".*"
    if kind is None:
        return f"{start}{inside}"
    if kind == "pages":
        return rf"(?!(?:.*/)?_){start}{inside}"
    return rf"(?=(?:.*/)?_{re.escape(kind)}/){start}{inside}"
