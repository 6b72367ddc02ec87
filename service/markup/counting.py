"""How long a text is: words, and minutes to read them."""

import re

WORDS_A_MINUTE = 230
CJK_CHARACTERS_A_MINUTE = 500

# Han, kana and their extensions stand without spaces: each character counts as a word. Hangul has spaces.
_CJK = re.compile("[\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]")
# From the first letter or digit of a stretch without spaces to its end: one match a word.
_WORD = re.compile(r"\w\S*")


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


def _counts(text: str) -> tuple[int, int]:
    rest, cjk = (text, 0) if text.isascii() else _CJK.subn(" ", text)
    return len(_WORD.findall(rest)), cjk
