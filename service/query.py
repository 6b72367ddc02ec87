"""A Query is a small frozen value; a Page is its answer. Every representation starts from these.

A cursor is the sort key of one row, ending in the id, and says which way to go from there. It is bound to the
filters and the sort of its query, not to limit or format, and equal on every replica.

Beside its pages a query has a log: what it finds, and what left it, by when each last changed. Archive
documents (RFC 5005 §4) are stretches of the log; a Position is where one begins.
"""

import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from typing import Literal

import msgspec

from service.errors import InvalidParameter
from service.model import Article

Sort = Literal["newest", "oldest", "updated", "relevance"]
Content = Literal["full", "summary", "none"]
FacetKind = Literal["tag", "author", "source", "language"]

MAX_LIMIT = 100
_AFTER_ALL_IDS = "\U0010ffff"


class Cursor(msgspec.Struct, frozen=True, array_like=True):
    """A place between two rows: just after (or, `backwards`, just before) the row with this sort key.

    `key` is the row's sort key before the id: seconds since 1970 of the instant it is sorted by, None for an
    undated row; for `relevance` its rank, and `revision` names the ranking. `binding` is `bind(query)`.
    """

    backwards: bool
    key: int | float | None
    id: str
    binding: str
    revision: str = ""

    def encode(self) -> str:
        """The opaque form that stands in an address: URL-safe base64 without padding."""
        return urlsafe_b64encode(msgspec.msgpack.encode(self)).rstrip(b"=").decode()


class Position(msgspec.Struct, frozen=True):
    """The place of one row in a log: `1548667800-9c56cc51b374c3ba`, as addresses write it.

    `changed` is the instant in seconds since 1970, `h` the first 16 hex digits of the SHA-256 of the id.
    `window` stands at its end, after a dot, while rows may still arrive around it: it names what is there.
    """

    changed: int
    h: str
    window: str = ""

    @property
    def key(self) -> tuple[int, str]:
        """What the log is ordered by, descending."""
        return self.changed, self.h

    def __str__(self) -> str:
        return f"{self.changed}-{self.h}" + (f".{self.window}" if self.window else "")


# Defaults are left out of what is hashed: a filter added one day leaves all other cursors as they are.
class Query(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Which articles, in which order, how many, and how much of each.

    `tags`, `exclude_tags` are slugs, sorted, each once; `author` and `source` are slugs; `language` is a tag
    in usual case and also finds what is narrower (RFC 4647 §3.3.1). `since` is inclusive, `until` exclusive.
    `limit` None is the representation's own default. `archive` asks for a document of the query's log.
    """

    q: str = ""
    tags: tuple[str, ...] = ()
    exclude_tags: tuple[str, ...] = ()
    author: str | None = None
    source: str | None = None
    language: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    updated_since: datetime | None = None
    sort: Sort = "newest"
    content: Content = "full"
    fields: tuple[str, ...] = ()
    limit: int | None = None
    cursor: Cursor | None = None
    archive: Position | None = None


class Name(msgspec.Struct, frozen=True):
    """What a slug in a query is called: (`tag`, `islamic-state`, `Islamic State`)."""

    kind: FacetKind
    slug: str
    name: str


class Tombstone(msgspec.Struct, frozen=True):
    """What is left of an article that was withdrawn or has expired (RFC 6721)."""

    id: str
    reason: str
    at: datetime


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """One answer: articles in order and the cursors to its neighbours.

    `total` is exact, or None when there are more than were counted; then `total_at_least` says how many.
    `modified` is the newest `changed` of everything the query finds, on this page or not; None when nothing
    found is dated. `names` gives the display name of each slug in the query that something carries.

    The first page of a feed has `tombstones`, newest first, and in `archive` where the query's log begins;
    None where all of the log is on this page, or the query has none.
    """

    articles: tuple[Article, ...]
    total: int | None
    total_at_least: int | None = None
    next: Cursor | None = None
    previous: Cursor | None = None
    modified: datetime | None = None
    names: tuple[Name, ...] = ()
    tombstones: tuple[Tombstone, ...] = ()
    archive: Position | None = None


class Stretch(msgspec.Struct, frozen=True, kw_only=True):
    """One archive document: the rows of a log from `position` to before `following`, newest first.

    Both positions have their present window; `following` is None at the end of the log.
    """

    position: Position
    articles: tuple[Article, ...]
    tombstones: tuple[Tombstone, ...] = ()
    following: Position | None = None


class Facet(msgspec.Struct, frozen=True):
    """One tag, author, source or language, and how many visible articles carry it."""

    slug: str
    name: str
    count: int
    url: str | None = None


def bind(query: Query) -> str:
    """Eight characters that differ when filters or sort differ: what ties a cursor to its query."""
    bound = msgspec.structs.replace(query, limit=None, cursor=None, archive=None, content="full", fields=())
    return hashlib.sha256(msgspec.json.encode(bound)).hexdigest()[:8]


def log_of(query: Query) -> Query:
    """The query whose log serves `query`: its filters, and how much of each article; nothing else has one."""
    return Query(
        tags=query.tags,
        exclude_tags=query.exclude_tags,
        author=query.author,
        source=query.source,
        language=query.language,
        content=query.content,
    )


def last_page(query: Query) -> Cursor:
    """The cursor of the last page, whatever is on it: as many as a page holds, up to the end of the order."""
    return Cursor(True, None, "" if query.sort == "newest" else _AFTER_ALL_IDS, bind(query))


def has_log(query: Query) -> bool:
    """Whether all that `query` finds stands in a log: it may filter, but neither search, bound nor sort."""
    return bind(query) == bind(log_of(query))


def hash_of(article_id: str) -> str:
    """The part of a Position that tells articles of one instant apart."""
    return hashlib.sha256(article_id.encode()).hexdigest()[:16]


def decode_cursor(text: str, query: Query) -> Cursor:
    """The cursor `text` stands for.

    Raises InvalidParameter when it is damaged or belongs to another query.
    """
    try:
        raw = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
        cursor = msgspec.msgpack.decode(raw, type=Cursor)
    except (ValueError, msgspec.MsgspecError):
        raise InvalidParameter("cursor", "this is not a cursor of ours; begin again without it.") from None
    if cursor.binding != bind(query) or cursor.encode() != text:
        raise InvalidParameter("cursor", "it belongs to another query; begin again without it.")
    return cursor
