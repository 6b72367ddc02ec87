"""Reads lines with a name and a date, an age or a role, without a word such as `By`."""

import re
from functools import cache

import msgspec

from service.content.dates.date_lines import read_date_line
from service.content.dates.printed_dates import Printed
from service.content.dates.vocabulary import PUBLISHED, UPDATED
from service.content.scraping.credits.byline import (
    LONGEST,
    SEPARATOR,
    begins_like_place,
    is_institution,
    is_name,
    is_role,
    read_names,
    split_date,
)
from service.content.scraping.lines.line_buffer import Line
from service.content.scraping.vocabulary import alternatives, phrase_pattern, word_set

_LABELLED_DATE = re.compile(
    rf"(?P<name>.{{2,60}}?)[\s|,•·–—-]+(?P<date>(?:{UPDATED.pattern}|{PUBLISHED.pattern}).*\d.*)",
    re.IGNORECASE,
)
_BEFORE_ROLE = re.compile(r"\s*[/|]\s*|,\s+|\s+[-–—]\s+|\s*[(（](?=[^()]*[)）]$)")
_MOST_NAMES = 4
_GLUED = re.compile(r"[a-z]{2}[A-Z]")
_PREFIXES = ("Mac", "Fitz", "Van", "Den", "Del")


class Signature(msgspec.Struct, frozen=True):
    """The names and dates of one line."""

    names: tuple[str, ...]
    dates: tuple[Printed, ...]


def read_signed_date(text: str) -> Signature | None:
    """Read a date and a name on one line: `Jane Doe | 3 March 2019`, `Posted on 3 March 2019 by Jane Doe`.

    The name may be that of an agency if the date has a label: `Reuters Updated: 3 March 2019`.
    """
    if len(text) > LONGEST:
        return None
    posted = _date_before_by().fullmatch(text)
    if posted and (dates := read_date_line(posted["date"])) and (names := read_names(posted["names"])):
        return Signature(names, dates)
    labelled = _LABELLED_DATE.fullmatch(text)
    if labelled and (dates := read_date_line(labelled["date"])):
        name = labelled["name"].strip(" ,;|")
        names = (name,) if is_agency(name) else read_names(name) if is_person(name) else ()
        return Signature(names, dates) if names else None
    first, *rest = [part.strip(" ,;") for part in SEPARATOR.split(text) if part.strip(" ,;")] or [""]
    name, date = (first, " | ".join(rest)) if rest else split_date(first)
    if len(name.split()) < 2:
        return None
    has_age = bool(rest) and bool(phrase_pattern("comment_ages").fullmatch(date))
    dates = read_date_line(date) if date and not has_age else ()
    names = read_names(name) if dates or has_age else ()
    return Signature(names, dates) if names and _is_plausible_name(name) else None


def read_signed_role(text: str) -> str | None:
    """The name in `Jane Doe, Staff Writer`, or in `Jane Doe Middle East editor`."""
    if len(text) > LONGEST // 2:
        return None
    name, *rest = [part.strip(" )）") for part in _BEFORE_ROLE.split(text, maxsplit=1)]
    if rest:
        return name if is_person(name) and is_role(rest[0]) else None
    words = text.split()
    # A third word is part of the name unless it begins a role.
    count = 2 if len(words) > 2 and _begins_role(words[2]) else 3
    name, role = " ".join(words[:count]), " ".join(words[count:])
    return name if is_role(role) and is_person(name) else None


def read_bare_names(line: Line, signed: set[int], near: list[Line]) -> tuple[str, ...]:
    """The author whom a line below the headline names without a word such as `By`; () if none.

    The name has a role, or is next to one of the lines at the positions `signed`, which hold the date. An
    agency signs above the date; below the date it is the credit of a picture. Somebody whom the lines `near`
    write about is not the author.
    """
    with_role = read_signed_role(line.text)
    if with_role:
        return (with_role,)
    if is_agency(line.text):
        return (line.text,) if line.position + 1 in signed else ()
    is_next_to_date = bool({line.position - 1, line.position + 1} & signed)
    is_subject = any(line.text in other.text for other in near if other.position != line.position)
    return read_names(line.text) if is_next_to_date and is_person(line.text) and not is_subject else ()


def is_agency(text: str) -> bool:
    """Whether `text` is the name of a news agency."""
    return bool(phrase_pattern("agencies").fullmatch(text))


def is_person(name: str) -> bool:
    """Whether a line that holds nothing else can be the name of a person."""
    return 2 <= len(name.split()) <= _MOST_NAMES and is_name(name) and _is_plausible_name(name)


@cache
def _date_before_by() -> re.Pattern[str]:
    return re.compile(
        rf"(?P<date>.*\d.*?)[\s,|•·–—-]+(?:{alternatives('by')}\s+)(?P<names>\S.*)", re.IGNORECASE
    )


def _begins_role(word: str) -> bool:
    return word.lower() in word_set("role_openings") or begins_like_place(word)


def _is_plausible_name(name: str) -> bool:
    """Whether a bare name may be that of a person, not of a place or an organisation."""
    words = name.split()
    glued = any(_GLUED.search(word) and not word.startswith(_PREFIXES) for word in words)
    excluded = not word_set("not_in_names").isdisjoint(word.lower() for word in words)
    return not (glued or excluded or begins_like_place(name) or name == "Abu Dhabi" or is_institution(name))
