"""Reads bylines: the names of the authors, and no other names."""

import re
import unicodedata
from functools import cache

import msgspec

from service.content.dates.date_lines import read_date_line
from service.content.scraping.vocabulary import alternatives, word_set

LONGEST = 240
SEPARATOR = re.compile(r"\s+[|•·∙●–—/]\s+|\s*[|•·∙●]\s*|\t|\s+-\s+|\s{2,}|\s*[（(](?=[^()（）]*[)）]$)")
_MOST_WORDS = 6
_LONGEST_NAME = 60
_LONGEST_UNCASED_NAME = 30
_LONGEST_AFTER_NAME = 40

_PICTURE_CREDIT = re.compile(
    r"\s*[.;,|]?\s+(?:with )?(?:photos?|photographs?|photography|pictures?|illustrations?|fotos?|bilder|"
    r"video)\s?(?:by|:|von|par|por|di)\s.*$",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"\s+\(?@\w{2,30}\)?(?=\s|$)")
_ROLE_AFTER_NAME = re.compile(
    r"\s+(?:for )?(?:the )?(?:associated press|press association)(?: \w+)?$|\s+(?:(?:chief|senior|staff|"
    r"political|business|sports?|local democracy|deputy|crime|health|education|science|environment|foreign|"
    r"national|city|features?|court|associate|contributing|special|news) ){0,3}(?:reporter|writer|editor|"
    r"correspondent|columnist|staff)$",
    re.IGNORECASE,
)
_PLACE_AFTER_NAME = re.compile(
    r",?\s+(?:reporting from|reporting in|reports from|in|from|à|aus|en|desde)\s+[A-Z][\w., -]{1,40}$"
)
# Blogs print categories and numbers of comments after the date.
_AFTER_DATE = re.compile(
    r"(?<=\d)\s+(?:categor(?:y|ies)|filed under|tags?|tagged|posted in)\b.*$|(?<=\d{4})\s+\d{1,4}$",
    re.IGNORECASE,
)
_PUBLICATION_OR_TIME = re.compile(
    r"\s+[Ff]or (?:[Tt]he )?(?:[A-Z][\w.]*\s?){1,4}$|\s+at \d{1,2}[:.]\d{2}(?: ?[AaPp]\.?[Mm]\.?)?$"
)
_AFFILIATION = re.compile(
    r"(?:in|at|à|en|aus|from|special|for|of|our|reporting|with|para|pour|für|enviad[ao]|envoyée?|the)\b",
    re.IGNORECASE,
)
_BEFORE_DATE = re.compile(r"\s*[,(]?\s+(?:(?:on|am|le|el|il|em|at|um|à|den)\s+)?|\s*[,(]\s*")
# `\w` does not match the vowel signs of Indic scripts and of vowelled Arabic.
_LETTER = r"(?:[^\W\d_]|[\u064b-\u0652\u0900-\u0903\u093a-\u0963\u0971-\u0dff](?<!\d))"
_WORD = re.compile(rf"{_LETTER}+(?:[-'’.·・]{_LETTER}+)*\.?|{_LETTER}\.(?:\s?{_LETTER}\.)*")
_PREFIXED_WORD = re.compile(r"(?:al|el|d|l|ash|as|ar|an)[-'’]")
_STUDIO = re.compile(r"[A-Z]{3,}-|[A-Z]{3,}$")
_CONTACT = re.compile(r"\s*<?[\w.+-]+@[\w-]+\.[\w.]+>?|\s*\(?@\w+\)?|https?://\S+")
_SENTENCE = re.compile(r",.*\s[^\W\d_]{4,}[.!?]$")
_HONORIFIC = re.compile(r"^(?:Dr|Prof|Mr|Mrs|Ms|Sir|Rev|Gen|Col|Herr|Frau)\.?\s+")
_ENDS_IN_INITIAL = re.compile(r"\b[A-Z]\.$|\b[JS]r\.$")
_NAME_BEFORE_ROLE = re.compile(r"(?P<name>[\u3000-\u9fff々ー]{2,8}|[가-힣]{2,4})\s?(?:記者|记者|기자|특파원)")
_ORGANISATION = re.compile(
    r"(?:the |our |l['’]|die )?(?:[\w.&'’-]+ ){0,4}"
    r"(?:press|agency|agencies|news|reuters|afp|ap|upi|dpa|efe|ansa|times|post|staff|reporters?|desk|team|"
    r"wire|board|"
    r"bureau|service|newsroom|redaktion|rédaction|redacción|redazione|redação|correspondents?)",
    re.IGNORECASE,
)


class Byline(msgspec.Struct, frozen=True):
    """The names of a byline in order, and the parts of the line that are not names."""

    names: tuple[str, ...]
    rest: tuple[str, ...] = ()


def read_byline(text: str) -> Byline | None:
    """The byline that `text` is as a whole; None if it is something else.

    A part after `|`, `•` or a dash may be a date or a publication: it is in `rest`, never in `names`.
    """
    if len(text) > LONGEST or _SENTENCE.search(text):
        return None
    unlabelled = _label_before_by().sub("", text, count=1)
    text = unlabelled if unlabelled != text else text.lstrip("-–—•· ")
    text = _AFTER_DATE.sub("", _PUBLICATION_OR_TIME.sub("", text))
    text = _HANDLE.sub(" | ", _PICTURE_CREDIT.sub("", text)).strip(" |")
    opening = match_by(text) or _by_uncased().match(text)
    if not opening:
        return _read_name_before_role(text)
    first, *rest = [
        part.strip(" ,;:") for part in SEPARATOR.split(text[opening.end() :]) if part.strip()
    ] or [""]
    first, dated = split_date(first)
    names = read_names(first)
    if not names:
        return None
    return Byline(names, tuple(part.strip(" )）") for part in (dated, *rest) if part.strip()))


def match_by(text: str) -> re.Match[str] | None:
    """Match the word before a name, at the beginning of `text`: `By `, `Von `."""
    return _by().match(text)


def is_bare_by(text: str) -> bool:
    """Whether `text` is only the word before a name, which then stands on the next line."""
    return bool(_bare_by().fullmatch(text))


def is_role(text: str) -> bool:
    """Whether `text` is the role of an author: `Staff Writer`, `senior political reporter`."""
    return bool(_role().fullmatch(text))


def is_author_role(text: str) -> bool:
    """Whether `text` is the role, the publication or the contact of the author named above it."""
    if len(text) > LONGEST // 3:
        return False
    return bool(is_role(text) or _ORGANISATION.fullmatch(text) or _CONTACT.fullmatch(text))


def read_names(text: str) -> tuple[str, ...]:
    """The names in a list; () if any part of it is neither a name nor an affiliation."""
    if len(text) > 2 * LONGEST:
        return ()
    text = _CONTACT.sub("", text).strip(" ,;" if _ENDS_IN_INITIAL.search(text) else " ,;.")
    if not text or len(text) > LONGEST:
        return ()
    pieces = [_strip_role(_PLACE_AFTER_NAME.sub("", piece.strip())) for piece in _joiner().split(text)]
    organisation, _, place = pieces[0].partition(",")
    if len(pieces) == 1 and is_institution(organisation) and (not place or _is_place(place)):
        fits = _ORGANISATION.fullmatch(organisation) and is_name_shaped(organisation)
        return (organisation,) if fits else ()
    names: list[str] = []
    for index, piece in enumerate(pieces):
        first, *more = [part.strip() for part in piece.split(",") if part.strip()] or [""]
        if not is_name(first):
            is_last = index == len(pieces) - 1
            if names and (is_institution(first) or (is_last and is_author_role(first))):
                continue
            return ()
        names.append(first)
        for part in more:
            if _is_further_name(part) and (len(pieces) > 1 or len(part.split()) > 1):
                names.append(part)
            elif not (
                is_institution(part) or _AFFILIATION.match(part) or _is_capital_word(part) or is_name(part)
            ):
                return ()
    return tuple(dict.fromkeys(_restore_case(name) for name in names))


def is_name(text: str) -> bool:
    """Whether `text` can be the name of a person: a few capitalised words, with particles."""
    text = _HONORIFIC.sub("", text)
    return not is_institution(text) and is_name_shaped(text)


def is_name_shaped(text: str) -> bool:
    """Whether the words of `text` have the form of a proper name."""
    words = text.split()
    if not 0 < len(words) <= _MOST_WORDS or len(text) > _LONGEST_NAME:
        return False
    if not all(_WORD.fullmatch(word) or _is_particle(word) for word in words):
        return False
    if _is_uncased(text):
        return len(text) <= _LONGEST_UNCASED_NAME
    lower = [word for word in words if not (word[:1].isupper() or _is_uncased(word))]
    return len(lower) < len(words) and all(_is_particle(word) or _PREFIXED_WORD.match(word) for word in lower)


def is_institution(text: str) -> bool:
    """Whether `text` names a publication, a place of work or a role."""
    words = [word.strip(".,").casefold() for word in text.split()]
    acronym = len(words) == 1 and text.isupper() and 2 <= len(text) <= 6 and text.isascii()
    return acronym or not word_set("institutions").isdisjoint(words)


def begins_like_place(text: str) -> bool:
    """Whether `text` begins as the names of places do: `New`, `San`, `Port`."""
    return text.split()[0].lower() in word_set("place_openings")


def split_date(text: str) -> tuple[str, str]:
    """Split `Jane Doe, 3 March 2019` or `Jane Doe on March 3, 2019 at 9am` into names and date."""
    if not any(c.isdigit() for c in text):
        return text, ""
    for gap in _BEFORE_DATE.finditer(text):
        if read_date_line(text[gap.end() :]):
            return text[: gap.start()], text[gap.end() :]
    return text, ""


@cache
def _by() -> re.Pattern[str]:
    return re.compile(rf"{alternatives('by')}\s+", re.IGNORECASE)


@cache
def _bare_by() -> re.Pattern[str]:
    return re.compile(rf"{alternatives('by')}\s*:?", re.IGNORECASE)


@cache
def _by_uncased() -> re.Pattern[str]:
    return re.compile(rf"{alternatives('by_uncased')}\s*[:：＝=／/・|–-]?\s*")


@cache
def _label_before_by() -> re.Pattern[str]:
    return re.compile(rf"\A{alternatives('labels')}\s*[:|–—-]?\s*(?=By\s+[A-Z])", re.IGNORECASE)


@cache
def _joiner() -> re.Pattern[str]:
    return re.compile(alternatives("name_joiners"))


@cache
def _role() -> re.Pattern[str]:
    return re.compile(
        rf"(?:[\w'’-]+\s+){{0,4}}{alternatives('roles')}(?:\s*,\s*[\w'’ -]{{1,30}})?", re.IGNORECASE
    )


def _is_further_name(text: str) -> bool:
    """Whether the text after a comma can be a further name, not a place or a publication."""
    has_lower = any(map(str.islower, text))
    return (
        is_name(text)
        and not begins_like_place(text)
        and not (has_lower and any(_STUDIO.match(word) for word in text.split()))
    )


def _strip_role(text: str) -> str:
    """`Jane Doe` for `Jane Doe Chief Reporter`, and for `Jane Doe Associated Press`."""
    name = _ROLE_AFTER_NAME.sub("", text)
    is_person = len(name.split()) >= 2 and is_name(name) and not _ORGANISATION.fullmatch(name)
    return name if is_person and not begins_like_place(name) else text


def _is_place(text: str) -> bool:
    return is_name_shaped(text) and (len(text.split()) == 1 or begins_like_place(text))


def _read_name_before_role(text: str) -> Byline | None:
    """Read `山田太郎 記者`, `홍길동 기자`: the role follows the name."""
    match = _NAME_BEFORE_ROLE.match(text)
    if not match or len(text) > match.end() + _LONGEST_AFTER_NAME:
        return None
    rest = text[match.end() :].strip(" |/")
    return Byline((match["name"].strip(),), (rest,) if rest else ())


def _is_particle(word: str) -> bool:
    return word.lower() in word_set("particles")


def _is_capital_word(text: str) -> bool:
    return len(text.split()) == 1 and text[:1].isupper()


def _is_uncased(text: str) -> bool:
    """Whether all letters are of a script without capitals."""
    letters = [c for c in text if c.isalpha()]
    return bool(letters) and all(unicodedata.category(c) in {"Lo", "Lm", "Mn", "Mc"} for c in letters)


def _restore_case(name: str) -> str:
    """A name printed in capitals as it is written: `JANE O'NEIL` → `Jane O'Neil`; initials stay."""
    if not name.isupper() or len(name.split()) < 2:
        return name
    return " ".join(word.title() if len(word) > 2 and word[1] != "." else word for word in name.split())
