"""Datelines: where a report was written, as it stands before the first sentence."""

import re

import msgspec

from service.content.dates.printed_dates import Printed, read_printed
from service.content.dates.vocabulary import MONTHS
from service.content.scraping.cities import CITIES
from service.content.scraping.lines.line_buffer import display_width

_DASH = r"\s*\.?(?:\s_(?=\s)|[—–―]|--|\s-|-(?=\s)|－|−)+\s*"
_AGENCY = r"(?:\s*[(（](?P<agency>[^()（）]{2,40})[)）])"
_UPPER = r"[^\W\d_a-zß-öø-ÿ]"
_CAPITALS = rf"{_UPPER}{{2}}(?:{_UPPER}|[.'’-])*(?:[ /,-]{{1,2}}{_UPPER}(?:{_UPPER}|[.'’-])*){{0,4}}"
_WITHIN = r"(?:,\s*[A-ZÀ-Þ][\w.'’-]+(?:\s[A-ZÀ-Þ][\w.'’-]+){0,3})?"
_MONTH = rf"(?i:{'|'.join(sorted(map(re.escape, MONTHS), key=len, reverse=True))})(?!\w)\.?"
_DAY = rf"(?:le |den |am )?(?:{_MONTH},?\s\d{{1,2}}|\d{{1,2}}(?:er|\.)?\s{_MONTH})"
_WHEN = rf"(?:\s?,?\s+(?P<when>{_DAY}(?:,?\s\d{{4}})?))?"
_PLACE = r"[^\W\d_][\w.'’-]*(?:[ /][^\W\d_][\w.'’-]*){0,3}"

# Some agencies stand without brackets behind the date, between slashes, or before the place.
_BARE_AGENCY = r"(?:,?\s(?:AAP|APP|UPI|PTI|ANI|IANS|UNI|AP|AFP)|\.?\s?/[^/]{2,20}/\.?)"
_BEFORE = r"(?:[(（][A-Z]{2,10}[)）]\s?[-–—]+\s?)?"
_CAPITAL = re.compile(
    rf"{_BEFORE}(?P<place>{_CAPITALS}{_WITHIN}){_WHEN}(?:(?:{_DASH})?{_AGENCY}|{_BARE_AGENCY})?{_DASH}(?=\S)"
)
_TICKED = re.compile(
    rf"(?P<place>{_CAPITALS}{_WITHIN}){_WHEN}(?:\.?\s?/[^/]{{2,20}}/|\s?[—–-]\s?РИА Новости)\.\s+(?=\S)"
)
# The way of South Asia and the Gulf; a label of the page looks the same.
_COLON = re.compile(rf"(?P<place>{_CAPITALS}{_WITHIN}){_WHEN}{_AGENCY}?\s?:\s+(?=[A-ZÀ-Þ\"“‘'«\d])")
_CITY = re.compile(rf"(?P<place>{_PLACE}){_WHEN}\s+[-–—]\s+(?=[A-ZÀ-Þ\"“„«‘'])")
_INDIC_WORD = r"[\u0900-\u0963\u0971-\u097f]+"
_INDIC = re.compile(
    rf"(?P<place>{_INDIC_WORD}(?:\s{_INDIC_WORD}){{0,2}}?)"
    rf"(?:\s?,?\s?(?P<when>\d{{1,2}} {_INDIC_WORD}(?: \d{{4}})?|\d{{1,2}} \w{{3,9}}))?"
    r"(?:(?:,?\s(?:एजेंसी|एजेंसियां|पीटीआई|भाषा|वार्ता|ब्यूरो|संवाददाता)|"
    r"\s?[(（][^()]{1,25}[)）])\s?[:।.–-]|\s?:)\s*(?=\S)"
)
_WITH_AGENCY = re.compile(
    rf"(?P<place>{_PLACE}{_WITHIN}){_WHEN}{_AGENCY}(?:{_DASH}|\s*[.:]\s+|\s+(?=[A-ZÀ-Þ\"“„«]))(?=\S)"
)
_WITH_DATE = re.compile(rf"(?P<place>{_PLACE}{_WITHIN}),?\s+(?P<when>{_DAY},?(?:\s\d{{4}})?){_DASH}(?=\S)")
_ARABIC = re.compile(
    rf"(?P<place>[\u0620-\u064a]+(?:\s[\u0620-\u064a]+){{0,2}})(?:{_AGENCY}{_DASH}?|\s+[-–—]\s+|"
    rf"\s*/\s*[\u0620-\u064a ]+/?\s*[-–—]+\s*)(?=\S)"
)
_EAST = re.compile(
    r"[【\[［(（〔](?P<place>[\u3040-\u30ff\u4e00-\u9fff]{2,12}?)"
    r"(?:[・＝=\s　]?(?:共同|時事|ロイター|ＡＦＰ|AFP|ＡＰ|AP)|"
    r"[・＝=\s　](?P<writer>[\u4e00-\u9fff]{2,5}))?(?:\s?[\d０-９]{1,2}日)?(?:\s?(?:ロイター|共同|時事|"
    r"AFP|ＡＦＰ|"
    r"電))?[】\]］)）〕]\s*[-－–—]?\s*"
)
_CHINESE = re.compile(
    r"(?:新华社|新華社|中新社|中央社|中新网)(?P<place>[\u4e00-\u9fff]{2,8}?)"
    r"(?P<when>\d{1,2}月)?\d{1,2}日[电電][\s　]*"
)
_IN_BRACKETS = re.compile(
    rf"[(（](?P<place>{_PLACE}{_WITHIN})[)）]{_DASH}(?=\S)|"
    rf"[(（](?P<korean>[가-힣]{{2,10}})\s?=\s?[가-힣A-Z]{{2,10}}[)）]\s*"
)
_EMPTY = re.compile(r"[(（]\s*(?:[—–-]+\s*|[)）]\s*[—–-]+\s*)(?=\S)")
_NO_PLACE_WORDS = """
    file photo pictured question answer host moderator interviewer reporter presenter commentator anchor fact
    facts myth spoiler alert reminder warning editorial column comment view review column tip tips quote
    quiz poll weather sport sports business politics fake true false our my the in on at why how what who
    part chapter step rule lesson verdict result results score scores final pros cons preview recap just
    breaking exclusive update updated watch video live note opinion analysis correction advisory 写真 速報
    動画 独自 解説 社説 号外 広告
"""
_NO_PLACE = frozenset(_NO_PLACE_WORDS.split())


_AGENCIES = frozenset({"共同", "時事", "時事通信", "共同通信", "新華社", "中央社"})
_PATTERNS = (
    _CAPITAL,
    _TICKED,
    _WITH_AGENCY,
    _WITH_DATE,
    _COLON,
    _CITY,
    _ARABIC,
    _INDIC,
    _EAST,
    _CHINESE,
    _IN_BRACKETS,
)


class Dateline(msgspec.Struct, frozen=True):
    """The place, the length of what to take off the paragraph, and the date where it was complete.

    `writer` is who signs in it; `doubtful` is whether a mere label may look so: `PORT TOWN: The council`.
    """

    place: str | None
    length: int
    printed: Printed | None = None
    writer: str | None = None
    doubtful: bool = False


def read_dateline(text: str) -> Dateline | None:
    """The dateline `text` begins with: `BAGHDAD — `, `PARIS (AFP) – `, `LONDON, 3 May 2019 (Reuters) - `.

    Where only its frame is left (`( – `), there is no place but something to take off.
    """
    head = text[:140]
    empty = _EMPTY.match(head)
    if empty:
        return Dateline(None, empty.end())
    for pattern in _PATTERNS:
        found = pattern.match(head)
        parts = found.groupdict() if found else {}
        place = parts.get("place") or parts.get("korean") or ""
        if found and _fits(pattern, place, text[found.end() :]):
            when = parts.get("when")
            writer = parts.get("writer")
            return Dateline(
                _without_stop(place.strip(" ,-")),
                found.end(),
                read_printed(when) if when else None,
                writer=None if writer in _AGENCIES else writer,
                doubtful=pattern is _COLON,
            )
    return None


def _without_stop(place: str) -> str:
    """`MADRID.` before `-` is Madrid; `N.M.` and `Neb.` keep their own."""
    return place[:-1] if place.isupper() and re.search(r"[^\W\d_]{3}\.$", place) else place


def _fits(pattern: re.Pattern[str], place: str, rest: str) -> bool:
    """Whether it is a place, and a sentence begins after it."""
    if not _is_place(place) or len(rest) < 6 or rest[0].islower():
        return False
    if pattern is _CITY:
        return place in CITIES
    return pattern not in {_CAPITAL, _COLON} or place.split()[0].strip(",").isupper()


def _is_place(text: str) -> bool:
    first = text.split()[0].strip(",:").casefold()
    return (
        first not in _NO_PLACE
        and text.split()[-1].casefold() not in _NO_PLACE
        and len(text) <= 60
        and any(display_width(word) > 2 for word in re.split(r"[\s/,]+", text))
    )
