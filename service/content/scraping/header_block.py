"""What stands above the text of a page: label, headline, standfirst, byline, date, credit of the picture."""

import re

from service.content.dates.date_lines import is_date_label, read_date_line
from service.content.dates.printed_dates import Printed
from service.content.scraping import boilerplate_words as known
from service.content.scraping.body_start import begins
from service.content.scraping.boilerplate import furniture
from service.content.scraping.breadcrumbs import explain_guide, is_bar
from service.content.scraping.byline import Byline, is_name, is_opening, is_role, read_byline, read_names
from service.content.scraping.byline_words import BY
from service.content.scraping.captions import ends_in_agency, is_bare_label, is_caption
from service.content.scraping.diary_dates import diary_places
from service.content.scraping.footer import read_source
from service.content.scraping.headline import LABEL_ALONE, Head, drop_repeats, read_headline
from service.content.scraping.line_buffer import Line, Sheet, is_prose, width, words
from service.content.scraping.page_metadata import Found
from service.content.scraping.signature_lines import bare_names, read_signed_date

_DEEPEST = 18
_LONGEST_TITLE = 200
_LOOKS_AHEAD = 3
_NEAR = 6
_AWAITS = (" on", ":", "：")
_GOES_ON = re.compile(r"(?:,|&|\b(?:and|und|et|y|e|og|och|en))$", re.IGNORECASE)
_COUNT = re.compile(r"\d{1,3}(?:[.,]?\d{3})*")
_COOKIES = re.compile(r"cookies?\b|privacy policy|datenschutz", re.IGNORECASE)
_AND = re.compile(r"(?:and|und|et|y|e|og|och|en|&)(?:\s+|$)", re.IGNORECASE)


def read_masthead(sheet: Sheet, found: Found) -> None:
    """Move what stands above the text into `found`, and cut what is not about the article."""
    reading = _Reading(sheet, found)
    reading.run()


class _Reading:
    """One way down from the top: `left` holds the lines that explained themselves as nothing yet."""

    def __init__(self, sheet: Sheet, found: Found) -> None:
        self.sheet = sheet
        self.found = found
        self.left: list[Line] = []
        self.signed: set[int] = set()
        self.begun = False
        self.awaiting = False
        self.guided = False
        self.announced = ""
        self.labels: set[int] = set()
        self.diary = diary_places(sheet)

    def run(self) -> None:
        head = self.sheet.lines[:_DEEPEST]
        for index, line in enumerate(head):
            following = head[index + 1 : index + 1 + _LOOKS_AHEAD]
            if self._explain(line, following):
                continue
            if line.heading != 1 and begins(
                line, following, self.diary, headed=bool(self.left), signed=bool(self.signed)
            ):
                self.begun = True
                break
            self.left.append(line)
        self._settle()

    def _explain(self, line: Line, following: list[Line]) -> bool:
        """Whether the line is a byline, a date, a caption or part of the page; it is then out of the text."""
        return self._names(line, following) or self._date(line, following) or self._page(line)

    def _names(self, line: Line, following: list[Line]) -> bool:
        text = line.text
        if is_opening(text):
            return self._wait(line, "opens the byline")
        joined = _AND.match(text) if self.awaiting or self.found.authors else None
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
            self.found.dated(line, _dates_of(byline))
            return self._by(line, byline.names)
        return self._role(line) or self._signed(line)

    def _wait(self, line: Line, why: str) -> bool:
        self.awaiting = True
        self.sheet.move(line, "byline", why)
        self.signed.add(line.place)
        return True

    def _role(self, line: Line) -> bool:
        if not (self.found.authors and line.place - 1 in self.signed):
            return False
        named = any(line.text.startswith(f"{name} ") for _, name in self.found.authors)
        if not (named or is_role(line.text)):
            return False
        self.sheet.move(line, "byline", "says what the author is, or for whom they write")
        self.signed.add(line.place)
        return True

    def _signed(self, line: Line) -> bool:
        signed = read_signed_date(line.text) if self.left else None
        if signed is None:
            return False
        self.found.dated(line, signed.printed)
        return self._by(line, signed.names)

    def _is_byline(self, line: Line, following: list[Line]) -> bool:
        """A headline too may begin with `Von` or `Di`: above all else it is a byline only before the text."""
        if line.text.startswith("من "):  # it also begins headlines: `from`, `who`
            return bool(self.left)
        if self.left or self.found.authors or line.text[:3].lower() in {"by ", "by:"}:
            return True
        return not following or is_prose(following[0].text) or bool(read_date_line(following[0].text))

    def _by(self, line: Line, names: tuple[str, ...]) -> bool:
        self.found.wrote(line, names)
        self.signed.add(line.place)
        self.sheet.move(line, "byline", "names who wrote: now the authors")
        return True

    def _date(self, line: Line, following: list[Line]) -> bool:
        if line.place in self.diary:
            return False
        if is_date_label(line.text) and (line.text.endswith(_AWAITS) or _dated(line, following)):
            self.announced = line.text if _dated(line, following) else ""
            return self.sheet.cut([line], "date", "announces the date")
        printed = read_date_line(f"{self.announced} {line.text}".strip()) or self._placed_date(line)
        self.announced = ""
        if not printed:
            return False
        self.found.dated(line, printed)
        self.signed.add(line.place)
        self.sheet.move(line, "date", "is the printed date")
        return True

    def _placed_date(self, line: Line) -> tuple[Printed, ...]:
        """`Sevilla - 2 SEP 2022`: the place where it was written is the dateline."""
        place, mark, when = line.text.partition(" - ")
        printed = read_date_line(when) if mark and len(place.split()) == 1 and is_name(place) else ()
        if printed:
            self.found.say("dateline", line, place)
        return printed

    def _page(self, line: Line) -> bool:
        if is_bare_label(line.text):
            self.labels.add(line.place)
        under = line.place - 1 in self.labels and width(line.text) <= _LONGEST_TITLE
        if is_caption(line.text) or under or (self.left and ends_in_agency(line.text)):
            return self.sheet.cut([line], "caption", "is the caption or credit of a picture")
        tags = known.TAGS.fullmatch(line.text)
        if tags and self.left:
            self.found.tags(line, tags["names"])
            self.sheet.move(line, "tags", "names what the article is about: now its tags")
            return True
        if self.left and read_source(self.sheet, self.found, line):
            return True
        why = explain_guide(line.text)
        if why and line.heading != 1:
            if is_bar(line.text) and len(self.left) == 1:
                self.sheet.cut([self.left.pop()], "navigation", "is the name of the site")
            return self._guide(line, why)
        if _COUNT.fullmatch(line.text) and line.place - 1 in self.signed:
            self.signed.add(line.place)
            return self.sheet.cut([line], "counter", "counts what readers did")
        reason = furniture(line.text)
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
        return self.sheet.cut([line], *reason)

    def _guide(self, line: Line, why: str) -> bool:
        self.guided = self.guided or not self.left
        return self.sheet.cut([line], "navigation", why)

    def _small(self, line: Line) -> bool:
        return words(line.text) <= 6

    def _near(self, line: Line) -> list[Line]:
        """The headline, and the paragraphs at hand."""
        near = [
            one for one in self.sheet.lines if abs(one.place - line.place) <= _NEAR and is_prose(one.text)
        ]
        return [*self.left[:1], *near]

    def _settle(self) -> None:
        left = self._without_names(drop_repeats(self.sheet, self.left))
        read_headline(
            self.sheet, self.found, Head(tuple(left), frozenset(self.signed), self.begun, self.guided)
        )

    def _without_names(self, left: list[Line]) -> list[Line]:
        """A bare name beside the printed date, or with a role, is a byline under a headline."""
        kept = left[:1]
        for line in left[1:]:
            beside = {line.place - 1, line.place + 1} & self.signed
            if beside and self.found.authors and is_role(line.text):
                self.sheet.move(line, "byline", "says for whom the author writes")
                continue
            names = () if self.found.authors else bare_names(line, self.signed, self._near(line))
            if not (names and self._by(line, names)):
                kept.append(line)
        return kept


def _dated(label: Line, following: list[Line]) -> bool:
    return bool(following and read_date_line(f"{label.text} {following[0].text}"))


def _dates_of(byline: Byline) -> tuple[Printed, ...]:
    """The dates in the rest of a byline; what else is there (for whom, from where) is passed over."""
    whole = read_date_line(" | ".join(byline.rest)) if byline.rest else ()
    return whole or tuple(one for part in byline.rest for one in read_date_line(part))
