"""The language of a text that does not name it."""

import pycld2  # type: ignore[import-untyped]

from service.model import language_tag

_ENOUGH_BYTES = 60
_ENOUGH_ALONE = 400
_MOST_CHARACTERS = 3000
_LEAST_PERCENT = 60
_LEAST_ALONE = 40
_NAMES = {"iw": "he", "jw": "jv", "mo": "ro"}


def detect_language(text: str) -> str | None:
    """The language `text` is written in, as a tag (`en`, `zh-Hant`); None where it is short or mixed."""
    sample = text[:_MOST_CHARACTERS].replace("\n", " ")
    if not sample.isprintable():  # the detector refuses control characters
        sample = "".join(c if c.isprintable() else " " for c in sample)
    if len(sample.encode("utf-8", "ignore")) < _ENOUGH_BYTES:
        return None
    reliable, size, ranked = pycld2.detect(sample.encode("utf-8", "ignore"))
    _, code, percent, _ = ranked[0]
    # Names in another script make the detector doubt: where it saw no other language, there is none.
    alone = size >= _ENOUGH_ALONE and ranked[1][1] == "un" and percent >= _LEAST_ALONE
    sure = alone or (reliable and percent >= _LEAST_PERCENT)
    if not sure or code == "un" or code.startswith("xx"):
        return None
    return language_tag(_NAMES.get(code, code))
