"""What a look at a feed document gives: its entries, where it goes on, and what is wrong with it."""

from datetime import datetime

import msgspec


class Finding(msgspec.Struct, frozen=True, order=True):
    """A rule that is broken; `entry` is the id of the entry that breaks it, "" for the head of the feed.

    `advice` is set where no specification demands it, but readers fare better.
    """

    entry: str
    message: str
    advice: bool = False


class Enclosure(msgspec.Struct, frozen=True):
    url: str
    mime_type: str
    length: int | None


class LintedEntry(msgspec.Struct, frozen=True):
    """What is compared across entries, documents and formats; `size` in bytes, of the entry's markup."""

    id: str
    published: datetime | None
    updated: datetime | None
    enclosures: tuple[Enclosure, ...]
    size: int


class Document(msgspec.Struct, frozen=True):
    """`following` is where a walk goes on: the next page, or from an archive document the one before it.

    `archive` is where the walk through the archive begins; only pages tell it.
    """

    entries: tuple[LintedEntry, ...] = ()
    following: str | None = None
    archive: str | None = None
    findings: tuple[Finding, ...] = ()
