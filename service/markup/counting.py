"""How long a text is: words, and minutes to read them."""

import re

WORDS_A_MINUTE = 230
CJK_CHARACTERS_A_MINUTE = 500

# Han, kana and their extensions stand without spaces: each character counts as a word. Hangul has spaces.
_CJK = re.compile("[\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]")
_WORDLESS = re.compile(r"\W+")

# Text in UTF-8 without punctuation, with a one for each letter and nought for each space. That goes for
# ASCII, for letters of two bytes (Latin, Greek, Cyrillic …), which lose the second, and for symbols.
_TYPOGRAPHY = "’‘“”—–…‐‑•′″„‚‹›«»·©®°"
_EASY = frozenset(_TYPOGRAPHY) | set(filter(str.isalnum, map(chr, range(0xC0, 0x800))))
_ASCII = bytes(range(0x80))
_ONES_AND_NOUGHTS = bytes(b"10"[byte in _ASCII and chr(byte).isspace()] for byte in range(0x100))
_NEITHER = bytes(
    byte for byte in _ASCII if not (chr(byte).isalnum() or chr(byte).isspace() or chr(byte) == "_")
) + bytes([*range(0x80, 0xC0), 0xC2, 0xE2, 0xF0])
# The first byte of a character from U+3000 on, in UTF-8.
_FROM_CJK_ON = bytes(range(0xE3, 0xF5))


def words_and_minutes(text: str) -> tuple[int, int]:
    """The number of words in `text`, and the minutes to read it, rounded up: 0 only where there are no words.

    A Chinese or Japanese character counts as a word.
    """
    spaced, cjk = _counts(text)
    minutes = -(
        -(spaced * CJK_CHARACTERS_A_MINUTE + cjk * WORDS_A_MINUTE)
        // (WORDS_A_MINUTE * CJK_CHARACTERS_A_MINUTE)
    )
    return spaced + cjk, minutes


def _counts(text: str) -> tuple[int, int]:
    encoded = text.replace("\u00a0", " ").encode(errors="surrogatepass")
    others = encoded.translate(None, _ASCII)
    odd = set(others.decode(errors="surrogatepass")) - _EASY
    if all(_is_symbol(character) for character in odd):
        # Each word is a run of ones, between two changes. As one large number they are found without a branch
        # a word, which the processor would guess wrongly: in two thirds of the time of a search.
        ones = int(encoded.translate(_ONES_AND_NOUGHTS, _NEITHER) or b"0", base=2)
        return (ones ^ (ones << 1)).bit_count() // 2, 0
    may_hold_cjk = len(others.translate(None, _FROM_CJK_ON)) < len(others)
    rest, cjk = _CJK.subn(" ", text) if may_hold_cjk else (text, 0)
    stretches = rest.split()
    doubtful = [stretch for stretch in stretches if not stretch[0].isalnum()]
    return len(stretches) - sum(1 for stretch in doubtful if _WORDLESS.fullmatch(stretch)), cjk


def _is_symbol(character: str) -> bool:
    """Whether it is neither letter nor space, and begins with a byte that is nothing else in `_NEITHER`."""
    return (
        "\u0080" <= character < "\u00c0" or "\u2000" <= character < "\u3000" or character >= "\U00010000"
    ) and not (character.isalnum() or character.isspace())
