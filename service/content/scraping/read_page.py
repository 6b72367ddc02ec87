"""A scraped page, from its lines to the article in it."""

import re
from collections.abc import Iterator

import msgspec

from service.content.parsing.values import Entry
from service.content.records import Receipt
from service.content.scraping.boilerplate import drop_label, drop_trailers
from service.content.scraping.captions import drop_captions
from service.content.scraping.comment_threads import drop_thread
from service.content.scraping.dateline import read_dateline
from service.content.scraping.footer import read_foot
from service.content.scraping.header_block import read_masthead
from service.content.scraping.headings import write_html
from service.content.scraping.language import detect_language
from service.content.scraping.line_buffer import Line, Sheet, is_prose
from service.content.scraping.lines import read_lines
from service.content.scraping.page_metadata import Found
from service.content.scraping.repetition import drop_repetition
from service.content.scraping.share_buttons import drop_buttons
from service.content.scraping.site_rules import follow_rules, kept_places, rules_for
from service.errors import ContentError
from service.model import Site

_DEEPEST_DATELINE = 8
_SPEAKER = re.compile(r"[A-ZÀ-Þ][A-ZÀ-Þ .'’-]{1,40}:\s")


class Scraped(msgspec.Struct, frozen=True):
    """The article in a scraped page: its text as HTML, its facts as front matter would say them.

    Every line that is not in `html` has a receipt; `notes` are to be told to whoever keeps the site.
    """

    html: str
    entries: dict[str, Entry]
    receipts: tuple[Receipt, ...]
    notes: tuple[ContentError, ...]


def read_text(text: str, path: str, site: Site) -> Scraped:
    """The article in the plain text of a scraped page at `path`. Never raises for any `text`."""
    sheet, found = work_on(read_lines(text), path, site)
    return Scraped(
        html=write_html(sheet.lines),
        entries=found.entries,
        receipts=tuple(sorted(sheet.receipts, key=lambda receipt: receipt.line)),
        notes=tuple(sheet.notes),
    )


def work_on(lines: list[Line], path: str, site: Site) -> tuple[Sheet, Found]:
    """What of `lines` is the article, and what the rest says of it."""
    rules = rules_for(path, site.scraped)
    sheet, found = Sheet(lines, kept_places(lines, rules)), Found()
    follow_rules(sheet, found, rules)
    drop_repetition(sheet)
    drop_buttons(sheet)
    read_masthead(sheet, found)
    drop_thread(sheet)
    drop_trailers(sheet, found)
    while read_foot(sheet, found) or drop_label(sheet):
        drop_trailers(sheet, found)
    drop_captions(sheet)
    _read_dateline(sheet, found)
    language = detect_language("\n".join(line.text for line in sheet.lines))
    found.settle(sheet, language or site.language)
    if language and len(sheet) and language.split("-")[0] != site.language.split("-")[0]:
        found.say("language", sheet.lines[0], language)
    return sheet, found


def _read_dateline(sheet: Sheet, found: Found) -> None:
    """Take the dateline off the first paragraph."""
    for line in _as_far_as_prose(sheet):
        told = read_dateline(line.text)
        if told is None or (told.doubtful and _speaks_in_turns(sheet)):
            continue
        rest = line.text[told.length :]
        if told.place is None:
            sheet.shorten(line, rest, "dateline", "is what was left of a dateline")
            return
        found.say("dateline", line, told.place)
        if told.writer and not found.authors:
            found.wrote(line, (told.writer,))
        if told.printed:
            found.dated(line, (told.printed,))
        sheet.shorten(line, rest, "dateline", "says where the report was written: now the dateline")
        return


def _as_far_as_prose(sheet: Sheet) -> Iterator[Line]:
    for line in sheet.lines[:_DEEPEST_DATELINE]:
        yield line
        if is_prose(line.text) and line is not sheet.lines[0]:
            return


def _speaks_in_turns(sheet: Sheet) -> bool:
    """Whether lines begin with `NAME:` again and again, as the words of an interview do."""
    return sum(bool(_SPEAKER.match(line.text)) for line in sheet.lines) > 1
