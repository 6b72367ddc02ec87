"""What stands after an article and between its paragraphs without being part of it."""

import re

from service.content.scraped import foot_words as foot
from service.content.scraped import trailer_words as known
from service.content.scraped.found import Found
from service.content.scraped.sheet import Line, Sheet, ends, is_prose, width

_MARKS = " \t*•·-–—|:>»›→←«‹<[]()#=~_▸►▶…↑⬆✉"
_LONGEST_HEADLINE = 200
_MOST_HEADLINES = 3
_STRAY = 160

_END = (
    ("share", known.SHARE, "invites to share or follow"),
    ("newsletter", known.NEWSLETTER, "asks to subscribe, register or give"),
    ("subscription", foot.WALL, "says who may read on"),
    ("copyright", known.COPYRIGHT, "states the rights in the page"),
    ("advertisement", known.ADVERTISEMENT, "marks an advertisement"),
    ("next", known.NEXT, "leads to other articles"),
    ("next", known.NEXT_LINE, "leads to another article"),
    ("navigation", known.NAVIGATION, "leads about the site"),
    ("counter", known.READING_TIME, "counts minutes, views or the like"),
    ("comments", known.COMMENTS, "opens the comments, of which there are none"),
    ("shop", known.SHOP, "leads to a shop"),
)
_WITHIN = frozenset({"share", "newsletter", "advertisement", "counter", "copyright", "subscription"})
_QUOTED = re.compile(r"[\"“”«»„‘]")
_MOST_TAGS = 14
_LONGEST_TAG = 40


def furniture(text: str) -> tuple[str, str] | None:
    """The rule and reason by which a whole line is part of the page around the article; None if it is not."""
    told = text.strip(_MARKS)
    if len(told) > 400:
        return None
    for rule, pattern, why in _END:
        if pattern.fullmatch(told) or (rule == "copyright" and pattern.fullmatch(text)):
            return rule, why
    if not told and not any(c in text for c in ".…*"):
        return "navigation", "holds nothing but marks"
    return None


def drop_trailers(sheet: Sheet, found: Found) -> None:
    """Cut comments, what leads elsewhere, and the lines of the page below the text; keep tags it names."""
    _drop_comments(sheet)
    _drop_end(sheet, found)
    _drop_next(sheet)
    _drop_end(sheet, found)
    _drop_strays(sheet)


def _drop_comments(sheet: Sheet) -> None:
    """From the heading of the comments to the end; of several headings, the first that leaves an article."""
    lines = list(sheet.lines)
    before = len(sheet.notes)
    for index, line in enumerate(lines):
        if not known.COMMENTS.fullmatch(line.text.strip(_MARKS)):
            continue
        if not any(is_prose(above.text) or above.parts for above in lines[:index]):
            continue
        why = f"stands under the heading of the comments on line {line.number}"
        if sheet.cut(lines[index:], "comments", why):
            del sheet.notes[before:]
            return


def _drop_next(sheet: Sheet) -> None:
    """Headings that lead to other articles, and the headlines below them."""
    lines = list(sheet.lines)
    index = 1
    while index < len(lines):
        opening = lines[index]
        told = opening.text.strip(_MARKS)
        if not known.NEXT.fullmatch(told) or known.NEXT_LINE.fullmatch(told):
            index += 1
            continue
        after = lines[index + 1 :]
        heads = _headlines(after)
        if heads < len(after):
            heads = min(heads, _MOST_HEADLINES)
        if heads or not after or opening.text.rstrip().endswith((":", "»", ">", "→")):
            why = f"leads to other articles, under line {opening.number}"
            sheet.cut([opening, *after[:heads]], "next", why)
        index += heads + 1


def _headlines(after: list[Line]) -> int:
    """How many of the lines are headlines; all of them where teasers stand between, and nothing long."""
    short = [line for line in after if width(line.text) <= _LONGEST_HEADLINE]
    plain = [line for line in after if not ends(line.text)]
    if after and len(short) == len(after) and 2 * len(plain) >= len(after) and _are_teasers(after):
        return len(after)
    for index, line in enumerate(after):
        if is_prose(line.text) or ends(line.text):
            return index
    return len(after)


def _are_teasers(after: list[Line]) -> bool:
    """Whether sentences stand only below a headline of their own: else the article goes on there."""
    prose = [index for index, line in enumerate(after) if is_prose(line.text)]
    return prose in ([], list(range(1, 2 * len(prose), 2))) and len(prose) != 1


def _drop_end(sheet: Sheet, found: Found) -> None:
    """Line by line upwards from the end, until one could be text."""
    while len(sheet) > 1:
        last = sheet.last
        told = last.text.strip(_MARKS)
        tags = known.TAGS.fullmatch(told)
        if tags:
            found.tags(last, tags["names"])
            sheet.move(last, "tags", "names what the article is about: now its tags")
            continue
        reason = _asks(told) or furniture(last.text)
        if reason is None and _drop_tag_list(sheet, found):
            continue
        if reason is None or not sheet.cut([last], *reason):
            return
        if sheet.last is last:
            return


def _asks(told: str) -> tuple[str, str] | None:
    """The rule and reason where a line below the text turns to its readers."""
    if len(told) >= 400:
        return None
    if foot.POLICY.search(told):
        return "comments", "tells the rules for comments"
    if foot.STANDARDS.fullmatch(told):
        return "navigation", "leads about the site"
    if foot.APPEAL.search(told) and not _QUOTED.search(told):
        return "newsletter", "asks readers to give, to write or to order"
    return None


def _drop_tag_list(sheet: Sheet, found: Found) -> bool:
    """Whether the text ended in a list of tags under a heading, each on its own line."""
    lines = sheet.lines
    for back in range(1, min(_MOST_TAGS, len(lines) - 1)):
        line = lines[-back]
        if foot.TAG_LIST.fullmatch(line.text) and back > 1:
            names = lines[len(lines) - back + 1 :]
            found.tags(line, "|".join(name.text for name in names))
            for one in (line, *names):
                sheet.move(one, "tags", "names what the article is about: now its tags")
            return True
        if ends(line.text) or width(line.text) > _LONGEST_TAG:
            return False
    return False


def _drop_strays(sheet: Sheet) -> None:
    """Lines of the page that stand between paragraphs."""
    for line in sheet.lines[1:]:
        told = line.text.strip(_MARKS)
        if width(told) > _STRAY or (line.heading and len(told.split()) > 4):
            continue
        if known.NEXT_LINE.fullmatch(told) and not re.search(r"[.!。]$", told):
            sheet.cut([line], "next", "leads to another article")
            continue
        reason = furniture(line.text)
        if reason and reason[0] in _WITHIN:
            sheet.cut([line], *reason)
