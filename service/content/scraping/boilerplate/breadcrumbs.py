"""Recognises site navigation above an article: breadcrumbs, menus, addresses, links to other languages."""

import re
from functools import cache

from service.content.scraping.lines.line_buffer import display_width
from service.content.scraping.vocabulary import alternatives, phrase_pattern

_LONGEST_TRAIL = 200
_SEPARATOR = r"[>›»→/|\\]"
_STEP = r"[^\W\d_][\w &'’.-]{0,40}"
_SHORT_STEP = r"[^\W\d_][\w&'’.-]{0,20}(?: [\w&'’.-]{1,20})?"
_ADDRESS = re.compile(
    r"https?://\S+|www\.\S+|[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|info|news|example|co\.[a-z]{2}|"
    r"com\.[a-z]{2})",
    re.IGNORECASE,
)


def is_menu_bar(text: str) -> bool:
    """Whether a line is the whole menu of a site; a line above it is then the site's name."""
    return bool(_menu_bar().fullmatch(text))


def match_breadcrumbs(text: str) -> str | None:
    """The reason why a whole line above the text is site navigation; None if it is not."""
    if display_width(text) <= _LONGEST_TRAIL and _trail().fullmatch(text):
        return "says where in the site the page stands"
    if _trail_from_home().fullmatch(text):
        return "says where in the site the page stands"
    if _ADDRESS.fullmatch(text):
        return "is the address of a page"
    if phrase_pattern("language_links").fullmatch(text):
        return "links to other languages"
    if is_menu_bar(text) or phrase_pattern("edition_links").fullmatch(text):
        return "is navigation of the site"
    return None


@cache
def _trail() -> re.Pattern[str]:
    section = alternatives("sections")
    return re.compile(
        rf"[^\W\d_][\w &'-]{{0,30}}(?:\s*[>›»→]\s*[\w &'-]{{1,60}})+\s*[>›»→]?|"
        rf"{_STEP}(?:\s*[>›»→]\s*{_STEP}){{0,5}}\s*[>›»→]|"
        r"home(?:\s*/\s*[\w &'-]{1,60})+|"
        rf"(?:{_SEPARATOR}\s*)?{section}(?:\s*{_SEPARATOR}\s*{_SHORT_STEP}){{1,4}}|/\s*{section}",
        re.IGNORECASE,
    )


@cache
def _trail_from_home() -> re.Pattern[str]:
    return re.compile(rf"{alternatives('home_pages')}\s*[/>›»→|]\s*\S.{{0,240}}", re.IGNORECASE)


@cache
def _menu_bar() -> re.Pattern[str]:
    """Match `Home About Recipes Contact`, on one line."""
    return re.compile(rf"(?i:{alternatives('home_pages')})(?:\s+[|•·]?\s*[^\W\da-z_][\w&'’-]*){{2,12}}")
