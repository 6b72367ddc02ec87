"""Printed dates and times, as a page shows them above or below its text."""

import re
from datetime import date, datetime, time, tzinfo

import msgspec

from service.content.dates.vocabulary import FILLERS, MONTHS, PUBLISHED, UPDATED, WEEKDAYS, ZONES

LONGEST = 120
_DIGITS = str.maketrans(
    "٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९０１２３４５６７８９：", "0123456789012345678901234567890123456789:"
)


def _one_of(names: dict[str, int] | dict[str, tzinfo]) -> str:
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
    rf"(?<!\d)(?P<one>\d{{1,2}})(?P<mark>[-/.])\s?(?P<two>\d{{1,2}})(?P=mark)\s?{_YEAR}(?!\d)"
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
_ZONE = re.compile(rf"(?<!\w)\(?(?P<zone>{_one_of(ZONES)})\)?(?!\w)", re.IGNORECASE)
_UNKNOWN_ZONE = re.compile(r"(?<!\w)(?:IST|[A-Z]{2,4}T)(?!\w)")
# `Updated 2 hours ago` says nothing without the moment at which the page was fetched.
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
    """One printed date: every day it can be, the first the most usual; none where its year is not said.

    `at` is the time of day, `zone` what was printed with it. `updated` where it says of a later change.
    `numeric` is whether the day was told in figures alone, `day_first` in which order; `unknown`
    is a zone name that means several.
    """

    days: tuple[date, ...]
    at: time | None = None
    zone: tzinfo | None = None
    updated: bool = False
    labelled: bool = False
    numeric: bool = False
    day_first: bool = True
    unknown: str | None = None

    def on(self, day: date) -> str:
        """The date as front matter would say it: with the time and offset as far as they are printed."""
        if self.at is None:
            return day.isoformat()
        return datetime.combine(day, self.at, self.zone).isoformat()


def read_printed(text: str) -> Printed | None:
    """The date that `text` is as a whole; None where there is none, or anything else beside it."""
    if len(text) > LONGEST or not any(c.isdigit() for c in text):
        return None
    rest = _SOURCE.sub(" ", _AGO.sub(" ", _ISO_TIME.sub(" ", text.translate(_DIGITS))))
    rest = _BEFORE_LABEL.sub("", rest.lstrip(" ([|-–—"), count=1)
    label = UPDATED.match(rest)
    labelled = label or PUBLISHED.match(rest)
    if labelled:
        rest = rest[labelled.end() :]
        printed_in = _PRINTED_IN.match(rest)
        rest = rest[printed_in.end() :] if printed_in else rest
    weekday, rest = _weekday(rest)
    found = _day(rest)
    if found is None:
        return None
    days, numeric, month_first, rest = found
    zone, unknown, at, rest = _clock(rest)
    if at is None and (zone or unknown):
        return None
    if weekday is not None and len(days) > 1:
        fitting = tuple(day for day in days if day.weekday() == weekday)
        days = fitting or days
    if any(c.isalnum() for c in FILLERS.sub(" ", rest)):
        return None
    return Printed(days, at, zone, bool(label), bool(labelled), numeric, not month_first, unknown)


def _weekday(text: str) -> tuple[int | None, str]:
    found = _WEEKDAY.search(text)
    if not found:
        return None, text
    number = (
        WEEKDAYS[found["weekday"].lower()] if found["weekday"] else "月火水木金土日".index(found["short"])
    )
    return number, f"{text[: found.start()]} {text[found.end() :]}"


def _day(text: str) -> tuple[tuple[date, ...], bool, bool, str] | None:
    """The days `text` may name, whether in figures alone and with the month first, and the rest of it."""
    for pattern in (*_NAMED, _EAST, _YEAR_FIRST):
        found = pattern.search(text)
        if found:
            parts = found.groupdict()
            month = MONTHS[parts["name"].lower()] if parts.get("name") else int(parts["month"])
            day = _date(int(found["year"]), month, int(found["day"]))
            return ((day,), False, False, _without(text, found)) if day else None
    found = _NUMERIC.search(text)
    if found:
        one, two, year = int(found["one"]), int(found["two"]), int(found["year"])
        orders = [(two, one)] if found["mark"] == "." else [(two, one), (one, two)]
        days = dict.fromkeys(_date(year, month, day) for month, day in orders)
        known = tuple(day for day in days if day)
        month_first = len(known) == 1 and known[0].day == two != one
        return (known, True, month_first, _without(text, found)) if known else None
    short = _SHORT_YEAR.search(text)
    return ((), True, False, _without(text, short)) if short else None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _clock(text: str) -> tuple[tzinfo | None, str | None, time | None, str]:
    for pattern in _CLOCKS:
        found = pattern.search(text)
        if not found:
            continue
        at = _time(found)
        if at is None:
            return None, None, None, text
        before, after = text[: found.start()], text[found.end() :]
        zone, unknown, after = _zone(after)
        return zone, unknown, at, f"{before} {after}"
    return None, None, None, text


def _time(found: re.Match[str]) -> time | None:
    parts = found.groupdict()
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
    named = _ZONE.search(text)
    if named:
        return ZONES[named["zone"].lower()], None, _without(text, named)
    unknown = _UNKNOWN_ZONE.search(text)
    return (None, unknown.group(), _without(text, unknown)) if unknown else (None, None, text)


def _without(text: str, found: re.Match[str]) -> str:
    return f"{text[: found.start()]} {text[found.end() :]}"
