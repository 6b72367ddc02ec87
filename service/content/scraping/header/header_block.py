"""Reads the lines above the text: label, headline, standfirst, byline, date, credit of the picture."""

import re

from service.content.dates.date_lines import is_date_label, read_date_line
from service.content.dates.printed_dates import Printed
from service.content.scraping.boilerplate.breadcrumbs import is_menu_bar, match_breadcrumbs
from service.content.scraping.boilerplate.captions import (
    CAPTION_REASON,
    ends_in_agency,
    is_bare_label,
    is_caption,
)
from service.content.scraping.boilerplate.line_rules import match_boilerplate
from service.content.scraping.boilerplate.removal import TAGS_REASON, match_tags
from service.content.scraping.credits.byline import (
    Byline,
    is_author_role,
    is_bare_by,
    is_name,
    match_by,
    read_byline,
    read_names,
)
from service.content.scraping.credits.footer import read_source
from service.content.scraping.credits.signature_lines import read_bare_names, read_signed_date
from service.content.scraping.header.body_start import starts_body
from service.content.scraping.header.diary_dates import find_diary_dates
from service.content.scraping.header.headline import (
    HeaderLines,
    drop_repeated_headlines,
    is_label,
    read_headline,
)
from service.content.scraping.lines.line_buffer import Line, LineBuffer, count_words, display_width, is_prose
from service.content.scraping.page_metadata import PageMetadata

_MOST_LINES = 18
_LONGEST_CAPTION_BELOW_LABEL = 200
_LOOK_AHEAD = 3
_NEAR = 6
_MOST_WORDS_IN_NAVIGATION = 6
_AWAITS_DATE = (" on", ":", "：")
_AWAITS_NAME = re.compile(r"(?:,|&|\b(?:and|und|et|y|e|og|och|en))$", re.IGNORECASE)
_COUNT = re.compile(r"\d{1,3}(?:[.,]?\d{3})*")
_COOKIES = re.compile(r"cookies?\b|privacy policy|datenschutz", re.IGNORECASE)
_AND = re.compile(r"(?:and|und|et|y|e|og|och|en|&)(?:\s+|$)", re.IGNORECASE)


def read_header_block(buffer: LineBuffer, metadata: PageMetadata) -> None:
    """Move the header of a page into `metadata`, and cut the lines that are not about the article."""
    _HeaderReader(buffer, metadata).run()


class _HeaderReader:
    """Reads a page from the top; `unrecognised` holds the lines that no rule has recognised so far."""

    def __init__(self, buffer: LineBuffer, metadata: PageMetadata) -> None:
        self.buffer = buffer
        self.metadata = metadata
        self.unrecognised: list[Line] = []
        self.signed: set[int] = set()
        self.awaits_name = False
        self.has_navigation = False
        self.date_label = ""
        self.caption_labels: set[int] = set()
        self.diary_dates = find_diary_dates(buffer)

    def run(self) -> None:
        has_body = self._read_lines()
        lines = self._read_bare_names(drop_repeated_headlines(self.buffer, self.unrecognised))
        header = HeaderLines(tuple(lines), frozenset(self.signed), has_body, self.has_navigation)
        read_headline(self.buffer, self.metadata, header)

    def _read_lines(self) -> bool:
        """Read line by line down to the text; return whether the text was reached."""
        lines = self.buffer.lines[:_MOST_LINES]
        for index, line in enumerate(lines):
            next_lines = lines[index + 1 : index + 1 + _LOOK_AHEAD]
            if self._read_names(line, next_lines) or self._read_date(line, next_lines) or self._drop(line):
                continue
            has_headline, has_credits = bool(self.unrecognised), bool(self.signed)
            if line.heading != 1 and starts_body(
                line, next_lines, self.diary_dates, has_headline=has_headline, has_credits=has_credits
            ):
                return True
            self.unrecognised.append(line)
        return False

    def _read_names(self, line: Line, next_lines: list[Line]) -> bool:
        """Move a line that names authors, or a part of a byline; return whether it was moved."""
        text = line.text
        if is_bare_by(text):
            return self._await_name(line, "opens the byline")
        joined = _AND.match(text) if self.awaits_name or self.metadata.authors else None
        if joined and joined.end() == len(text):
            return self._await_name(line, "joins two names of the byline")
        if (self.awaits_name or joined) and self._read_partial_byline(line, joined.end() if joined else 0):
            return True
        opening = match_by(text)
        if opening and _AWAITS_NAME.search(text):
            return self._read_partial_byline(line, opening.end())
        byline = read_byline(text)
        if byline and self._is_byline(line, next_lines):
            self.metadata.add_dates(line, _dates_of(byline))
            return self._add_authors(line, byline.names)
        return self._move_role(line) or self._read_signed_date(line)

    def _await_name(self, line: Line, reason: str) -> bool:
        self.awaits_name = True
        self._move_byline(line, reason)
        return True

    def _read_partial_byline(self, line: Line, start: int) -> bool:
        """Read the names from `start` on; a comma or `and` at the end says that the next line has more."""
        names = read_names(_AWAITS_NAME.sub("", line.text[start:]))
        self.awaits_name = bool(names) and bool(_AWAITS_NAME.search(line.text[start:]))
        return bool(names) and self._add_authors(line, names)

    def _move_role(self, line: Line) -> bool:
        if not self.metadata.authors or line.position - 1 not in self.signed:
            return False
        begins_with_name = any(line.text.startswith(f"{name} ") for name in self.metadata.author_names)
        if not begins_with_name and not is_author_role(line.text):
            return False
        self._move_byline(line, "is the role of the author, or the publication")
        return True

    def _read_signed_date(self, line: Line) -> bool:
        signature = read_signed_date(line.text) if self.unrecognised else None
        if signature is None:
            return False
        self.metadata.add_dates(line, signature.dates)
        return self._add_authors(line, signature.names)

    def _is_byline(self, line: Line, next_lines: list[Line]) -> bool:
        """Whether a line read as a byline is one: a headline may also begin with `Von` or `Di`."""
        if line.text.startswith("من "):  # also `from` and `who`, at the beginning of a headline
            return bool(self.unrecognised)
        if self.unrecognised or self.metadata.authors or line.text[:3].lower() in {"by ", "by:"}:
            return True
        return not next_lines or is_prose(next_lines[0].text) or bool(read_date_line(next_lines[0].text))

    def _add_authors(self, line: Line, names: tuple[str, ...]) -> bool:
        self.metadata.add_authors(line, names)
        self._move_byline(line, "names the author: now the authors")
        return True

    def _move_byline(self, line: Line, reason: str) -> None:
        self.signed.add(line.position)
        self.buffer.move(line, "byline", reason)

    def _read_date(self, line: Line, next_lines: list[Line]) -> bool:
        """Move a line that holds the date, or cut one that announces it; return whether it was removed."""
        if line.position in self.diary_dates:
            return False
        if is_date_label(line.text):
            labels_next = _labels_next_line(line, next_lines)
            if labels_next or line.text.endswith(_AWAITS_DATE):
                self.date_label = line.text if labels_next else ""
                return self.buffer.cut([line], "date", "announces the date")
        dates = read_date_line(f"{self.date_label} {line.text}".strip()) or self._read_placed_date(line)
        self.date_label = ""
        if not dates:
            return False
        self.metadata.add_dates(line, dates)
        self.signed.add(line.position)
        self.buffer.move(line, "date", "is the printed date")
        return True

    def _read_placed_date(self, line: Line) -> tuple[Printed, ...]:
        """Read `Sevilla - 2 SEP 2022`, where the place is the dateline."""
        place, separator, date = line.text.partition(" - ")
        is_place = bool(separator) and len(place.split()) == 1 and is_name(place)
        dates = read_date_line(date) if is_place else ()
        if dates:
            self.metadata.add("dateline", line, place)
        return dates

    def _drop(self, line: Line) -> bool:
        """Cut a line of boilerplate, or move tags and source; return whether the line was removed."""
        return self._drop_caption(line) or self._read_labelled(line) or self._drop_boilerplate(line)

    def _drop_caption(self, line: Line) -> bool:
        if is_bare_label(line.text):
            self.caption_labels.add(line.position)
        below_label = (
            line.position - 1 in self.caption_labels
            and display_width(line.text) <= _LONGEST_CAPTION_BELOW_LABEL
        )
        is_credit = bool(self.unrecognised) and ends_in_agency(line.text)
        if not (is_caption(line.text) or below_label or is_credit):
            return False
        return self.buffer.cut([line], "caption", CAPTION_REASON)

    def _read_labelled(self, line: Line) -> bool:
        """Move a line with tags or the source, which stands below the headline only."""
        if not self.unrecognised:
            return False
        tags = match_tags(line.text)
        if tags is None:
            return read_source(self.buffer, self.metadata, line)
        self.metadata.add_tags(line, tags)
        self.buffer.move(line, "tags", TAGS_REASON)
        return True

    def _drop_boilerplate(self, line: Line) -> bool:
        navigation = match_breadcrumbs(line.text)
        if navigation and line.heading != 1:
            if is_menu_bar(line.text) and len(self.unrecognised) == 1:
                self.buffer.cut([self.unrecognised.pop()], "navigation", "is the name of the site")
            return self._drop_navigation(line, navigation)
        if _COUNT.fullmatch(line.text) and line.position - 1 in self.signed:
            self.signed.add(line.position)
            return self.buffer.cut([line], "counter", "counts shares, views or comments")
        match = match_boilerplate(line.text)
        if match is None or line.heading == 1:
            return False
        rule, reason = match
        if rule == "shop" and not self.unrecognised:
            return False
        if rule in {"next", "navigation"} and not (
            is_label(line.text)
            or count_words(line.text) <= _MOST_WORDS_IN_NAVIGATION
            or _COOKIES.search(line.text)
        ):
            return False
        if rule == "navigation":
            return self._drop_navigation(line, reason)
        return self.buffer.cut([line], rule, reason)

    def _drop_navigation(self, line: Line, reason: str) -> bool:
        self.has_navigation = self.has_navigation or not self.unrecognised
        return self.buffer.cut([line], "navigation", reason)

    def _read_bare_names(self, lines: list[Line]) -> list[Line]:
        """Move names without `By`, next to the date or with a role; return the other lines."""
        kept = lines[:1]
        for line in lines[1:]:
            next_to_credits = bool({line.position - 1, line.position + 1} & self.signed)
            if next_to_credits and self.metadata.authors and is_author_role(line.text):
                self.buffer.move(line, "byline", "is the role of the author, or the publication")
                continue
            names = (
                () if self.metadata.authors else read_bare_names(line, self.signed, self._lines_near(line))
            )
            if not (names and self._add_authors(line, names)):
                kept.append(line)
        return kept

    def _lines_near(self, line: Line) -> list[Line]:
        """The headline and the paragraphs close to a line."""
        paragraphs = [
            other
            for other in self.buffer.lines
            if abs(other.position - line.position) <= _NEAR and is_prose(other.text)
        ]
        return [*self.unrecognised[:1], *paragraphs]


def _labels_next_line(label: Line, next_lines: list[Line]) -> bool:
    return bool(next_lines and read_date_line(f"{label.text} {next_lines[0].text}"))


def _dates_of(byline: Byline) -> tuple[Printed, ...]:
    """The dates in the rest of a byline; a publication or place in it is ignored."""
    dates = read_date_line(" | ".join(byline.rest)) if byline.rest else ()
    return dates or tuple(printed for part in byline.rest for printed in read_date_line(part))
