"""Whether search engines may index an article, and whether the sitemap lists it."""

import re
from collections.abc import Mapping
from typing import Any

from service.content.fields.field_reader import as_boolean
from service.content.front_matter.values import as_items
from service.model import Article

_ROBOTS = frozenset({"robots", "googlebot", "metarobots"})
_NO_INDEX = re.compile(r"\b(?:noindex|none)\b", re.IGNORECASE)
_FALSE = frozenset({"false", "no", "off", "exclude"})
_TABLES = ("seo", "params", "extra", "meta", "metadata")
_LISTS = ("head", "meta")


def is_indexed(article: Article) -> bool:
    """Whether search engines may index an article: not with `robots: noindex` or `noindex: true`.

    These also count in a table such as `seo` or `params`, and `robots` as a list or map, `{index: false}`;
    and so does the `meta` element in the `head` of VitePress.
    """
    if not article.extra:
        return True
    facts = _facts(article.extra)
    elements = [element for name in _LISTS for element in _elements(facts.get(name))]
    return not any(map(_refuses_index, (facts, *(_facts(facts.get(name)) for name in _TABLES), *elements)))


def is_in_sitemap(article: Article) -> bool:
    """Whether the sitemap has an article, which search engines must be allowed to index.

    `sitemap: false` (Jekyll) and `sitemap: {disable: true}` (Hugo) leave it out.
    """
    sitemap = _facts(article.extra).get("sitemap")
    is_left_out = (
        as_boolean(sitemap.get("disable")) is True
        if isinstance(sitemap, dict)
        else str(sitemap).lower() in _FALSE
    )
    return is_indexed(article) and not is_left_out


def _refuses_index(facts: Mapping[str, Any]) -> bool:
    return (
        any(_forbids(facts[name]) for name in _ROBOTS & facts.keys())
        or as_boolean(facts.get("noindex")) is True
        or as_boolean(facts.get("indexing")) is False
    )


def _forbids(value: Any) -> bool:
    """Whether a value of `robots` forbids indexing: `noindex`, `[noindex]`, `{index: false}`."""
    if isinstance(value, list):
        return any(map(_forbids, value))
    if isinstance(value, dict):
        facts = _facts(value)
        return as_boolean(facts.get("index")) is False or _refuses_index(facts)
    return isinstance(value, str) and bool(_NO_INDEX.search(value))


def _elements(value: Any) -> list[dict[str, Any]]:
    """The `meta` elements in a list, `[meta, {name: robots, content: noindex}]`, by their names."""
    rows = [row[1] if isinstance(row, list) and len(row) > 1 else row for row in as_items(value)]
    tables = [table for table in map(_facts, rows) if isinstance(table.get("name"), str)]
    return [_facts({table["name"]: table.get("content")}) for table in tables]


def _facts(table: Any) -> dict[str, Any]:
    """A table with its keys in lower case and without marks between their words; {} for anything else."""
    if not isinstance(table, dict):
        return {}
    return {re.sub(r"[\s_-]", "", name.lower()): value for name, value in table.items()}
