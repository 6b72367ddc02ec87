"""What an article says to search engines: whether they index it, and whether the sitemap has it."""

import re
from typing import Any

from service.model import Article

_ROBOTS = frozenset({"robots", "googlebot", "metarobots"})
_NO_INDEX = re.compile(r"\b(?:noindex|none)\b", re.IGNORECASE)
_FALSE = frozenset({"false", "no", "off", "exclude"})


def is_indexed(article: Article) -> bool:
    """Whether search engines may index an article: not with `robots: noindex` or `noindex: true`."""
    if not article.extra:
        return True
    facts = _facts(article.extra) | _facts(article.extra.get("seo"))
    is_refused = any(_NO_INDEX.search(str(facts[name])) for name in _ROBOTS & facts.keys())
    return not (is_refused or facts.get("noindex") is True or facts.get("indexing") is False)


def is_in_sitemap(article: Article) -> bool:
    """Whether the sitemap has an article, which search engines must be allowed to index.

    `sitemap: false` (Jekyll) and `sitemap: {disable: true}` (Hugo) leave it out.
    """
    sitemap = _facts(article.extra).get("sitemap")
    is_left_out = (
        sitemap.get("disable") is True if isinstance(sitemap, dict) else str(sitemap).lower() in _FALSE
    )
    return is_indexed(article) and not is_left_out


def _facts(table: Any) -> dict[str, Any]:
    """A table with its keys in lower case and without marks between their words; {} for anything else."""
    if not isinstance(table, dict):
        return {}
    return {re.sub(r"[\s_-]", "", name.lower()): value for name, value in table.items()}
