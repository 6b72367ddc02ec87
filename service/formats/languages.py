"""Languages by CLDR: their direction, their names, and how they write dates."""

from datetime import date
from functools import lru_cache
from typing import Literal

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton

from service.model import Span

_DEFAULT = "en"
_MAX_SUBTAGS = 4
"""Language, script, territory and variant: CLDR has no locale of more."""
_SKELETONS: dict[Span, str] = {"year": "y", "month": "yMMMM"}


@lru_cache(maxsize=256)
def locale_of(language: str) -> Locale | None:
    """The locale (CLDR) of a language tag, or of the longest prefix that has one; None if none has."""
    parts = language.split("-")[:_MAX_SUBTAGS]
    while parts:
        try:
            return Locale.parse("_".join(parts))
        except (UnknownLocaleError, ValueError):
            parts.pop()
    return None


def direction(language: str) -> Literal["ltr", "rtl"]:
    """The writing direction of a language: `ar` → `rtl`; `ltr` if it is unknown."""
    locale = locale_of(language)
    return "rtl" if locale and locale.text_direction == "rtl" else "ltr"


def own_name(language: str) -> str:
    """The name of a language in itself: `fr` → `français`; the tag if it is unknown."""
    return name_in(language, language)


@lru_cache(maxsize=1024)
def name_in(language: str, other: str) -> str:
    """The name of a language in another: `fr` in `en` → `French`; the tag if it is unknown."""
    named, naming = locale_of(language), locale_of(other) or Locale(_DEFAULT)
    return (named and named.get_display_name(naming)) or language


@lru_cache(maxsize=4096)
def day(moment: date, language: str, within: Span | None = None) -> str:
    """A date in a language, such as `28 janvier 2019`, or only its year or month."""
    locale = locale_of(language) or Locale(_DEFAULT)
    if within is None or within == "day":
        return format_date(moment, "long", locale)
    return format_skeleton(_SKELETONS[within], moment, locale=locale)
