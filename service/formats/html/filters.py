"""A query as a person reads it: what is asked for, and the same query without each part of it."""

from collections.abc import Iterator

import msgspec

from service.formats.heading import day_or_instant
from service.model import Site
from service.query import FacetKind, Name, Query, Sort

_ORDERS: tuple[tuple[Sort, str], ...] = (
    ("newest", "Newest"),
    ("oldest", "Oldest"),
    ("updated", "Recently updated"),
    ("relevance", "Best match"),
)


class Filter(msgspec.Struct, frozen=True):
    """One part of a query: `tag`, `Iraq`, and the query that asks for everything but this."""

    word: str
    value: str
    without: Query


class Order(msgspec.Struct, frozen=True):
    """One order the articles can be shown in, and whether it is the present one."""

    name: str
    query: Query
    present: bool


def filters(site: Site, query: Query, names: tuple[Name, ...]) -> tuple[Filter, ...]:
    """Everything `query` asks for, in the order of its parameters. `names` are those of its slugs."""
    first = msgspec.structs.replace(query, cursor=None)
    return tuple(_filters(site, first, {(one.kind, one.slug): one.name for one in names}))


def orders(query: Query) -> tuple[Order, ...]:
    """The orders `query` can be shown in; the best match comes first only for a search."""
    return tuple(
        Order(name, msgspec.structs.replace(query, sort=sort, cursor=None), query.sort == sort)
        for sort, name in _ORDERS
        if query.q or sort != "relevance"
    )


def _filters(site: Site, query: Query, known: dict[tuple[FacetKind, str], str]) -> Iterator[Filter]:
    replace = msgspec.structs.replace
    if query.q:
        sort = "newest" if query.sort == "relevance" else query.sort
        yield Filter("search", f"“{query.q}”", replace(query, q="", sort=sort))
    for tag in query.tags:
        tags = tuple(one for one in query.tags if one != tag)
        yield Filter("tag", known.get(("tag", tag), tag), replace(query, tags=tags))
    for tag in query.exclude_tags:
        tags = tuple(one for one in query.exclude_tags if one != tag)
        yield Filter("without tag", known.get(("tag", tag), tag), replace(query, exclude_tags=tags))
    if query.author:
        yield Filter("author", known.get(("author", query.author), query.author), replace(query, author=None))
    if query.source:
        yield Filter("source", known.get(("source", query.source), query.source), replace(query, source=None))
    if query.language:
        name = known.get(("language", query.language), query.language)
        yield Filter("language", name, replace(query, language=None))
    if query.since:
        yield Filter("since", day_or_instant(query.since, site), replace(query, since=None))
    if query.until:
        yield Filter("until", day_or_instant(query.until, site), replace(query, until=None))
    if query.updated_since:
        day = day_or_instant(query.updated_since, site)
        yield Filter("updated since", day, replace(query, updated_since=None))
