"""A raw article without front matter, read as a scraped page."""

import msgspec

from service.content.dates.parse import parse_date
from service.content.fields.omissions import omission_notes
from service.content.parsing.raw_article import RawArticle
from service.content.parsing.values import Entry, normal_key
from service.content.records import Receipt
from service.content.scraping.page import read_page
from service.content.scraping.read_page import Scraped, read_text
from service.errors import ContentError
from service.markup import Omission, close_raw_html
from service.model import Site

# Facts that may stand under several keys: who gives one of them has said it.
_SAME = {
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


class Page(msgspec.Struct, frozen=True):
    """The raw article with what its text says of itself, and what is to be told of the reading."""

    raw: RawArticle
    receipts: tuple[Receipt, ...]
    notes: tuple[ContentError, ...]


def read_scraped(raw: RawArticle, site: Site, *, dated: bool) -> Page:
    """The article in the scraped text of `raw`; what its keys say wins over what the text says.

    `dated` is whether the name of the file gives a date, which wins over a printed one.
    """
    text = (raw.scraped or "").replace("\r\n", "\n").replace("\r", "\n")
    omissions: tuple[Omission, ...] = ()
    if raw.form == "html":
        text, omissions = close_raw_html(text)
        body, _ = close_raw_html(raw.text)
        scraped = read_page(text, body, raw.path, site)
    else:
        scraped = read_text(text, raw.path, site)
    entries = _better_title(raw.entries, scraped)
    given = {normal_key(entry.name) for entry in entries}
    said = [
        entry
        for name, entry in scraped.entries.items()
        if not given & _SAME.get(name, {name}) and _holds(entry, site) and not (dated and name == "date")
    ]
    in_record = not raw.path.lower().endswith((".txt", ".html", ".htm"))
    if in_record:
        said = [Entry(entry.name, raw.line, entry.value) for entry in said]
    notes = [
        ContentError(raw.line if in_record else note.line, note.message)
        for note in (*scraped.notes, *omission_notes(omissions, lambda omission: omission.line))
    ]
    read = msgspec.structs.replace(raw, entries=(*entries, *said), text=scraped.html, form="html")
    return Page(read, scraped.receipts, tuple(notes))


def _better_title(entries: tuple[Entry, ...], scraped: Scraped) -> tuple[Entry, ...]:
    """The keys, with the headline instead of a `<title>` that says it and the name of the site."""
    headline = scraped.entries.get("title")
    return tuple(
        headline
        if headline and entry.name == "title" and str(headline.value) in " ".join(str(entry.value).split())
        else entry
        for entry in entries
    )


def _holds(entry: Entry, site: Site) -> bool:
    """Whether a page's word can stand as a field: one that cannot does not set the article aside."""
    if entry.name in {"date", "updated"}:
        try:
            parse_date(str(entry.value), site.zone)
        except ValueError:
            return False
    return entry.name != "canonical" or str(entry.value).startswith(("http://", "https://"))
