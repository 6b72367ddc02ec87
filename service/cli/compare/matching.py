"""Which article of one state of the site is which of another, whatever it is called by then."""

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


def match(old: Iterable[ArticleSnapshot], new: Iterable[ArticleSnapshot]) -> Matched:
    """Bring together what is one article: equal ids first, then equal text, title, slug, place.

    An id that stands on other words, while its text is found under another id, was handed on: then the text
    decides. Where several would fit, none is taken.
    """
    before = {one.id: one for one in old}
    pairs, added = [], []
    for one in new:
        if one.id in before:
            pairs.append(Pair(before.pop(one.id), one))
        else:
            added.append(one)
    texts = {one.text for one in added if one.text}
    handed_on = {pair.old.id: pair for pair in pairs if _is_another(pair) and pair.old.text in texts}
    pairs = [pair for pair in pairs if pair.old.id not in handed_on]
    missing = [*before.values(), *(pair.old for pair in handed_on.values())]
    added += [pair.new for pair in handed_on.values()]
    for key in _KEYS:
        found = _brought_together(missing, added, key)
        pairs += found
        taken_old, taken_new = {pair.old.id for pair in found}, {pair.new.id for pair in found}
        missing = [one for one in missing if one.id not in taken_old]
        added = [one for one in added if one.id not in taken_new]
    return Matched(tuple(pairs), tuple(missing), tuple(added))


def _is_another(pair: Pair) -> bool:
    return pair.old.text != pair.new.text and pair.old.title != pair.new.title


def _text(one: ArticleSnapshot) -> Hashable:
    return (one.text, one.language) if one.text else None


def _title(one: ArticleSnapshot) -> Hashable:
    return one.title.casefold(), one.language


def _slug(one: ArticleSnapshot) -> Hashable:
    return one.slug


def _place(one: ArticleSnapshot) -> Hashable:
    return (one.path, one.number) if one.path else None


_KEYS: tuple[Callable[[ArticleSnapshot], Hashable], ...] = (_text, _title, _slug, _place)


def _brought_together(
    missing: Sequence[ArticleSnapshot],
    added: Sequence[ArticleSnapshot],
    key: Callable[[ArticleSnapshot], Hashable],
) -> list[Pair]:
    """Those whose `key` one of either side has, and no other."""
    olds, news = _alone(missing, key), _alone(added, key)
    return [Pair(one, news[value]) for value, one in olds.items() if value in news]


def _alone(
    known: Sequence[ArticleSnapshot], key: Callable[[ArticleSnapshot], Hashable]
) -> dict[Hashable, ArticleSnapshot]:
    found: dict[Hashable, ArticleSnapshot] = {}
    several = set()
    for one in known:
        value = key(one)
        if value in found:
            several.add(value)
        elif value is not None:
            found[value] = one
    return {value: one for value, one in found.items() if value not in several}
