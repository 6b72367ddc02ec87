"""Article and its parts."""

from datetime import datetime
from typing import Any, Literal

import msgspec

Span = Literal["year", "month", "day"]
"""The precision of a date without a time."""


class Author(msgspec.Struct, frozen=True):
    """An author, a person or an organisation: queries use `slug`, `url` is their own page."""

    name: str
    slug: str
    url: str | None = None


class Tag(msgspec.Struct, frozen=True):
    name: str
    slug: str


class Source(msgspec.Struct, frozen=True):
    """The publication an article reports on or digests.

    `name` and `slug` are the publisher; `title`, `author` and `url` are the headline, byline and address of
    the article there; `feed` is the publisher's feed, if known. `published_within` as in `Article`.
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
    """The lead image; `width` and `height` in pixels, if known."""

    url: str
    alt: str | None = None
    width: int | None = None
    height: int | None = None


class Attachment(msgspec.Struct, frozen=True):
    """A file attached to an article; `length` in bytes, `duration` in seconds, if known."""

    url: str
    mime_type: str
    length: int | None = None
    title: str | None = None
    duration: int | None = None


class Translation(msgspec.Struct, frozen=True):
    language: str
    slug: str


class TranslationKey(msgspec.Struct, frozen=True):
    """A key that an article shares with its translations.

    A key that the file declares, the group it was exported with, its path without the language, its slug
    within the folders of languages, or its slug alone.
    """

    kind: Literal["declared", "group", "path", "tree", "slug"]
    key: str


class Body(msgspec.Struct, frozen=True):
    """The source text of an article as in its file, without front matter and links to hidden articles.

    `base` is the base address of its relative references: site-relative (`/files/posts/`) or absolute.
    """

    text: str
    format: Literal["markdown", "html", "text"]
    base: str


class Withdrawal(msgspec.Struct, frozen=True):
    reason: str
    at: datetime | None = None


class MenuEntry(msgspec.Struct, frozen=True):
    """The place of a page in the navigation of the site.

    `label` stands there instead of its title; the least `weight` comes first, entries without one last.
    """

    label: str | None = None
    weight: int | float | None = None


class Article(msgspec.Struct, frozen=True, kw_only=True):
    """One article, complete, or a page that is not an article.

    `content_html` is safe HTML with marked references (see `markup`), which `urls` makes absolute.
    `content_text` is the same text without markup, paragraphs separated by a blank line.
    `published` and `updated` are the first instant of the year, month or day that `published_within` and
    `updated_within` name, if no more is known.
    `series` is the name of the series it is a part of, and `series_order` its place there, if given.
    `extra` has every unknown front-matter key.
    `aliases` are former slugs, `addresses` its paths (`/2019/01/vote.html`) on another site.
    The slug of a page is its whole address on this site (`/about`, `/company/team`), as are its aliases; only
    a page has a `menu` entry.
    Articles in different languages that share one of `translation_keys` are translations of each other.
    `path` is its file, relative to the content folder; `number` its position in that file, from 0.
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
    updated_within: Span | None = None
    tags: tuple[Tag, ...] = ()
    series: str | None = None
    series_order: int | float | None = None
    featured: bool = False
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
    translation_keys: tuple[TranslationKey, ...] = ()
    word_count: int = 0
    reading_minutes: int = 0
    expires: datetime | None = None
    withdrawn: Withdrawal | None = None
    menu: MenuEntry | None = None
    extra: dict[str, Any] = msgspec.field(default_factory=dict)

    @property
    def is_page(self) -> bool:
        """Whether it is a page that is not an article: the slug of an article has no slash."""
        return self.slug.startswith("/")

    @property
    def changed(self) -> datetime | None:
        """The later of `published` and `updated`; None if it has neither."""
        return max(filter(None, (self.published, self.updated)), default=None)

    @property
    def changed_within(self) -> Span | None:
        """The precision of `changed`."""
        return self.published_within if self.changed == self.published else self.updated_within

    @property
    def withdrawn_at(self) -> datetime | None:
        """When it was withdrawn, at the earliest when it last changed; None if not withdrawn, or undated.

        Readers ignore a deletion that is older than the entry they have (RFC 6721 §3).
        """
        if self.withdrawn is None:
            return None
        return max(filter(None, (self.withdrawn.at, self.changed)), default=None)
