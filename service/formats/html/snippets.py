"""What a search found, as the list of its answers shows it: words in their surroundings, marked."""

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
    """Plain text, `marked` when it is what was searched for."""

    text: str
    marked: bool = False


def highlight(text: str, q: str, language: str) -> tuple[Piece, ...]:
    """The whole of `text` with what `q` asks for marked."""
    return tuple(_pieces(text, 0, len(text), locate(text, q, language)))


def snippet(text: str, q: str, language: str) -> tuple[Piece, ...]:
    """About LENGTH characters of `text` around what `q` asks for, marked; nothing where that is not in it.

    The stretch with most of what is asked for is shown, of several the first. It begins with a sentence where
    one begins near, else with a word; `…` stands where the text goes on.
    """
    spots = locate(text, q, language)
    if not spots:
        return ()
    start = _beginning(text, _densest(spots).start)
    end = _ending(text, start)
    pieces = list(_pieces(text, start, end, spots))
    if start > 0 and not _begins_sentence(text, start):
        pieces.insert(0, Piece("… "))
    if end < len(text):
        pieces.append(Piece(" …"))
    return tuple(pieces)


def _densest(spots: tuple[Spot, ...]) -> Spot:
    """The place from which most different clauses are satisfied within the length of a snippet."""
    best, most = spots[0], (0, 0)
    last = 0
    for first, spot in enumerate(spots):
        last = max(last, first)
        while last < len(spots) and spots[last].end <= spot.start + LENGTH - _BEFORE:
            last += 1
        within = spots[first:last]
        found = (len({one.clause for one in within}), len(within))
        if found > most:
            best, most = spot, found
    return best


def _beginning(text: str, spot: int) -> int:
    earliest = max(0, spot - _BEFORE)
    if earliest == 0:
        return 0
    ends = [match.end() for match in _SENTENCE.finditer(text, earliest, spot)]
    if ends:
        return ends[0]
    space = text.find(" ", earliest, spot)
    return space + 1 if space >= 0 else earliest


def _begins_sentence(text: str, start: int) -> bool:
    return any(match.end() == start for match in _SENTENCE.finditer(text, max(0, start - 10), start + 1))


def _ending(text: str, start: int) -> int:
    if start + LENGTH >= len(text):
        return len(text)
    space = text.rfind(" ", start + LENGTH // 2, start + LENGTH)
    return space if space >= 0 else start + LENGTH


def _pieces(text: str, start: int, end: int, spots: tuple[Spot, ...]) -> Iterator[Piece]:
    """`text` from `start` to `end`, cut where marks begin and end; marks that touch are one."""
    at = start
    for begin, stop in _merged(spot for spot in spots if spot.start >= start and spot.end <= end):
        if begin > at:
            yield Piece(_spaced(text[at:begin]))
        yield Piece(_spaced(text[begin:stop]), marked=True)
        at = stop
    if at < end:
        yield Piece(_spaced(text[at:end]))


def _merged(spots: Iterator[Spot]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for spot in spots:
        if merged and spot.start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], spot.end))
        else:
            merged.append((spot.start, spot.end))
    return merged


def _spaced(text: str) -> str:
    """`text` on one line; a dot parts a heading or an item from what follows it."""
    return _SPACES.sub(" ", _BREAK.sub(" · ", text))
