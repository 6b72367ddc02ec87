"""Reads the headline of a page, the label above it, the standfirst below it, and drops its repetitions."""

import re
from functools import cache

import msgspec

from service.content.scraping.credits.byline import match_by
from service.content.scraping.credits.signature_lines import is_agency
from service.content.scraping.lines.line_buffer import (
    Line,
    LineBuffer,
    count_words,
    display_width,
    ends_sentence,
    is_prose,
)
from service.content.scraping.page_metadata import PageMetadata
from service.content.scraping.vocabulary import alternatives, phrase_pattern
from service.model import slugify

_LONGEST_TITLE = 200
_LONGEST_STANDFIRST = 400
_LEAST_WORDS_IN_STANDFIRST = 5
_MOST_LINES_BELOW_TITLE = 2
_MOST_WORDS_IN_LABEL = 2
_LEAST_WORDS_IN_HEADLINE = 4
_MOST_WORDS_IN_CAPITALS = 4
# A headline with breadcrumbs before it: `Opinion World The bridge that never opened`.
_LEAST_WORDS_AFTER_TRAIL = 5
_LONGEST_TRAIL = 40
_LONGEST_SITE_NAME = 60
_SEPARATED = re.compile(r"\S\s*[|/›»>]\s*\S")
_SITE_NAME_AFTER = re.compile(r"\s*[|–—:·»-]\s*\S")
_SITE_NAME_BEFORE = re.compile(r"\S(?:\s+[|–—·»-]|\|)\s*$")
_CONTINUES = (",", ":", ";", "：", "，")


class HeaderLines(msgspec.Struct, frozen=True):
    """The lines above the text that no rule recognised, in order.

    `signed` are the positions of byline and date. `has_body` is whether running text follows, and
    `has_navigation` whether the navigation of the site stood above.
    """

    unrecognised: tuple[Line, ...]
    signed: frozenset[int]
    has_body: bool
    has_navigation: bool = False


def read_headline(buffer: LineBuffer, metadata: PageMetadata, header: HeaderLines) -> None:
    """Move headline, label and standfirst into `metadata`; the other unrecognised lines stay in the text."""
    lines = list(header.unrecognised)
    while len(lines) > 1 and len(lines[0].text) == 1:
        buffer.cut(lines[:1], "navigation", "is a button")
        lines = lines[1:]
    labels: list[Line] = []
    while _has_label(lines, header):
        labels.append(lines[0])
        lines = lines[1:]
    if not lines or not _is_title(lines[0], buffer, header):
        return
    title, *rest = lines
    metadata.add("title", title, _label_before_title().sub("", title.text) or title.text)
    buffer.move(title, "title", "is the headline: now the title")
    standfirst = _find_standfirst(title, rest, header)
    if standfirst:
        metadata.add("subtitle", standfirst, standfirst.text)
        buffer.move(standfirst, "subtitle", "is the standfirst: now the subtitle")
    elif labels and not _is_section_or_agency(labels[-1].text):
        metadata.add("subtitle", labels[-1], labels[-1].text)
    for label in labels:
        buffer.move(label, "kicker", "is the label above the headline")


def drop_repeated_headlines(buffer: LineBuffer, lines: list[Line]) -> list[Line]:
    """Cut the lines that repeat another, with or without the name of the site; return the others."""
    kept: list[Line] = []
    for line in lines:
        original = next((other for other in kept if _is_same(other.text, line.text)), None)
        if original:
            buffer.cut([line], "title", f"repeats line {original.number}", exact=True)
        else:
            kept.append(line)
    for line in list(kept):
        original = next(
            (other for other in kept if other is not line and _adds_site_name(line.text, other.text)), None
        )
        if original:
            reason = f"repeats line {original.number} with the name of the site"
            buffer.cut([line], "title", reason, exact=True)
            kept.remove(line)
    return kept


def is_label(text: str) -> bool:
    """Whether a line is only the label of an article or the name of a section: `Opinion | World`."""
    return bool(_label_alone().fullmatch(text))


@cache
def _label_alone() -> re.Pattern[str]:
    label, section = alternatives("labels"), alternatives("sections")
    return re.compile(
        rf"(?:{label}|{section})(?:\s+{label})*(?:\s*[|/:>›»•·-]\s*[\w &]{{1,30}})*:?", re.IGNORECASE
    )


@cache
def _label_before_title() -> re.Pattern[str]:
    return re.compile(rf"^(?:{alternatives('labels')}|{alternatives('sections')})\s*\|\s*", re.IGNORECASE)


@cache
def _section_alone() -> re.Pattern[str]:
    return re.compile(
        rf"(?:{alternatives('sections')}|editor\S* \w+|subscribers? only|[\s|/:>·•-])+", re.IGNORECASE
    )


def _is_title(line: Line, buffer: LineBuffer, header: HeaderLines) -> bool:
    if line.heading == 1:
        return True
    is_only_line = len(buffer) == 1 and not header.signed
    has_full_stop = line.text.endswith((".", "。")) and not line.text.endswith("..")
    fits = display_width(line.text) <= _LONGEST_TITLE and not is_only_line
    return fits and (not has_full_stop or bool(header.signed)) and not _continues_below(line, buffer)


def _continues_below(line: Line, buffer: LineBuffer) -> bool:
    """Whether the next line continues the sentence, as in a page wrapped by hand."""
    below = next((other for other in buffer.lines if other.position == line.position + 1), None)
    return (
        below is not None
        and not below.starts_block
        and below.text[:1].islower()
        and not ends_sentence(line.text)
    )


def _find_standfirst(title: Line, rest: list[Line], header: HeaderLines) -> Line | None:
    """The line between headline and text if it is too long for a subheading."""
    if not header.has_body or not 0 < len(rest) <= _MOST_LINES_BELOW_TITLE:
        return None
    first = rest[0]
    if (
        count_words(first.text) < _LEAST_WORDS_IN_STANDFIRST
        or display_width(first.text) > _LONGEST_STANDFIRST
    ):
        return None
    above_credits = any(position > title.position for position in header.signed)
    stands_alone = above_credits or first.starts_block or ends_sentence(first.text) or len(rest) == 1
    if not stands_alone or first.text.endswith(_CONTINUES):
        return None
    return None if first.heading or match_by(first.text) else first


def _has_label(lines: list[Line], header: HeaderLines) -> bool:
    """Whether the first line is a label above a headline."""
    if len(lines) < 2 or lines[0].heading == 1 or is_prose(lines[1].text):
        return False
    first, second = lines[0].text, lines[1].text
    in_capitals = first.isupper() and not second.isupper() and count_words(first) <= _MOST_WORDS_IN_CAPITALS
    is_site_news = _is_site_news(first) and count_words(second) >= _LEAST_WORDS_IN_HEADLINE
    return (
        in_capitals or is_site_news or is_agency(first) or is_label(first) or _is_short_label(lines, header)
    )


def _is_section_or_agency(label: str) -> bool:
    """Whether a label says nothing about the article, so that it is not a subtitle."""
    return bool(
        _section_alone().fullmatch(label)
        or _is_site_news(label)
        or _SEPARATED.search(label)
        or is_agency(label)
    )


def _is_site_news(text: str) -> bool:
    return bool(phrase_pattern("site_news").fullmatch(text))


def _is_short_label(lines: list[Line], header: HeaderLines) -> bool:
    """Whether one or two words stand where sections do: above a headline, below the navigation."""
    first, second = lines[0].text, lines[1].text
    placed = header.has_navigation or (header.has_body and len(lines) == _MOST_LINES_BELOW_TITLE + 1)
    if not placed or ends_sentence(first) or ends_sentence(second) or any(map(str.isdigit, first)):
        return False
    is_headline = count_words(second) >= _LEAST_WORDS_IN_HEADLINE and (
        display_width(second) >= 2 * display_width(first)
    )
    return is_headline and count_words(first) <= _MOST_WORDS_IN_LABEL


def _is_same(text: str, other: str) -> bool:
    return (slugify(text) or text) == (slugify(other) or other)


def _adds_site_name(text: str, title: str) -> bool:
    """Whether `text` is `title` and a site: `Vote delayed | The Daily`, `The Daily - Vote delayed`."""
    after, before = text.removeprefix(title), text.removesuffix(title)
    if after != text and _SITE_NAME_AFTER.match(after) and len(after) <= _LONGEST_SITE_NAME:
        return True
    if before == text:
        return False
    is_trail = count_words(title) >= _LEAST_WORDS_AFTER_TRAIL and len(before) <= _LONGEST_TRAIL
    return is_trail or bool(_SITE_NAME_BEFORE.search(before) and len(before) <= _LONGEST_SITE_NAME)
