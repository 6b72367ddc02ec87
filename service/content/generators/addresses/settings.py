"""Settings as they stand in files of strangers: anything may be there instead of what is expected."""

from typing import Any
from urllib.parse import unquote, urlsplit

from service.content.generators.addresses.pattern import as_path
from service.content.parsing.values import normal_key, written


def table(value: Any) -> dict[str, Any]:
    """A map, its keys as text; nothing for what is none."""
    return {str(key): item for key, item in value.items()} if isinstance(value, dict) else {}


def plain_table(value: Any) -> dict[str, Any]:
    """The same, by normal key."""
    return {normal_key(key): item for key, item in table(value).items()}


def text_of(value: Any) -> str:
    """A single value as it was written, "" for anything else."""
    return written(value) or ""


def truth(value: Any) -> bool:
    return text_of(value).lower() in {"true", "yes", "on", "1"}


def path_of(address: Any) -> str:
    """The path of an address, with no slash at its end: `https://x.example/blog/` and `blog` → `/blog`.

    "" for the root, for what is no address and for a path that climbs.
    """
    text = text_of(address)
    try:
        path = unquote(urlsplit(text).path if "//" in text else text)
    except ValueError:
        return ""
    return as_path(path) or "" if len(path) <= _LONGEST else ""


def below(folder: str, path: str) -> str | None:
    """`path` from `folder` on; None for one outside."""
    if not folder:
        return path
    return path.removeprefix(f"{folder}/") if path.startswith(f"{folder}/") else None


_LONGEST = 200
