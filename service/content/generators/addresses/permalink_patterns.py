"""Permalink patterns: literal text with named tokens, such as `/:year/:title/`."""

import re
import unicodedata
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import msgspec

from service.content.front_matter.values import written

MAX_PATTERN = 500
"""The characters a pattern may have."""

_MAX_ADDRESS = 1000
_MAX_TOKENS = 30
_MAX_QUOTED = 100


class Pattern(msgspec.Struct, frozen=True):
    """`/:year/:title/` as `parts`: text and tokens in turn, ("/", "year", "/", "title", "/").

    `problem` is why no addresses can be built from it, or "".
    """

    parts: tuple[str, ...]
    problem: str = ""

    def fill(self, expand: Callable[[str], str | None]) -> str | None:
        """The pattern with each token expanded; None if `expand` gives None for one, or it has a problem."""
        if self.problem:
            return None
        texts = []
        for index, part in enumerate(self.parts):
            text = expand(part) if index % 2 else part
            if text is None:
                return None
            texts.append(text)
        return "".join(texts)


def read_pattern(text: str, token: re.Pattern[str], is_known: Callable[[str], bool]) -> Pattern:
    """The pattern in `text`, whose tokens the one group of `token` matches.

    Raises ValueError with the reason when no addresses can be built from it.
    """
    if len(text) > MAX_PATTERN:
        raise ValueError(f"it is longer than {MAX_PATTERN} characters")
    parts = token.split(text)
    if len(parts) > 2 * _MAX_TOKENS:
        raise ValueError(f"it has more than {_MAX_TOKENS} tokens")
    for name in parts[1::2]:
        if not is_known(name):
            raise ValueError(f"unknown token {name!r}")
    literals = [unquote(part) for part in parts[::2]]
    if any(segment == ".." for literal in literals for segment in literal.split("/")):
        raise ValueError("it leads out of the site")
    parts[::2] = literals
    return Pattern(tuple(parts))


def read_pattern_setting(setting: str, value: Any, read: Callable[[str], Pattern]) -> Pattern:
    """The pattern that `setting` gives, with a problem if no addresses can be built from it."""
    try:
        if not isinstance(value, str):
            raise ValueError("expected text")
        return read(value)
    except ValueError as error:
        quoted = str(written(value) or value)[:_MAX_QUOTED]
        return Pattern((), f"no addresses are built from {setting} {quoted!r}: {error}")


def to_path(address: str | None) -> str | None:
    """A filled pattern as a path without empty segments: `2019//vote/` → `/2019/vote`.

    None for an empty path, one that climbs (`..`) and one with characters that no address can hold.
    """
    if not address:
        return None
    segments = [segment for segment in address.replace("\\", "/").split("/") if segment not in {"", "."}]
    if not segments or ".." in segments or len(address) > _MAX_ADDRESS or not address.isprintable():
        return None
    return unicodedata.normalize("NFC", "/" + "/".join(segments))
