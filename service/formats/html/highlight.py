"""Finds the words of a search in a text: the tokens that found the article, with their positions."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

import msgspec

from service.index.search import Phrase, algorithm, parse, runs, stems, word_offsets

MAX_TEXT_CHARACTERS = 100_000
"""How much of a text is examined: matches beyond it are not shown."""


class Match(msgspec.Struct, frozen=True, order=True):
    """A range of text, from `start` to before `end`, and the number of the clause it satisfies."""

    start: int
    end: int
    clause: int


class _Token(msgspec.Struct, frozen=True):
    """A token of a word: its range within the word, and the stem of the whole word ("" for none)."""

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


_NumberedPhrases = list[tuple[int, Phrase]]


def find_matches(text: str, q: str, language: str) -> tuple[Match, ...]:
    """Every match of the search `q` in `text`, which is written in `language`, in order.

    Excluded words do not occur in an article that was found, so they are not searched for.
    """
    name = algorithm(language)
    clauses = parse(q, [name] if name else []).required
    phrases = [(number, phrase) for number, clause in enumerate(clauses) for phrase in clause]
    words = [(number, phrase) for number, phrase in phrases if len(phrase.tokens) == 1]
    phrases = [(number, phrase) for number, phrase in phrases if len(phrase.tokens) > 1]
    text = text[:MAX_TEXT_CHARACTERS]
    matches = set(_match_words(text, words, name)) if words else set()
    if phrases:
        matches.update(_match_phrases(text, phrases, name))
    return tuple(sorted(matches))


def _match_words(text: str, phrases: _NumberedPhrases, name: str | None) -> Iterator[Match]:
    matches_of_word: dict[str, list[Match]] = {}
    for offset, word in word_offsets(text):
        matches = matches_of_word.get(word)
        if matches is None:
            matches = matches_of_word[word] = list(_match_tokens(_tokens(word, name), phrases))
        for match in matches:
            yield Match(offset + match.start, offset + match.end, match.clause)


def _match_tokens(tokens: Iterable[_Token], phrases: _NumberedPhrases) -> Iterator[Match]:
    for token in tokens:
        for number, phrase in phrases:
            if token.satisfies(phrase):
                yield Match(token.start, token.end, number)


def _match_phrases(text: str, phrases: _NumberedPhrases, name: str | None) -> Iterator[Match]:
    tokens = [(offset, token) for offset, word in word_offsets(text) for token in _tokens(word, name)]
    for number, phrase in phrases:
        first, length = phrase.tokens[0], len(phrase.tokens)
        for index, (offset, token) in enumerate(tokens):
            if token.text == first and _continues(tokens[index + 1 : index + length], phrase):
                last_offset, last = tokens[index + length - 1]
                yield Match(offset + token.start, last_offset + last.end, number)


def _continues(tokens: list[tuple[int, _Token]], phrase: Phrase) -> bool:
    """Whether the tokens are all of a phrase but its first."""
    rest = phrase.tokens[1:]
    return len(tokens) == len(rest) and all(
        token.begins(wanted, last=phrase.prefix and index == len(rest) - 1)
        for index, ((_, token), wanted) in enumerate(zip(tokens, rest, strict=True))
    )


@lru_cache(maxsize=32768)  # language repeats itself, and stemming takes longer than all the rest
def _tokens(word: str, name: str | None) -> tuple[_Token, ...]:
    parts = list(runs(word))
    if len(parts) == 1 and not parts[0].unspaced:
        _, stem = next(stems(word, [name] if name else []), ("", ""))
        return (_Token(parts[0].tokens()[0], 0, len(word), stem),)
    # Folding may change the length; then only the word as a whole has a range.
    is_exact = sum(len(part.text) for part in parts) == len(word)
    tokens = []
    offset = 0
    for part in parts:
        for index, token in enumerate(part.tokens()):
            start = offset + index if part.unspaced else offset
            end = start + len(token)
            tokens.append(_Token(token, start, end) if is_exact else _Token(token, 0, len(word)))
        offset += len(part.text)
    return tuple(tokens)
