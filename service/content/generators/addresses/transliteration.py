"""Transliteration of Latin letters to ASCII, as several generators write them in addresses."""

import unicodedata

_SPELLED = str.maketrans(
    {
        "ß": "ss",
        "ẞ": "SS",
        "æ": "ae",
        "Æ": "AE",
        "œ": "oe",
        "Œ": "OE",
        "ø": "o",
        "Ø": "O",
        "đ": "d",
        "Đ": "D",
        "ð": "d",
        "Ð": "D",
        "þ": "th",
        "Þ": "TH",
        "ł": "l",
        "Ł": "L",
        "ı": "i",
        "ħ": "h",
    }
)
_GERMAN = str.maketrans({"ä": "ae", "Ä": "Ae", "ö": "oe", "Ö": "Oe", "ü": "ue", "Ü": "Ue"})
_PUNCTUATION = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-"})


def remove_accents(text: str) -> str:
    """`text` with Latin letters in their basic form: `Håbet, naïve` → `Habet, naive`; other scripts stay."""
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFKD", text.translate(_SPELLED))
    plain = "".join(c for c in decomposed if not "̀" <= c <= "ͯ")
    return unicodedata.normalize("NFC", plain)


def to_ascii(text: str, *, german: bool = False) -> str:
    """`text` without accents, with ASCII quotes and dashes; `german` writes ö as oe. Other scripts stay."""
    if text.isascii():
        return text
    text = unicodedata.normalize("NFC", text).translate(_PUNCTUATION)
    return remove_accents(text.translate(_GERMAN) if german else text)
