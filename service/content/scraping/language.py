"""Detects the language of a text that does not name it."""

import pycld2  # type: ignore[import-untyped]

from service.model import language_tag

_LEAST_BYTES = 60
_LEAST_BYTES_ALONE = 400
_LONGEST_SAMPLE = 3000
_LEAST_PERCENT = 60
_LEAST_PERCENT_ALONE = 40
# CLD2 answers with codes that ISO 639 has withdrawn.
_CURRENT_CODES = {"iw": "he", "jw": "jv", "mo": "ro"}


def detect_language(text: str) -> str | None:
    """The language of `text` as a tag (`en`, `zh-Hant`); None if it is short or mixed."""
    sample = text[:_LONGEST_SAMPLE].replace("\n", " ")
    if not sample.isprintable():  # CLD2 refuses control characters
        sample = "".join(c if c.isprintable() else " " for c in sample)
    encoded = sample.encode("utf-8", "ignore")
    if len(encoded) < _LEAST_BYTES:
        return None
    reliable, size, languages = pycld2.detect(encoded)
    _, code, percent, _ = languages[0]
    # Names in another script make CLD2 unsure; a single language in a long text is then reliable enough.
    alone = size >= _LEAST_BYTES_ALONE and languages[1][1] == "un" and percent >= _LEAST_PERCENT_ALONE
    if not (alone or (reliable and percent >= _LEAST_PERCENT)) or code == "un" or code.startswith("xx"):
        return None
    return language_tag(_CURRENT_CODES.get(code, code))
