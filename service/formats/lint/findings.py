"""The result of a lint: the entries of a feed document, the documents it links to, and its faults."""

from datetime import datetime

import msgspec


class Finding(msgspec.Struct, frozen=True, order=True):
    """A broken rule; `entry` is the id of the entry that breaks it, "" for the head of the feed.

    `advice` marks a recommendation that no specification requires.
    """

    entry: str
    message: str
    advice: bool = False


class Enclosure(msgspec.Struct, frozen=True):
    url: str
    mime_type: str
    length: int | None


class LintedEntry(msgspec.Struct, frozen=True):
    """An entry, as compared between documents and formats; `size` is that of its markup in bytes."""

    id: str
    published: datetime | None
    updated: datetime | None
    enclosures: tuple[Enclosure, ...]
    size: int


class Document(msgspec.Struct, frozen=True):
    """A feed document. `next_url` is the next page or, in an archive document, the previous archive.

    `archive` is the first archive document that a page links to.
    """

    entries: tuple[LintedEntry, ...] = ()
    next_url: str | None = None
    archive: str | None = None
    findings: tuple[Finding, ...] = ()
