"""Hugo's and Zola's bundles of one page: whatever else lies in the folder of an `index.md` belongs to it."""

import re
from collections.abc import Iterable

from service.content.generators.reading import Engine

_INDEX = re.compile(r"index(?:\.[^./]+)?\.(?:md|markdown|mdx|html|htm)", re.IGNORECASE)


def resources(engine: Engine, paths: Iterable[str]) -> dict[str, str]:
    """The files among `paths` that are no pages of their own but part of one, each with the reason."""
    if engine.name not in {"Hugo", "Zola"}:
        return {}
    content = engine.content or (f"{engine.folder}/content" if engine.folder else "content")
    holders = (f"{content}/", *(f"{folder}/" for folder in engine.languages))
    below = [path for path in paths if path.startswith(holders)]
    bundles: dict[str, str] = {}
    for path in sorted(below):
        folder, _, name = path.rpartition("/")
        if _INDEX.fullmatch(name) and f"{folder}/" not in holders:
            bundles.setdefault(folder, path)
    found = {path: _outermost(path, bundles) for path in below} if bundles else {}
    return {path: f"a resource of {owner}" for path, owner in found.items() if owner}


def _outermost(path: str, bundles: dict[str, str]) -> str | None:
    """The page that the file at `path` belongs to; None for that page itself and its translations."""
    for place in re.finditer("/", path):
        owner = bundles.get(path[: place.start()])
        if owner:
            return None if _INDEX.fullmatch(path, place.end()) else owner
    return None
