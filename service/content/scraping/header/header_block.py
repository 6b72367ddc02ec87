"""What stands above the text of a page: label, headline, standfirst, byline, date, credit of the picture."""

import re

from service.content.dates.date_lines import is_date_label, read_date_line
from service.content.dates.printed_dates import Printed
from service.content.scraping import boilerplate_words as known
from service.content.scraping.boilerplate.breadcrumbs import is_menu_bar, match_breadcrumbs
from service.content.scraping.boilerplate.captions import ends_in_agency, is_bare_label, is_caption
from service.content.scraping.boilerplate.page_lines import match_boilerplate
from service.content.scraping.byline_words import BY
from service.content.scraping.credits.byline import (
    Byline,
    is_author_role,
    is_bare_by,
    is_name,
    read_byline,
    read_names,
)
from service.content.scraping.credits.footer import read_source
from service.content.scraping.credits.signature_lines import read_bare_names, read_signed_date
from service.content.scraping.header.body_start import starts_body
from service.content.scraping.header.diary_dates import find_diary_dates
from service.content.scraping.header.headline import LABEL_ALONE, Head, drop_repeats, read_headline
from service.content.scraping.lines.line_buffer import Line, LineBuffer, count_words, display_width, is_prose
from service.content.scraping.page_metadata import PageMetadata

_DEEPEST = 18
_LONGEST_TITLE = 200
_LOOKS_AHEAD = 3
_NEAR = 6
_AWAITS = (" on", ":", "：")
_GOES_ON = re.compile(r"(?:,|&|\b(?:and|und|et|y|e|og|och|en))$", re.IGNORECASE)
_COUNT = re.compile(r"\d{1,3}(?:[.,]?\d{3})*")
_COOKIES = re.compile(r"cookies?\b|privacy policy|datenschutz", re.IGNORECASE)
_AND = re.compile(r"(?:and|und|et|y|e|og|och|en|&)(?:\s+|$)", re.IGNORECASE)


def read_header_block(buffer: LineBuffer, metadata: PageMetadata) -> None:
    """Move what stands above the text into `found`, and cut what is not about the article."""
    reading = _HeaderReader(buffer, metadata)
    reading.run()


class _HeaderReader:
    """One way down from the top: `left` holds the lines that explained themselves as nothing yet."""

    def __init__(self, buffer: LineBuffer, metadata: PageMetadata) -> None:
        self.buffer = buffer
        self.metadata = metadata
        self.left: list[Line] = []
        self.signed: set[int] = set()
        self.begun = False
        self.awaiting = False
        self.guided = False
        self.announced = ""
        self.labels: set[int] = set()
        self.diary = find_diary_dates(buffer)

    def run(self) -> None:
        head = self.buffer.lines[:_DEEPEST]
        for index, line in enumerate(head):
            following = head[index + 1 : index + 1 + _LOOKS_AHEAD]
            if self._explain(line, following):
                continue
            if line.heading != 1 and starts_body(
                line, following, self.diary, headed=bool(self.left), signed=bool(self.signed)
            ):
                self.begun = True
                break
            self.left.append(line)
        self._finish()

    def _explain(self, line: Line, following: list[Line]) -> bool:
        """Whether the line is a byline, a date, a caption or part of the page; it is then out of the text."""
        return self._names(line, following) or self._date(line, following) or self._page(line)

    def _names(self, line: Line, following: list[Line]) -> bool:
        text = line.text
        if is_bare_by(text):
            return self._wait(line, "opens the byline")
        joined = _AND.match(text) if self.awaiting or self.metadata.authors else None
        if joined and joined.end() == len(text):
            return self._wait(line, "joins two names of the byline")
        if self.awaiting or joined:
            rest = text[joined.end() :] if joined else text
            names = read_names(_GOES_ON.sub("", rest))
            self.awaiting = bool(names) and bool(_GOES_ON.search(rest))
            if names:
                return self._by(line, names)
        opening = BY.match(text)
        if opening and _GOES_ON.search(text):
            names = read_names(_GOES_ON.sub("", text[opening.end() :]))
            self.awaiting = bool(names)
            return bool(names) and self._by(line, names)
        byline = read_byline(text)
        if byline and self._is_byline(line, following):
            self.metadata.add_dates(line, _dates_of(byline))
            return self._by(line, byline.names)
        return self._role(line) or self._signed(line)

    def _wait(self, line: Line, why: str) -> bool:
        self.awaiting = True
        self.buffer.move(line, "byline", why)
        self.signed.add(line.position)
        return True

    def _role(self, line: Line) -> bool:
        if not (self.metadata.authors and line.position - 1 in self.signed):
            return False
        named = any(line.text.startswith(f"{name} ") for _, name in self.metadata.authors)
        if not (named or is_author_role(line.text)):
            return False
        self.buffer.move(line, "byline", "says what the author is, or for whom they write")
        self.signed.add(line.position)
        return True

    def _signed(self, line: Line) -> bool:
        signed = read_signed_date(line.text) if self.left else None
        if signed is None:
            return False
        self.metadata.add_dates(line, signed.printed)
        return self._by(line, signed.names)

    def _is_byline(self, line: Line, following: list[Line]) -> bool:
        """A headline too may begin with `Von` or `Di`: above all else it is a byline only before the text."""
        if line.text.startswith("من "):  # it also begins headlines: `from`, `who`
            return bool(self.left)
        if self.left or self.metadata.authors or line.text[:3].lower() in {"by ", "by:"}:
            return True
        return not following or is_prose(following[0].text) or bool(read_date_line(following[0].text))

    def _by(self, line: Line, names: tuple[str, ...]) -> bool:
        self.metadata.add_authors(line, names)
        self.signed.add(line.position)
        self.buffer.move(line, "byline", "names who wrote: now the authors")
        return True

    def _date(self, line: Line, following: list[Line]) -> bool:
        if line.position in self.diary:
            return False
        if is_date_label(line.text) and (line.text.endswith(_AWAITS) or _dated(line, following)):
            self.announced = line.text if _dated(line, following) else ""
            return self.buffer.cut([line], "date", "announces the date")
        printed = read_date_line(f"{self.announced} {line.text}".strip()) or self._placed_date(line)
        self.announced = ""
        if not printed:
            return False
        self.metadata.add_dates(line, printed)
        self.signed.add(line.position)
        self.buffer.move(line, "date", "is the printed date")
        return True

    def _placed_date(self, line: Line) -> tuple[Printed, ...]:
        """`Sevilla - 2 SEP 2022`: the place where it was written is the dateline."""
        place, mark, when = line.text.partition(" - ")
        printed = read_date_line(when) if mark and len(place.split()) == 1 and is_name(place) else ()
        if printed:
            self.metadata.add("dateline", line, place)
        return printed

    def _page(self, line: Line) -> bool:
        if is_bare_label(line.text):
            self.labels.add(line.position)
        under = line.position - 1 in self.labels and display_width(line.text) <= _LONGEST_TITLE
        if is_caption(line.text) or under or (self.left and ends_in_agency(line.text)):
            return self.buffer.cut([line], "caption", "is the caption or credit of a picture")
        tags = known.TAGS.fullmatch(line.text)
        if tags and self.left:
            self.metadata.add_tags(line, tags["names"])
            self.buffer.move(line, "tags", "names what the article is about: now its tags")
            return True
        if self.left and read_source(self.buffer, self.metadata, line):
            return True
        why = match_breadcrumbs(line.text)
        if why and line.heading != 1:
            if is_menu_bar(line.text) and len(self.left) == 1:
                self.buffer.cut([self.left.pop()], "navigation", "is the name of the site")
            return self._guide(line, why)
        if _COUNT.fullmatch(line.text) and line.position - 1 in self.signed:
            self.signed.add(line.position)
            return self.buffer.cut([line], "counter", "counts what readers did")
        reason = match_boilerplate(line.text)
        if reason is None or line.heading == 1 or (reason[0] == "shop" and not self.left):
            return False
        if (
            reason[0] in {"next", "navigation"}
            and LABEL_ALONE.fullmatch(line.text) is None
            and not self._small(line)
            and not _COOKIES.search(line.text)
        ):
            return False
        if reason[0] == "navigation":
            return self._guide(line, reason[1])
        return self.buffer.cut([line], *reason)

    def _guide(self, line: Line, why: str) -> bool:
        self.guided = self.guided or not self.left
        return self.buffer.cut([line], "navigation", why)

    def _small(self, line: Line) -> bool:
        return count_words(line.text) <= 6

    def _near(self, line: Line) -> list[Line]:
        """The headline, and the paragraphs at hand."""
        near = [
            one
            for one in self.buffer.lines
            if abs(one.position - line.position) <= _NEAR and is_prose(one.text)
        ]
        return [*self.left[:1], *near]

    def _finish(self) -> None:
        left = self._without_names(drop_repeats(self.buffer, self.left))
        read_headline(
            self.buffer, self.metadata, Head(tuple(left), frozenset(self.signed), self.begun, self.guided)
        )

    def _without_names(self, left: list[Line]) -> list[Line]:
        """A bare name beside the printed date, or with a role, is a byline under a headline."""
        kept = left[:1]
        for line in left[1:]:
            beside = {line.position - 1, line.position + 1} & self.signed
            if beside and self.metadata.authors and is_author_role(line.text):
                self.buffer.move(line, "byline", "says for whom the author writes")
                continue
            names = () if self.metadata.authors else read_bare_names(line, self.signed, self._near(line))
            if not (names and self._by(line, names)):
                kept.append(line)
        return kept


def _dated(label: Line, following: list[Line]) -> bool:
    return bool(following and read_date_line(f"{label.text} {following[0].text}"))


def _dates_of(byline: Byline) -> tuple[Printed, ...]:
    """The dates in the rest of a byline; what else is there (for whom, from where) is passed over."""
    whole = read_date_line(" | ".join(byline.rest)) if byline.rest else ()
    return whole or tuple(one for part in byline.rest for one in read_date_line(part))
