"""OPML 2.0 (opml.org/spec2.opml): every feed of the site as one list that feed readers import."""

from xml.etree.ElementTree import Element, SubElement

from service.formats import Catalogue
from service.formats.feeds.feed import html_address
from service.formats.languages import name_in
from service.formats.titles import DIRECTORY_TITLES, title_of
from service.formats.xml_document import xml_document
from service.markup import drop_illegal
from service.model import Site
from service.query import Query, TermName
from service.urls import Urls, facet_query

MEDIA_TYPE = "text/x-opml; charset=utf-8"
"""Unregistered, but the only media type that readers and servers use for OPML."""

DOCS = "https://opml.org/spec2.opml"


def opml(catalogue: Catalogue, urls: Urls) -> bytes:
    """The main feed, then a group for each directory that is not empty, with one outline for each feed.

    The feeds are Atom, which carries the most. The head has no date: the list only changes with its feeds.
    """
    site = catalogue.site
    root = Element("opml", version="2.0")
    head = SubElement(root, "head")
    SubElement(head, "title").text = drop_illegal(site.title)
    if site.authors:
        SubElement(head, "ownerName").text = drop_illegal(site.authors[0].name)
    SubElement(head, "ownerId").text = urls.home()
    SubElement(head, "docs").text = DOCS
    body = SubElement(root, "body")
    _add_feed(body, site.title, Query(), (), site, urls)
    for directory in catalogue.directories:
        if directory.facets:
            group = SubElement(body, "outline", _attributes(text=DIRECTORY_TITLES[directory.kind]))
            for facet in directory.facets:
                name = TermName(directory.kind, facet.slug, facet.name)
                text = name_in(facet.slug, site.language) if directory.kind == "language" else facet.name
                _add_feed(group, text, facet_query(directory.kind, facet.slug), (name,), site, urls)
    return xml_document(root)


def _add_feed(
    parent: Element, text: str, query: Query, names: tuple[TermName, ...], site: Site, urls: Urls
) -> None:
    """Add an outline: readers show `text`; the rest describes the feed ("Subscription lists")."""
    feed = _attributes(
        type="rss",
        text=text,
        title=title_of(site, query, names),
        description=site.description,
        language=site.language,
        xmlUrl=urls.listing("atom", query),
        htmlUrl=html_address(query, urls),
    )
    SubElement(parent, "outline", feed)


def _attributes(**attributes: str | None) -> dict[str, str]:
    return {name: drop_illegal(value) for name, value in attributes.items() if value}
