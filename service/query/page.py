"""Answers to a query: `Page`, `ArchivePage`, and the parts of both."""

from datetime import datetime
from typing import Literal

import msgspec

from service.model import Article
from service.query.cursors import ArchiveCursor, ChangeCursor, ChangePosition, Cursor, ListPosition
from service.query.filters import TermKind
from service.query.query import Period


class TermName(msgspec.Struct, frozen=True):
    """How a slug in a query is shown: (`tag`, `islamic-state`, `Islamic State`); an article by its title."""

    kind: TermKind | Literal["article"]
    slug: str
    name: str


class Tombstone(msgspec.Struct, frozen=True):
    """The deleted entry (RFC 6721) of an article that was withdrawn or has expired."""

    id: str
    reason: str
    at: datetime


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """One page of articles in order, with the cursors of its neighbours.

    `total` is exact, or None when there are more than were counted; then `total_at_least` says how many.
    `modified` is the newest `changed` of everything the query finds, on this page or not; None when nothing
    found is dated. `names` gives the display name of each slug in the query that some article has or carries.

    `next_position` is where the page by position begins that comes after this one; None at the end, in other
    orders than by date, and after a cursor. A page by position has no cursors and no total, and `modified` is
    that of its own articles, so that it changes with them alone.

    The first page of a feed also has `tombstones`, newest first, and `archive`, the cursor of its first
    archive page; None if this page is complete or the query has no archive.
    """

    articles: tuple[Article, ...]
    total: int | None
    total_at_least: int | None = None
    next_cursor: Cursor | None = None
    previous_cursor: Cursor | None = None
    next_position: ListPosition | None = None
    modified: datetime | None = None
    names: tuple[TermName, ...] = ()
    tombstones: tuple[Tombstone, ...] = ()
    archive: ArchiveCursor | None = None


class ArchivePage(msgspec.Struct, frozen=True, kw_only=True):
    """One archive document: the rows of a changelog from `position` up to `next`, newest first.

    Both cursors have their present window; `next` is None at the end of the changelog. If the page
    `is_cut_by_size`, the row that follows may fit on it once one of both is shorter.
    """

    position: ArchiveCursor
    articles: tuple[Article, ...]
    tombstones: tuple[Tombstone, ...] = ()
    next: ArchiveCursor | None = None
    is_cut_by_size: bool = False


class DroppedArticle(msgspec.Struct, frozen=True):
    """An article that a query does not find any more; it may never have found it.

    `reason` is `unmatched` for one that is visible, but not among what the query asks for.
    """

    id: str
    slug: str
    reason: Literal["withdrawn", "expired", "deleted", "unmatched"]


class ChangePage(msgspec.Struct, frozen=True):
    """One page of what changed, in the order of a hash of the ids: articles to put, and those to drop.

    `revision` is a hash of all visible articles. Once `next` is None, it names the state that is reached.
    A page of a day that is over `is_settled`: articles may leave it, and none may come. `next_id` is the id
    that the next page of such a day begins at.
    """

    changes: tuple[Article | DroppedArticle, ...]
    revision: str
    next: ChangeCursor | ChangePosition | None = None
    is_settled: bool = False
    next_id: str | None = None


class ChangeDay(msgspec.Struct, frozen=True):
    """The first page of what changed on one day, and the revision at the end of that day, or the present."""

    position: ChangePosition
    revision: str


class MenuLink(msgspec.Struct, frozen=True):
    """A page in the navigation of the site: `address` is its path, `language` that of its label."""

    label: str
    address: str
    language: str


class RelatedArticles(msgspec.Struct, frozen=True):
    """The articles next to one in time, and those `related` to it by tags, the nearest first.

    `modified` is when these articles or others with the same tags last changed, for the validators of a page
    that shows them.
    """

    newer: Article | None = None
    older: Article | None = None
    related: tuple[Article, ...] = ()
    modified: datetime | None = None


class MonthCount(msgspec.Struct, frozen=True):
    """How many visible articles were published in one month of the site's time zone."""

    month: Period
    count: int


class ArchiveMonths(msgspec.Struct, frozen=True):
    """The months with articles, newest first, and how many visible articles are undated."""

    months: tuple[MonthCount, ...]
    undated: int


class Facet(msgspec.Struct, frozen=True):
    """One tag, author, source, language or series, and how many visible articles carry it."""

    slug: str
    name: str
    count: int
    url: str | None = None
