"""Removes the boilerplate below the text and between its paragraphs."""

import re
from functools import cache

from service.content.scraping.boilerplate.line_rules import (
    MARKS,
    is_appeal_opening,
    match_below_text,
    match_boilerplate,
    strip_marks,
)
from service.content.scraping.lines.line_buffer import (
    Line,
    LineBuffer,
    display_width,
    ends_sentence,
    is_prose,
)
from service.content.scraping.page_metadata import PageMetadata
from service.content.scraping.vocabulary import alternatives, phrase_pattern

_LONGEST_HEADLINE = 200
_MOST_HEADLINES = 3
_LONGEST_STRAY = 160
_MOST_WORDS_IN_STRAY_HEADING = 4
_SHORTEST_TEASER = 40
_LEAST_TEASERS = 3
_LONGEST_APPEAL = 8
_LONGEST_ENCLOSED = 80
_MOST_TAGS = 14
_LONGEST_TAG = 40

_RULES_BETWEEN_PARAGRAPHS = frozenset(
    {"share", "newsletter", "advertisement", "counter", "copyright", "subscription"}
)
_RULES_AROUND_LABELS = frozenset(
    {"share", "newsletter", "copyright", "next", "navigation", "comments", "shop", "subscription"}
)
# A sentence between paragraphs is boilerplate only if it names something that pages offer.
_OFFERS = re.compile(
    r"newsletter|inbox|e-?mail|mailing|alerts?\b|notif|\bapps?\b|channel|account|premium|"
    r"\b(?:now|here|today|free)\b|"
    r"log ?in|digest|briefing|podcast|©|\(c\)|copyright [\d©(]|reserved|reproduc|redistribut|republ|"
    r"facebook|twitter|instagram|youtube|telegram|whats ?app|google|linked ?in|tiktok|@\w|https?:|www\.|"
    r"\.com\b|\bus\b",
    re.IGNORECASE,
)
_TRUNCATED = re.compile(r"[\w,]\s?(?:…|\.{3})$")
_HASHTAGS = re.compile(r"(?:[#＃]\w+[\s,;]*)+")
_POINTS_DOWN = (":", "»", ">", "→")
TAGS_REASON = "names the subjects of the article: now its tags"


def drop_boilerplate(buffer: LineBuffer, metadata: PageMetadata) -> None:
    """Cut comments, links to other articles, and the boilerplate below the text; move tags to `metadata`."""
    _drop_comments(buffer)
    _drop_end(buffer, metadata)
    _drop_appeal(buffer)
    _drop_teasers(buffer)
    _drop_end(buffer, metadata)
    _drop_related(buffer)
    _drop_end(buffer, metadata)
    _drop_strays(buffer)


def drop_enclosed_label(buffer: LineBuffer) -> bool:
    """Cut the last line if it is a label between two lines that were cut; return whether it was cut."""
    if len(buffer) < 2:
        return False
    last = buffer.last
    around = {buffer.rule_that_cut(last.position - 1), buffer.rule_that_cut(last.position + 1)}
    if not around <= _RULES_AROUND_LABELS:
        return False
    if last.heading or ends_sentence(last.text) or display_width(last.text) > _LONGEST_ENCLOSED:
        return False
    return buffer.cut([last], "navigation", "stands between lines of boilerplate")


def match_tags(text: str) -> str | None:
    """The tags in a line that lists them after a label: `Tags: coal, harbour`; None if it does not."""
    match = _labelled_tags().fullmatch(text)
    return match["names"] if match else None


@cache
def _labelled_tags() -> re.Pattern[str]:
    return re.compile(rf"{alternatives('tag_labels')}\s?[:：]\s?(?P<names>.{{1,300}})", re.IGNORECASE)


@cache
def _loosely_labelled_tags() -> re.Pattern[str]:
    return re.compile(
        rf"{alternatives('loose_tag_labels')}\s+"
        r"(?P<names>[^.!?:,]{1,60},[^.!?:]{1,100}|\S+(?: \S+){0,3}(?<![.!?:]))",
        re.IGNORECASE,
    )


@cache
def _tag_heading() -> re.Pattern[str]:
    return re.compile(rf"{alternatives('tag_headings')}:?", re.IGNORECASE)


def _drop_comments(buffer: LineBuffer) -> None:
    """Cut from the heading of the comments to the end; of several, the first that leaves an article."""
    lines = buffer.lines
    notes_before = len(buffer.notes)
    for index, line in enumerate(lines):
        if not phrase_pattern("comment_headings").fullmatch(strip_marks(line.text)):
            continue
        if not any(is_prose(above.text) for above in lines[:index]):
            continue
        reason = f"stands under the heading of the comments on line {line.number}"
        if buffer.cut(lines[index:], "comments", reason):
            del buffer.notes[notes_before:]
            return


def _drop_appeal(buffer: LineBuffer) -> None:
    """Cut from the opening of an appeal to readers, among the last paragraphs, to the end."""
    lines = buffer.lines
    for index in range(max(1, len(lines) - _LONGEST_APPEAL), len(lines)):
        if is_appeal_opening(lines[index].text):
            reason = f"is part of an appeal to readers that begins on line {lines[index].number}"
            buffer.cut(lines[index:], "newsletter", reason)
            return


def _drop_teasers(buffer: LineBuffer) -> None:
    """Cut the truncated beginnings of other articles below the text."""
    teasers: list[Line] = []
    for line in reversed(buffer.lines[1:]):
        if not _TRUNCATED.search(line.text) or display_width(line.text) < _SHORTEST_TEASER:
            break
        teasers.insert(0, line)
    if len(teasers) >= _LEAST_TEASERS:
        buffer.cut(teasers, "next", "is the beginning of another article")


def _drop_related(buffer: LineBuffer) -> None:
    """Cut headings that introduce other articles, and the headlines below them."""
    lines = buffer.lines
    index = 1
    while index < len(lines):
        heading, below = lines[index], lines[index + 1 :]
        words = strip_marks(heading.text)
        index += 1
        if not phrase_pattern("related_headings").fullmatch(words) or (
            phrase_pattern("related_lines").fullmatch(words)
        ):
            continue
        count = _count_headlines(below)
        if count < len(below):
            count = min(count, _MOST_HEADLINES)
        if count or not below or heading.text.rstrip().endswith(_POINTS_DOWN):
            reason = f"links to other articles, under line {heading.number}"
            buffer.cut([heading, *below[:count]], "next", reason)
        index += count


def _count_headlines(lines: list[Line]) -> int:
    """How many of the first lines are headlines; all if teasers alternate with them."""
    short = all(display_width(line.text) <= _LONGEST_HEADLINE for line in lines)
    plain = sum(not ends_sentence(line.text) for line in lines)
    if lines and short and 2 * plain >= len(lines) and _are_teasers(lines):
        return len(lines)
    for index, line in enumerate(lines):
        if is_prose(line.text) or ends_sentence(line.text):
            return index
    return len(lines)


def _are_teasers(lines: list[Line]) -> bool:
    """Whether every sentence follows a headline of its own; otherwise the article goes on there."""
    prose = [index for index, line in enumerate(lines) if is_prose(line.text)]
    return prose == list(range(1, 2 * len(prose), 2)) and len(prose) != 1


def _drop_end(buffer: LineBuffer, metadata: PageMetadata) -> None:
    """Cut line by line upwards from the end, up to the first line that may be text."""
    while len(buffer) > 1:
        last = buffer.last
        tags = _match_tags_below_text(last.text)
        if tags is not None:
            metadata.add_tags(last, tags)
            buffer.move(last, "tags", TAGS_REASON)
            continue
        match = match_below_text(last.text)
        if match is None and _move_tag_list(buffer, metadata):
            continue
        if match is None or not buffer.cut([last], *match) or buffer.last is last:
            return


def _match_tags_below_text(text: str) -> str | None:
    words = text.strip(MARKS)
    tags = match_tags(words)
    if tags is not None:
        return tags
    match = _loosely_labelled_tags().fullmatch(words)
    if match:
        return match["names"]
    return text.replace("#", " #") if _HASHTAGS.fullmatch(text) else None


def _move_tag_list(buffer: LineBuffer, metadata: PageMetadata) -> bool:
    """Move a list of tags at the end, each on its own line under a heading; return whether there was one."""
    lines = buffer.lines
    for back in range(1, min(_MOST_TAGS, len(lines) - 1)):
        line = lines[-back]
        if back > 1 and _tag_heading().fullmatch(line.text):
            heading, *tags = lines[-back:]
            metadata.add_tags(heading, "|".join(tag.text for tag in tags))
            for moved in (heading, *tags):
                buffer.move(moved, "tags", TAGS_REASON)
            return True
        if ends_sentence(line.text) or display_width(line.text) > _LONGEST_TAG:
            return False
    return False


def _drop_strays(buffer: LineBuffer) -> None:
    """Cut single lines of boilerplate between paragraphs."""
    for line in buffer.lines[1:]:
        words = line.text.strip(MARKS)
        long_heading = line.heading and len(words.split()) > _MOST_WORDS_IN_STRAY_HEADING
        if display_width(words) > _LONGEST_STRAY or long_heading:
            continue
        if phrase_pattern("related_lines").fullmatch(words) and not words.endswith((".", "!", "。")):
            buffer.cut([line], "next", "links to another article")
            continue
        match = match_boilerplate(line.text)
        if line.text.endswith(".") and not _OFFERS.search(line.text):
            continue
        if match and match[0] in _RULES_BETWEEN_PARAGRAPHS:
            buffer.cut([line], *match)
