"""Parses XML without entities or network access. The only module of lint that uses lxml."""

from typing import Any

from lxml import etree

ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
DC = "http://purl.org/dc/elements/1.1/"
HISTORY = "http://purl.org/syndication/history/1.0"
TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
XML = "http://www.w3.org/XML/1998/namespace"

Element = Any
"""An element of lxml."""


def parse(body: bytes) -> Element | str:
    """The root element of a document, or the reason why it is not well-formed."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    try:
        return etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        return f"the document is not well-formed XML: {error}"


def children(element: Element) -> list[Element]:
    """The child elements of `element`, without comments and processing instructions."""
    return [child for child in element if isinstance(child.tag, str)]


def text_of(element: Element | None) -> str:
    """All text in an element; "" if there is no element."""
    return "" if element is None else "".join(element.itertext())


def address_of(links: list[Element], rel: str) -> str | None:
    """The address of the first link with this `rel`, or None."""
    return next(
        (str(link.get("href")) for link in links if link.get("rel") == rel and link.get("href")), None
    )


def size_of(element: Element) -> int:
    """The size of an element in bytes."""
    return len(etree.tostring(element, encoding="utf-8", with_tail=False))


def name_of(element: Element) -> str:
    """The local name of an element."""
    return str(etree.QName(element).localname)
