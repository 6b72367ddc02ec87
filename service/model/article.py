"""One article and its parts."""

from datetime import datetime
from typing import Any, Literal

import msgspec

Span = Literal["year", "month"]
"""What a date lies within where its day is not known."""


class Author(msgspec.Struct, frozen=True):
    """A person or body that wrote: `slug` is what a query names, `url` their own page."""

    name: str
    slug: str
    url: str | None = None


class Tag(msgspec.Struct, frozen=True):
    name: str
    slug: str


class Source(msgspec.Struct, frozen=True):
    """The publication an article reports on or digests.

    `name` and `slug` are the publisher, `title` its headline, `author` its byline as printed, `url` the
    article there, `feed` the publisher's own feed where it is known. `published_within` as in an Article.
    """

    name: str
    slug: str
    url: str | None = None
    title: str | None = None
    author: str | None = None
    published: datetime | None = None
    feed: str | None = None
    published_within: Span | None = None


class Image(msgspec.Struct, frozen=True):
    """The lead image; `width` and `height` in pixels when known."""

    url: str
    alt: str | None = None
    width: int | None = None
    height: int | None = None


class Attachment(msgspec.Struct, frozen=True):
    """A file that goes with an article; `length` in bytes, `duration` in seconds, when known."""

    url: str
    mime_type: str
    length: int | None = None
    title: str | None = None
    duration: int | None = None


class Translation(msgspec.Struct, frozen=True):
    language: str
    slug: str


class Body(msgspec.Struct, frozen=True):
    """The text an article was made from, as it stood in its file, without front matter.

    `base` is what its relative references are relative to: site-relative (`/files/posts/`) or absolute.
    """

    text: str
    format: Literal["markdown", "html", "text"]
    base: str


class Withdrawal(msgspec.Struct, frozen=True):
    reason: str
    at: datetime | None = None


class Article(msgspec.Struct, frozen=True, kw_only=True):
    """One article, complete.

    `content_html` is safe HTML in which references are marked, not absolute (see `markup`); `urls` resolves
    the marks. `content_text` is the same text without markup, paragraphs apart by a blank line.
    `published` is the first instant of the year or month in `published_within`, where no more is known.
    `extra` holds every front-matter key nobody knows, as given.
    `aliases` are former slugs, `addresses` the paths (`/2019/01/vote.html`) it had or has on another site.
    Articles in different languages that share one of `kin` are translations of each other.
    `path` is the file it came from, relative to the content folder; `number` its place in that file, from 0.
    """

    id: str
    slug: str
    title: str
    content_html: str
    content_text: str
    summary: str
    language: str
    path: str
    body: Body
    number: int = 0
    title_derived: bool = False
    subtitle: str | None = None
    authors: tuple[Author, ...] = ()
    published: datetime | None = None
    published_within: Span | None = None
    updated: datetime | None = None
    tags: tuple[Tag, ...] = ()
    source: Source | None = None
    dateline: str | None = None
    image: Image | None = None
    attachments: tuple[Attachment, ...] = ()
    canonical: str | None = None
    rights: str | None = None
    correction: str | None = None
    translations: tuple[Translation, ...] = ()
    aliases: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    kin: tuple[str, ...] = ()
    word_count: int = 0
    reading_minutes: int = 0
    expires: datetime | None = None
    withdrawn: Withdrawal | None = None
    extra: dict[str, Any] = msgspec.field(default_factory=dict)

    @property
    def changed(self) -> datetime | None:
        """The later of `published` and `updated`; None for an undated article nobody updated."""
        known = [instant for instant in (self.published, self.updated) if instant]
        return max(known) if known else None

    @property
    def withdrawn_at(self) -> datetime | None:
        """When it was withdrawn, never before it last changed; None where neither is dated, or it was not.

        A deletion older than the entry a reader holds is one of an earlier version (RFC 6721 §3).
        """
        if self.withdrawn is None:
            return None
        known = [instant for instant in (self.withdrawn.at, self.changed) if instant]
        return max(known) if known else None
