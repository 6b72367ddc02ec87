"""Where in a text stands what a search asks for: the tokens that found the article, with their places."""

from collections.abc import Iterator

import msgspec

from service.index.analyser import algorithm, runs, stems, word_places
from service.index.search import Phrase, parse

LONGEST_LOOKED_AT = 100_000
"""Characters of a text that are looked at: what stands further on is found, but not shown."""


class Spot(msgspec.Struct, frozen=True):
    """A stretch of text, from `start` to before `end`, and the number of the clause it satisfies."""

    start: int
    end: int
    clause: int


class _Token(msgspec.Struct, frozen=True):
    """A token as it stands in a word: its place in it, and the stem of the whole word ("" for none)."""

    text: str
    start: int
    end: int
    stem: str = ""


def locate(text: str, q: str, language: str) -> tuple[Spot, ...]:
    """Every place in `text`, written in `language`, that the search `q` asks for, in order.

    What a search excludes stands nowhere in an article it finds, so it is not looked for.
    """
    names = [name for name in (algorithm(language),) if name]
    wanted = [(number, phrase) for number, clause in enumerate(parse(q, names).required) for phrase in clause]
    if not wanted:
        return ()
    known: dict[str, tuple[_Token, ...]] = {}
    tokens: list[tuple[int, _Token]] = []
    for offset, word in word_places(text[:LONGEST_LOOKED_AT]):
        found = known.get(word)
        if found is None:
            found = known[word] = tuple(_tokens(word, names))
        tokens += [(offset, token) for token in found]
    spots = {spot for number, phrase in wanted for spot in _spots(tokens, phrase, number)}
    return tuple(sorted(spots, key=lambda spot: (spot.start, spot.end, spot.clause)))


def _tokens(word: str, names: list[str]) -> Iterator[_Token]:
    parts = list(runs(word))
    if len(parts) == 1 and not parts[0].unspaced:
        _, stem = next(stems(word, names), ("", ""))
        yield _Token(parts[0].tokens()[0], 0, len(word), stem)
        return
    # Folding may change the length; then only the word as a whole has a place.
    exact = sum(len(part.text) for part in parts) == len(word)
    offset = 0
    for part in parts:
        for at, token in enumerate(part.tokens()):
            start = offset + at if part.unspaced else offset
            yield _Token(token, start if exact else 0, start + len(token) if exact else len(word))
        offset += len(part.text)


def _spots(tokens: list[tuple[int, _Token]], phrase: Phrase, clause: int) -> Iterator[Spot]:
    first, *rest = phrase.tokens
    for at, (offset, token) in enumerate(tokens):
        alone = not rest
        if not _is(token, first, phrase.prefix and alone, stem=alone):
            continue
        others = tokens[at + 1 : at + len(phrase.tokens)]
        if len(others) < len(rest) or not all(
            _is(other, wanted, phrase.prefix and number == len(rest), stem=False)
            for number, ((_, other), wanted) in enumerate(zip(others, rest, strict=True), start=1)
        ):
            continue
        last_offset, last = others[-1] if others else (offset, token)
        yield Spot(offset + token.start, last_offset + last.end, clause)


def _is(token: _Token, wanted: str, prefix: bool, *, stem: bool) -> bool:
    if token.text == wanted or (stem and token.stem == wanted):
        return True
    return prefix and token.text.startswith(wanted)
