"""Snippets of search results: the text around the words that were searched for, with these marked."""

import re
from collections.abc import Iterator

import msgspec

from service.index.highlight import Spot, locate

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
    return tuple(_pieces(text, 0, len(text), locate(text, q, language)))


def snippet(text: str, q: str, language: str) -> tuple[Piece, ...]:
    """About LENGTH characters of `text` around the matches of `q`, which are marked; () without a match.

    It is the first passage with the most matching clauses. It begins at a sentence, if one begins nearby, or
    at a word; `…` marks where text is omitted.
    """
    spots = locate(text, q, language)
    if not spots:
        return ()
    start = _start(text, _densest(spots).start)
    end = _end(text, start)
    pieces = list(_pieces(text, start, end, spots))
    if start > 0 and not _begins_sentence(text, start):
        pieces.insert(0, Piece("… "))
    if end < len(text):
        pieces.append(Piece(" …"))
    return tuple(pieces)


def _densest(spots: tuple[Spot, ...]) -> Spot:
    """The match that begins the passage with the most different clauses, within the length of a snippet."""
    best, best_score = spots[0], (0, 0)
    last = 0
    for first, spot in enumerate(spots):
        last = max(last, first)
        while last < len(spots) and spots[last].end <= spot.start + LENGTH - _BEFORE:
            last += 1
        passage = spots[first:last]
        score = (len({match.clause for match in passage}), len(passage))
        if score > best_score:
            best, best_score = spot, score
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


def _pieces(text: str, start: int, end: int, spots: tuple[Spot, ...]) -> Iterator[Piece]:
    """`text` from `start` to `end`, divided into marked and other pieces; adjacent matches are merged."""
    position = start
    for match_start, match_end in _merged(spot for spot in spots if spot.start >= start and spot.end <= end):
        if match_start > position:
            yield Piece(_on_one_line(text[position:match_start]))
        yield Piece(_on_one_line(text[match_start:match_end]), marked=True)
        position = match_end
    if position < end:
        yield Piece(_on_one_line(text[position:end]))


def _merged(spots: Iterator[Spot]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for spot in spots:
        if merged and spot.start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], spot.end))
        else:
            merged.append((spot.start, spot.end))
    return merged


def _on_one_line(text: str) -> str:
    """`text` on one line; a dot separates a heading or a list item from the next."""
    return _SPACES.sub(" ", _BREAK.sub(" · ", text))
