"""The way about a site that stands above an article: trails, bars, addresses, languages, its name."""

import re

from service.content.scraping.byline_words import SECTION
from service.content.scraping.lines.line_buffer import display_width

_LONGEST_TRAIL = 200
_MARK = r"[>›»→/|\\]"
_STEP = r"[^\W\d_][\w &'’.-]{0,40}"
_SHORT_STEP = r"[^\W\d_][\w&'’.-]{0,20}(?: [\w&'’.-]{1,20})?"
_TRAIL = re.compile(
    rf"[^\W\d_][\w &'-]{{0,30}}(?:\s*[>›»→]\s*[\w &'-]{{1,60}})+\s*[>›»→]?|"
    rf"{_STEP}(?:\s*[>›»→]\s*{_STEP}){{0,5}}\s*[>›»→]|"
    r"home(?:\s*/\s*[\w &'-]{1,60})+|"
    rf"(?:{_MARK}\s*)?{SECTION}(?:\s*{_MARK}\s*{_SHORT_STEP}){{1,4}}|/\s*{SECTION}",
    re.IGNORECASE,
)
_HOME = (
    r"(?:home(?:page)?|startseite|accueil|inicio|início|главная|首页|トップ|ホーム|الرئيسية|ana ?sayfa|होम|"
    r"beranda)"
)
_WAY = re.compile(rf"{_HOME}\s*[/>›»→|]\s*\S.{{0,240}}", re.IGNORECASE)
# On one line, `Home About Recipes Contact`: what stands above it is the site's name.
_BAR = re.compile(rf"(?i:{_HOME})(?:\s+[|•·]?\s*[^\W\da-z_][\w&'’-]*){{2,12}}")
_ADDRESS = re.compile(
    r"https?://\S+|www\.\S+|[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|info|news|example|co\.[a-z]{2}|"
    r"com\.[a-z]{2})",
    re.IGNORECASE,
)
_LANGUAGES = re.compile(
    r"(?:\b(?:ar|de|el|en|es|fa|fr|he|hi|it|ja|ko|nl|pl|pt|ro|ru|tr|ua|uk|ur|zh)\b[\s|/,·]*){2,12}|"
    r"(?:\b(?:english|deutsch|français|español|italiano|português|русский|українська|türkçe|polski|"
    r"nederlands|svenska|日本語|中文|한국어|العربية|فارسی|हिन्दी|हिंदी)[\s|/,·]*){2,12}",
    re.IGNORECASE,
)
_SKIP = re.compile(
    r"(?:today['’]s (?:paper|edition)|e-?paper|print edition)(?:\s*\|\s*.{1,60})?|"
    r"(?:skip|jump|go) (?:navigation|to .{1,40})|(?:click|tap) here .{1,100}",
    re.IGNORECASE,
)


def is_menu_bar(text: str) -> bool:
    """Whether a line above the text is the whole menu of a site: a name above it is the site's own."""
    return bool(_BAR.fullmatch(text))


def match_breadcrumbs(text: str) -> str | None:
    """Why a whole line above the text leads about the site; None where it may be of the article."""
    if display_width(text) <= _LONGEST_TRAIL and _TRAIL.fullmatch(text):
        return "says where in the site the page stands"
    if _WAY.fullmatch(text):
        return "says where in the site the page stands"
    if _ADDRESS.fullmatch(text):
        return "is the address of a page"
    if _LANGUAGES.fullmatch(text):
        return "leads to other languages"
    return "leads about the site" if is_menu_bar(text) or _SKIP.fullmatch(text) else None
