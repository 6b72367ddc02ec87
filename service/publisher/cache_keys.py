"""Cache keys: what a document was made from, and what a change of the content touches.

A cached document that shares no key with a change is the same after it. The caches of the service compare
`exact` keys. Proxies compare `surrogate` keys: a response has few of them, and a change touches more.
"""

from collections.abc import Iterable

import msgspec

from service.errors import Gone, NotFound, UnknownRevision
from service.index import Index, Moved
from service.model import Article
from service.publisher.related import MAX_RELATED_TAGS, find_neighbours
from service.query import (
    Page,
    Query,
    RelatedArticles,
    TermKey,
    alternative_terms,
    excluded_terms,
    required_terms,
)

MAX_SURROGATE_KEYS = 12
MOST_CHANGES = 200
"""Of more changes at once, what they touch is not worked out."""

SITE = "site"
"""Of every document: touched when the facts of the site change, and when it is not known what changed."""

ALL = "all"
"""Of a document that any change may touch: counts, directories, sitemaps, searches."""

ARTICLES = "articles"
"""Of a list that any article may enter, leave or move in."""


class CacheKeys(msgspec.Struct, frozen=True):
    """The keys of one document, for the caches of the service and for proxies."""

    exact: frozenset[str]
    surrogate: frozenset[str]

    @classmethod
    def of(cls, *keys: str) -> "CacheKeys":
        """The same keys for both."""
        return cls(frozenset(keys), frozenset(keys))


ANY_CHANGE = CacheKeys.of(SITE, ALL)
"""The keys of a document that any change may touch."""

EVERY_DOCUMENT = frozenset((SITE,))
"""Touched by a change that may touch every document."""


def article_key(article_id: str) -> str:
    """The key of an article."""
    return f"id:{article_id}"


def term_key(term: TermKey) -> str:
    """The key of the lists that need a term, or exclude it: `tag:iraq`."""
    return ":".join(term)


def listing_keys(query: Query, page: Page, limit: int) -> CacheKeys:
    """The keys of a page of the articles that `query` finds, of at most `limit`."""
    depends_on_text = query.q or query.title or query.related or query.slugs
    # What follows a page that was cut by its size may fit on it once it is shorter.
    is_cut_by_size = page.next is not None and len(page.articles) < limit
    # For a query that finds nothing, names that are similar to those in it are looked for.
    if depends_on_text or is_cut_by_size or not page.articles:
        return ANY_CHANGE
    groups = [(term,) for term in required_terms(query)] + [*alternative_terms(query)]
    terms = {term_key(term) for group in (*groups, excluded_terms(query)) for term in group}
    lists = frozenset((SITE, *terms)) if groups else frozenset((SITE, ARTICLES, *terms))
    exact = lists | {article_key(article.id) for article in page.articles}
    return CacheKeys(exact, lists if len(lists) <= MAX_SURROGATE_KEYS else ANY_CHANGE.surrogate)


def article_keys(article: Article, context: RelatedArticles | None) -> CacheKeys:
    """The keys of an article, with its `context` if it shows its neighbours and related articles."""
    if context is None:
        return CacheKeys.of(SITE, article_key(article.id))
    neighbours = _ids(article, context.newer, context.older)
    tags = (term_key(("tag", tag.slug)) for tag in article.tags[:MAX_RELATED_TAGS])
    # Related articles are found by the tags, and change with them.
    surrogate = frozenset((SITE, *neighbours, *tags))
    return CacheKeys(surrogate.union(_ids(*context.related)), surrogate)


async def find_touched_keys(index: Index, generation: int) -> frozenset[str]:
    """The exact keys that the changes after this generation of the index touch. Raises IndexUnavailable."""
    try:
        if await index.count_changes(generation) > MOST_CHANGES:
            return EVERY_DOCUMENT
        differences = await index.differences(generation)
    except UnknownRevision:
        return EVERY_DOCUMENT
    if any(difference.has_other_changes for difference in differences):
        return EVERY_DOCUMENT
    touched = {ALL}
    for difference in differences:
        for put in difference.put:
            touched.add(article_key(put.id))
            if not put.keeps_place:
                touched |= {ARTICLES, *map(term_key, (*put.terms_before, *put.terms))}
                touched.update(await _neighbours(index, put.slug))
        for drop in difference.drop:
            touched |= {article_key(drop.id), ARTICLES, *map(term_key, drop.terms_before)}
    return frozenset(touched)


async def _neighbours(index: Index, slug: str) -> Iterable[str]:
    """The keys of the articles next to the one at `slug`, whose pages name it; none if it has gone since."""
    try:
        article = await index.find_article(slug)
    except (NotFound, Gone):
        return ()
    return () if isinstance(article, Moved) else _ids(*await find_neighbours(index, article))


def _ids(*articles: Article | None) -> Iterable[str]:
    return (article_key(article.id) for article in articles if article is not None)
