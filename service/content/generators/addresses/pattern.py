"""Patterns of addresses: literal text, and between it the names of what differs from article to article."""

import re
import unicodedata
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import msgspec

LONGEST = 500
"""A pattern with more characters is none."""

_LONGEST_ADDRESS = 1000
_MOST_TOKENS = 30
_SHOWN = 100


class Pattern(msgspec.Struct, frozen=True):
    """`/:year/:title/` as `parts`: text and tokens in turn, ("/", "year", "/", "title", "/")."""

    parts: tuple[str, ...]

    def fill(self, word: Callable[[str], str | None]) -> str | None:
        """The pattern with the `word` for each token; None where there is none for one of them."""
        filled = []
        for at, part in enumerate(self.parts):
            found = word(part) if at % 2 else part
            if found is None:
                return None
            filled.append(found)
        return "".join(filled)


def read_pattern(text: str, token: re.Pattern[str], known: Callable[[str], bool]) -> Pattern:
    """The pattern in `text`, whose tokens the one group of `token` finds.

    Raises ValueError with the reason when it is none that addresses can be made with.
    """
    if len(text) > LONGEST:
        raise ValueError(f"it is longer than {LONGEST} characters")
    parts = token.split(text)
    if len(parts) > 2 * _MOST_TOKENS:
        raise ValueError(f"it holds more than {_MOST_TOKENS} names")
    for name in parts[1::2]:
        if not known(name):
            raise ValueError(f"nobody knows what {name!r} in it stands for")
    literal = [unquote(part) for part in parts[::2]]
    if any(segment == ".." for part in literal for segment in part.split("/")):
        raise ValueError("it leads out of the site")
    parts[::2] = literal
    return Pattern(tuple(parts))


def keep_pattern(where: str, text: Any, read: Callable[[str], Pattern], wrong: list[str]) -> Pattern | None:
    """The pattern that settings have at `where`; None, with what is `wrong`, for one that cannot be used."""
    try:
        if not isinstance(text, str):
            raise ValueError("it is no text")
        return read(text)
    except ValueError as error:
        wrong.append(f"no addresses are made by {where} {str(text)[:_SHOWN]!r}: {error}")
        return None


def as_path(made: str | None) -> str | None:
    """What a pattern came to as a path without idle slashes: `2019//vote/` → `/2019/vote`.

    None for nothing, for what climbs, and for what no address can hold.
    """
    if not made:
        return None
    segments = [segment for segment in made.replace("\\", "/").split("/") if segment not in {"", "."}]
    if not segments or ".." in segments or len(made) > _LONGEST_ADDRESS or not made.isprintable():
        return None
    return unicodedata.normalize("NFC", "/" + "/".join(segments))
