"""Slugs of articles, aliases, tags and authors."""

import hashlib
import re
from functools import lru_cache
from urllib.parse import unquote

from service.model import slugify

MAX_SLUG_BYTES = 200

# These endings of an address select a representation (see `urls.ARTICLE_SUFFIXES`).
_SUFFIXES = frozenset(
    {"atom", "htm", "html", "json", "jsonl", "markdown", "md", "ndjson", "rss", "txt", "xml"}
)
_DOT = re.compile(r"(?<=\w)\.(?=\w)")


def make_slug(name: str) -> str:
    """`name` as a slug that keeps inner dots: `Rust 1.60.0` → `rust-1.60.0`; may be "".

    It never ends in the suffix of a format (`notes.json` → `notes-json`) and has at most MAX_SLUG_BYTES of
    UTF-8.
    """
    if "." not in name:
        return shorten(slugify(name), MAX_SLUG_BYTES)
    parts = [part for part in map(slugify, _DOT.split(name)) if part]
    slug = parts[0] if parts else ""
    for part in parts[1:]:
        slug += ("-" if part in _SUFFIXES else ".") + part
    return shorten(slug, MAX_SLUG_BYTES)


def name_slug(name: str) -> str:
    """The slug of a tag, author or source; a short hash if `name` has neither letters nor digits."""
    return slugify(name) or short_hash(name)


@lru_cache(maxsize=64)  # called three times for one alias
def alias_slug(alias: str) -> str:
    """The former slug in an alias, its last segment without suffix: `/2019/01/vote.html` → `vote`."""
    path = unquote(before_query(alias.strip())).rstrip("/")
    path = path.removesuffix("/index.html")
    name = path.rpartition("/")[2]
    if name in {".", ".."}:
        return ""
    stem, dot, suffix = name.rpartition(".")
    return make_slug(stem if dot and suffix.lower() in _SUFFIXES else name)


def before_query(reference: str) -> str:
    """The path in a reference, without query and fragment (RFC 3986 §3)."""
    return reference.partition("?")[0].partition("#")[0]


def short_hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def shorten(slug: str, max_bytes: int) -> str:
    """`slug` in at most `max_bytes` bytes of UTF-8, never ending in `-` or `.`."""
    encoded = slug.encode()
    if len(encoded) <= max_bytes:
        return slug
    return encoded[:max_bytes].decode(errors="ignore").rstrip("-.")
