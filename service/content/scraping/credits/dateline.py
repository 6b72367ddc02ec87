"""Reads datelines: the place where a report was written, before its first sentence."""

import re
from functools import cache

import msgspec

from service.content.dates.printed_dates import Printed, read_printed
from service.content.dates.vocabulary import MONTHS
from service.content.scraping.lines.line_buffer import display_width
from service.content.scraping.vocabulary import word_set

_LONGEST = 140
_LONGEST_PLACE = 60
_SHORTEST_REST = 6
_DASH = r"\s*\.?(?:\s_(?=\s)|[—–―]|--|\s-|-(?=\s)|－|−)+\s*"
_AGENCY = r"(?:\s*[(（](?P<agency>[^()（）]{2,40})[)）])"
_UPPER = r"[^\W\d_a-zß-öø-ÿ]"
_CAPITALS = rf"{_UPPER}{{2}}(?:{_UPPER}|[.'’-])*(?:[ /,-]{{1,2}}{_UPPER}(?:{_UPPER}|[.'’-])*){{0,4}}"
_WITHIN = r"(?:,\s*[A-ZÀ-Þ][\w.'’-]+(?:\s[A-ZÀ-Þ][\w.'’-]+){0,3})?"
_MONTH = rf"(?i:{'|'.join(sorted(map(re.escape, MONTHS), key=len, reverse=True))})(?!\w)\.?"
_DAY = rf"(?:le |den |am )?(?:{_MONTH},?\s\d{{1,2}}|\d{{1,2}}(?:er|\.)?\s{_MONTH})"
_WHEN = rf"(?:\s?,?\s+(?P<when>{_DAY}(?:,?\s\d{{4}})?))?"
_PLACE = r"[^\W\d_][\w.'’-]*(?:[ /][^\W\d_][\w.'’-]*){0,3}"

# Some agencies stand without brackets after the date, between slashes, or before the place.
_BARE_AGENCY = r"(?:,?\s(?:AAP|APP|UPI|PTI|ANI|IANS|UNI|AP|AFP)|\.?\s?/[^/]{2,20}/\.?)"
_BEFORE = r"(?:[(（][A-Z]{2,10}[)）]\s?[-–—]+\s?)?"
_CAPITAL = (
    rf"{_BEFORE}(?P<place>{_CAPITALS}{_WITHIN}){_WHEN}(?:(?:{_DASH})?{_AGENCY}|{_BARE_AGENCY})?{_DASH}(?=\S)"
)
_TICKED = rf"(?P<place>{_CAPITALS}{_WITHIN}){_WHEN}(?:\.?\s?/[^/]{{2,20}}/|\s?[—–-]\s?РИА Новости)\.\s+(?=\S)"
# Usual in South Asia and the Gulf; a label of the page looks the same.
_COLON = rf"(?P<place>{_CAPITALS}{_WITHIN}){_WHEN}{_AGENCY}?\s?:\s+(?=[A-ZÀ-Þ\"“‘'«\d])"
_CITY = rf"(?P<place>{_PLACE}){_WHEN}\s+[-–—]\s+(?=[A-ZÀ-Þ\"“„«‘'])"
_INDIC_WORD = r"[\u0900-\u0963\u0971-\u097f]+"
_INDIC = (
    rf"(?P<place>{_INDIC_WORD}(?:\s{_INDIC_WORD}){{0,2}}?)"
    rf"(?:\s?,?\s?(?P<when>\d{{1,2}} {_INDIC_WORD}(?: \d{{4}})?|\d{{1,2}} \w{{3,9}}))?"
    r"(?:(?:,?\s(?:एजेंसी|एजेंसियां|पीटीआई|भाषा|वार्ता|ब्यूरो|संवाददाता)|"
    r"\s?[(（][^()]{1,25}[)）])\s?[:।.–-]|\s?:)\s*(?=\S)"
)
_WITH_AGENCY = (
    rf"(?P<place>{_PLACE}{_WITHIN}){_WHEN}{_AGENCY}(?:{_DASH}|\s*[.:]\s+|\s+(?=[A-ZÀ-Þ\"“„«]))(?=\S)"
)
_WITH_DATE = rf"(?P<place>{_PLACE}{_WITHIN}),?\s+(?P<when>{_DAY},?(?:\s\d{{4}})?){_DASH}(?=\S)"
_ARABIC = (
    rf"(?P<place>[\u0620-\u064a]+(?:\s[\u0620-\u064a]+){{0,2}})(?:{_AGENCY}{_DASH}?|\s+[-–—]\s+|"
    rf"\s*/\s*[\u0620-\u064a ]+/?\s*[-–—]+\s*)(?=\S)"
)
_EAST = (
    r"[【\[［(（〔](?P<place>[\u3040-\u30ff\u4e00-\u9fff]{2,12}?)"
    r"(?:[・＝=\s　]?(?:共同|時事|ロイター|ＡＦＰ|AFP|ＡＰ|AP)|"
    r"[・＝=\s　](?P<writer>[\u4e00-\u9fff]{2,5}))?(?:\s?[\d０-９]{1,2}日)?(?:\s?(?:ロイター|共同|時事|"
    r"AFP|ＡＦＰ|"
    r"電))?[】\]］)）〕]\s*[-－–—]?\s*"
)
_CHINESE = (
    r"(?:新华社|新華社|中新社|中央社|中新网)(?P<place>[\u4e00-\u9fff]{2,8}?)"
    r"(?P<when>\d{1,2}月)?\d{1,2}日[电電][\s　]*"
)
_IN_BRACKETS = (
    rf"[(（](?P<place>{_PLACE}{_WITHIN})[)）]{_DASH}(?=\S)|"
    rf"[(（](?P<korean>[가-힣]{{2,10}})\s?=\s?[가-힣A-Z]{{2,10}}[)）]\s*"
)
_EMPTY = re.compile(r"[(（]\s*(?:[—–-]+\s*|[)）]\s*[—–-]+\s*)(?=\S)")
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
    """The place of a dateline, its length in the paragraph, and the date if it is complete.

    `place` is None if only the punctuation of a dateline is left; `writer` is the author it names. `doubtful`
    is whether a label may look the same: `PORT TOWN: The council`.
    """

    place: str | None
    length: int
    printed: Printed | None = None
    writer: str | None = None
    doubtful: bool = False


def read_dateline(text: str) -> Dateline | None:
    """The dateline at the beginning of `text`, None if it has none.

    Examples: `BAGHDAD — `, `PARIS (AFP) – `, `LONDON, 3 May 2019 (Reuters) - `, and `( – ` without a place.
    """
    start = text[:_LONGEST]
    empty = _EMPTY.match(start)
    if empty:
        return Dateline(None, empty.end())
    for pattern in _PATTERNS:
        match = _compile(pattern).match(start)
        if match is None:
            continue
        parts = match.groupdict()
        place = parts.get("place") or parts["korean"]
        if _is_dateline(pattern, place, text[match.end() :]):
            when, writer = parts.get("when"), parts.get("writer")
            return Dateline(
                _strip_full_stop(place.strip(" ,-")),
                match.end(),
                read_printed(when) if when else None,
                writer=None if writer in word_set("agencies_in_brackets") else writer,
                doubtful=pattern == _COLON,
            )
    return None


@cache
def _compile(pattern: str) -> re.Pattern[str]:
    """Compile `pattern` when it is first used: at import, all of them would take a tenth of every start."""
    return re.compile(pattern)


def _strip_full_stop(place: str) -> str:
    """`MADRID` for `MADRID.`; abbreviations such as `N.M.` and `Neb.` stay."""
    return place[:-1] if place.isupper() and re.search(r"[^\W\d_]{3}\.$", place) else place


def _is_dateline(pattern: str, place: str, rest: str) -> bool:
    """Whether `place` is a place, and `rest` the beginning of a sentence."""
    if not _is_place(place) or len(rest) < _SHORTEST_REST or rest[0].islower():
        return False
    if pattern == _CITY:
        return place in word_set("cities")
    return pattern not in {_CAPITAL, _COLON} or place.split()[0].strip(",").isupper()


def _is_place(text: str) -> bool:
    words = text.split()
    return (
        word_set("not_places").isdisjoint((words[0].strip(",:").casefold(), words[-1].casefold()))
        and len(text) <= _LONGEST_PLACE
        and any(display_width(word) > 2 for word in re.split(r"[\s/,]+", text))
    )
