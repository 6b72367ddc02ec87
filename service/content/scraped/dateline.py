"""Datelines: where a report was written, as it stands before the first sentence."""

import re

import msgspec

from service.content.scraped.printed_dates import Printed, read_printed
from service.content.scraped.sheet import width

_DASH = r"\s*\.?(?:\s_(?=\s)|[—–―]|--|\s-|-(?=\s)|－|−)+\s*"
_AGENCY = r"(?:\s*[(（](?P<agency>[^()（）]{2,40})[)）])"
_UPPER = r"[^\W\d_a-zß-öø-ÿ]"
_CAPITALS = rf"{_UPPER}{{2}}(?:{_UPPER}|[.'’-])*(?:[ /,-]{{1,2}}{_UPPER}(?:{_UPPER}|[.'’-])*){{0,4}}"
_WITHIN = r"(?:,\s*[A-ZÀ-Þ][\w.'’-]+(?:\s[A-ZÀ-Þ][\w.'’-]+){0,3})?"
_WHEN = (
    r"(?:,?\s+(?P<when>(?:le |den |am )?(?:\w{3,10}\.?\s\d{1,2}|\d{1,2}(?:er|"
    r"\.)?\s\w{3,10}\.?)(?:,?\s\d{4})?))?"
)
_PLACE = r"[^\W\d_][\w.'’-]*(?:[ /][^\W\d_][\w.'’-]*){0,3}"

_CAPITAL = re.compile(rf"(?P<place>{_CAPITALS}{_WITHIN}){_WHEN}{_AGENCY}?{_DASH}(?=\S)")
_WITH_AGENCY = re.compile(
    rf"(?P<place>{_PLACE}{_WITHIN}){_WHEN}{_AGENCY}(?:{_DASH}|\s*[.:]\s+|\s+(?=[A-ZÀ-Þ\"“„«]))(?=\S)"
)
_WITH_DATE = re.compile(
    rf"(?P<place>{_PLACE}{_WITHIN}),?\s+(?P<when>(?:le |den |am )?(?:\d{{1,2}}(?:er|\.)?\s\w{{3,10}}\.?|"
    rf"\w{{3,10}}\.?\s\d{{1,2}}),?(?:\s\d{{4}})?){_DASH}(?=\S)"
)
_ARABIC = re.compile(
    rf"(?P<place>[\u0620-\u064a]+(?:\s[\u0620-\u064a]+){{0,2}})(?:{_AGENCY}{_DASH}?|\s+[-–—]\s+|"
    rf"\s*/\s*[\u0620-\u064a ]+/?\s*[-–—]+\s*)(?=\S)"
)
_EAST = re.compile(
    r"[【\[［(（〔](?P<place>[\u3040-\u30ff\u4e00-\u9fff]{2,12}?)"
    r"(?:[・＝=\s　]?(?:共同|時事|ロイター|ＡＦＰ|AFP|ＡＰ|AP)|"
    r"[・＝=\s　][\u4e00-\u9fff]{2,5})?(?:\s?[\d０-９]{1,2}日)?(?:\s?(?:ロイター|共同|時事|AFP|ＡＦＰ|"
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
    breaking exclusive update updated watch video live note opinion analysis correction advisory 写真 速報
    動画 独自 解説 社説 号外 広告
"""
_NO_PLACE = frozenset(_NO_PLACE_WORDS.split())


class Dateline(msgspec.Struct, frozen=True):
    """The place, the length of what to take off the paragraph, and the date where it was complete."""

    place: str | None
    length: int
    printed: Printed | None = None


def read_dateline(text: str) -> Dateline | None:
    """The dateline `text` begins with: `BAGHDAD — `, `PARIS (AFP) – `, `LONDON, 3 May 2019 (Reuters) - `.

    Where only its frame is left (`( – `), there is no place but something to take off.
    """
    head = text[:140]
    empty = _EMPTY.match(head)
    if empty:
        return Dateline(None, empty.end())
    for pattern in (_CAPITAL, _WITH_AGENCY, _WITH_DATE, _ARABIC, _EAST, _CHINESE, _IN_BRACKETS):
        found = pattern.match(head)
        parts = found.groupdict() if found else {}
        place = parts.get("place") or parts.get("korean") or ""
        if found and _fits(pattern, place, text[found.end() :]):
            when = parts.get("when")
            return Dateline(
                _without_stop(place.strip(" ,")), found.end(), read_printed(when) if when else None
            )
    return None


def _without_stop(place: str) -> str:
    """`MADRID.` before `-` is Madrid; `N.M.` and `Neb.` keep their own."""
    return place[:-1] if place.isupper() and re.search(r"[^\W\d_]{3}\.$", place) else place


def _fits(pattern: re.Pattern[str], place: str, rest: str) -> bool:
    """Whether it is a place, and a sentence begins after it."""
    if not _is_place(place) or len(rest) < 6 or rest[0].islower():
        return False
    return pattern is not _CAPITAL or place.split()[0].strip(",").isupper()


def _is_place(text: str) -> bool:
    first = text.split()[0].strip(",:").casefold()
    return (
        first not in _NO_PLACE
        and len(text) <= 60
        and any(width(word) > 2 for word in re.split(r"[\s/,]+", text))
    )
