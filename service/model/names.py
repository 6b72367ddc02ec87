"""What names come to: folded, as a slug, or as the tag of a language."""

import re
import unicodedata
from functools import lru_cache

_IS_SLUG = re.compile(r"[a-z0-9]++(?:-[a-z0-9]++)*+")
_ASCII_WORDS = str.maketrans({c: " " for c in map(chr, range(0x80)) if not c.isalnum()})
_SYMBOLS = str.maketrans({"+": "-plus-", "#": "-sharp-", "&": "-and-", "'": "", "’": "", "`": ""})


LONGEST_TAG = 100
"""In characters; RFC 5646 §4.4.1 asks for 35 at least, and no registered tag has more."""


def fold(text: str) -> str:
    """`text` without regard to case and accents: what two spellings of one word have in common.

    Compatibility forms are unified (NFKD), marks that sit on Latin, Greek and Cyrillic letters dropped. Marks
    of other scripts carry meaning (Devanagari vowels, for one) and stay.
    """
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    kept = [c for c in decomposed if not "̀" <= c <= "ͯ"]
    return unicodedata.normalize("NFC", "".join(kept))


@lru_cache(maxsize=4096)  # tags and authors come back
def slugify(name: str) -> str:
    """The slug of a name, in any script: `C++` → `c-plus-plus`, `Åse Ørn` → `ase-ørn`; "" if nothing is left.

    Identity hangs on this function (addresses, derived ids): it is only ever widened, never changed.
    """
    if _IS_SLUG.fullmatch(name):
        return name
    spoken = fold(name.translate(_SYMBOLS))
    if spoken.isascii():
        return "-".join(spoken.translate(_ASCII_WORDS).split())
    words = "".join(c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in spoken)
    return "-".join(words.split())


def language_tag(text: str) -> str | None:
    """`text` as a language tag in its usual case (RFC 5646 §2.1.1): `zh_tw` → `zh-TW`; None if it is none."""
    text = text.strip()
    if len(text) > LONGEST_TAG:
        return None
    parts = text.replace("_", "-").split("-")
    if not all(re.fullmatch(r"[A-Za-z0-9]{1,8}", part) for part in parts):
        return None
    if not re.fullmatch(r"[A-Za-z]{2,8}", parts[0]) and parts[0].lower() not in {"x", "i"}:
        return None
    return "-".join([parts[0].lower(), *(_subtag(part) for part in parts[1:])])


def _subtag(part: str) -> str:
    if len(part) == 2 and part.isalpha():
        return part.upper()
    return part.title() if len(part) == 4 and part.isalpha() else part.lower()
