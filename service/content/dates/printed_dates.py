"""Dates and times as pages print them above or below their text."""

import re
from collections.abc import Iterable
from datetime import date, datetime, time, tzinfo

import msgspec

from service.content.dates.vocabulary import (
    FILLERS,
    LEAP_SECOND,
    MONTHS,
    PUBLISHED,
    UPDATED,
    WEEKDAYS,
    ZONE_PHRASES,
    ZONES,
)

LONGEST = 120
_DIGITS = str.maketrans(
    "٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९０１２３４５６７８９：", "0123456789012345678901234567890123456789:"
)


def _one_of(names: Iterable[str]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


_MONTH = rf"(?P<name>{_one_of(MONTHS)})"
_YEAR = r"(?P<year>(?:19|20)\d{2})"
_DAY = r"(?P<day>[0-3]?\d)"
_NAMED = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        (
            rf"(?<![\w]){_DAY}(?:st|nd|rd|th|er|º|°|\.)?[\s-]*(?:de |of |d['’]|di )?{_MONTH}(?!\w)\.?"
            rf"(?:,|\s+de|\s+del)?[\s-]*{_YEAR}(?!\d)"
        ),
        rf"\b{_MONTH}(?!\w)\.?,?[\s-]*{_DAY}(?:st|nd|rd|th)?\s*,?\s+{_YEAR}(?!\d)",
        rf"(?<!\d){_YEAR}[\s,-]+{_MONTH}(?!\w)\.?[\s-]+{_DAY}(?!\d)",
    )
]
_EAST = re.compile(rf"(?<!\d){_YEAR}\s?[年년]\s?(?P<month>\d{{1,2}})\s?[月월]\s?{_DAY}\s?[日일]")
_YEAR_FIRST = re.compile(rf"(?<!\d){_YEAR}(?P<mark>[-/.])\s?(?P<month>\d{{1,2}})(?P=mark)\s?{_DAY}(?=\D|$)")
_NUMERIC = re.compile(
    rf"(?<!\d)(?P<first>\d{{1,2}})(?P<mark>[-/.])\s?(?P<second>\d{{1,2}})(?P=mark)\s?{_YEAR}(?!\d)"
)
_SHORT_YEAR = re.compile(r"(?<![\d/.-])\d{1,2}([/.-])\d{1,2}\1\d{2}(?![\d/.-])")
_ISO_TIME = re.compile(r"(?<=\d)T(?=\d\d:\d\d)")

_HALF = r"(?P<half>[ap]\.?\s?m\b\.?|صباحا?ً?|ص|مساءً?|مساء|م(?=\s|$))"
_CLOCKS = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?P<before>午前|午後|上午|下午|오전|오후)\s?(?P<hour>\d{1,2})(?:[時时시:]\s?(?P<minute>\d{2})?)\s?[分분]?",
        (
            rf"(?<![\d.:])(?P<hour>\d{{1,2}})[:.](?P<minute>[0-5]\d)(?:[:.](?P<second>[0-5]\d)(?:\.\d+)?)?"
            rf"\s?{_HALF}"
        ),
        rf"(?<![\d.:])(?P<hour>\d{{1,2}})\s?{_HALF}",
        r"(?<![\d.:])(?P<hour>[0-2]?\d):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d)(?:\.\d+)?)?(?!\d)",
        r"(?<![\d.:])(?P<hour>[0-2]?\d)\s?(?:h|u)\s?(?P<minute>[0-5]\d)(?!\w)",
        r"(?<![\d.:])(?P<hour>[0-2]?\d)\s?[時时시]\s?(?P<minute>[0-5]?\d)?\s?[分분]?",
        r"(?<![\d.:])(?P<hour>[0-2]?\d)\.(?P<minute>[0-5]\d)(?![\d.])",
    )
]
_OFFSET = re.compile(
    r"\(?(?:\b(?:GMT|UTC)\s?)?(?P<sign>[+−-])\s?(?P<hours>\d{1,2})(?::?(?P<minutes>[0-5]\d))?\b\)?",
    re.IGNORECASE,
)
_ZONE = re.compile(rf"(?<!\w)\(?(?P<zone>{_one_of([*ZONES, *ZONE_PHRASES])})\)?(?!\w)", re.IGNORECASE)
_OTHER_ZONE = re.compile(r"(?<!\w)[A-Z]{2,4}T(?!\w)")
# `Updated 2 hours ago` is useless without the time at which the page was fetched.
_AGO = re.compile(
    r"(?:\b(?:last )?(?:updated|published|posted|aktualisiert|mise? à jour|actualizado|atualizado|"
    r"aggiornato):? )?"
    r"(?:\b(?:(?:\d+|an?) (?:min(?:ute)?|hour|hr|day|week|month|year)s? ){1,2}ago\b|\bvor \d+ \w+"
    r"|\bil y a \d+ \w+|(?:\b|timer)\d+[ -]?min(?:ute)?s?\.?[ -]read\b|"
    r"\bh(?:á|ace) (?:\d+|uma?|una?) \w+|\b\d+ \w+ fa\b)",
    re.IGNORECASE,
)
_SOURCE = re.compile(
    r"(?:来源|來源|출처|المصدر|责任编辑|编辑|責任編輯|\b(?:source|quelle|fuente|fonte|editor))\s?[:：]\s?[^|]{1,40}(?=\||$)",
    re.IGNORECASE,
)
# `Published in The Herald, 3 May 2019`, and the section before `Updated:`.
_PRINTED_IN = re.compile(r"\s+(?:in|by) (?-i:[A-Z])[\w'’ ]{1,40}?,\s", re.IGNORECASE)
_BEFORE_LABEL = re.compile(
    r"[\w' ]{1,30}?\s(?=(?:first |last )?(?:updated|published|posted)\s?:)", re.IGNORECASE
)
_WEEKDAY = re.compile(
    rf"(?<!\w)[(（]?(?P<weekday>{_one_of(WEEKDAYS)})(?!\w)\.?[)）]?|[(（](?P<short>[月火水木金土日])[)）]",
    re.IGNORECASE,
)


class Printed(msgspec.Struct, frozen=True):
    """One printed date: every day that it may mean, the most usual first; none where it has no full year.

    `at` is the time of day, `offset` or `zone`, an abbreviation in capitals, what is printed after it.
    `updated` is whether it is the date of a change. `numeric` is whether the day is printed in figures alone,
    `day_first` in which order.
    """

    days: tuple[date, ...]
    at: time | None = None
    offset: tzinfo | None = None
    zone: str | None = None
    updated: bool = False
    labelled: bool = False
    numeric: bool = False
    day_first: bool = True

    def on(self, day: date) -> str:
        """The date as front matter gives it, with the time and zone as far as they are printed."""
        if self.at is None:
            return day.isoformat()
        text = datetime.combine(day, self.at, self.offset).isoformat()
        return f"{text} {self.zone}" if self.zone else text


def read_printed(text: str) -> Printed | None:
    """Read `text` as one date; None where it is none, or holds anything else."""
    if len(text) > LONGEST or not any(c.isdigit() for c in text):
        return None
    rest = _SOURCE.sub(
        " ", _AGO.sub(" ", _ISO_TIME.sub(" ", LEAP_SECOND.sub(":59", text.translate(_DIGITS))))
    )
    rest = _BEFORE_LABEL.sub("", rest.lstrip(" ([|-–—"), count=1)
    label = UPDATED.match(rest)
    labelled = label or PUBLISHED.match(rest)
    if labelled:
        rest = rest[labelled.end() :]
        printed_in = _PRINTED_IN.match(rest)
        rest = rest[printed_in.end() :] if printed_in else rest
    weekday, rest = _weekday(rest)
    day_match = _day(rest)
    if day_match is None:
        return None
    days, numeric, month_first, rest = day_match
    at, offset, zone, rest = _clock(rest)
    if weekday is not None and len(days) > 1:
        fitting = tuple(day for day in days if day.weekday() == weekday)
        days = fitting or days
    if any(c.isalnum() for c in FILLERS.sub(" ", rest)):
        return None
    return Printed(days, at, offset, zone, bool(label), bool(labelled), numeric, not month_first)


def _weekday(text: str) -> tuple[int | None, str]:
    match = _WEEKDAY.search(text)
    if not match:
        return None, text
    number = (
        WEEKDAYS[match["weekday"].lower()] if match["weekday"] else "月火水木金土日".index(match["short"])
    )
    return number, f"{text[: match.start()]} {text[match.end() :]}"


def _day(text: str) -> tuple[tuple[date, ...], bool, bool, str] | None:
    """The days that `text` may mean, whether in figures alone, whether month first, and the rest of it."""
    for pattern in (*_NAMED, _EAST, _YEAR_FIRST):
        match = pattern.search(text)
        if match:
            parts = match.groupdict()
            month = MONTHS[parts["name"].lower()] if parts.get("name") else int(parts["month"])
            day = _date(int(match["year"]), month, int(match["day"]))
            return ((day,), False, False, _without(text, match)) if day else None
    match = _NUMERIC.search(text)
    if match:
        first, second, year = int(match["first"]), int(match["second"]), int(match["year"])
        orders = [(second, first)] if match["mark"] == "." else [(second, first), (first, second)]
        days = dict.fromkeys(_date(year, month, day) for month, day in orders)
        known = tuple(day for day in days if day)
        month_first = len(known) == 1 and known[0].day == second != first
        return (known, True, month_first, _without(text, match)) if known else None
    short = _SHORT_YEAR.search(text)
    return ((), True, False, _without(text, short)) if short else None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _clock(text: str) -> tuple[time | None, tzinfo | None, str | None, str]:
    """The time of day in `text`, its offset, its zone, and the rest of `text`."""
    for pattern in _CLOCKS:
        match = pattern.search(text)
        if not match:
            continue
        at = _time(match)
        if at is None:
            return None, None, None, text
        offset, zone, after = _zone(text[match.end() :])
        return at, offset, zone, f"{text[: match.start()]} {after}"
    return None, None, None, text


def _time(match: re.Match[str]) -> time | None:
    parts = match.groupdict()
    hour, minute, second = int(parts["hour"]), int(parts.get("minute") or 0), int(parts.get("second") or 0)
    half = (parts.get("half") or "").lower().replace(" ", "")
    afternoon = half.startswith(("p", "م")) or parts.get("before") in {"午後", "下午", "오후"}
    morning = half.startswith(("a", "ص")) or parts.get("before") in {"午前", "上午", "오전"}
    if (afternoon or morning) and hour <= 12:
        hour = hour % 12 + (12 if afternoon else 0)
    return time(hour, minute, second) if hour < 24 else None


def _zone(text: str) -> tuple[tzinfo | None, str | None, str]:
    offset = _OFFSET.match(text.lstrip())
    if offset and len(offset["hours"]) <= 2 and int(offset["hours"]) <= 14:
        text = text.lstrip()
        sign = "-" if offset["sign"] in "-−" else "+"
        moment = datetime.fromisoformat(
            f"2000-01-01T00:00:00{sign}{int(offset['hours']):02}:{offset['minutes'] or '00'}"
        )
        return moment.tzinfo, None, _without(text, offset)
    if known := _ZONE.search(text):
        name = known["zone"].lower()
        return None, ZONE_PHRASES.get(name, name).upper(), _without(text, known)
    other = _OTHER_ZONE.search(text)
    return (None, other.group(), _without(text, other)) if other else (None, None, text)


def _without(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()]} {text[match.end() :]}"
