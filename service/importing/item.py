"""Items, and notes about what a reader left out, cut or guessed."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import unquote, urlsplit

import msgspec

from service.content.dates.date_text import ParsedDate, parse_date, unknown_zone_message
from service.errors import printable
from service.importing.document import SourceDocument
from service.markup import resolve
from service.model import Attachment, Author, Image, Site, Source, Span, Withdrawal, language_tag

# A query that identifies the article; other queries are for tracking (`?utm_source=rss`).
_NUMBERED = re.compile(
    r"(?:^|&)(?:p|page_id|post|postid|id|nid|article|entry|itemid|story)=\w*\d", re.IGNORECASE
)

NoteKind = Literal["fault", "left out", "guessed", "cut", "note"]


class Note(msgspec.Struct, frozen=True, order=True):
    """One message about one place in a source: `place` is a file, perhaps with `:line` or `, entry N`.

    A `fault` could not be imported; what is `left out` is excluded by design. `category` and `count` say how
    the summary counts it: 12 "comments", 3 "pages".
    """

    kind: NoteKind
    place: str
    message: str
    category: str = ""
    count: int = 1

    def __str__(self) -> str:
        return f"{printable(self.place)}: {self.message}"


class ImportedItem(msgspec.Struct, frozen=True, kw_only=True):
    """One article as its source gives it, before it has a file.

    `text` is HTML or Markdown (`format`), its relative references taken from `base`; `link` is where it was
    published, absolute. `files` are its files, as paths below the folder of the source. `dropped` counts what
    could not be converted, by what it is (`[pricing]`: 2). `notes` are (kind, message) of what was guessed,
    cut or could not be read. `draft` is why it is written as a draft, as the end of the sentence "it is …";
    None where its source showed it to everybody. `is_page` is whether its source keeps it as a page, such as
    `/about`, and not as a post.
    """

    place: str
    title: str | None
    text: str
    format: Literal["html", "markdown"] = "html"
    base: str = ""
    id: str | None = None
    link: str | None = None
    slug: str | None = None
    title_derived: bool = False
    subtitle: str | None = None
    summary: str | None = None
    published: datetime | None = None
    published_within: Span | None = None
    updated: datetime | None = None
    updated_within: Span | None = None
    language: str | None = None
    authors: tuple[Author, ...] = ()
    tags: tuple[str, ...] = ()
    series: str | None = None
    series_order: int | float | None = None
    featured: bool = False
    dateline: str | None = None
    source: Source | None = None
    image: Image | None = None
    attachments: tuple[Attachment, ...] = ()
    canonical: str | None = None
    rights: str | None = None
    correction: str | None = None
    expires: datetime | None = None
    withdrawn: Withdrawal | None = None
    draft: str | None = None
    is_page: bool = False
    aliases: tuple[str, ...] = ()
    extra: dict[str, Any] = msgspec.field(default_factory=dict)
    files: tuple[str, ...] = ()
    dropped: dict[str, int] = msgspec.field(default_factory=dict)
    notes: tuple[tuple[NoteKind, str], ...] = ()

    @property
    def path(self) -> str:
        """The path of `link`, decoded; empty if other articles share it, as in `/blog/?p=12`."""
        parts = urlsplit(self.link or "")
        return "" if numbered_query(parts.query) else unquote(parts.path)


def numbered_query(query: str) -> str:
    """The part of a query string by which a system finds an article, such as `p=12`; "" for none."""
    match = _NUMBERED.search(query)
    return match.group().lstrip("&") if match else ""


class ImportOptions(msgspec.Struct, frozen=True):
    """How to read a source.

    `site` will publish the items, `base` is the address of the old site, and `pages` is whether to import
    pages as well. Posts scheduled for a time after `now` keep their time; without `now` they become drafts.
    `documents` are the feeds and exports that are imported together: one export may be several of them.
    """

    site: Site
    base: str | None = None
    pages: bool = False
    now: datetime | None = None
    documents: tuple[SourceDocument, ...] = ()


ItemsAndNotes = Iterator[ImportedItem | Note]
"""Items and notes, in the order of their source."""

Reader = Callable[[SourceDocument, str, ImportOptions], ItemsAndNotes]
"""Reads a document called so. Raises ContentError when nothing more can be read of it."""


class FieldReader:
    """Reads single values of one item; a value that cannot be read is ignored and noted."""

    def __init__(self, options: ImportOptions, base: str | None) -> None:
        self.notes: list[tuple[NoteKind, str]] = []
        self._zone = options.site.zone
        self._base = base or ""

    def instant(self, text: str | None, what: str) -> datetime | None:
        parsed = self.date(text, what)
        return parsed.instant if parsed else None

    def date(self, text: str | None, what: str) -> ParsedDate | None:
        """A date with its precision."""
        if not text or not text.strip():
            return None
        try:
            parsed = parse_date(text.strip(), self._zone)
        except ValueError as error:
            self.notes.append(("note", f"{what} {text.strip()[:60]!r} is ignored: {error}"))
            return None
        if parsed.unknown_zone:
            self.notes.append(
                ("note", f"{what} {text.strip()[:60]!r}: {unknown_zone_message(parsed.unknown_zone)}")
            )
        return parsed

    def seconds(self, count: int, what: str) -> datetime | None:
        """The instant `count` seconds after the Unix epoch."""
        try:
            return datetime.fromtimestamp(count, UTC)
        except (OverflowError, OSError, ValueError):
            self.notes.append(("note", f"{what} {count} is ignored: it is not a date and time"))
            return None

    def language(self, text: str | None) -> str | None:
        if not text or not text.strip():
            return None
        tag = language_tag(text)
        if tag is None:
            self.notes.append(
                ("note", f"language {text.strip()[:60]!r} is ignored: it is not a language tag")
            )
        return tag

    def reference(self, text: str | None, what: str) -> str | None:
        """An absolute address; None if it cannot be resolved."""
        if not text or not text.strip():
            return None
        try:
            address = resolve(text, self._base)
            if address and address.startswith(("http://", "https://", "/")) and urlsplit(address):
                return address
        except ValueError:
            pass  # an invalid URL, such as `http://[`, is not an address
        self.notes.append(("note", f"{what} {text.strip()[:60]!r} is left out: it is not a web address"))
        return None

    def number(self, text: object) -> int | None:
        """An integer of at least 0, else None: the `length` in a feed is often invalid or missing."""
        written = str(text).strip() if text is not None else ""
        return int(written) if written.isascii() and written.isdigit() and len(written) <= 15 else None
