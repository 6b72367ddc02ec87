"""Query, and the functions of it that every layer shares.

A cursor is bound to the filters and the sort of its query, not to limit or format. Besides its pages a query
by terms alone has a changelog: what it finds and what left it, by the instant each last changed. Archive
pages (RFC 5005 §4) are ranges of the changelog.
"""

import hashlib
from base64 import urlsafe_b64decode
from datetime import datetime
from typing import Any, Literal

import msgspec

from service.errors import InvalidParameter
from service.query.cursors import ArchiveCursor, Cursor
from service.query.filters import FILTERS, FacetKind, Filter

Sort = Literal["newest", "oldest", "updated", "relevance"]
Content = Literal["full", "summary", "none"]

MAX_LIMIT = 100
_AFTER_ALL_IDS = "\U0010ffff"


# Defaults are left out of what `bind` hashes: cursors stay valid when a filter is added.
class Query(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Which articles, in which order, how many, and how much of each.

    Each filter of `FILTERS` has a field: slugs for names (sorted, each once, where the filter repeats), a tag
    in canonical case for `language`, which also finds narrower tags (RFC 4647 §3.3.1). `since` is inclusive,
    `until` exclusive. `limit` None is the format's default, 0 asks for the count alone. `archive` asks for an
    archive page.
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
    archive: ArchiveCursor | None = None


def filter_values(query: Query, row: Filter) -> tuple[Any, ...]:
    """The values that `query` gives the filter `row`; empty if it does not filter by it."""
    value = getattr(query, row.field)
    if row.repeats:
        return tuple(value)
    return (value,) if value else ()


def without_filter(query: Query, row: Filter, value: Any) -> Query:
    """`query` without this value of the filter `row`; sorted by relevance only as long as it searches."""
    others = tuple(other for other in filter_values(query, row) if other != value)
    wider = msgspec.structs.replace(
        query, **{row.field: others if row.repeats else getattr(Query(), row.field)}
    )
    if wider.sort == "relevance" and not wider.q:
        return msgspec.structs.replace(wider, sort="newest")
    return wider


def required_terms(query: Query) -> tuple[tuple[FacetKind, str], ...]:
    """(kind, slug) of each term that every article found carries."""
    return _terms(query, excludes=False)


def excluded_terms(query: Query) -> tuple[tuple[FacetKind, str], ...]:
    """(kind, slug) of each term that no article found carries."""
    return _terms(query, excludes=True)


def is_quick(query: Query) -> bool:
    """Whether a page takes microseconds: it needs no more than one kept order with one kept count."""
    used = [row for row in FILTERS for _ in filter_values(query, row)]
    return len(used) < 2 and all(row.is_quick for row in used)


def bind(query: Query) -> str:
    """Eight characters that differ when filters or sort differ: they bind a cursor to its query."""
    bound = msgspec.structs.replace(query, limit=None, cursor=None, archive=None, content="full", fields=())
    return hashlib.sha256(msgspec.json.encode(bound)).hexdigest()[:8]


def archive_query(query: Query) -> Query:
    """The query whose archive serves `query`: the filters that archives take, and `content`."""
    filters = {row.field: getattr(query, row.field) for row in FILTERS if row.is_archived}
    return Query(**filters, content=query.content)


def has_archive(query: Query) -> bool:
    """Whether an archive holds all that `query` finds: no search, no interval, no other order."""
    return bind(query) == bind(archive_query(query))


def last_page(query: Query) -> Cursor:
    """The cursor of the last page, whatever is on it: as many as a page holds, up to the end of the order."""
    return Cursor(True, None, "" if query.sort == "newest" else _AFTER_ALL_IDS, bind(query))


def decode_cursor(text: str, query: Query) -> Cursor:
    """Decode the cursor `text` of `query`.

    Raises InvalidParameter when it is damaged or belongs to another query.
    """
    try:
        raw = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
        cursor = msgspec.msgpack.decode(raw, type=Cursor)
    except (ValueError, msgspec.MsgspecError):
        raise InvalidParameter("cursor", "invalid cursor; restart without it.") from None
    if cursor.binding != bind(query) or cursor.encode() != text:
        raise InvalidParameter("cursor", "it belongs to another query; restart without it.")
    return cursor


def _terms(query: Query, *, excludes: bool) -> tuple[tuple[FacetKind, str], ...]:
    return tuple(
        (row.term, slug)
        for row in FILTERS
        if row.term is not None and row.excludes == excludes
        for slug in filter_values(query, row)
    )
