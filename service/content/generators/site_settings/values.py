"""Values of settings files, which may have any type instead of the expected one."""

from typing import Any
from urllib.parse import unquote, urlsplit

from service.content.front_matter.values import normal_key, written
from service.content.generators.addresses.permalink_patterns import to_path

_MAX_BASE = 200


def as_table(value: Any) -> dict[str, Any]:
    """A map with text keys; empty for anything else."""
    return {str(key): item for key, item in value.items()} if isinstance(value, dict) else {}


def as_normal_table(value: Any) -> dict[str, Any]:
    """A map by normal key; empty for anything else."""
    return {normal_key(key): item for key, item in as_table(value).items()}


def as_list(value: Any) -> list[Any]:
    """A list; empty for anything else."""
    return value if isinstance(value, list) else []


def as_texts(value: Any) -> tuple[str, ...]:
    """The texts of a list, or a single text; () for anything else."""
    texts = map(as_text, value if isinstance(value, list | tuple) else [value])
    return tuple(text for text in texts if text)


def as_text(value: Any) -> str:
    """A single value as it was written, "" for anything else."""
    return written(value) or ""


def is_true(value: Any) -> bool:
    return as_text(value).lower() in {"true", "yes", "on", "1"}


def url_path(address: Any) -> str:
    """The path of an address without a trailing slash: `https://x.example/blog/` and `blog` → `/blog`.

    "" for the root, for an invalid address and for a path that climbs.
    """
    text = as_text(address)
    try:
        path = unquote(urlsplit(text).path if "//" in text else text)
    except ValueError:
        return ""
    return to_path(path) or "" if len(path) <= _MAX_BASE else ""


def join_path(folder: str, path: str) -> str:
    """`path` below `folder`, both relative: `blog` and `./posts/` → `blog/posts`; `.` is `folder` itself."""
    return "/".join(part for part in (folder, *path.strip().split("/")) if part not in {"", "."})


def relative_path(folder: str, path: str) -> str | None:
    """`path` from `folder` on; None for one outside of it."""
    if not folder:
        return path
    return path.removeprefix(f"{folder}/") if path.startswith(f"{folder}/") else None


def first_hidden_name(path: str) -> str | None:
    """The first name in `path` that begins with `_`, `#` or a dot, or ends in `~`: generators skip those."""
    return next(
        (name for name in path.split("/") if name.startswith(("_", "#", ".")) or name[-1:] == "~"), None
    )
