"""What a list, feed or directory is called: the site, and what the query narrows it to."""

from collections.abc import Mapping
from datetime import datetime, time

from service.formats.languages import name_in
from service.model import Site
from service.query import FacetKind, Name, Query, Sort
from service.urls import instant

DIRECTORY_TITLES: Mapping[FacetKind, str] = {
    "tag": "Tags",
    "author": "Authors",
    "source": "Sources",
    "language": "Languages",
}
_ORDERS: Mapping[Sort, str] = {
    "oldest": "oldest first",
    "updated": "recently updated",
    "relevance": "best matches",
}


def title_of(site: Site, query: Query, names: tuple[Name, ...]) -> str:
    """The title of `query` on `site`, as plain text: `Site — tag Iraq; search “water”`.

    The site's title alone where nothing is filtered and the order is the usual one. `names` are the display
    names of the slugs in the query; a slug that nothing carries stands for itself.
    """
    parts = _parts(site, query, names)
    return f"{site.title} — {'; '.join(parts)}" if parts else site.title


def _parts(site: Site, query: Query, names: tuple[Name, ...]) -> list[str]:
    known = {(name.kind, name.slug): name.name for name in names}

    def called(kind: FacetKind, slug: str) -> str:
        return known.get((kind, slug), slug)

    parts = []
    if query.tags:
        word = "tag" if len(query.tags) == 1 else "tags"
        parts.append(f"{word} {', '.join(called('tag', slug) for slug in query.tags)}")
    if query.exclude_tags:
        word = "without tag" if len(query.exclude_tags) == 1 else "without tags"
        parts.append(f"{word} {', '.join(called('tag', slug) for slug in query.exclude_tags)}")
    if query.author:
        parts.append(f"author {called('author', query.author)}")
    if query.source:
        parts.append(f"source {called('source', query.source)}")
    if query.language:
        parts.append(f"language {name_in(query.language, site.language)}")
    if query.q:
        parts.append(f"search “{query.q}”")
    if query.since:
        parts.append(f"since {day_or_instant(query.since, site)}")
    if query.until:
        parts.append(f"until {day_or_instant(query.until, site)}")
    if query.updated_since:
        parts.append(f"updated since {day_or_instant(query.updated_since, site)}")
    if query.sort in _ORDERS:
        parts.append(_ORDERS[query.sort])
    return parts


def day_or_instant(moment: datetime, site: Site) -> str:
    """The day alone where the instant is its first in the site's zone, else the instant."""
    return site.day(moment).isoformat() if begins_day(moment, site) else instant(moment)


def begins_day(moment: datetime, site: Site) -> bool:
    """Whether a day begins at `moment` in the site's zone."""
    # Subtracted, not compared: a midnight that the clocks leave out is equal to nothing (PEP 495).
    return not datetime.combine(site.day(moment), time(), site.zone) - moment
