"""Pairs the articles of two states of a site, also if their names have changed."""

from collections.abc import Callable, Hashable, Iterable, Sequence

import msgspec

from service.index import ArticleSnapshot


class Pair(msgspec.Struct, frozen=True):
    """One article before and after."""

    old: ArticleSnapshot
    new: ArticleSnapshot


class Matched(msgspec.Struct, frozen=True):
    """`pairs` are articles of both states; `missing` and `added` are only in the old or the new one."""

    pairs: tuple[Pair, ...]
    missing: tuple[ArticleSnapshot, ...]
    added: tuple[ArticleSnapshot, ...]


def match_articles(old: Iterable[ArticleSnapshot], new: Iterable[ArticleSnapshot]) -> Matched:
    """Pair articles by id, then by text, title, slug and place; an ambiguous match is no match.

    An id that has another title and text now, while its old text has another id, was given to another
    article: then the text decides.
    """
    before = {article.id: article for article in old}
    pairs, added = [], []
    for article in new:
        if article.id in before:
            pairs.append(Pair(before.pop(article.id), article))
        else:
            added.append(article)
    texts = {article.text for article in added if article.text}
    reused = {pair.old.id: pair for pair in pairs if _is_another(pair) and pair.old.text in texts}
    pairs = [pair for pair in pairs if pair.old.id not in reused]
    missing = [*before.values(), *(pair.old for pair in reused.values())]
    added += [pair.new for pair in reused.values()]
    for key in _KEYS:
        matches = _match_by(key, missing, added)
        pairs += matches
        old_ids, new_ids = {pair.old.id for pair in matches}, {pair.new.id for pair in matches}
        missing = [article for article in missing if article.id not in old_ids]
        added = [article for article in added if article.id not in new_ids]
    return Matched(tuple(pairs), tuple(missing), tuple(added))


def _is_another(pair: Pair) -> bool:
    return pair.old.text != pair.new.text and pair.old.title != pair.new.title


Key = Callable[[ArticleSnapshot], Hashable]
"""A fact that two articles share if they are the same; None matches nothing."""

_KEYS: tuple[Key, ...] = (
    lambda article: (article.text, article.language) if article.text else None,
    lambda article: (article.title.casefold(), article.language),
    lambda article: article.slug,
    lambda article: (article.path, article.number) if article.path else None,
)


def _match_by(key: Key, missing: Sequence[ArticleSnapshot], added: Sequence[ArticleSnapshot]) -> list[Pair]:
    """Pair articles with the same `key`, if it occurs once on either side."""
    old, new = _unique_by(key, missing), _unique_by(key, added)
    return [Pair(article, new[value]) for value, article in old.items() if value in new]


def _unique_by(key: Key, articles: Sequence[ArticleSnapshot]) -> dict[Hashable, ArticleSnapshot]:
    unique: dict[Hashable, ArticleSnapshot] = {}
    repeated = set()
    for article in articles:
        value = key(article)
        if value in unique:
            repeated.add(value)
        elif value is not None:
            unique[value] = article
    return {value: article for value, article in unique.items() if value not in repeated}
