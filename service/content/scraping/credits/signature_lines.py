"""Lines that hold a name and what goes with it, without a word that says so: a date, an age, a role."""

import re

import msgspec

from service.content.dates.date_lines import read_date_line
from service.content.dates.printed_dates import Printed
from service.content.dates.vocabulary import PUBLISHED, UPDATED
from service.content.scraping.byline_words import BY, ROLE
from service.content.scraping.comment_words import AGO
from service.content.scraping.credits.byline import (
    LONGEST,
    PLACES,
    SEGMENT,
    is_institution,
    is_name,
    read_names,
    split_date,
)
from service.content.scraping.lines.line_buffer import Line

AGENCY = re.compile(
    r"(?:the )?associated press|ap|reuters|afp|agence france-presse|dpa|efe|ansa|upi|xinhua|aap|pti|ani|"
    r"ians|tass|"
    r"press association|press trust of india|staff reports?|wire reports?",
    re.IGNORECASE,
)
_POSTED = re.compile(
    rf"(?P<dated>.*\d.*?)[\s,|•·–—-]+(?:{BY.pattern})(?P<names>\S.*)", re.IGNORECASE | re.VERBOSE
)
_LABELLED = re.compile(
    rf"(?P<name>.{{2,60}}?)[\s|,•·–—-]+(?P<dated>(?:{UPDATED.pattern}|{PUBLISHED.pattern}).*\d.*)",
    re.IGNORECASE,
)
_PARTED = re.compile(r"\s*[/|]\s*|,\s+|\s+[-–—]\s+|\s*[(（](?=[^()]*[)）]$)")
_MOST_NAMES = 4
# What stands behind a name of two words begins a role, where else it is a third word of the name.
_ROLES_WORDS = """
    chief senior staff political politics business sport sports local deputy crime health education science
    environment foreign national city features court associate contributing special news diplomatic defence
    defense security economics economic transport technology tech arts culture religion social
"""
_ROLES = frozenset(_ROLES_WORDS.split()) | PLACES
_NO_PERSON_WORDS = """
    video player audio watch listen read more photo photos image images gallery print share comments comment
    close menu search hong tel buenos rio cape kuala addis mexico baton costa salt
"""
_NO_PERSON = frozenset(_NO_PERSON_WORDS.split())
_GLUED = re.compile(r"[a-z]{2}[A-Z]")
_GLUED_WELL = ("Mac", "Fitz", "Van", "Den", "Del")


class Signature(msgspec.Struct, frozen=True):
    """The names and dates of one line."""

    names: tuple[str, ...]
    printed: tuple[Printed, ...]


def read_signed_date(text: str) -> Signature | None:
    """A date and a name on one line: `Jane Doe | 3 March 2019`, `Posted on 3 March 2019 by Jane Doe`.

    An agency signs so where the date says what it is of: `Reuters Updated: 3 March 2019`.
    """
    if len(text) > LONGEST:
        return None
    posted = _POSTED.fullmatch(text)
    if posted and (printed := read_date_line(posted["dated"])) and (names := read_names(posted["names"])):
        return Signature(names, printed)
    labelled = _LABELLED.fullmatch(text)
    if labelled and (printed := read_date_line(labelled["dated"])):
        name = labelled["name"].strip(" ,;|")
        names = (name,) if AGENCY.fullmatch(name) else read_names(name) if is_person(name) else ()
        return Signature(names, printed) if names else None
    first, *rest = [part.strip(" ,;") for part in SEGMENT.split(text) if part.strip(" ,;")] or [""]
    name, dated = (first, " | ".join(rest)) if rest else split_date(first)
    if rest and AGO.fullmatch(dated):
        names = read_names(name) if len(name.split()) >= 2 else ()
        return Signature(names, ()) if names and _signs(name) else None
    printed = read_date_line(dated) if dated else ()
    names = read_names(name) if printed and len(name.split()) >= 2 else ()
    return Signature(names, printed) if names and _signs(name) else None


def read_signed_role(text: str) -> str | None:
    """The name in `Jane Doe, Staff Writer`, `Jane Doe / News Director`, `Jane Doe Middle East editor`."""
    if len(text) > LONGEST // 2:
        return None
    name, *rest = [part.strip(" )）") for part in _PARTED.split(text, maxsplit=1)]
    if rest:
        return name if is_person(name) and ROLE.fullmatch(rest[0]) else None
    found = text.split()
    count = 2 if len(found) > 2 and found[2].lower() in _ROLES else 3
    name, role = " ".join(found[:count]), " ".join(found[count:])
    return name if ROLE.fullmatch(role) and is_person(name) else None


def read_bare_names(line: Line, signed: set[int], near: list[Line]) -> tuple[str, ...]:
    """The author whom a line below the headline names, without a word that says so; () where there is none.

    It has a role, or stands beside one of the lines `signed` that tell when. An agency signs above the date:
    below it, it is that of a picture. Whom the lines `near` tell of is not the author either.
    """
    with_role = read_signed_role(line.text)
    if with_role:
        return (with_role,)
    if AGENCY.fullmatch(line.text):
        return (line.text,) if line.position + 1 in signed else ()
    beside = {line.position - 1, line.position + 1} & signed
    told_of = any(line.text in one.text for one in near if one.position != line.position)
    return read_names(line.text) if beside and is_person(line.text) and not told_of else ()


def is_person(name: str) -> bool:
    """Whether a line that holds nothing else can be the name of a person."""
    return 2 <= len(name.split()) <= _MOST_NAMES and is_name(name) and _signs(name)


def _signs(name: str) -> bool:
    """Whether a bare name may be that of a person: a place or a body is none."""
    found = name.split()
    glued = any(_GLUED.search(word) and not word.startswith(_GLUED_WELL) for word in found)
    known = {word.lower() for word in found} & _NO_PERSON or found[0].lower() in PLACES or name == "Abu Dhabi"
    return not (glued or known or is_institution(name))
