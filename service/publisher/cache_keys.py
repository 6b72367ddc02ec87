"""Cache keys: what a document was made from, and what a change of the content touches.

A cached document that shares no key with a change is the same after it. The caches of the service compare
`exact` keys. Proxies compare `surrogate` keys: a response has few of them, and a change touches more.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from service.errors import UnknownRevision
from service.index import ArticleDrop, ArticlePut, Difference, Index, Revision
from service.model import Article
from service.publisher.related import MAX_RELATED_TAGS, Tagged
from service.query import (
    ArchivePage,
    ChangePage,
    Page,
    Query,
    RelatedArticles,
    TermKey,
    alternative_terms,
    excluded_terms,
    required_terms,
)
from service.urls import DIRECTORY_PATHS

MAX_SURROGATE_KEYS = 12
MOST_CHANGES = 200
"""For more changes at once, the keys that they touch are not computed."""

LONGEST_PUBLIC_KEY = 32
"""Characters of a key for proxies: what each accepts as the name of a group (RFC 9875 §2.1)."""

_HASH_DIGITS = 16
_PLAIN = re.compile(rf"[A-Za-z0-9.:-]{{1,{LONGEST_PUBLIC_KEY}}}")

SITE = "site"
"""Of every document: touched when the facts of the site change, and when it is not known what changed."""

ALL = "all"
"""Of a document that any change may touch: sitemaps, searches, files."""

ARTICLES = "articles"
"""Of a list that any article may enter, leave or move in, and of counts by terms or dates."""


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

COUNTS = CacheKeys.of(SITE, ARTICLES)
"""The keys of a document that is made of counts and names of terms: both are part of an article's place."""

NO_ARTICLES = CacheKeys.of(SITE)
"""The keys of a document that is the same whatever articles there are: style sheets, the description."""

EVERY_DOCUMENT = frozenset((SITE,))
"""Touched by a change that may touch every document."""


def article_key(article_id: str) -> str:
    return f"id:{article_id}"


def term_key(term: TermKey) -> str:
    """The key of the lists that need a term, or exclude it: `tag:iraq`."""
    return ":".join(term)


def listing_keys(query: Query, page: Page, limit: int) -> CacheKeys:
    """The keys of a page of the articles that `query` finds, of at most `limit`."""
    depends_on_text = query.q or query.title or query.related or query.slugs
    # What follows a page that was cut by its size may fit on it once it is shorter.
    is_cut_by_size = page.next_cursor is not None and len(page.articles) < limit
    # For a query that finds nothing, names similar to those in it are sought.
    if depends_on_text or is_cut_by_size or not page.articles:
        return ANY_CHANGE
    return _list_keys(query, (article.id for article in page.articles))


def archive_keys(query: Query, page: ArchivePage) -> CacheKeys:
    """The keys of an archive page of `query`."""
    if page.is_cut_by_size:  # what follows it may fit on it once it is shorter
        return ANY_CHANGE
    ids = [article.id for article in page.articles] + [tombstone.id for tombstone in page.tombstones]
    return _list_keys(query, ids)


def _list_keys(query: Query, ids: Iterable[str]) -> CacheKeys:
    """The keys of a page of the list of `query`, which holds these articles."""
    groups = [(term,) for term in required_terms(query)] + [*alternative_terms(query)]
    terms = {term_key(term) for group in (*groups, excluded_terms(query)) for term in group}
    lists = frozenset((SITE, *terms)) if groups else frozenset((SITE, ARTICLES, *terms))
    exact = lists.union(map(article_key, ids))
    return CacheKeys(exact, lists if len(lists) <= MAX_SURROGATE_KEYS else ANY_CHANGE.surrogate)


def tagged_keys(slug: str, tagged: Tagged) -> frozenset[str]:
    """The exact keys of the newest articles with a tag."""
    return frozenset(
        (SITE, term_key(("tag", slug)), *(article_key(candidate.id) for candidate in tagged.newest))
    )


def article_keys(article: Article, context: RelatedArticles | None) -> CacheKeys:
    """The keys of an article, with its `context` if it shows its neighbours and related articles."""
    if context is None:
        return CacheKeys.of(SITE, article_key(article.id))
    neighbours = _ids(article, context.newer, context.older)
    tags = (term_key(("tag", tag.slug)) for tag in article.tags[:MAX_RELATED_TAGS])
    # Related articles are found by the tags, and change with them.
    surrogate = frozenset((SITE, *neighbours, *tags))
    return CacheKeys(surrogate.union(_ids(*context.related)), surrogate)


def change_keys(page: ChangePage) -> CacheKeys:
    """The keys of a page of what changed on one day."""
    if not page.is_settled:
        return ANY_CHANGE
    ids = (*(change.id for change in page.changes), *((page.next_id,) if page.next_id else ()))
    return CacheKeys(frozenset((SITE, *map(article_key, ids))), ANY_CHANGE.surrogate)


async def find_touched_keys(index: Index, generation: int, revision: Revision) -> frozenset[str]:
    """The exact keys that the changes after this generation touch, which had the `revision`.

    Raises IndexUnavailable.
    """
    differences = await _read_differences(index, generation, revision)
    if differences is None:
        return EVERY_DOCUMENT
    touched = {ALL}
    for difference in differences:
        for put in difference.put:
            touched.add(article_key(put.id))
            if not put.keeps_place:
                touched |= {ARTICLES, *map(term_key, (*put.terms_before, *put.terms))}
        for drop in difference.drop:
            touched |= {article_key(drop.id), ARTICLES, *map(term_key, drop.terms_before)}
    return await _find_neighbours(index, differences) | touched


async def find_purged_keys(index: Index, generation: int, revision: Revision) -> frozenset[str]:
    """The surrogate keys that the changes after this generation touch, which had the `revision`.

    More than the exact ones: lists do not name their articles to proxies, so an edit touches each list that
    may show the article. Raises IndexUnavailable.
    """
    differences = await _read_differences(index, generation, revision)
    if differences is None or await _changes_navigation(index, differences):
        return EVERY_DOCUMENT
    touched = {ALL}
    for change in _changes(differences):
        touched |= {article_key(change.id), ARTICLES, *map(term_key, _terms(change))}
    return await _find_neighbours(index, differences) | touched


async def _read_differences(
    index: Index, generation: int, revision: Revision
) -> tuple[Difference, ...] | None:
    """The differences since this generation, which had the `revision`; None if they may touch every document.

    The index may have been replaced by one in whose journal the generation is of another revision.
    """
    try:
        if await index.count_changes(generation) > MOST_CHANGES:
            return None
        differences = await index.differences(generation)
    except UnknownRevision:
        return None
    is_another = not differences or differences[0].before != revision
    return None if is_another or any(each.has_other_changes for each in differences) else differences


def _changes(differences: Iterable[Difference]) -> Iterator[ArticlePut | ArticleDrop]:
    for difference in differences:
        yield from difference.put
        yield from difference.drop


def _terms(change: ArticlePut | ArticleDrop) -> tuple[TermKey, ...]:
    """The terms of an article before a change of it, and after."""
    return (*change.terms_before, *(change.terms if isinstance(change, ArticlePut) else ()))


async def _changes_navigation(index: Index, differences: Sequence[Difference]) -> bool:
    """Whether a directory that every page links may have come or gone: it has no articles, or had none."""
    kinds = await index.facet_kinds()
    changes = [*_changes(differences)]
    for kind in DIRECTORY_PATHS:
        if kind not in kinds:
            if any(term_kind == kind for change in changes for term_kind, _ in change.terms_before):
                return True
            continue
        arrived = {
            change.id: {slug for term_kind, slug in change.terms if term_kind == kind}
            for change in changes
            if isinstance(change, ArticlePut)
            and not any(term_kind == kind for term_kind, _ in change.terms_before)
        }
        slugs = {slug for slugs in arrived.values() for slug in slugs}
        # It was there before if it holds an article that has not arrived since.
        if slugs and not any(
            facet.slug not in slugs or facet.count > len(arrived) for facet in await index.facets(kind)
        ):
            return True
    return False


async def _find_neighbours(index: Index, differences: Iterable[Difference]) -> frozenset[str]:
    """The keys of the articles next to those that have another place, whose pages name them now."""
    moved = {put.id for difference in differences for put in difference.put if not put.keeps_place}
    return frozenset([key for article_id in moved for key in _ids(*await index.find_neighbours(article_id))])


def _ids(*articles: Article | None) -> Iterable[str]:
    return (article_key(article.id) for article in articles if article is not None)


def public_keys(keys: Iterable[str]) -> list[str]:
    """Keys as proxies know them, in one order everywhere."""
    return sorted(map(public_key, keys))


def public_key(key: str) -> str:
    """A key as proxies know it: at most 32 ASCII letters, digits, hyphens, dots and colons.

    What follows the kind is hashed if it is longer or has other characters.
    """
    kind, separator, name = key.partition(":")
    if _PLAIN.fullmatch(key):
        return key
    return f"{kind}{separator}{hashlib.sha256(name.encode()).hexdigest()[:_HASH_DIGITS]}"
