"""Where in a text stands what a search asks for: the tokens that found the article, with their places."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

import msgspec

from service.index.analyser import algorithm, runs, stems, word_places
from service.index.search import Phrase, parse

LONGEST_LOOKED_AT = 100_000
"""Characters of a text that are looked at: what stands further on is found, but not shown."""


class Spot(msgspec.Struct, frozen=True, order=True):
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

    def satisfies(self, phrase: Phrase) -> bool:
        """Whether it is what a phrase of one token asks for."""
        wanted = phrase.tokens[0]
        return self.stem == wanted or self.begins(wanted, last=phrase.prefix)

    def begins(self, wanted: str, *, last: bool) -> bool:
        """Whether it is `wanted`, or, `last` in a phrase with any ending, begins so."""
        return self.text == wanted or (last and self.text.startswith(wanted))


_Asked = list[tuple[int, Phrase]]


def locate(text: str, q: str, language: str) -> tuple[Spot, ...]:
    """Every place in `text`, written in `language`, that the search `q` asks for, in order.

    What a search excludes stands nowhere in an article it finds, so it is not looked for.
    """
    name = algorithm(language)
    clauses = parse(q, [name] if name else []).required
    asked = [(number, phrase) for number, clause in enumerate(clauses) for phrase in clause]
    words = [one for one in asked if len(one[1].tokens) == 1]
    phrases = [one for one in asked if len(one[1].tokens) > 1]
    text = text[:LONGEST_LOOKED_AT]
    spots = set(_words(text, words, name)) if words else set()
    if phrases:
        spots.update(_phrases(text, phrases, name))
    return tuple(sorted(spots))


def _words(text: str, asked: _Asked, name: str | None) -> Iterator[Spot]:
    known: dict[str, list[Spot]] = {}
    for offset, word in word_places(text):
        found = known.get(word)
        if found is None:
            found = known[word] = list(_hits(_tokens(word, name), asked))
        for hit in found:
            yield Spot(offset + hit.start, offset + hit.end, hit.clause)


def _hits(tokens: Iterable[_Token], asked: _Asked) -> Iterator[Spot]:
    for token in tokens:
        for number, phrase in asked:
            if token.satisfies(phrase):
                yield Spot(token.start, token.end, number)


def _phrases(text: str, asked: _Asked, name: str | None) -> Iterator[Spot]:
    tokens = [(offset, token) for offset, word in word_places(text) for token in _tokens(word, name)]
    for number, phrase in asked:
        first, most = phrase.tokens[0], len(phrase.tokens)
        for at, (offset, token) in enumerate(tokens):
            if token.text == first and _follow(tokens[at + 1 : at + most], phrase):
                last_offset, last = tokens[at + most - 1]
                yield Spot(offset + token.start, last_offset + last.end, number)


def _follow(tokens: list[tuple[int, _Token]], phrase: Phrase) -> bool:
    """Whether the tokens are all of a phrase but its first."""
    rest = phrase.tokens[1:]
    return len(tokens) == len(rest) and all(
        token.begins(wanted, last=phrase.prefix and place == len(rest) - 1)
        for place, ((_, token), wanted) in enumerate(zip(tokens, rest, strict=True))
    )


@lru_cache(maxsize=32768)  # language repeats itself, and stemming takes longer than all the rest
def _tokens(word: str, name: str | None) -> tuple[_Token, ...]:
    parts = list(runs(word))
    if len(parts) == 1 and not parts[0].unspaced:
        _, stem = next(stems(word, [name] if name else []), ("", ""))
        return (_Token(parts[0].tokens()[0], 0, len(word), stem),)
    # Folding may change the length; then only the word as a whole has a place.
    exact = sum(len(part.text) for part in parts) == len(word)
    found = []
    offset = 0
    for part in parts:
        for at, token in enumerate(part.tokens()):
            start = offset + at if part.unspaced else offset
            end = start + len(token)
            found.append(_Token(token, start, end) if exact else _Token(token, 0, len(word)))
        offset += len(part.text)
    return tuple(found)
