"""Detect the language of an article by its script, if neither it nor its blog states one."""

import re

_SAMPLE = 600
_BEYOND_LATIN = "\u036f"
_NEITHER_LATIN_NOR_SYMBOL = re.compile("[^\0-\u036f\u2000-\u2bff]")
_LEAST_SHARE = 0.3
# Scripts that are used by one language, or nearly so; the first that occurs decides.
_ALONE = (
    ("\u3040", "\u30ff", "ja"),
    ("\uac00", "\ud7a3", "ko"),
    ("\u4e00", "\u9fff", "zh"),
    ("\u0590", "\u05ff", "he"),
    ("\u0370", "\u03ff", "el"),
    ("\u0e00", "\u0e7f", "th"),
)


def language_of_script(text: str) -> str | None:
    """The language of a `text` in a script other than Latin; None for Latin, or if it is ambiguous."""
    sample = text[:_SAMPLE]
    if sample.isascii() or not _NEITHER_LATIN_NOR_SYMBOL.search(sample):
        return None
    letters = [character for character in sample if character.isalpha()]
    other = [character for character in letters if character > _BEYOND_LATIN]
    if len(other) < _LEAST_SHARE * len(letters) or not other:
        return None
    from service.content.scraping.language import detect_language  # most blogs are in the Latin script

    return detect_language(text) or next(
        (
            language
            for least, most, language in _ALONE
            if any(least <= character <= most for character in other)
        ),
        None,
    )
