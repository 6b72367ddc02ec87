"""Reads a raw article without front matter as a scraped page."""

import msgspec

from service.content.body.omissions import omission_notes
from service.content.dates.date_field import read_date
from service.content.front_matter.values import Entry, normal_key
from service.content.parsing.raw_article import RawArticle
from service.content.scraping.extraction import ScrapedArticle, read_text
from service.content.scraping.html_page import read_page
from service.errors import ContentError
from service.markup import Omission, close_raw_html
from service.model import Site

# The front-matter keys under which each fact may already be given.
_SYNONYMS = {
    "title": {"title", "headline", "name"},
    "authors": {"author", "authors", "by", "byline"},
    "date": {
        "date",
        "published",
        "publish_date",
        "publishdate",
        "pubdate",
        "published_at",
        "date_published",
        "created",
    },
    "updated": {"updated", "modified", "lastmod", "updated_at", "date_modified"},
    "language": {"language", "lang", "locale"},
    "subtitle": {"subtitle", "sub_title", "deck", "kicker"},
    "tags": {"tags", "tag", "keywords", "topics", "categories", "category"},
}


def read_scraped(raw: RawArticle, site: Site, *, is_dated: bool) -> RawArticle:
    """The article in the scraped text of `raw`; its keys win over the metadata of the text.

    It has a receipt for each line removed. `is_dated` is whether the file name gives a date, which wins over
    a printed one.
    """
    text = (raw.scraped or "").replace("\r\n", "\n").replace("\r", "\n")
    omissions: tuple[Omission, ...] = ()
    if raw.format == "html":
        text, omissions = close_raw_html(text)
        body, _ = close_raw_html(raw.text)
        scraped = read_page(text, body, raw.path, site)
    else:
        scraped = read_text(text, raw.path, site)
    entries = _prefer_headline(raw.entries, scraped)
    keys = {normal_key(entry.name) for entry in entries}
    candidates = [
        entry
        for name, entry in scraped.entries.items()
        if not keys & _SYNONYMS.get(name, {name}) and not (is_dated and name == "date")
    ]
    faults = {entry.name: fault for entry in candidates if (fault := _find_date_fault(entry, site))}
    added = [entry for entry in candidates if entry.name not in faults and _has_web_address(entry)]
    notes = [*scraped.notes, *faults.values(), *omission_notes(omissions, lambda omission: omission.line)]
    # In a record of a data file, line numbers within the text mean nothing: use that of the record.
    if not raw.path.lower().endswith((".txt", ".html", ".htm")):
        added = [Entry(entry.name, raw.line, entry.value) for entry in added]
        notes = [ContentError(raw.line, note.message) for note in notes]
    return msgspec.structs.replace(
        raw,
        entries=(*entries, *added),
        text=scraped.html,
        format="html",
        notes=tuple(notes),
        receipts=scraped.receipts,
    )


def _prefer_headline(entries: tuple[Entry, ...], scraped: ScrapedArticle) -> tuple[Entry, ...]:
    """The entries with the headline in place of a `<title>` that adds the name of the site to it."""
    headline = scraped.entries.get("title")
    return tuple(
        headline
        if headline and entry.name == "title" and str(headline.value) in " ".join(str(entry.value).split())
        else entry
        for entry in entries
    )


def _find_date_fault(entry: Entry, site: Site) -> ContentError | None:
    """The fault of a date of a page, which is left out: it must not fail the article."""
    if entry.name not in {"date", "updated"}:
        return None
    try:
        read_date(entry.value, site.zone)
    except (ValueError, TypeError) as error:
        return ContentError(
            entry.line, f"scraped page: {entry.name} {error}, as `{entry.name}:` in front matter"
        )
    return None


def _has_web_address(entry: Entry) -> bool:
    """Whether the canonical address of a page is one; True for any other entry."""
    return entry.name != "canonical" or str(entry.value).startswith(("http://", "https://"))
