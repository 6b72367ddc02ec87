"""A Query is a small frozen value; a Page is its answer. Every representation starts from these.

A cursor is the sort key of one row, ending in the id, and says which way to go from there. It is bound to the
filters and the sort of its query, not to limit or format, and equal on every replica.
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


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """Which articles, in which order, how many, and how much of each.

    `tags`, `exclude_tags` are slugs, sorted, each once; `author` and `source` are slugs; `language` is a tag
    in usual case and also finds what is narrower (RFC 4647 §3.3.1). `since` is inclusive, `until` exclusive.
    `limit` None is the representation's own default.
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


class Name(msgspec.Struct, frozen=True):
    """What a slug in a query is called: (`tag`, `islamic-state`, `Islamic State`)."""

    kind: FacetKind
    slug: str
    name: str


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """One answer: articles in order and the cursors to its neighbours.

    `total` is exact, or None when there are more than were counted; then `total_at_least` says how many.
    `modified` is the newest `changed` of everything the query finds, on this page or not; None when nothing
    found is dated. `names` gives the display name of each slug in the query that something carries.
    """

    articles: tuple[Article, ...]
    total: int | None
    total_at_least: int | None = None
    next: Cursor | None = None
    previous: Cursor | None = None
    modified: datetime | None = None
    names: tuple[Name, ...] = ()


class Facet(msgspec.Struct, frozen=True):
    """One tag, author, source or language, and how many visible articles carry it."""

    slug: str
    name: str
    count: int
    url: str | None = None


def bind(query: Query) -> str:
    """Eight characters that differ when filters or sort differ: what ties a cursor to its query."""
    bound = msgspec.structs.replace(query, limit=None, cursor=None, content="full", fields=())
    return hashlib.sha256(msgspec.json.encode(bound)).hexdigest()[:8]


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
