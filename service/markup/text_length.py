"""The length of a text: words, and minutes to read them."""

import re

WORDS_A_MINUTE = 230
CJK_CHARACTERS_A_MINUTE = 500

# Han, kana and their extensions stand without spaces: each character counts as a word. Hangul has spaces.
_CJK = re.compile("[\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]")
_WORDLESS = re.compile(r"\W+")

# Letters, spaces and symbols that are one or two bytes of UTF-8, or three that no letter here begins with:
# deleting bytes then removes the symbols and leaves at least one byte of each letter.
_TYPOGRAPHY = "’‘“”—–…‐‑•′″„‚‹›«»·©®°"
_SIMPLE = frozenset(_TYPOGRAPHY) | set(filter(str.isalnum, map(chr, range(0xC0, 0x800))))
_ASCII = bytes(range(0x80))
# What is white space to `str.split` becomes a space, every other byte an `x`.
_SPACES_AND_LETTERS = bytes(
    ord(" " if chr(byte).isspace() and byte in _ASCII else "x") for byte in range(256)
)
_SYMBOL_BYTES = bytes(
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
    """The number of words between spaces, and of Chinese and Japanese characters."""
    encoded = text.replace("\u00a0", " ").encode(errors="surrogatepass")
    beyond_ascii = encoded.translate(None, _ASCII)
    if all(map(_is_symbol, set(beyond_ascii.decode(errors="surrogatepass")) - _SIMPLE)):
        # Symbols alone are no word. Counting where words begin takes half the time of splitting.
        return (b" " + encoded.translate(_SPACES_AND_LETTERS, _SYMBOL_BYTES)).count(b" x"), 0
    may_hold_cjk = len(beyond_ascii.translate(None, _FROM_CJK_ON)) < len(beyond_ascii)
    rest, cjk = _CJK.subn(" ", text) if may_hold_cjk else (text, 0)
    words = [word for word in rest.split() if word[0].isalnum() or not _WORDLESS.fullmatch(word)]
    return len(words), cjk


def _is_symbol(character: str) -> bool:
    """Whether `character` is neither letter nor space, and its first byte is in `_SYMBOL_BYTES`."""
    return (
        "\u0080" <= character < "\u00c0" or "\u2000" <= character < "\u3000" or character >= "\U00010000"
    ) and not (character.isalnum() or character.isspace())
