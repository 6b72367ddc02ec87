"""The pages of all tags, authors, sources, languages or series."""

import msgspec

from service.formats import Directory, languages
from service.formats.html.linked_data import collection
from service.formats.html.page import Head, render, titled
from service.formats.titles import DIRECTORY_TITLES
from service.model import fold
from service.query import Facet, FacetKind, Query
from service.urls import Link, Urls, facet_query

_MAX_UNGROUPED = 60
_MOST_USED = 20
ABOUT = {
    "tag": "What the articles are about.",
    "author": "Who writes here.",
    "source": "Publications the articles report on.",
    "language": "Languages the articles are written in.",
    "series": "Articles that belong together.",
}


class FacetGroup(msgspec.Struct, frozen=True):
    """Facets under one heading, such as a letter; `anchor` is the id of the heading."""

    heading: str | None
    anchor: str
    facets: tuple[Facet, ...]


def render_directory(directory: Directory, urls: Urls) -> bytes:
    """The page of one directory: the most used first and, if there are many, all by first letter."""
    site, kind = directory.site, directory.kind
    name = DIRECTORY_TITLES[kind]
    canonical = urls.directory(kind)
    head = Head(
        title=titled(name, site),
        name=name,
        feed_title=site.title,
        canonical=canonical,
        description=f"{name} on {site.title}. {ABOUT[kind]}",
        links=(Link("alternate", urls.directory(kind, ".json"), "application/json", f"{name} (API)"),),
        data=(collection(name, canonical, site, urls),),
    )
    return render(
        "directory.html",
        site,
        urls,
        Query(),
        head,
        directory.navigation,
        kind=kind,
        heading=name,
        about=ABOUT[kind],
        sections=_sections(directory.facets),
        queries={facet.slug: facet_query(kind, facet.slug) for facet in directory.facets},
        names={facet.slug: _display_name(kind, facet) for facet in directory.facets},
    )


def _display_name(kind: FacetKind, facet: Facet) -> str:
    return languages.own_name(facet.slug) if kind == "language" else facet.name


def _sections(facets: tuple[Facet, ...]) -> tuple[FacetGroup, ...]:
    if len(facets) <= _MAX_UNGROUPED:
        return (FacetGroup(None, "bs-all", facets),) if facets else ()
    letters: dict[str, list[Facet]] = {}
    for facet in sorted(facets, key=lambda facet: (fold(facet.name), facet.slug)):
        letters.setdefault(_letter(facet.name), []).append(facet)
    ordered = sorted(letters, key=lambda letter: (letter == "#", letter))
    return (
        FacetGroup("Most articles", "bs-most", facets[:_MOST_USED]),
        *(
            FacetGroup(letter, f"bs-{number}", tuple(letters[letter]))
            for number, letter in enumerate(ordered)
        ),
    )


def _letter(name: str) -> str:
    first = fold(name)[:1].upper()
    return first if first.isalpha() else "#"
