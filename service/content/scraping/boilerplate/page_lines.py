"""What stands after an article and between its paragraphs without being part of it."""

import re

from service.content.scraping import boilerplate_words as known
from service.content.scraping import comment_words as comments
from service.content.scraping import footer_words as foot
from service.content.scraping import related_link_words as after
from service.content.scraping.lines.line_buffer import (
    Line,
    LineBuffer,
    display_width,
    ends_sentence,
    is_prose,
)
from service.content.scraping.page_metadata import PageMetadata

_MARKS = " \t*•·-–—|:>»›→←«‹<[]()#=~_▸►▶…↑⬆✉/\\"
_LONGEST_HEADLINE = 200
_MOST_HEADLINES = 3
_STRAY = 160

_END = (
    ("share", known.SHARE, "invites to share or follow"),
    ("newsletter", known.NEWSLETTER, "asks to subscribe, register or give"),
    ("subscription", foot.WALL, "says who may read on"),
    ("copyright", known.COPYRIGHT, "states the rights in the page"),
    ("advertisement", known.ADVERTISEMENT, "marks an advertisement"),
    ("next", after.NEXT, "leads to other articles"),
    ("next", after.NEXT_LINE, "leads to another article"),
    ("navigation", known.NAVIGATION, "leads about the site"),
    ("counter", known.READING_TIME, "counts minutes, views or the like"),
    ("comments", comments.COMMENTS, "opens the comments, of which there are none"),
    ("comments", comments.FORM, "belongs to the form for comments"),
    ("shop", known.SHOP, "leads to a shop"),
)
_WITHIN = frozenset({"share", "newsletter", "advertisement", "counter", "copyright", "subscription"})
_AROUND = frozenset(
    {"share", "newsletter", "copyright", "next", "navigation", "comments", "shop", "subscription"}
)
_DOTS = re.compile(r"\s*(?:\.{2,}|…)$")
# A sentence between paragraphs is the page's only where it speaks of what pages offer.
_OFFERS = re.compile(
    r"newsletter|inbox|e-?mail|mailing|alerts?\b|notif|\bapps?\b|channel|account|premium|"
    r"\b(?:now|here|today|free)\b|"
    r"log ?in|digest|briefing|podcast|©|\(c\)|copyright [\d©(]|reserved|reproduc|redistribut|republ|"
    r"facebook|twitter|instagram|youtube|telegram|whats ?app|google|linked ?in|tiktok|@\w|https?:|www\.|"
    r"\.com\b|\bus\b",
    re.IGNORECASE,
)
_MARKED = frozenset({"copyright", "advertisement"})
_CUT_OFF = re.compile(r"[\w,]\s?(?:…|\.{3})$")
_SHORTEST_TEASER = 40
_LEAST_TEASERS = 3
_LONGEST_APPEAL = 8
_LONGEST_ASKED = 800
_LONGEST_TOLD = 400
_LONGEST_LINE = 1_000
_LONGEST_LABEL = 80
_QUOTED = re.compile(r"[\"“”«»„‘]")
_MOST_TAGS = 14
_LONGEST_TAG = 40


def match_boilerplate(text: str) -> tuple[str, str] | None:
    """The rule and reason by which a whole line is part of the page around the article; None if it is not."""
    told = _told(text)
    if len(told) > _LONGEST_TOLD:
        return None
    for rule, pattern, why in _END:
        if pattern.fullmatch(told) or (
            rule in _MARKED and len(text) <= _LONGEST_LINE and pattern.fullmatch(text)
        ):
            return rule, why
    if not told and not any(c in text for c in ".…*"):
        return "navigation", "holds nothing but marks"
    return None


def _told(text: str) -> str:
    """What a line says, without the marks around it and the dots or the cry at its end."""
    told = text.strip(_MARKS)
    if len(told) > _LONGEST_LINE:
        return told  # longer than what any rule takes
    told = _DOTS.sub("", told)
    return told.rstrip("!") if " " in told else told


def drop_boilerplate(buffer: LineBuffer, metadata: PageMetadata) -> None:
    """Cut comments, what leads elsewhere, and the lines of the page below the text; keep tags it names."""
    _drop_comments(buffer)
    _drop_end(buffer, metadata)
    _drop_appeal(buffer)
    _drop_teasers(buffer)
    _drop_end(buffer, metadata)
    _drop_next(buffer)
    _drop_end(buffer, metadata)
    _drop_strays(buffer)


def _form(told: str) -> tuple[str, str] | None:
    asked = comments.FORM.fullmatch(told.rstrip(" ."))
    return ("comments", "belongs to the form for comments") if asked else None


def _marks(text: str) -> tuple[str, str] | None:
    return ("navigation", "holds nothing but marks") if not text.strip(_MARKS + "*") else None


def drop_enclosed_label(buffer: LineBuffer) -> bool:
    """Whether the text ended in a label between two lines of the page that were cut: it is then out."""
    if len(buffer) < 2:
        return False
    last = buffer.last
    above, below = buffer.rule_that_cut(last.position - 1), buffer.rule_that_cut(last.position + 1)
    if above not in _AROUND or below not in _AROUND:
        return False
    if last.heading or ends_sentence(last.text) or display_width(last.text) > _LONGEST_LABEL:
        return False
    return buffer.cut([last], "navigation", "stands among lines of the page")


def _drop_comments(buffer: LineBuffer) -> None:
    """From the heading of the comments to the end; of several headings, the first that leaves an article."""
    lines = list(buffer.lines)
    before = len(buffer.notes)
    for index, line in enumerate(lines):
        if not comments.COMMENTS.fullmatch(_told(line.text)):
            continue
        if not any(is_prose(above.text) for above in lines[:index]):
            continue
        why = f"stands under the heading of the comments on line {line.number}"
        if buffer.cut(lines[index:], "comments", why):
            del buffer.notes[before:]
            return


def _drop_appeal(buffer: LineBuffer) -> None:
    """From the paragraph that opens an appeal to readers, among the last, to the end."""
    lines = buffer.lines
    for index in range(max(1, len(lines) - _LONGEST_APPEAL), len(lines)):
        told = lines[index].text.strip(_MARKS)
        if foot.APPEAL_OPENS.search(told) and not _QUOTED.search(told):
            buffer.cut(
                lines[index:], "newsletter", f"is an appeal to readers, from line {lines[index].number} on"
            )
            return


def _drop_teasers(buffer: LineBuffer) -> None:
    """The beginnings of other articles, each cut off with dots, that stand below the text."""
    teasers: list[Line] = []
    for line in reversed(buffer.lines[1:]):
        if not _CUT_OFF.search(line.text) or display_width(line.text) < _SHORTEST_TEASER:
            break
        teasers.insert(0, line)
    if len(teasers) >= _LEAST_TEASERS:
        buffer.cut(teasers, "next", "is the beginning of another article")


def _drop_next(buffer: LineBuffer) -> None:
    """Headings that lead to other articles, and the headlines below them."""
    lines = list(buffer.lines)
    index = 1
    while index < len(lines):
        opening = lines[index]
        told = _told(opening.text)
        if not after.NEXT.fullmatch(told) or after.NEXT_LINE.fullmatch(told):
            index += 1
            continue
        below = lines[index + 1 :]
        heads = _headlines(below)
        if heads < len(below):
            heads = min(heads, _MOST_HEADLINES)
        if heads or not below or opening.text.rstrip().endswith((":", "»", ">", "→")):
            why = f"leads to other articles, under line {opening.number}"
            buffer.cut([opening, *below[:heads]], "next", why)
        index += heads + 1


def _headlines(after: list[Line]) -> int:
    """How many of the lines are headlines; all of them where teasers stand between, and nothing long."""
    short = [line for line in after if display_width(line.text) <= _LONGEST_HEADLINE]
    plain = [line for line in after if not ends_sentence(line.text)]
    if after and len(short) == len(after) and 2 * len(plain) >= len(after) and _are_teasers(after):
        return len(after)
    for index, line in enumerate(after):
        if is_prose(line.text) or ends_sentence(line.text):
            return index
    return len(after)


def _are_teasers(after: list[Line]) -> bool:
    """Whether sentences stand only below a headline of their own: else the article goes on there."""
    prose = [index for index, line in enumerate(after) if is_prose(line.text)]
    return prose in ([], list(range(1, 2 * len(prose), 2))) and len(prose) != 1


def _drop_end(buffer: LineBuffer, metadata: PageMetadata) -> None:
    """Line by line upwards from the end, until one could be text."""
    while len(buffer) > 1:
        last = buffer.last
        told = last.text.strip(_MARKS)
        tags = known.TAGS.fullmatch(told) or foot.LOOSE_TAGS.fullmatch(told)
        if tags or foot.HASHTAGS.fullmatch(last.text):
            metadata.add_tags(last, tags["names"] if tags else last.text.replace("#", " #"))
            buffer.move(last, "tags", "names what the article is about: now its tags")
            continue
        reason = _asks(told) or match_boilerplate(last.text) or _form(told) or _marks(last.text)
        if reason is None and _drop_tag_list(buffer, metadata):
            continue
        if reason is None or not buffer.cut([last], *reason):
            return
        if buffer.last is last:
            return


def _asks(told: str) -> tuple[str, str] | None:
    """The rule and reason where a line below the text turns to its readers."""
    if len(told) >= _LONGEST_ASKED:
        return None
    if len(told) < _LONGEST_TOLD and comments.POLICY.search(told) and not _QUOTED.search(told):
        return "comments", "tells the rules for comments"
    if foot.STANDARDS.fullmatch(told):
        return "navigation", "leads about the site"
    if (
        foot.APPEAL.search(told) or (len(told) < _LONGEST_TOLD and foot.OUR_WORK.search(told))
    ) and not _QUOTED.search(told):
        return "newsletter", "asks readers to give, to write or to order"
    return None


def _drop_tag_list(buffer: LineBuffer, metadata: PageMetadata) -> bool:
    """Whether the text ended in a list of tags under a heading, each on its own line."""
    lines = buffer.lines
    for back in range(1, min(_MOST_TAGS, len(lines) - 1)):
        line = lines[-back]
        if foot.TAG_LIST.fullmatch(line.text) and back > 1:
            names = lines[len(lines) - back + 1 :]
            metadata.add_tags(line, "|".join(name.text for name in names))
            for one in (line, *names):
                buffer.move(one, "tags", "names what the article is about: now its tags")
            return True
        if ends_sentence(line.text) or display_width(line.text) > _LONGEST_TAG:
            return False
    return False


def _drop_strays(buffer: LineBuffer) -> None:
    """Lines of the page that stand between paragraphs."""
    for line in buffer.lines[1:]:
        told = line.text.strip(_MARKS)
        if display_width(told) > _STRAY or (line.heading and len(told.split()) > 4):
            continue
        if after.NEXT_LINE.fullmatch(told) and not re.search(r"[.!。]$", told):
            buffer.cut([line], "next", "leads to another article")
            continue
        reason = match_boilerplate(line.text)
        if line.text.endswith(".") and not _OFFERS.search(line.text):
            continue
        if reason and reason[0] in _WITHIN:
            buffer.cut([line], *reason)
