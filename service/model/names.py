"""Normalised names: case-folded, as a slug, as a language tag; and the nearest of several."""

import re
import unicodedata
from collections.abc import Sequence
from difflib import get_close_matches
from functools import lru_cache
from itertools import dropwhile

_IS_SLUG = re.compile(r"[a-z0-9]++(?:-[a-z0-9]++)*+")
_ASCII_WORDS = str.maketrans({c: " " for c in map(chr, range(0x80)) if not c.isalnum()})
# Variation selectors and enclosing marks: how an emoji, a digit or an ideograph looks (`❤️`, `1️⃣`).
_LOOKS = dict.fromkeys([*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0), *range(0x20DD, 0x20E1), 0x20E3])
_SYMBOLS = str.maketrans({"+": "-plus-", "#": "-sharp-", "&": "-and-", "'": "", "’": "", "`": ""})


LONGEST_TAG = 100
"""In characters. RFC 5646 §4.4.1 requires at least 35, and no registered tag is longer."""


def fold(text: str) -> str:
    """Fold case and accents, so that spellings of one word compare equal.

    Compatibility forms are unified (NFKD), combining marks of Latin, Greek and Cyrillic removed. Marks of
    other scripts are significant, such as Devanagari vowels, and are kept.
    """
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    base_characters = [c for c in decomposed if not "̀" <= c <= "ͯ"]
    return unicodedata.normalize("NFC", "".join(base_characters))


@lru_cache(maxsize=4096)  # most names are used by many articles
def slugify(name: str) -> str:
    """The slug of a name, in any script: `C++` → `c-plus-plus`, `Åse Ørn` → `ase-ørn`; "" if nothing is left.

    Addresses and derived ids depend on it: its result for a name must never change.
    """
    if _IS_SLUG.fullmatch(name):
        return name
    folded = fold(name.translate(_SYMBOLS))
    if folded.isascii():
        return "-".join(folded.translate(_ASCII_WORDS).split())
    words = "".join(
        c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in folded.translate(_LOOKS)
    )
    return "-".join(filter(None, map(_without_leading_marks, words.split())))


def _without_leading_marks(word: str) -> str:
    """`word` from its first letter or digit: a mark before it belongs to a symbol that is left out."""
    if word[0].isalnum():
        return word
    return "".join(dropwhile(lambda c: not c.isalnum(), word))


def nearest_name(name: str, known: Sequence[str], cutoff: float = 0.6) -> str | None:
    """The name among `known`, in lower case with underscores, that is spelled most like `name`, if any is."""
    return next(iter(get_close_matches(name.lower().replace("-", "_"), known, 1, cutoff)), None)


def language_tag(text: str) -> str | None:
    """`text` as a language tag in canonical case (RFC 5646 §2.1.1): `zh_tw` → `zh-TW`; None if invalid."""
    text = text.strip()
    if len(text) > LONGEST_TAG:
        return None
    parts = text.replace("_", "-").split("-")
    if not all(re.fullmatch(r"[A-Za-z0-9]{1,8}", part) for part in parts):
        return None
    if not re.fullmatch(r"[A-Za-z]{2,8}", parts[0]) and parts[0].lower() not in {"x", "i"}:
        return None
    return "-".join([parts[0].lower(), *(_subtag(part) for part in parts[1:])])


def ascii_host(host: str) -> str:
    """`host`, with its port where it has one, in ASCII as browsers send it (UTS 46, RFC 5891).

    Raises ValueError.
    """
    if host.isascii():
        return host
    import idna  # few addresses need it, and it is large

    name, colon, port = host.rpartition(":") if ":" in host else (host, "", "")
    try:
        encoded = idna.encode(name, uts46=True)
    except idna.IDNAError:  # symbols and underscores, which RFC 5891 excludes, and some names have
        encoded = name.encode("idna")
    return f"{encoded.decode()}{colon}{port}"


def _subtag(part: str) -> str:
    if len(part) == 2 and part.isalpha():
        return part.upper()
    return part.title() if len(part) == 4 and part.isalpha() else part.lower()
