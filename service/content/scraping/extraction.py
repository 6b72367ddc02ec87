"""The steps that extract the article and its metadata from the lines of a scraped page."""

import re

import msgspec

from service.content.front_matter.values import Entry
from service.content.records import Receipt
from service.content.scraping.boilerplate.captions import drop_captions
from service.content.scraping.boilerplate.comment_threads import drop_thread
from service.content.scraping.boilerplate.removal import drop_boilerplate, drop_enclosed_label
from service.content.scraping.boilerplate.share_buttons import drop_share_buttons
from service.content.scraping.credits.dateline import read_dateline
from service.content.scraping.credits.footer import read_footer
from service.content.scraping.header.header_block import read_header_block
from service.content.scraping.language import detect_language
from service.content.scraping.lines.html_writer import write_html
from service.content.scraping.lines.line_buffer import Line, LineBuffer, is_prose
from service.content.scraping.lines.line_reader import read_lines
from service.content.scraping.lines.repetition import drop_repetition
from service.content.scraping.page_metadata import PageMetadata
from service.content.scraping.site_rules import apply_rules, find_kept_positions, find_rules
from service.errors import ContentError
from service.model import Site

_MOST_LINES_ABOVE_DATELINE = 8
_SPEAKER = re.compile(r"[A-ZÀ-Þ][A-ZÀ-Þ .'’-]{1,40}:\s")


class ExtractedLines(msgspec.Struct, frozen=True):
    """The lines that are the article, its metadata, and a receipt for each line that was removed."""

    lines: tuple[Line, ...]
    entries: dict[str, Entry]
    receipts: tuple[Receipt, ...]
    notes: tuple[ContentError, ...]


class ScrapedArticle(msgspec.Struct, frozen=True):
    """The article in a scraped page as HTML, and its metadata as front-matter entries.

    Every line that is not in `html` has a receipt; `notes` are warnings for the author.
    """

    html: str
    entries: dict[str, Entry]
    receipts: tuple[Receipt, ...]
    notes: tuple[ContentError, ...]


def read_text(text: str, path: str, site: Site) -> ScrapedArticle:
    """The article in the plain text of a scraped page at `path`. Never raises for any `text`."""
    extracted = extract_article(read_lines(text), path, site)
    receipts = sorted(extracted.receipts, key=lambda receipt: receipt.line)
    html = write_html(list(extracted.lines))
    return ScrapedArticle(html, extracted.entries, tuple(receipts), extracted.notes)


def extract_article(lines: list[Line], path: str, site: Site) -> ExtractedLines:
    """Which of `lines` are the article, and the metadata in the others."""
    rules = find_rules(path, site.scraped)
    buffer, metadata = LineBuffer(lines, find_kept_positions(lines, rules)), PageMetadata()
    apply_rules(buffer, metadata, rules)
    drop_repetition(buffer)
    drop_share_buttons(buffer)
    read_header_block(buffer, metadata)
    drop_thread(buffer)
    drop_boilerplate(buffer, metadata)
    while read_footer(buffer, metadata) or drop_enclosed_label(buffer):
        drop_boilerplate(buffer, metadata)
    drop_captions(buffer)
    _read_dateline(buffer, metadata)
    language = detect_language("\n".join(line.text for line in buffer.lines))
    metadata.resolve(buffer, language or site.language)
    if language and len(buffer) and language.split("-")[0] != site.language.split("-")[0]:
        metadata.add("language", buffer.lines[0], language)
    return ExtractedLines(tuple(buffer.lines), metadata.entries, tuple(buffer.receipts), tuple(buffer.notes))


def _read_dateline(buffer: LineBuffer, metadata: PageMetadata) -> None:
    """Move the dateline from the beginning of the first paragraph into the metadata."""
    for line in _first_lines(buffer):
        dateline = read_dateline(line.text)
        if dateline is None or (dateline.doubtful and _is_interview(buffer)):
            continue
        rest = line.text[dateline.length :]
        if dateline.place is None:
            buffer.shorten(line, rest, "dateline", "is what was left of a dateline")
            return
        metadata.add("dateline", line, dateline.place)
        if dateline.writer and not metadata.authors:
            metadata.add_authors(line, (dateline.writer,))
        if dateline.printed:
            metadata.add_dates(line, (dateline.printed,))
        buffer.shorten(line, rest, "dateline", "says where the report was written: now the dateline")
        return


def _first_lines(buffer: LineBuffer) -> list[Line]:
    """The lines up to the first paragraph; the very first line may be a headline."""
    lines = buffer.lines[:_MOST_LINES_ABOVE_DATELINE]
    first_prose = next(
        (index for index, line in enumerate(lines) if index and is_prose(line.text)), len(lines)
    )
    return lines[: first_prose + 1]


def _is_interview(buffer: LineBuffer) -> bool:
    """Whether several lines begin with the name of a speaker: `NAME:`."""
    return sum(bool(_SPEAKER.match(line.text)) for line in buffer.lines) > 1
