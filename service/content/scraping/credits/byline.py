"""Bylines: the names of those who wrote, and nothing that merely resembles one."""

import re
import unicodedata

import msgspec

from service.content.dates.date_lines import read_date_line
from service.content.scraping.byline_words import (
    AND,
    BY,
    BY_AFTER,
    BY_ALONE,
    BY_UNCASED,
    GLUED_LABEL,
    INSTITUTIONS,
    PARTICLES,
    ROLE,
)

LONGEST = 240
SEGMENT = re.compile(r"\s+[|•·∙●–—/]\s+|\s*[|•·∙●]\s*|\t|\s+-\s+|\s{2,}|\s*[（(](?=[^()（）]*[)）]$)")
_PICTURES = re.compile(
    r"\s*[.;,|]?\s+(?:with )?(?:photos?|photographs?|photography|pictures?|illustrations?|fotos?|bilder|"
    r"video)\s?"
    r"(?:by|:|von|par|por|di)\s.*$",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"\s+\(?@\w{2,30}\)?(?=\s|$)")
_DUTY = re.compile(
    r"\s+(?:for )?(?:the )?(?:associated press|press association)(?: \w+)?$|\s+(?:(?:chief|senior|staff|"
    r"political|"
    r"business|sports?|local democracy|deputy|crime|health|education|science|environment|foreign|national|"
    r"city|"
    r"features?|court|associate|contributing|special|news) ){0,3}(?:reporter|writer|editor|correspondent|"
    r"columnist|staff)$",
    re.IGNORECASE,
)
_WHERE = re.compile(
    r",?\s+(?:reporting from|reporting in|reports from|in|from|à|aus|en|desde)\s+[A-Z][\w., -]{1,40}$"
)
# What blogs print behind the date, and a newspaper's own name behind the reporter's.
_FILED = re.compile(
    r"(?<=\d)\s+(?:categor(?:y|ies)|filed under|tags?|tagged|posted in)\b.*$|(?<=\d{4})\s+\d{1,4}$",
    re.IGNORECASE,
)
_FOR = re.compile(
    r"\s+[Ff]or (?:[Tt]he )?(?:[A-Z][\w.]*\s?){1,4}$|\s+at \d{1,2}[:.]\d{2}(?: ?[AaPp]\.?[Mm]\.?)?$"
)
_AFFILIATION = re.compile(
    r"(?:in|at|à|en|aus|from|special|for|of|our|reporting|with|para|pour|für|enviad[ao]|envoyée?|the)\b",
    re.IGNORECASE,
)
_GAP = re.compile(r"\s*[,(]?\s+(?:(?:on|am|le|el|il|em|at|um|à|den)\s+)?|\s*[,(]\s*")
# `\w` knows no vowel signs of the scripts of India and of vowelled Arabic.
_LETTER = r"(?:[^\W\d_]|[\u064b-\u0652\u0900-\u0903\u093a-\u0963\u0971-\u0dff](?<!\d))"
_WORD = re.compile(rf"{_LETTER}+(?:[-'’.·・]{_LETTER}+)*\.?|{_LETTER}\.(?:\s?{_LETTER}\.)*")
_STUDIO = re.compile(r"[A-Z]{3,}-|[A-Z]{3,}$")
_CONTACT = re.compile(r"\s*<?[\w.+-]+@[\w-]+\.[\w.]+>?|\s*\(?@\w+\)?|https?://\S+")
_SENTENCE = re.compile(r",.*\s[^\W\d_]{4,}[.!?]$")
# A place or a section begins so more often than a person does.
PLACES_WORDS = """
    new san los las saint st. north south east west northern united middle world the el la top port
"""
PLACES = frozenset(PLACES_WORDS.split())
_MOST_WORDS = 6
_LONGEST_NAME = 60
_BODIES = re.compile(
    r"(?:the |our |l['’]|die )?(?:[\w.&'’-]+ ){0,4}"
    r"(?:press|agency|agencies|news|reuters|afp|ap|upi|dpa|efe|ansa|times|post|staff|reporters?|desk|team|"
    r"wire|board|"
    r"bureau|service|newsroom|redaktion|rédaction|redacción|redazione|redação|correspondents?)",
    re.IGNORECASE,
)


class Byline(msgspec.Struct, frozen=True):
    """The names a byline gives, in its order, and the parts of the line that are not about who wrote."""

    names: tuple[str, ...]
    rest: tuple[str, ...] = ()


def read_byline(text: str) -> Byline | None:
    """The byline that `text` is as a whole; None where it is something else.

    A part after `|`, `•` or a dash may say when, or for whom: it is in `rest`, never among the names.
    """
    if len(text) > LONGEST or _SENTENCE.search(text):
        return None
    text = GLUED_LABEL.sub("", text, count=1) if GLUED_LABEL.match(text) else text.lstrip("-–—•· ")
    text = _FILED.sub("", _FOR.sub("", text))
    text = _HANDLE.sub(" | ", _PICTURES.sub("", text)).strip(" |")
    opening = BY.match(text) or BY_UNCASED.match(text)
    if not opening:
        return _after_name(text)
    first, *rest = [part.strip(" ,;:") for part in SEGMENT.split(text[opening.end() :]) if part.strip()] or [
        ""
    ]
    first, dated = split_date(first)
    names = read_names(first)
    if not names:
        return None
    said = [dated] if dated else []
    return Byline(names, tuple(part.strip(" )）") for part in [*said, *rest] if part.strip()))


def is_bare_by(text: str) -> bool:
    """Whether `text` is only the word before a name, which then stands on the next line."""
    return bool(BY_ALONE.fullmatch(text))


def is_author_role(text: str) -> bool:
    """Whether `text` says what the person above it is, for whom they write or how to reach them."""
    if len(text) > LONGEST // 3:
        return False
    return bool(ROLE.fullmatch(text) or _BODIES.fullmatch(text) or _CONTACT.fullmatch(text))


def read_names(text: str) -> tuple[str, ...]:
    """The people in a list of names; () where any part of it can be neither a name nor an affiliation."""
    if len(text) > 2 * LONGEST:
        return ()
    text = (
        _CONTACT.sub("", text).strip(" ,;.") if not _is_initial(text) else _CONTACT.sub("", text).strip(" ,;")
    )
    if not text or len(text) > LONGEST:
        return ()
    pieces = [_without_duty(_WHERE.sub("", piece.strip())) for piece in AND.split(text)]
    body, _, where = pieces[0].partition(",")
    if len(pieces) == 1 and is_institution(body) and (not where or _is_place(where)):
        return (body,) if _BODIES.fullmatch(body) and is_name_shaped(body) else ()
    names: list[str] = []
    for place, piece in enumerate(pieces):
        first, *more = [part.strip() for part in piece.split(",") if part.strip()] or [""]
        if not is_name(first):
            if names and (is_institution(first) or (place == len(pieces) - 1 and is_author_role(first))):
                continue
            return ()
        names.append(first)
        for part in more:
            if _is_second(part) and (len(pieces) > 1 or len(part.split()) > 1):
                names.append(part)
            elif not (
                is_institution(part) or _AFFILIATION.match(part) or _is_capital_word(part) or is_name(part)
            ):
                return ()
    return tuple(dict.fromkeys(_in_case(name) for name in names))


def is_name(text: str) -> bool:
    """Whether `text` can be the name of a person: a few capitalised words, particles among them."""
    text = re.sub(r"^(?:Dr|Prof|Mr|Mrs|Ms|Sir|Rev|Gen|Col|Herr|Frau)\.?\s+", "", text)
    if is_institution(text):
        return False
    return is_name_shaped(text)


def _is_second(text: str) -> bool:
    """Whether what stands behind a comma can be a further name, not where or for whom the first works."""
    return (
        is_name(text)
        and text.split()[0].lower() not in PLACES
        and not (any(map(str.islower, text)) and any(_STUDIO.match(word) for word in text.split()))
    )


def is_name_shaped(text: str) -> bool:
    """Whether the words of `text` are shaped as those of a proper name."""
    found = text.split()
    if not 0 < len(found) <= _MOST_WORDS or len(text) > _LONGEST_NAME:
        return False
    if not all(_WORD.fullmatch(word) or word.lower() in PARTICLES for word in found):
        return False
    if _is_uncased(text):
        return len(text) <= 30
    capital = [word for word in found if word[:1].isupper() or _is_uncased(word)]
    lower = [word for word in found if word not in capital]
    return bool(capital) and all(
        word.lower() in PARTICLES or re.match(r"(?:al|el|d|l|ash|as|ar|an)[-'’]", word) for word in lower
    )


def _without_duty(text: str) -> str:
    """`Jane Doe` of `Jane Doe Chief Reporter`, and of `Jane Doe Associated Press`."""
    name = _DUTY.sub("", text)
    person = len(name.split()) >= 2 and is_name(name) and not _BODIES.fullmatch(name)
    return name if person and name.split()[0].lower() not in PLACES else text


def _is_place(text: str) -> bool:
    first = text.split()[0].lower() if text.strip() else ""
    return is_name_shaped(text) and (len(text.split()) == 1 or first in PLACES)


def split_date(text: str) -> tuple[str, str]:
    """The names and the date of `Jane Doe, 3 March 2019` or `Jane Doe on March 3, 2019 at 9am`."""
    if not any(c.isdigit() for c in text):
        return text, ""
    for gap in _GAP.finditer(text):
        if read_date_line(text[gap.end() :]):
            return text[: gap.start()], text[gap.end() :]
    return text, ""


def _after_name(text: str) -> Byline | None:
    """`山田太郎 記者`, `홍길동 기자`: the word follows the name."""
    found = BY_AFTER.match(text)
    if not found or len(text) > found.end() + 40:
        return None
    return Byline((found["name"].strip(),), tuple(filter(None, [text[found.end() :].strip(" |/")])))


def is_institution(text: str) -> bool:
    found = [word.strip(".,").casefold() for word in text.split()]
    acronym = len(found) == 1 and text.isupper() and 2 <= len(text) <= 6 and text.isascii()
    return acronym or any(word in INSTITUTIONS for word in found)


def _is_capital_word(text: str) -> bool:
    return len(text.split()) == 1 and text[:1].isupper()


def _is_initial(text: str) -> bool:
    return bool(re.search(r"\b[A-Z]\.$|\b[JS]r\.$", text))


def _is_uncased(text: str) -> bool:
    return all(unicodedata.category(c) in {"Lo", "Lm", "Mn", "Mc"} for c in text if c.isalpha()) and any(
        c.isalpha() for c in text
    )


def _in_case(name: str) -> str:
    """A name printed in capitals as it is written: `JANE O'NEIL` → `Jane O'Neil`; initials stay."""
    if not name.isupper() or len(name.split()) < 2:
        return name
    words = name.split()
    return " ".join(word.title() if len(word) > 2 and word[1] != "." else word for word in words)
