"""Query, and the functions of it that every layer shares.

A cursor is bound to the filters and the sort of its query, not to limit or format. Besides its pages a query
by terms alone has a changelog: what it finds and what left it, by the instant each last changed. Archive
pages (RFC 5005 §4) are ranges of the changelog.
"""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Literal
from zoneinfo import ZoneInfo

import msgspec

from service.query.cursors import ArchiveCursor, Cursor, ListPosition
from service.query.filters import FILTERS, Filter, TermKind

Sort = Literal["newest", "oldest", "updated", "title", "series", "relevance"]
Content = Literal["full", "summary", "none"]

MAX_LIMIT = 100
FALSE = "false"
_EARLIEST = datetime.min.replace(tzinfo=UTC)
_AFTER_ALL_IDS = "\U0010ffff"


SORT_FILTERS: Mapping[Sort, str] = {"relevance": "q", "series": "series"}
"""Orders that need a filter, by name."""


class Period(msgspec.Struct, frozen=True):
    """A year or month of the site's time zone: from `first` on and before `end` (None: without end)."""

    text: str
    first: datetime
    end: datetime | None

    def __str__(self) -> str:
        return self.text


def year_period(year: int, zone: ZoneInfo) -> Period:
    return Period(f"{year:04}", _first_instant(year, 1, zone) or _EARLIEST, _first_instant(year + 1, 1, zone))


def month_period(year: int, month: int, zone: ZoneInfo) -> Period:
    end = _first_instant(year + month // 12, month % 12 + 1, zone)
    return Period(f"{year:04}-{month:02}", _first_instant(year, month, zone) or _EARLIEST, end)


def _first_instant(year: int, month: int, zone: ZoneInfo) -> datetime | None:
    """When a month begins in `zone`; None outside of the years that a datetime has."""
    try:
        return datetime(year, month, 1, tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """Which articles, in which order, how many, and how much of each.

    Each filter of `FILTERS` has a field: slugs for names (sorted, each once, where the filter repeats), tags
    in canonical case for `languages`, which also find narrower tags (RFC 4647 §3.3.1). `since` is inclusive,
    `until` exclusive; `featured` is "true" or "false". `limit` None is the format's default, 0 asks for
    the count alone. `archive` asks for an archive page, `position` for the page of the list that begins
    there.
    """

    q: str = ""
    tags: tuple[str, ...] = ()
    exclude_tags: tuple[str, ...] = ()
    any_tags: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    series: str | None = None
    featured: str | None = None
    media: tuple[str, ...] = ()
    title: str = ""
    ids: tuple[str, ...] = ()
    slugs: tuple[str, ...] = ()
    related: str | None = None
    year: Period | None = None
    month: Period | None = None
    since: datetime | None = None
    until: datetime | None = None
    updated_since: datetime | None = None
    sort: Sort = "newest"
    content: Content = "full"
    fields: tuple[str, ...] = ()
    limit: int | None = None
    cursor: Cursor | None = None
    archive: ArchiveCursor | None = None
    position: ListPosition | None = None


@lru_cache(maxsize=64)  # asked dozens of times for one response
def given_filters(query: Query) -> tuple[tuple[Filter, tuple[Any, ...]], ...]:
    """The filters that `query` has a value for, with their values."""
    return tuple([(row, values) for row in FILTERS if (values := filter_values(query, row))])


def filter_values(query: Query, row: Filter) -> tuple[Any, ...]:
    """The values that `query` gives the filter `row`; empty if it does not filter by it."""
    value: Any = getattr(query, row.field)
    if not value:
        return ()
    return tuple(value) if row.repeats else (value,)


def without_filter(query: Query, row: Filter, value: Any) -> Query:
    """`query` without this value of the filter `row`; an order that needs the filter goes with it."""
    others = tuple(other for other in filter_values(query, row) if other != value)
    wider = msgspec.structs.replace(
        query, **{row.field: others if row.repeats else getattr(Query(), row.field)}
    )
    return wider if has_sort_filter(wider) else msgspec.structs.replace(wider, sort="newest")


def has_sort_filter(query: Query) -> bool:
    """Whether `query` has the filter that its order needs, if any."""
    return query.sort not in SORT_FILTERS or bool(getattr(query, SORT_FILTERS[query.sort]))


TermKey = tuple[TermKind, str]
"""The kind and slug of a term."""


def required_terms(query: Query) -> tuple[TermKey, ...]:
    """The terms that every article found carries."""
    return tuple(terms[0] for terms in _required_groups(query) if len(terms) == 1)


def alternative_terms(query: Query) -> tuple[tuple[TermKey, ...], ...]:
    """Groups of terms: every article found carries at least one of each group."""
    return tuple(terms for terms in _required_groups(query) if len(terms) > 1)


def excluded_terms(query: Query) -> tuple[TermKey, ...]:
    """The terms that no article found carries."""
    return tuple(
        (row.term, "true" if row.kind == "flag" else value)
        for row, values in given_filters(query)
        if row.term is not None
        for value in values
        if row.excludes or (value == FALSE and row.kind == "flag")
    )


def _required_groups(query: Query) -> Iterator[tuple[TermKey, ...]]:
    """Groups of terms of which every article found carries at least one."""
    for row, values in given_filters(query):
        if row.term is None or row.excludes or (values == (FALSE,) and row.kind == "flag"):
            continue
        terms = tuple((row.term, value) for value in values)
        if row.alternatives:
            yield terms
        else:
            yield from ((term,) for term in terms)


def matches_terms(query: Query, terms: Collection[TermKey]) -> bool:
    """Whether an article with these terms passes every filter by a term."""
    return (
        all(term in terms for term in required_terms(query))
        and all(any(term in terms for term in group) for group in alternative_terms(query))
        and not any(term in terms for term in excluded_terms(query))
    )


def find_contradictions(query: Query) -> Iterator[tuple[str, str]]:
    """The name of each filter that no article can pass together with the others, and why."""
    excluded = set(excluded_terms(query))
    for terms in _required_groups(query):
        if excluded.issuperset(terms):
            yield "exclude_tag", f"it excludes what is required: {', '.join(slug for _, slug in terms)}"
    periods = [(name, period) for name in ("year", "month") if (period := getattr(query, name))]
    starts = [(period.first, name) for name, period in periods]
    ends = [(period.end, name) for name, period in periods if period.end]
    starts += [(query.since, "since")] if query.since else []
    ends += [(query.until, "until")] if query.until else []
    for end, name in ends:
        if starts and max(starts)[0] >= end:
            yield name, f"it ends before {max(starts)[1]} begins"


def has_kept_count(query: Query) -> bool:
    """Whether the number of articles found is stored: of all articles, or of those with one term."""
    used = sum(len(values) for _, values in given_filters(query))
    return used == len(required_terms(query)) and used < 2


def is_quick(query: Query) -> bool:
    """Whether a page takes microseconds: it needs no more than one stored order with one stored count."""
    return has_kept_count(query) and (query.sort not in ("title", "series") or not required_terms(query))


def bind(query: Query) -> str:
    """Eight characters that differ when filters or sort differ: they bind a cursor to its query.

    Filters that are not used are left out, so that cursors stay valid when a filter is added.
    """
    bound: dict[str, Any] = {}
    for row, values in given_filters(query):
        if len(values) == 1 and row.bound_alone:
            bound[row.name] = values[0]
        else:
            bound[row.field] = values
    if query.sort != "newest":
        bound["sort"] = query.sort
    return hashlib.sha256(msgspec.json.encode(bound)).hexdigest()[:8]


def logical_query(query: Query) -> Query:
    """Only the filters and the order of `query`, which all pages and representations have in common."""
    return msgspec.structs.replace(
        query, limit=None, cursor=None, archive=None, position=None, content="full", fields=()
    )


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
