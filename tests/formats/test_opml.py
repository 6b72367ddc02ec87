"""OPML 2.0: one outline per feed, grouped by directory, well-formed for any name."""

from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring

from service.formats import Catalogue, Directory
from service.formats.opml import opml
from service.model import Author, Site
from service.query import Facet, FacetKind
from service.urls import Urls
from tests.support.builders import site

URLS = Urls("https://example.org/blog")
ONE_OF_EACH: dict[FacetKind, Facet] = {
    "tag": Facet("iraq", "Iraq", 3),
    "author": Facet("ada-osei", "Ada Osei", 2),
    "source": Facet("rudaw", "Rudaw", 1),
    "language": Facet("pt-BR", "pt-BR", 1),
}


def body(site: Site, *directories: Directory) -> Element:
    root = fromstring(opml(Catalogue(site, directories), URLS))
    assert (root.tag, root.attrib) == ("opml", {"version": "2.0"})
    assert [part.tag for part in root] == ["head", "body"]
    return root[1]


def test_every_feed_is_an_outline_in_its_group() -> None:
    of = site(title="Harbour", description="News.", language="en", authors=(Author("Ada", "ada"),))
    outlines = body(of, *(Directory(of, kind, (facet,)) for kind, facet in ONE_OF_EACH.items()))

    assert outlines[0].attrib == {
        "type": "rss",
        "text": "Harbour",
        "title": "Harbour",
        "description": "News.",
        "language": "en",
        "xmlUrl": "https://example.org/blog/feed.atom",
        "htmlUrl": "https://example.org/blog/",
    }
    groups = {group.attrib["text"]: [dict(feed.attrib) for feed in group] for group in outlines[1:]}
    assert list(groups) == ["Tags", "Authors", "Sources", "Languages"]
    assert [feed["text"] for (feed,) in groups.values()] == [
        "Iraq",
        "Ada Osei",
        "Rudaw",
        "Portuguese (Brazil)",
    ]
    assert [feed["title"] for (feed,) in groups.values()] == [
        "Harbour — tag Iraq",
        "Harbour — author Ada Osei",
        "Harbour — source Rudaw",
        "Harbour — language Portuguese (Brazil)",
    ]
    assert [feed["xmlUrl"].partition("?")[2] for (feed,) in groups.values()] == [
        "tag=iraq",
        "author=ada-osei",
        "source=rudaw",
        "language=pt-BR",
    ]
    assert all(feed["type"] == "rss" for (feed,) in groups.values())


def test_empty_directory_has_no_group() -> None:
    assert len(body(site(), Directory(site(), "tag", ()))) == 1


@pytest.mark.parametrize(
    "name", ['a"b', "<b>&amp;", "]]>", "nul\x00\x0b", "lone \ud800", "\ufffe", "two\nlines"]
)
def test_names_are_escaped(name: str) -> None:
    of = site(title=name, description=name)
    outlines = body(of, Directory(of, "tag", (Facet("x", name, 1),)))

    kept = "".join(c for c in name if c not in "\x00\x0b\ud800\ufffe")
    assert outlines[0].attrib["text"] == kept
    assert outlines[1][0].attrib["text"] == kept


def test_ten_thousand_tags_in_the_order_of_the_directory() -> None:
    facets = tuple(Facet(f"tag-{n}", f"Tag {n}", 10_000 - n) for n in range(10_000))

    outlines = body(site(), Directory(site(), "tag", facets))

    assert [feed.attrib["text"] for feed in outlines[1]] == [facet.name for facet in facets]
