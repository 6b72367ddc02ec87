"""Titles of lists, feeds and directories: the site, and the filters of the query."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Any, assert_never

from service.formats.languages import name_in
from service.model import Site
from service.query import MEDIA, FacetKind, Filter, Query, Sort, TermName, given_filters
from service.urls import rfc3339

DIRECTORY_TITLES: Mapping[FacetKind, str] = {
    "tag": "Tags",
    "author": "Authors",
    "source": "Sources",
    "language": "Languages",
    "series": "Series",
}
_ORDERS: Mapping[Sort, str] = {
    "oldest": "oldest first",
    "updated": "recently updated",
    "title": "by title",
    "series": "in reading order",
    "relevance": "best matches",
}


def title_of(site: Site, query: Query, names: tuple[TermName, ...]) -> str:
    """The title of `query` on `site`, as plain text: `Site — tag Iraq; search “water”`.

    The site's title alone if nothing is filtered and the order is the default. `names` are the display names
    of the slugs in the query; a slug without one is shown itself.
    """
    parts = _parts(site, query, names)
    return f"{site.title} — {'; '.join(parts)}" if parts else site.title


def _parts(site: Site, query: Query, names: tuple[TermName, ...]) -> list[str]:
    display_names = display_names_of(names)
    parts = []
    for row, values in sorted(given_filters(query), key=lambda given: given[0].term is None):
        texts = [value_text(row, value, site, display_names) for value in values]
        joined = (" or " if row.alternatives else ", ").join(texts)
        parts.append(f"{row.plural if len(texts) > 1 else row.label} {joined}")
    if query.sort in _ORDERS:
        parts.append(_ORDERS[query.sort])
    return parts


def value_text(
    row: Filter,
    value: Any,
    site: Site,
    display_names: Mapping[tuple[str | None, str], str],
    write_day: Callable[[date], str] = date.isoformat,
    write_month: Callable[[date], str] = lambda first: first.isoformat()[:7],
) -> str:
    """One value of the filter `row` for people; an instant at which a day begins is that day."""
    match row.kind:
        case "words" | "title":
            return f"“{value}”"
        case "name":
            return display_names.get((row.term, value), str(value))
        case "language":
            return name_in(value, site.language)
        case "media":
            return MEDIA[value]
        case "flag":
            return "articles" if value == "true" else "articles excluded"
        case "month":
            return write_month(date.fromisoformat(f"{value}-01"))
        case "slug":
            return display_names.get(("article", value), str(value))
        case "id" | "year":
            return str(value)
        case "instant":
            return write_day(site.day(value)) if begins_day(value, site) else rfc3339(value)
        case _:
            assert_never(row.kind)


def display_names_of(names: tuple[TermName, ...]) -> Mapping[tuple[str | None, str], str]:
    """The display name of each (kind, slug)."""
    return {(name.kind, name.slug): name.name for name in names}


def begins_day(moment: datetime, site: Site) -> bool:
    """Whether a day begins at `moment` in the site's zone."""
    # Subtracted, not compared: a midnight that the clocks leave out is equal to nothing (PEP 495).
    return not datetime.combine(site.day(moment), time(), site.zone) - moment
