"""Snippets of search results: the text around the words that were searched for, with these marked."""

import re
from collections.abc import Iterator

import msgspec

from service.formats.html.highlight import Match, find_matches

LENGTH = 260
_BEFORE = 80
_SPACES = re.compile(r"\s+")
_BREAK = re.compile(r"(?<=[^\s.!?…:;,。！？”\"'’)])\s*\n\s*\n\s*")
_SENTENCE = re.compile(r"(?<=[.!?…。！？])[\s\"”’)]*\s+|\n+")


class Piece(msgspec.Struct, frozen=True):
    """Plain text, `marked` if it was searched for."""

    text: str
    marked: bool = False


def highlight(text: str, q: str, language: str) -> tuple[Piece, ...]:
    """The whole of `text` with the matches of `q` marked."""
    return tuple(_pieces(text, 0, len(text), find_matches(text, q, language)))


def snippet(text: str, q: str, language: str) -> tuple[Piece, ...]:
    """About LENGTH characters of `text` around the matches of `q`, which are marked; () without a match.

    It is the first passage with the most matching clauses. It begins at a sentence, if one begins nearby, or
    at a word; `…` marks where text is omitted.
    """
    matches = find_matches(text, q, language)
    if not matches:
        return ()
    start = _start(text, _densest(matches).start)
    end = _end(text, start)
    pieces = list(_pieces(text, start, end, matches))
    if start > 0 and not _begins_sentence(text, start):
        pieces.insert(0, Piece("… "))
    if end < len(text):
        pieces.append(Piece(" …"))
    return tuple(pieces)


def _densest(matches: tuple[Match, ...]) -> Match:
    """The match that begins the passage with the most different clauses, within the length of a snippet."""
    best, best_score = matches[0], (0, 0)
    last = 0
    for first, match in enumerate(matches):
        last = max(last, first)
        while last < len(matches) and matches[last].end <= match.start + LENGTH - _BEFORE:
            last += 1
        passage = matches[first:last]
        score = (len({each.clause for each in passage}), len(passage))
        if score > best_score:
            best, best_score = match, score
    return best


def _start(text: str, match_start: int) -> int:
    earliest = max(0, match_start - _BEFORE)
    if earliest == 0:
        return 0
    sentence = _SENTENCE.search(text, earliest, match_start)
    if sentence:
        return sentence.end()
    space = text.find(" ", earliest, match_start)
    return space + 1 if space >= 0 else earliest


def _begins_sentence(text: str, start: int) -> bool:
    return any(match.end() == start for match in _SENTENCE.finditer(text, max(0, start - 10), start + 1))


def _end(text: str, start: int) -> int:
    if start + LENGTH >= len(text):
        return len(text)
    space = text.rfind(" ", start + LENGTH // 2, start + LENGTH)
    return space if space >= 0 else start + LENGTH


def _pieces(text: str, start: int, end: int, matches: tuple[Match, ...]) -> Iterator[Piece]:
    """`text` from `start` to `end`, divided into marked and other pieces; adjacent matches are merged."""
    position = start
    for match_start, match_end in _merged(
        match for match in matches if match.start >= start and match.end <= end
    ):
        if match_start > position:
            yield Piece(_on_one_line(text[position:match_start]))
        yield Piece(_on_one_line(text[match_start:match_end]), marked=True)
        position = match_end
    if position < end:
        yield Piece(_on_one_line(text[position:end]))


def _merged(matches: Iterator[Match]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for match in matches:
        if merged and match.start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], match.end))
        else:
            merged.append((match.start, match.end))
    return merged


def _on_one_line(text: str) -> str:
    """`text` on one line; a dot separates a heading or a list item from the next."""
    return _SPACES.sub(" ", _BREAK.sub(" · ", text))
