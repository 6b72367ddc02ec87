"""The headline of a page, and what belongs to it: label above, standfirst below, repeats of it."""

import re

import msgspec

from service.content.scraping.byline_words import BY, LABEL, SECTION
from service.content.scraping.credits.signature_lines import AGENCY
from service.content.scraping.lines.line_buffer import (
    Line,
    LineBuffer,
    count_words,
    display_width,
    ends_sentence,
    is_prose,
)
from service.content.scraping.page_metadata import PageMetadata
from service.model import slugify

_LONGEST_TITLE = 200
_LONGEST_STANDFIRST = 400
_LEAST_STANDFIRST = 5
_MOST_LEFT = 2
_MOST_LABEL = 2
_LEAST_HEADLINE = 4
# A headline with the way to it before: `Opinion World The bridge that never opened`.
_LEAST_WHOLE = 5
_LONGEST_TRAIL = 40
_LEAST_WHOLE = 5
LABEL_ALONE = re.compile(
    rf"(?:{LABEL}|{SECTION})(?:\s+{LABEL})*(?:\s*[|/:>›»•·-]\s*[\w &]{{1,30}})*:?", re.IGNORECASE
)
_LABELLED = re.compile(rf"^(?:{LABEL}|{SECTION})\s*\|\s*", re.IGNORECASE)
_PARTED = re.compile(r"\S\s*[|/›»>]\s*\S")
_SITE_NEWS = re.compile(
    r"[\w. ]{2,20} (?:news|nieuws|nachrichten|noticias|notícias|actualités|notizie|новости|haberleri)|"
    r"(?:news|latest|live) updates?|أخبار(?: ال\w+){0,2}",
    re.IGNORECASE,
)
_SECTION = re.compile(rf"(?:{SECTION}|editor\S* \w+|subscribers? only|[\s|/:>·•-])+", re.IGNORECASE)


class Head(msgspec.Struct, frozen=True):
    """The lines above the text that no rule explained, in order.

    `signed` are the places of byline and date; `begun` is whether running text follows; `guided` whether
    the page's way about the site stood above.
    """

    left: tuple[Line, ...]
    signed: frozenset[int]
    begun: bool
    guided: bool = False


def read_headline(buffer: LineBuffer, metadata: PageMetadata, head: Head) -> None:
    """Move headline, label and standfirst into `found`; what else was left stays in the text."""
    left = list(head.left)
    while len(left) > 1 and len(left[0].text) == 1:
        buffer.cut(left[:1], "navigation", "is a button")
        left = left[1:]
    kickers: list[Line] = []
    while kicker := _kicker(left, head):
        kickers.append(kicker)
        left = left[1:]
    kicker = kickers[-1] if kickers else None
    if not left or not _is_title(left[0], buffer, head):
        return
    title, *rest = left
    metadata.add("title", title, _LABELLED.sub("", title.text) or title.text)
    buffer.move(title, "title", "is the headline: now the title")
    standfirst = _standfirst(title, rest, head)
    if standfirst:
        metadata.add("subtitle", standfirst, standfirst.text)
        buffer.move(standfirst, "subtitle", "is the standfirst: now the subtitle")
    if kicker and not standfirst and not _says_nothing(kicker.text):
        metadata.add("subtitle", kicker, kicker.text)
    for label in kickers:
        buffer.move(label, "kicker", "is the label above the headline")


def drop_repeats(buffer: LineBuffer, left: list[Line]) -> list[Line]:
    """The lines of `left` without those that say one of them again, with or without the name of the site."""
    kept: list[Line] = []
    for line in left:
        again = next((one for one in kept if _same(one.text, line.text)), None)
        if again:
            buffer.cut([line], "title", f"repeats line {again.number}", exact=True)
        else:
            kept.append(line)
    for line in list(kept):
        short = next((one for one in kept if one is not line and _with_site(line.text, one.text)), None)
        if short:
            why = f"repeats line {short.number} with the name of the site"
            buffer.cut([line], "title", why, exact=True)
            kept.remove(line)
    return kept


def _is_title(line: Line, buffer: LineBuffer, head: Head) -> bool:
    alone = len(buffer) == 1 and not head.signed
    stopped = line.text.endswith((".", "。")) and not line.text.endswith("..")
    fits = display_width(line.text) <= _LONGEST_TITLE and not alone and (not stopped or bool(head.signed))
    return line.heading == 1 or (fits and not _goes_on(line, buffer))


def _goes_on(line: Line, buffer: LineBuffer) -> bool:
    """Whether the line below carries the sentence on, as where a page was wrapped by hand."""
    below = next((one for one in buffer.lines if one.position == line.position + 1), None)
    return (
        below is not None
        and not below.starts_block
        and below.text[:1].islower()
        and not ends_sentence(line.text)
    )


def _standfirst(title: Line, rest: list[Line], head: Head) -> Line | None:
    """The line between headline and text that is long enough to be no subheading."""
    if not head.begun or not 0 < len(rest) <= _MOST_LEFT:
        return None
    first = rest[0]
    long = count_words(first.text) >= _LEAST_STANDFIRST and display_width(first.text) <= _LONGEST_STANDFIRST
    framed = any(place > title.position for place in head.signed)
    stands = framed or first.starts_block or ends_sentence(first.text) or len(rest) == 1
    goes_on = first.text.endswith((",", ":", ";", "：", "，"))
    told = long and stands and not goes_on
    return first if told and not first.heading and not BY.match(first.text) else None


def _kicker(left: list[Line], head: Head) -> Line | None:
    if len(left) < 2 or left[0].heading == 1 or is_prose(left[1].text):
        return None
    first, second = left[0].text, left[1].text
    capitals = first.isupper() and not second.isupper() and count_words(first) <= 4
    capitals = capitals or (bool(_SITE_NEWS.fullmatch(first)) and count_words(second) >= _LEAST_HEADLINE)
    capitals = capitals or bool(AGENCY.fullmatch(first))
    return left[0] if capitals or LABEL_ALONE.fullmatch(first) or _labels(left, head) else None


def _says_nothing(label: str) -> bool:
    """Whether a label names a section or an agency: that is no subtitle."""
    return bool(
        _SECTION.fullmatch(label)
        or _SITE_NEWS.fullmatch(label)
        or _PARTED.search(label)
        or AGENCY.fullmatch(label)
    )


def _labels(left: list[Line], head: Head) -> bool:
    """Whether a word or two stand above a headline, where sections do: below the way about the site."""
    first, second = left[0].text, left[1].text
    placed = head.guided or (head.begun and len(left) == _MOST_LEFT + 1)
    if not placed or ends_sentence(first) or ends_sentence(second) or any(map(str.isdigit, first)):
        return False
    longer = count_words(second) >= _LEAST_HEADLINE and display_width(second) >= 2 * display_width(first)
    return longer and count_words(first) <= _MOST_LABEL


def _same(one: str, other: str) -> bool:
    return (slugify(one) or one) == (slugify(other) or other)


def _with_site(text: str, title: str) -> bool:
    """`Vote delayed | The Daily`, and `The Daily - Vote delayed`."""
    rest, before = text.removeprefix(title), text.removesuffix(title)
    after = rest != text and bool(re.match(r"\s*[|–—:·»-]\s*\S", rest)) and len(rest) <= 60
    whole = before != text and count_words(title) >= _LEAST_WHOLE and len(before) <= _LONGEST_TRAIL
    return (
        after
        or whole
        or (before != text and bool(re.search(r"\S(?:\s+[|–—·»-]|\|)\s*$", before)) and len(before) <= 60)
    )
