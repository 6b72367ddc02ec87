"""What a reader is told in a language, and of it: its direction, its name, and how it writes a day."""

from datetime import date
from functools import lru_cache
from typing import Literal

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton

from service.model import Span

_DEFAULT = "en"
_MOST_SUBTAGS = 4
"""Language, script, territory and variant: CLDR has no locale of more."""
_SKELETONS: dict[Span, str] = {"year": "y", "month": "yMMMM"}


@lru_cache(maxsize=256)
def locale_of(language: str) -> Locale | None:
    """What is known (CLDR) of a language tag or of what it narrows; None where nothing is."""
    parts = language.split("-")[:_MOST_SUBTAGS]
    while parts:
        try:
            return Locale.parse("_".join(parts))
        except (UnknownLocaleError, ValueError):
            parts.pop()
    return None


def direction(language: str) -> Literal["ltr", "rtl"]:
    """The way a language is written: `ar` → `rtl`; unknown ones from left to right."""
    locale = locale_of(language)
    return "rtl" if locale and locale.text_direction == "rtl" else "ltr"


def own_name(language: str) -> str:
    """What a language calls itself: `fr` → `français`; the tag itself where that is not known."""
    return name_in(language, language)


@lru_cache(maxsize=1024)
def name_in(language: str, other: str) -> str:
    """What a language is called in another: `fr` in `en` → `French`."""
    named, naming = locale_of(language), locale_of(other) or Locale(_DEFAULT)
    return (named and named.get_display_name(naming)) or language


@lru_cache(maxsize=4096)
def day(moment: date, language: str, within: Span | None = None) -> str:
    """A day in words, as the language writes it (28 janvier 2019), or only the year or month of it."""
    locale = locale_of(language) or Locale(_DEFAULT)
    if within is None:
        return format_date(moment, "long", locale)
    return format_skeleton(_SKELETONS[within], moment, locale=locale)
