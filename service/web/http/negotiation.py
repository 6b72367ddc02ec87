"""Proactive negotiation: the format and the content coding that a client prefers (RFC 9110 §12.5).

Lists are read leniently: malformed elements are skipped, and a list without a valid element is ignored.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal

from service.errors import NotAcceptable
from service.model import FORMAT_DESCRIPTIONS, FormatName

Coding = Literal["br", "zstd", "gzip", "identity"]

LISTING_ORDER: tuple[FormatName, ...] = ("json", "html", "markdown")
PERMALINK_ORDER: tuple[FormatName, ...] = ("html", "json", "markdown")
DIRECTORY_ORDER: tuple[FormatName, ...] = ("html", "json")

_CODINGS: tuple[Coding, ...] = ("br", "zstd", "gzip")
_LONGEST_HEADER = 2000
_WEIGHT = re.compile(r"q\s*=\s*(1(?:\.0*)?|0(?:\.[0-9]*)?|\.[0-9]+)\Z", re.IGNORECASE)
_MEDIA_RANGE = re.compile(r"(\*|[\w!#$&^.+-]+)/(\*|[\w!#$&^.+-]+)\Z", re.ASCII)


def preferred_format(accept: bytes | None, order: tuple[FormatName, ...]) -> FormatName:
    """The representation that Accept prefers (RFC 9110 §12.5.1).

    The highest weight wins, then the most specific media range, then the first of `order`. Raises
    NotAcceptable if everything in `order` has weight 0.
    """
    chosen = _preferred_format(accept[:_LONGEST_HEADER] if accept else b"", order)
    if chosen is None:
        raise NotAcceptable(tuple(FORMAT_DESCRIPTIONS[format_name].bare_type for format_name in order))
    return chosen


def wants_page(accept: bytes | None) -> bool:
    """Whether a problem should be an HTML page: Accept names HTML and does not prefer JSON to it."""
    ranges = _media_ranges(accept[:_LONGEST_HEADER]) if accept else ()
    weight, specificity = _weigh("text/html", ranges)
    documents = (_weigh(name, ranges) for name in ("application/json", "application/problem+json"))
    return weight > 0 and specificity == 2 and all(other < (weight, specificity) for other in documents)


def choose_coding(accept_encoding: bytes | None) -> Coding:
    """The content coding that Accept-Encoding prefers (RFC 9110 §12.5.3); `identity` where it is absent."""
    return _choose_coding(accept_encoding[:_LONGEST_HEADER]) if accept_encoding else "identity"


@lru_cache(512)
def _preferred_format(accept: bytes, order: tuple[FormatName, ...]) -> FormatName | None:
    ranges = _media_ranges(accept)
    if not ranges:
        return order[0]
    media_types = [FORMAT_DESCRIPTIONS[format_name].bare_type for format_name in order]
    weighed = [(*_weigh(media_type, ranges), -place) for place, media_type in enumerate(media_types)]
    best = max(weighed)
    return order[-best[2]] if best[0] > 0 else None


@lru_cache(512)
def _choose_coding(accept_encoding: bytes) -> Coding:
    weights: dict[str, float] = {}
    for name, weight in _elements(accept_encoding):
        weights.setdefault({"x-gzip": "gzip"}.get(name, name), weight)
    anything = weights.get("*", 0.0)
    best = max(weights.get(coding, anything) for coding in _CODINGS)
    if best == 0 or best < weights.get("identity", 0.0):
        return "identity"
    return next(coding for coding in _CODINGS if weights.get(coding, anything) == best)


def _weigh(media_type: str, ranges: tuple[tuple[str, float], ...]) -> tuple[float, int]:
    """The weight of the most specific range that matches `media_type`, and its specificity (0 to 2)."""
    kind = media_type.partition("/")[0]
    specificities = {media_type: 2, f"{kind}/*": 1, "*/*": 0}
    matching = [(specificities[name], weight) for name, weight in ranges if name in specificities]
    if not matching:
        return (0.0, -1)
    specificity, weight = max(matching)
    return (weight, specificity)


def _media_ranges(accept: bytes) -> tuple[tuple[str, float], ...]:
    # `*` alone is no media range, but old Java clients send it and mean `*/*`.
    named = [("*/*" if name == "*" else name, weight) for name, weight in _elements(accept)]
    return tuple((name, weight) for name, weight in named if _MEDIA_RANGE.match(name))


def _elements(header: bytes) -> Iterator[tuple[str, float]]:
    """Each element of a weighted list in lower case, with its weight; other parameters are ignored."""
    for element in header.decode("latin-1").lower().split(","):
        name, *parameters = (part.strip() for part in element.split(";"))
        if name:
            weights = [match for match in map(_WEIGHT.match, parameters) if match]
            yield name, float(weights[0][1]) if weights else 1.0
