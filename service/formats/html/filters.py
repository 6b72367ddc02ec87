"""A query as a person reads it: what is asked for, and the same query without each part of it."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from service.formats import languages
from service.formats.titles import begins_day
from service.model import Site
from service.query import FacetKind, Name, Query, Sort
from service.urls import instant

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
        name = languages.name_in(query.language, site.language)
        yield Filter("language", name, replace(query, language=None))
    if query.since:
        yield Filter("since", _moment(query.since, site), replace(query, since=None))
    if query.until:
        yield Filter("until", _moment(query.until, site), replace(query, until=None))
    if query.updated_since:
        yield Filter("updated since", _moment(query.updated_since, site), replace(query, updated_since=None))


def _moment(moment: datetime, site: Site) -> str:
    """A day in words where it begins then, else the instant."""
    return languages.day(site.day(moment), site.language) if begins_day(moment, site) else instant(moment)
